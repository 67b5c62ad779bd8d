package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/facts"
	"tfdrift/internal/tree"
)

// operation is a call of either cloud, in the catalog's normal form, without case.
type operation struct {
	provider       drift.Provider
	source, folded string
}

func operationOf(provider drift.Provider, source, event string) operation {
	return operation{provider, source, strings.ToLower(event)}
}

// request is what a call takes: the members of its input, spelled as the API
// does. A line of requests.txt holds one:
//
//	aws<TAB>eks<TAB>TagResource<TAB>resourceArn tags%
//
// "name@wire" where the wire, and with it the log, says otherwise. After the
// name stands the kind: none for text, # number, ? boolean, % a map, {…} an
// object with its members, [] a list of texts or [{…}] one of objects.
type request struct {
	provider      drift.Provider
	source, event string
	members       []member
}

type member struct {
	name, wire string
	kind       string // "", "#", "?", "%", "{}", "[]", "[{}]"
	members    []member
}

func (m member) String() string {
	var b strings.Builder
	b.WriteString(m.name)
	if m.wire != "" {
		b.WriteString("@" + m.wire)
	}
	if m.members == nil {
		b.WriteString(m.kind)
		return b.String()
	}
	head, tail, _ := strings.Cut(m.kind, "}")
	b.WriteString(head + spell(m.members) + "}" + tail)
	return b.String()
}

func spell(members []member) string {
	texts := make([]string, len(members))
	for i, m := range members {
		texts[i] = m.String()
	}
	return strings.Join(texts, " ")
}

// parseMembers reads what spell wrote, up to the brace that closes it.
func parseMembers(text string) (members []member, rest string) {
	for text = strings.TrimLeft(text, " "); text != "" && text[0] != '}'; text = strings.TrimLeft(text, " ") {
		end := strings.IndexAny(text, " #?%{[}")
		if end < 0 {
			end = len(text)
		}
		var m member
		m.name, m.wire, _ = strings.Cut(text[:end], "@")
		text = text[end:]
		for _, kind := range []string{"#", "?", "%", "[]"} {
			if after, ok := strings.CutPrefix(text, kind); ok {
				m.kind, text = kind, after
			}
		}
		for _, kind := range [][3]string{{"{", "}", "{}"}, {"[{", "}]", "[{}]"}} {
			if after, ok := strings.CutPrefix(text, kind[0]); ok {
				m.kind = kind[2]
				m.members, text = parseMembers(after)
				text = strings.TrimPrefix(text, kind[1])
			}
		}
		members = append(members, m)
	}
	return members, text
}

func readRequests(path string) (map[operation]request, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	all := map[operation]request{}
	for line := range strings.Lines(string(raw)) {
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(columns) != 4 {
			return nil, fmt.Errorf("%s: %d columns, want 4: %q", path, len(columns), line)
		}
		r := request{provider: drift.Provider(columns[0]), source: columns[1], event: columns[2]}
		r.members, _ = parseMembers(columns[3])
		all[operationOf(r.provider, r.source, r.event)] = r
	}
	return all, nil
}

// depth is how deep members are kept: those of a wrapper, not of a wrapper in it.
// Of a list's elements their own are enough.
const depth = 2

// extractRequests makes requests.txt of AWS's service models (models/apis of
// aws-sdk-go) and Google's discovery documents (google.golang.org/api), for the
// operations that the catalog knows and that do more than delete.
func extractRequests(models, discovery, folder, out string) error {
	all := map[operation]request{}
	for _, provider := range []drift.Provider{drift.AWS, drift.GCP} {
		for row := range catalog.All(provider) {
			if row.Effect != drift.Delete {
				all[operationOf(provider, row.Source, row.Event)] = request{provider: provider, source: row.Source, event: row.Event}
			}
		}
	}
	if err := extractAWS(models, folder, all); err != nil {
		return err
	}
	if err := extractGoogle(discovery, all); err != nil {
		return err
	}
	var lines []string
	for _, r := range all {
		if len(r.members) > 0 {
			lines = append(lines, strings.Join([]string{string(r.provider), r.source, r.event, spell(r.members)}, "\t"))
		}
	}
	slices.Sort(lines)
	return os.WriteFile(out, []byte(strings.Join(lines, "\n")+"\n"), 0o644)
}

