package catalog

import (
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// elbActions: ModifyListener and ModifyRule, whose actions and conditions the
// API and Terraform spell differently.
func elbActions(call Call, row Row) []drift.Choice {
	arn := text(call.Params, "listenerArn", "ruleArn")
	member, attribute := "defaultActions", "default_action"
	types := [...]string{"aws_lb_listener", "aws_alb_listener"}
	if row.Event == "ModifyRule" {
		member, attribute = "actions", "action"
		types = [...]string{"aws_lb_listener_rule", "aws_alb_listener_rule"}
	}
	if arn == "" {
		return nil
	}
	params := call.rest(row)
	for _, name := range [...]string{"listenerArn", "ruleArn", member, "conditions"} {
		drop(params, name)
	}
	actions := list(call.Params, member)
	var choice drift.Choice
	for _, typ := range types {
		plain := target(row, typ, drift.Set, arn, drift.Match{Attribute: "arn|id", Value: arn})
		if conditions := list(call.Params, "conditions"); len(conditions) > 0 {
			plain.Facts = []drift.Fact{{Attribute: "condition", Op: drift.OpSet, Value: elbConditions(conditions)}}
		}
		plain.Params, plain.Rename = params, row.Params
		if len(params) > 0 || len(plain.Facts) > 0 {
			choice = append(choice, plain)
		}
		if len(actions) > 0 {
			t := target(row, typ, drift.Set, arn, drift.Match{Attribute: "arn|id", Value: arn})
			t.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
				return drift.Set, []drift.Fact{{Attribute: attribute, Op: drift.OpSet, Value: elbActionBlocks(actions, list(e.Attributes, attribute))}}
			}
			choice = append(choice, t)
		}
	}
	return []drift.Choice{choice}
}

// elbActionBlocks writes actions as Terraform's blocks. A single target group
// may be written in two ways, and is as state writes it.
func elbActionBlocks(actions, state []any) []any {
	blocks := make([]any, len(actions))
	for i, a := range actions {
		b := map[string]any{"type": text(a, "type")}
		if order := text(a, "order"); order != "" {
			b["order"] = order
		}
		for _, kind := range [...]struct{ member, block string }{
			{"redirectConfig", "redirect"}, {"fixedResponseConfig", "fixed_response"},
			{"authenticateOidcConfig", "authenticate_oidc"}, {"authenticateCognitoConfig", "authenticate_cognito"}, {"jwtValidationConfig", "jwt_validation"},
		} {
			if config, ok := first(tree.Get(a, kind.member)).(map[string]any); ok {
				fields := map[string]any{}
				for k, v := range config {
					if s, _ := v.(string); s != "HIDDEN_DUE_TO_SECURITY_REASONS" {
						fields[tree.Snake(k)] = v
					}
				}
				b[kind.block] = []any{fields}
			}
		}
		var was any
		if i < len(state) {
			was = state[i]
		}
		elbForward(b, a, was)
		blocks[i] = b
	}
	return blocks
}

func elbForward(block map[string]any, action, was any) {
	var groups []any
	for _, g := range list(action, "forwardConfig.targetGroups") {
		group := map[string]any{"arn": text(g, "targetGroupArn")}
		if weight := text(g, "weight"); weight != "" {
			group["weight"] = weight
		}
		groups = append(groups, group)
	}
	single := text(action, "targetGroupArn")
	if single == "" && len(groups) == 1 {
		single = text(groups[0], "arn")
	}
	sticky := text(action, "forwardConfig.targetGroupStickinessConfig.enabled")
	switch {
	case single == "" && len(groups) == 0:
	case len(groups) <= 1 && sticky != "true" && (tree.GetString(was, "target_group_arn") != "" || len(list(was, "forward")) == 0):
		block["target_group_arn"] = single
	default:
		if len(groups) <= 1 {
			groups = []any{map[string]any{"arn": single}} // the weight of the only one says nothing
		}
		forward := map[string]any{"target_group": groups}
		if sticky != "" {
			stickiness := map[string]any{"enabled": sticky}
			if sticky == "true" {
				stickiness["duration"] = text(action, "forwardConfig.targetGroupStickinessConfig.durationSeconds")
			}
			forward["stickiness"] = []any{stickiness}
		}
		block["forward"] = []any{forward}
	}
}

// elbConditions writes a rule's conditions as Terraform's blocks.
func elbConditions(conditions []any) []any {
	blocks := make([]any, len(conditions))
	for i, c := range conditions {
		field := strings.ReplaceAll(text(c, "field"), "-", "_")
		config := field + "_config" // pathPatternConfig: names are compared without punctuation
		inner := map[string]any{}
		for _, m := range [...]struct{ member, field string }{{"values", "values"}, {"regexValues", "regex_values"}} {
			if values := append(list(c, config+"."+m.member), list(c, m.member)...); len(values) > 0 {
				inner[m.field] = unique(values)
			}
		}
		if name := text(c, config+".httpHeaderName"); name != "" {
			inner["http_header_name"] = name
		}
		if field == "query_string" {
			blocks[i] = map[string]any{field: list(c, config+".values")}
			continue
		}
		blocks[i] = map[string]any{field: []any{inner}}
	}
	return blocks
}

