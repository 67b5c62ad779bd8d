// Package identity brings the names of cloud objects to comparable forms: an
// ARN, a bare name, a queue URL, a self-link and a relative resource name may
// all mean one thing. It knows forms only; which attribute or parameter holds a
// resource's name is the catalog's knowledge.
package identity

import (
	"net/netip"
	"net/url"
	"strings"

	"tfdrift/internal/tree"
)

// Key is the index key of a cloud object: the service it belongs to and the
// last segment of its name. All that state holds of an object (a group and its
// rules, a bucket and its split-out resources) stands under one key; [Same]
// then decides which of those entries is meant.
func Key(service, name string) string {
	return service + "/" + strings.ToLower(Short(name))
}

// Short is the last segment of any form of a name: web for
// arn:aws:ecs:eu-west-1:1:service/prod/web, vm-1 for
// projects/p/zones/z/instances/vm-1.
func Short(name string) string {
	name = clean(name)
	name = strings.TrimSuffix(name, ":*")
	name = strings.TrimRight(name, "/")
	if i := strings.LastIndexAny(name, "/:|"); i >= 0 {
		return name[i+1:]
	}
	return name
}

// clean undoes the ways in which DNS names and URLs are written.
func clean(name string) string {
	name = strings.TrimSpace(name)
	if strings.Contains(name, `\052`) {
		name = strings.ReplaceAll(name, `\052`, "*")
	}
	if strings.Contains(name, "%") {
		if u, err := url.PathUnescape(name); err == nil {
			name = u
		}
	}
	return strings.TrimSuffix(name, ".")
}

// ARN is an Amazon Resource Name in its parts.
type ARN struct{ Partition, Service, Region, Account, Resource string }

// ParseARN splits an ARN; ok is false for anything else. The form is that of
// the AWS General Reference, "Amazon Resource Names (ARNs)".
func ParseARN(s string) (arn ARN, ok bool) {
	if !strings.HasPrefix(s, "arn:") {
		return ARN{}, false
	}
	var part [6]string
	rest := s
	for i := range 5 {
		head, tail, found := strings.Cut(rest, ":")
		if !found {
			return ARN{}, false
		}
		part[i], rest = head, tail
	}
	return ARN{part[1], part[2], part[3], part[4], rest}, true
}

// Same reports whether two forms name one thing: equal text but for case in
// host names, an ARN and the name or path in it, a self-link or full resource
// name and its relative or short form. Account and region are not compared:
// an entry shows its own.
func Same(a, b string) bool {
	if a == b {
		return a != ""
	}
	a, b = clean(a), clean(b)
	if a == "" || b == "" {
		return false
	}
	if a == b {
		return true
	}
	arnA, isA := ParseARN(a)
	arnB, isB := ParseARN(b)
	switch {
	case isA && isB:
		return arnA.Service == arnB.Service && compatible(arnA.Account, arnB.Account) && compatible(arnA.Region, arnB.Region) &&
			strings.TrimSuffix(arnA.Resource, ":*") == strings.TrimSuffix(arnB.Resource, ":*")
	case isA:
		return inARN(arnA.Resource, b)
	case isB:
		return inARN(arnB.Resource, a)
	}
	if !sameHost(a, b) {
		return false
	}
	pathA, pathB := relative(a), relative(b)
	switch {
	case pathA != "" && pathB != "":
		return samePath(pathA, pathB)
	case pathA != "":
		return endsWith(pathA, b)
	case pathB != "":
		return endsWith(pathB, a)
	}
	if strings.Contains(a, ".") && strings.Contains(b, ".") {
		return strings.EqualFold(a, b) // host names
	}
	return false
}

func compatible(a, b string) bool { return a == "" || b == "" || a == b }

// inARN reports whether an ARN's resource part (policy/path/deploy,
// log-group:/app/prod, service/prod/web) is of the thing named.
func inARN(resource, name string) bool {
	resource = strings.TrimSuffix(resource, ":*")
	if resource == name {
		return true
	}
	if i := strings.IndexAny(resource, "/:"); i >= 0 && resource[i+1:] == name {
		return true
	}
	return endsWith(resource, name)
}

