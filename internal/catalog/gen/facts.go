package main

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/facts"
)

// Facts are the tables as read, brought to the catalog's names.
type Facts struct {
	Ops     []opFact
	Params  map[opType][]paramFact
	Types   map[string]*typeFact
	Members map[op][]memberFact
	Methods []methodFact
}

type op struct{ source, event string }

type opType struct {
	op
	typ string
}

type opFact struct {
	opType
	api              string // the API's own name of the operation
	role, rank, from string
}

type paramFact struct{ member, attribute, how string }

type methodFact struct{ service, method, role, typ, how string }

// typeFact is a resource type: what its id is made of, and its schema.
type typeFact struct {
	name       string
	assumed    bool     // no schema of it was at hand
	form       string   // id_form
	template   string   // Google's id template
	host       string   // of the API that the provider calls for it
	identity   []string // attributes, the id's parts
	single     bool     // exists once in an account and region
	tagID      string
	attributes map[string]attribute // top level only
	sensitive  []string             // dotted paths
}

// attribute is flags: required, computed only, optional; kind is the first letter of the type.
type attribute struct {
	kind                         string
	required, computed, optional bool
}

func (t *typeFact) has(attribute string) bool { _, ok := t.attributes[attribute]; return ok }

// settable attributes are what a request may set.
func (t *typeFact) settable(name string) bool {
	a, ok := t.attributes[name]
	return ok && !a.computed
}

func readFacts(folder, members string) (*Facts, error) {
	f := &Facts{Params: map[opType][]paramFact{}, Types: map[string]*typeFact{}, Members: map[op][]memberFact{}}
	typeOf := func(name string) *typeFact {
		t := f.Types[name]
		if t == nil {
			t = &typeFact{name: name, attributes: map[string]attribute{}}
			f.Types[name] = t
		}
		return t
	}
	awsOp := func(get func(string) string) opType {
		source := catalog.NormalSource(drift.AWS, get("event_source"))
		return opType{op{source, catalog.NormalName(drift.AWS, source, get("event_name"))}, get("resource_type")}
	}
	tables := []struct {
		file string
		row  func(get func(string) string)
	}{
		{"aws_ops.csv", func(get func(string) string) {
			if get("rank") != "incidental" {
				f.Ops = append(f.Ops, opFact{awsOp(get), get("event_name"), get("role"), get("rank"), get("id_from")})
			}
		}},
		{"aws_ops_ext.csv", func(get func(string) string) {
			if get("noun_match") == "1.0" {
				f.Ops = append(f.Ops, opFact{awsOp(get), get("event_name"), "extra", "primary", ""})
			}
		}},
		{"aws_params.csv", func(get func(string) string) {
			key := awsOp(get)
			f.Params[key] = append(f.Params[key], paramFact{get("member"), get("attribute"), get("how")})
		}},
		{"aws_ids.csv", func(get func(string) string) {
			t := typeOf(get("resource_type"))
			t.form, t.tagID = get("id_form"), get("tag_identifier")
			t.identity = identityAttributes(t.form, get("identity_attrs"))
			t.single = strings.HasSuffix(get("identity"), "SingletonIdentity") || t.form == "account" || t.form == "region"
		}},
		{"aws_attrs_top.csv", func(get func(string) string) {
			flags := get("flags")
			typeOf(get("resource_type")).attributes[get("attribute")] = attribute{
				kind: get("type")[:1], required: strings.Contains(flags, "r"),
				computed: strings.Contains(flags, "c"), optional: strings.Contains(flags, "o"),
			}
		}},
		{"aws_attrs.csv", func(get func(string) string) {
			if strings.Contains(get("flags"), "x") {
				t := typeOf(get("resource_type"))
				t.sensitive = append(t.sensitive, get("attribute"))
			}
		}},
		{"gcp_methods.csv", func(get func(string) string) {
			f.Methods = append(f.Methods, methodFact{get("service_name"), get("method_name"), get("role"), get("resource_type"), get("how")})
		}},
		{"gcp_ids.csv", func(get func(string) string) {
			t := typeOf(get("resource_type"))
			t.template, t.host = get("id_template"), get("host")
		}},
	}
	for _, t := range tables {
		if err := facts.CSV(filepath.Join(folder, t.file), t.row); err != nil {
			return nil, err
		}
	}
	if err := readMembers(members, f.Members); err != nil {
		return nil, err
	}
	if err := readSchemas(folder, typeOf); err != nil {
		return nil, err
	}
	for _, m := range f.Methods {
		typeOf(m.typ)
	}
	for _, o := range f.Ops {
		typeOf(o.typ)
	}
	for _, t := range f.Types {
		if len(t.attributes) == 0 {
			f.assume(t)
		}
		t.identity = slices.DeleteFunc(t.identity, func(a string) bool { return t.has(a) && !strings.Contains("snb", t.attributes[a].kind) })
	}
	return f, nil
}

