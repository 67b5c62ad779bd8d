package catalog

import (
	"slices"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// rewritten is a shape that makes a row's targets from a body put into the form
// that Terraform gives it.
func rewritten(form func(body map[string]any) map[string]any) Shape {
	return func(call Call, row Row) []drift.Choice {
		if len(call.Request) == 0 {
			return call.targets(row) // the log has no body
		}
		body := make(map[string]any, len(call.Body))
		for k, v := range call.Body {
			body[k] = v
		}
		call.Body = form(body)
		return call.targets(row)
	}
}

// withLogConfig: Compute's log configurations have a switch; Terraform has the
// block or has it not.
func withLogConfig(body map[string]any) map[string]any {
	if on, given := body["enableFlowLogs"]; given { // the older form, of subnetworks
		delete(body, "enableFlowLogs")
		if on == false {
			body["logConfig"] = cleared
		}
	}
	config, ok := body["logConfig"].(map[string]any)
	if !ok {
		return body
	}
	if config["enable"] == false {
		body["logConfig"] = cleared
	}
	return body
}

// defaulted: a call that sets one thing, which Google's JSON leaves out where
// that is nothing, zero or false.
func defaulted(member string) func(map[string]any) map[string]any {
	return func(body map[string]any) map[string]any {
		if _, given := body[member]; !given {
			body[member] = cleared
		}
		return body
	}
}

// omit is an object without some of its members.
func omit(object map[string]any, members ...string) map[string]any {
	out := make(map[string]any, len(object))
	for k, v := range object {
		if !slices.Contains(members, k) {
			out[k] = v
		}
	}
	return out
}

// groupPolicy: an instance group manager's update policy has numbers or
// percentages in objects of their own; Terraform has a field for each form.
func groupPolicy(body map[string]any) map[string]any {
	policy, ok := body["updatePolicy"].(map[string]any)
	if !ok {
		return body
	}
	policy = omit(policy)
	for _, limit := range [...]string{"maxSurge", "maxUnavailable"} {
		v, ok := policy[limit].(map[string]any)
		if !ok {
			continue
		}
		delete(policy, limit)
		for _, form := range [...]string{"fixed", "percent"} {
			if n, ok := v[form]; ok {
				policy[limit+"_"+form] = n
			}
		}
	}
	body["updatePolicy"] = policy
	return body
}

// googleMetadata: an instance's metadata is set as a whole; where the log
// redacts the values it tells the keys that changed.
func googleMetadata(call Call, row Row) []drift.Choice {
	t := target(row, row.Type, drift.Set, call.Resource, drift.Match{Attribute: "*", Value: call.Resource})
	items, whole := metadataItems(call.Body)
	t.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		if !whole {
			return drift.Set, metadataDelta(call, "instanceMetadataDelta")
		}
		own, script := omit(items), tree.GetString(e.Attributes, "metadata_startup_script")
		if script == "" {
			return drift.Set, []drift.Fact{{Attribute: "metadata", Op: drift.OpSet, Value: own}}
		}
		delete(own, "startup-script") // the provider keeps it apart
		return drift.Set, []drift.Fact{
			{Attribute: "metadata", Op: drift.OpSet, Value: own},
			{Attribute: "metadata_startup_script", Op: drift.OpSet, Value: items["startup-script"]},
		}
	}
	return []drift.Choice{{t}}
}

// metadataItems reads {"items": [{"key": …, "value": …}]}, as it is or within
// "metadata"; whole is false where the log has no items.
func metadataItems(body map[string]any) (items map[string]any, whole bool) {
	for _, path := range [...]string{"items", "metadata.items", "commonInstanceMetadata.items"} {
		if len(tree.Get(body, path)) == 0 {
			continue
		}
		items = map[string]any{}
		for _, item := range list(body, path) {
			v := tree.Get(item, "value")
			if len(v) == 0 {
				return nil, false // keys alone
			}
			items[text(item, "key")] = v[0]
		}
		return items, true
	}
	return nil, false
}

// metadataDelta are the facts of keys added, changed and removed.
func metadataDelta(call Call, delta string) []drift.Fact {
	var facts []drift.Fact
	for _, path := range [...]string{"added", "modified"} {
		if len(list(call.Extra, delta+"."+path+"MetadataKeys")) > 0 {
			facts = append(facts, drift.Fact{Attribute: "metadata", Op: drift.OpSet, Unknown: true})
		}
	}
	gone := map[string]any{}
	for _, k := range list(call.Extra, delta+".deletedMetadataKeys") {
		if key, ok := k.(string); ok {
			gone[key] = nil
		}
	}
	if len(gone) > 0 {
		facts = append(facts, drift.Fact{Attribute: "metadata", Op: drift.OpMerge, Value: gone})
	}
	return facts
}

