package catalog

import (
	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// bucketTarget is a bucket, or what is set of it by a resource of its own.
func bucketTarget(call Call, row Row, typ string, effect drift.Effect) drift.Target {
	bucket := text(call.Params, "bucketName")
	t := target(row, typ, effect, bucket, drift.Match{Attribute: "bucket", Value: bucket})
	t.Parent = typ == "aws_s3_bucket"
	if effect == drift.Create {
		t.NewID = bucket
		t.Within = &drift.Within{Type: "aws_s3_bucket", Key: identity.Key(row.Source, bucket), Match: []drift.Match{{Attribute: "bucket", Value: bucket}}}
	}
	return t
}

// s3Logging: PutBucketLogging without a LoggingEnabled ends logging.
func s3Logging(call Call, row Row) []drift.Choice {
	enabled, _ := first(tree.Get(call.Params, "bucketLoggingStatus.loggingEnabled")).(map[string]any)
	own, mirror := bucketTarget(call, row, "aws_s3_bucket_logging", drift.Create), bucketTarget(call, row, "aws_s3_bucket", drift.Set)
	mirror.Facts = []drift.Fact{{Attribute: "logging", Op: drift.OpSet, Value: []any{}}}
	if len(enabled) == 0 {
		own.Effect = drift.Delete
		return []drift.Choice{{own, mirror}}
	}
	own.Params = enabled
	mirror.Facts[0] = drift.Fact{Attribute: "logging", Op: drift.OpMerge, Value: map[string]any{
		"target_bucket": text(enabled, "targetBucket"), "target_prefix": text(enabled, "targetPrefix"),
	}}
	return []drift.Choice{{own, mirror}}
}

// s3Notification: PutBucketNotificationConfiguration replaces all that a bucket
// notifies; a configuration without any ends it.
func s3Notification(call Call, row Row) []drift.Choice {
	config, _ := first(tree.Get(call.Params, "notificationConfiguration")).(map[string]any)
	own := bucketTarget(call, row, "aws_s3_bucket_notification", drift.Create)
	if len(config) == 0 {
		own.Effect = drift.Delete
		return []drift.Choice{{own}}
	}
	for _, kind := range [...]struct{ attribute, arn, member, older string }{
		{"lambda_function", "lambda_function_arn", "cloudFunctionConfiguration", "lambdaFunctionConfiguration"},
		{"queue", "queue_arn", "queueConfiguration", "queueConfigurations"},
		{"topic", "topic_arn", "topicConfiguration", "topicConfigurations"},
	} {
		blocks := []any{}
		for _, c := range append(list(config, kind.member), list(config, kind.older)...) {
			block := map[string]any{
				kind.arn: text(c, "cloudFunction", "lambdaFunctionArn", "queue", "queueArn", "topic", "topicArn"),
				"events": append(list(c, "event"), list(c, "events")...),
			}
			if id := text(c, "id"); id != "" {
				block["id"] = id
			}
			for _, rule := range append(list(c, "filter.s3Key.filterRule"), list(c, "filter.key.filterRules")...) {
				block["filter_"+tree.Snake(text(rule, "name"))] = text(rule, "value")
			}
			blocks = append(blocks, block)
		}
		own.Facts = append(own.Facts, drift.Fact{Attribute: kind.attribute, Op: drift.OpSet, Value: blocks})
	}
	_, eventBridge := tree.Member(config, "eventBridgeConfiguration")
	own.Facts = append(own.Facts, drift.Fact{Attribute: "eventbridge", Op: drift.OpSet, Value: eventBridge})
	return []drift.Choice{{own}}
}

// s3Lifecycle: the rules of PutBucketLifecycleConfiguration as the bucket itself
// mirrors them: enabled for the status, the prefix beside the filter.
func s3Lifecycle(call Call, row Row) []drift.Choice {
	mirror := bucketTarget(call, row, "aws_s3_bucket", drift.Set)
	var rules []any
	for _, r := range list(call.Params, "lifecycleConfiguration.rule") {
		rule, ok := r.(map[string]any)
		if !ok {
			continue
		}
		out := map[string]any{"enabled": text(rule, "status") == "Enabled", "prefix": text(rule, "filter.prefix", "filter.and.prefix", "prefix")}
		for k, v := range rule {
			switch {
			case tree.SameName(k, "status"), tree.SameName(k, "filter"), tree.SameName(k, "prefix"):
			case tree.SameName(k, "abortIncompleteMultipartUpload"):
				out["abort_incomplete_multipart_upload_days"] = first(tree.Get(v, "daysAfterInitiation"))
			default:
				out[k] = v
			}
		}
		rules = append(rules, out)
	}
	mirror.Params = map[string]any{"lifecycle_rule": rules}
	return []drift.Choice{{mirror}}
}
