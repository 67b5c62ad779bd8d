package rules

import (
	"fmt"
	"reflect"
	"slices"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// none is the changes of a finding that has none, as against nil: none left.
var none = []drift.Attribute{}

// apply returns the changes that the entry leaves, or nil if it drops the
// finding: the whole resource is ignored, or each of its changes is. A finding
// whose attributes are not known is dropped only with its resource.
func (ig *Ignore) apply(f *drift.Finding, changes []drift.Attribute, say func(string, ...any)) []drift.Attribute {
	if changes == nil {
		changes = none
	}
	resource, ok := ig.resource(f)
	if !ok {
		return changes
	}
	if len(ig.Attributes) == 0 {
		if say != nil {
			say("ignored: %s", resource)
		}
		return nil
	}
	if f.Kind != drift.Modified || !slices.ContainsFunc(changes, ig.ignores) {
		return changes
	}
	var left []drift.Attribute
	for _, c := range changes {
		if !ig.ignores(c) {
			left = append(left, c)
		} else if say != nil {
			say("ignored: attribute %s of %s", c.Name, resource)
		}
	}
	return left
}

// resource says which of the entry's patterns means the finding's resource.
func (ig *Ignore) resource(f *drift.Finding) (string, bool) {
	if len(ig.Resources) == 0 {
		return "every resource", true
	}
	for i := range ig.Resources {
		if ig.Resources[i].Means(f.Resource) {
			return ig.Resources[i].text, true
		}
	}
	return "", false
}

// ignores reports whether a change is of ignored attributes only: its attribute
// is one, or before and after differ in such parts alone (tags, where only the
// ignored tags.LastScanned differs).
func (ig *Ignore) ignores(c drift.Attribute) bool {
	if ig.covers(c.Name) {
		return true
	}
	return c.Op == drift.OpSet && !c.Sensitive && !c.Unknown && ig.coversDifference(c.Name, c.Before, c.After)
}

func (ig *Ignore) covers(attribute string) bool {
	return anyCovers(ig.Attributes, attribute)
}

// coversDifference reports whether two trees differ, and only in covered parts.
func (ig *Ignore) coversDifference(path string, before, after any) bool {
	b, isB := before.(map[string]any)
	a, isA := after.(map[string]any)
	if (isB || before == nil) && (isA || after == nil) && (isA || isB) {
		return ig.coversMembers(path, b, a)
	}
	listB, isB := before.([]any)
	listA, isA := after.([]any)
	if !isA || !isB || len(listA) != len(listB) {
		return false
	}
	differ := false
	for i := range listB {
		if !same(listB[i], listA[i]) {
			differ = true
			if part := fmt.Sprintf("%s[%d]", path, i); !ig.covers(part) && !ig.coversDifference(part, listB[i], listA[i]) {
				return false
			}
		}
	}
	return differ
}

func (ig *Ignore) coversMembers(path string, before, after map[string]any) bool {
	differ := false
	for _, object := range [...]map[string]any{before, after} {
		for name := range object {
			if !same(before[name], after[name]) {
				differ = true
				if part := path + "." + name; !ig.covers(part) && !ig.coversDifference(part, before[name], after[name]) {
					return false
				}
			}
		}
	}
	return differ
}

// same compares scalars as text, so that 1 and "1" do not hide an ignored change.
func same(a, b any) bool {
	textA, isA := tree.Text(a)
	textB, isB := tree.Text(b)
	if isA && isB {
		return textA == textB
	}
	return reflect.DeepEqual(a, b)
}
