package catalog

import "tfdrift/internal/tree"

// cleanupPolicies: the API has them by their ids, Terraform in a list.
func cleanupPolicies(body map[string]any) map[string]any {
	policies, ok := body["cleanupPolicies"].(map[string]any)
	if !ok {
		return body
	}
	out := make([]any, 0, len(policies))
	for _, id := range tree.Keys(policies) {
		policy, _ := policies[id].(map[string]any)
		policy = omit(policy)
		policy["id"] = id
		out = append(out, policy)
	}
	body["cleanupPolicies"] = out
	return body
}
