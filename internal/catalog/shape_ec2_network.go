package catalog

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// routeTargets are the members that say where a route leads, each with the
// attribute that aws_route and the route blocks of a table have for it.
var routeTargets = [...]struct{ member, attribute string }{
	{"carrierGatewayId", "carrier_gateway_id"},
	{"coreNetworkArn", "core_network_arn"},
	{"egressOnlyInternetGatewayId", "egress_only_gateway_id"},
	{"gatewayId", "gateway_id"},
	{"localGatewayId", "local_gateway_id"},
	{"natGatewayId", "nat_gateway_id"},
	{"networkInterfaceId", "network_interface_id"},
	{"transitGatewayId", "transit_gateway_id"},
	{"vpcEndpointId", "vpc_endpoint_id"},
	{"vpcPeeringConnectionId", "vpc_peering_connection_id"},
}

// ec2Route: CreateRoute, ReplaceRoute and DeleteRoute are about an aws_route,
// or about one of the routes that the table's own resource lists.
func ec2Route(call Call, row Row) []drift.Choice {
	table := text(call.Params, "routeTableId")
	var destination, block string
	for _, d := range [...]struct{ member, block string }{
		{"destinationCidrBlock", "cidr_block"}, {"destinationIpv6CidrBlock", "ipv6_cidr_block"}, {"destinationPrefixListId", "destination_prefix_list_id"},
	} {
		if v := text(call.Params, d.member); v != "" {
			destination, block = v, d.block
		}
	}
	if table == "" || destination == "" {
		return nil
	}
	element := map[string]any{block: destination}
	for _, t := range routeTargets {
		if v := text(call.Params, t.member); v != "" {
			element[t.attribute] = v
		}
	}
	own := target(row, "aws_route", row.Effect, table,
		drift.Match{Attribute: "route_table_id", Value: table},
		drift.Match{Attribute: "destination_cidr_block|destination_ipv6_cidr_block|destination_prefix_list_id", Value: destination})
	own.NewID = fmt.Sprintf("r-%s%d", table, crc32.ChecksumIEEE([]byte(destination)))
	own.Within = &drift.Within{Type: "aws_route_table", Key: identity.Key(row.Source, table), Match: []drift.Match{{Attribute: "id", Value: table}}}
	if row.Effect != drift.Delete {
		own.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
			var facts []drift.Fact
			for _, t := range routeTargets {
				v, given := element[t.attribute]
				if given || tree.GetString(e.Attributes, t.attribute) != "" && t.attribute != "network_interface_id" { // the provider reads that one of instances and gateways too
					facts = append(facts, drift.Fact{Attribute: t.attribute, Op: drift.OpSet, Value: v})
				}
			}
			return row.Effect, facts
		}
	}
	facts := replaced(row.Effect, "route", map[string]any{block: destination}, element)
	choice := drift.Choice{own}
	for _, typ := range [...]string{"aws_route_table", "aws_default_route_table"} {
		t := target(row, typ, drift.Set, table, drift.Match{Attribute: "id|default_route_table_id", Value: table})
		t.Parent, t.Facts = true, facts
		choice = append(choice, t)
	}
	return []drift.Choice{choice}
}

// replaced is what an effect on an element, named by some of its fields, means
// for the set that it is in.
func replaced(effect drift.Effect, attribute string, name, element map[string]any) []drift.Fact {
	gone := drift.Fact{Attribute: attribute, Op: drift.OpRemove, Value: name}
	made := drift.Fact{Attribute: attribute, Op: drift.OpAdd, Value: element}
	switch effect {
	case drift.Delete:
		return []drift.Fact{gone}
	case drift.Create:
		return []drift.Fact{made}
	}
	return []drift.Fact{gone, made}
}

