package catalog

import (
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// route53Changes: one ChangeResourceRecordSets holds a batch of changes, each
// of one record (Route 53 API Reference, ChangeResourceRecordSets).
func route53Changes(call Call, row Row) []drift.Choice {
	zone := identity.Short(text(call.Params, "hostedZoneId", "id"))
	var choices []drift.Choice
	for _, c := range list(call.Params, "changeBatch.changes") {
		set, _ := first(tree.Get(c, "resourceRecordSet")).(map[string]any)
		name := strings.TrimSuffix(strings.ReplaceAll(text(set, "name"), `\052`, "*"), ".")
		typ, label := text(set, "type"), text(set, "setIdentifier")
		if zone == "" || name == "" {
			continue
		}
		effect := drift.Create
		if text(c, "action") == "DELETE" {
			effect = drift.Delete
		}
		t := target(row, "aws_route53_record", effect, zone,
			drift.Match{Attribute: "zone_id", Value: zone}, drift.Match{Attribute: "fqdn|name", Value: name}, drift.Match{Attribute: "type", Value: typ})
		id := zone + "_" + name + "_" + typ
		if label != "" {
			t.Match = append(t.Match, drift.Match{Attribute: "set_identifier", Value: label})
			id += "_" + label
		}
		t.Params = map[string]any{}
		for k, v := range set {
			if !tree.SameName(k, "name") && !tree.SameName(k, "type") && !tree.SameName(k, "setIdentifier") {
				t.Params[k] = v
			}
		}
		t.Rename = "tTL=ttl resourceRecords=records aliasTarget=alias healthCheckId=health_check_id weight=weighted_routing_policy.weight region=latency_routing_policy.region failover=failover_routing_policy.type multiValueAnswer=multivalue_answer_routing_policy geoLocation=geolocation_routing_policy"
		t.NewID = id
		t.Within = &drift.Within{Type: "aws_route53_zone", Key: identity.Key(row.Source, zone), Match: []drift.Match{{Attribute: "zone_id|id", Value: zone}}}
		choices = append(choices, drift.Choice{t})
	}
	return choices
}

func first(values []any) any {
	if len(values) == 0 {
		return nil
	}
	return values[0]
}
