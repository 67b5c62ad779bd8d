package catalog

import (
	"slices"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// What all of Google Cloud has in common: resource names that are paths of
// collections and ids, requests that wrap the resource they write, and masks
// that say which of its fields they write ("Resource names" and "Standard
// methods: Update" of the API Design Guide).

// googleName is a resource name, full or relative or a self-link, in its parts.
type googleName struct {
	project  string // "" where the name shows none
	location string // region, zone or multi-region; "" for global
	place    string // how the name spells where: locations, zones, regions, global, locations/global
	path     []string
	vague    bool // a name that never shows its place: Knative's namespaces, DNS's bare zones
}

// googleRoots begin a resource name, behind a host and an API version.
var googleRoots = [...]string{"projects", "folders", "organizations", "billingAccounts", "locations", "namespaces", "b", "managedZones", "policies", "responsePolicies"}

// parseGoogle takes a resource name apart; ok is false for a bare name.
func parseGoogle(s string) (n googleName, ok bool) {
	s = strings.TrimPrefix(s, "https:")
	host := strings.HasPrefix(s, "//")
	if host {
		_, s, _ = strings.Cut(s[2:], "/")
	}
	for range 4 { // API and version before the root
		first, rest, more := strings.Cut(s, "/")
		if !more {
			return n, false
		}
		if slices.Contains(googleRoots[:], first) {
			break
		}
		if !host && !apiVersion(first) {
			return n, false
		}
		s = rest
	}
	segments := strings.Split(strings.TrimSuffix(s, "/"), "/")
	n.vague = segments[0] == "namespaces" || segments[0] == "managedZones" || strings.HasSuffix(segments[0], "olicies")
	for i := 0; i < len(segments); i += 2 {
		collection, id := segments[i], ""
		if collection == "global" {
			n.place = collection
			i--
			continue
		}
		if i+1 < len(segments) {
			id = segments[i+1]
		}
		switch collection {
		case "projects", "namespaces":
			n.project = id
			if id == "_" || id == "-" {
				n.project = ""
			}
		case "locations", "regions", "zones":
			n.place, n.location = collection, strings.ToLower(id)
			if id == "global" || id == "-" {
				n.place, n.location = collection+"/"+id, ""
			}
		case "b":
			n.path = append(n.path, "buckets", id)
		default:
			n.path = append(n.path, collection, id)
		}
	}
	return n, true
}

func apiVersion(segment string) bool {
	return len(segment) >= 2 && segment[0] == 'v' && segment[1] >= '0' && segment[1] <= '9'
}

// id is the last id of the name.
func (n googleName) id() string {
	if len(n.path) == 0 {
		return n.project
	}
	return n.path[len(n.path)-1]
}

// collection is what the name's last id is one of.
func (n googleName) collection() string {
	if len(n.path) < 2 {
		return "projects"
	}
	return n.path[len(n.path)-2]
}

// String is the name in full, as Terraform's ids have it.
func (n googleName) String() string {
	var b strings.Builder
	if n.project != "" {
		b.WriteString("projects/" + n.project)
	}
	if n.location != "" {
		b.WriteString("/" + n.place + "/" + n.location)
	} else if n.place != "" {
		b.WriteString("/" + n.place)
	}
	for _, segment := range n.path {
		b.WriteString("/" + segment)
	}
	return strings.TrimPrefix(b.String(), "/")
}

// same reports whether two names are of one thing, as far as both tell. A
// global one and a regional one are two.
func (n googleName) same(m googleName) bool {
	if !n.near(m) || len(n.path) != len(m.path) || n.location != m.location && !n.anywhere() && !m.anywhere() {
		return false
	}
	for i := range n.path {
		if !sameSegment(n.path[i], m.path[i]) {
			return false
		}
	}
	return len(n.path) > 0 || sameProject(n.project, m.project) && n.project != "" && m.project != ""
}

// anywhere: the name says nothing of the place.
func (n googleName) anywhere() bool {
	return n.vague || strings.HasSuffix(n.place, "/-")
}

// after is the id in a collection ("instances"), the name's "location", or its
// "project".
func (n googleName) after(collection string) string {
	switch collection {
	case "location":
		return n.location
	case "project":
		return n.project
	}
	for i := 0; i+1 < len(n.path); i += 2 {
		if n.path[i] == collection {
			return n.path[i+1]
		}
	}
	return ""
}

// near reports whether project and place may be the same.
func (n googleName) near(m googleName) bool {
	return sameProject(n.project, m.project) && (n.location == "" || m.location == "" || n.location == m.location)
}

// Fingerprint is what tells a thing that no state manages from others of its
// type, in one form however calls name it: by a Terraform id or the API's name,
// with the project's id or its number, below zones or locations.
func Fingerprint(t *drift.Target, id string) string {
	if !strings.HasPrefix(t.Type, "google_") {
		return id
	}
	n, ok := parseGoogle(id)
	if !ok || len(n.path) < 2 {
		return id
	}
	var b strings.Builder
	if n.location != "" {
		b.WriteString(n.location + "/")
	}
	for i := 1; i < len(n.path); i += 2 {
		if i > 1 {
			b.WriteString("/")
		}
		b.WriteString(n.path[i])
	}
	return b.String()
}

// sameProject compares projects; one by its number may be one by its id.
func sameProject(a, b string) bool {
	return a == "" || b == "" || a == b || isNumber(a) != isNumber(b)
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// sameSegment compares ids; a service account goes by e-mail address or number.
func sameSegment(a, b string) bool {
	if a == b {
		return true
	}
	if strings.Contains(a, "%") || strings.Contains(b, "%") {
		return identity.Short(a) == identity.Short(b)
	}
	return uniqueID(a) && strings.Contains(b, "@") || uniqueID(b) && strings.Contains(a, "@")
}

// uniqueID tells the numbers that Google gives to service accounts: 21 digits.
func uniqueID(s string) bool { return len(s) > 18 && isNumber(s) }

// calledGoogle reports whether one of an entry's names is what an event says.
// A name that is a path is compared as one, so that an address is not taken for
// the instance of the same name; an entry without such a name goes by the last
// id, and by what it shows of its project and place.
func calledGoogle(e *drift.Entry, value string) bool {
	want, isPath := parseGoogle(value)
	paths, bare := false, false
	for name := range Names(e) {
		have, ok := parseGoogle(name)
		switch {
		case !isPath:
			if name == value || ok && have.id() == value {
				return true
			}
		case ok:
			paths = true
			if have.same(want) {
				return true
			}
		case name == want.id():
			bare = true
		}
	}
	if !bare || paths && !(isNumber(want.id()) && len(want.id()) > 5) { // an instance by its number
		return false
	}
	return place(e).near(want)
}

// place is what an entry shows of its project and place.
func place(e *drift.Entry) googleName {
	n := googleName{project: identity.Short(text(e.Attributes, "project"))}
	for _, a := range [...]string{"zone", "region", "location"} {
		if s := tree.GetString(e.Attributes, a); s != "" && n.location == "" {
			n.location = strings.ToLower(identity.Short(s))
		}
	}
	if n.location == "global" {
		n.location = ""
	}
	return n
}

// matchesGoogle is matches for an entry of Google's: paths are compared as paths.
func matchesGoogle(conditions []drift.Match, e *drift.Entry) bool {
	for _, m := range conditions {
		if m.Attribute == "*" {
			if !calledGoogle(e, m.Value) {
				return false
			}
			continue
		}
		found := false
		for attribute := range strings.SplitSeq(m.Attribute, "|") {
			found = found || holdsGoogle(e, attribute, m.Value)
		}
		if !found {
			return false
		}
	}
	return true
}

// holdsGoogle reports whether an attribute names what an event's value names:
// both may be paths, or one of them the bare id.
func holdsGoogle(e *drift.Entry, attribute, value string) bool {
	want, wantPath := parseGoogle(value)
	for have := range values(e, attribute) {
		name, isPath := parseGoogle(have)
		switch {
		case isPath && wantPath:
			if name.same(want) {
				return true
			}
		case isPath:
			if sameSegment(name.id(), value) {
				return true
			}
		case wantPath:
			if sameSegment(want.id(), have) && place(e).near(want) {
				return true
			}
		case identity.Same(have, value):
			return true
		}
	}
	return false
}

// cleared stands for a field that an update mask names and the body leaves out:
// it is set to what it is by default.
var cleared = []any{}

// googleBody is what a call writes: the resource that the request wraps, or the
// request without what names the resource; of an update, the fields that its
// mask names.
func googleBody(ev *drift.Event, params map[string]any) map[string]any {
	resource, _ := parseGoogle(ev.Resource)
	wrapper, found := wrapperOf(ev.Name, params)
	var body map[string]any
	if found {
		body, _ = params[wrapper].(map[string]any)
	} else {
		body = params
	}
	mask := maskOf(params)
	if found && len(mask) > 0 && len(body) > 0 { // without a body, the log just leaves it out
		body = masked(body, mask)
	}
	out := make(map[string]any, len(body))
	for k, v := range body {
		switch {
		case isName(k, v, resource), strings.HasPrefix(k, "@"):
		case v != nil && strings.HasSuffix(strings.ToLower(k), "labels"):
			out[k] = v
		default:
			out[k] = withNulls(v)
		}
	}
	return out
}

// withNulls is a value in which JSON's null, which clears a field in a patch, is
// said to be that; not within a user's own map, where it takes the key away.
func withNulls(v any) any {
	switch x := v.(type) {
	case nil:
		return cleared
	case map[string]any:
		out := make(map[string]any, len(x))
		for k, e := range x {
			if e != nil && strings.HasSuffix(strings.ToLower(k), "labels") {
				out[k] = e
				continue
			}
			out[k] = withNulls(e)
		}
		return out
	}
	return v
}

// wrapperOf finds the member that holds the resource: UpdateSecret's secret,
// UpdateBuildTrigger's trigger, a REST method's body.
func wrapperOf(method string, params map[string]any) (string, bool) {
	last := method[strings.LastIndexByte(method, '.')+1:]
	noun, rest := strings.TrimSuffix(strings.ToLower(last), "async"), false
	if i := strings.LastIndexByte(method, '.'); i >= 0 && last != "" && last[0] >= 'a' { // managedZones.patch
		rest = true
		noun = strings.ToLower(identity.Short(strings.ReplaceAll(method[:i], ".", "/")))
	}
	best, writes := "", rest || writing(last)
	for _, k := range tree.Keys(params) {
		if _, ok := params[k].(map[string]any); !ok {
			continue
		}
		name := strings.ToLower(strings.ReplaceAll(k, "_", ""))
		name = strings.TrimSuffix(name, "resource")
		switch {
		case k == "body" || k == "resource" || name == "":
			return k, true
		case !writes:
		case strings.HasSuffix(noun, name), strings.HasSuffix(noun, name+"s"), strings.HasSuffix(noun, strings.TrimSuffix(name, "y")+"ies"):
			best = k
		}
	}
	return best, best != ""
}

// writing tells the standard methods, which wrap a resource; SetManagement's
// management is a part of one.
func writing(method string) bool {
	for _, verb := range [...]string{"Create", "Update", "Patch", "Replace", "Insert", "PartialUpdate"} {
		if strings.HasPrefix(method, verb) {
			return true
		}
	}
	return false
}

// maskOf reads an update mask, a text of paths or an object of them.
func maskOf(params map[string]any) []string {
	var paths []string
	for _, member := range [...]string{"updateMask", "fieldMask"} {
		for _, v := range tree.Get(params, member) {
			if object, ok := v.(map[string]any); ok {
				v = object["paths"]
			}
			for _, e := range flatten(v) {
				if s, ok := e.(string); ok {
					for path := range strings.SplitSeq(s, ",") {
						if path = strings.TrimSpace(path); path == "*" {
							return nil
						} else if path != "" {
							paths = append(paths, path)
						}
					}
				}
			}
		}
	}
	return paths
}

// masked keeps of a body the fields that a mask names.
func masked(body map[string]any, mask []string) map[string]any {
	out := map[string]any{}
	for _, path := range mask {
		from, to := body, out
		for path != "" {
			var field string
			field, path, _ = strings.Cut(path, ".")
			name, v := field, any(cleared)
			for k, x := range from {
				if object, ok := x.(map[string]any); tree.SameName(k, field) && !(ok && len(object) == 0) {
					name, v = k, x
				}
			}
			if path == "" {
				if _, whole := to[name]; !whole {
					to[name] = v
				}
				break
			}
			from, _ = v.(map[string]any)
			below, ok := to[name].(map[string]any)
			if !ok {
				if _, whole := to[name]; whole {
					break
				}
				below = map[string]any{}
				to[name] = below
			}
			to = below
		}
	}
	return out
}

// isName reports whether a member of a body only names the resource or what it
// is in: name, project, zone, clusterId.
func isName(member string, v any, resource googleName) bool {
	s, ok := v.(string)
	if !ok {
		return false
	}
	switch member {
	case "name", "parent", "resource", "project", "projectId", "project_id", "resourceName", "selfLink", "self_link", "id", "uid", "projectNumber":
		return true
	}
	if len(resource.path) == 0 {
		return false
	}
	id := identity.Short(s)
	if strings.EqualFold(id, resource.location) && (member == "zone" || member == "region" || member == "location") {
		return true
	}
	for i := 0; i+1 < len(resource.path); i += 2 {
		if resource.path[i+1] == id && strings.HasPrefix(strings.ToLower(strings.ReplaceAll(member, "_", "")), singularCollection(resource.path[i])) {
			return true
		}
	}
	return false
}

// singularCollection is what one of a collection is called, in lower case.
func singularCollection(collection string) string {
	c := strings.ToLower(collection)
	if rest, ok := strings.CutSuffix(c, "ies"); ok {
		return rest + "y"
	}
	return strings.TrimSuffix(c, "s")
}

// named completes a resource name that ends in a collection (autoscalers of a
// zone) by the name that the request gives.
func named(ev *drift.Event, params map[string]any) *drift.Event {
	last := identity.Short(ev.Resource)
	if _, collection, ok := methodOf(ev.Name); !ok || collection != last {
		return ev
	}
	name := identity.Short(text(params, "name", singularCollection(last)+".name", "body.name"))
	if name == "" {
		return ev
	}
	complete := *ev
	complete.Resource = strings.TrimSuffix(ev.Resource, "/") + "/" + name
	return &complete
}

// methodOf splits a REST method's name: patch of autoscalers.
func methodOf(name string) (method, collection string, ok bool) {
	head, method, ok := cutDot(name)
	_, collection, _ = cutDot(head)
	return method, collection, ok
}

func cutDot(s string) (head, last string, ok bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}

// standard is the row of a method that the catalog does not have, by the verb
// that all of Google's APIs begin it with: the resource that it names, of
// whatever type, is updated or deleted ("Standard methods" of the API Design
// Guide). What such a method makes is not known.
func standard(ev *drift.Event) []Row {
	name := ev.Name[strings.LastIndexByte(ev.Name, '.')+1:]
	row := Row{Source: NormalSource(drift.GCP, ev.Source), Event: NormalName(drift.GCP, NormalSource(drift.GCP, ev.Source), ev.Name), ID: "*=resource"}
	resource, ok := parseGoogle(ev.Resource)
	if !ok || len(resource.path) == 0 {
		return nil
	}
	verb := strings.ToLower(name)
	noun := strings.ToLower(ev.Name[:len(ev.Name)-len(name)] + strings.TrimLeft(name, "abcdefghijklmnopqrstuvwxyz"))
	switch {
	case strings.Contains(verb, "iam"):
		return nil
	case strings.HasPrefix(verb, "update"), strings.HasPrefix(verb, "patch"), strings.HasPrefix(verb, "replace"):
		row.Effect = drift.Set
	case strings.HasPrefix(verb, "delete") && strings.Contains(noun, singularCollection(resource.collection())):
		row.Effect = drift.Delete
	default:
		return nil
	}
	return []Row{row}
}
