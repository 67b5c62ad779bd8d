package catalog

import "tfdrift/internal/drift"

// codebuildOverrides: see the AWS CodeBuild API Reference. Builds are data.
var codebuildOverrides = [...]Row{
	{Source: "codebuild", Event: "CreateProject", Type: "aws_codebuild_project", Effect: drift.Create, ID: "*=response:project.arn", Params: codebuildProject, NewID: "response:project.arn"},
	{Source: "codebuild", Event: "CreateWebhook", Type: "aws_codebuild_webhook", Effect: drift.Create, ID: "project_name=projectName", Params: "filterGroups=filter_group", NewID: "projectName", Within: "aws_codebuild_project *=projectName"},
	{Source: "codebuild", Event: "DeleteProject", Type: "aws_codebuild_project", Effect: drift.Delete, ID: "*=name", NewID: "arn:aws:codebuild:{region}:{account}:project/{name}"},
	{Source: "codebuild", Event: "PutResourcePolicy", Type: "aws_codebuild_resource_policy", Effect: drift.Create, ID: "resource_arn=resourceArn", NewID: "resourceArn", Within: "aws_codebuild_project *=resourceArn"},
	{Source: "codebuild", Event: "StartBuild", Effect: drift.Silent},
	{Source: "codebuild", Event: "StopBuild", Effect: drift.Silent},
	{Source: "codebuild", Event: "UpdateProject", Type: "aws_codebuild_project", Effect: drift.Set, ID: "*=name", Params: codebuildProject},
}

const codebuildProject = "timeoutInMinutes=build_timeout queuedTimeoutInMinutes=queued_timeout secondarySourceVersions=secondary_source_version"
