package catalog

import "tfdrift/internal/drift"

// codepipelineOverrides: see the AWS CodePipeline API Reference. Executions are data.
var codepipelineOverrides = [...]Row{
	{Source: "codepipeline", Event: "CreatePipeline", Type: "aws_codepipeline", Effect: drift.Create, ID: "*=pipeline.name", Params: codepipelinePipeline, NewID: "pipeline.name"},
	{Source: "codepipeline", Event: "PutWebhook", Type: "aws_codepipeline_webhook", Effect: drift.Create, ID: "name=webhook.name", NewID: "{response:webhook.arn}"},
	{Source: "codepipeline", Event: "StartPipelineExecution", Effect: drift.Silent},
	{Source: "codepipeline", Event: "UpdateActionType", Effect: drift.Silent},
	{Source: "codepipeline", Event: "UpdatePipeline", Type: "aws_codepipeline", Effect: drift.Set, ID: "*=pipeline.name", Params: codepipelinePipeline},
}

const codepipelinePipeline = "pipeline.name=- pipeline.version=- pipeline.stages=stage pipeline.stages.actions=action pipeline.stages.actions.actionTypeId.category=category " +
	"pipeline.stages.actions.actionTypeId.owner=owner pipeline.stages.actions.actionTypeId.provider=provider pipeline.stages.actions.actionTypeId.version=version " +
	"pipeline.triggers=trigger pipeline.variables=variable pipeline.artifactStore=artifact_store"
