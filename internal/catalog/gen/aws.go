package main

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// awsRows derives a row for each pair of operation and type in the facts.
func awsRows(f *Facts) []catalog.Row {
	d := deriver{Facts: f, ops: map[opType][]opFact{}, byType: map[string][]opType{}, learned: map[string]map[string]string{}}
	for _, o := range f.Ops {
		if d.ops[o.opType] == nil {
			d.byType[o.typ] = append(d.byType[o.typ], o.opType)
		}
		d.ops[o.opType] = append(d.ops[o.opType], o)
	}
	d.learn()
	for typ := range d.byType {
		d.keys(typ)
	}
	var rows []catalog.Row
	for _, key := range slices.SortedFunc(maps.Keys(d.ops), compareOps) {
		if key.source == "cloudformation" && !strings.HasPrefix(key.typ, "aws_cloudformation") ||
			key.source == "cloudcontrolapi" && key.typ != "aws_cloudcontrolapi_resource" {
			continue
		}
		rows = append(rows, d.row(key))
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
}

// fold is a name without case and punctuation, as tree.SameName sees it.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		}
		return -1
	}, name)
}

// learn notes which attribute a member stands for in any operation on a type:
// a deletion's members are those that the creation read off attributes.
func (d *deriver) learn() {
	weight := map[string]int{"code": 3, "direct": 2, "rule": 1}
	for typ, keys := range d.byType {
		votes := map[string]map[string]int{}
		for _, key := range keys {
			for _, p := range d.Params[key] {
				if m := fold(p.member); votes[m] == nil {
					votes[m] = map[string]int{}
				}
				votes[fold(p.member)][p.attribute] += weight[p.how]
			}
		}
		learned := map[string]string{}
		for member, attributes := range votes {
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
	if a := d.learned[key.typ][fold(member)]; best == "" && t.has(a) {
		best = a
	}
	return best
}

// idle members never name the resource.
var idle = map[string]bool{"expectedbucketowner": true, "expectedsourcebucketowner": true, "ifmatch": true, "clienttoken": true, "clientrequesttoken": true,
	"dryrun": true, "tags": true, "tagkeys": true, "idempotencytoken": true, "locktoken": true, "updatetoken": true, "changetoken": true, "nexttoken": true,
	"checksumalgorithm": true, "contentmd5": true, "skipfinalsnapshot": true, "force": true, "callerreference": true, "region": true, "currentversion": true,
	"currentapplicationversionid": true, "creationtoken": true, "mfa": true, "ippermissions": true, "xamzservicename": true, "requestpayer": true,
	"bypassgovernanceretention": true, "clientrequestid": true, "creatorrequestid": true, "revisionid": true}

// keys finds the members that name a type's resource: what its deletion requires.
func (d *deriver) keys(typ string) {
	if d.key == nil {
		d.key = map[string]map[string]struct{}{}
	}
	found := map[string]struct{}{}
	for _, key := range d.byType[typ] {
		deletes := slices.ContainsFunc(d.ops[key], func(o opFact) bool { return o.role == "delete" && o.rank == "primary" })
		if !deletes || verbOf(key.event) != undo {
			continue
		}
		for _, m := range d.model(key) {
			for _, name := range m.required {
				if member, _, _ := strings.Cut(name, "@"); !idle[fold(member)] {
					found[fold(member)] = struct{}{}
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
		if strings.Contains(fold(key.typ), fold(m.service)) {
			n += 4
		}
		return n
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
	if facts[0].rank == "tag" || slices.ContainsFunc(facts, func(o opFact) bool { return o.role == "tag" }) {
		return d.tagRow(row, key)
	}
	row.Parent = !slices.ContainsFunc(facts, func(o opFact) bool { return o.rank != "secondary" })
	row.Effect = d.effect(key)
	if row.Effect == drift.Create {
		row.NewID = d.newID(key)
	}
	members := d.identify(key)
	row.ID = d.conditions(key, row.Effect, row.NewID, members)
	row.Params = d.renames(key, members)
	if row.Effect == drift.Create {
		row.Within = d.within(key, members)
	}
	row.When = when(key, row.Effect)
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
		if o.from != "" && !strings.HasPrefix(o.from, "response:") && !idle[fold(o.from)] {
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
		if idle[fold(member)] {
			return false
		}
		_, named := d.key[key.typ][fold(member)]
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
		for _, member := range from {
			out = append(out, member)
		}
		for _, p := range d.Params[key] {
			if slices.Contains(t.identity, p.attribute) && p.how != "rule" && !idle[fold(p.member)] && !slices.ContainsFunc(out, func(m string) bool { return tree.SameName(m, p.member) }) {
				out = append(out, p.member)
			}
		}
	}
	if len(out) == 0 {
		for _, member := range optional {
			_, named := d.key[key.typ][fold(spelled(member))]
			a := d.attribute(key, spelled(member))
			if !idle[fold(spelled(member))] && (named || a != "" && (slices.Contains(t.identity, a) || a == "id" || a == "arn")) ||
				slices.ContainsFunc(from, func(f string) bool { return tree.SameName(f, spelled(member)) }) {
				out = append(out, member)
			}
		}
	}
	if len(out) == 0 {
		out = from
	}
	slices.SortStableFunc(out, func(a, b string) int {
		return cmp.Or(-cmp.Compare(d.closeness(key, a), d.closeness(key, b)), cmp.Compare(fold(a), fold(b)))
	})
	return slices.Compact(out)
}

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
	switch a := d.attribute(key, spelled(member)); a {
	case "id", "arn":
		score += 4
	case "name":
		score += 3
	}
	return score
}

// conditions spells an ID.
func (d *deriver) conditions(key opType, effect drift.Effect, newID string, members []string) string {
	t := d.Types[key.typ]
	if t == nil {
		return ""
	}
	if t.single && len(members) == 0 {
		return catalog.Singleton
	}
	if effect == drift.Create && strings.HasPrefix(newID, "response:") {
		return "*=" + newID
	}
	part := d.parent(key.typ) != ""
	if len(members) == 0 {
		for _, m := range d.model(key) { // nothing required, nothing told: the account's own setting
			if len(m.required) == 0 && !strings.HasPrefix(newID, "response:") {
				return catalog.Singleton
			}
		}
		if len(d.model(key)) == 0 && effect != drift.Create {
			return catalog.Singleton
		}
		if newID != "" && !strings.Contains(newID, "{") {
			return "*=" + newID
		}
		return catalog.Singleton
	}
	var out []string
	for i, member := range members {
		a := d.attribute(key, spelled(member))
		switch {
		case a == "" || !t.has(a), a == "id" || a == "arn", i == 0 && !part, a == "name" && len(members) == 1:
			a = "*"
		}
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
func (d *deriver) renames(key opType, identity []string) drift.Renames {
	t := d.Types[key.typ]
	var out []string
	seen := map[string]bool{}
	add := func(member, attribute string) {
		if !seen[fold(member)] {
			seen[fold(member)] = true
			out = append(out, lowerFirst(member)+"="+attribute)
		}
	}
	for _, member := range identity {
		name, wire, renamed := strings.Cut(member, "@")
		if key.source == "s3" && name == "Bucket" {
			name = "bucketName"
		}
		add(name, "-")
		if renamed {
			add(wire, "-")
		}
	}
	for _, p := range d.Params[key] {
		if t == nil || !t.settable(p.attribute) || tree.SameName(p.member, p.attribute) || idle[fold(p.member)] {
			continue
		}
		switch p.attribute {
		case "id", "arn", "tags_all", "name_prefix", "region", "timeouts":
			continue
		}
		if p.how == "rule" && !strings.HasSuffix(fold(p.member), strings.TrimSuffix(fold(p.attribute), "s")) && !strings.HasPrefix(fold(p.member), strings.TrimSuffix(fold(p.attribute), "s")) {
			continue
		}
		attribute := p.attribute
		add(p.member, attribute)
	}
	slices.Sort(out)
	return drift.Renames(strings.Join(out, " "))
}

// when tells the engines of RDS apart, which share one API: the other
// operations' resources differ by their types in the index.
func when(key opType, effect drift.Effect) string {
	if key.source != "rds" || effect != drift.Create {
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
		switch f := fold(name); {
		case idle[f] && f != "tags" && f != "tagkeys":
		case strings.Contains(f, "tagkey") || strings.Contains(f, "tagstodelete") || strings.Contains(f, "removetag"):
			keys = append(keys, name)
		case strings.Contains(f, "tag"):
			tags = append(tags, name)
		default:
			if slices.ContainsFunc(d.model(key), func(m memberFact) bool { return slices.Contains(m.required, member) }) {
				names = append(names, member)
			}
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
		renames = append(renames, lowerFirst(spelled(name))+"=-")
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
	case key.source == "s3" && len(paths) > 0:
		paths = paths[:1]
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
