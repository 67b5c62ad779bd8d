package catalog

import (
	"strings"

	"tfdrift/internal/drift"
)

// functionParams are the members of a function of the first generation.
const functionParams drift.Renames = "httpsTrigger.url=https_trigger_url httpsTrigger.securityLevel=https_trigger_security_level httpsTrigger=- versionId=- status=- updateTime=- buildId=- buildName=- sourceToken=- network=- sourceArchiveUrl=-"

// functionSource: the address of a function's archive is a bucket and an object
// in Terraform.
func functionSource(body map[string]any) map[string]any {
	url, _ := body["sourceArchiveUrl"].(string)
	bucket, object, ok := strings.Cut(strings.TrimPrefix(url, "gs://"), "/")
	if ok {
		body["sourceArchiveBucket"], body["sourceArchiveObject"] = bucket, object
	}
	return body
}
