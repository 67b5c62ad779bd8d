package main

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
)

// typeTable makes types.txt: what the rows and the schemas say of each type.
func typeTable(f *Facts, aws, gcp []catalog.Row) []byte {
	rows := map[string][]catalog.Row{}
	add := func(provider drift.Provider, derived []catalog.Row) {
		for _, row := range derived {
			rows[row.Type] = append(rows[row.Type], row)
		}
		for row := range catalog.Overrides(provider) {
			if row.Type != "" && row.Effect != drift.Silent {
				rows[row.Type] = append(rows[row.Type], row)
			}
			for pair := range strings.FieldsSeq(row.Types) {
				typ, attribute, _ := strings.Cut(pair, ":")
				rows[typ] = append(rows[typ], catalog.Row{Source: row.Source, Event: row.Event, Type: typ, Effect: row.Effect, ID: attribute + "=shape"})
			}
		}
	}
	add(drift.AWS, aws)
	add(drift.GCP, gcp)
	d := newDeriver(f)
	var b bytes.Buffer
	for _, typ := range slices.SortedFunc(maps.Keys(f.Types), func(a, b string) int { return strings.Compare(a, b) }) {
		t := f.Types[typ]
		if len(t.attributes) == 0 {
			continue
		}
		services, names := map[string]bool{}, map[string]bool{}
		single := false
		first := map[string]bool{}
		for _, row := range rows[typ] {
			services[row.Source] = true
			single = single || row.ID == catalog.Singleton
			head, _, _ := strings.Cut(row.ID, " ")
			attributes, _, _ := strings.Cut(head, "=")
			for _, a := range strings.Split(attributes, "|") {
				if block, _, _ := strings.Cut(a, "."); t.has(block) {
					first[a] = true
				}
			}
		}
		if len(services) == 0 && strings.Contains(t.host, ".googleapis.com") { // no row: a standard method may still name it
			services[catalog.NormalSource(drift.GCP, t.host)] = true
		}
		for _, a := range []string{"id", "arn", "name"} {
			names[a] = t.has(a)
		}
		parent, attribute := d.parentOf(typ)
		for _, a := range ownNames(t, d.learned[typ], d.key[typ]) {
			names[a] = t.has(a) && (a != attribute || len(t.identity) == 1)
		}
		maps.DeleteFunc(names, func(_ string, ok bool) bool { return !ok })
		keys := maps.Clone(names)
		maps.Copy(keys, first)
		if attribute != "" {
			keys[attribute] = true
		}
		within := ""
		if parent != "" {
			within = parent + " " + attribute
		}
		flag := ""
		if single {
			flag = catalog.Singleton
		}
		line := strings.Join([]string{typ, join(services), join(keys), join(names), strings.Join(t.sensitive, " "), within, flag}, "\t")
		b.WriteString(strings.TrimRight(line, "\t"))
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func join(set map[string]bool) string {
	return strings.Join(slices.Sorted(maps.Keys(set)), " ")
}

// ownNames are the attributes by which an event may name a resource: the
// identity's parts, and those whose words are the type's last ones.
func ownNames(t *typeFact, learned map[string]string, keys map[string]struct{}) (out []string) {
	out = append(out, "self_link", t.tagID)
	words := strings.Split(t.name, "_")
	google := strings.HasPrefix(t.name, "google_")
	if isIAM(t.name) {
		return nil
	}
	if google {
		out = append(out, "email", "unique_id")
		if t.template != "" {
			last := t.template[strings.LastIndexByte(t.template, '/')+1:]
			if m := placeholder.FindStringSubmatch(last); m != nil {
				out = append(out, m[1])
			}
		}
	}
	identity := t.identity
	if len(identity) == 1 {
		out = append(out, identity...)
	}
	tail := words[len(words)-1]
	for name, a := range t.attributes {
		if a.kind != "s" && a.kind != "n" {
			continue
		}
		for _, suffix := range []string{"_id", "_name", "_arn", "_identifier", "_url", "_email", "_address"} {
			stem, ok := strings.CutSuffix(name, suffix)
			if !ok || stem == "" {
				continue
			}
			if stem == tail || strings.HasSuffix(t.name, "_"+stem) && len(stem) > 3 {
				out = append(out, name)
			}
		}
		if name == "identifier" || name == "cluster_identifier" && tail == "cluster" {
			out = append(out, name)
		}
	}
	for member := range keys {
		if a := learned[member]; len(keys) == 1 && a != "" {
			out = append(out, a)
		}
	}
	slices.Sort(out)
	return slices.Compact(slices.DeleteFunc(out, func(s string) bool { return s == "" }))
}