// endsWith reports whether name is path's last segments.
func endsWith(path, name string) bool {
	head, ok := strings.CutSuffix(path, strings.TrimPrefix(name, "/"))
	return ok && (head == "" || strings.ContainsAny(head[len(head)-1:], "/:"))
}

// sameHost reports whether two URLs may be of one thing: of one host, or both
// of Google's APIs or of SQS, which have several for all they serve. What is no
// URL has no host that could differ.
func sameHost(a, b string) bool {
	x, okA := host(a)
	y, okB := host(b)
	if !okA || !okB || strings.EqualFold(x, y) {
		return true
	}
	google := strings.HasSuffix(x, ".googleapis.com") && strings.HasSuffix(y, ".googleapis.com")
	return google || isQueueHost(x) && isQueueHost(y)
}

func host(name string) (string, bool) {
	rest, ok := strings.CutPrefix(name, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(name, "http://")
	}
	host, _, _ := strings.Cut(rest, "/")
	return host, ok
}

// isQueueHost knows the endpoints of SQS, legacy ones too (AWS General
// Reference, "Amazon SQS endpoints and quotas").
func isQueueHost(host string) bool {
	return strings.HasPrefix(host, "sqs.") || strings.HasSuffix(host, "queue.amazonaws.com")
}

// relative is the path of a URL or of a Google resource name, without host and
// API version; "" for what is no path.
func relative(name string) string {
	if rest, ok := strings.CutPrefix(name, "https://"); ok {
		_, path, _ := strings.Cut(rest, "/")
		name = path
	} else if rest, ok := strings.CutPrefix(name, "//"); ok {
		_, path, _ := strings.Cut(rest, "/")
		name = path
	}
	for _, root := range [...]string{"projects/", "organizations/", "folders/", "locations/", "b/", "billingAccounts/"} {
		if strings.HasPrefix(name, root) {
			return name
		}
		if i := strings.Index(name, "/"+root); i >= 0 && i < 24 && !strings.HasPrefix(name, "/") {
			return name[i+1:]
		}
	}
	if strings.Contains(name, "/") && !strings.HasPrefix(name, "/") {
		return name
	}
	return ""
}

// IsPath reports whether a name is a self-link or a relative resource name of
// Google Cloud: zones/europe-west1-b/machineTypes/e2-small.
func IsPath(name string) bool {
	if strings.HasPrefix(name, "https://www.googleapis.com/") || strings.HasPrefix(name, "https://compute.googleapis.com/") {
		return true
	}
	for _, root := range [...]string{"projects/", "zones/", "regions/", "global/"} {
		if strings.HasPrefix(name, root) {
			return true
		}
	}
	return false
}

// samePath compares two relative paths from the end. Segments that stand for
// "whatever" (projects/_) match anything, and so does a project's number
// against its id: accounts are compared elsewhere.
func samePath(a, b string) bool {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	n := min(len(as), len(bs))
	for i := 1; i <= n; i++ {
		x, y := as[len(as)-i], bs[len(bs)-i]
		if x == y || i == 1 && strings.EqualFold(x, y) {
			continue
		}
		if x == "_" || y == "_" || x == "-" || y == "-" {
			continue
		}
		owner := func(s []string) bool { return len(s) > i && s[len(s)-i-1] == "projects" }
		if owner(as) && owner(bs) {
			continue
		}
		if (x == "b" && y == "buckets") || (x == "buckets" && y == "b") {
			continue
		}
		return false
	}
	return true
}

// Matches reports whether any of the values, each a name or a list of names,
// is the same thing as want.
func Matches(v any, want string) bool {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if Matches(e, want) {
				return true
			}
		}
		return false
	default:
		s, ok := tree.Text(v)
		return ok && Same(s, want)
	}
}

// Network reads a CIDR block or an address, which is the block that holds it alone.
func Network(s string) (netip.Prefix, bool) {
	if len(s) < 2 || strings.Trim(s, "0123456789abcdefABCDEF.:/") != "" || !strings.ContainsAny(s, ".:") {
		return netip.Prefix{}, false
	}
	if !strings.Contains(s, "/") {
		addr, err := netip.ParseAddr(s)
		return netip.PrefixFrom(addr, addr.BitLen()), err == nil
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err == nil
}
