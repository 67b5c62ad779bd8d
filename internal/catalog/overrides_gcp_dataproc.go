package catalog

import "tfdrift/internal/drift"

var googleDataprocOverrides = [...]Row{
	{Source: "dataproc", Event: "CancelJob", Effect: drift.Silent},
	{Source: "dataproc", Event: "SubmitJob", Effect: drift.Silent},
}
