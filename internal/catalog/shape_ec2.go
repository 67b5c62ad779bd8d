package catalog

import (
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// ec2Tags: CreateTags and DeleteTags name any resources by id. DeleteTags takes
// away all tags where it names none, and only a tag of the same value where it
// gives one (EC2 API Reference, DeleteTags).
func ec2Tags(call Call, row Row) []drift.Choice {
	remove := row.Effect == drift.Remove
	given := list(call.Params, "tagSet")
	var choices []drift.Choice
	for _, r := range list(call.Params, "resourcesSet") {
		id := text(r, "resourceId")
		if id == "" {
			id, _ = r.(string)
		}
		if id == "" {
			continue
		}
		t := target(row, "", drift.Set, id, drift.Match{Attribute: "id|security_group_rule_id", Value: id})
		t.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
			tags, ok := e.Attributes["tags"]
			if !ok {
				return "", nil // a part that goes by the id of its whole
			}
			if remove && len(given) == 0 {
				return drift.Set, []drift.Fact{{Attribute: "tags", Op: drift.OpSet, Value: map[string]any{}}}
			}
			changed := map[string]any{}
			for _, tag := range given {
				key, value := text(tag, "key"), text(tag, "value")
				switch {
				case key == "":
				case !remove:
					changed[key] = value
				case value == "" || value == tree.GetString(tags, key):
					changed[key] = nil
				}
			}
			return drift.Set, []drift.Fact{{Attribute: "tags", Op: drift.OpMerge, Value: changed}}
		}
		choices = append(choices, drift.Choice{t})
		for _, tag := range given {
			effect := drift.Create
			if remove {
				effect = drift.Delete
			}
			one := target(row, "aws_ec2_tag", effect, id, drift.Match{Attribute: "resource_id", Value: id}, drift.Match{Attribute: "key", Value: text(tag, "key")})
			one.Facts = []drift.Fact{{Attribute: "value", Op: drift.OpSet, Value: text(tag, "value")}}
			choices = append(choices, drift.Choice{one})
		}
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
	all := permissionsOf(call.Params)
	for _, p := range all {
		choices = append(choices, p.choice(row, group, direction, all))
	}
	for _, id := range list(call.Params, "securityGroupRuleIds[]") {
		rule, _ := tree.Text(id)
		if rule == "" {
			rule = text(id, "securityGroupRuleId", "item")
		}
		choices = append(choices, ruleByID(call, row, group, direction, rule))
	}
	return choices
}

// ruleByID is the revocation of a rule by its id, as the console does it. A group
// that lists its rules has no ids for them; what the rule was the answer may say.
func ruleByID(call Call, row Row, group, direction, rule string) drift.Choice {
	var choice drift.Choice
	for _, revoked := range list(call.Response, "revokedSecurityGroupRuleSet") {
		if was, ok := revoked.(map[string]any); ok && text(was, "securityGroupRuleId") == rule {
			if p, ok := ruleForm(was); ok {
				choice = p.choice(row, group, direction, []permission{p})
			}
		}
	}
	known := len(choice) > 0
	for _, typ := range [...]string{ruleType(direction), "aws_security_group_rule"} {
		t := target(row, typ, drift.Delete, group, drift.Match{Attribute: "security_group_rule_id|id", Value: rule})
		choice = append(choice, t)
	}
	if !known {
		t := target(row, "aws_security_group", drift.Set, group, drift.Match{Attribute: "id|name", Value: group})
		t.Parent, t.Facts = true, []drift.Fact{{Attribute: direction, Op: drift.OpSet, Unknown: true}}
		choice = append(choice, t)
	}
	return choice
}

// ruleForm reads a rule in EC2's newer form, of one source each.
func ruleForm(rule map[string]any) (permission, bool) {
	p := permission{protocol: Protocol(text(rule, "ipProtocol")), description: text(rule, "description")}
	p.from, _ = tree.Member(rule, "fromPort")
	p.to, _ = tree.Member(rule, "toPort")
	for _, s := range [...]struct{ member, field string }{
		{"cidrIpv4", "cidr_blocks"}, {"cidrIpv6", "ipv6_cidr_blocks"}, {"prefixListId", "prefix_list_ids"},
		{"referencedGroupId", "security_groups"}, {"referencedGroupInfo.groupId", "security_groups"},
	} {
		if v := text(rule, s.member); v != "" {
			p.field, p.source = s.field, v
		}
	}
	return p, p.source != ""
}

// ec2RuleDescriptions: UpdateSecurityGroupRuleDescriptions*.
func ec2RuleDescriptions(call Call, row Row) []drift.Choice {
	group := text(call.Params, "groupId", "groupName")
	direction := "ingress"
	if strings.HasSuffix(row.Event, "Egress") {
		direction = "egress"
	}
	describe := func(description string) []drift.Fact {
		return []drift.Fact{{Attribute: "description", Op: drift.OpSet, Value: description}}
	}
	var choices []drift.Choice
	for _, p := range permissionsOf(call.Params) {
		c := p.choice(row, group, direction, nil)
		for i := range c {
			t := &c[i]
			tell := t.Tell
			if t.Parent {
				t.Facts = nil
				t.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) { return p.describedIn(e, direction, group) }
				continue
			}
			t.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
				if effect, _ := tell(e); effect == "" {
					return "", nil
				}
				return drift.Set, describe(p.description)
			}
		}
		choices = append(choices, c)
	}
	for _, d := range list(call.Params, "securityGroupRuleDescriptions") {
		t := target(row, ruleType(direction), drift.Set, group, drift.Match{Attribute: "security_group_rule_id|id", Value: text(d, "securityGroupRuleId")})
		t.Facts = describe(text(d, "description"))
		choices = append(choices, drift.Choice{t})
	}
	return choices
}

