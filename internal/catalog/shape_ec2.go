package catalog

import (
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// ec2Tags: CreateTags and DeleteTags name any resources by id.
func ec2Tags(call Call, row Row) []drift.Choice {
	var choices []drift.Choice
	changed := map[string]any{}
	for _, tag := range list(call.Params, "tagSet") {
		if key := text(tag, "key"); key != "" {
			if row.Effect == drift.Remove {
				changed[key] = nil
			} else {
				changed[key] = text(tag, "value")
			}
		}
	}
	for _, r := range list(call.Params, "resourcesSet") {
		id := text(r, "resourceId")
		if id == "" {
			id, _ = r.(string)
		}
		if id == "" {
			continue
		}
		t := target(row, "", drift.Set, id, drift.Match{Attribute: "id|security_group_rule_id", Value: id})
		t.Facts = []drift.Fact{{Attribute: "tags", Op: drift.OpMerge, Value: changed}}
		choices = append(choices, drift.Choice{t})
	}
	return choices
}

// ec2Rules: the calls that open and close a security group. One permission of
// the call is one choice: the rule resource that is exactly it, else the group
// whose rules it is among.
func ec2Rules(call Call, row Row) []drift.Choice {
	group := text(call.Params, "groupId", "groupName")
	if group == "" {
		return nil
	}
	direction := "ingress"
	if strings.HasSuffix(row.Event, "Egress") {
		direction = "egress"
	}
	var choices []drift.Choice
	for _, p := range permissionsOf(call) {
		choices = append(choices, p.choice(row, group, direction))
	}
	for _, id := range list(call.Params, "securityGroupRuleIds[]") {
		rule, _ := tree.Text(id)
		if rule == "" {
			rule = text(id, "securityGroupRuleId", "item")
		}
		own := target(row, ruleType(direction), drift.Delete, group, drift.Match{Attribute: "security_group_rule_id|id", Value: rule})
		choices = append(choices, drift.Choice{own})
	}
	return choices
}

func ruleType(direction string) string { return "aws_vpc_security_group_" + direction + "_rule" }

// permission is one source of one port range, as EC2 keeps it.
type permission struct {
	protocol    string
	from, to    any
	field       string // the group's attribute for the source: cidr_blocks, ...
	source      string
	description string
}

// permissionsOf takes a call's ipPermissions apart, and reads the older flat
// form (EC2 API Reference, AuthorizeSecurityGroupIngress).
func permissionsOf(call Call) []permission {
	var all []permission
	blocks := list(call.Params, "ipPermissions")
	if len(blocks) == 0 && (tree.Get(call.Params, "ipProtocol") != nil || tree.Get(call.Params, "cidrIp") != nil) {
		blocks = []any{map[string]any{
			"ipProtocol": call.Params["ipProtocol"], "fromPort": call.Params["fromPort"], "toPort": call.Params["toPort"],
			"ipRanges": []any{map[string]any{"cidrIp": call.Params["cidrIp"]}},
		}}
	}
	for _, b := range blocks {
		p := permission{protocol: Protocol(text(b, "ipProtocol"))}
		if m, ok := b.(map[string]any); ok {
			p.from, _ = tree.Member(m, "fromPort")
			p.to, _ = tree.Member(m, "toPort")
		}
		for _, s := range [...]struct{ list, member, field string }{
			{"ipRanges", "cidrIp", "cidr_blocks"},
			{"ipv6Ranges", "cidrIpv6", "ipv6_cidr_blocks"},
			{"prefixListIds", "prefixListId", "prefix_list_ids"},
			{"groups", "groupId", "security_groups"},
		} {
			for _, r := range list(b, s.list) {
				one := p
				one.field, one.source, one.description = s.field, text(r, s.member), text(r, "description")
				if one.source != "" {
					all = append(all, one)
				}
			}
		}
	}
	return all
}

// element is the permission as an element of the group's ingress or egress.
func (p permission) element(group string) map[string]any {
	e := map[string]any{"protocol": p.protocol, "from_port": p.from, "to_port": p.to}
	if p.protocol == "-1" {
		e["from_port"], e["to_port"] = 0, 0
	}
	if p.field == "security_groups" && p.source == group {
		e["self"] = true
	} else {
		e[p.field] = []any{p.source}
	}
	if p.description != "" {
		e["description"] = p.description
	}
	return e
}

func (p permission) choice(row Row, group, direction string) drift.Choice {
	inGroup := drift.Match{Attribute: "security_group_id", Value: group}
	element := p.element(group)

	single := target(row, ruleType(direction), row.Effect, group, inGroup)
	single.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		if !p.isRule(e, group) {
			return "", nil
		}
		return row.Effect, nil
	}
	bundle := target(row, "aws_security_group_rule", row.Effect, group, inGroup)
	bundle.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		return p.tellBundle(e, row.Effect, group, direction)
	}

	op := drift.OpAdd
	if row.Effect == drift.Delete {
		op = drift.OpRemove
	}
	parent := func(typ string) drift.Target {
		t := target(row, typ, drift.Set, group, drift.Match{Attribute: "id|name", Value: group})
		t.Parent = true
		t.Facts = []drift.Fact{{Attribute: direction, Op: op, Value: element}}
		return t
	}
	return drift.Choice{single, bundle, parent("aws_security_group"), parent("aws_default_security_group")}
}

