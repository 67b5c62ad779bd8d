package catalog

import "tfdrift/internal/drift"

// lightsailOverrides: see the Amazon Lightsail API Reference.
var lightsailOverrides = [...]Row{
	{Source: "lightsail", Event: "CloseInstancePublicPorts", Type: "aws_lightsail_instance_public_ports", Effect: drift.Set, ID: "instance_name=instanceName", Params: "portInfo=port_info-"},
	{Source: "lightsail", Event: "CreateDomainEntry", Type: "aws_lightsail_domain_entry", Effect: drift.Create, ID: "domain_name=domainName name=domainEntry.name", NewID: "{domainEntry.name},{domainName},{domainEntry.type},{domainEntry.target}", Within: "aws_lightsail_domain *=domainName"},
	{Source: "lightsail", Event: "DeleteDomainEntry", Type: "aws_lightsail_domain_entry", Effect: drift.Delete, ID: "domain_name=domainName name=domainEntry.name"},
	{Source: "lightsail", Event: "DisableAddOn", Type: "aws_lightsail_instance", Effect: drift.Set, ID: "*=resourceName", Params: "addOnType=-"},
	{Source: "lightsail", Event: "EnableAddOn", Type: "aws_lightsail_instance", Effect: drift.Set, ID: "*=resourceName", Params: "addOnRequest=-"},
	{Source: "lightsail", Event: "OpenInstancePublicPorts", Type: "aws_lightsail_instance_public_ports", Effect: drift.Set, ID: "instance_name=instanceName", Params: "portInfo=port_info+"},
	{Source: "lightsail", Event: "PutInstancePublicPorts", Type: "aws_lightsail_instance_public_ports", Effect: drift.Set, ID: "instance_name=instanceName", Params: "portInfos=port_info"},
	{Source: "lightsail", Event: "RebootInstance", Effect: drift.Silent},
	{Source: "lightsail", Event: "StartInstance", Effect: drift.Silent},
	{Source: "lightsail", Event: "StopInstance", Effect: drift.Silent},
	{Source: "lightsail", Event: "UpdateLoadBalancerAttribute", Type: "aws_lightsail_lb", Effect: drift.Set, ID: "*=loadBalancerName", Params: "attributeName=- attributeValue=health_check_path", When: "attributeName=HealthCheckPath"},
	{Source: "lightsail", Event: "UpdateLoadBalancerAttribute", Type: "aws_lightsail_lb_https_redirection_policy", Effect: drift.Set, ID: "lb_name=loadBalancerName", Params: "attributeName=- attributeValue=enabled", When: "attributeName=HttpsRedirectionEnabled"},
	{Source: "lightsail", Event: "UpdateLoadBalancerAttribute", Type: "aws_lightsail_lb_stickiness_policy", Effect: drift.Set, ID: "lb_name=loadBalancerName", Params: "attributeName=- attributeValue=enabled", When: "attributeName=SessionStickinessEnabled"},
	{Source: "lightsail", Event: "UpdateRelationalDatabase", Type: "aws_lightsail_database", Effect: drift.Set, ID: "*=relationalDatabaseName", Params: "masterUserPassword=master_password enableBackupRetention=backup_retention_enabled rotateMasterUserPassword=- disableBackupRetention=-"},
}
