package catalog

import "tfdrift/internal/drift"

// networkfirewallOverrides: see the AWS Network Firewall API Reference.
var networkfirewallOverrides = [...]Row{
	{Source: "network-firewall", Event: "AssociateAvailabilityZones", Type: "aws_networkfirewall_firewall", Effect: drift.Set, ID: "*=firewallArn|firewallName", Params: "availabilityZoneMappings=availability_zone_mapping+"},
	{Source: "network-firewall", Event: "AssociateFirewallPolicy", Type: "aws_networkfirewall_firewall", Effect: drift.Set, ID: "*=firewallArn|firewallName"},
	{Source: "network-firewall", Event: "AssociateSubnets", Type: "aws_networkfirewall_firewall", Effect: drift.Set, ID: "*=firewallArn|firewallName", Params: "subnetMappings=subnet_mapping+"},
	{Source: "network-firewall", Event: "DeleteFirewall", Type: "aws_networkfirewall_firewall", Effect: drift.Delete, ID: "*=firewallArn|firewallName", NewID: "arn:aws:network-firewall:{region}:{account}:firewall/{firewallName}"},
	{Source: "network-firewall", Event: "DeleteFirewallPolicy", Type: "aws_networkfirewall_firewall_policy", Effect: drift.Delete, ID: "*=firewallPolicyArn|firewallPolicyName", NewID: "arn:aws:network-firewall:{region}:{account}:firewall-policy/{firewallPolicyName}"},
	{Source: "network-firewall", Event: "DisassociateAvailabilityZones", Type: "aws_networkfirewall_firewall", Effect: drift.Set, ID: "*=firewallArn|firewallName", Params: "availabilityZoneMappings=availability_zone_mapping-"},
	{Source: "network-firewall", Event: "DisassociateSubnets", Type: "aws_networkfirewall_firewall", Effect: drift.Set, ID: "*=firewallArn|firewallName", Params: "subnetIds=subnet_mapping-"},
	{Source: "network-firewall", Event: "PutResourcePolicy", Type: "aws_networkfirewall_resource_policy", Effect: drift.Create, ID: "resource_arn=resourceArn", NewID: "resourceArn", Within: "aws_networkfirewall_rule_group *=resourceArn"},
	{Source: "network-firewall", Event: "UpdateFirewallPolicy", Type: "aws_networkfirewall_firewall_policy", Effect: drift.Set, ID: "*=firewallPolicyArn|firewallPolicyName", When: "dryRun!=true"},
	{Source: "network-firewall", Event: "UpdateLoggingConfiguration", Type: "aws_networkfirewall_logging_configuration", Effect: drift.Create, ID: "firewall_arn=firewallArn", NewID: "firewallArn", Within: "aws_networkfirewall_firewall *=firewallArn"},
	{Source: "network-firewall", Event: "UpdateRuleGroup", Type: "aws_networkfirewall_rule_group", Effect: drift.Set, ID: "*=ruleGroupArn|ruleGroupName", Params: "sourceMetadata=- analyzeRuleGroup=-", When: "dryRun!=true"},
}
