package catalog

import (
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// route53Changes: one ChangeResourceRecordSets holds a batch of changes, each
// of one record (Route 53 API Reference, ChangeResourceRecordSets). A record
// taken out and put back in one batch is changed.
func route53Changes(call Call, row Row) []drift.Choice {
	zone := identity.Short(text(call.Params, "hostedZoneId", "id"))
	if zone == "" {
		return nil
	}
	changes := list(call.Params, "changeBatch.changes")
	kept := map[string]bool{}
	for _, c := range changes {
		if text(c, "action") != "DELETE" {
			kept[route53Name(c)] = true
		}
	}
	var choices []drift.Choice
	for _, c := range changes {
		set, _ := first(tree.Get(c, "resourceRecordSet")).(map[string]any)
		name := strings.TrimSuffix(strings.ReplaceAll(text(set, "name"), `\052`, "*"), ".")
		typ, label := text(set, "type"), text(set, "setIdentifier")
		effect := drift.Create
		if text(c, "action") == "DELETE" {
			effect = drift.Delete
		}
		if name == "" || effect == drift.Delete && kept[route53Name(c)] {
			continue
		}
		t := target(row, "aws_route53_record", effect, zone,
			drift.Match{Attribute: "zone_id", Value: zone}, drift.Match{Attribute: "fqdn|name", Value: name}, drift.Match{Attribute: "type", Value: typ})
		t.NewID = zone + "_" + name + "_" + typ
		if label != "" {
			t.Match = append(t.Match, drift.Match{Attribute: "set_identifier", Value: label})
			t.NewID += "_" + label
		}
		t.Facts = route53Facts(set, typ)
		t.Within = &drift.Within{Type: "aws_route53_zone", Key: identity.Key(row.Source, zone), Match: []drift.Match{{Attribute: "zone_id|id", Value: zone}}}
		choices = append(choices, drift.Choice{t})
	}
	return choices
}

func route53Name(change any) string {
	return strings.Join([]string{
		strings.ToLower(strings.TrimSuffix(text(change, "resourceRecordSet.name"), ".")),
		text(change, "resourceRecordSet.type"), text(change, "resourceRecordSet.setIdentifier"),
	}, " ")
}

// route53Facts says what a record is: a record set is always given as a whole,
// so that what it does not hold, it is not.
func route53Facts(set map[string]any, typ string) []drift.Fact {
	facts := make([]drift.Fact, 0, 10)
	fact := func(attribute string, v any) {
		facts = append(facts, drift.Fact{Attribute: attribute, Op: drift.OpSet, Value: v})
	}
	block := func(attribute, member string, names ...string) {
		blocks := []any{}
		if v := first(tree.Get(set, member)); v != nil {
			object, nested := v.(map[string]any)
			if !nested {
				object = map[string]any{member: v}
			}
			blocks = append(blocks, picked(object, names...))
		}
		fact(attribute, blocks)
	}
	records := []any{}
	for _, r := range list(set, "resourceRecords") {
		value, ok := tree.Text(r)
		if !ok {
			value = text(r, "value")
		}
		if typ == "TXT" || typ == "SPF" { // Terraform leaves the outer quotes out
			value = strings.TrimSuffix(strings.TrimPrefix(value, `"`), `"`)
		}
		records = append(records, value)
	}
	fact("records", records)
	fact("ttl", first(tree.Get(set, "tTL")))
	alias := []any{}
	if v := first(tree.Get(set, "aliasTarget")); v != nil {
		// Terraform keeps the name without its end and without the console's prefix.
		name := strings.TrimPrefix(strings.ToLower(strings.TrimSuffix(text(v, "dNSName"), ".")), "dualstack.")
		alias = append(alias, map[string]any{"name": name, "zone_id": text(v, "hostedZoneId"), "evaluate_target_health": text(v, "evaluateTargetHealth") == "true"})
	}
	fact("alias", alias)
	fact("health_check_id", text(set, "healthCheckId"))
	fact("multivalue_answer_routing_policy", text(set, "multiValueAnswer") == "true")
	block("weighted_routing_policy", "weight", "weight=weight")
	block("latency_routing_policy", "region", "region=region")
	block("failover_routing_policy", "failover", "failover=type")
	block("geolocation_routing_policy", "geoLocation", "continentCode=continent", "countryCode=country", "subdivisionCode=subdivision")
	block("cidr_routing_policy", "cidrRoutingConfig", "collectionId=collection_id", "locationName=location_name")
	return facts
}
