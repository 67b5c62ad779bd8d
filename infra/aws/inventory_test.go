package aws_test

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
)

// inventory is what a stack has, by kind and name, in words that both forms share.
type inventory map[string]map[string]any

// add adds a thing. What is absent, empty, zero or false is as good as not said.
func (i inventory) add(kind, name string, says map[string]any) {
	for key, value := range says {
		switch v := value.(type) {
		case json.Number:
			says[key], _ = v.Float64()
		case int:
			says[key] = float64(v)
		case string:
			if v == "true" || v == "false" { // as parameters of SAM have it
				says[key] = v == "true"
			}
		}
		switch v := says[key].(type) {
		case nil, bool, float64, string:
			if v == nil || v == false || v == 0.0 || v == "" {
				delete(says, key)
			}
		case []any:
			if len(v) == 0 {
				delete(says, key)
			}
		case map[string]any:
			if len(v) == 0 {
				delete(says, key)
			}
		}
	}
	i[kind+" "+name] = says
}

// document reads JSON that stands in a text.
func document(t testing.TB, text any) any {
	t.Helper()
	var doc any
	s, _ := text.(string)
	if err := json.Unmarshal([]byte(s), &doc); err != nil {
		t.Fatalf("%v: %.200s", err, s)
	}
	return doc
}

// policy is a policy document with lists where one thing may stand alone, in order.
func policy(doc any) any {
	d, _ := doc.(map[string]any)
	statements := []any{}
	for _, s := range list(d["Statement"]) {
		statement := map[string]any{}
		for key, value := range s.(map[string]any) {
			if key == "Action" || key == "Resource" {
				value = sorted(list(value))
			}
			statement[key] = value
		}
		statements = append(statements, statement)
	}
	slices.SortFunc(statements, func(a, b any) int {
		return strings.Compare(fmt.Sprint(a.(map[string]any)["Sid"]), fmt.Sprint(b.(map[string]any)["Sid"]))
	})
	return statements
}

func list(value any) []any {
	switch v := value.(type) {
	case []any:
		return v
	case nil:
		return nil
	}
	return []any{value}
}

