package config

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Parse reads a configuration. name stands for the file in problems. An empty
// text is the defaults. The error is [Problems].
func Parse(name string, text []byte) (*Config, []Warning, error) {
	c := new(Config)
	d := &decoder{file: name, left: maxValues, anchors: map[string][]*ast.AnchorNode{}}
	setDefaults(reflect.ValueOf(c).Elem())
	body, problem := document(name, text)
	if problem != nil {
		return nil, nil, Problems{*problem}
	}
	if body != nil {
		ast.Walk(d, body)
		d.value(body, reflect.ValueOf(c).Elem(), field{typ: reflect.TypeFor[Config]()}, "")
	}
	d.warnAboutEnvironments(c)
	inFileOrder(d.problems)
	inFileOrder(d.warnings)
	if len(d.problems) > 0 {
		return nil, d.warnings, Problems(d.problems)
	}
	return c, d.warnings, nil
}

// decoder fills the structs from a document and collects what is wrong.
type decoder struct {
	file      string
	anchors   map[string][]*ast.AnchorNode
	left      int // values that may still be decoded: aliases multiply them
	exhausted bool
	merging   int // depth of merges
	problems  []Problem
	warnings  []Warning
	ruled     ast.Node // the first environment of a rule
}

// Visit collects the anchors.
func (d *decoder) Visit(n ast.Node) ast.Visitor {
	if a, ok := n.(*ast.AnchorNode); ok && a.Name != nil {
		name := a.Name.GetToken().Value
		d.anchors[name] = append(d.anchors[name], a)
	}
	return d
}

func (d *decoder) fail(n ast.Node, format string, args ...any) {
	d.problems = append(d.problems, d.problem(n, format, args...))
}

func (d *decoder) warn(n ast.Node, format string, args ...any) {
	d.warnings = append(d.warnings, d.problem(n, format, args...))
}

func (d *decoder) problem(n ast.Node, format string, args ...any) Problem {
	p := Problem{File: d.file, Message: fmt.Sprintf(format, args...)}
	if pos := position(n); pos != nil {
		p.Line, p.Column = pos.Line, pos.Column
	}
	return p
}

// position is where a value begins: of a mapping its first key, not its colon.
func position(n ast.Node) *token.Position {
	switch m := n.(type) {
	case *ast.MappingNode:
		if !m.IsFlowStyle && len(m.Values) > 0 {
			return position(m.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return position(m.Key)
	}
	if n == nil || n.GetToken() == nil {
		return nil
	}
	return n.GetToken().Position
}

// resolve follows anchors and aliases to the value; ok is false where there is
// none, which is then reported, or too many values were met.
func (d *decoder) resolve(n ast.Node) (value ast.Node, ok bool) {
	if d.left--; d.left < 0 {
		if !d.exhausted {
			d.exhausted = true
			d.fail(n, "the aliases stand for more than %d values; write fewer", maxValues)
		}
		return nil, false
	}
	for range maxDepth {
		switch v := n.(type) {
		case *ast.AnchorNode:
			n = v.Value
		case *ast.AliasNode:
			name := v.Value.GetToken().Value
			anchor := d.anchor(name, v)
			if anchor == nil {
				d.fail(n, "the alias *%s stands for nothing; write &%s before a value above it", name, name)
				return nil, false
			}
			n = anchor.Value
		default:
			return n, true
		}
	}
	d.fail(n, "the aliases run in a circle")
	return nil, false
}

// anchor is the last of that name before the alias.
func (d *decoder) anchor(name string, alias ast.Node) *ast.AnchorNode {
	var last *ast.AnchorNode
	for _, a := range d.anchors[name] {
		if a.GetToken().Position.Offset < alias.GetToken().Position.Offset {
			last = a
		}
	}
	return last
}

// value decodes n into v; path is how people name the place.
func (d *decoder) value(n ast.Node, v reflect.Value, f field, path string) {
	written := n
	n, ok := d.resolve(n)
	if !ok || isNull(n) {
		return // null is absent: the default stays
	}
	switch {
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		setDefaults(v.Elem())
		d.value(n, v.Elem(), f, path)
	case v.Type() == durationType:
		d.duration(n, v, f, path)
	case isText(v):
		d.unmarshalText(n, v, path)
	case v.Kind() == reflect.Struct:
		d.structure(written, n, v, path)
	case v.Kind() == reflect.Slice:
		d.list(n, v, f, path)
	case v.Kind() == reflect.Map:
		d.secrets(n, v, path)
	case v.Kind() == reflect.String:
		d.text(n, v, f, path)
	case v.Kind() == reflect.Bool:
		if b, ok := n.(*ast.BoolNode); ok {
			v.SetBool(b.Value)
		} else {
			d.mistyped(n, "true or false", path)
		}
	case v.Kind() == reflect.Int:
		d.number(n, v, f, path)
	}
}

func (d *decoder) mistyped(n ast.Node, want, path string) {
	d.fail(n, "%s: want %s, got %s", path, want, describe(n))
}

func (d *decoder) text(n ast.Node, v reflect.Value, f field, path string) {
	s, ok := d.textOf(n, path)
	if !ok {
		return
	}
	if f.enum != nil && !slices.Contains(f.enum, s) {
		message := fmt.Sprintf("%s: want %s, got %q", path, oneOf(f.enum), short(s))
		if near := nearest(s, f.enum); near != "" {
			message += fmt.Sprintf("; did you mean %q?", near)
		}
		d.fail(n, "%s", message)
		return
	}
	v.SetString(s)
}

func (d *decoder) textOf(n ast.Node, path string) (string, bool) {
	switch s := n.(type) {
	case *ast.StringNode:
		return s.Value, true
	case *ast.LiteralNode:
		return s.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		d.fail(n, "%s: want text, got %s; put it in quotes", path, describe(n))
	default:
		d.mistyped(n, "text", path)
	}
	return "", false
}

func (d *decoder) unmarshalText(n ast.Node, v reflect.Value, path string) {
	s, ok := d.textOf(n, path)
	if !ok {
		return
	}
	if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s)); err != nil {
		d.fail(n, "%s: %s", path, err)
	}
}

