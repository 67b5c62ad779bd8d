package catalog

import "tfdrift/internal/drift"

var googleResourceManagerOverrides = [...]Row{
	{Source: "cloudresourcemanager", Event: "CreateFolder", Type: "google_folder", Effect: drift.Create, ID: "*=new", NewID: "response:name|resource"},
	{Source: "cloudresourcemanager", Event: "CreateLien", Type: "google_resource_manager_lien", Effect: drift.Create, ID: "name=response:name", NewID: "response:name", Within: "project"},
	{Source: "cloudresourcemanager", Event: "CreateProject", Type: "google_project", Effect: drift.Create, ID: "*=new", NewID: "projects/{project.projectId|resource:project}"},
	{Source: "cloudresourcemanager", Event: "DeleteLien", Type: "google_resource_manager_lien", Effect: drift.Delete, ID: "name=resource|name", NewID: "resource|name"},
	{Source: "cloudresourcemanager", Event: "DeleteProject", Type: "google_project", Effect: drift.Delete, ID: "project_id|number=resource:project|project.projectId|account", NewID: "projects/{account|resource:project}"},
	{Source: "cloudresourcemanager", Event: "MoveFolder", Type: "google_folder", Effect: drift.Set, ID: "*=resource", Params: "destinationParent=parent"},
	{Source: "cloudresourcemanager", Event: "MoveProject", Type: "google_project", Effect: drift.Set, ID: "project_id|number=resource:project|project.projectId|account", Shape: rewritten(projectForm)},
	{Source: "cloudresourcemanager", Event: "SetIamPolicy", Type: "google_project_default_service_accounts", Effect: drift.Silent},
	{Source: "cloudresourcemanager", Event: "SetIamPolicy", Type: "google_project_iam_member_remove", Effect: drift.Silent},
	{Source: "cloudresourcemanager", Event: "UndeleteFolder", Type: "google_folder", Effect: drift.Create, ID: "*=resource"},
	{Source: "cloudresourcemanager", Event: "UndeleteProject", Type: "google_project", Effect: drift.Create, ID: "project_id|number=resource:project|project.projectId|account", NewID: Restored},
	{Source: "cloudresourcemanager", Event: "UpdateProject", Type: "google_project", Effect: drift.Set, ID: "project_id|number=resource:project|project.projectId|account", Params: "displayName=name lifecycleState=- projectNumber=- state=- createTime=-", Shape: projectUpdate},
}
