package catalog

import "tfdrift/internal/drift"

// redshiftserverlessOverrides: see the Amazon Redshift Serverless API Reference.
var redshiftserverlessOverrides = [...]Row{
	{Source: "redshift-serverless", Event: "PutResourcePolicy", Type: "aws_redshiftserverless_resource_policy", Effect: drift.Create, ID: "resource_arn=resourceArn", NewID: "resourceArn"},
	{Source: "redshift-serverless", Event: "UpdateNamespace", Type: "aws_redshiftserverless_namespace", Effect: drift.Set, ID: "*=namespaceName", Params: "adminUserPassword=admin_user_password"},
	{Source: "redshift-serverless", Event: "UpdateWorkgroup", Type: "aws_redshiftserverless_workgroup", Effect: drift.Set, ID: "*=workgroupName", Params: "configParameters=config_parameter configParameters.parameterKey=parameter_key configParameters.parameterValue=parameter_value"},
}