// add gives a known operation members that it does not have yet: two services
// may share a source.
func add(all map[operation]request, key operation, members []member) {
	r, known := all[key]
	if !known {
		return
	}
	for _, m := range members {
		if !slices.ContainsFunc(r.members, func(o member) bool { return tree.SameName(o.name, m.name) }) {
			r.members = append(r.members, m)
		}
	}
	slices.SortFunc(r.members, func(a, b member) int { return cmp.Compare(a.name, b.name) })
	all[key] = r
}

func extractAWS(models, folder string, all map[operation]request) error {
	sources := map[string]string{} // package of the current SDK → source, for services whose signing name misleads
	if err := facts.CSV(filepath.Join(folder, "aws_services.csv"), func(get func(string) string) {
		sources[get("sdk_package")] = get("event_source")
	}); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(models, "*", "*", "api-2.json"))
	if err != nil {
		return err
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var m awsModel
		if err := json.Unmarshal(raw, &m); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		service := filepath.Base(filepath.Dir(filepath.Dir(file)))
		source := cmp.Or(sources[strings.NewReplacer("-", "", ".", "").Replace(service)], m.Metadata.SigningName, m.Metadata.EndpointPrefix)
		source = catalog.NormalSource(drift.AWS, source)
		for _, name := range slices.Sorted(maps.Keys(m.Operations)) {
			add(all, operationOf(drift.AWS, source, catalog.NormalName(drift.AWS, source, name)), m.members(m.Operations[name].Input.Shape, depth))
		}
	}
	return nil
}

type awsModel struct {
	Metadata   struct{ SigningName, EndpointPrefix string }
	Operations map[string]struct{ Input struct{ Shape string } }
	Shapes     map[string]struct {
		Type    string
		Member  struct{ Shape string }
		Key     struct{ Shape string }
		Enum    []string
		Members map[string]struct{ Shape, LocationName string }
	}
}

func (m awsModel) members(shape string, depth int) []member {
	var out []member
	for _, name := range slices.Sorted(maps.Keys(m.Shapes[shape].Members)) {
		field := m.Shapes[shape].Members[name]
		one := member{name: name}
		if !tree.SameName(field.LocationName, name) {
			one.wire = field.LocationName
		}
		one.kind, one.members = m.kind(field.Shape, depth-1)
		out = append(out, one)
	}
	return out
}

func (m awsModel) kind(shape string, depth int) (kind string, members []member) {
	switch s := m.Shapes[shape]; s.Type {
	case "integer", "long", "float", "double":
		return "#", nil
	case "boolean":
		return "?", nil
	case "map":
		var keys []member // a map of names that the API knows is an object: a queue's attributes
		for _, key := range m.Shapes[s.Key.Shape].Enum {
			keys = append(keys, member{name: key})
		}
		if len(keys) == 0 || depth <= 0 {
			return "%", nil
		}
		return "{}", keys
	case "list":
		if m.Shapes[s.Member.Shape].Type != "structure" {
			return "[]", nil
		}
		return "[{}]", m.below(s.Member.Shape, min(depth, 1))
	case "structure":
		return "{}", m.below(shape, depth)
	}
	return "", nil
}

func (m awsModel) below(shape string, depth int) []member {
	if depth <= 0 {
		return nil
	}
	return m.members(shape, depth)
}

// extractGoogle takes, of each method, the body; of several versions of an API
// the newest stable one that has the method.
func extractGoogle(discovery string, all map[operation]request) error {
	files, err := filepath.Glob(filepath.Join(discovery, "*", "*", "*-api.json"))
	if err != nil {
		return err
	}
	version := func(file string) string { return filepath.Base(filepath.Dir(file)) }
	stable := func(file string) int {
		if strings.Contains(version(file), "alpha") || strings.Contains(version(file), "beta") {
			return 1
		}
		return 0
	}
	slices.SortFunc(files, func(a, b string) int {
		return cmp.Or(cmp.Compare(stable(a), stable(b)), cmp.Compare(version(b), version(a)), cmp.Compare(a, b))
	})
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var api googleAPI
		if err := json.Unmarshal(raw, &api); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		host, err := url.Parse(api.RootURL)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		source := catalog.NormalSource(drift.GCP, host.Host)
		if source == "www" { // the older APIs share a host
			source = catalog.NormalSource(drift.GCP, api.Name)
		}
		found := map[operation][]member{}
		api.methods(func(id string, body []member) {
			for _, name := range loggedAs(id) {
				key := operationOf(drift.GCP, source, catalog.NormalName(drift.GCP, source, name))
				if len(found[key]) == 0 && len(all[key].members) == 0 {
					found[key] = body
				}
			}
		})
		for key, body := range found {
			add(all, key, body)
		}
	}
	return nil
}

