package catalog

import "tfdrift/internal/drift"

// ec2Overrides: see the EC2 API Reference, by the operation's name.
var ec2Overrides = [...]Row{
	{Source: "ec2", Event: "AuthorizeSecurityGroupEgress", Effect: drift.Create, Shape: ec2Rules, Types: groupTypes},
	{Source: "ec2", Event: "AuthorizeSecurityGroupIngress", Effect: drift.Create, Shape: ec2Rules, Types: groupTypes},
	{Source: "ec2", Event: "CreateTags", Effect: drift.Add, Shape: ec2Tags},
	{Source: "ec2", Event: "DeleteTags", Effect: drift.Remove, Shape: ec2Tags},
	{Source: "ec2", Event: "DisableEbsEncryptionByDefault", Type: "aws_ebs_encryption_by_default", Effect: drift.Set, ID: Singleton, Sets: "enabled=false"},
	{Source: "ec2", Event: "EnableEbsEncryptionByDefault", Type: "aws_ebs_encryption_by_default", Effect: drift.Set, ID: Singleton, Sets: "enabled=true"},
	{Source: "ec2", Event: "ModifySecurityGroupRules", Effect: drift.Set, Shape: ec2ModifyRules, Types: groupTypes},
	{Source: "ec2", Event: "RevokeSecurityGroupEgress", Effect: drift.Delete, Shape: ec2Rules, Types: groupTypes},
	{Source: "ec2", Event: "RevokeSecurityGroupIngress", Effect: drift.Delete, Shape: ec2Rules, Types: groupTypes},
}

// groupTypes are the three forms in which Terraform keeps a group's rules.
const groupTypes = "aws_default_security_group:id aws_security_group:id aws_security_group_rule:security_group_id " +
	"aws_vpc_security_group_egress_rule:security_group_id aws_vpc_security_group_ingress_rule:security_group_id"