func (d *decoder) number(n ast.Node, v reflect.Value, f field, path string) {
	i, ok := n.(*ast.IntegerNode)
	if !ok {
		d.mistyped(n, "a whole number", path)
		return
	}
	number, err := strconv.ParseInt(fmt.Sprint(i.Value), 10, 64)
	least, most := bound(f.min, -1<<31), bound(f.max, 1<<31-1)
	if err != nil || number < least || number > most {
		d.fail(n, "%s: want a number from %d to %d, got %s", path, least, most, short(i.Token.Value))
		return
	}
	v.SetInt(number)
}

func bound(text string, otherwise int64) int64 {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	return otherwise
}

func (d *decoder) duration(n ast.Node, v reflect.Value, f field, path string) {
	if i, ok := n.(*ast.IntegerNode); ok {
		d.fail(n, "%s: %s what? write the unit: %ss, %sm or %sh", path, short(i.Token.Value), i.Token.Value, i.Token.Value, i.Token.Value)
		return
	}
	s, ok := n.(*ast.StringNode)
	if !ok {
		d.mistyped(n, "a duration such as 90s, 15m or 1h", path)
		return
	}
	duration, err := time.ParseDuration(s.Value)
	if err != nil {
		d.fail(n, "%s: want a duration such as 90s, 15m or 1h, got %q", path, short(s.Value))
		return
	}
	least, _ := time.ParseDuration(f.min)
	most, err := time.ParseDuration(f.max)
	switch {
	case duration < least:
		d.fail(n, "%s: %s is too short; want %s at least", path, short(s.Value), f.min)
	case err == nil && duration > most:
		d.fail(n, "%s: %s is too long; want %s at most", path, short(s.Value), f.max)
	}
	v.SetInt(int64(duration))
}

func (d *decoder) list(n ast.Node, v reflect.Value, f field, path string) {
	seq, ok := n.(*ast.SequenceNode)
	switch {
	case ok:
	case f.lone:
		element := reflect.New(v.Type().Elem()).Elem()
		setDefaults(element)
		d.value(n, element, field{typ: element.Type()}, path)
		v.Set(reflect.Append(v, element))
		return
	default:
		want := "a list"
		if isScalar(n) {
			want = "a list, each element on a line of its own behind \"- \""
		}
		d.mistyped(n, want, path)
		return
	}
	list := reflect.MakeSlice(v.Type(), 0, min(len(seq.Values), 1000))
	for i, e := range seq.Values {
		if d.left < 0 {
			return
		}
		element := reflect.New(v.Type().Elem()).Elem()
		setDefaults(element)
		where := fmt.Sprintf("%s[%d]", path, i)
		if isNull(e) {
			d.fail(e, "%s: an element is empty; remove its \"-\"", where)
			continue
		}
		d.value(e, element, field{typ: element.Type()}, where)
		list = reflect.Append(list, element)
	}
	v.Set(list)
}

// checker is a struct that knows more about its values than tags say.
type checker interface{ Check() error }

