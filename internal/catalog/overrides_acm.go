package catalog

import "tfdrift/internal/drift"

// acmOverrides: see the AWS Certificate Manager API Reference.
var acmOverrides = [...]Row{
	{Source: "acm", Event: "ExportCertificate", Effect: drift.Silent},
	{Source: "acm", Event: "RemoveTagsFromCertificate", Type: "aws_acm_certificate", Effect: drift.Remove, ID: "*=certificateArn"},
	{Source: "acm", Event: "RenewCertificate", Effect: drift.Silent}, // the certificate stays the same resource
	{Source: "acm", Event: "RequestCertificate", Type: "aws_acm_certificate", Effect: drift.Create, ID: "*=response:certificateArn", NewID: "response:certificateArn"},
	{Source: "acm", Event: "ResendValidationEmail", Effect: drift.Silent},
	{Source: "acm", Event: "UpdateCertificateOptions", Type: "aws_acm_certificate", Effect: drift.Set, ID: "*=certificateArn", Params: "options.certificateTransparencyLoggingPreference=options.certificate_transparency_logging_preference options.export=options.export"},
}
