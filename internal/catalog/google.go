package catalog

import (
	"fmt"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// BadParameters is the error for an event whose parameters cannot be read.
type BadParameters struct {
	Event *drift.Event
	Part  string // request, response or metadata
	Err   error
}

func (e *BadParameters) Error() string {
	return fmt.Sprintf("event %s (%s): its %s cannot be read as a JSON object: %v", e.Event.ID, e.Event.Name, e.Part, e.Err)
}

// Unwrap makes it drift.ErrInvalid: it will never be readable.
func (e *BadParameters) Unwrap() error { return drift.ErrInvalid }

// googleID fills a Google id template (projects/{{project}}/topics/{{name}})
// from the resource name, the labels and the request. Where the logged resource
// name has the template's form already, it is the id.
func (c Call) googleID(row Row) string {
	template := strings.NewReplacer("{{", "{", "}}", "}").Replace(row.NewID)
	if template == "" || template == "{name}" && strings.Contains(c.Resource, "/") {
		if template == "{name}" && !strings.HasPrefix(c.Resource, "projects/") {
			return identity.Short(c.Resource)
		}
		if template == "" {
			return c.Resource
		}
	}
	want := strings.Split(template, "/")
	have := strings.Split(c.Resource, "/")
	if len(want) == len(have) && sameForm(want, have) {
		for i, w := range want {
			if w == "{project}" && (have[i] == "_" || projectNumber(have[i])) && c.Account != "" {
				have[i] = c.Account
			}
		}
		return strings.Join(have, "/")
	}
	var b strings.Builder
	for i, w := range want {
		if i > 0 {
			b.WriteByte('/')
		}
		for w != "" {
			literal, rest, found := strings.Cut(w, "{")
			b.WriteString(literal)
			if !found {
				break
			}
			name, after, _ := strings.Cut(rest, "}")
			w = after
			last := i == len(want)-1 && after == ""
			b.WriteString(c.googleField(name, have, last))
		}
	}
	return b.String()
}

// sameForm reports whether a name has a template's literals in their places.
func sameForm(template, name []string) bool {
	for i, t := range template {
		if !strings.HasPrefix(t, "{") && t != name[i] {
			return false
		}
	}
	return true
}

// googleField is the value of one template variable.
func (c Call) googleField(name string, resource []string, last bool) string {
	after := func(collections ...string) string {
		for i := 0; i+1 < len(resource); i++ {
			for _, collection := range collections {
				if resource[i] == collection {
					return resource[i+1]
				}
			}
		}
		return ""
	}
	switch name {
	case "project":
		if c.Account != "" {
			return c.Account
		}
		return after("projects")
	case "region", "location", "zone":
		if v := after("locations", "regions", "zones"); v != "" {
			return v
		}
		for _, label := range [...]string{name, "location", "region", "zone"} {
			if v := c.Labels[label]; v != "" {
				return v
			}
		}
		return tree.GetString(c.Params, name)
	}
	for _, path := range [...]string{name, name + "Id"} {
		if v := tree.GetString(c.Params, path); v != "" {
			return identity.Short(v)
		}
	}
	if !last {
		if v := after(name+"s", strings.ReplaceAll(name, "_", "")+"s", tree.Snake(name)+"s"); v != "" {
			return v
		}
		for i := 0; i+1 < len(resource); i++ {
			if tree.SameName(resource[i], name+"s") {
				return resource[i+1]
			}
		}
		return identity.Short(c.Resource)
	}
	// the object's own name: named in the request, in the body one level down, or last in the resource name
	if v := tree.GetString(c.Params, "name"); v != "" {
		return identity.Short(v)
	}
	for _, k := range tree.Keys(c.Params) {
		if tree.SameName(k, "parent") || !strings.HasSuffix(strings.ToLower(k), "id") {
			continue
		}
		if v, ok := c.Params[k].(string); ok && v != "" && !tree.SameName(k, "projectId") && !tree.SameName(k, "requestId") {
			return identity.Short(v)
		}
	}
	for _, k := range tree.Keys(c.Params) {
		if body, ok := c.Params[k].(map[string]any); ok {
			if v := tree.GetString(body, "name"); v != "" {
				return identity.Short(v)
			}
		}
	}
	return identity.Short(c.Resource)
}
