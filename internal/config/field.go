package config

import (
	"reflect"
	"strings"
	"time"
)

// field is one key that a mapping may hold, as the tags of its struct say.
type field struct {
	name     string
	index    []int // in the struct; nil for a retired key
	typ      reflect.Type
	doc      string
	dflt     string
	min, max string
	enum     []string
	required bool
	lone     bool // one element may stand without the list
	text     bool // a lone text stands for the struct with only this field
	open     bool // a secret that may stand in plain text
}

var (
	retiredType  = reflect.TypeFor[Retired]()
	secretType   = reflect.TypeFor[Secret]()
	durationType = reflect.TypeFor[time.Duration]()
)

// fieldsOf lists a struct's keys in order, those of embedded structs in place.
func fieldsOf(t reflect.Type) []field {
	var fields []field
	for i := range t.NumField() {
		sf := t.Field(i)
		if sf.Anonymous {
			for _, f := range fieldsOf(sf.Type) {
				f.index = append([]int{i}, f.index...)
				fields = append(fields, f)
			}
			continue
		}
		name, options, _ := strings.Cut(sf.Tag.Get("yaml"), ",")
		if name == "" {
			continue
		}
		f := field{
			name: name, index: sf.Index, typ: sf.Type,
			doc: sf.Tag.Get("doc"), dflt: sf.Tag.Get("default"), min: sf.Tag.Get("min"), max: sf.Tag.Get("max"),
		}
		if sf.Type == retiredType {
			f.index = nil
		}
		if enum, ok := sf.Tag.Lookup("enum"); ok {
			f.enum = strings.Split(enum, ",")
		}
		for _, option := range strings.Split(options, ",") {
			switch option {
			case "required":
				f.required = true
			case "lone":
				f.lone = true
			case "text":
				f.text = true
			case "open":
				f.open = true
			}
		}
		fields = append(fields, f)
	}
	return fields
}

// keys are the spellings of the field's key, with the sources they mean: a
// secret has one for each source.
func (f field) keys() []secretKey {
	if f.typ != secretType {
		return []secretKey{{f.name, NoSecret}}
	}
	return secretKeys(f.name)
}

type secretKey struct {
	key    string
	source SecretSource
}

func secretKeys(name string) []secretKey {
	keys := []secretKey{{name, Plain}}
	for _, source := range []SecretSource{FromEnv, FromAWS, FromGCP} {
		keys = append(keys, secretKey{name + fromInfix + string(source), source})
	}
	return keys
}

// textField is the field that a lone text stands for, if the struct has one.
func textField(t reflect.Type) (field, bool) {
	for _, f := range fieldsOf(t) {
		if f.text {
			return f, true
		}
	}
	return field{}, false
}
