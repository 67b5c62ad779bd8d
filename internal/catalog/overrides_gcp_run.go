package catalog

import "tfdrift/internal/drift"

var googleRunOverrides = [...]Row{
	{Source: "run", Event: "CreateService", Type: "google_cloud_run_service", Effect: drift.Set, ID: "*=resource", Params: "spec.template=template spec.traffic=traffic apiVersion=- kind=- status=-"},
	{Source: "run", Event: "CreateService", Type: "google_cloud_run_v2_service", Effect: drift.Create, ID: "*=new", Params: "spec.template.spec.containers=template.containers spec.template.spec.containerConcurrency=template.max_instance_request_concurrency spec.template.spec.serviceAccountName=template.service_account spec.template.spec.timeoutSeconds=template.timeout spec.template=- spec.traffic=- metadata=- apiVersion=- kind=- status=-", NewID: "projects/{account}/locations/{resource:location|label:location|region}/services/{serviceId|service.metadata.name|resource:services|service.name}"},
	{Source: "run", Event: "DeleteService", Type: "google_cloud_run_service", Effect: drift.Delete, ID: "*=resource"},
	{Source: "run", Event: "DeleteService", Type: "google_cloud_run_v2_service", Effect: drift.Delete, ID: "*=resource"},
	{Source: "run", Event: "ReplaceJob", Type: "google_cloud_run_v2_job", Effect: drift.Set, ID: "*=resource"},
	{Source: "run", Event: "ReplaceService", Type: "google_cloud_run_service", Effect: drift.Set, ID: "*=resource", Params: "spec.template=template spec.traffic=traffic apiVersion=- kind=- status=-"},
	{Source: "run", Event: "ReplaceService", Type: "google_cloud_run_v2_service", Effect: drift.Set, ID: "*=resource", Params: "spec.template.spec.containers=template.containers spec.template.spec.containerConcurrency=template.max_instance_request_concurrency spec.template.spec.serviceAccountName=template.service_account spec.template.spec.timeoutSeconds=template.timeout spec.template=- spec.traffic=- metadata=- apiVersion=- kind=- status=-"},
	{Source: "run", Event: "RunJob", Effect: drift.Silent},
}
