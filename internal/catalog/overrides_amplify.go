package catalog

import "tfdrift/internal/drift"

// amplifyOverrides: see the AWS Amplify API Reference. Deployments are jobs.
var amplifyOverrides = [...]Row{
	{Source: "amplify", Event: "DeleteBranch", Type: "aws_amplify_branch", Effect: drift.Delete, ID: "branch_name=branchName app_id=appId", NewID: "{appId}/{branchName}"},
	{Source: "amplify", Event: "DeleteDomainAssociation", Type: "aws_amplify_domain_association", Effect: drift.Delete, ID: "domain_name=domainName app_id=appId", NewID: "{appId}/{domainName}"},
	{Source: "amplify", Event: "StartDeployment", Effect: drift.Silent},
	{Source: "amplify", Event: "StartJob", Effect: drift.Silent},
	{Source: "amplify", Event: "StopJob", Effect: drift.Silent},
	{Source: "amplify", Event: "UpdateApp", Type: "aws_amplify_app", Effect: drift.Set, ID: "*=appId", Params: "customRules=custom_rule oauthToken=oauth_token"},
	{Source: "amplify", Event: "UpdateDomainAssociation", Type: "aws_amplify_domain_association", Effect: drift.Set, ID: "domain_name=domainName app_id=appId", Params: "subDomainSettings=sub_domain"},
}