// loggedAs lists the names by which the audit log may call a method: its id in
// the discovery document, its collection and verb, or the gRPC method of the
// same meaning (secretmanager.projects.secrets.create, CreateSecret).
func loggedAs(id string) []string {
	segments := strings.Split(id, ".")
	if len(segments) < 3 {
		return []string{id}
	}
	collection, verb := segments[len(segments)-2], segments[len(segments)-1]
	noun := collection
	if stem, ok := strings.CutSuffix(noun, "ies"); ok {
		noun = stem + "y"
	} else if stem, ok := strings.CutSuffix(noun, "sses"); ok {
		noun = stem + "ss"
	} else {
		noun = strings.TrimSuffix(noun, "s")
	}
	noun = strings.ToUpper(noun[:1]) + noun[1:]
	title := strings.ToUpper(verb[:1]) + verb[1:]
	names := []string{id, strings.Join(segments[1:], "."), collection + "." + verb, title + noun, title + noun + "Internal", "Internal" + title + noun, title}
	switch verb {
	case "patch":
		names = append(names, "Update"+noun)
	case "insert":
		names = append(names, "Create"+noun)
	}
	return names
}

type googleAPI struct {
	Name, RootURL string
	Schemas       map[string]googleSchema
	googleResource
}

type googleResource struct {
	Resources map[string]googleResource
	Methods   map[string]struct {
		ID      string
		Request struct {
			Ref string `json:"$ref"`
		}
	}
}

type googleSchema struct {
	Ref                  string `json:"$ref"`
	Type, Description    string
	ReadOnly             bool
	Items                *googleSchema
	AdditionalProperties *googleSchema
	Properties           map[string]googleSchema
}

func (a googleAPI) methods(each func(id string, body []member)) { a.googleResource.methods(a, each) }

func (r googleResource) methods(a googleAPI, each func(id string, body []member)) {
	for _, name := range slices.Sorted(maps.Keys(r.Methods)) {
		if m := r.Methods[name]; m.Request.Ref != "" {
			each(m.ID, a.members(a.Schemas[m.Request.Ref], depth))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Resources)) {
		r.Resources[name].methods(a, each)
	}
}

// members leaves out what only the service sets, and descriptions, of which the
// facts do not say which types have one.
func (a googleAPI) members(s googleSchema, depth int) []member {
	var out []member
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		field := s.Properties[name]
		if about := strings.ToLower(field.Description); name == "description" || field.ReadOnly || strings.HasPrefix(about, "output only") || strings.HasPrefix(about, "[output only]") || strings.HasPrefix(about, "[output-only]") {
			continue
		}
		one := member{name: name}
		one.kind, one.members = a.kind(field, depth-1)
		out = append(out, one)
	}
	return out
}

func (a googleAPI) kind(s googleSchema, depth int) (kind string, members []member) {
	if s.Ref != "" {
		s = a.Schemas[s.Ref]
	}
	switch {
	case s.Type == "integer", s.Type == "number":
		return "#", nil
	case s.Type == "boolean":
		return "?", nil
	case s.Type == "array" && s.Items != nil:
		inner, members := a.kind(*s.Items, min(depth, 1))
		if inner == "{}" {
			return "[{}]", members
		}
		return "[]", nil
	case s.Type == "object" && s.AdditionalProperties != nil:
		return "%", nil
	case s.Type == "object":
		if depth <= 0 {
			return "{}", nil
		}
		return "{}", a.members(s, depth)
	}
	return "", nil
}
