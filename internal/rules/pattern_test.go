package rules

import (
	"strings"
	"testing"
)

func TestPatterns(t *testing.T) {
	for _, tt := range []struct {
		pattern, text string
		want          bool
	}{
		{"aws_iam_role", "aws_iam_role", true},
		{"aws_iam_role", "aws_iam_role_policy", false},
		{"aws_iam_*", "aws_iam_role_policy", true},
		{"aws_security_group*", "aws_security_group", true},
		{"*", "anything/at all", true},
		{"*", "", true},
		{"arn:aws:iam::*:role/aws-service-role/*", "arn:aws:iam::1:role/aws-service-role/ecs/AWSServiceRoleForECS", true},
		{"*_policy", "aws_iam_role_policy_attachment", false},
		{"*ab*ab", "ab xab", true},
		{"a?c", "abc", true},
		{"a?c", "aéc", true},
		{"a?c", "ac", false},
		{"a[b-d]e", "ace", true},
		{"a[!b-d]e", "ace", false},
		{"a[!b-d]e", "axe", true},
		{"[abc-]x", "-x", true},
		{"*@example.com", "alice@example.com", true},
	} {
		var p Pattern
		if err := p.UnmarshalText([]byte(tt.pattern)); err != nil {
			t.Fatalf("%s: %v", tt.pattern, err)
		}
		if got := p.Matches(tt.text); got != tt.want {
			t.Errorf("%q matches %q: %t, want %t", tt.pattern, tt.text, got, tt.want)
		}
	}
}

func TestAMalformedPatternIsAnErrorThatSaysHow(t *testing.T) {
	for pattern, want := range map[string]string{
		"":          "empty pattern",
		"aws_[a-z":  "nothing closes",
		"aws_[]":    "empty",
		"aws_[!]x":  "empty",
		"aws_[z-a]": "backwards",
	} {
		var p Pattern
		if err := p.UnmarshalText([]byte(pattern)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one about %q", pattern, err, want)
		}
	}
}

func TestAttributePatterns(t *testing.T) {
	for _, tt := range []struct {
		pattern, attribute string
		covers, touches    bool
	}{
		{"settings", "settings", true, true},
		{"settings", "settings[0].tier", true, true},
		{"settings", "settings_extra", false, false},
		{"settings[0].tier", "settings", false, true},
		{"settings[0].tier", "settings[0].tier", true, true},
		{"settings[0].tier", "settings[1].tier", false, false},
		{"settings.tier", "settings[0].tier", true, true},
		{"settings[*].tier", "settings[3].tier", true, true},
		{"settings.*.tier", "settings", false, true},
		{"settings.disk", "settings[0].tier", false, false},
		{"*", "anything[0].at.all", true, true},
		{`tags["Owner"]`, "tags.Owner", true, true},
		{"tags.Owner", `tags["Owner"]`, true, true},
		{"tags.*", "tags", false, true},
		{"*backup*", "backup_retention_period", true, true},
		{"ingress", "ingress", true, true},
	} {
		var p AttributePattern
		if err := p.UnmarshalText([]byte(tt.pattern)); err != nil {
			t.Fatalf("%s: %v", tt.pattern, err)
		}
		if got := p.Covers(tt.attribute); got != tt.covers {
			t.Errorf("%q covers %q: %t, want %t", tt.pattern, tt.attribute, got, tt.covers)
		}
		if got := p.Touches(tt.attribute); got != tt.touches {
			t.Errorf("%q touches %q: %t, want %t", tt.pattern, tt.attribute, got, tt.touches)
		}
		if p.String() != tt.pattern {
			t.Errorf("%q is written %q", tt.pattern, p.String())
		}
	}
}

func FuzzPatternsNeverFail(f *testing.F) {
	f.Add("*a*b*c[!d-f]?", "aabbcc")
	f.Add(`a["x"].*[0]`, "a[\"y\"].b[1]")
	f.Add("\xff*\xff", "\xff\xfe")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 100 || len(text) > 1000 {
			t.Skip()
		}
		var p Pattern
		if p.UnmarshalText([]byte(pattern)) == nil {
			p.Matches(text)
			if p.rest == "" && !p.Matches(pattern) {
				t.Errorf("%q does not match itself", pattern)
			}
		}
		var a AttributePattern
		if a.UnmarshalText([]byte(pattern)) == nil && a.Covers(text) && !a.Touches(text) {
			t.Errorf("%q covers %q but does not touch it", pattern, text)
		}
	})
}
