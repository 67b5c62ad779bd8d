package catalog

import (
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// patch is one operation of a REST API's update: op, a path of members, a value
// (API Gateway API Reference, PatchOperation).
type patch struct {
	op    string
	path  []string
	value any
}

func patches(call Call) []patch {
	var all []patch
	for _, p := range list(call.Params, "patchOperations") {
		path := strings.Split(strings.TrimPrefix(text(p, "path"), "/"), "/")
		for i, s := range path {
			path[i] = strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
		}
		all = append(all, patch{text(p, "op"), path, first(tree.Get(p, "value"))})
	}
	return all
}

// apigatewayPatch: the calls that update parts of a REST API by patches. One
// member is set, a member of a block or of a map of the user's own is set or
// removed, an element is added to a list or taken from it.
func apigatewayPatch(call Call, row Row) []drift.Choice {
	all := patches(call)
	choices := call.targets(row)
	if len(all) == 0 {
		return choices
	}
	params := map[string]any{}
	var facts []drift.Fact
	for _, p := range all {
		name := p.path[0]
		switch {
		case len(p.path) > 2 && row.Type == "aws_api_gateway_stage" && name != "canarySettings":
			continue // a method's setting, which is another resource
		case name == "policy" && row.Type == "aws_api_gateway_rest_api":
			continue // see apigatewayPolicy
		case isUserMapOfREST(name) && len(p.path) == 2:
			value := p.value
			if p.op == "remove" {
				value = nil
			} else if text, ok := value.(string); ok && (text == "true" || text == "false") && name == "requestParameters" {
				value = text == "true"
			}
			facts = append(facts, drift.Fact{Attribute: tree.Snake(name), Op: drift.OpMerge, Value: map[string]any{p.path[1]: value}})
		case p.op == "add" && (len(p.path) == 2 && p.value == nil || isListOfREST(name)):
			facts = append(facts, drift.Fact{Attribute: tree.Snake(name), Op: drift.OpAdd, Value: listValue(p)})
		case p.op == "remove" && (len(p.path) == 2 && p.value == nil || isListOfREST(name)):
			facts = append(facts, drift.Fact{Attribute: tree.Snake(name), Op: drift.OpRemove, Value: listValue(p)})
		case p.op == "remove":
			nest(params, p.path, "")
		default:
			nest(params, p.path, p.value)
		}
	}
	for _, c := range choices {
		for i := range c {
			c[i].Params = params
			c[i].Facts = append(c[i].Facts, facts...)
		}
	}
	if len(params)+len(facts) == 0 {
		return nil
	}
	return choices
}

// listValue is the element that a patch names: by its value, else by its path.
func listValue(p patch) any {
	if s, ok := p.value.(string); ok && s != "" {
		if api, stage, ok := strings.Cut(s, ":"); ok && p.path[0] == "apiStages" {
			return map[string]any{"api_id": api, "stage": stage}
		}
		return s
	}
	return p.path[len(p.path)-1]
}

func isUserMapOfREST(name string) bool {
	switch name {
	case "variables", "requestParameters", "responseParameters", "requestTemplates", "responseTemplates", "requestModels", "responseModels":
		return true
	}
	return false
}

func isListOfREST(name string) bool {
	switch name {
	case "apiStages", "binaryMediaTypes", "authorizationScopes", "cacheKeyParameters", "providerARNs":
		return true
	}
	return false
}

func nest(params map[string]any, path []string, v any) {
	for len(path) > 1 {
		inner, ok := params[path[0]].(map[string]any)
		if !ok {
			inner = map[string]any{}
			params[path[0]] = inner
		}
		params, path = inner, path[1:]
	}
	params[path[0]] = v
}

// apigatewayPolicy: a REST API's policy may be a resource of its own.
func apigatewayPolicy(call Call, row Row) []drift.Choice {
	api := text(call.Params, "restApiId")
	for _, p := range patches(call) {
		if p.path[0] != "policy" || api == "" {
			continue
		}
		effect := drift.Set
		if p.op == "remove" {
			effect = drift.Delete
		}
		own := target(row, "aws_api_gateway_rest_api_policy", effect, api, drift.Match{Attribute: "rest_api_id", Value: api})
		parent := target(row, "aws_api_gateway_rest_api", drift.Set, api, drift.Match{Attribute: "id", Value: api})
		parent.Parent = true
		own.Facts = []drift.Fact{{Attribute: "policy", Op: drift.OpSet, Value: p.value}}
		parent.Facts = own.Facts
		return []drift.Choice{{own, parent}}
	}
	return nil
}

// apigatewayUpdate: UpdateRestApi.
func apigatewayUpdate(call Call, row Row) []drift.Choice {
	row.Type = "aws_api_gateway_rest_api"
	return append(apigatewayPatch(call, row), apigatewayPolicy(call, row)...)
}

// methodSettings are the fields of a method's settings by the path in a stage's
// patch, /{resource path}/{http method}/logging/loglevel.
var methodSettings = [...]struct{ path, field string }{
	{"metrics/enabled", "metrics_enabled"}, {"logging/loglevel", "logging_level"}, {"logging/dataTrace", "data_trace_enabled"},
	{"throttling/burstLimit", "throttling_burst_limit"}, {"throttling/rateLimit", "throttling_rate_limit"},
	{"caching/enabled", "caching_enabled"}, {"caching/ttlInSeconds", "cache_ttl_in_seconds"}, {"caching/dataEncrypted", "cache_data_encrypted"},
	{"caching/requireAuthorizationForCacheControl", "require_authorization_for_cache_control"},
}

// apigatewayMethodSettings: a stage's patches that set how its methods log, and
// are throttled and cached.
func apigatewayMethodSettings(call Call, row Row) []drift.Choice {
	api, stage := text(call.Params, "restApiId"), text(call.Params, "stageName")
	if api == "" || stage == "" {
		return nil
	}
	var choices []drift.Choice
	for _, p := range patches(call) {
		if len(p.path) < 4 {
			continue
		}
		setting := strings.Join(p.path[2:], "/")
		for _, s := range methodSettings {
			if !strings.EqualFold(s.path, setting) {
				continue
			}
			method := strings.TrimPrefix(p.path[0], "/") + "/" + p.path[1]
			t := target(row, row.Type, drift.Set, stage, drift.Match{Attribute: "stage_name", Value: stage},
				drift.Match{Attribute: "rest_api_id", Value: api}, drift.Match{Attribute: "method_path", Value: method})
			t.Facts = []drift.Fact{{Attribute: "settings", Op: drift.OpMerge, Value: map[string]any{s.field: p.value}}}
			choices = append(choices, drift.Choice{t})
		}
	}
	return choices
}
