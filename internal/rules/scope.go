package rules

import (
	"slices"
	"strings"

	"tfdrift/internal/drift"
)

// globalSources are the AWS services without regions: their events are logged
// in one region (us-east-1 of the commercial partition) whatever they are
// about. AWS CloudTrail User Guide, "About global service events", and AWS
// General Reference, "Global services".
var globalSources = map[string]bool{
	"account":           true,
	"billing":           true,
	"budgets":           true,
	"ce":                true,
	"cloudfront":        true,
	"cur":               true,
	"ecr-public":        true,
	"globalaccelerator": true,
	"iam":               true,
	"networkmanager":    true,
	"organizations":     true,
	"route53":           true,
	"route53domains":    true,
	"savingsplans":      true,
	"shield":            true,
	"support":           true,
	"waf":               true,
}

// InScope reports whether the deployment judges an event; why says, for people,
// why it does not.
func (r *Rules) InScope(e *drift.Event) (ok bool, why string) {
	scope := r.config.Scopes[e.Provider]
	switch {
	case scope.Disabled:
		return false, "the provider is disabled"
	case len(scope.Accounts) > 0 && e.Account != "" && !slices.Contains(scope.Accounts, e.Account):
		return false, "the account is not among those watched"
	case len(scope.Regions) > 0 && isRegional(e) && !slices.ContainsFunc(scope.Regions, func(region string) bool { return inRegion(e.Region, region) }):
		return false, "the region is not among those watched"
	}
	return true, ""
}

// isRegional reports whether the event is about one region. Google's locations
// without a hyphen (global, us, EU, nam4) hold many.
func isRegional(e *drift.Event) bool {
	if e.Provider == drift.GCP {
		return strings.Contains(e.Region, "-")
	}
	service, _, _ := strings.Cut(e.Source, ".")
	return e.Region != "" && !globalSources[service]
}

// inRegion reports whether a location is the region or a zone of it.
func inRegion(location, region string) bool {
	rest, ok := strings.CutPrefix(location, region)
	return ok && (rest == "" || len(rest) == 2 && rest[0] == '-')
}