func (d *decoder) structure(written, n ast.Node, v reflect.Value, path string) {
	if f, ok := textField(v.Type()); ok && isScalar(n) {
		d.value(n, v.FieldByIndex(f.index), f, path)
		return
	}
	pairs, ok := d.pairs(n, path)
	if !ok {
		return
	}
	fields := fieldsOf(v.Type())
	before := len(d.problems)
	given := map[string]string{} // field to the key that gave it
	for _, pair := range pairs {
		f, source, ok := find(fields, pair.key)
		switch {
		case !ok:
			d.unknownKey(pair, fields, path)
		case f.index == nil:
			d.warn(pair.node, "%s has no effect here and may be removed: %s", join(path, f.name), f.doc)
		case given[f.name] != "":
			d.fail(pair.node, "%s: both %s and %s are given; keep one", orTop(path), given[f.name], pair.key)
		case source != NoSecret:
			if s, ok := d.secret(pair, source, join(path, pair.key), !f.open); ok {
				v.FieldByIndex(f.index).Set(reflect.ValueOf(s))
				given[f.name] = pair.key
			}
		default:
			given[f.name] = pair.key
			d.value(pair.value, v.FieldByIndex(f.index), f, join(path, f.name))
			if path != "" && f.name == "environment" && d.ruled == nil {
				d.ruled = pair.node
			}
		}
	}
	for _, f := range fields {
		if f.required && given[f.name] == "" {
			d.fail(written, "%s: %s is missing: %s", orTop(path), f.name, f.doc)
		}
	}
	if c, ok := v.Addr().Interface().(checker); ok && len(d.problems) == before {
		if err := c.Check(); err != nil {
			for _, line := range strings.Split(err.Error(), "\n") { // errors.Join puts one a line
				d.fail(written, "%s: %s", orTop(path), line)
			}
		}
	}
}

func (d *decoder) unknownKey(p pair, fields []field, path string) {
	var names []string
	for _, f := range fields {
		for _, k := range f.keys() {
			names = append(names, k.key)
		}
	}
	place := "at the top level"
	if path != "" {
		place = "in " + path
	}
	message := fmt.Sprintf("unknown key %q %s", short(p.key), place)
	if len(d.problems) >= maxShown { // nobody reads on; looking for the nearest is not free
		d.fail(p.node, "%s", message)
		return
	}
	if near := nearest(p.key, names); near != "" {
		d.fail(p.node, "%s; did you mean %q?", message, near)
		return
	}
	var known []string
	for _, f := range fields {
		if f.index != nil {
			known = append(known, f.name)
		}
	}
	d.fail(p.node, "%s; known are %s", message, strings.Join(known, ", "))
}

// find is the field of a key, and for a secret the source that the key means.
func find(fields []field, key string) (field, SecretSource, bool) {
	for _, f := range fields {
		for _, k := range f.keys() {
			if k.key == key {
				return f, k.source, true
			}
		}
	}
	return field{}, NoSecret, false
}

// secret decodes a secret's value; no problem or warning quotes it.
func (d *decoder) secret(p pair, source SecretSource, path string, warn bool) (Secret, bool) {
	n, ok := d.resolve(p.value)
	if !ok || isNull(n) {
		return Secret{}, false
	}
	var value string
	switch s := n.(type) {
	case *ast.StringNode:
		value = s.Value
	case *ast.LiteralNode:
		value = strings.TrimSpace(s.Value.Value)
	default:
		d.fail(n, "%s: want text; put the value in quotes", path)
		return Secret{}, false
	}
	if value == "" {
		if source != Plain {
			d.fail(n, "%s: the name is empty", path)
		}
		return Secret{}, false
	}
	if source == Plain && warn {
		d.warn(p.node, "%s stands in plain text; better name where it is kept, with %s%senv, %s%saws_secret or %s%sgcp_secret",
			path, p.key, fromInfix, p.key, fromInfix, p.key, fromInfix)
	}
	return NewSecret(source, value), true
}

// secrets decodes a mapping of names to secrets: headers.
func (d *decoder) secrets(n ast.Node, v reflect.Value, path string) {
	pairs, ok := d.pairs(n, path)
	if !ok {
		return
	}
	secrets := map[string]Secret{}
	for _, p := range pairs {
		name, source := p.key, Plain
		for _, k := range secretKeys("") {
			if base, ok := strings.CutSuffix(p.key, k.key); ok && k.source != Plain && base != "" {
				name, source = base, k.source
			}
		}
		if _, twice := secrets[name]; twice {
			d.fail(p.node, "%s: %s is given twice; keep one", path, short(name))
			continue
		}
		if s, ok := d.secret(p, source, join(path, p.key), bearsSecret(name)); ok {
			secrets[name] = s
		}
	}
	v.Set(reflect.ValueOf(secrets))
}

// bearsSecret reports whether a header's name says that its value is one.
func bearsSecret(header string) bool {
	header = strings.ToLower(header)
	for _, word := range [...]string{"auth", "token", "key", "secret", "cookie", "password"} {
		if strings.Contains(header, word) {
			return true
		}
	}
	return false
}

