package catalog

import "tfdrift/internal/drift"

var googleDataprocOverrides = [...]Row{
	{Source: "dataproc", Event: "CancelJob", Effect: drift.Silent},
	{Source: "dataproc", Event: "CreateCluster", Type: "google_dataproc_cluster", Effect: drift.Create, ID: "*=new", NewID: "projects/{account}/regions/{resource:location|request.region|region}/clusters/{cluster.clusterName|clusterName|resource:clusters}"},
	{Source: "dataproc", Event: "DiagnoseCluster", Effect: drift.Silent},
	{Source: "dataproc", Event: "RepairCluster", Effect: drift.Silent},
	{Source: "dataproc", Event: "StartCluster", Effect: drift.Silent},
	{Source: "dataproc", Event: "StopCluster", Effect: drift.Silent},
	{Source: "dataproc", Event: "SubmitJob", Effect: drift.Silent},
}