// ec2AclEntry: the entries of a network ACL, by their number and direction.
func ec2AclEntry(call Call, row Row) []drift.Choice {
	acl, number := text(call.Params, "networkAclId"), text(call.Params, "ruleNumber")
	if acl == "" || number == "" {
		return nil
	}
	direction, egress := "ingress", "false"
	if text(call.Params, "egress") == "true" {
		direction, egress = "egress", "true"
	}
	protocol := Protocol(text(call.Params, "aclProtocol", "protocol"))
	element := map[string]any{
		"rule_no": first(tree.Get(call.Params, "ruleNumber")), "protocol": protocol, "action": text(call.Params, "ruleAction"),
		"from_port": json.Number("0"), "to_port": json.Number("0"),
	}
	for _, m := range [...]struct{ path, field string }{
		{"cidrBlock", "cidr_block"}, {"ipv6CidrBlock", "ipv6_cidr_block"}, {"portRange.from", "from_port"}, {"portRange.to", "to_port"},
		{"icmpTypeCode.type", "icmp_type"}, {"icmpTypeCode.code", "icmp_code"},
	} {
		if v := first(tree.Get(call.Params, m.path)); v != nil {
			element[m.field] = v
		}
	}
	own := target(row, "aws_network_acl_rule", row.Effect, acl,
		drift.Match{Attribute: "network_acl_id", Value: acl}, drift.Match{Attribute: "rule_number", Value: number}, drift.Match{Attribute: "egress", Value: egress})
	for _, field := range tree.Keys(element) {
		attribute := field
		switch field {
		case "rule_no":
			continue
		case "action":
			attribute = "rule_action"
		}
		own.Facts = append(own.Facts, drift.Fact{Attribute: attribute, Op: drift.OpSet, Value: element[field]})
	}
	facts := replaced(row.Effect, direction, map[string]any{"rule_no": number}, element)
	choice := drift.Choice{own}
	for _, typ := range [...]string{"aws_network_acl", "aws_default_network_acl"} {
		t := target(row, typ, drift.Set, acl, drift.Match{Attribute: "id|default_network_acl_id", Value: acl})
		t.Parent, t.Facts = true, facts
		choice = append(choice, t)
	}
	return []drift.Choice{choice}
}

// membership is a set whose elements a call adds and removes, each of which
// may be a resource of its own.
type membership struct {
	member    string // after "add" or "remove", of one element: RouteTableId
	attribute string // the parent's
	part      string // the element's own resource,
	of, by    string // and its attributes for the parent and for the element
}

// memberships makes a choice of each element that a call adds to or removes
// from the sets of a parent, and one of what else it says of the parent.
func memberships(call Call, row Row, parent, id string, sets []membership) []drift.Choice {
	var choices []drift.Choice
	rest := call.rest(row)
	whole := func(facts ...drift.Fact) drift.Target {
		t := target(row, parent, drift.Set, id, drift.Match{Attribute: "*", Value: id})
		t.Facts = facts
		return t
	}
	for _, s := range sets {
		for _, verb := range [...]struct {
			name   string
			op     drift.Op
			effect drift.Effect
		}{{"add", drift.OpAdd, drift.Create}, {"remove", drift.OpRemove, drift.Delete}} {
			for _, plural := range [...]string{"", "s"} {
				member := verb.name + s.member + plural
				for _, v := range list(call.Params, member) {
					element, ok := tree.Text(v)
					if !ok {
						continue
					}
					own := target(row, s.part, verb.effect, id, drift.Match{Attribute: s.of, Value: id}, drift.Match{Attribute: s.by, Value: element})
					all := whole(drift.Fact{Attribute: s.attribute, Op: verb.op, Value: element})
					all.Parent = true
					choices = append(choices, drift.Choice{own, all})
				}
				drop(rest, member)
			}
		}
	}
	if len(rest) > 0 {
		t := whole()
		t.Params, t.Rename = rest, row.Params
		choices = append(choices, drift.Choice{t})
	}
	return choices
}

// openEndpointPolicy is what resetPolicy puts in an endpoint's place.
const openEndpointPolicy = `{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`

// ec2Endpoint: ModifyVpcEndpoint.
func ec2Endpoint(call Call, row Row) []drift.Choice {
	id := text(call.Params, "vpcEndpointId")
	if id == "" {
		return nil
	}
	policy := text(call.Params, "policyDocument")
	if policy == "" && text(call.Params, "resetPolicy") == "true" {
		policy = openEndpointPolicy
	}
	for _, name := range [...]string{"vpcEndpointId", "policyDocument", "resetPolicy"} {
		drop(call.Params, name)
	}
	choices := memberships(call, row, "aws_vpc_endpoint", id, []membership{
		{"RouteTableId", "route_table_ids", "aws_vpc_endpoint_route_table_association", "vpc_endpoint_id", "route_table_id"},
		{"SecurityGroupId", "security_group_ids", "aws_vpc_endpoint_security_group_association", "vpc_endpoint_id", "security_group_id"},
		{"SubnetId", "subnet_ids", "aws_vpc_endpoint_subnet_association", "vpc_endpoint_id", "subnet_id"},
	})
	if policy != "" {
		fact := []drift.Fact{{Attribute: "policy", Op: drift.OpSet, Value: policy}}
		own := target(row, "aws_vpc_endpoint_policy", drift.Set, id, drift.Match{Attribute: "vpc_endpoint_id", Value: id})
		own.Facts = fact
		whole := target(row, "aws_vpc_endpoint", drift.Set, id, drift.Match{Attribute: "id", Value: id})
		whole.Parent, whole.Facts = true, fact
		choices = append(choices, drift.Choice{own, whole})
	}
	return choices
}

