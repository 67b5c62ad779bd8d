package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/facts"
	"tfdrift/internal/tree"
)

// memberFact is what AWS's service model says of one operation's members that
// can name something: a few hundred kilobytes of the models' 150 MB, kept
// beside this program as members.csv. Members are spelled as the API does,
// "ClusterName@name" where the wire, and with it CloudTrail, says otherwise.
type memberFact struct {
	service            string
	required, optional []string
	response           []string // dotted, of operations that create
}

var naming = regexp.MustCompile(`(?i)(id|ids|arn|arns|name|names|identifier|identifiers|url|bucket|key|keys|tags|taglist|tag|type|number|version|domain|cidr|resource|resources|cluster|service|task|queue|user|role|group|rule|address|principal|alias|egress|qualifier|target|targets|location|path|method|stage|email|destination|source|region)\w?$`)

func readMembers(path string, into map[op][]memberFact) error {
	return facts.CSV(path, func(get func(string) string) {
		key := op{get("source"), get("event")}
		into[key] = append(into[key], memberFact{get("service"), strings.Fields(get("required")), strings.Fields(get("optional")), strings.Fields(get("response"))})
	})
}

// extractMembers makes members.csv of the service models that the facts' operations are in.
func extractMembers(models, folder, out string) error {
	wanted := map[op]bool{}
	creates := map[op]bool{}
	for _, file := range []string{"aws_ops.csv", "aws_ops_ext.csv"} {
		if err := facts.CSV(filepath.Join(folder, file), func(get func(string) string) {
			source := catalog.NormalSource(drift.AWS, get("event_source"))
			key := op{source, get("event_name")}
			wanted[key] = true
			if file == "aws_ops_ext.csv" || get("role") == "create" {
				creates[key] = true
			}
		}); err != nil {
			return err
		}
	}
	sources := map[string]string{} // package of the current SDK → source, for services whose signing name misleads
	if err := facts.CSV(filepath.Join(folder, "aws_services.csv"), func(get func(string) string) {
		sources[get("sdk_package")] = catalog.NormalSource(drift.AWS, get("event_source"))
	}); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(models, "*", "*", "api-2.json"))
	if err != nil {
		return err
	}
	var records [][]string
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var m model
		if err := json.Unmarshal(raw, &m); err != nil {
			return err
		}
		service := filepath.Base(filepath.Dir(filepath.Dir(file)))
		source := m.Metadata.SigningName
		if source == "" {
			source = m.Metadata.EndpointPrefix
		}
		source = catalog.NormalSource(drift.AWS, source)
		if s, ok := sources[strings.NewReplacer("-", "", ".", "").Replace(service)]; ok {
			source = s
		}
		for name, o := range m.Operations {
			key := op{source, name}
			if !wanted[key] {
				continue
			}
			required, optional := m.members(o.Input.Shape)
			response := ""
			if creates[key] {
				response = strings.Join(m.outputs(o.Output.Shape), " ")
			}
			event := catalog.NormalName(drift.AWS, source, name)
			records = append(records, []string{source, event, service, strings.Join(required, " "), strings.Join(optional, " "), response})
		}
	}
	slices.SortFunc(records, func(a, b []string) int { return slices.Compare(a, b) })
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	if err := w.WriteAll(append([][]string{{"source", "event", "service", "required", "optional", "response"}}, records...)); err != nil {
		return err
	}
	return f.Close()
}

type model struct {
	Metadata   struct{ SigningName, EndpointPrefix string }
	Operations map[string]struct{ Input, Output struct{ Shape string } }
	Shapes     map[string]struct {
		Type     string
		Required []string
		Member   struct{ Shape string }
		Members  map[string]struct{ Shape, LocationName, Location string }
	}
}

// scalar reports whether a shape can name something: a scalar, or a list of strings.
func (m model) scalar(shape string) bool {
	s := m.Shapes[shape]
	if s.Type == "list" {
		return m.Shapes[s.Member.Shape].Type == "string"
	}
	return s.Type == "string" || s.Type == "integer" || s.Type == "long" || s.Type == "boolean"
}

func (m model) members(shape string) (required, optional []string) {
	s := m.Shapes[shape]
	for name, member := range s.Members {
		isTags := strings.Contains(name, "Tag")
		if !isTags && !m.scalar(member.Shape) {
			continue
		}
		spelled := name
		if wire := member.LocationName; wire != "" && member.Location == "uri" && !tree.SameName(wire, name) {
			spelled += "@" + wire
		}
		switch {
		case slices.Contains(s.Required, name):
			required = append(required, spelled)
		case isTags || naming.MatchString(name):
			optional = append(optional, spelled)
		}
	}
	slices.Sort(required)
	slices.Sort(optional)
	return required, optional
}

// outputs are the members of a response, two levels deep, that look like an id.
func (m model) outputs(shape string) (out []string) {
	isID := regexp.MustCompile(`(?i)(id|arn|name|identifier|url)$`)
	for name, member := range m.Shapes[shape].Members {
		if m.scalar(member.Shape) && isID.MatchString(name) {
			out = append(out, name)
		}
		for inner, v := range m.Shapes[member.Shape].Members {
			if m.scalar(v.Shape) && isID.MatchString(inner) {
				out = append(out, name+"."+inner)
			}
		}
	}
	slices.Sort(out)
	return out
}
