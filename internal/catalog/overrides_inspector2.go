package catalog

import "tfdrift/internal/drift"

// inspector2Overrides: see the Amazon Inspector API Reference.
var inspector2Overrides = [...]Row{
	{Source: "inspector2", Event: "Disable", Type: "aws_inspector2_enabler", Effect: drift.Set, ID: "account_ids=accountIds|account", Params: "resourceTypes=resource_types-"},
	{Source: "inspector2", Event: "Enable", Type: "aws_inspector2_enabler", Effect: drift.Set, ID: "account_ids=accountIds|account", Params: "resourceTypes=resource_types+"},
	{Source: "inspector2", Event: "UpdateConfiguration", Type: "aws_inspector2_organization_configuration", Effect: drift.Silent},
}
