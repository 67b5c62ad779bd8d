package catalog

import "tfdrift/internal/drift"

var googleDNSOverrides = [...]Row{
	{Source: "dns", Event: "changes.create", Effect: drift.Set, Shape: dnsChange, Types: recordTypes},
	{Source: "dns", Event: "managedZones.create", Type: "google_dns_managed_zone", Effect: drift.Create, ID: "name=resource:managedZones|managedZone.name|name", NewID: "projects/{account}/managedZones/{resource:managedZones|managedZone.name|name}"},
	{Source: "dns", Event: "policies.create", Type: "google_dns_policy", Effect: drift.Create, ID: "*=new", NewID: "projects/{account}/policies/{resource:policies|policyResource.name|policy.name|name}"},
	{Source: "dns", Event: "resourceRecordSets.create", Effect: drift.Create, Shape: dnsRecordSet, Types: recordTypes},
	{Source: "dns", Event: "resourceRecordSets.delete", Effect: drift.Delete, Shape: dnsRecordSet, Types: recordTypes},
	{Source: "dns", Event: "resourceRecordSets.patch", Effect: drift.Set, Shape: dnsRecordSet, Types: recordTypes},
	{Source: "dns", Event: "resourceRecordSets.update", Effect: drift.Set, Shape: dnsRecordSet, Types: recordTypes},
	{Source: "dns", Event: "responsePolicies.create", Type: "google_dns_response_policy", Effect: drift.Create, ID: "*=new", NewID: "projects/{account}/responsePolicies/{resource:responsePolicies|responsePolicyResource.responsePolicyName|responsePolicyName}"},
}