// ec2EndpointService: ModifyVpcEndpointServicePermissions.
func ec2EndpointService(call Call, row Row) []drift.Choice {
	id := text(call.Params, "serviceId")
	if id == "" {
		return nil
	}
	drop(call.Params, "serviceId")
	return memberships(call, row, "aws_vpc_endpoint_service", id, []membership{
		{"AllowedPrincipal", "allowed_principals", "aws_vpc_endpoint_service_allowed_principal", "vpc_endpoint_service_id", "principal_arn"},
	})
}

// ec2PrefixList: ModifyManagedPrefixList.
func ec2PrefixList(call Call, row Row) []drift.Choice {
	id := text(call.Params, "prefixListId")
	if id == "" {
		return nil
	}
	var choices []drift.Choice
	for _, verb := range [...]string{"add", "remove"} {
		for _, entry := range append(list(call.Params, verb+"Entries"), list(call.Params, verb+"Entry")...) {
			cidr := text(entry, "cidr")
			if cidr == "" {
				continue
			}
			effect := drift.Create
			if verb == "remove" {
				effect = drift.Delete
			}
			element := map[string]any{"cidr": cidr, "description": text(entry, "description")}
			own := target(row, "aws_ec2_managed_prefix_list_entry", effect, id, drift.Match{Attribute: "prefix_list_id", Value: id}, drift.Match{Attribute: "cidr", Value: cidr})
			whole := target(row, "aws_ec2_managed_prefix_list", drift.Set, id, drift.Match{Attribute: "id", Value: id})
			whole.Parent, whole.Facts = true, replaced(effect, "entry", map[string]any{"cidr": cidr}, element)
			choices = append(choices, drift.Choice{own, whole})
		}
	}
	rest := call.rest(row)
	for k := range rest {
		if lower := strings.ToLower(k); strings.HasPrefix(lower, "addentr") || strings.HasPrefix(lower, "removeentr") || lower == "prefixlistid" || lower == "currentversion" {
			delete(rest, k)
		}
	}
	if len(rest) > 0 {
		t := target(row, "aws_ec2_managed_prefix_list", drift.Set, id, drift.Match{Attribute: "id", Value: id})
		t.Params, t.Rename = rest, row.Params
		choices = append(choices, drift.Choice{t})
	}
	return choices
}

// ec2InterfaceGroups: ModifyNetworkInterfaceAttribute is how the console changes
// the security groups of an instance, whose interface it names.
func ec2InterfaceGroups(call Call, row Row) []drift.Choice {
	id := text(call.Params, "networkInterfaceId")
	if id == "" {
		return nil
	}
	params := call.rest(row)
	drop(params, "networkInterfaceId")
	var groups []any
	_, given := tree.Member(params, "groupSet")
	if given {
		groups = append([]any{}, tree.Get(params, "groupSet[].groupId")...)
		drop(params, "groupSet")
	}
	own := target(row, "aws_network_interface", drift.Set, id, drift.Match{Attribute: "id", Value: id})
	own.Params, own.Rename = params, row.Params
	instance := target(row, "aws_instance", drift.Set, id, drift.Match{Attribute: "primary_network_interface_id", Value: id})
	instance.Parent, instance.Params, instance.Rename = true, params, "description=- attachment=-"
	choices := []drift.Choice{{own, instance}}
	if !given {
		return choices
	}
	choices[0][0].Facts = []drift.Fact{{Attribute: "security_groups", Op: drift.OpSet, Value: groups}}
	choices[0][1].Facts = []drift.Fact{{Attribute: "vpc_security_group_ids", Op: drift.OpSet, Value: groups}}
	attached := target(row, "aws_network_interface_sg_attachment", drift.Delete, id, drift.Match{Attribute: "network_interface_id", Value: id})
	attached.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		for _, g := range groups {
			if identity.Matches(e.Attributes["security_group_id"], fmt.Sprint(g)) {
				return drift.Create, nil
			}
		}
		return drift.Delete, nil
	}
	return append(choices, drift.Choice{attached})
}

