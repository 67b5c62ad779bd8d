package catalog

import (
	"slices"
	"strings"

	"tfdrift/internal/drift"
)

// NormalSource is the service of an event as the catalog writes it: without the
// cloud's domain, and one name where a service logs under several.
func NormalSource(provider drift.Provider, source string) string {
	switch provider {
	case drift.AWS:
		source = strings.TrimSuffix(source, ".amazonaws.com")
		return aliased(awsSources[:], "", source)
	case drift.GCP:
		source = strings.TrimSuffix(source, ".googleapis.com")
		source = strings.TrimSuffix(source, ".rep") // regional endpoints: secretmanager.europe-west1.rep
		source, _, _ = strings.Cut(source, ".")
		return aliased(gcpSources[:], "", source)
	}
	return source
}

// alias is a name that a service logs and the one that the catalog has for it.
type alias struct{ source, logged, normal string }

var awsSources = [...]alias{
	{"", "application-autoscaling", "autoscaling"}, // logs as autoscaling, says the Application Auto Scaling user guide
	{"", "sso-directory", "identitystore"},         // the console's name for it
	{"", "mq", "amazonmq"},
	{"", "s3express", "s3"},
	{"", "s3-control", "s3"},
	{"", "s3control", "s3"},
}

var gcpSources = [...]alias{
	{"", "sqladmin", "cloudsql"}, // Cloud SQL logs as cloudsql
}

var awsNames = [...]alias{ // "Amazon S3 CloudTrail events" in the S3 user guide
	{"s3", "PutBucketPublicAccessBlock", "PutPublicAccessBlock"},
	{"s3", "DeleteBucketPublicAccessBlock", "DeletePublicAccessBlock"},
	{"s3", "PutAccountPublicAccessBlock", "PutPublicAccessBlock"},
	{"s3", "DeleteAccountPublicAccessBlock", "DeletePublicAccessBlock"},
	{"s3", "PutBucketLifecycle", "PutBucketLifecycleConfiguration"},
	{"s3", "PutBucketNotification", "PutBucketNotificationConfiguration"},
	{"s3", "PutAccelerateConfiguration", "PutBucketAccelerateConfiguration"},
	{"s3", "PutBucketObjectLockConfiguration", "PutObjectLockConfiguration"},
}

var gcpNames = [...]alias{
	{"storage", "buckets.insert", "buckets.create"},
	{"storage", "buckets.patch", "buckets.update"},
	{"storage", "buckets.setIamPolicy", "setIamPermissions"},
	{"storage", "setIamPolicy.create", "setIamPermissions"},
	// The legacy form of BigQuery's audit logs.
	{"bigquery", "datasetservice.insert", "InsertDataset"},
	{"bigquery", "datasetservice.update", "UpdateDataset"},
	{"bigquery", "datasetservice.delete", "DeleteDataset"},
	{"bigquery", "datasetservice.setiampolicy", "SetIamPolicy"},
	{"bigquery", "tableservice.setiampolicy", "SetIamPolicy"},
	{"bigquery", "tableservice.insert", "InsertTable"},
	{"bigquery", "tableservice.update", "UpdateTable"},
	{"bigquery", "tableservice.delete", "DeleteTable"},
	{"bigquery", "jobservice.insert", "InsertJob"},
	// v1's REST names.
	{"cloudresourcemanager", "projects.setIamPolicy", "SetIamPolicy"},
	{"cloudresourcemanager", "folders.setIamPolicy", "SetIamPolicy"},
	{"cloudresourcemanager", "organizations.setIamPolicy", "SetIamPolicy"},
}

func aliased(table []alias, source, name string) string {
	for _, a := range table {
		if a.source == source && a.logged == name {
			return a.normal
		}
	}
	return name
}

// LoggedSources are the sources under which a service of the catalog logs, as
// events have them. Google's regional endpoints are not among them.
func LoggedSources(provider drift.Provider, source string) []string {
	table, domain := awsSources[:], ".amazonaws.com"
	if provider == drift.GCP {
		table, domain = gcpSources[:], ".googleapis.com"
	}
	logged := []string{source + domain}
	for _, a := range table {
		if a.normal == source {
			logged = append(logged, a.logged+domain)
		}
	}
	return logged
}

