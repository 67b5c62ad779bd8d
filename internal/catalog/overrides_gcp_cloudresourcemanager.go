package catalog

import "tfdrift/internal/drift"

var googleResourceManagerOverrides = [...]Row{
	{Source: "cloudresourcemanager", Event: "CreateFolder", Type: "google_folder", Effect: drift.Create, ID: "*=new", NewID: "response:name|resource"},
	{Source: "cloudresourcemanager", Event: "CreateProject", Type: "google_project", Effect: drift.Create, ID: "*=new", NewID: "projects/{project.projectId|resource:project}"},
	{Source: "cloudresourcemanager", Event: "MoveProject", Type: "google_project", Effect: drift.Set, ID: "*=resource", Params: "destinationParent=folder_id"},
	{Source: "cloudresourcemanager", Event: "SetIamPolicy", Type: "google_project_default_service_accounts", Effect: drift.Silent},
	{Source: "cloudresourcemanager", Event: "SetIamPolicy", Type: "google_project_iam_member_remove", Effect: drift.Silent},
	{Source: "cloudresourcemanager", Event: "UndeleteFolder", Type: "google_folder", Effect: drift.Create, ID: "*=resource"},
	{Source: "cloudresourcemanager", Event: "UndeleteProject", Type: "google_project", Effect: drift.Create, ID: "*=resource"},
	{Source: "cloudresourcemanager", Event: "UpdateProject", Type: "google_project", Effect: drift.Set, ID: "*=resource", Params: "displayName=name lifecycleState=- projectNumber=- state=- createTime=-"},
}