// googleProjectMetadata: a project's metadata is in state as a whole
// (google_compute_project_metadata) or item by item.
func googleProjectMetadata(call Call, row Row) []drift.Choice {
	project := identity.Short(call.Resource)
	of := drift.Match{Attribute: "project", Value: project}
	all := target(row, "google_compute_project_metadata", drift.Set, project, of)
	item := func(says func(*drift.Entry) (drift.Effect, []drift.Fact)) drift.Target {
		t := target(row, "google_compute_project_metadata_item", drift.Set, project, of)
		t.Tell = says
		return t
	}
	if items, whole := metadataItems(call.Body); whole {
		all.Facts = []drift.Fact{{Attribute: "metadata", Op: drift.OpSet, Value: items}}
		return []drift.Choice{{all, item(func(e *drift.Entry) (drift.Effect, []drift.Fact) {
			v, ok := items[tree.GetString(e.Attributes, "key")]
			if !ok {
				return drift.Delete, nil
			}
			return drift.Create, []drift.Fact{{Attribute: "value", Op: drift.OpSet, Value: v}}
		})}}
	}
	var choices []drift.Choice
	for _, how := range [...]string{"added", "modified", "deleted"} {
		for _, k := range list(call.Extra, "projectMetadataDelta."+how+"MetadataKeys") {
			key, _ := k.(string)
			one := all
			one.Facts = []drift.Fact{{Attribute: "metadata", Op: drift.OpSet, Unknown: true}}
			effect, facts := drift.Create, []drift.Fact{{Attribute: "value", Op: drift.OpSet, Unknown: true}}
			if how == "deleted" {
				one.Facts = []drift.Fact{{Attribute: "metadata", Op: drift.OpMerge, Value: map[string]any{key: nil}}}
				effect, facts = drift.Delete, nil
			}
			t := item(func(e *drift.Entry) (drift.Effect, []drift.Fact) {
				if tree.GetString(e.Attributes, "key") != key {
					return "", nil
				}
				return effect, facts
			})
			t.NewID, t.Within = key, &drift.Within{}
			if how != "modified" {
				t.Effect = effect
			}
			choices = append(choices, drift.Choice{t, one})
		}
	}
	return choices
}

// routerParts are the lists of a router that state keeps as resources of their own.
var routerParts = [...]struct {
	member, typ string
	renames     drift.Renames
}{
	{"bgpPeers", "google_compute_router_peer", "interfaceName=interface routerApplianceInstance=router_appliance_instance advertiseMode=advertise_mode enable=-"},
	{"interfaces", "google_compute_router_interface", "linkedVpnTunnel=vpn_tunnel linkedInterconnectAttachment=interconnect_attachment managementType=-"},
	{"nats", "google_compute_router_nat", "subnetworks=subnetwork natIps=nat_ips"},
}

// googleRouter: patching a router gives the whole list of each kind of its
// parts; one that is left out is deleted.
func googleRouter(call Call, row Row) []drift.Choice {
	router, _ := parseGoogle(call.Resource)
	own := omit(call.Body)
	var choices []drift.Choice
	for _, part := range routerParts {
		elements, given := call.Body[part.member].([]any)
		delete(own, part.member)
		if !given {
			continue
		}
		names := map[string]bool{}
		for _, element := range elements {
			params, _ := element.(map[string]any)
			name := text(params, "name")
			names[name] = true
			t := target(row, part.typ, drift.Create, call.Resource, drift.Match{Attribute: "router", Value: call.Resource}, drift.Match{Attribute: "name", Value: name})
			t.Params, t.Rename = omit(params, "name"), part.renames
			t.NewID = strings.Join([]string{router.project, router.location, router.id(), name}, "/")
			t.Within = &drift.Within{Type: "google_compute_router", Key: t.Key, Match: []drift.Match{{Attribute: "*", Value: call.Resource}}}
			choices = append(choices, drift.Choice{t})
		}
		gone := target(row, part.typ, drift.Set, call.Resource, drift.Match{Attribute: "router", Value: call.Resource})
		gone.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
			if names[tree.GetString(e.Attributes, "name")] {
				return "", nil
			}
			return drift.Delete, nil
		}
		choices = append(choices, drift.Choice{gone})
	}
	if len(own) > 0 || len(choices) == 0 {
		t := target(row, "google_compute_router", drift.Set, call.Resource, drift.Match{Attribute: "*", Value: call.Resource})
		t.Params = own
		choices = append(choices, drift.Choice{t})
	}
	return choices
}

// googleDisks: a disk attached or detached is a resource of its own, or one of
// those that the instance shows.
func googleDisks(call Call, row Row) []drift.Choice {
	device, disk := text(call.Body, "deviceName"), text(call.Body, "source")
	attached := target(row, "google_compute_attached_disk", row.Effect, call.Resource, drift.Match{Attribute: "instance", Value: call.Resource})
	attached.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		if !isDisk(e.Attributes, device, disk, "disk") {
			return "", nil
		}
		return row.Effect, nil
	}
	on := target(row, "google_compute_instance", drift.Set, call.Resource, drift.Match{Attribute: "*", Value: call.Resource})
	on.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		if row.Effect == drift.Create {
			return drift.Set, []drift.Fact{{Attribute: "attached_disk", Op: drift.OpAdd, Value: map[string]any{"source": disk, "device_name": device}}}
		}
		for _, attribute := range [...]string{"attached_disk", "scratch_disk", "boot_disk"} {
			for _, d := range list(e.Attributes, attribute) {
				if isDisk(d, device, disk, "source") {
					return drift.Set, []drift.Fact{{Attribute: attribute, Op: drift.OpRemove, Value: d}}
				}
			}
		}
		return "", nil
	}
	on.Parent = true
	return []drift.Choice{{attached, on}}
}

