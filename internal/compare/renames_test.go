package compare_test

import (
	"testing"

	"tfdrift/internal/catalog"
	"tfdrift/internal/compare"
	"tfdrift/internal/drift"
)

// What calls name otherwise than Terraform does, of types that no story's state has.
func TestCallsThatNameAttributesOtherwise(t *testing.T) {
	tests := []struct {
		source, method, resource, request string
		typ, state                        string
		attribute                         string
	}{
		{"compute", "v1.compute.targetSslProxies.setBackendService", "projects/p/global/targetSslProxies/x", `{"service":"https://www.googleapis.com/compute/v1/projects/p/global/backendServices/b"}`,
			"google_compute_target_ssl_proxy", `{"name":"x","backend_service":"https://www.googleapis.com/compute/v1/projects/p/global/backendServices/a"}`, "backend_service"},
		{"compute", "v1.compute.targetTcpProxies.setBackendService", "projects/p/global/targetTcpProxies/x", `{"service":"https://www.googleapis.com/compute/v1/projects/p/global/backendServices/b"}`,
			"google_compute_target_tcp_proxy", `{"name":"x","backend_service":"https://www.googleapis.com/compute/v1/projects/p/global/backendServices/a"}`, "backend_service"},
		{"compute", "v1.compute.targetPools.setBackup", "projects/p/regions/r/targetPools/x", `{"target":"https://www.googleapis.com/compute/v1/projects/p/regions/r/targetPools/b"}`,
			"google_compute_target_pool", `{"name":"x","backup_pool":""}`, "backup_pool"},
		{"container", "google.container.v1.ClusterManager.UpdateNodePool", "projects/p/locations/l/clusters/c/nodePools/x", `{"accelerators":[{"acceleratorCount":"1","acceleratorType":"nvidia-l4"}],"imageProject":"y"}`,
			"google_container_node_pool", `{"name":"x","node_config":[{"guest_accelerator":[],"machine_type":"g2-standard-4"}]}`, "node_config"},
		{"container", "google.container.v1.ClusterManager.UpdateNodePool", "projects/p/locations/l/clusters/c/nodePools/x", `{"loggingConfig":{"variantConfig":{"variant":"MAX_THROUGHPUT"}}}`,
			"google_container_node_pool", `{"name":"x","node_config":[{"logging_variant":"DEFAULT"}]}`, "node_config"},
		{"monitoring", "google.monitoring.v3.NotificationChannelService.UpdateNotificationChannel", "projects/p/notificationChannels/1", `{"notificationChannel":{"enabled":false,"mutationRecords":[{"mutateTime":"2026-08-21T22:00:00Z"}]}}`,
			"google_monitoring_notification_channel", `{"name":"projects/p/notificationChannels/1","enabled":true}`, "enabled"},
	}
	for _, test := range tests {
		t.Run(test.method, func(t *testing.T) {
			ev := &drift.Event{Provider: drift.GCP, Source: test.source + ".googleapis.com", Name: test.method, Resource: test.resource, Request: []byte(test.request)}
			change, err := catalog.Understand(ev)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, choice := range change.Choices {
				for _, target := range choice {
					if target.Type != test.typ {
						continue
					}
					found = true
					entry := &drift.Entry{Provider: drift.GCP, Type: test.typ, Attributes: object(t, test.state)}
					matched := compare.Match(&target, entry)
					changes := compare.Comparer{}.Changes(entry, matched.Facts)
					if len(changes) != 1 || changes[0].Name != test.attribute {
						t.Errorf("changes %v, want one of %s", changes, test.attribute)
					}
					if len(matched.Unmatched) > 0 {
						t.Errorf("unmatched: %v", matched.Unmatched)
					}
				}
			}
			if !found {
				t.Errorf("no target of %s", test.typ)
			}
		})
	}
}
