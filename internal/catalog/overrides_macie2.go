package catalog

import "tfdrift/internal/drift"

// macie2Overrides: see the Amazon Macie API Reference. Jobs are jobs.
var macie2Overrides = [...]Row{
	{Source: "macie2", Event: "CreateClassificationJob", Type: "aws_macie2_classification_job", Effect: drift.Create, ID: "*=response:jobId", NewID: "response:jobId"},
	{Source: "macie2", Event: "CreateSampleFindings", Effect: drift.Silent},
	{Source: "macie2", Event: "EnableMacie", Type: "aws_macie2_account", Effect: drift.Create, ID: Singleton, NewID: "account"},
}