func sorted(values []any) []any {
	values = slices.Clone(values)
	slices.SortFunc(values, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return values
}

func object(value any) map[string]any { m, _ := value.(map[string]any); return m }

func (c *template) inventory(t testing.TB) inventory {
	t.Helper()
	all := inventory{}
	each := func(typ string, take func(id string, p map[string]any)) {
		for _, id := range c.ofType(typ) {
			take(id, c.there(id))
		}
	}
	globals := c.eval(c.globals).(map[string]any)
	each("AWS::Serverless::Function", func(id string, p map[string]any) {
		environment := map[string]any{}
		for _, part := range []map[string]any{globals, p} {
			for name, value := range object(object(part["Environment"])["Variables"]) {
				environment[name] = value
			}
		}
		says := map[string]any{
			"runtime": globals["Runtime"], "architectures": globals["Architectures"], "handler": globals["Handler"], "memory": globals["MemorySize"], "key": globals["KmsKeyArn"],
			"timeout": p["Timeout"], "concurrency": p["ReservedConcurrentExecutions"], "package": path.Base(p["CodeUri"].(string)), "environment": environment,
			"log": object(p["LoggingConfig"])["LogGroup"], "alias": globals["AutoPublishAlias"],
			"deployment": "CodeDeployDefault.Lambda" + object(p["DeploymentPreference"])["Type"].(string), "rolled back by": object(p["DeploymentPreference"])["Alarms"],
			"loops": p["RecursiveLoop"],
		}
		if p["AutoPublishAliasAllProperties"] != true {
			t.Errorf("%s: a changed configuration makes no new version", id)
		}
		if invoked := object(p["EventInvokeConfig"]); invoked != nil {
			says["attempts"], says["age"] = invoked["MaximumRetryAttempts"], invoked["MaximumEventAgeInSeconds"]
			says["failed"] = object(object(invoked["DestinationConfig"])["OnFailure"])["Destination"]
		}
		all.add("function", p["FunctionName"].(string), says)
	})
	each("AWS::IAM::Role", func(_ string, p map[string]any) {
		var statements any
		for _, own := range list(p["Policies"]) {
			statements = policy(object(own)["PolicyDocument"])
		}
		all.add("role", p["RoleName"].(string), map[string]any{"trust": policy(p["AssumeRolePolicyDocument"]), "may": statements})
	})
	each("AWS::Logs::LogGroup", func(_ string, p map[string]any) {
		all.add("log", p["LogGroupName"].(string), map[string]any{"days": p["RetentionInDays"], "key": p["KmsKeyId"]})
	})
	each("AWS::SQS::Queue", func(_ string, p map[string]any) {
		all.add("queue", p["QueueName"].(string), map[string]any{
			"retention": p["MessageRetentionPeriod"], "visibility": p["VisibilityTimeout"], "sealed": p["SqsManagedSseEnabled"], "key": p["KmsMasterKeyId"],
			"redrive": p["RedrivePolicy"],
		})
	})
	each("AWS::SQS::QueuePolicy", func(_ string, p map[string]any) {
		all.add("queue policy", path.Base(list(p["Queues"])[0].(string)), map[string]any{"says": policy(p["PolicyDocument"])})
	})
	each("AWS::DynamoDB::Table", func(_ string, p map[string]any) {
		attributes, keys, indexes := map[string]any{}, map[string]any{}, map[string]any{}
		for _, a := range list(p["AttributeDefinitions"]) {
			attributes[object(a)["AttributeName"].(string)] = object(a)["AttributeType"]
		}
		for _, k := range list(p["KeySchema"]) {
			keys[object(k)["KeyType"].(string)] = object(k)["AttributeName"]
		}
		for _, x := range list(p["LocalSecondaryIndexes"]) {
			indexes[object(x)["IndexName"].(string)] = []any{object(list(object(x)["KeySchema"])[1])["AttributeName"], object(object(x)["Projection"])["ProjectionType"]}
		}
		all.add("table", p["TableName"].(string), map[string]any{
			"billing": p["BillingMode"], "attributes": attributes, "keys": keys, "indexes": indexes, "stream": object(p["StreamSpecification"])["StreamViewType"],
			"expires": object(p["TimeToLiveSpecification"])["AttributeName"], "recovery": object(p["PointInTimeRecoverySpecification"])["PointInTimeRecoveryEnabled"],
			"protected": p["DeletionProtectionEnabled"], "key": object(p["SSESpecification"])["KMSMasterKeyId"],
		})
	})
	each("AWS::SecretsManager::Secret", func(_ string, p map[string]any) {
		all.add("secret", p["Name"].(string), map[string]any{"made": p["GenerateSecretString"], "key": p["KmsKeyId"]})
	})
	each("AWS::Events::Rule", func(_ string, p map[string]any) {
		target := object(list(p["Targets"])[0])
		bus, _ := p["EventBusName"].(string)
		all.add("rule", p["Name"].(string), map[string]any{
			"bus": strings.TrimPrefix(bus, "default"), "pattern": p["EventPattern"], "target": target["Id"], "failed": object(target["DeadLetterConfig"])["Arn"],
		})
	})
	each("AWS::Lambda::Permission", func(_ string, p map[string]any) {
		function := strings.Split(p["FunctionName"].(string), ":")
		all.add("permission of rule", path.Base(p["SourceArn"].(string)), map[string]any{"function": function[6] + ":" + function[7], "action": p["Action"], "principal": p["Principal"]})
	})
	each("AWS::Events::EventBus", func(_ string, p map[string]any) {
		all.add("bus", p["Name"].(string), map[string]any{"key": p["KmsKeyIdentifier"]})
	})
	each("AWS::Events::EventBusPolicy", func(_ string, p map[string]any) {
		statement := object(p["Statement"])
		statement["Sid"] = p["StatementId"]
		all.add("bus policy", p["EventBusName"].(string), map[string]any{"says": policy(map[string]any{"Statement": []any{statement}})})
	})
	each("AWS::Scheduler::ScheduleGroup", func(_ string, p map[string]any) {
		all.add("schedules", p["Name"].(string), map[string]any{})
	})
	each("AWS::Scheduler::Schedule", func(_ string, p map[string]any) {
		target := object(p["Target"])
		all.add("schedule", p["Name"].(string), map[string]any{
			"when": p["ScheduleExpression"], "input": document(t, target["Input"]), "attempts": object(target["RetryPolicy"])["MaximumRetryAttempts"],
			"age": object(target["RetryPolicy"])["MaximumEventAgeInSeconds"], "failed": object(target["DeadLetterConfig"])["Arn"],
		})
	})
	each("AWS::Lambda::EventSourceMapping", func(_ string, p map[string]any) {
		name := "of a queue"
		var filter any
		if filters := list(object(p["FilterCriteria"])["Filters"]); filters != nil {
			name, filter = "of the stream", document(t, object(filters[0])["Pattern"])
		}
		all.add("mapping", name, map[string]any{
			"batch": p["BatchSize"], "from": p["StartingPosition"], "at once": p["ParallelizationFactor"], "most at once": object(p["ScalingConfig"])["MaximumConcurrency"],
			"answers": p["FunctionResponseTypes"], "halves": p["BisectBatchOnFunctionError"], "attempts": p["MaximumRetryAttempts"], "age": p["MaximumRecordAgeInSeconds"],
			"filter": filter, "failed": object(object(p["DestinationConfig"])["OnFailure"])["Destination"],
		})
	})
	each("AWS::CloudWatch::Alarm", func(_ string, p map[string]any) {
		dimensions := func(list []any) any {
			if len(list) == 0 {
				return nil
			}
			m := map[string]any{}
			for _, d := range list {
				m[object(d)["Name"].(string)] = object(d)["Value"]
			}
			return m
		}
		queries := map[string]any{}
		for _, q := range list(p["Metrics"]) {
			stat := object(object(q)["MetricStat"])
			metric := object(stat["Metric"])
			queries[object(q)["Id"].(string)] = []any{
				object(q)["Expression"], object(q)["Label"], stat["Stat"], stat["Period"], metric["Namespace"], metric["MetricName"], dimensions(list(metric["Dimensions"])),
			}
		}
		all.add("alarm", p["AlarmName"].(string), map[string]any{
			"description": p["AlarmDescription"], "namespace": p["Namespace"], "metric": p["MetricName"], "dimensions": dimensions(list(p["Dimensions"])),
			"statistic": either(p["Statistic"], p["ExtendedStatistic"]), "period": p["Period"], "periods": p["EvaluationPeriods"], "threshold": p["Threshold"],
			"comparison": p["ComparisonOperator"], "missing": p["TreatMissingData"], "queries": queries, "tells": len(list(p["AlarmActions"])), "tells the end": len(list(p["OKActions"])),
		})
	})
	each("AWS::CloudWatch::Dashboard", func(_ string, p map[string]any) {
		all.add("dashboard", p["DashboardName"].(string), map[string]any{"body": document(t, p["DashboardBody"])})
	})
	each("AWS::SNS::Topic", func(_ string, p map[string]any) {
		subscription := object(list(p["Subscription"])[0])
		all.add("topic", p["TopicName"].(string), map[string]any{"key": p["KmsMasterKeyId"], "protocol": subscription["Protocol"], "endpoint": subscription["Endpoint"]})
	})
	each("AWS::S3::Bucket", func(_ string, p map[string]any) {
		rule := object(list(object(p["LifecycleConfiguration"])["Rules"])[0])
		sealed := object(object(list(object(p["BucketEncryption"])["ServerSideEncryptionConfiguration"])[0])["ServerSideEncryptionByDefault"])
		all.add("bucket", p["BucketName"].(string), map[string]any{
			"sealed": sealed["SSEAlgorithm"], "key": sealed["KMSMasterKeyID"], "days": rule["ExpirationInDays"], "versions": object(p["VersioningConfiguration"])["Status"],
			"owner": object(list(object(p["OwnershipControls"])["Rules"])[0])["ObjectOwnership"], "closed": len(object(p["PublicAccessBlockConfiguration"])),
		})
	})
	each("AWS::S3::BucketPolicy", func(_ string, p map[string]any) {
		all.add("bucket policy", p["Bucket"].(string), map[string]any{"says": policy(p["PolicyDocument"])})
	})
	each("AWS::CloudTrail::Trail", func(_ string, p map[string]any) {
		selector := object(list(p["EventSelectors"])[0])
		all.add("trail", p["TrailName"].(string), map[string]any{
			"bucket": p["S3BucketName"], "all regions": p["IsMultiRegionTrail"], "global": p["IncludeGlobalServiceEvents"], "validated": p["EnableLogFileValidation"],
			"logs": selector["ReadWriteType"], "management": selector["IncludeManagementEvents"],
		})
	})
	return all
}

func either(a, b any) any {
	if a != nil {
		return a
	}
	return b
}

func (p plan) inventory(t testing.TB) inventory {
	t.Helper()
	all := inventory{}
	each := func(typ string, take func(r resource, v map[string]any)) {
		for _, r := range p.ofType(typ) {
			take(r, r.values)
		}
	}
	within := func(r resource) string { return r.address[:strings.LastIndex(r.address, ".aws_")] }
	of := func(typ string, r resource) map[string]any { // the one of a type in the same module
		for _, other := range p.ofType(typ) {
			if strings.HasPrefix(other.address, within(r)+".") {
				return other.values
			}
		}
		return nil
	}
	each("aws_lambda_function", func(r resource, v map[string]any) {
		group := of("aws_codedeploy_deployment_group", r)
		says := map[string]any{
			"runtime": v["runtime"], "architectures": v["architectures"], "handler": v["handler"], "memory": v["memory_size"], "key": v["kms_key_arn"],
			"timeout": v["timeout"], "concurrency": v["reserved_concurrent_executions"], "package": path.Base(v["filename"].(string)), "environment": block(v, "environment")["variables"],
			"log": block(v, "logging_config")["log_group"], "alias": of("aws_lambda_alias", r)["name"],
			"deployment": group["deployment_config_name"], "rolled back by": block(group, "alarm_configuration")["alarms"],
		}
		for _, loops := range p.ofType("aws_lambda_function_recursion_config") {
			if loops.values["function_name"] == v["function_name"] {
				says["loops"] = loops.values["recursive_loop"]
			}
		}
		if v["publish"] != true {
			t.Errorf("%s: a changed configuration makes no new version", r.address)
		}
		if invoked := of("aws_lambda_function_event_invoke_config", r); invoked != nil {
			says["attempts"], says["age"] = invoked["maximum_retry_attempts"], invoked["maximum_event_age_in_seconds"]
			says["failed"] = block(block(invoked, "destination_config"), "on_failure")["destination"]
		}
		all.add("function", v["function_name"].(string), says)
	})
	each("aws_iam_role", func(r resource, v map[string]any) {
		var statements any
		for _, own := range p.ofType("aws_iam_role_policy") {
			if own.values["role"] == v["name"] {
				statements = policy(document(t, own.values["policy"]))
			}
		}
		all.add("role", v["name"].(string), map[string]any{"trust": policy(document(t, v["assume_role_policy"])), "may": statements})
	})
	each("aws_cloudwatch_log_group", func(_ resource, v map[string]any) {
		all.add("log", v["name"].(string), map[string]any{"days": v["retention_in_days"], "key": v["kms_key_id"]})
	})
	each("aws_sqs_queue", func(_ resource, v map[string]any) {
		var redrive any
		if text, ok := v["redrive_policy"].(string); ok {
			redrive = document(t, text)
		}
		all.add("queue", v["name"].(string), map[string]any{
			"retention": v["message_retention_seconds"], "visibility": v["visibility_timeout_seconds"], "sealed": v["sqs_managed_sse_enabled"], "key": v["kms_master_key_id"], "redrive": redrive,
		})
	})
	each("aws_sqs_queue_policy", func(r resource, v map[string]any) {
		all.add("queue policy", of("aws_sqs_queue", r)["name"].(string), map[string]any{"says": policy(document(t, v["policy"]))})
	})
	each("aws_dynamodb_table", func(_ resource, v map[string]any) {
		attributes, keys, indexes := map[string]any{}, map[string]any{"HASH": v["hash_key"], "RANGE": v["range_key"]}, map[string]any{}
		for _, a := range list(v["attribute"]) {
			attributes[object(a)["name"].(string)] = object(a)["type"]
		}
		for _, x := range list(v["local_secondary_index"]) {
			indexes[object(x)["name"].(string)] = []any{object(x)["range_key"], object(x)["projection_type"]}
		}
		all.add("table", v["name"].(string), map[string]any{
			"billing": v["billing_mode"], "attributes": attributes, "keys": keys, "indexes": indexes, "stream": v["stream_view_type"],
			"expires": block(v, "ttl")["attribute_name"], "recovery": block(v, "point_in_time_recovery")["enabled"],
			"protected": v["deletion_protection_enabled"], "key": block(v, "server_side_encryption")["kms_key_arn"],
		})
	})
	each("aws_cloudformation_stack", func(_ resource, v map[string]any) {
		made := object(object(object(object(document(t, v["template_body"]))["Resources"])["SealingKey"])["Properties"])
		all.add("secret", made["Name"].(string), map[string]any{"made": made["GenerateSecretString"], "key": made["KmsKeyId"]})
	})
	each("aws_cloudwatch_event_rule", func(r resource, v map[string]any) {
		target, permission := of("aws_cloudwatch_event_target", r), of("aws_lambda_permission", r)
		all.add("rule", v["name"].(string), map[string]any{
			"bus": strings.TrimPrefix(v["event_bus_name"].(string), "default"), "pattern": document(t, v["event_pattern"]), "target": target["target_id"],
			"failed": block(target, "dead_letter_config")["arn"],
		})
		all.add("permission of rule", v["name"].(string), map[string]any{
			"function": permission["function_name"].(string) + ":" + permission["qualifier"].(string), "action": permission["action"], "principal": permission["principal"],
		})
	})
	each("aws_cloudwatch_event_bus", func(_ resource, v map[string]any) {
		all.add("bus", v["name"].(string), map[string]any{"key": v["kms_key_identifier"]})
	})
	each("aws_cloudwatch_event_bus_policy", func(_ resource, v map[string]any) {
		all.add("bus policy", v["event_bus_name"].(string), map[string]any{"says": policy(document(t, v["policy"]))})
	})
	each("aws_scheduler_schedule_group", func(_ resource, v map[string]any) {
		all.add("schedules", v["name"].(string), map[string]any{})
	})
	each("aws_scheduler_schedule", func(_ resource, v map[string]any) {
		target := block(v, "target")
		all.add("schedule", v["name"].(string), map[string]any{
			"when": v["schedule_expression"], "input": document(t, target["input"]), "attempts": block(target, "retry_policy")["maximum_retry_attempts"],
			"age": block(target, "retry_policy")["maximum_event_age_in_seconds"], "failed": block(target, "dead_letter_config")["arn"],
		})
	})
	each("aws_lambda_event_source_mapping", func(_ resource, v map[string]any) {
		name := "of a queue"
		var filter any
		if criteria := block(v, "filter_criteria"); criteria != nil {
			name, filter = "of the stream", document(t, block(criteria, "filter")["pattern"])
		}
		all.add("mapping", name, map[string]any{
			"batch": v["batch_size"], "from": v["starting_position"], "at once": v["parallelization_factor"], "most at once": block(v, "scaling_config")["maximum_concurrency"],
			"answers": v["function_response_types"], "halves": v["bisect_batch_on_function_error"], "attempts": v["maximum_retry_attempts"], "age": v["maximum_record_age_in_seconds"],
			"filter": filter, "failed": block(block(v, "destination_config"), "on_failure")["destination_arn"],
		})
	})
	each("aws_cloudwatch_metric_alarm", func(_ resource, v map[string]any) {
		queries := map[string]any{}
		for _, q := range list(v["metric_query"]) {
			metric := block(object(q), "metric")
			queries[object(q)["id"].(string)] = []any{
				object(q)["expression"], object(q)["label"], metric["stat"], metric["period"], metric["namespace"], metric["metric_name"], metric["dimensions"],
			}
		}
		all.add("alarm", v["alarm_name"].(string), map[string]any{
			"description": v["alarm_description"], "namespace": v["namespace"], "metric": v["metric_name"], "dimensions": v["dimensions"],
			"statistic": either(v["statistic"], v["extended_statistic"]), "period": v["period"], "periods": v["evaluation_periods"], "threshold": v["threshold"],
			"comparison": v["comparison_operator"], "missing": v["treat_missing_data"], "queries": queries, "tells": len(list(v["alarm_actions"])), "tells the end": len(list(v["ok_actions"])),
		})
	})
	each("aws_cloudwatch_dashboard", func(_ resource, v map[string]any) {
		all.add("dashboard", v["dashboard_name"].(string), map[string]any{"body": document(t, v["dashboard_body"])})
	})
	each("aws_sns_topic", func(r resource, v map[string]any) {
		subscription := p.ofType("aws_sns_topic_subscription")[0].values
		all.add("topic", v["name"].(string), map[string]any{"key": v["kms_master_key_id"], "protocol": subscription["protocol"], "endpoint": subscription["endpoint"]})
	})
	each("aws_s3_bucket", func(r resource, v map[string]any) {
		sealed := block(block(of("aws_s3_bucket_server_side_encryption_configuration", r), "rule"), "apply_server_side_encryption_by_default")
		closed := 0
		for _, value := range of("aws_s3_bucket_public_access_block", r) {
			if value == true {
				closed++
			}
		}
		all.add("bucket", v["bucket"].(string), map[string]any{
			"sealed": sealed["sse_algorithm"], "key": sealed["kms_master_key_id"], "days": block(block(of("aws_s3_bucket_lifecycle_configuration", r), "rule"), "expiration")["days"],
			"versions": block(of("aws_s3_bucket_versioning", r), "versioning_configuration")["status"],
			"owner":    block(of("aws_s3_bucket_ownership_controls", r), "rule")["object_ownership"], "closed": closed,
		})
		all.add("bucket policy", v["bucket"].(string), map[string]any{"says": policy(document(t, of("aws_s3_bucket_policy", r)["policy"]))})
	})
	each("aws_cloudtrail", func(_ resource, v map[string]any) {
		selector := block(v, "event_selector")
		all.add("trail", v["name"].(string), map[string]any{
			"bucket": v["s3_bucket_name"], "all regions": v["is_multi_region_trail"], "global": v["include_global_service_events"], "validated": v["enable_log_file_validation"],
			"logs": selector["read_write_type"], "management": selector["include_management_events"],
		})
	})
	return all
}