// unique leaves out repetitions: a condition's values are logged in its config
// and, for older clients, beside it.
func unique(values []any) []any {
	seen := map[string]bool{}
	var out []any
	for _, v := range values {
		if s, _ := tree.Text(v); !seen[s] {
			seen[s] = true
			out = append(out, v)
		}
	}
	return out
}

// elbPriorities: SetRulePriorities names several rules.
func elbPriorities(call Call, row Row) []drift.Choice {
	var choices []drift.Choice
	for _, p := range list(call.Params, "rulePriorities") {
		arn := text(p, "ruleArn")
		if arn == "" {
			continue
		}
		var c drift.Choice
		for _, typ := range [...]string{"aws_lb_listener_rule", "aws_alb_listener_rule"} {
			t := target(row, typ, drift.Set, arn, drift.Match{Attribute: "arn|id", Value: arn})
			t.Facts = []drift.Fact{{Attribute: "priority", Op: drift.OpSet, Value: first(tree.Get(p, "priority"))}}
			c = append(c, t)
		}
		choices = append(choices, c)
	}
	return choices
}

// elbTargets: each target of a group is an attachment of its own. Its port is
// the group's where neither side says.
func elbTargets(call Call, row Row) []drift.Choice {
	group := text(call.Params, "targetGroupArn")
	if group == "" || row.Effect == drift.Create && call.caller() == "service" { // services come and go all day
		return nil
	}
	var choices []drift.Choice
	for _, registered := range list(call.Params, "targets") {
		id, port := text(registered, "id"), text(registered, "port")
		if id == "" {
			continue
		}
		var c drift.Choice
		for _, typ := range [...]string{"aws_lb_target_group_attachment", "aws_alb_target_group_attachment"} {
			t := target(row, typ, row.Effect, group, drift.Match{Attribute: "target_group_arn", Value: group}, drift.Match{Attribute: "target_id", Value: id})
			t.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
				if own := tree.GetString(e.Attributes, "port"); own != "" && own != "0" && port != "" && own != port {
					return "", nil
				}
				return row.Effect, nil
			}
			if typ == "aws_lb_target_group_attachment" {
				t.NewID = strings.TrimSuffix(group+","+id+","+port, ",")
				t.Within = &drift.Within{Type: "aws_lb_target_group", Key: identity.Key(row.Source, group), Match: []drift.Match{{Attribute: "arn", Value: group}}}
			}
			c = append(c, t)
		}
		choices = append(choices, c)
	}
	return choices
}

// elbClassicListeners: CreateLoadBalancerListeners and
// DeleteLoadBalancerListeners, of a classic balancer.
func elbClassicListeners(call Call, row Row) []drift.Choice {
	name := text(call.Params, "loadBalancerName")
	t := target(row, "aws_elb", drift.Set, name, drift.Match{Attribute: "name|arn", Value: name})
	for _, l := range list(call.Params, "listeners") {
		element := map[string]any{
			"lb_port": first(tree.Get(l, "loadBalancerPort")), "lb_protocol": text(l, "protocol"), "instance_port": first(tree.Get(l, "instancePort")),
			"instance_protocol": text(l, "instanceProtocol", "protocol"), "ssl_certificate_id": text(l, "sSLCertificateId"),
		}
		t.Facts = append(t.Facts, replaced(drift.Create, "listener", nil, element)...)
	}
	for _, v := range list(call.Params, "loadBalancerPorts") {
		if port, ok := tree.Text(v); ok {
			t.Facts = append(t.Facts, replaced(drift.Delete, "listener", map[string]any{"lb_port": port}, nil)...)
		}
	}
	if name == "" || len(t.Facts) == 0 {
		return nil
	}
	return []drift.Choice{{t}}
}

// elbInstances: RegisterInstancesWithLoadBalancer and its opposite.
func elbInstances(call Call, row Row) []drift.Choice {
	name := text(call.Params, "loadBalancerName")
	if name == "" || row.Effect == drift.Create && call.caller() == "service" {
		return nil
	}
	op := drift.OpAdd
	if row.Effect == drift.Delete {
		op = drift.OpRemove
	}
	var choices []drift.Choice
	for _, i := range list(call.Params, "instances") {
		id := text(i, "instanceId")
		if id == "" {
			continue
		}
		own := target(row, "aws_elb_attachment", row.Effect, name, drift.Match{Attribute: "elb", Value: name}, drift.Match{Attribute: "instance", Value: id})
		whole := target(row, "aws_elb", drift.Set, name, drift.Match{Attribute: "name|arn", Value: name})
		whole.Parent, whole.Facts = true, []drift.Fact{{Attribute: "instances", Op: op, Value: id}}
		choices = append(choices, drift.Choice{own, whole})
	}
	return choices
}
