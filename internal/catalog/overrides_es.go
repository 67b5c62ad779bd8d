package catalog

import "tfdrift/internal/drift"

// esOverrides: see the Amazon OpenSearch Service API Reference; it logs as Elasticsearch Service, whose operations live on beside its own.
var esOverrides = [...]Row{
	{Source: "es", Event: "AcceptInboundConnection", Type: "aws_opensearch_outbound_connection", Effect: drift.Silent},
	{Source: "es", Event: "CancelDomainConfigChange", Effect: drift.Silent},
	{Source: "es", Event: "CreateDomain", Type: "aws_opensearch_domain", Effect: drift.Create, ID: "*=domainName", Params: openSearchDomain + " tagList=tags", NewID: "{response:domainStatus.aRN}"},
	{Source: "es", Event: "CreateElasticsearchDomain", Type: "aws_elasticsearch_domain", Effect: drift.Create, ID: "*=domainName", Params: elasticsearchDomain + " tagList=tags", NewID: "{response:domainStatus.aRN}"},
	{Source: "es", Event: "CreatePackage", Type: "aws_opensearch_package", Effect: drift.Create, ID: "*=response:packageDetails.packageID", NewID: "response:packageDetails.packageID"},
	{Source: "es", Event: "CreateVpcEndpoint", Type: "aws_elasticsearch_vpc_endpoint", Effect: drift.Silent}, // logged for either, made for the newer
	{Source: "es", Event: "DeleteDomain", Type: "aws_elasticsearch_domain", Effect: drift.Delete, ID: "*=domainName", NewID: "arn:aws:es:{region}:{account}:domain/{domainName}"},
	{Source: "es", Event: "DeleteDomain", Type: "aws_opensearch_domain", Effect: drift.Delete, ID: "*=domainName", NewID: "arn:aws:es:{region}:{account}:domain/{domainName}"},
	{Source: "es", Event: "DeleteElasticsearchDomain", Type: "aws_elasticsearch_domain", Effect: drift.Delete, ID: "*=domainName", NewID: "arn:aws:es:{region}:{account}:domain/{domainName}"},
	{Source: "es", Event: "DeleteElasticsearchDomain", Type: "aws_opensearch_domain", Effect: drift.Delete, ID: "*=domainName", NewID: "arn:aws:es:{region}:{account}:domain/{domainName}"},
	{Source: "es", Event: "DissociatePackage", Type: "aws_opensearch_package_association", Effect: drift.Delete, ID: "domain_name=domainName package_id=packageID", NewID: "{domainName},{packageID}"},
	{Source: "es", Event: "RevokeVpcEndpointAccess", Type: "aws_opensearch_authorize_vpc_endpoint_access", Effect: drift.Delete, ID: "domain_name=domainName account=account", NewID: "{domainName},{account}"},
	{Source: "es", Event: "StartServiceSoftwareUpdate", Effect: drift.Silent},
	{Source: "es", Event: "UpdateDomainConfig", Effect: drift.Set, ID: "*=domainName", Params: openSearchDomain, Types: openSearchTypes, Shape: openSearchUpdate},
	{Source: "es", Event: "UpdateElasticsearchDomainConfig", Effect: drift.Set, ID: "*=domainName", Params: elasticsearchDomain, Types: openSearchTypes, Shape: openSearchUpdate},
	{Source: "es", Event: "UpgradeDomain", Type: "aws_opensearch_domain", Effect: drift.Set, ID: "*=domainName", Params: "targetVersion=engine_version performCheckOnly=- advancedOptions=-", When: "performCheckOnly!=true"},
	{Source: "es", Event: "UpgradeElasticsearchDomain", Type: "aws_elasticsearch_domain", Effect: drift.Set, ID: "*=domainName", Params: "targetVersion=elasticsearch_version performCheckOnly=-", When: "performCheckOnly!=true"},
}

const (
	openSearchDomain    = "eBSOptions=ebs_options nodeToNodeEncryptionOptions=node_to_node_encryption encryptionAtRestOptions=encrypt_at_rest vPCOptions=vpc_options logPublishingOptions=log_publishing_options~ dryRunMode=-"
	elasticsearchDomain = openSearchDomain + " elasticsearchClusterConfig=cluster_config"
	openSearchTypes     = "aws_elasticsearch_domain:domain_name aws_elasticsearch_domain_policy:domain_name aws_elasticsearch_domain_saml_options:domain_name " +
		"aws_opensearch_domain:domain_name aws_opensearch_domain_policy:domain_name aws_opensearch_domain_saml_options:domain_name"
)
