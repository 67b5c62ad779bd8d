package catalog

import "tfdrift/internal/drift"

// appsyncOverrides: see the AWS AppSync API Reference.
var appsyncOverrides = [...]Row{
	{Source: "appsync", Event: "CreateApi", Type: "aws_appsync_api", Effect: drift.Create, ID: "*=response:api.apiId", NewID: "response:api.apiId"},
	{Source: "appsync", Event: "CreateApiCache", Type: "aws_appsync_api_cache", Effect: drift.Create, ID: "api_id=apiId", NewID: "apiId", Within: "aws_appsync_graphql_api *=apiId"},
	{Source: "appsync", Event: "CreateApiKey", Type: "aws_appsync_api_key", Effect: drift.Create, ID: "*=response:apiKey.id", NewID: "{apiId}:{response:apiKey.id}", Within: "aws_appsync_graphql_api *=apiId"},
	{Source: "appsync", Event: "CreateFunction", Type: "aws_appsync_function", Effect: drift.Create, ID: "*=response:functionConfiguration.functionArn", Params: "dataSourceName=data_source", NewID: "{apiId}-{response:functionConfiguration.functionId}"},
	{Source: "appsync", Event: "CreateResolver", Type: "aws_appsync_resolver", Effect: drift.Create, ID: "api_id=apiId type=typeName field=fieldName", Params: "dataSourceName=data_source", NewID: "{apiId}-{typeName}-{fieldName}"},
	{Source: "appsync", Event: "DeleteApiKey", Type: "aws_appsync_api_key", Effect: drift.Delete, ID: "api_id=apiId *=id", NewID: "{apiId}:{id}"},
	{Source: "appsync", Event: "DeleteDataSource", Type: "aws_appsync_datasource", Effect: drift.Delete, ID: "name=name api_id=apiId", NewID: "{apiId}-{name}"},
	{Source: "appsync", Event: "DeleteFunction", Type: "aws_appsync_function", Effect: drift.Delete, ID: "function_id=functionId api_id=apiId", NewID: "{apiId}-{functionId}"},
	{Source: "appsync", Event: "DeleteResolver", Type: "aws_appsync_resolver", Effect: drift.Delete, ID: "api_id=apiId type=typeName field=fieldName", NewID: "{apiId}-{typeName}-{fieldName}"},
	{Source: "appsync", Event: "FlushApiCache", Effect: drift.Silent},
	{Source: "appsync", Event: "UpdateFunction", Type: "aws_appsync_function", Effect: drift.Set, ID: "api_id=apiId function_id=functionId", Params: "dataSourceName=data_source"},
	{Source: "appsync", Event: "UpdateResolver", Type: "aws_appsync_resolver", Effect: drift.Set, ID: "api_id=apiId type=typeName field=fieldName", Params: "dataSourceName=data_source"},
}