// isRule reports whether a single-rule resource is this permission.
func (p permission) isRule(e *drift.Entry, group string) bool {
	source := ""
	for _, a := range [...]string{"cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"} {
		if s := tree.GetString(e.Attributes, a); s != "" {
			source = s
		}
	}
	if i := strings.LastIndexByte(source, '/'); p.field == "security_groups" && i >= 0 {
		source = source[i+1:] // account/group
	}
	own := map[string]any{"protocol": tree.GetString(e.Attributes, "ip_protocol"), "from_port": e.Attributes["from_port"], "to_port": e.Attributes["to_port"]}
	if p.field == "security_groups" && source == group {
		own["self"] = true
	} else {
		own[p.field] = []any{source}
	}
	return Covers([]any{own}, p.element(group))
}

// tellBundle: an aws_security_group_rule may bundle several sources. One of
// several gone is a change of its list; the only one gone is its deletion.
func (p permission) tellBundle(e *drift.Entry, effect drift.Effect, group, direction string) (drift.Effect, []drift.Fact) {
	if tree.GetString(e.Attributes, "type") != direction {
		return "", nil
	}
	own := map[string]any{"protocol": e.Attributes["protocol"], "from_port": e.Attributes["from_port"], "to_port": e.Attributes["to_port"], "self": e.Attributes["self"]}
	sources := 0
	for _, f := range [...]string{"cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids"} {
		own[f] = e.Attributes[f]
		sources += len(list(e.Attributes, f))
	}
	if s := tree.GetString(e.Attributes, "source_security_group_id"); s != "" {
		own["security_groups"] = []any{s}
		sources++
	}
	if !Covers([]any{own}, p.element(group)) {
		return "", nil
	}
	if effect == drift.Delete && sources > 1 {
		return drift.Set, []drift.Fact{{Attribute: p.field, Op: drift.OpRemove, Value: p.source}}
	}
	return effect, nil
}

// ec2ModifyRules: ModifySecurityGroupRules names rules by id and gives their
// new form; a group without rule resources shows them among its own.
func ec2ModifyRules(call Call, row Row) []drift.Choice {
	group := text(call.Params, "groupId")
	var choices []drift.Choice
	for _, r := range list(call.Params, "securityGroupRule") {
		id := text(r, "securityGroupRuleId")
		form := r
		if inner := tree.Get(r, "securityGroupRule"); len(inner) > 0 {
			form = inner[0]
		}
		params, _ := form.(map[string]any)
		if id == "" || params == nil {
			continue
		}
		var c drift.Choice
		for _, typ := range [...]string{"aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule", "aws_security_group_rule"} {
			t := target(row, typ, drift.Set, group, drift.Match{Attribute: "security_group_rule_id|id", Value: id})
			t.Params = params
			t.Rename = "referencedGroupId=referenced_security_group_id"
			c = append(c, t)
		}
		p := permission{protocol: Protocol(text(form, "ipProtocol")), from: params["FromPort"], to: params["ToPort"], description: text(form, "description")}
		for _, s := range [...]struct{ member, field string }{{"cidrIpv4", "cidr_blocks"}, {"cidrIpv6", "ipv6_cidr_blocks"}, {"prefixListId", "prefix_list_ids"}, {"referencedGroupId", "security_groups"}} {
			if v := text(form, s.member); v != "" {
				p.field, p.source = s.field, v
			}
		}
		if group != "" && p.source != "" {
			t := target(row, "aws_security_group", drift.Set, group, drift.Match{Attribute: "id", Value: group})
			t.Parent = true
			t.Facts = []drift.Fact{{Attribute: "ingress", Op: drift.OpAdd, Value: p.element(group)}}
			c = append(c, t)
		}
		choices = append(choices, c)
	}
	return choices
}