// isDisk compares by device name, else by the disk.
func isDisk(disk any, device, source, attribute string) bool {
	own, from := text(disk, "device_name"), text(disk, attribute)
	switch {
	case device != "" && own != "":
		return own == device
	case source != "":
		return identity.Short(from) == identity.Short(source)
	}
	return device != "" && identity.Short(from) == device
}

// googleAutoDelete: only the boot disk has this switch in state.
func googleAutoDelete(call Call, row Row) []drift.Choice {
	t := target(row, row.Type, drift.Set, call.Resource, drift.Match{Attribute: "*", Value: call.Resource})
	t.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		if text(e.Attributes, "boot_disk.device_name") != text(call.Body, "deviceName") {
			return "", nil
		}
		return drift.Set, []drift.Fact{{Attribute: "boot_disk", Op: drift.OpMerge, Value: map[string]any{"auto_delete": call.Body["autoDelete"] == true}}}
	}
	return []drift.Choice{{t}}
}

// googleGroupInstances: instances that join or leave an unmanaged group.
func googleGroupInstances(call Call, row Row) []drift.Choice {
	op := drift.OpAdd
	if row.Effect == drift.Remove {
		op = drift.OpRemove
	}
	t := target(row, row.Type, drift.Set, call.Resource, drift.Match{Attribute: "*", Value: call.Resource})
	for _, i := range list(call.Body, "instances") {
		url, ok := i.(string)
		if !ok {
			url = text(i, "instance")
		}
		t.Facts = append(t.Facts, drift.Fact{Attribute: "instances", Op: op, Value: url})
	}
	return []drift.Choice{{t}}
}

// googlePolicyRule: a rule of a security policy by its priority, which is a
// resource of its own or one of the policy's.
func googlePolicyRule(call Call, row Row) []drift.Choice {
	priority := text(call.Params, "priority", "securityPolicyRule.priority")
	own := target(row, "google_compute_security_policy_rule", row.Effect, call.Resource,
		drift.Match{Attribute: "security_policy", Value: call.Resource}, drift.Match{Attribute: "priority", Value: priority})
	own.Params = call.Body
	policy := target(row, "google_compute_security_policy", drift.Set, call.Resource, drift.Match{Attribute: "*", Value: call.Resource})
	policy.Parent = true
	switch row.Effect {
	case drift.Create:
		policy.Effect, policy.Params = drift.Add, map[string]any{"rule": []any{call.Body}}
		return []drift.Choice{{own, policy}}
	case drift.Set:
		policy.Params, policy.Rename = map[string]any{"rule": []any{call.Body}}, "rule=rule~"
		return []drift.Choice{{own, policy}}
	}
	policy.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		for _, rule := range list(e.Attributes, "rule") {
			if text(rule, "priority") == priority {
				return drift.Set, []drift.Fact{{Attribute: "rule", Op: drift.OpRemove, Value: rule}}
			}
		}
		return "", nil
	}
	return []drift.Choice{{own, policy}}
}

// googleAccessConfig: an interface's external address is added, changed or
// taken away; the request names the interface ("nic0").
func googleAccessConfig(call Call, row Row) []drift.Choice {
	_, method, _ := strings.Cut(call.Name, "instances.")
	nic := text(call.Params, "networkInterface")
	given := any(call.Params)
	if v := tree.Get(given, "accessConfig"); len(v) > 0 && method != "deleteAccessConfig" {
		given = v[0]
	}
	config := map[string]any{}
	for member, attribute := range map[string]string{"natIP": "nat_ip", "networkTier": "network_tier", "publicPtrDomainName": "public_ptr_domain_name"} {
		if v := tree.Get(given, member); len(v) > 0 {
			config[attribute] = v[0]
		}
	}
	if method == "addAccessConfig" && config["network_tier"] == nil {
		config["network_tier"] = "PREMIUM"
	}
	t := target(row, row.Type, drift.Set, call.Resource, drift.Match{Attribute: "*", Value: call.Resource})
	t.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		out := []any{}
		for i, v := range list(e.Attributes, "network_interface") {
			fields, _ := v.(map[string]any)
			if name := text(v, "name"); name == nic || nic == "" && i == 0 {
				fields = omit(fields)
				switch configs := list(fields, "access_config"); {
				case method == "deleteAccessConfig":
					fields["access_config"] = cleared
				case len(configs) == 1:
					old, _ := configs[0].(map[string]any)
					changed := omit(old)
					for k, v := range config {
						changed[k] = v
					}
					fields["access_config"] = []any{changed}
				default:
					fields["access_config"] = append(configs, config)
				}
			}
			out = append(out, fields)
		}
		return drift.Set, []drift.Fact{{Attribute: "network_interface", Op: drift.OpSet, Value: out}}
	}
	return []drift.Choice{{t}}
}
