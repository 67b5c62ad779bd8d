package catalog

import "tfdrift/internal/drift"

// route53Overrides: see the Route 53 API Reference, by the operation's name.
var route53Overrides = [...]Row{
	{Source: "route53", Event: "ActivateKeySigningKey", Type: "aws_route53_key_signing_key", Effect: drift.Set, ID: "name=name hosted_zone_id=hostedZoneId", Sets: "status=\"ACTIVE\""},
	{Source: "route53", Event: "AssociateVPCWithHostedZone", Type: "aws_route53_zone", Effect: drift.Set, ID: "*=hostedZoneId|id", Parent: true, Params: "vPC=vpc+ comment=-"},
	{Source: "route53", Event: "AssociateVPCWithHostedZone", Type: "aws_route53_zone_association", Effect: drift.Create, ID: "zone_id=hostedZoneId|id vpc_id=vPC.vPCId", Params: "comment=- vPC.vPCRegion=vpc_region", NewID: "{hostedZoneId|id}:{vPC.vPCId}", Within: "aws_route53_zone *=hostedZoneId|id"},
	{Source: "route53", Event: "ChangeResourceRecordSets", Effect: drift.Set, Types: "aws_route53_record:zone_id aws_route53_zone:zone_id", Shape: route53Changes},
	{Source: "route53", Event: "ChangeTagsForResource", Type: "aws_route53_health_check", Effect: drift.Set, ID: "*=resourceId", Params: "addTags=tags+ removeTagKeys=tags- resourceType=-"},
	{Source: "route53", Event: "ChangeTagsForResource", Type: "aws_route53_zone", Effect: drift.Set, ID: "*=resourceId", Params: "addTags=tags+ removeTagKeys=tags- resourceType=-"},
	{Source: "route53", Event: "CreateHealthCheck", Type: "aws_route53_health_check", Effect: drift.Create, ID: "*=response:healthCheck.id", Params: route53HealthCheck, NewID: "response:healthCheck.id"},
	{Source: "route53", Event: "CreateHostedZone", Type: "aws_route53_zone", Effect: drift.Create, ID: "*=response:hostedZone.id", Params: "hostedZoneConfig.comment=comment hostedZoneConfig.privateZone=- vPC=-", NewID: "response:hostedZone.id"},
	{Source: "route53", Event: "CreateKeySigningKey", Type: "aws_route53_key_signing_key", Effect: drift.Create, ID: "name=name hosted_zone_id=hostedZoneId", NewID: "{hostedZoneId},{name}", Within: "aws_route53_zone *=hostedZoneId"},
	{Source: "route53", Event: "CreateQueryLoggingConfig", Type: "aws_route53_query_log", Effect: drift.Create, ID: "*=response:queryLoggingConfig.id", Params: "hostedZoneId=zone_id", NewID: "response:queryLoggingConfig.id", Within: "aws_route53_zone *=hostedZoneId"},
	{Source: "route53", Event: "CreateVPCAssociationAuthorization", Type: "aws_route53_vpc_association_authorization", Effect: drift.Create, ID: "zone_id=hostedZoneId|id vpc_id=vPC.vPCId", NewID: "{hostedZoneId|id}:{vPC.vPCId}", Within: "aws_route53_zone *=hostedZoneId|id"},
	{Source: "route53", Event: "DeactivateKeySigningKey", Type: "aws_route53_key_signing_key", Effect: drift.Set, ID: "name=name hosted_zone_id=hostedZoneId", Sets: "status=\"INACTIVE\""},
	{Source: "route53", Event: "DeleteKeySigningKey", Type: "aws_route53_key_signing_key", Effect: drift.Delete, ID: "name=name hosted_zone_id=hostedZoneId", NewID: "{hostedZoneId},{name}"},
	{Source: "route53", Event: "DeleteVPCAssociationAuthorization", Type: "aws_route53_vpc_association_authorization", Effect: drift.Delete, ID: "zone_id=hostedZoneId|id vpc_id=vPC.vPCId", NewID: "{hostedZoneId|id}:{vPC.vPCId}"},
	{Source: "route53", Event: "DisableHostedZoneDNSSEC", Type: "aws_route53_hosted_zone_dnssec", Effect: drift.Delete, ID: "hosted_zone_id=hostedZoneId|id"},
	{Source: "route53", Event: "DisassociateVPCFromHostedZone", Type: "aws_route53_zone", Effect: drift.Set, ID: "*=hostedZoneId|id", Parent: true, Params: "vPC=vpc- comment=-"},
	{Source: "route53", Event: "DisassociateVPCFromHostedZone", Type: "aws_route53_zone_association", Effect: drift.Delete, ID: "zone_id=hostedZoneId|id vpc_id=vPC.vPCId", NewID: "{hostedZoneId|id}:{vPC.vPCId}"},
	{Source: "route53", Event: "EnableHostedZoneDNSSEC", Type: "aws_route53_hosted_zone_dnssec", Effect: drift.Create, ID: "hosted_zone_id=hostedZoneId|id", NewID: "{hostedZoneId|id}", Within: "aws_route53_zone *=hostedZoneId|id"},
	{Source: "route53", Event: "UpdateHealthCheck", Type: "aws_route53_health_check", Effect: drift.Set, ID: "*=healthCheckId", Params: route53HealthCheck},
}

const route53HealthCheck = "iPAddress=ip_address fullyQualifiedDomainName=fqdn inverted=invert_healthcheck enableSNI=enable_sni healthThreshold=child_health_threshold " +
	"childHealthChecks=child_healthchecks alarmIdentifier.name=cloudwatch_alarm_name alarmIdentifier.region=cloudwatch_alarm_region healthCheckVersion=- resetElements=- " +
	"healthCheckConfig.alarmIdentifier.name=cloudwatch_alarm_name healthCheckConfig.alarmIdentifier.region=cloudwatch_alarm_region"
