package catalog

import "tfdrift/internal/drift"

// statesOverrides: see the AWS Step Functions API Reference. Executions are data.
var statesOverrides = [...]Row{
	{Source: "states", Event: "CreateStateMachine", Type: "aws_sfn_state_machine", Effect: drift.Create, ID: "*=response:stateMachineArn", NewID: "response:stateMachineArn"},
	{Source: "states", Event: "PublishStateMachineVersion", Effect: drift.Silent},
	{Source: "states", Event: "StartExecution", Effect: drift.Silent},
	{Source: "states", Event: "StopExecution", Effect: drift.Silent},
	{Source: "states", Event: "UpdateStateMachine", Type: "aws_sfn_state_machine", Effect: drift.Set, ID: "*=stateMachineArn", Params: "loggingConfiguration.destinations=- publish=- versionDescription=-"},
}
