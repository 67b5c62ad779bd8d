package catalog

import "tfdrift/internal/drift"

// lambdaOverrides: see the Lambda API Reference, by the operation's name.
var lambdaOverrides = [...]Row{
	{Source: "lambda", Event: "AddPermission", Type: "aws_lambda_function_url", Effect: drift.Silent},
	{Source: "lambda", Event: "CreateAlias", Type: "aws_lambda_alias", Effect: drift.Create, ID: "function_name=functionName name=name", NewID: "{response:aliasArn}", Within: "aws_lambda_function *=functionName"},
	{Source: "lambda", Event: "CreateFunctionUrlConfig", Type: "aws_lambda_function_url", Effect: drift.Create, ID: "function_name=functionName", Params: "authType=authorization_type", NewID: "functionName", Within: "aws_lambda_function *=functionName"},
	{Source: "lambda", Event: "DeleteFunction", Type: "aws_lambda_function", Effect: drift.Delete, ID: "*=functionName", When: "qualifier="}, // with one, a version goes
	{Source: "lambda", Event: "DeleteFunctionCodeSigningConfig", Type: "aws_lambda_function", Effect: drift.Set, ID: "*=functionName", Sets: `code_signing_config_arn=""`},
	{Source: "lambda", Event: "DeleteFunctionConcurrency", Type: "aws_lambda_function", Effect: drift.Set, ID: "*=functionName", Sets: "reserved_concurrent_executions=-1"},
	{Source: "lambda", Event: "DeleteLayerVersion", Type: "aws_lambda_layer_version", Effect: drift.Delete, ID: "layer_name|layer_arn=layerName version=versionNumber"},
	{Source: "lambda", Event: "DeleteProvisionedConcurrencyConfig", Type: "aws_lambda_provisioned_concurrency_config", Effect: drift.Delete, ID: "function_name=functionName qualifier=qualifier", NewID: "{functionName},{qualifier}"},
	{Source: "lambda", Event: "Invoke", Effect: drift.Silent},
	{Source: "lambda", Event: "InvokeAsync", Effect: drift.Silent},
	{Source: "lambda", Event: "InvokeWithResponseStream", Effect: drift.Silent},
	{Source: "lambda", Event: "PublishLayerVersion", Type: "aws_lambda_layer_version", Effect: drift.Create, ID: "layer_name|layer_arn=layerName version=response:version", NewID: "{response:layerVersionArn}"},
	{Source: "lambda", Event: "PublishVersion", Effect: drift.Silent}, // what is published is what was there
	{Source: "lambda", Event: "PutFunctionEventInvokeConfig", Type: "aws_lambda_function_event_invoke_config", Effect: drift.Create, ID: "function_name=functionName", NewID: "functionName", Within: "aws_lambda_function *=functionName"},
	{Source: "lambda", Event: "PutFunctionRecursionConfig", Type: "aws_lambda_function_recursion_config", Effect: drift.Set, ID: "function_name=functionName"},
	{Source: "lambda", Event: "PutProvisionedConcurrencyConfig", Type: "aws_lambda_provisioned_concurrency_config", Effect: drift.Create, ID: "function_name=functionName qualifier=qualifier", NewID: "{functionName},{qualifier}", Within: "aws_lambda_function *=functionName"},
	{Source: "lambda", Event: "PutRuntimeManagementConfig", Type: "aws_lambda_runtime_management_config", Effect: drift.Set, ID: "function_name=functionName"},
	{Source: "lambda", Event: "RemovePermission", Type: "aws_lambda_permission", Effect: drift.Delete, ID: "function_name=functionName statement_id=statementId", NewID: "{statementId}"},
	{Source: "lambda", Event: "UpdateFunctionCode", Type: "aws_lambda_function", Effect: drift.Set, Shape: lambdaCode},
}
