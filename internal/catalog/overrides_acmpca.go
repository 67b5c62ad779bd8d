package catalog

import "tfdrift/internal/drift"

// acmpcaOverrides: see the AWS Private CA API Reference. Certificates are issued by the thousand, as data.
var acmpcaOverrides = [...]Row{
	{Source: "acm-pca", Event: "CreateCertificateAuthorityAuditReport", Effect: drift.Silent},
	{Source: "acm-pca", Event: "DeleteCertificateAuthority", Type: "aws_acmpca_certificate_authority", Effect: drift.Delete, ID: "*=certificateAuthorityArn"},
	{Source: "acm-pca", Event: "IssueCertificate", Effect: drift.Silent},
	{Source: "acm-pca", Event: "PutPolicy", Type: "aws_acmpca_policy", Effect: drift.Create, ID: "resource_arn=resourceArn", NewID: "resourceArn", Within: "aws_acmpca_certificate_authority *=resourceArn"},
	{Source: "acm-pca", Event: "RestoreCertificateAuthority", Type: "aws_acmpca_certificate_authority", Effect: drift.Create, ID: "*=certificateAuthorityArn", NewID: "-"},
	{Source: "acm-pca", Event: "RevokeCertificate", Effect: drift.Silent},
	{Source: "acm-pca", Event: "UpdateCertificateAuthority", Type: "aws_acmpca_certificate_authority", Effect: drift.Set, ID: "*=certificateAuthorityArn", Params: "revocationConfiguration=revocation_configuration", When: "status="},
	{Source: "acm-pca", Event: "UpdateCertificateAuthority", Type: "aws_acmpca_certificate_authority", Effect: drift.Set, ID: "*=certificateAuthorityArn", Params: "status=-", Sets: "enabled=true", When: "status=ACTIVE"},
	{Source: "acm-pca", Event: "UpdateCertificateAuthority", Type: "aws_acmpca_certificate_authority", Effect: drift.Set, ID: "*=certificateAuthorityArn", Params: "status=-", Sets: "enabled=false", When: "status=DISABLED"},
}
