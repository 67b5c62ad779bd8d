package catalog

import "tfdrift/internal/drift"

// dsOverrides: see the AWS Directory Service API Reference.
var dsOverrides = [...]Row{
	{Source: "ds", Event: "ConnectDirectory", Type: "aws_directory_service_directory", Effect: drift.Create, ID: "*=response:directoryId", NewID: "response:directoryId"},
	{Source: "ds", Event: "CreateAlias", Type: "aws_directory_service_directory", Effect: drift.Set, ID: "*=directoryId"},
	{Source: "ds", Event: "CreateDirectory", Type: "aws_directory_service_directory", Effect: drift.Create, ID: "*=response:directoryId", NewID: "response:directoryId"},
	{Source: "ds", Event: "CreateDirectory", Type: "aws_directory_service_shared_directory", Effect: drift.Silent},
	{Source: "ds", Event: "CreateLogSubscription", Type: "aws_directory_service_log_subscription", Effect: drift.Create, ID: "directory_id=directoryId", NewID: "directoryId", Within: "aws_directory_service_directory *=directoryId"},
	{Source: "ds", Event: "CreateMicrosoftAD", Type: "aws_directory_service_directory", Effect: drift.Create, ID: "*=response:directoryId", NewID: "response:directoryId"},
	{Source: "ds", Event: "DeleteDirectory", Type: "aws_directory_service_shared_directory_accepter", Effect: drift.Silent},
	{Source: "ds", Event: "DisableSso", Type: "aws_directory_service_directory", Effect: drift.Set, ID: "*=directoryId", Params: "userName=- password=-", Sets: "enable_sso=false"},
	{Source: "ds", Event: "EnableSso", Type: "aws_directory_service_directory", Effect: drift.Set, ID: "*=directoryId", Params: "userName=- password=-", Sets: "enable_sso=true"},
	{Source: "ds", Event: "RemoveRegion", Type: "aws_directory_service_region", Effect: drift.Delete, ID: "directory_id=directoryId"},
	{Source: "ds", Event: "ResetUserPassword", Effect: drift.Silent},
	{Source: "ds", Event: "UnshareDirectory", Type: "aws_directory_service_shared_directory", Effect: drift.Delete, ID: "directory_id=directoryId"},
	{Source: "ds", Event: "UpdateConditionalForwarder", Type: "aws_directory_service_trust", Effect: drift.Silent},
	{Source: "ds", Event: "UpdateNumberOfDomainControllers", Type: "aws_directory_service_directory", Effect: drift.Set, ID: "*=directoryId", Params: "desiredNumber=desired_number_of_domain_controllers"},
	{Source: "ds", Event: "UpdateNumberOfDomainControllers", Type: "aws_directory_service_region", Effect: drift.Silent},
	{Source: "ds", Event: "UpdateSettings", Type: "aws_directory_service_radius_settings", Effect: drift.Silent},
}
