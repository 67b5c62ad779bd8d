package catalog

import "tfdrift/internal/drift"

// sesOverrides: see the SES API Reference of versions 1 and 2, which log under
// one source and differ in how they name things.
var sesOverrides = [...]Row{
	{Source: "ses", Event: "CreateConfigurationSet", Type: "aws_ses_configuration_set", Effect: drift.Create, ID: "name=configurationSet.name", NewID: "configurationSet.name", When: "configurationSet.name!="},
	{Source: "ses", Event: "CreateConfigurationSet", Type: "aws_sesv2_configuration_set", Effect: drift.Create, ID: "configuration_set_name=configurationSetName", NewID: "configurationSetName", When: "configurationSetName!="},
	{Source: "ses", Event: "CreateConfigurationSetEventDestination", Type: "aws_ses_event_destination", Effect: drift.Create, ID: "name=eventDestination.name configuration_set_name=configurationSetName", Params: "matchingEventTypes=matching_types", NewID: "eventDestination.name", Within: "aws_ses_configuration_set *=configurationSetName", When: "eventDestination.name!="},
	{Source: "ses", Event: "CreateConfigurationSetEventDestination", Type: "aws_sesv2_configuration_set_event_destination", Effect: drift.Create, ID: "event_destination_name=eventDestinationName configuration_set_name=configurationSetName", NewID: "{configurationSetName}|{eventDestinationName}", Within: "aws_sesv2_configuration_set *=configurationSetName", When: "eventDestinationName!="},
	{Source: "ses", Event: "CreateConfigurationSetTrackingOptions", Type: "aws_ses_configuration_set", Effect: drift.Set, ID: "name=configurationSetName"},
	{Source: "ses", Event: "CreateEmailIdentityPolicy", Type: "aws_sesv2_email_identity_policy", Effect: drift.Create, ID: "email_identity=emailIdentity policy_name=policyName", NewID: "{emailIdentity}|{policyName}", Within: "aws_sesv2_email_identity *=emailIdentity"},
	{Source: "ses", Event: "CreateReceiptFilter", Type: "aws_ses_receipt_filter", Effect: drift.Create, ID: "name=filter.name", NewID: "filter.name"},
	{Source: "ses", Event: "CreateReceiptRule", Type: "aws_ses_receipt_rule", Effect: drift.Create, ID: "name=rule.name rule_set_name=ruleSetName", NewID: "rule.name", Within: "aws_ses_receipt_rule_set *=ruleSetName"},
	{Source: "ses", Event: "CreateTemplate", Type: "aws_ses_template", Effect: drift.Create, ID: "name=template.templateName", Params: "subjectPart=subject htmlPart=html textPart=text", NewID: "template.templateName"},
	{Source: "ses", Event: "DeleteConfigurationSetEventDestination", Type: "aws_ses_event_destination", Effect: drift.Delete, ID: "name=eventDestinationName configuration_set_name=configurationSetName"},
	{Source: "ses", Event: "DeleteConfigurationSetEventDestination", Type: "aws_sesv2_configuration_set_event_destination", Effect: drift.Delete, ID: "event_destination_name=eventDestinationName configuration_set_name=configurationSetName", NewID: "{configurationSetName}|{eventDestinationName}"},
	{Source: "ses", Event: "DeleteEmailIdentityPolicy", Type: "aws_sesv2_email_identity_policy", Effect: drift.Delete, ID: "email_identity=emailIdentity policy_name=policyName", NewID: "{emailIdentity}|{policyName}"},
	{Source: "ses", Event: "DeleteIdentityPolicy", Type: "aws_ses_identity_policy", Effect: drift.Delete, ID: "identity=identity name=policyName", NewID: "{identity}|{policyName}"},
	{Source: "ses", Event: "PutConfigurationSetVdmOptions", Type: "aws_sesv2_configuration_set", Effect: drift.Set, ID: "configuration_set_name=configurationSetName"},
	{Source: "ses", Event: "SendBulkEmail", Effect: drift.Silent},
	{Source: "ses", Event: "SendEmail", Effect: drift.Silent},
	{Source: "ses", Event: "SendRawEmail", Effect: drift.Silent},
	{Source: "ses", Event: "SetActiveReceiptRuleSet", Type: "aws_ses_active_receipt_rule_set", Effect: drift.Set, ID: Singleton, Params: "ruleSetName=rule_set_name"},
	{Source: "ses", Event: "SetIdentityHeadersInNotificationsEnabled", Type: "aws_ses_identity_notification_topic", Effect: drift.Set, ID: "identity=identity notification_type=notificationType", Params: "enabled=include_original_headers"},
	{Source: "ses", Event: "SetIdentityMailFromDomain", Type: "aws_ses_domain_mail_from", Effect: drift.Create, ID: "domain=identity", NewID: "identity", Within: "aws_ses_domain_identity *=identity"},
	{Source: "ses", Event: "SetIdentityNotificationTopic", Type: "aws_ses_identity_notification_topic", Effect: drift.Create, ID: "identity=identity notification_type=notificationType", Params: "snsTopic=topic_arn", NewID: "{identity}|{notificationType}", Within: "aws_ses_domain_identity *=identity"},
	{Source: "ses", Event: "UpdateConfigurationSetEventDestination", Type: "aws_ses_event_destination", Effect: drift.Set, ID: "name=eventDestination.name configuration_set_name=configurationSetName", Params: "matchingEventTypes=matching_types", When: "eventDestination.name!="},
	{Source: "ses", Event: "UpdateConfigurationSetReputationMetricsEnabled", Type: "aws_ses_configuration_set", Effect: drift.Set, ID: "name=configurationSetName", Params: "enabled=reputation_metrics_enabled"},
	{Source: "ses", Event: "UpdateConfigurationSetSendingEnabled", Type: "aws_ses_configuration_set", Effect: drift.Set, ID: "name=configurationSetName", Params: "enabled=sending_enabled"},
	{Source: "ses", Event: "UpdateReceiptRule", Type: "aws_ses_receipt_rule", Effect: drift.Set, ID: "name=rule.name rule_set_name=ruleSetName"},
	{Source: "ses", Event: "UpdateTemplate", Type: "aws_ses_template", Effect: drift.Set, ID: "name=template.templateName", Params: "subjectPart=subject htmlPart=html textPart=text"},
}
