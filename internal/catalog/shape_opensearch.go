package catalog

import (
	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// openSearchUpdate: one call changes a domain's settings, its access policy and
// its SAML options, of which the last two may be resources of their own
// (OpenSearch Service API Reference, UpdateDomainConfig). Log deliveries are a
// map by the log's kind, of which Terraform makes a list.
func openSearchUpdate(call Call, row Row) []drift.Choice {
	domain := text(call.Params, "domainName")
	if domain == "" {
		return nil
	}
	part := func(suffix, attribute string, params map[string]any, parent bool) (targets drift.Choice) {
		for _, product := range [...]string{"aws_opensearch_domain", "aws_elasticsearch_domain"} {
			t := target(row, product+suffix, drift.Set, domain, drift.Match{Attribute: attribute, Value: domain})
			t.Params, t.Rename, t.Parent = params, row.Params, parent
			targets = append(targets, t)
		}
		return targets
	}
	var choices []drift.Choice
	settings := map[string]any{}
	for _, k := range tree.Keys(call.Params) {
		v := call.Params[k]
		switch {
		case tree.SameName(k, "domainName"):
		case tree.SameName(k, "accessPolicies"):
			policy := map[string]any{k: v}
			choices = append(choices, append(part("_policy", "domain_name", policy, false), part("", "*", policy, true)...))
		case tree.SameName(k, "logPublishingOptions"):
			settings[k] = openSearchLogs(v)
		case tree.SameName(k, "advancedSecurityOptions"):
			security, _ := v.(map[string]any)
			rest := map[string]any{}
			for name, option := range security {
				if tree.SameName(name, "samlOptions") {
					choices = append(choices, part("_saml_options", "domain_name", map[string]any{"samlOptions": option}, false))
				} else {
					rest[name] = option
				}
			}
			settings[k] = rest
		default:
			settings[k] = v
		}
	}
	if len(settings) > 0 {
		choices = append(choices, part("", "*", settings, false))
	}
	return choices
}

func openSearchLogs(v any) any {
	byKind, ok := v.(map[string]any)
	if !ok {
		return v
	}
	var logs []any
	for _, kind := range tree.Keys(byKind) {
		log := map[string]any{"log_type": kind, "enabled": text(byKind[kind], "enabled")}
		if group := text(byKind[kind], "cloudWatchLogsLogGroupArn"); group != "" {
			log["cloudwatch_log_group_arn"] = group
		}
		logs = append(logs, log)
	}
	return logs
}