// LoggedNames are the names under which an operation of the catalog is logged:
// on AWS whole, or what the name begins with, where a date follows (dated); on
// GCP what the method ends in.
func LoggedNames(provider drift.Provider, source, name string) (logged []string, dated bool) {
	logged = []string{name}
	table := awsNames[:]
	if provider == drift.GCP {
		table = gcpNames[:]
	}
	for _, a := range table {
		if a.source == source && a.normal == name {
			logged = append(logged, a.logged)
		}
	}
	if provider == drift.GCP && (source == "storage" || source == "cloudsql") {
		if resource, ok := strings.CutSuffix(name, ".create"); ok {
			logged = append(logged, resource+".insert")
		}
		if resource, ok := strings.CutSuffix(name, ".update"); ok && source == "cloudsql" {
			logged = append(logged, resource+".patch")
		}
	}
	slices.Sort(logged)
	return slices.Compact(logged), provider == drift.AWS && hasDates(source)
}

// NormalName is an operation's name as the catalog writes it, of the normal
// form of its source. The table is searched without regard to case, so case is
// left as it is.
//
// On AWS that is the API's own name: without the dates that Lambda and
// CloudFront add, and where S3 logs by an older or shorter name, the API's. On
// GCP it is the method alone: UpdateFunction for a gRPC method
// (google.cloud.functions.v2.FunctionService.UpdateFunction), resource and verb
// for a REST one (instances.setMachineType for
// beta.compute.instances.setMachineType), with storage's and Cloud SQL's verbs
// as they log them (create and update, for the API's insert and patch).
func NormalName(provider drift.Provider, source, name string) string {
	if provider == drift.AWS {
		return awsName(source, name)
	}
	return gcpName(source, name)
}

func awsName(source, name string) string {
	if hasDates(source) {
		return withoutDate(name)
	}
	return aliased(awsNames[:], source, name)
}

// hasDates reports whether a service logs some operations with a date behind.
func hasDates(source string) bool { return source == "lambda" || source == "cloudfront" }

// withoutDate strips 20150331, 20150331v2 or 2020_05_31 from the end of a name.
func withoutDate(name string) string {
	rest := name
	if i := strings.LastIndexByte(rest, 'v'); i > 0 && i < len(rest)-1 && strings.Trim(rest[i+1:], "0123456789") == "" {
		rest = rest[:i]
	}
	stem := strings.TrimRight(rest, "0123456789_-")
	date := rest[len(stem):]
	digits := len(date) - strings.Count(date, "_") - strings.Count(date, "-")
	if digits != len("20150331") || !strings.HasPrefix(date, "20") {
		return name
	}
	return stem
}

func lowerFirst(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToLower(s[:1]) + s[1:]
}

func gcpName(source, name string) string {
	last := name[strings.LastIndexByte(name, '.')+1:]
	if last != "" && last[0] >= 'A' && last[0] <= 'Z' { // gRPC, or KMS's short names
		if rest, ok := strings.CutPrefix(name, "google.cloud.compute."); ok { // Compute logs its REST names
			_, rest, _ = strings.Cut(rest, ".")
			if collection, method, ok := strings.Cut(rest, "."); ok && method != "" {
				return lowerFirst(collection) + "." + lowerFirst(method)
			}
		}
		return last
	}
	for _, version := range [...]string{"v1.", "v2.", "beta.", "alpha.", "v1beta1."} {
		name = strings.TrimPrefix(name, version)
	}
	if rest, ok := strings.CutPrefix(name, source+"."); ok {
		name = rest
	}
	switch source {
	case "storage":
		if normal := aliased(gcpNames[:], source, name); normal != name {
			return normal
		}
		if resource, ok := strings.CutSuffix(name, ".insert"); ok {
			return resource + ".create"
		}
	case "cloudsql":
		name = strings.TrimPrefix(name, "sql.")
		if resource, ok := strings.CutSuffix(name, ".insert"); ok {
			return resource + ".create"
		}
		if resource, ok := strings.CutSuffix(name, ".patch"); ok {
			return resource + ".update"
		}
	}
	return aliased(gcpNames[:], source, name)
}