// describedIn is a group's list of rules with the permission's rule described
// as the permission says.
func (p permission) describedIn(e *drift.Entry, direction, group string) (drift.Effect, []drift.Fact) {
	rules := list(e.Attributes, direction)
	after := make([]any, len(rules))
	found := false
	for i, r := range rules {
		after[i] = r
		rule, ok := r.(map[string]any)
		if !ok || found || !Covers([]any{r}, p.element(group)) {
			continue
		}
		found = true
		after[i] = with(rule, "description", p.description)
	}
	if !found {
		return "", nil
	}
	return drift.Set, []drift.Fact{{Attribute: direction, Op: drift.OpSet, Value: after}}
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
func permissionsOf(params map[string]any) []permission {
	var all []permission
	blocks := list(params, "ipPermissions")
	if len(blocks) == 0 && (tree.Get(params, "ipProtocol") != nil || tree.Get(params, "cidrIp") != nil) {
		blocks = []any{map[string]any{
			"ipProtocol": params["ipProtocol"], "fromPort": params["fromPort"], "toPort": params["toPort"],
			"ipRanges": []any{map[string]any{"cidrIp": params["cidrIp"]}},
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

// choice is what a call that names this permission, among all of its, is about.
func (p permission) choice(row Row, group, direction string, all []permission) drift.Choice {
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
		return p.tellBundle(e, row.Effect, group, direction, all)
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
// several gone is a change of its list; all of them gone is its deletion.
func (p permission) tellBundle(e *drift.Entry, effect drift.Effect, group, direction string, all []permission) (drift.Effect, []drift.Fact) {
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
	named := make([]any, len(all))
	for i, other := range all {
		named[i] = other.element(group)
	}
	if effect == drift.Delete && sources > 1 && !Covers(named, own) {
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
		if p, ok := ruleForm(params); ok && group != "" {
			t := target(row, "aws_security_group", drift.Set, group, drift.Match{Attribute: "id", Value: group})
			t.Parent = true
			t.Facts = []drift.Fact{{Attribute: "ingress", Op: drift.OpAdd, Value: p.element(group)}}
			c = append(c, t)
		}
		choices = append(choices, c)
	}
	return choices
}

// ec2InstanceAttribute: ModifyInstanceAttribute, which also says of an
// instance's block devices, named by their device, whether they end with it.
func ec2InstanceAttribute(call Call, row Row) []drift.Choice {
	row.Type, row.Shape = "aws_instance", nil
	choices := call.targets(row)
	devices := list(call.Params, "blockDeviceMapping")
	if len(choices) == 0 || len(devices) == 0 {
		return choices
	}
	t := choices[0][0]
	drop(choices[0][0].Params, "blockDeviceMapping")
	if len(choices[0][0].Params) == 0 {
		choices[0] = nil
	}
	t.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		var facts []drift.Fact
		for _, attribute := range [...]string{"root_block_device", "ebs_block_device"} {
			blocks := list(e.Attributes, attribute)
			after, found := make([]any, len(blocks)), false
			for i, b := range blocks {
				after[i] = b
				block, _ := b.(map[string]any)
				for _, d := range devices {
					ends := tree.Get(d, "ebs.deleteOnTermination")
					if len(ends) > 0 && text(d, "deviceName") == tree.GetString(block, "device_name") {
						after[i], found = with(block, "delete_on_termination", ends[0]), true
					}
				}
			}
			if found {
				facts = append(facts, drift.Fact{Attribute: attribute, Op: drift.OpSet, Value: after})
			}
		}
		return drift.Set, facts
	}
	choices[0] = append(choices[0], t)
	return choices
}

// with is a block with one field changed.
func with(block map[string]any, field string, v any) map[string]any {
	changed := make(map[string]any, len(block)+1)
	for k, old := range block {
		changed[k] = old
	}
	changed[field] = v
	return changed
}
