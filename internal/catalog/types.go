package catalog

import (
	"crypto/sha256"
	"io"
	"iter"
	"slices"
	"strings"
	"sync"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// New is a path of a row's ID: the value of the row's NewID.
const New = "new"

// TypeInfo is what is known of a Terraform resource type beside its attributes,
// which its state shows.
type TypeInfo struct {
	Services  Words  // normal sources of the events that may name it, see [NormalSource]
	Key       Words  // attributes under whose values it is indexed
	Names     Words  // attributes that hold a name an event may use: what "*" in a row's ID means
	Sensitive Words  // attributes the provider calls sensitive, "block.attribute" where nested
	Parent    string // of a part: the type that it belongs to,
	ParentBy  string // and the attribute that names it
	Singleton bool   // exists once in an account and region, needs no name
}

// Words is a list of words in one text, as the table has it: reading it makes nothing.
type Words string

// All yields the words.
func (w Words) All() iter.Seq[string] { return strings.FieldsSeq(string(w)) }

// TypeOf returns what is known of a type; ok is false for types of other
// providers and of providers newer than the facts.
func TypeOf(typ string) (info TypeInfo, ok bool) {
	line := strings.TrimSuffix(find(typeTable, typ), "\n")
	if line == "" {
		return TypeInfo{}, false
	}
	return parseType(line), true
}

// Sensitive are the attributes of a type that its provider calls sensitive,
// "block.attribute" where nested.
func Sensitive(typ string) []string {
	info, _ := TypeOf(typ)
	return strings.Fields(string(info.Sensitive))
}

// Version is another where an entry's keys or sensitive attributes may be
// others: four bytes of the hash of the table they come from.
var Version = sync.OnceValue(func() string {
	h := sha256.New()
	_, _ = io.WriteString(h, typeTable) // a hash takes everything
	return string(h.Sum(nil)[:4])
})

func parseType(line string) TypeInfo {
	var columns [7]string
	for i := range columns {
		columns[i], line, _ = strings.Cut(line, "\t")
	}
	parent, by, _ := strings.Cut(columns[5], " ")
	return TypeInfo{
		Services: Words(columns[1]), Key: Words(columns[2]), Names: Words(columns[3]), Sensitive: Words(columns[4]), Parent: parent,
		ParentBy: by, Singleton: columns[6] == Singleton,
	}
}

// Types yields all types, in order.
func Types() iter.Seq2[string, TypeInfo] {
	return func(yield func(string, TypeInfo) bool) {
		for line := range lines(typeTable) {
			typ, _, _ := strings.Cut(line, "\t")
			if !yield(typ, parseType(line)) {
				return
			}
		}
	}
}

// Keys are the index keys of an entry: one for each service that may log an
// event on it and each name that such an event may find it by.
func Keys(e *drift.Entry) []string {
	info, ok := TypeOf(e.Type)
	if !ok {
		return nil
	}
	var keys []string
	add := func(service, name string) {
		if key := identity.Key(service, name); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for service := range info.Services.All() {
		for attribute := range info.Key.All() {
			for name := range values(e, attribute) {
				add(service, name)
			}
		}
		if info.Singleton {
			add(service, e.Type)
		}
	}
	return keys
}

// KeyAttributes are the attributes that [Keys] looks into.
func KeyAttributes(typ string) (names []string) {
	info, _ := TypeOf(typ)
	for attribute := range info.Key.All() {
		name, _, _ := strings.Cut(attribute, ".")
		names = append(names, name)
	}
	return names
}

// Names yields the values of an entry's names: what "*" in a row's ID is
// compared with. Types that the catalog does not know go by id, arn and name.
func Names(e *drift.Entry) iter.Seq[string] {
	info, ok := TypeOf(e.Type)
	if !ok {
		info.Names = "id arn name"
	}
	return func(yield func(string) bool) {
		for attribute := range info.Names.All() {
			for name := range values(e, attribute) {
				if !yield(name) {
					return
				}
			}
		}
	}
}

// values yields an attribute's value, or its elements.
func values(e *drift.Entry, attribute string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if strings.Contains(attribute, ".") { // of a block: root_block_device.volume_id
			for _, v := range tree.Get(e.Attributes, attribute) {
				if s, ok := tree.Text(v); ok && s != "" && !yield(s) {
					return
				}
			}
			return
		}
		v, found := e.Attributes[attribute]
		if !found && attribute == "id" && e.ID != "" {
			v = e.ID
		}
		list, isList := v.([]any)
		if !isList {
			list = []any{v}
		}
		for _, element := range list {
			if s, ok := tree.Text(element); ok && s != "" && !yield(s) {
				return
			}
		}
	}
}