// assume gives a type that the schemas are too old for (or that is beta only)
// the attributes that its kind always has.
func (f *Facts) assume(t *typeFact) {
	t.assumed = true
	names := []string{"id", "name"}
	if strings.HasPrefix(t.name, "google_") {
		for _, m := range placeholder.FindAllStringSubmatch(t.template, -1) {
			names = append(names, m[1])
		}
		names = append(names, "project")
	} else {
		names = append(append(names, "arn", "tags"), t.identity...)
	}
	if isIAM(t.name) {
		names = []string{"id", "name", "project", "role", "member", "members"}
		names = append(names, tails(iamType.ReplaceAllString(t.name, ""))...)
		names = append(names, "forwarding_rule_service_name", "forwarding_rule_region_service_name")
	}
	for _, name := range names {
		t.attributes[name] = attribute{kind: "s", optional: true}
	}
}

// identityAttributes are the attributes that make a type's identity: the
// provider's own where it says, else those that the id is put together from.
func identityAttributes(form, attrs string) []string {
	if attrs != "" {
		return strings.Split(attrs, "+")
	}
	var out []string
	alternatives := strings.HasPrefix(form, "attr:")
	for _, f := range strings.Split(form, "|") {
		if alternatives && !strings.Contains(f, ":") {
			f = "attr:" + f
		}
		if list, ok := strings.CutPrefix(f, "composite:"); ok && list != "" {
			out = append(out, strings.Split(list, "+")...)
		}
		if attr, ok := strings.CutPrefix(f, "attr:"); ok {
			out = append(out, attr)
		}
	}
	out = slices.DeleteFunc(out, func(a string) bool {
		return strings.HasSuffix(a, "_prefix") || a == "other" || a == "region" || alternatives && strings.HasSuffix(a, "role_arn")
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// readSchemas adds Google's attributes, and both clouds' sensitive ones.
func readSchemas(folder string, typeOf func(string) *typeFact) error {
	return facts.Schemas(folder, func(name string, raw []byte) error {
		var schema struct{ Block block }
		if err := json.Unmarshal(raw, &schema); err != nil {
			return err
		}
		t := typeOf(name)
		t.sensitive = append(t.sensitive, schema.Block.sensitive("")...)
		slices.Sort(t.sensitive)
		t.sensitive = slices.Compact(t.sensitive)
		if strings.HasPrefix(name, "google_") {
			schema.Block.addTo(t)
		}
		return nil
	})
}

type block struct {
	Attributes map[string]struct {
		Type                                    json.RawMessage
		Required, Computed, Optional, Sensitive bool
	}
	BlockTypes map[string]struct{ Block block } `json:"block_types"`
}

func (b block) sensitive(path string) (out []string) {
	for _, name := range slices.Sorted(maps.Keys(b.Attributes)) {
		if b.Attributes[name].Sensitive {
			out = append(out, path+name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.BlockTypes)) {
		out = append(out, b.BlockTypes[name].Block.sensitive(path+name+".")...)
	}
	return out
}

func (b block) addTo(t *typeFact) {
	for name, a := range b.Attributes {
		kind := "s"
		if strings.HasPrefix(string(a.Type), "[") {
			kind = "L"
		}
		t.attributes[name] = attribute{kind, a.Required, a.Computed && !a.Optional, a.Optional}
	}
	for name := range b.BlockTypes {
		if name != "timeouts" {
			t.attributes[name] = attribute{kind: "L", optional: true}
		}
	}
}