// pair is a key of a mapping with its value.
type pair struct {
	key   string
	node  ast.Node // the key's
	value ast.Node
}

// pairs lists a mapping, merges ("<<: *base") in place behind its own keys.
// Duplicate keys are reported.
func (d *decoder) pairs(n ast.Node, path string) ([]pair, bool) {
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		d.mistyped(n, "keys with values", orTop(path))
		return nil, false
	}
	d.left -= len(values)
	var pairs, merged []pair
	lines := map[string]int{}
	for _, value := range values {
		if value.Key.IsMergeKey() {
			merged = append(merged, d.merge(value.Value, path)...)
			continue
		}
		key, ok := keyText(value.Key)
		if !ok {
			d.fail(value.Key, "%s: a key is text, not %s", orTop(path), describe(value.Key))
			continue
		}
		if line, twice := lines[key]; twice {
			d.fail(value.Key, "duplicate key %q in %s; it stands in line %d already", short(key), orTop(path), line)
			continue
		}
		lines[key] = position(value.Key).Line
		pairs = append(pairs, pair{key, value.Key, value.Value})
	}
	for _, p := range merged {
		if _, own := lines[p.key]; !own {
			lines[p.key] = 0
			pairs = append(pairs, p)
		}
	}
	return pairs, true
}

func (d *decoder) merge(n ast.Node, path string) []pair {
	n, ok := d.resolve(n)
	if !ok {
		return nil
	}
	if d.merging++; d.merging > maxDepth {
		d.left, d.exhausted = -1, true
		d.fail(n, "the merges run in a circle")
		return nil
	}
	defer func() { d.merging-- }()
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		pairs, _ := d.pairs(n, path)
		return pairs
	}
	var all []pair
	for _, e := range seq.Values {
		if e, ok := d.resolve(e); ok {
			pairs, _ := d.pairs(e, path)
			all = append(all, pairs...)
		}
	}
	return all
}

func keyText(n ast.Node) (string, bool) {
	s, ok := n.(*ast.StringNode)
	if !ok {
		return "", false
	}
	return s.Value, true
}

// warnAboutEnvironments tells that rules for environments all apply where the
// deployment does not say which it is.
func (d *decoder) warnAboutEnvironments(c *Config) {
	if d.ruled != nil && c.Environment == "" {
		d.warn(d.ruled, "rules are limited to environments, but this deployment names none, so all of them apply; set environment at the top level")
	}
}

// setDefaults gives a struct's fields the defaults of their tags, those of
// structs in it too. Sections that are pointers stay nil.
func setDefaults(v reflect.Value) {
	if v.Kind() != reflect.Struct || v.Type() == secretType || isText(v) {
		return
	}
	for _, f := range fieldsOf(v.Type()) {
		if f.index == nil {
			continue
		}
		target := v.FieldByIndex(f.index)
		switch {
		case f.dflt == "":
			setDefaults(target)
		case f.typ == durationType:
			d, err := time.ParseDuration(f.dflt)
			if err != nil {
				panic("default of " + f.name + ": " + err.Error())
			}
			target.SetInt(int64(d))
		case target.Kind() == reflect.Bool:
			target.SetBool(f.dflt == "true")
		case target.Kind() == reflect.Int:
			target.SetInt(bound(f.dflt, 0))
		default:
			target.SetString(f.dflt)
		}
	}
}

func isText(v reflect.Value) bool {
	return v.CanAddr() && v.Addr().Type().Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

func isNull(n ast.Node) bool {
	_, ok := n.(*ast.NullNode)
	return ok || n == nil
}

func isScalar(n ast.Node) bool {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode:
		return false
	}
	return true
}

// describe says what a value is, quoting scalars in short.
func describe(n ast.Node) string {
	switch v := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "keys with values"
	case *ast.SequenceNode:
		return "a list"
	case *ast.StringNode:
		return strconv.Quote(short(v.Value))
	case *ast.LiteralNode:
		return "text of several lines"
	case *ast.NullNode:
		return "nothing"
	case *ast.IntegerNode:
		return "the number " + short(v.Token.Value)
	case *ast.FloatNode:
		return "the number " + short(v.Token.Value)
	case *ast.BoolNode:
		return short(v.Token.Value)
	}
	return "something else"
}

func short(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

func oneOf(enum []string) string {
	named := slices.DeleteFunc(slices.Clone(enum), func(s string) bool { return s == "" })
	return strings.Join(named[:len(named)-1], ", ") + " or " + named[len(named)-1]
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + short(key)
}

func orTop(path string) string {
	if path == "" {
		return "the top level"
	}
	return path
}
