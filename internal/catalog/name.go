package catalog

import (
	"strings"

	"tfdrift/internal/drift"
)

// NormalSource is the service of an event as the catalog writes it: without the
// cloud's domain, and one name where a service logs under several.
func NormalSource(provider drift.Provider, source string) string {
	switch provider {
	case drift.AWS:
		source = strings.TrimSuffix(source, ".amazonaws.com")
		switch source {
		case "application-autoscaling": // logs as autoscaling, says the Application Auto Scaling user guide
			return "autoscaling"
		case "sso-directory": // the console's name for it
			return "identitystore"
		case "mq":
			return "amazonmq"
		case "s3express", "s3-control", "s3control":
			return "s3"
		}
	case drift.GCP:
		source = strings.TrimSuffix(source, ".googleapis.com")
		source = strings.TrimSuffix(source, ".rep") // regional endpoints: secretmanager.europe-west1.rep
		source, _, _ = strings.Cut(source, ".")
		switch source {
		case "sqladmin": // Cloud SQL logs as cloudsql
			return "cloudsql"
		}
	}
	return source
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
	switch source {
	case "lambda", "cloudfront":
		return withoutDate(name)
	case "s3":
		switch name { // "Amazon S3 CloudTrail events" in the S3 user guide
		case "PutBucketPublicAccessBlock":
			return "PutPublicAccessBlock"
		case "DeleteBucketPublicAccessBlock":
			return "DeletePublicAccessBlock"
		case "PutAccountPublicAccessBlock":
			return "PutPublicAccessBlock"
		case "DeleteAccountPublicAccessBlock":
			return "DeletePublicAccessBlock"
		case "PutBucketLifecycle":
			return "PutBucketLifecycleConfiguration"
		case "PutBucketNotification":
			return "PutBucketNotificationConfiguration"
		case "PutAccelerateConfiguration":
			return "PutBucketAccelerateConfiguration"
		case "PutBucketObjectLockConfiguration":
			return "PutObjectLockConfiguration"
		}
	}
	return name
}

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
		switch name {
		case "buckets.insert":
			return "buckets.create"
		case "buckets.patch":
			return "buckets.update"
		case "buckets.setIamPolicy", "setIamPolicy.create":
			return "setIamPermissions"
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
	case "bigquery":
		switch name { // the legacy form of BigQuery's audit logs
		case "datasetservice.insert":
			return "InsertDataset"
		case "datasetservice.update":
			return "UpdateDataset"
		case "datasetservice.delete":
			return "DeleteDataset"
		case "datasetservice.setiampolicy", "tableservice.setiampolicy":
			return "SetIamPolicy"
		case "tableservice.insert":
			return "InsertTable"
		case "tableservice.update":
			return "UpdateTable"
		case "tableservice.delete":
			return "DeleteTable"
		case "jobservice.insert":
			return "InsertJob"
		}
	case "cloudresourcemanager":
		switch name { // v1's REST names
		case "projects.setIamPolicy", "folders.setIamPolicy", "organizations.setIamPolicy":
			return "SetIamPolicy"
		}
	}
	return name
}
