package catalog

import (
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// cloudfrontDistribution: UpdateDistribution gives the whole configuration, in
// other words and nested otherwise than Terraform's (CloudFront API Reference,
// DistributionConfig). What the call does not give stays out of the facts.
func cloudfrontDistribution(call Call, row Row) []drift.Choice {
	config := first(tree.Get(call.Params, "distributionConfigWithTags.distributionConfig"))
	if config == nil {
		config = first(tree.Get(call.Params, "distributionConfig"))
	}
	choices := call.targets(row)
	for _, c := range choices {
		for i := range c {
			c[i].Params = nil
			c[i].Facts = cloudfrontFacts(config)
		}
	}
	return choices
}

func cloudfrontFacts(config any) []drift.Fact {
	var facts []drift.Fact
	set := func(attribute string, v any) {
		facts = append(facts, drift.Fact{Attribute: attribute, Op: drift.OpSet, Value: v})
	}
	for _, f := range [...]struct{ member, attribute string }{
		{"comment", "comment"}, {"defaultRootObject", "default_root_object"}, {"enabled", "enabled"}, {"httpVersion", "http_version"},
		{"isIPV6Enabled", "is_ipv6_enabled"}, {"priceClass", "price_class"}, {"webACLId", "web_acl_id"}, {"staging", "staging"},
		{"continuousDeploymentPolicyId", "continuous_deployment_policy_id"},
	} {
		if v := first(tree.Get(config, f.member)); v != nil {
			set(f.attribute, v)
		}
	}
	blocks := func(attribute, member string, block func(any) map[string]any) {
		if v := first(tree.Get(config, member)); v != nil {
			all := []any{}
			for _, item := range cloudfrontItems(v) {
				all = append(all, block(item))
			}
			set(attribute, all)
		}
	}
	if v := first(tree.Get(config, "aliases")); v != nil {
		set("aliases", cloudfrontItems(v))
	}
	blocks("origin", "origins", cloudfrontOrigin)
	blocks("ordered_cache_behavior", "cacheBehaviors", cloudfrontBehavior)
	blocks("custom_error_response", "customErrorResponses", func(v any) map[string]any {
		return picked(v, "errorCode=error_code", "responseCode=response_code", "responsePagePath=response_page_path", "errorCachingMinTTL=error_caching_min_ttl")
	})
	if v := first(tree.Get(config, "defaultCacheBehavior")); v != nil {
		set("default_cache_behavior", []any{cloudfrontBehavior(v)})
	}
	if v := first(tree.Get(config, "viewerCertificate")); v != nil {
		set("viewer_certificate", []any{picked(v, "aCMCertificateArn=acm_certificate_arn", "iAMCertificateId=iam_certificate_id",
			"cloudFrontDefaultCertificate=cloudfront_default_certificate", "minimumProtocolVersion=minimum_protocol_version", "sSLSupportMethod=ssl_support_method")})
	}
	if v := first(tree.Get(config, "restrictions.geoRestriction")); v != nil {
		set("restrictions", []any{map[string]any{"geo_restriction": []any{
			map[string]any{"restriction_type": text(v, "restrictionType"), "locations": cloudfrontItems(v)}}}})
	}
	if v := first(tree.Get(config, "logging")); v != nil {
		logging := []any{}
		if text(v, "bucket") != "" {
			logging = append(logging, picked(v, "bucket=bucket", "prefix=prefix", "includeCookies=include_cookies"))
		}
		set("logging_config", logging)
	}
	return facts
}

// cloudfrontItems is the list in CloudFront's {"quantity": 1, "items": [...]}.
func cloudfrontItems(v any) []any {
	if bare, ok := v.([]any); ok {
		return bare
	}
	return append([]any{}, list(v, "items")...)
}

func cloudfrontOrigin(v any) map[string]any {
	origin := picked(v, "id=origin_id", "domainName=domain_name", "originPath=origin_path", "connectionAttempts=connection_attempts",
		"connectionTimeout=connection_timeout", "originAccessControlId=origin_access_control_id")
	if headers := first(tree.Get(v, "customHeaders")); headers != nil {
		all := []any{}
		for _, h := range cloudfrontItems(headers) {
			all = append(all, picked(h, "headerName=name", "headerValue=value"))
		}
		origin["custom_header"] = all
	}
	if s3 := first(tree.Get(v, "s3OriginConfig")); s3 != nil {
		origin["s3_origin_config"] = []any{picked(s3, "originAccessIdentity=origin_access_identity")}
	}
	if custom := first(tree.Get(v, "customOriginConfig")); custom != nil {
		own := picked(custom, "hTTPPort=http_port", "hTTPSPort=https_port", "originProtocolPolicy=origin_protocol_policy",
			"originReadTimeout=origin_read_timeout", "originKeepaliveTimeout=origin_keepalive_timeout")
		if tls := first(tree.Get(custom, "originSslProtocols")); tls != nil {
			own["origin_ssl_protocols"] = cloudfrontItems(tls)
		}
		origin["custom_origin_config"] = []any{own}
	}
	if text(v, "originShield.enabled") == "true" {
		origin["origin_shield"] = []any{picked(first(tree.Get(v, "originShield")), "enabled=enabled", "originShieldRegion=origin_shield_region")}
	} else {
		origin["origin_shield"] = []any{}
	}
	return origin
}

func cloudfrontBehavior(v any) map[string]any {
	behavior := picked(v, "pathPattern=path_pattern", "targetOriginId=target_origin_id", "viewerProtocolPolicy=viewer_protocol_policy", "compress=compress",
		"smoothStreaming=smooth_streaming", "fieldLevelEncryptionId=field_level_encryption_id", "cachePolicyId=cache_policy_id",
		"originRequestPolicyId=origin_request_policy_id", "responseHeadersPolicyId=response_headers_policy_id",
		"realtimeLogConfigArn=realtime_log_config_arn", "minTTL=min_ttl", "defaultTTL=default_ttl", "maxTTL=max_ttl")
	for _, f := range [...]struct{ member, field string }{
		{"allowedMethods", "allowed_methods"}, {"allowedMethods.cachedMethods", "cached_methods"},
		{"trustedSigners", "trusted_signers"}, {"trustedKeyGroups", "trusted_key_groups"},
	} {
		if items := first(tree.Get(v, f.member)); items != nil {
			behavior[f.field] = cloudfrontItems(items)
		}
	}
	for _, f := range [...]struct {
		member, field string
		names         []string
	}{
		{"lambdaFunctionAssociations", "lambda_function_association", []string{"eventType=event_type", "lambdaFunctionARN=lambda_arn", "includeBody=include_body"}},
		{"functionAssociations", "function_association", []string{"eventType=event_type", "functionARN=function_arn"}},
	} {
		if associations := first(tree.Get(v, f.member)); associations != nil {
			all := []any{}
			for _, a := range cloudfrontItems(associations) {
				all = append(all, picked(a, f.names...))
			}
			behavior[f.field] = all
		}
	}
	if forwarded := first(tree.Get(v, "forwardedValues")); forwarded != nil {
		values := picked(forwarded, "queryString=query_string")
		values["headers"] = list(forwarded, "headers.items")
		values["query_string_cache_keys"] = list(forwarded, "queryStringCacheKeys.items")
		values["cookies"] = []any{map[string]any{"forward": text(forwarded, "cookies.forward"), "whitelisted_names": list(forwarded, "cookies.whitelistedNames.items")}}
		behavior["forwarded_values"] = []any{values}
	}
	return behavior
}

// picked is an object of some members of another, under other names:
// "member=name".
func picked(v any, names ...string) map[string]any {
	out := map[string]any{}
	object, _ := v.(map[string]any)
	for _, pair := range names {
		member, name, _ := strings.Cut(pair, "=")
		if x, ok := tree.Member(object, member); ok && x != nil {
			out[name] = x
		}
	}
	return out
}
