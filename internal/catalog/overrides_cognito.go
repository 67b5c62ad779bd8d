package catalog

import "tfdrift/internal/drift"

// cognitoOverrides: see the Cognito user pools API Reference, by the operation's
// name. The users of a pool come and go by themselves: those that no state
// manages are no news.
var cognitoOverrides = [...]Row{
	{Source: "cognito-idp", Event: "AddCustomAttributes", Type: "aws_cognito_user_pool", Effect: drift.Set, ID: "*=userPoolId", Params: "customAttributes=schema+"},
	{Source: "cognito-idp", Event: "AdminAddUserToGroup", Type: "aws_cognito_user_in_group", Effect: drift.Create, ID: "user_pool_id=userPoolId group_name=groupName username=username", NewID: Restored},
	{Source: "cognito-idp", Event: "AdminConfirmSignUp", Effect: drift.Silent},
	{Source: "cognito-idp", Event: "AdminCreateUser", Type: "aws_cognito_user", Effect: drift.Create, ID: "user_pool_id=userPoolId username=username", NewID: Restored},
	{Source: "cognito-idp", Event: "AdminDisableUser", Type: "aws_cognito_user", Effect: drift.Set, ID: "user_pool_id=userPoolId username=username", Sets: "enabled=false"},
	{Source: "cognito-idp", Event: "AdminEnableUser", Type: "aws_cognito_user", Effect: drift.Set, ID: "user_pool_id=userPoolId username=username", Sets: "enabled=true"},
	{Source: "cognito-idp", Event: "AdminInitiateAuth", Effect: drift.Silent},
	{Source: "cognito-idp", Event: "AdminRespondToAuthChallenge", Effect: drift.Silent},
	{Source: "cognito-idp", Event: "CreateGroup", Type: "aws_cognito_user_group", Effect: drift.Create, ID: "user_pool_id=userPoolId name=groupName", NewID: "{userPoolId}/{groupName}", Within: "aws_cognito_user_pool *=userPoolId"},
	{Source: "cognito-idp", Event: "CreateManagedLoginBranding", Type: "aws_cognito_managed_login_branding", Effect: drift.Create, ID: "client_id=clientId user_pool_id=userPoolId", Params: "assets=asset", NewID: "{userPoolId},{response:managedLoginBranding.managedLoginBrandingId}", Within: "aws_cognito_user_pool *=userPoolId"},
	{Source: "cognito-idp", Event: "CreateUserPool", Type: "aws_cognito_user_pool", Effect: drift.Create, ID: "*=response:userPool.id", Params: "poolName=name userPoolTags=tags", NewID: "response:userPool.id"},
	{Source: "cognito-idp", Event: "DeleteGroup", Type: "aws_cognito_user_group", Effect: drift.Delete, ID: "user_pool_id=userPoolId name=groupName", NewID: "{userPoolId}/{groupName}"},
	{Source: "cognito-idp", Event: "DeleteIdentityProvider", Type: "aws_cognito_identity_provider", Effect: drift.Delete, ID: "user_pool_id=userPoolId provider_name=providerName", NewID: "{userPoolId}:{providerName}"},
	{Source: "cognito-idp", Event: "DeleteResourceServer", Type: "aws_cognito_resource_server", Effect: drift.Delete, ID: "user_pool_id=userPoolId identifier=identifier", NewID: "{userPoolId}|{identifier}"},
	{Source: "cognito-idp", Event: "DeleteUser", Effect: drift.Silent}, // a user's own call: it names no one
	{Source: "cognito-idp", Event: "DeleteUserPoolClient", Type: "aws_cognito_user_pool_client", Effect: drift.Delete, ID: "id=clientId", NewID: "clientId"},
	{Source: "cognito-idp", Event: "DeleteUserPoolDomain", Type: "aws_cognito_user_pool_domain", Effect: drift.Delete, ID: "user_pool_id=userPoolId domain=domain", NewID: "domain"},
	{Source: "cognito-idp", Event: "InitiateAuth", Effect: drift.Silent},
	{Source: "cognito-idp", Event: "RespondToAuthChallenge", Effect: drift.Silent},
	{Source: "cognito-idp", Event: "SignUp", Effect: drift.Silent},
	{Source: "cognito-idp", Event: "UpdateUserPoolClient", Type: "aws_cognito_managed_user_pool_client", Effect: drift.Set, ID: "user_pool_id=userPoolId id=clientId", Params: "clientName=name"},
	{Source: "cognito-idp", Event: "UpdateUserPoolClient", Type: "aws_cognito_user_pool_client", Effect: drift.Set, ID: "user_pool_id=userPoolId id=clientId", Params: "clientName=name"},
}
