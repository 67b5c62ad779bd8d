package catalog

import "tfdrift/internal/drift"

var googleRunOverrides = [...]Row{
	{Source: "run", Event: "CreateJob", Type: "google_cloud_run_v2_job", Effect: drift.Create, ID: "*=new", NewID: "projects/{account}/locations/{resource:location|label:location|region}/jobs/{jobId|job.metadata.name|resource:jobs|job.name}", Shape: rewritten(knativeJob)},
	{Source: "run", Event: "CreateService", Type: "google_cloud_run_service", Effect: drift.Set, ID: "name=resource:services location=resource:location|label:location?", Shape: rewritten(knativeService)},
	{Source: "run", Event: "CreateService", Type: "google_cloud_run_v2_service", Effect: drift.Create, ID: "*=new", NewID: "projects/{account}/locations/{resource:location|label:location|region}/services/{serviceId|service.metadata.name|resource:services|service.name}", Shape: rewritten(knativeAsV2)},
	{Source: "run", Event: "DeleteJob", Type: "google_cloud_run_v2_job", Effect: drift.Delete, ID: "name=resource:jobs location=resource:location|label:location?", NewID: "projects/{account}/locations/{resource:location|label:location|region}/jobs/{resource:jobs}"},
	{Source: "run", Event: "DeleteService", Type: "google_cloud_run_service", Effect: drift.Delete, ID: "name=resource:services location=resource:location|label:location?"},
	{Source: "run", Event: "DeleteService", Type: "google_cloud_run_v2_service", Effect: drift.Delete, ID: "name=resource:services location=resource:location|label:location?", NewID: "projects/{account}/locations/{resource:location|label:location|region}/services/{resource:services}"},
	{Source: "run", Event: "ReplaceJob", Type: "google_cloud_run_v2_job", Effect: drift.Set, ID: "name=resource:jobs location=resource:location|label:location?", Shape: rewritten(knativeJob)},
	{Source: "run", Event: "ReplaceService", Type: "google_cloud_run_service", Effect: drift.Set, ID: "name=resource:services location=resource:location|label:location?", Shape: rewritten(knativeService)},
	{Source: "run", Event: "ReplaceService", Type: "google_cloud_run_v2_service", Effect: drift.Set, ID: "name=resource:services location=resource:location|label:location?", Shape: rewritten(knativeAsV2)},
	{Source: "run", Event: "RunJob", Effect: drift.Silent},
}
