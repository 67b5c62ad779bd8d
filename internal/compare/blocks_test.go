package compare_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/compare"
	"tfdrift/internal/drift"
)

// Blocks are written by state in Terraform's words and by events in the
// cloud's; only what they mean counts.
func TestBlocksInTheCloudsWords(t *testing.T) {
	entry := &drift.Entry{Type: "aws_backup_plan", Attributes: map[string]any{
		"rule": []any{
			map[string]any{"rule_name": "daily", "target_vault_name": "main", "copy_action": []any{map[string]any{"destination_vault_arn": "arn:a"}}, "input": []any{"source"}},
		},
		"default_action": []any{map[string]any{"allow": []any{map[string]any{"custom_request_handling": []any{}}}, "block": []any{}}},
	}}
	entry.Attributes["filter_group"] = []any{map[string]any{"filter": []any{map[string]any{"type": "EVENT", "pattern": "PUSH"}}}}
	rules := func(vault, arn, input string) any {
		return []any{map[string]any{
			"ruleName": "daily", "place": map[string]any{"targetBackupVaultName": vault},
			"copyActions": []any{map[string]any{"destinationBackupVaultArn": arn}}, "input": []any{map[string]any{"name": input}},
		}}
	}
	tests := []struct {
		name   string
		params map[string]any
		want   []string
	}{
		{"elements renamed, at every depth", map[string]any{"rules": rules("main", "arn:a", "source")}, nil},
		{"a field that rises in its element", map[string]any{"rules": rules("other", "arn:a", "source")}, []string{"rule"}},
		{"a field of an element's element", map[string]any{"rules": rules("main", "arn:b", "source")}, []string{"rule"}},
		{"a list of names as a list of objects", map[string]any{"rules": rules("main", "arn:a", "build")}, []string{"rule"}},
		{"a block around a list given bare", map[string]any{"filterGroup": []any{[]any{map[string]any{"type": "EVENT", "pattern": "PUSH"}}}}, nil},
		{"a choice made as it is", map[string]any{"defaultAction": map[string]any{"allow": map[string]any{}}}, nil},
		{"another choice, as empty as the first", map[string]any{"defaultAction": map[string]any{"block": map[string]any{}}}, []string{"default_action"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			target := &drift.Target{Effect: drift.Set, Params: test.params,
				Rename: "rules=rule rules.place.targetBackupVaultName=target_vault_name rules.copyActions.destinationBackupVaultArn=destination_vault_arn"}
			var got []string
			for _, a := range (compare.Comparer{}).Changes(entry, compare.Match(target, entry).Facts) {
				got = append(got, a.Name)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
