package catalog

import "tfdrift/internal/drift"

// glueOverrides: see the AWS Glue API Reference. Partitions, runs and jobs' states are data.
var glueOverrides = [...]Row{
	{Source: "glue", Event: "BatchCreatePartition", Effect: drift.Silent},
	{Source: "glue", Event: "BatchDeletePartition", Effect: drift.Silent},
	{Source: "glue", Event: "BatchDeleteTable", Type: "aws_glue_catalog_table", Effect: drift.Delete, ID: "name=tablesToDelete database_name=databaseName"},
	{Source: "glue", Event: "BatchUpdatePartition", Effect: drift.Silent},
	{Source: "glue", Event: "CreateClassifier", Type: "aws_glue_classifier", Effect: drift.Create, ID: "*=xMLClassifier.name|grokClassifier.name|jsonClassifier.name|csvClassifier.name", NewID: "xMLClassifier.name|grokClassifier.name|jsonClassifier.name|csvClassifier.name"},
	{Source: "glue", Event: "CreateConnection", Type: "aws_glue_connection", Effect: drift.Create, ID: "name=name", NewID: "{catalogId|account}:{name}"},
	{Source: "glue", Event: "CreateCrawler", Type: "aws_glue_crawler", Effect: drift.Create, ID: "*=name", Params: glueCrawler, NewID: "name"},
	{Source: "glue", Event: "CreateDatabase", Type: "aws_glue_catalog_database", Effect: drift.Create, ID: "name=name", NewID: "{catalogId|account}:{name}"},
	{Source: "glue", Event: "CreateJob", Type: "aws_glue_job", Effect: drift.Create, ID: "*=name|response:name", Params: glueJob, NewID: "{name|response:name}"},
	{Source: "glue", Event: "CreatePartition", Effect: drift.Silent},
	{Source: "glue", Event: "CreateTable", Type: "aws_glue_catalog_table", Effect: drift.Create, ID: "name=name database_name=databaseName", Params: "partitionIndexes=partition_index", NewID: "{catalogId|account}:{databaseName}:{name}", When: "caller!=service"},
	{Source: "glue", Event: "CreateUserDefinedFunction", Type: "aws_glue_user_defined_function", Effect: drift.Create, ID: "name=functionName database_name=databaseName", NewID: "{catalogId|account}:{databaseName}:{functionName}"},
	{Source: "glue", Event: "DeleteConnection", Type: "aws_glue_connection", Effect: drift.Delete, ID: "name=connectionName", NewID: "{catalogId|account}:{connectionName}"},
	{Source: "glue", Event: "DeleteDatabase", Type: "aws_glue_catalog_database", Effect: drift.Delete, ID: "name=name", NewID: "{catalogId|account}:{name}"},
	{Source: "glue", Event: "DeletePartition", Effect: drift.Silent},
	{Source: "glue", Event: "DeleteRegistry", Type: "aws_glue_registry", Effect: drift.Delete, ID: "*=registryId.registryArn|registryId.registryName"},
	{Source: "glue", Event: "DeleteSchema", Type: "aws_glue_schema", Effect: drift.Delete, ID: "*=schemaId.schemaArn|schemaId.schemaName"},
	{Source: "glue", Event: "DeleteTable", Type: "aws_glue_catalog_table", Effect: drift.Delete, ID: "name=name database_name=databaseName", NewID: "{catalogId|account}:{databaseName}:{name}"},
	{Source: "glue", Event: "DeleteUserDefinedFunction", Type: "aws_glue_user_defined_function", Effect: drift.Delete, ID: "name=functionName database_name=databaseName", NewID: "{catalogId|account}:{databaseName}:{functionName}"},
	{Source: "glue", Event: "PutResourcePolicy", Type: "aws_glue_resource_policy", Effect: drift.Set, ID: Singleton, Params: "policyInJson=policy policyHashCondition=- policyExistsCondition=-"},
	{Source: "glue", Event: "RegisterSchemaVersion", Type: "aws_glue_schema", Effect: drift.Set, ID: "*=schemaId.schemaArn|schemaId.schemaName", Params: "schemaId=-"},
	{Source: "glue", Event: "StartCrawler", Effect: drift.Silent},
	{Source: "glue", Event: "StartJobRun", Effect: drift.Silent},
	{Source: "glue", Event: "StartTrigger", Type: "aws_glue_trigger", Effect: drift.Set, ID: "*=name", Sets: "enabled=true"},
	{Source: "glue", Event: "StopCrawler", Effect: drift.Silent},
	{Source: "glue", Event: "StopTrigger", Type: "aws_glue_trigger", Effect: drift.Set, ID: "*=name", Sets: "enabled=false"},
	{Source: "glue", Event: "UpdateClassifier", Type: "aws_glue_classifier", Effect: drift.Set, ID: "*=xMLClassifier.name|grokClassifier.name|jsonClassifier.name|csvClassifier.name"},
	{Source: "glue", Event: "UpdateConnection", Type: "aws_glue_connection", Effect: drift.Set, ID: "name=name"},
	{Source: "glue", Event: "UpdateCrawler", Type: "aws_glue_crawler", Effect: drift.Set, ID: "*=name", Params: glueCrawler},
	{Source: "glue", Event: "UpdateCrawlerSchedule", Type: "aws_glue_crawler", Effect: drift.Set, ID: "*=crawlerName"},
	{Source: "glue", Event: "UpdateDatabase", Type: "aws_glue_catalog_database", Effect: drift.Set, ID: "name=name"},
	{Source: "glue", Event: "UpdateJob", Type: "aws_glue_job", Effect: drift.Set, ID: "*=jobName", Params: glueJob},
	{Source: "glue", Event: "UpdatePartition", Effect: drift.Silent},
	{Source: "glue", Event: "UpdateRegistry", Type: "aws_glue_registry", Effect: drift.Set, ID: "*=registryId.registryArn|registryId.registryName", Params: "registryId=-"},
	{Source: "glue", Event: "UpdateSchema", Type: "aws_glue_schema", Effect: drift.Set, ID: "*=schemaId.schemaArn|schemaId.schemaName", Params: "schemaId=- schemaVersionNumber=-"},
	{Source: "glue", Event: "UpdateTable", Type: "aws_glue_catalog_table", Effect: drift.Set, ID: "name=name database_name=databaseName", Params: "skipArchive=- transactionId=- versionId=- viewUpdateAction=-"},
	{Source: "glue", Event: "UpdateTrigger", Type: "aws_glue_trigger", Effect: drift.Set, ID: "*=name", Params: "triggerUpdate.name=-"},
}

const (
	glueCrawler = "role=role crawlerSecurityConfiguration=security_configuration schedule=schedule targets.s3Targets=s3_target targets.jdbcTargets=jdbc_target " +
		"targets.mongoDBTargets=mongodb_target targets.dynamoDBTargets=dynamodb_target targets.catalogTargets=catalog_target targets.deltaTargets=delta_target " +
		"targets.icebergTargets=iceberg_target targets.hudiTargets=hudi_target"
	glueJob = "jobUpdate.role=role_arn role=role_arn jobUpdate.connections.connections=connections connections.connections=connections " +
		"jobUpdate.logUri=- jobUpdate.allocatedCapacity=- allocatedCapacity=- logUri=-"
)
