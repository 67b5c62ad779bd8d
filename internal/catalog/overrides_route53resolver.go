package catalog

import "tfdrift/internal/drift"

// route53resolverOverrides: see the Route 53 Resolver API Reference.
var route53resolverOverrides = [...]Row{
	{Source: "route53resolver", Event: "AssociateResolverEndpointIpAddress", Type: "aws_route53_resolver_endpoint", Effect: drift.Set, ID: "*=resolverEndpointId", Params: "ipAddress=ip_address+"},
	{Source: "route53resolver", Event: "BatchUpdateFirewallRule", Effect: drift.Silent},
	{Source: "route53resolver", Event: "CreateFirewallRule", Type: "aws_route53_resolver_firewall_rule", Effect: drift.Create, ID: "firewall_rule_group_id=firewallRuleGroupId firewall_domain_list_id=firewallDomainListId", NewID: "{firewallRuleGroupId}:{firewallDomainListId}", Within: "aws_route53_resolver_firewall_rule_group *=firewallRuleGroupId"},
	{Source: "route53resolver", Event: "DeleteFirewallRule", Type: "aws_route53_resolver_firewall_rule", Effect: drift.Delete, ID: "firewall_rule_group_id=firewallRuleGroupId firewall_domain_list_id=firewallDomainListId", NewID: "{firewallRuleGroupId}:{firewallDomainListId}"},
	{Source: "route53resolver", Event: "DisassociateResolverEndpointIpAddress", Type: "aws_route53_resolver_endpoint", Effect: drift.Set, ID: "*=resolverEndpointId", Params: "ipAddress=ip_address-"},
	{Source: "route53resolver", Event: "UpdateFirewallDomains", Type: "aws_route53_resolver_firewall_domain_list", Effect: drift.Set, ID: "*=firewallDomainListId", Params: "operation=- domains=domains+", When: "operation=ADD"},
	{Source: "route53resolver", Event: "UpdateFirewallDomains", Type: "aws_route53_resolver_firewall_domain_list", Effect: drift.Set, ID: "*=firewallDomainListId", Params: "operation=- domains=domains-", When: "operation=REMOVE"},
	{Source: "route53resolver", Event: "UpdateFirewallDomains", Type: "aws_route53_resolver_firewall_domain_list", Effect: drift.Set, ID: "*=firewallDomainListId", Params: "operation=-", When: "operation=REPLACE"},
	{Source: "route53resolver", Event: "UpdateResolverDnssecConfig", Type: "aws_route53_resolver_dnssec_config", Effect: drift.Delete, ID: "resource_id=resourceId", When: "validation=DISABLE"},
	{Source: "route53resolver", Event: "UpdateResolverDnssecConfig", Type: "aws_route53_resolver_dnssec_config", Effect: drift.Create, ID: "resource_id=resourceId", Params: "validation=-", NewID: "response:resolverDNSSECConfig.id", Within: "aws_vpc *=resourceId", When: "validation=ENABLE"},
}