// ec2Volume: a volume is a resource of its own, or a block device that its
// instance's resource shows.
func ec2Volume(call Call, row Row) []drift.Choice {
	id := text(call.Params, "volumeId")
	if id == "" {
		return nil
	}
	var own []drift.Target
	switch row.Event {
	case "ModifyVolume":
		for _, typ := range [...]string{"aws_ebs_volume", "aws_ebs_volume_copy"} {
			t := target(row, typ, drift.Set, id, drift.Match{Attribute: "id", Value: id})
			t.Params, t.Rename = call.rest(Row{ID: "id=volumeId"}), "volumeType=type"
			own = append(own, t)
		}
	default:
		t := target(row, "aws_volume_attachment", row.Effect, id, drift.Match{Attribute: "volume_id", Value: id})
		if instance := text(call.Params, "instanceId"); instance != "" {
			t.Match = append(t.Match, drift.Match{Attribute: "instance_id", Value: instance})
		}
		own = append(own, t)
	}
	choice := drift.Choice(own)
	for _, block := range [...]string{"root_block_device", "ebs_block_device"} {
		t := target(row, "aws_instance", drift.Set, id, drift.Match{Attribute: block + ".volume_id", Value: id})
		t.Parent = true
		t.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
			return drift.Set, deviceFacts(call, row, e, block, id)
		}
		choice = append(choice, t)
	}
	if instance := text(call.Params, "instanceId"); row.Effect == drift.Create && instance != "" {
		t := target(row, "aws_instance", drift.Set, instance, drift.Match{Attribute: "id", Value: instance})
		t.Parent = true
		t.Facts = []drift.Fact{{Attribute: "ebs_block_device", Op: drift.OpAdd, Value: map[string]any{"device_name": text(call.Params, "device"), "volume_id": id}}}
		choice = append(choice, t)
	}
	return []drift.Choice{choice}
}

// deviceFacts is what a call on a volume means for the block devices that an
// instance shows.
func deviceFacts(call Call, row Row, e *drift.Entry, block, id string) []drift.Fact {
	if row.Effect == drift.Delete {
		return []drift.Fact{{Attribute: block, Op: drift.OpRemove, Value: map[string]any{"volume_id": id}}}
	}
	devices := list(e.Attributes, block)
	after := make([]any, len(devices))
	for i, d := range devices {
		after[i] = d
		device, ok := d.(map[string]any)
		if !ok || tree.GetString(device, "volume_id") != id {
			continue
		}
		changed := device
		for _, m := range [...]struct{ member, field string }{{"size", "volume_size"}, {"volumeType", "volume_type"}, {"iops", "iops"}, {"throughput", "throughput"}} {
			if v, ok := tree.Member(call.Params, m.member); ok && v != nil {
				changed = with(changed, m.field, v)
			}
		}
		after[i] = changed
	}
	return []drift.Fact{{Attribute: block, Op: drift.OpSet, Value: after}}
}

// ec2Shares: ModifyImageAttribute and ModifySnapshotAttribute share a thing with
// accounts, groups and organizations.
func ec2Shares(call Call, row Row) []drift.Choice {
	id, member, typ, of, parent := text(call.Params, "imageId"), "launchPermission", "aws_ami_launch_permission", "image_id", "aws_ami"
	if row.Event == "ModifySnapshotAttribute" {
		id, member, typ, of, parent = text(call.Params, "snapshotId"), "createVolumePermission", "aws_snapshot_create_volume_permission", "snapshot_id", "aws_ebs_snapshot"
	}
	if id == "" {
		return nil
	}
	var choices []drift.Choice
	for _, verb := range [...]string{"add", "remove"} {
		for _, grant := range list(call.Params, member+"."+verb) {
			who := text(grant, "userId", "group", "organizationArn", "organizationalUnitArn")
			if who == "" {
				continue
			}
			t := target(row, typ, drift.Create, id, drift.Match{Attribute: of, Value: id}, drift.Match{Attribute: "account_id|group|organization_arn|organizational_unit_arn", Value: who})
			if verb == "remove" {
				t.Effect = drift.Delete
			}
			t.NewID = id + "-" + who
			if typ == "aws_ami_launch_permission" {
				t.NewID = who + "-" + id
				if text(grant, "group") != "" {
					t.NewID = "group-" + t.NewID
				}
			}
			t.Within = &drift.Within{Type: parent, Key: identity.Key(row.Source, id), Match: []drift.Match{{Attribute: "id", Value: id}}}
			choices = append(choices, drift.Choice{t})
		}
	}
	if v := text(call.Params, "description"); v != "" && of == "image_id" {
		var c drift.Choice
		for _, typ := range [...]string{"aws_ami", "aws_ami_copy", "aws_ami_from_instance"} {
			t := target(row, typ, drift.Set, id, drift.Match{Attribute: "id", Value: id})
			t.Facts = []drift.Fact{{Attribute: "description", Op: drift.OpSet, Value: v}}
			c = append(c, t)
		}
		choices = append(choices, c)
	}
	return choices
}
