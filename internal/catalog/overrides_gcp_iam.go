package catalog

import "tfdrift/internal/drift"

var googleIAMOverrides = [...]Row{
	{Source: "iam", Event: "CreateRole", Type: "google_organization_iam_custom_role", Effect: drift.Create, ID: "*=new", Params: "includedPermissions=permissions", NewID: "organizations/{resource:organizations}/roles/{roleId|role_id|resource:roles}", When: "resource:organizations!="},
	{Source: "iam", Event: "CreateRole", Type: "google_project_iam_custom_role", Effect: drift.Create, ID: "*=new", Params: "includedPermissions=permissions", NewID: "projects/{account}/roles/{roleId|role_id|resource:roles}", When: "resource:organizations="},
	{Source: "iam", Event: "CreateServiceAccount", Type: "google_service_account", Effect: drift.Create, ID: "*=new", NewID: "response:name or projects/{account}/serviceAccounts/{accountId}@{account}.iam.gserviceaccount.com"},
	{Source: "iam", Event: "CreateServiceAccountKey", Type: "google_service_account_key", Effect: drift.Create, ID: "*=new", NewID: "response:name", Within: "google_service_account *=resource"},
	{Source: "iam", Event: "DeleteRole", Type: "google_organization_iam_custom_role", Effect: drift.Delete, ID: "*=resource"},
	{Source: "iam", Event: "DeleteRole", Type: "google_project_iam_custom_role", Effect: drift.Delete, ID: "*=resource"},
	{Source: "iam", Event: "DeleteServiceAccount", Type: "google_service_account", Effect: drift.Delete, ID: "*=resource", NewID: "projects/{account}/serviceAccounts/{name|resource}"},
	{Source: "iam", Event: "DeleteServiceAccountKey", Type: "google_service_account_key", Effect: drift.Delete, ID: "*=resource", NewID: "name|resource"},
	{Source: "iam", Event: "DisableServiceAccount", Type: "google_service_account", Effect: drift.Set, ID: "*=resource", Sets: "disabled=true"},
	{Source: "iam", Event: "DisableServiceAccountKey", Type: "google_service_account_key", Effect: drift.Silent},
	{Source: "iam", Event: "EnableServiceAccount", Type: "google_service_account", Effect: drift.Set, ID: "*=resource", Sets: "disabled=false"},
	{Source: "iam", Event: "EnableServiceAccountKey", Type: "google_service_account_key", Effect: drift.Silent},
	{Source: "iam", Event: "PatchServiceAccount", Type: "google_service_account", Effect: drift.Set, ID: "*=resource"},
	{Source: "iam", Event: "UndeleteRole", Type: "google_organization_iam_custom_role", Effect: drift.Create, ID: "*=resource"},
	{Source: "iam", Event: "UndeleteRole", Type: "google_project_iam_custom_role", Effect: drift.Create, ID: "*=resource"},
	{Source: "iam", Event: "UndeleteServiceAccount", Type: "google_service_account", Effect: drift.Create, ID: "*=resource"},
	{Source: "iam", Event: "UndeleteWorkloadIdentityPool", Type: "google_iam_workload_identity_pool", Effect: drift.Create, ID: "*=resource"},
	{Source: "iam", Event: "UndeleteWorkloadIdentityPoolProvider", Type: "google_iam_workload_identity_pool_provider", Effect: drift.Create, ID: "*=resource"},
	{Source: "iam", Event: "UpdateRole", Type: "google_organization_iam_custom_role", Effect: drift.Set, ID: "*=resource", Params: "includedPermissions=permissions", Shape: customRole},
	{Source: "iam", Event: "UpdateRole", Type: "google_project_iam_custom_role", Effect: drift.Set, ID: "*=resource", Params: "includedPermissions=permissions", Shape: customRole},
	{Source: "iam", Event: "UpdateServiceAccount", Type: "google_service_account", Effect: drift.Set, ID: "*=resource"},
	{Source: "iam", Event: "UploadServiceAccountKey", Type: "google_service_account_key", Effect: drift.Create, ID: "*=new", NewID: "response:name", Within: "google_service_account *=resource"},
}
