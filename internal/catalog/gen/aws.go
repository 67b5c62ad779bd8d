package main

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/facts"
	"tfdrift/internal/tree"
)

// awsRows derives a row for each pair of operation and type in the facts.
func awsRows(f *Facts) []catalog.Row {
	d := newDeriver(f)
	var rows []catalog.Row
	for _, key := range slices.SortedFunc(maps.Keys(d.ops), compareOps) {
		if key.source == "cloudformation" && !strings.HasPrefix(key.typ, "aws_cloudformation") ||
			key.source == "cloudcontrolapi" && key.typ != "aws_cloudcontrolapi_resource" {
			continue
		}
		row := d.row(key)
		switch id := stated[key.typ+" "+key.event]; {
		case id == "-":
			row = catalog.Row{Source: row.Source, Event: row.Event, Type: row.Type, Effect: drift.Silent}
		case id != "":
			row.ID = id
			if path, own := strings.CutPrefix(strings.Fields(id)[0], "*="); own && row.Effect == drift.Create && !strings.Contains(row.NewID, "{") {
				row.NewID = path
			}
			if row.Effect == drift.Silent {
				row.Effect = d.effect(key)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func compareOps(a, b opType) int {
	return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.event, b.event), cmp.Compare(a.typ, b.typ))
}

type deriver struct {
	*Facts
	ops     map[opType][]opFact
	byType  map[string][]opType
	learned map[string]map[string]string   // type → member (folded) → attribute, over all its operations
	key     map[string]map[string]struct{} // type → members (folded) that name one in a deletion
	parents map[string][2]string           // type → its parent's type and the attribute that names it
	// affinity counts the operations of a type that only one service's model has,
	// or whose parameters are that service's.
	affinity map[string]map[string]int
}

func newDeriver(f *Facts) *deriver {
	d := &deriver{Facts: f, ops: map[opType][]opFact{}, byType: map[string][]opType{}, learned: map[string]map[string]string{},
		key: map[string]map[string]struct{}{}, parents: map[string][2]string{}, affinity: map[string]map[string]int{}}
	for _, o := range f.Ops {
		if d.ops[o.opType] == nil {
			d.byType[o.typ] = append(d.byType[o.typ], o.opType)
		}
		d.ops[o.opType] = append(d.ops[o.opType], o)
	}
	for typ, keys := range d.byType { // what no call is mainly about, its creation's and deletion's calls are
		for _, role := range []string{"create", "delete"} {
			has := func(rank string) func(opType) bool {
				return func(key opType) bool {
					return slices.ContainsFunc(d.ops[key], func(o opFact) bool { return o.role == role && o.rank == rank })
				}
			}
			if slices.ContainsFunc(keys, has("primary")) {
				continue
			}
			for _, key := range keys {
				if has("secondary")(key) && d.about(opType{key.op, typ}) || has("secondary")(key) && (verbOf(key.event) == create || role == "delete" && firstWord(key.event) == "Delete") {
					for i := range d.ops[key] {
						d.ops[key][i].rank = "primary"
					}
				}
			}
		}
	}
	for typ, keys := range d.byType { // and so are the changes of what such a creation makes: ModifyDBInstance of a cluster's instance
		for _, key := range keys {
			creation := opType{op{key.source, "Create" + key.event[len(firstWord(key.event)):]}, typ}
			if facts := d.ops[creation]; len(facts) > 0 && facts[0].rank == "primary" && firstWord(key.event) == "Modify" {
				for i := range d.ops[key] {
					d.ops[key][i].rank = "primary"
				}
			}
		}
	}
	d.learn()
	for typ, keys := range d.byType {
		counts := map[string]int{}
		for _, key := range keys {
			if d.ops[key][0].rank != "tag" {
				for _, m := range d.model(key) {
					counts[m.service]++
				}
			}
		}
		d.affinity[typ] = counts
	}
	for typ := range d.byType {
		d.keys(typ)
	}
	for typ := range d.byType {
		parent, attribute := d.findParent(typ)
		d.parents[typ] = [2]string{parent, attribute}
	}
	for typ := range d.byType {
		if t := f.Types[typ]; !t.single {
			t.single = singletons[typ] || d.nameless(typ)
		}
	}
	return d
}

// singletons exist once in an account and region, though some call on them
// takes or gives something like a name.
var singletons = map[string]bool{
	"aws_ebs_default_kms_key": true, "aws_ebs_encryption_by_default": true, "aws_ebs_snapshot_block_public_access": true,
	"aws_organizations_organization": true, "aws_organizations_resource_policy": true, "aws_vpc_block_public_access_options": true,
	"aws_spot_datafeed_subscription": true, "aws_config_retention_configuration": true, "aws_ecr_registry_policy": true,
	"aws_ecr_replication_configuration": true, "aws_ecr_registry_scanning_configuration": true, "aws_iam_account_password_policy": true,
	"aws_iam_account_alias": true, "aws_macie2_account": true, "aws_securityhub_account": true,
	"aws_securitylake_data_lake": true, "aws_devopsguru_resource_collection": true,
	"aws_ses_active_receipt_rule_set": true, "aws_shield_drt_access_role_arn_association": true, "aws_sesv2_account_vdm_attributes": true,
	"aws_glue_data_catalog_encryption_settings": true, "aws_glue_resource_policy": true,
	"aws_networkflowmonitor_scope": true, "aws_securityhub_account_v2": true,
}

// nameless types exist once: no call on them takes a name or answers with one.
func (d *deriver) nameless(typ string) bool {
	t := d.Types[typ]
	if t.has("tags") || strings.HasPrefix(t.form, "output:") || d.parent(typ) != "" {
		return false
	}
	for _, key := range d.byType[typ] {
		if id := d.newID(key); len(d.identify(key)) > 0 || id != "" && (t.has("arn") || id != d.guess(key, drift.Create)) {
			return false
		}
	}
	return true
}

// learn notes which attribute a member stands for in any operation on a type:
// a deletion's members are those that the creation read off attributes.
func (d *deriver) learn() {
	weight := map[string]int{"code": 3, "direct": 2} // rules only guess
	for typ, keys := range d.byType {
		votes := map[string]map[string]int{}
		for _, key := range keys {
			for _, p := range d.Params[key] {
				if m := facts.Fold(p.member); votes[m] == nil {
					votes[m] = map[string]int{}
				}
				votes[facts.Fold(p.member)][p.attribute] += weight[p.how]
			}
		}
		learned := map[string]string{}
		for member, attributes := range votes {
			maps.DeleteFunc(attributes, func(_ string, n int) bool { return n == 0 })
			if len(attributes) == 0 {
				continue
			}
			learned[member] = slices.MaxFunc(slices.Sorted(maps.Keys(attributes)), func(a, b string) int {
				return cmp.Or(cmp.Compare(attributes[a], attributes[b]), cmp.Compare(b, a))
			})
		}
		d.learned[typ] = learned
	}
}

// attribute is what a member of an operation stands for in the type, "" if that is not known.
func (d *deriver) attribute(key opType, member string) string {
	t := d.Types[key.typ]
	if t == nil {
		return ""
	}
	best := ""
	for _, p := range d.Params[key] {
		if tree.SameName(p.member, member) && t.has(p.attribute) && p.how != "rule" {
			best = p.attribute
		}
	}
	for name := range t.attributes {
		if best == "" && tree.SameName(name, member) {
			best = name
		}
	}
	if a := d.learned[key.typ][facts.Fold(member)]; best == "" && t.has(a) {
		best = a
	}
	if best == "" { // PolicyName of a role_policy is its name
		for suffix, own := range map[string]string{"name": "name", "id": "id", "arn": "arn", "identifier": "id"} {
			stem, ok := strings.CutSuffix(facts.Fold(member), suffix)
			stem = strings.TrimPrefix(stem, "db") // DBClusterParameterGroupName of a neptune_cluster_parameter_group
			if own == "id" && t.has("identifier") {
				own = "identifier"
			} else if own == "id" && suffix == "identifier" && t.has("cluster_identifier") {
				own = "cluster_identifier"
			}
			if ok && stem != "" && strings.HasSuffix(facts.Fold(key.typ), stem) && t.has(own) {
				return own
			}
		}
	}
	return best
}

// idle members never name the resource.
var idle = map[string]bool{"expectedbucketowner": true, "expectedsourcebucketowner": true, "ifmatch": true, "clienttoken": true, "clientrequesttoken": true,
	"dryrun": true, "tags": true, "tagkeys": true, "idempotencytoken": true, "locktoken": true, "updatetoken": true, "changetoken": true, "nexttoken": true,
	"checksumalgorithm": true, "contentmd5": true, "skipfinalsnapshot": true, "force": true, "callerreference": true, "region": true, "currentversion": true,
	"currentapplicationversionid": true, "creationtoken": true, "mfa": true, "ippermissions": true, "xamzservicename": true, "requestpayer": true,
	"bypassgovernanceretention": true, "clientrequestid": true, "creatorrequestid": true, "revisionid": true, "deletedirectory": true, "retainstacks": true}

// keys finds the members that name a type's resource: what its deletion requires.
func (d *deriver) keys(typ string) {
	found := map[string]struct{}{}
	for _, key := range d.byType[typ] {
		deletes := slices.ContainsFunc(d.ops[key], func(o opFact) bool { return o.role == "delete" && o.rank == "primary" })
		if !deletes || verbOf(key.event) != undo {
			continue
		}
		for _, m := range d.model(key) {
			for _, name := range m.required {
				if member, _, _ := strings.Cut(name, "@"); !idle[facts.Fold(member)] {
					found[facts.Fold(member)] = struct{}{}
				}
			}
		}
	}
	d.key[typ] = found
}

// model is what the service models say of the operation; where two services
// share its source, of the one whose members the type's parameters are.
func (d *deriver) model(key opType) []memberFact {
	models := d.Members[op{key.source, key.event}]
	if len(models) < 2 {
		return models
	}
	score := func(m memberFact) int {
		n := 0
		all := append(slices.Clone(m.required), m.optional...)
		for _, o := range d.ops[key] {
			if slices.ContainsFunc(all, func(s string) bool { return tree.SameName(spelled(s), o.from) }) {
				n += 3
			}
		}
		for _, p := range d.Params[key] {
			if slices.ContainsFunc(all, func(s string) bool { return tree.SameName(spelled(s), p.member) }) {
				n++
			}
		}
		if strings.Contains(facts.Fold(key.typ), facts.Fold(m.service)) {
			n += 4
		}
		return n*100 + d.affinity[key.typ][m.service]
	}
	best := slices.MaxFunc(models, func(a, b memberFact) int { return cmp.Compare(score(a), score(b)) })
	return []memberFact{best}
}

func spelled(member string) string {
	name, _, _ := strings.Cut(member, "@")
	return name
}

func (d *deriver) row(key opType) catalog.Row {
	row := catalog.Row{Source: key.source, Event: key.event, Type: key.typ}
	facts := d.ops[key]
	if strings.HasPrefix(key.event, "Create") && strings.HasSuffix(key.event, "WithTags") { // CreateDistributionWithTags
		noun := lowerFirst(strings.TrimSuffix(strings.TrimPrefix(key.event, "Create"), "WithTags"))
		row.Effect, row.NewID = drift.Create, "response:"+noun+".id"
		row.ID = "*=" + row.NewID
		return row
	}
	if facts[0].rank == "tag" || strings.HasPrefix(key.event, "Untag") || slices.ContainsFunc(facts, func(o opFact) bool { return o.role == "tag" }) {
		return d.tagRow(row, key)
	}
	row.Parent = d.parent(key.typ) == "" && !slices.ContainsFunc(facts, func(o opFact) bool { return o.rank != "secondary" })
	row.Effect = d.effect(key)
	switch {
	case quietCalls[key.source+" "+key.event], strings.HasPrefix(key.event, "Reboot"):
		return catalog.Row{Source: key.source, Event: key.event, Type: key.typ, Effect: drift.Silent}
	case (firstWord(key.event) == "Start" || firstWord(key.event) == "Stop") && row.Effect == drift.Set && !slices.ContainsFunc(facts, func(o opFact) bool { return o.role == "update" || o.role == "extra" }):
		// a step before or after the change proper
		return catalog.Row{Source: key.source, Event: key.event, Type: key.typ, Effect: drift.Silent}
	case row.Parent && row.Effect == drift.Delete:
		row.Effect = drift.Remove // deletes a part of it
	case row.Effect == drift.Create && (row.Parent || items[key.typ]):
		row.Effect = drift.Set
	}
	if row.Effect == drift.Create {
		row.NewID = d.newID(key)
	}
	members := d.identify(key)
	row.ID = d.conditions(key, row.Effect, row.NewID, members)
	if row.ID == "" {
		if paths := d.guess(key, row.Effect); paths != "" {
			row.ID = "*=" + paths
			if row.Effect == drift.Create && row.NewID == "" {
				row.NewID = paths
			}
		}
	}
	if row.Parent && row.Effect != drift.Create && len(members) > 0 && d.foreign(key, members[0]) {
		row.ID = ""
	}
	if row.ID == "" { // a step of the provider's on something else: nothing names the resource
		return catalog.Row{Source: key.source, Event: key.event, Type: key.typ, Effect: drift.Silent}
	}
	row.Params = d.renames(key, row.ID, members)
	if row.Effect == drift.Create {
		row.Within = d.within(key, members)
	}
	row.When = when(key, row.Effect)
	row.ID = withRest(row.ID, key.typ, key.event)
	if key.typ == "aws_s3_account_public_access_block" { // shares the bucket's operation, and logs no account member
		row.ID, row.Params, row.When = "*=account", "accountId=-", "bucketName="
	}
	return row
}

// identify lists the members that name the resource in an operation, the most
// telling first.
func (d *deriver) identify(key opType) []string {
	t := d.Types[key.typ]
	if t == nil {
		return nil
	}
	var from []string
	for _, o := range d.ops[key] {
		if o.from != "" && !strings.HasPrefix(o.from, "response:") && !idle[facts.Fold(o.from)] {
			from = append(from, o.from)
		}
	}
	var required, optional []string
	known := false
	for _, m := range d.model(key) {
		known = true
		required = append(required, m.required...)
		optional = append(optional, m.optional...)
	}
	isKey := func(member string) bool {
		member = spelled(member)
		if strings.HasPrefix(member, "New") {
			return false // a name to come
		}
		if only := owners[key.typ]; only != "" {
			return d.attribute(key, member) == only
		}
		if idle[facts.Fold(member)] || facts.Fold(member) == "accountid" && !t.has("account_id") {
			return false
		}
		_, named := d.key[key.typ][facts.Fold(member)]
		a := d.attribute(key, member)
		return named || slices.Contains(t.identity, a) || a == "id" || a == "arn" || slices.ContainsFunc(from, func(f string) bool { return tree.SameName(f, member) })
	}
	var out []string
	for _, member := range required {
		if isKey(member) {
			out = append(out, member)
		}
	}
	if !known {
		out = append(out, from...)
		for _, p := range d.Params[key] {
			if slices.Contains(t.identity, p.attribute) && p.how != "rule" && !idle[facts.Fold(p.member)] && !slices.ContainsFunc(out, func(m string) bool { return tree.SameName(m, p.member) }) {
				out = append(out, p.member)
			}
		}
	}
	names := func(member string) bool { // a required attribute that reads like a name
		a := d.attribute(key, spelled(member))
		return !idle[facts.Fold(spelled(member))] && t.attributes[a].required && nameLike.MatchString(a)
	}
	ownID := func(m string) bool { return strings.HasSuffix(facts.Fold(key.typ), stemOf(m)) }
	if !known && !t.has("arn") && !t.has("tags") && !slices.ContainsFunc(out, ownID) { // a join, of which no model tells the call's members: those of its creation
		for _, other := range d.byType[key.typ] {
			for _, p := range d.Params[other] {
				if firstWord(other.event) != "Update" && t.attributes[p.attribute].required && nameLike.MatchString(p.attribute) && p.how != "rule" &&
					!slices.ContainsFunc(out, func(m string) bool { return tree.SameName(spelled(m), p.member) }) {
					out = append(out, p.member)
				}
			}
		}
	}
	if len(out) == 0 {
		for _, member := range required {
			if names(member) {
				out = append(out, member)
			}
		}
	}
	if len(out) == 0 && !known {
		for _, p := range d.Params[key] {
			if names(p.member) {
				out = append(out, p.member)
			}
		}
	}
	if len(out) == 0 {
		for _, member := range optional {
			_, named := d.key[key.typ][facts.Fold(spelled(member))]
			a := d.attribute(key, spelled(member))
			if !idle[facts.Fold(spelled(member))] && (named || a != "" && (slices.Contains(t.identity, a) || a == "id" || a == "arn")) ||
				slices.ContainsFunc(from, func(f string) bool { return tree.SameName(f, spelled(member)) }) {
				out = append(out, member)
			}
		}
	}
	if len(out) == 0 {
		out = from
	}
	if len(out) == 0 && known {
		if noun := key.event[len(firstWord(key.event)):]; inside[key.source+" "+noun] != "" {
			out = append(out, noun)
		}
	}
	for i, member := range out {
		out[i] = d.scalar(key, member)
	}
	own := func(member string) bool {
		a := d.attribute(key, spelled(member))
		return !idle[facts.Fold(spelled(member))] && (a == "id" || a == "arn" || a == "name") && strings.HasSuffix(facts.Fold(key.typ), stemOf(member))
	}
	if t.has("arn") && slices.ContainsFunc(optional, own) && !slices.ContainsFunc(out, func(m string) bool {
		a := d.attribute(key, spelled(m))
		return own(m) || a == "id" || a == "arn" || a == "name" || slices.Contains(t.identity, a) || strings.HasSuffix(facts.Fold(key.typ), stemOf(m))
	}) {
		out = nil // AssociateFirewallPolicy requires the policy's ARN and takes the firewall's
		for _, member := range optional {
			if own(member) {
				out = append(out, member)
			}
		}
	}
	out = d.twins(key, out, optional)
	slices.SortStableFunc(out, func(a, b string) int {
		return cmp.Or(-cmp.Compare(d.closeness(key, a), d.closeness(key, b)), cmp.Compare(facts.Fold(a), facts.Fold(b)))
	})
	return slices.Compact(out)
}

// foreign reports whether a member names something else: StartReplicationTask's
// replicationTaskArn is no name of an endpoint.
func (d *deriver) foreign(key opType, member string) bool {
	stem := stemOf(member)
	switch stem {
	case "resource", "id", "arn", "name", "identifier":
		return false
	}
	return d.attribute(key, spelled(member)) == "" && !strings.Contains(facts.Fold(key.typ), stem)
}

// twins adds the optional members that name the same thing in another form
// (StreamARN, where StreamName would do), and takes out what is the new name
// of a thing that its id names (UpdateAgent's agentName).
func (d *deriver) twins(key opType, members, optional []string) []string {
	twin := func(a string) func(string) bool {
		return func(b string) bool {
			return a != b && stemOf(a) == stemOf(b) && facts.Fold(spelled(a)) != stemOf(a) && facts.Fold(spelled(b)) != stemOf(b)
		}
	}
	var out []string
	for _, member := range members {
		renames := verbOf(key.event) == upsert && strings.HasSuffix(facts.Fold(spelled(member)), "name") && slices.ContainsFunc(members, twin(member))
		if !renames || slices.Contains(optional, member) {
			out = append(out, member)
		}
	}
	for _, member := range optional {
		if !slices.Contains(out, member) && slices.ContainsFunc(out, func(m string) bool { return twin(member)(m) && slices.Contains(optional, m) }) {
			out = append(out, member)
		}
	}
	return out
}

// rest completes the identity of parts that a call names in a list or by one
// of several members, which derivation does not see.
var rest = map[string]string{
	"aws_route":                                                  "destination_cidr_block|destination_ipv6_cidr_block|destination_prefix_list_id=destinationCidrBlock|destinationIpv6CidrBlock|destinationPrefixListId",
	"aws_lb_listener_certificate":                                "certificate_arn=certificates[].certificateArn",
	"aws_alb_listener_certificate":                               "certificate_arn=certificates[].certificateArn",
	"aws_lb_target_group_attachment":                             "target_id=targets[].id",
	"aws_alb_target_group_attachment":                            "target_id=targets[].id",
	"aws_cloudwatch_event_target":                                "target_id=targets[].id|ids",
	"aws_vpc_security_group_vpc_association":                     "security_group_id=groupId",
	"aws_bedrock_guardrail_version DeleteGuardrail":              "version=guardrailVersion",
	"aws_bedrock_guardrail_version CreateGuardrailVersion":       "version=response:version",
	"aws_licensemanager_association":                             "license_configuration_arn=addLicenseSpecifications[].licenseConfigurationArn|removeLicenseSpecifications[].licenseConfigurationArn",
	"aws_lightsail_domain_entry":                                 "name=domainEntry.name",
	"aws_ram_resource_association":                               "resource_arn=resourceArns",
	"aws_ram_principal_association":                              "principal=principals",
	"aws_sagemaker_image_version":                                "image_name=imageName version=version",
	"aws_sagemaker_device":                                       "device_fleet_name=deviceFleetName device_name=devices[].deviceName|deviceNames",
	"aws_autoscaling_attachment AttachLoadBalancerTargetGroups":  "lb_target_group_arn=targetGroupARNs",
	"aws_autoscaling_attachment DetachLoadBalancerTargetGroups":  "lb_target_group_arn=targetGroupARNs",
	"aws_cloudformation_stack_set_instance":                      "account_id=accounts|deploymentTargets.accounts stack_set_instance_region|region=regions",
	"aws_cloudhsm_v2_hsm":                                        "hsm_id=hsmId",
	"aws_db_proxy_target":                                        "db_instance_identifier|db_cluster_identifier=dBInstanceIdentifiers|dBClusterIdentifiers",
	"aws_detective_member":                                       "account_id=accounts[].accountId|accountIds",
	"aws_dx_bgp_peer":                                            "bgp_asn=asn|newBGPPeer.asn",
	"aws_ec2_local_gateway_route":                                "destination_cidr_block=destinationCidrBlock",
	"aws_ec2_transit_gateway_route_table_propagation":            "transit_gateway_attachment_id=transitGatewayAttachmentId",
	"aws_elb_attachment":                                         "instance=instances[].instanceId",
	"aws_guardduty_member":                                       "account_id=accountDetails[].accountId|accountIds",
	"aws_kms_grant CreateGrant":                                  "grant_id=response:grantId",
	"aws_lb_trust_store_revocation RemoveTrustStoreRevocations":  "revocation_id=revocationIds",
	"aws_lexv2models_bot_version CreateBotVersion":               "bot_version=response:botVersion",
	"aws_nat_gateway_eip_association AssociateNatGatewayAddress": "allocation_id=allocationIds",
	"aws_redshift_endpoint_authorization":                        "account=account",
	"aws_route53_vpc_association_authorization":                  "vpc_id=vPC.vPCId",
	"aws_route53_zone_association":                               "vpc_id=vPC.vPCId",
	"aws_vpc_ipam_pool_cidr":                                     "cidr=cidr",
	"aws_acmpca_certificate":                                     "arn=certificateSerial",
	"aws_servicecatalog_portfolio_share":                         "principal_id=accountId|organizationNode.value",
	"google_compute_firewall_policy_association":                 "name=name",
	"google_compute_network_firewall_policy_association":         "name=name",
	"google_compute_region_network_firewall_policy_association":  "name=name",
	"google_compute_backend_bucket_signed_url_key":               "name=keyName",
	"google_compute_backend_service_signed_url_key":              "name=keyName",
	"google_compute_network_endpoint":                            "instance=networkEndpoints[].instance",
	"google_compute_network_peering":                             "name=networkPeering.name|name",
	"google_compute_instance_group_membership":                   "instance=instances[].instance",
	"google_compute_per_instance_config":                         "name=names|perInstanceConfigs[].name",
	"google_compute_region_per_instance_config":                  "name=names|perInstanceConfigs[].name",
	"google_compute_firewall_policy_rule":                        "priority=priority",
	"google_compute_network_firewall_policy_rule":                "priority=priority",
	"google_compute_region_network_firewall_policy_rule":         "priority=priority",
	"google_compute_security_policy_rule":                        "priority=priority",
	"google_compute_region_security_policy_rule":                 "priority=priority",
	"google_compute_organization_security_policy_rule":           "priority=priority",
	"google_compute_resource_policy_attachment":                  "name=resourcePolicies",
	"google_compute_disk_resource_policy_attachment":             "name=resourcePolicies",
	"google_compute_region_disk_resource_policy_attachment":      "name=resourcePolicies",
	"google_compute_attached_disk":                               "disk=source|deviceName",
}

func withRest(id, typ, event string) string {
	more := cmp.Or(rest[typ+" "+event], rest[typ])
	attribute, _, _ := strings.Cut(more, "=")
	if more == "" || id == "" || strings.Contains(" "+id, " "+attribute+"=") || strings.HasPrefix(id, "*="+catalog.New) || strings.HasPrefix(id, "*=response:") {
		return id
	}
	conditions := slices.DeleteFunc(strings.Fields(id), func(c string) bool { return strings.HasPrefix(c, "*=") })
	return strings.Join(append(conditions, more), " ")
}

// stated IDs are those of calls that name the resource inside a structure or by
// a member that no rule finds; "-" silences a call that is about something else.
var stated = map[string]string{
	"aws_codedeploy_deployment_group UpdateDeploymentGroup":                          "deployment_group_name=currentDeploymentGroupName app_name=applicationName",
	"aws_cloudformation_type SetTypeDefaultVersion":                                  "*=arn|typeName",
	"aws_glue_partition_index CreatePartitionIndex":                                  "table_name=tableName database_name=databaseName",
	"aws_fms_policy PutPolicy":                                                       "*=policy.policyId|response:policy.policyId",
	"aws_fms_resource_set PutResourceSet":                                            "*=resourceSet.id|response:resourceSet.id",
	"aws_ssm_parameter DeleteParameters":                                             "*=names",
	"aws_lb_trust_store_revocation AddTrustStoreRevocations":                         "revocation_id=response:trustStoreRevocations[].revocationId trust_store_arn=trustStoreArn",
	"aws_vpc_security_group_egress_rule AuthorizeSecurityGroupEgress":                "*=response:securityGroupRuleSet[].securityGroupRuleId",
	"aws_vpc_security_group_ingress_rule AuthorizeSecurityGroupIngress":              "*=response:securityGroupRuleSet[].securityGroupRuleId",
	"aws_codestarnotifications_notification_rule DeleteTarget":                       "-",
	"aws_connect_contact_flow DisassociateFlow":                                      "-",
	"aws_dataexchange_revision DeleteRevision":                                       "revision_id=revisionId data_set_id=dataSetId",
	"aws_dataexchange_revision UpdateRevision":                                       "revision_id=revisionId data_set_id=dataSetId",
	"aws_dataexchange_revision_assets DeleteRevision":                                "id=revisionId data_set_id=dataSetId",
	"aws_dataexchange_revision_assets UpdateRevision":                                "id=revisionId data_set_id=dataSetId",
	"aws_ebs_volume_copy CopyVolumes":                                                "*=response:volumes[].volumeId",
	"aws_eks_capability DeleteCapability":                                            "capability_name=capabilityName cluster_name=clusterName|name",
	"aws_elasticache_replication_group DeleteCacheParameterGroup":                    "-",
	"aws_proxy_protocol_policy SetLoadBalancerPoliciesForBackendServer":              "-",
	"aws_emr_instance_fleet ModifyInstanceFleet":                                     "*=instanceFleet.instanceFleetId",
	"aws_glue_connection CreateConnection":                                           "*=connectionInput.name",
	"aws_guardduty_ipset CreateIPSet":                                                "*=response:ipSetId",
	"aws_guardduty_threatintelset CreateThreatIntelSet":                              "*=response:threatIntelSetId",
	"aws_lakeformation_lf_tag CreateLFTag":                                           "key=tagKey",
	"aws_lakeformation_lf_tag UpdateLFTag":                                           "key=tagKey",
	"aws_lakeformation_lf_tag DeleteLFTag":                                           "key=tagKey",
	"aws_odb_network_peering_connection UpdateOdbPeeringConnection":                  "*=odbPeeringConnectionId",
	"aws_organizations_account MoveAccount":                                          "*=accountId",
	"aws_db_instance CreateBlueGreenDeployment":                                      "-",
	"aws_db_instance SwitchoverBlueGreenDeployment":                                  "-",
	"aws_s3control_multi_region_access_point CreateMultiRegionAccessPoint":           "*=details.name",
	"aws_s3control_multi_region_access_point DeleteMultiRegionAccessPoint":           "*=details.name",
	"aws_s3control_multi_region_access_point_policy PutMultiRegionAccessPointPolicy": "*=details.name",
	"aws_s3_object PutObjectTagging":                                                 "bucket=bucketName key=key",
	"aws_s3_object DeleteObjectTagging":                                              "bucket=bucketName key=key",
	"aws_s3_object_copy PutObjectTagging":                                            "bucket=bucketName key=key",
	"aws_s3_object_copy DeleteObjectTagging":                                         "bucket=bucketName key=key",
	"aws_s3_bucket_object PutObjectTagging":                                          "bucket=bucketName key=key",
	"aws_s3_bucket_object DeleteObjectTagging":                                       "bucket=bucketName key=key",
	"aws_sagemaker_training_job DeleteModelPackage":                                  "-",
	"aws_ses_receipt_rule CreateReceiptRule":                                         "name=rule.name rule_set_name=ruleSetName",
	"aws_ses_receipt_rule UpdateReceiptRule":                                         "name=rule.name rule_set_name=ruleSetName",
	"aws_ssoadmin_permission_set CreatePermissionSet":                                "*=response:permissionSet.permissionSetArn",
	"aws_wafv2_api_key CreateAPIKey":                                                 "api_key=response:aPIKey",
	"aws_budgets_budget UpdateBudget":                                                "*=newBudget.budgetName",
	"aws_budgets_budget CreateBudget":                                                "*=budget.budgetName",
	"aws_dataexchange_revision_assets UpdateAsset":                                   "id=revisionId data_set_id=dataSetId",
	"aws_dataexchange_revision_assets DeleteAsset":                                   "id=revisionId data_set_id=dataSetId",
	"aws_ebs_snapshot CreateSnapshots":                                               "*=response:snapshots[].snapshotId",
	"aws_glue_user_defined_function CreateUserDefinedFunction":                       "*=functionInput.functionName database_name=databaseName",
	"aws_macie2_invitation_accepter AcceptInvitation":                                "administrator_account_id=administratorAccountId|masterAccount",
	"aws_route53recoverycontrolconfig_safety_rule UpdateSafetyRule":                  "*=assertionRuleUpdate.safetyRuleArn|gatingRuleUpdate.safetyRuleArn",
	"aws_ses_event_destination CreateConfigurationSetEventDestination":               "*=eventDestination.name configuration_set_name=configurationSetName",
	"aws_iam_user_group_membership RemoveUserFromGroup":                              "user=userName",
	"aws_iam_user_group_membership AddUserToGroup":                                   "user=userName",
	"aws_securityhub_invite_accepter AcceptInvitation":                               "singleton",
	"aws_securityhub_invite_accepter AcceptAdministratorInvitation":                  "singleton",
	"aws_glue_catalog_table CreateTable":                                             "*=tableInput.name database_name=databaseName",
	"aws_glue_catalog_table UpdateTable":                                             "*=tableInput.name database_name=databaseName",
	"aws_glue_catalog_database CreateDatabase":                                       "*=databaseInput.name",
}

// owners are what types that hold all of something's parts are found by.
var owners = map[string]string{
	"aws_iam_role_policies_exclusive": "role_name", "aws_iam_role_policy_attachments_exclusive": "role_name",
	"aws_iam_user_policies_exclusive": "user_name", "aws_iam_user_policy_attachments_exclusive": "user_name",
	"aws_vpc_security_group_rules_exclusive": "security_group_id", "aws_iam_group_policies_exclusive": "group_name", "aws_iam_group_policy_attachments_exclusive": "group_name",
}

// items are data rather than infrastructure: a new one is nobody's drift.
var items = map[string]bool{"aws_s3_object": true, "aws_s3_bucket_object": true, "aws_s3_object_copy": true, "aws_dynamodb_table_item": true,
	"aws_cloudwatch_log_stream": true, "aws_cloudfrontkeyvaluestore_key": true, "aws_lambda_invocation": true}

// quietCalls apply what is set already.
var quietCalls = map[string]bool{"sso ProvisionPermissionSet": true, "lambda Invoke": true, "athena StartQueryExecution": true,
	"dynamodb PutItem": true, "dynamodb UpdateItem": true, "dynamodb DeleteItem": true, "directconnect AssociateHostedConnection": true}

var nameLike = regexp.MustCompile(`(name|id|arn|identifier|namespace|key)$`)

// guess lists the members by which a call on a thing that no model at hand
// knows will name it: AWS's habits, over the noun in the operation's name.
func (d *deriver) guess(key opType, effect drift.Effect) string {
	sole := firstWord(key.event) == "Delete" && d.onlyDeletion(key)
	if len(d.Members[op{key.source, key.event}]) > 0 || !d.about(key) && !sole || !slices.Contains([]string{"Create", "Update", "Modify", "Put", "Delete", "Register"}, firstWord(key.event)) {
		return ""
	}
	noun := lowerFirst(key.event[len(firstWord(key.event)):])
	t := d.Types[key.typ]
	if snake := tree.Snake(noun); effect == drift.Create && !t.has("arn") && !t.has(snake+"_arn") && !t.has(snake+"_id") && len(d.identify(key)) > 0 {
		return ""
	}
	paths := []string{noun + "Arn", noun + "Id", noun + "Identifier", noun + "Name", "arn", "id", "identifier", "name"}
	if effect == drift.Create {
		paths = []string{"response:" + noun + "Arn", "response:" + noun + "Id", "response:arn", "response:id", "response:" + noun + ".arn", "response:" + noun + ".id",
			"response:" + noun + "." + noun + "Arn", "response:" + noun + "." + noun + "Id", noun + "Name", "name"}
	}
	if word := firstWord(noun); word != noun { // UpdateLocationS3's locationArn
		if effect == drift.Create {
			word = "response:" + word
		}
		paths = append(paths, word+"Arn", word+"Id")
	}
	return strings.Join(paths, "|")
}

func firstWord(event string) string {
	end := min(1, len(event))
	for end < len(event) && event[end] >= 'a' && event[end] <= 'z' {
		end++
	}
	return event[:end]
}

// scalar marks a member that no model calls a scalar: it is a structure that
// holds the name.
func (d *deriver) scalar(key opType, member string) string {
	models := d.model(key)
	for _, m := range models {
		for _, known := range append(slices.Clone(m.required), m.optional...) {
			if tree.SameName(spelled(known), spelled(member)) {
				return known
			}
		}
	}
	if len(models) == 0 || naming.MatchString(member) && !strings.HasSuffix(member, "s") && inside[key.source+" "+member] == "" && strings.HasSuffix(strings.ToLower(member), "id") || strings.Contains(member, "@") {
		return member
	}
	return member + "@" + inStructure
}

// inside says where in a structure the name is.
var inside = map[string]string{
	"appstream UserStackAssociations":       "userStackAssociations[].userName",
	"config ConfigRule":                     "configRule.configRuleName",
	"config RemediationConfigurations":      "remediationConfigurations[].configRuleName",
	"cur ReportDefinition":                  "reportDefinition.reportName",
	"elasticloadbalancing RulePriorities":   "rulePriorities[].ruleArn",
	"elasticmapreduce InstanceGroups":       "instanceGroups[].instanceGroupId",
	"glue XMLClassifier":                    "grokClassifier.name|xMLClassifier.name|jsonClassifier.name|csvClassifier.name",
	"glue RegistryId":                       "registryId.registryName|registryId.registryArn",
	"glue SchemaId":                         "schemaId.schemaArn|schemaId.schemaName",
	"monitoring ManagedRules":               "managedRules[].resourceARN",
	"securityhub AccountDetails":            "accountDetails[].accountId",
	"securitylake Sources":                  "sources[].sourceName",
	"ses Template":                          "template.templateName",
	"waf LoggingConfiguration":              "loggingConfiguration.resourceArn",
	"waf-regional LoggingConfiguration":     "loggingConfiguration.resourceArn",
	"workspaces TerminateWorkspaceRequests": "terminateWorkspaceRequests[].workspaceId",
	"wafv2 LoggingConfiguration":            "loggingConfiguration.resourceArn",
	"xray SamplingRule":                     "samplingRule.ruleName",
	"xray SamplingRuleUpdate":               "samplingRuleUpdate.ruleName|samplingRuleUpdate.ruleARN",
}

// inStructure stands in a member's wire name for: a structure of that name, in
// which the name is.
const inStructure = "."

// closeness says how likely a member is the resource's own name rather than
// that of what it is in: by the words that it shares with the type's name.
func (d *deriver) closeness(key opType, member string) int {
	words := strings.Split(key.typ, "_")
	own := strings.Split(tree.Snake(spelled(member)), "_")
	score := 0
	for i, word := range words[1:] {
		if slices.ContainsFunc(own, func(w string) bool { return w == word || w == word+"s" || w+"s" == word }) {
			score += i + 1 // later words are closer to what the thing is
		}
	}
	if stem := stemOf(member); len(stem) > 3 && strings.HasSuffix(facts.Fold(key.typ), stem) {
		score += 10 // NodegroupName and aws_eks_node_group
	}
	switch facts.Fold(spelled(member)) {
	case "id", "arn", "identifier", "name":
		score += 8
	}
	switch a := d.attribute(key, spelled(member)); a {
	case "id", "arn":
		score += 4
	case "name":
		score += 3
	}
	return score
}

// stemOf is what a member names, folded: nodegroup for NodegroupName.
func stemOf(member string) string {
	f := facts.Fold(spelled(member))
	for _, suffix := range []string{"identifier", "name", "arn", "ids", "id"} {
		if stem, ok := strings.CutSuffix(f, suffix); ok && stem != "" {
			return stem
		}
	}
	return f
}

// conditions spells an ID; "" where nothing names the resource.
func (d *deriver) conditions(key opType, effect drift.Effect, newID string, members []string) string {
	t := d.Types[key.typ]
	if t == nil {
		return ""
	}
	if t.single && (len(members) == 0 || singletons[key.typ]) {
		return catalog.Singleton
	}
	part := d.parent(key.typ) != ""
	if _, path, ok := strings.Cut(newID, "{response:"); ok { // of an id put together, what only the answer knows
		path, _, _ = strings.Cut(path, "}")
		if lower := strings.ToLower(path); strings.HasSuffix(lower, "id") || strings.HasSuffix(lower, "arn") {
			newID = "response:" + path
		}
	}
	if effect == drift.Create && strings.HasPrefix(newID, "response:") && (!part || len(members) < 2 || strings.HasPrefix(t.form, "output:") || d.ownOutput(key) != "") {
		for _, member := range members { // a database is known by its identifier: the response's id dies with it
			if a := d.attribute(key, spelled(member)); a == "identifier" || a == "cluster_identifier" {
				return a + "=" + d.path(key, member)
			}
		}
		return "*=" + newID
	}
	if len(members) == 0 {
		if effect == drift.Create && newID != "" && !strings.Contains(newID, "{") {
			return "*=" + newID
		}
		return ""
	}
	var out, stems []string
	for _, member := range members {
		a := d.attribute(key, spelled(member))
		own := len(members) == 1 || a == "name" || strings.HasSuffix(facts.Fold(key.typ), stemOf(member))
		if a == "" || !t.has(a) || a == "id" || a == "arn" || len(out) == 0 && !part && own || a == "name" && len(members) == 1 {
			a = "*"
		}
		stem := stemOf(member)
		if i := slices.Index(stems, stem); i >= 0 { // StreamName or StreamARN
			attributes, paths, _ := strings.Cut(out[i], "=")
			if a != attributes {
				attributes = "*"
			}
			out[i] = attributes + "=" + paths + "|" + d.path(key, member)
			continue
		}
		if a == "*" && len(out) > 0 || slices.ContainsFunc(out, func(s string) bool { return strings.HasPrefix(s, a+"=") }) {
			continue // what it says of the resource is not known, or is said
		}
		stems = append(stems, stem)
		out = append(out, a+"="+d.path(key, member))
	}
	if part { // found below its parent
		slices.SortStableFunc(out, func(x, y string) int {
			return -cmp.Compare(b2i(strings.HasPrefix(x, d.parentAttribute(key.typ)+"=")), b2i(strings.HasPrefix(y, d.parentAttribute(key.typ)+"=")))
		})
	}
	return strings.Join(out, " ")
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// path is how CloudTrail spells a member: first letter lowered, by the wire's
// name where that is another (EKS's name for clusterName), S3's bucketName.
func (d *deriver) path(key opType, member string) string {
	name, wire, renamed := strings.Cut(member, "@")
	if key.source == "s3" && name == "Bucket" {
		return "bucketName"
	}
	if key.source == "ec2" { // a list is a set there: instancesSet.items[].instanceId
		switch name {
		case "InstanceIds":
			return "instancesSet[].instanceId|instanceId"
		case "Resources":
			return "resourcesSet[].resourceId"
		}
	}
	if wire == inStructure {
		if path, ok := inside[key.source+" "+name]; ok {
			return path
		}
		return lowerFirst(name) + ".name"
	}
	if renamed {
		return lowerFirst(name) + "|" + lowerFirst(wire)
	}
	return lowerFirst(name)
}

func lowerFirst(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// renames spells Params: what structure would not find by the names alone.
func (d *deriver) renames(key opType, id string, identity []string) drift.Renames {
	t := d.Types[key.typ]
	var out []string
	seen := map[string]bool{}
	add := func(member, attribute string) {
		if !seen[facts.Fold(member)] {
			seen[facts.Fold(member)] = true
			out = append(out, lowerFirst(member)+"="+attribute)
		}
	}
	for _, member := range identity {
		name, wire, renamed := strings.Cut(member, "@")
		if !slices.Contains(strings.FieldsFunc(id, func(r rune) bool { return strings.ContainsRune(" =|", r) }), strings.Split(d.path(key, member), "|")[0]) {
			continue // a name that the id does not use is an attribute like any other
		}
		if key.source == "s3" && name == "Bucket" {
			name = "bucketName"
		}
		if wire == inStructure {
			continue // its other fields are attributes
		}
		if key.source == "ec2" && name == "InstanceIds" {
			name = "instancesSet"
		}
		add(name, "-")
		if renamed {
			add(wire, "-")
		}
	}
	for _, p := range d.Params[key] {
		if t == nil || !t.settable(p.attribute) || tree.SameName(p.member, p.attribute) || idle[facts.Fold(p.member)] {
			continue
		}
		switch p.attribute {
		case "id", "arn", "tags_all", "name_prefix", "region", "timeouts":
			continue
		}
		if strings.HasSuffix(facts.Fold(p.member), "toremove") && t.attributes[p.attribute].kind == "n" {
			continue
		}
		if !credible(p) || flattened.MatchString(p.member) && strings.Contains("snb", t.attributes[p.attribute].kind) {
			continue
		}
		add(p.member, p.attribute)
	}
	slices.Sort(out)
	return drift.Renames(strings.Join(out, " "))
}

// flattened members are structures or lists, whose fields and not they
// themselves are a type's scalar attributes.
var flattened = regexp.MustCompile(`(Metadata|Config|Configuration|Specification|Settings|Options|Details|Properties|Input|Schema|[^s]s)$`)

// credible reports whether a renaming read off the provider can be: the two
// names share a word. What is thrown away costs an attribute's name in a
// finding, what is kept wrongly names a wrong one.
func credible(p paramFact) bool {
	member, attribute := facts.Fold(p.member), facts.Fold(p.attribute)
	switch {
	case strings.HasSuffix(member, "toenable"), strings.HasSuffix(member, "todisable"), strings.HasPrefix(member, "tagspecification"), strings.HasPrefix(member, "bluegreen"), strings.HasPrefix(member, "current"),
		strings.HasPrefix(member, "grantperm"), strings.HasPrefix(member, "revoke"):
		return false
	case (strings.HasPrefix(member, "source") || strings.HasPrefix(member, "target")) && !strings.HasPrefix(attribute, member[:6]) && (attribute == "name" || strings.HasSuffix(attribute, "identifier") || strings.HasSuffix(attribute, "name")):
		return false // the thing copied from is not the thing
	}
	if p.how == "rule" {
		for _, suffix := range []string{"name", "arn", "id", "ids", "arns"} {
			if strings.HasSuffix(member, suffix) != strings.HasSuffix(attribute, suffix) {
				return false
			}
		}
		stem := strings.TrimSuffix(attribute, "s")
		return strings.HasSuffix(member, stem) || strings.HasPrefix(member, stem) || strings.HasSuffix(member, attribute)
	}
	if strings.Contains(member, attribute) || strings.Contains(attribute, member) {
		return true
	}
	for _, a := range strings.Split(tree.Snake(p.member), "_") {
		for _, b := range strings.Split(p.attribute, "_") {
			if a == b || len(a) > 4 && len(b) > 4 && a[:5] == b[:5] || strings.TrimSuffix(a, "s") == strings.TrimSuffix(b, "s") {
				return true
			}
		}
	}
	return false
}

// when tells the engines of RDS apart, which share one API: the other
// operations' resources differ by their types in the index.
func when(key opType, effect drift.Effect) string {
	if key.source != "rds" || effect != drift.Create || !strings.HasPrefix(key.event, "Create") && !strings.HasPrefix(key.event, "Restore") {
		return ""
	}
	engine := "engine"
	if strings.Contains(key.event, "ParameterGroup") {
		engine = "dBParameterGroupFamily"
		switch {
		case strings.HasPrefix(key.typ, "aws_docdb_"):
			return engine + "=docdb*"
		case strings.HasPrefix(key.typ, "aws_neptune_"):
			return engine + "=neptune*"
		}
		return engine + "!=docdb*|neptune*"
	}
	if !strings.Contains(key.event, "DBCluster") && !strings.Contains(key.event, "DBInstance") && !strings.Contains(key.event, "GlobalCluster") {
		return ""
	}
	switch {
	case strings.HasPrefix(key.typ, "aws_docdb_"):
		return engine + "=docdb"
	case strings.HasPrefix(key.typ, "aws_neptune_"):
		return engine + "=neptune"
	}
	return engine + "!=docdb|neptune"
}

// tagRow is a row of an operation on tags.
func (d *deriver) tagRow(row catalog.Row, key opType) catalog.Row {
	t := d.Types[key.typ]
	if t == nil || !t.has("tags") && !t.has("tag") {
		row.Effect, row.ID = drift.Set, "" // a type whose tags are not Terraform's attribute
	}
	var members []string
	for _, m := range d.model(key) {
		members = append(append(members, m.required...), m.optional...)
	}
	var names, tags, keys []string
	for _, member := range members {
		name, _, _ := strings.Cut(member, "@")
		switch f := facts.Fold(name); {
		case idle[f] && f != "tags" && f != "tagkeys":
		case f == "keys" && verbOf(key.event) == undo || strings.Contains(f, "tagkey") || strings.Contains(f, "tagstodelete") || strings.Contains(f, "removetag"):
			keys = append(keys, name)
		case strings.Contains(f, "tag"):
			tags = append(tags, name)
		default:
			if slices.ContainsFunc(d.model(key), func(m memberFact) bool { return slices.Contains(m.required, member) }) {
				names = append(names, member)
			}
		}
	}
	if len(names) == 0 {
		var alternatives []string
		for _, member := range members {
			if f := facts.Fold(spelled(member)); !strings.Contains(f, "tag") && !idle[f] {
				alternatives = append(alternatives, lowerFirst(spelled(member)))
			}
		}
		names = append(names, strings.Join(alternatives, "|"))
		if len(alternatives) == 0 {
			names = nil
		}
	}
	row.Effect = drift.Add
	undoes := verbOf(key.event) == undo || strings.HasPrefix(key.event, "Untag")
	if undoes {
		row.Effect = drift.Remove
		keys = append(keys, tags...)
		tags = nil
	}
	if strings.HasPrefix(key.event, "Put") || strings.HasPrefix(key.event, "Set") || strings.HasPrefix(key.event, "Delete") && key.source == "s3" {
		row.Effect = drift.Set
	}
	if members == nil { // not in the models
		names = []string{"ResourceArn"}
		if undoes {
			keys = []string{"TagKeys"}
		} else {
			tags = []string{"Tags"}
		}
	}
	attribute := "tags"
	if t != nil && !t.has("tags") && t.has("tag") {
		attribute = "tag"
	}
	var renames []string
	for _, name := range names {
		path := d.path(key, name)
		for alternative := range strings.SplitSeq(path, "|") {
			renames = append(renames, alternative+"=-")
		}
	}
	for _, name := range append(tags, keys...) {
		if lowerFirst(name) != attribute {
			renames = append(renames, lowerFirst(name)+"="+attribute)
		}
	}
	paths := make([]string, 0, len(names))
	for _, name := range names {
		paths = append(paths, d.path(key, name))
	}
	switch {
	case key.source == "ec2":
		paths = []string{"resourcesSet[].resourceId"}
		renames = []string{"resourcesSet=-", "tagSet=tags"}
	case key.source == "autoscaling" && strings.HasSuffix(key.event, "Tags"):
		paths, renames = []string{"tags[].resourceId"}, []string{"tags=tag"}
	case len(paths) > 1: // the account says little
		paths = slices.DeleteFunc(paths, func(p string) bool { return p == "accountId" })
	case len(paths) == 0:
		paths = []string{"resourceArn|resourceId|resourceName|arn"}
	}
	slices.Sort(renames)
	row.Params = drift.Renames(strings.Join(slices.Compact(renames), " "))
	if len(paths) > 1 { // route53's type and id, waf's: the id tells
		slices.SortStableFunc(paths, func(a, b string) int {
			return cmp.Compare(b2i(strings.HasSuffix(strings.ToLower(a), "type")), b2i(strings.HasSuffix(strings.ToLower(b), "type")))
		})
		paths = paths[:1]
	}
	row.ID = "*=" + paths[0]
	return row
}
