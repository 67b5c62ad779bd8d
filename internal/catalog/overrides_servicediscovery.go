package catalog

import "tfdrift/internal/drift"

// servicediscoveryOverrides: see the AWS Cloud Map API Reference. Instances come and go by the services that run them.
var servicediscoveryOverrides = [...]Row{
	{Source: "servicediscovery", Event: "DeregisterInstance", Type: "aws_service_discovery_service", Effect: drift.Silent},
	{Source: "servicediscovery", Event: "RegisterInstance", Type: "aws_service_discovery_instance", Effect: drift.Create, ID: "instance_id=instanceId service_id=serviceId", NewID: "instanceId", Within: "aws_service_discovery_service *=serviceId", When: "caller!=service"},
	{Source: "servicediscovery", Event: "UpdateInstanceCustomHealthStatus", Effect: drift.Silent},
	{Source: "servicediscovery", Event: "UpdateService", Type: "aws_service_discovery_service", Effect: drift.Set, ID: "*=id", Params: "service.dnsConfig.dnsRecords=dns_config.dns_records service.healthCheckConfig=health_check_config"},
}
