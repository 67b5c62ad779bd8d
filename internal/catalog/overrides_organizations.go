package catalog

import "tfdrift/internal/drift"

// organizationsOverrides: see the Organizations API Reference, by the
// operation's name. Delegations and service access are settings of the
// organization, of which the state that manages it knows.
var organizationsOverrides = [...]Row{
	{Source: "organizations", Event: "AcceptHandshake", Effect: drift.Silent},
	{Source: "organizations", Event: "CancelHandshake", Effect: drift.Silent},
	{Source: "organizations", Event: "CreateAccount", Type: "aws_organizations_account", Effect: drift.Create, ID: "*=response:createAccountStatus.accountId|response:createAccountStatus.id", Params: "accountName=name", NewID: "response:createAccountStatus.accountId|response:createAccountStatus.id"},
	{Source: "organizations", Event: "CreateGovCloudAccount", Type: "aws_organizations_account", Effect: drift.Create, ID: "*=response:createAccountStatus.accountId|response:createAccountStatus.id", Params: "accountName=name", NewID: "response:createAccountStatus.accountId|response:createAccountStatus.id"},
	{Source: "organizations", Event: "DeclineHandshake", Effect: drift.Silent},
	{Source: "organizations", Event: "DetachPolicy", Type: "aws_organizations_policy_attachment", Effect: drift.Delete, ID: "policy_id=policyId target_id=targetId", NewID: "{targetId}:{policyId}"},
	{Source: "organizations", Event: "DisableAWSServiceAccess", Type: "aws_organizations_organization", Effect: drift.Set, ID: Singleton, Parent: true, Params: "servicePrincipal=aws_service_access_principals-"},
	{Source: "organizations", Event: "DisablePolicyType", Type: "aws_organizations_organization", Effect: drift.Set, ID: Singleton, Params: "policyType=enabled_policy_types- rootId=-"},
	{Source: "organizations", Event: "EnableAllFeatures", Type: "aws_organizations_organization", Effect: drift.Set, ID: Singleton, Sets: `feature_set="ALL"`},
	{Source: "organizations", Event: "EnableAWSServiceAccess", Type: "aws_organizations_aws_service_access", Effect: drift.Create, ID: "service_principal=servicePrincipal", NewID: Restored},
	{Source: "organizations", Event: "EnableAWSServiceAccess", Type: "aws_organizations_organization", Effect: drift.Set, ID: Singleton, Parent: true, Params: "servicePrincipal=aws_service_access_principals+"},
	{Source: "organizations", Event: "EnablePolicyType", Type: "aws_organizations_organization", Effect: drift.Set, ID: Singleton, Params: "policyType=enabled_policy_types+ rootId=-"},
	{Source: "organizations", Event: "InviteAccountToOrganization", Effect: drift.Silent},
	{Source: "organizations", Event: "MoveAccount", Type: "aws_organizations_account", Effect: drift.Set, ID: "*=accountId", Params: "destinationParentId=parent_id sourceParentId=-"},
	{Source: "organizations", Event: "RegisterDelegatedAdministrator", Type: "aws_organizations_delegated_administrator", Effect: drift.Create, ID: "account_id=accountId service_principal=servicePrincipal", NewID: "{accountId}/{servicePrincipal}"},
	{Source: "organizations", Event: "TagResource", Type: "aws_organizations_tag", Effect: drift.Silent},
	{Source: "organizations", Event: "UntagResource", Type: "aws_organizations_tag", Effect: drift.Silent},
}
