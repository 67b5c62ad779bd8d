package catalog

import "tfdrift/internal/drift"

// route53Overrides: see the Route 53 API Reference, by the operation's name.
var route53Overrides = [...]Row{
	{Source: "route53", Event: "ChangeResourceRecordSets", Effect: drift.Set, Shape: route53Changes, Types: "aws_route53_record:zone_id aws_route53_zone:zone_id"},
}
