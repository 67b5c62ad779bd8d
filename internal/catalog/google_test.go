package catalog_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// entry is a managed Google resource.
func entry(t *testing.T, typ, attributes string) *drift.Entry {
	t.Helper()
	v, err := tree.ParseObject([]byte(attributes))
	if err != nil {
		t.Fatal(err)
	}
	id, _ := v["id"].(string)
	return &drift.Entry{Type: typ, Provider: drift.GCP, ID: id, Attributes: v}
}

// said are the effects and facts that an event has for an entry, as
// "set members + user:a".
func said(t *testing.T, ev *drift.Event, e *drift.Entry) (out []string) {
	t.Helper()
	ev.Provider = drift.GCP
	change, err := catalog.Understand(ev)
	if err != nil {
		t.Fatal(err)
	}
	keys := catalog.Keys(e)
	for _, choice := range change.Choices {
		for _, target := range choice {
			found := false
			for _, key := range keys {
				found = found || key == target.Key
			}
			if !found || !catalog.Meant(&target, ev, e) {
				continue
			}
			effect, facts := target.Effect, target.Facts
			if target.Tell != nil {
				effect, facts = target.Tell(e)
			}
			if effect == "" {
				continue
			}
			line := string(effect)
			for _, f := range facts {
				line += " " + f.Attribute + " " + string(f.Op) + " " + string(tree.Canonical(f.Value))
			}
			out = append(out, line)
		}
	}
	return out
}

func TestGoogleNamesMeanTheirResource(t *testing.T) {
	for _, test := range []struct {
		name, source, method, resource string
		typ, attributes                string
		want                           bool
	}{
		{"by its path", "compute", "v1.compute.instances.delete", "projects/p/zones/z-a/instances/vm",
			"google_compute_instance", `{"id":"projects/p/zones/z-a/instances/vm","name":"vm"}`, true},
		{"the same name in another zone", "compute", "v1.compute.instances.delete", "projects/p/zones/z-b/instances/vm",
			"google_compute_instance", `{"id":"projects/p/zones/z-a/instances/vm","name":"vm"}`, false},
		{"by its number", "compute", "v1.compute.instances.delete", "projects/p/zones/z-a/instances/4520958761193058271",
			"google_compute_instance", `{"id":"projects/p/zones/z-a/instances/vm","name":"vm","instance_id":"4520958761193058271","zone":"z-a"}`, true},
		{"a regional one is not the global one of its name", "compute", "v1.compute.addresses.delete", "projects/p/regions/r/addresses/ip",
			"google_compute_address", `{"id":"projects/p/global/addresses/ip","name":"ip"}`, false},
		{"GKE calls a region a zone", "container", "google.container.v1.ClusterManager.DeleteCluster", "projects/p/zones/r/clusters/c",
			"google_container_cluster", `{"id":"projects/p/locations/r/clusters/c","name":"c"}`, true},
		{"a node pool of another cluster", "container", "google.container.v1.ClusterManager.DeleteNodePool", "projects/p/zones/r/clusters/other/nodePools/n",
			"google_container_node_pool", `{"id":"projects/p/locations/r/clusters/c/nodePools/n","name":"n","cluster":"c"}`, false},
		{"a bucket without its project", "storage", "storage.buckets.delete", "projects/_/buckets/b",
			"google_storage_bucket", `{"id":"b","name":"b","self_link":"https://www.googleapis.com/storage/v1/b/b"}`, true},
		{"a zone without its project", "dns", "dns.managedZones.delete", "managedZones/z",
			"google_dns_managed_zone", `{"id":"projects/p/managedZones/z","name":"z"}`, true},
		{"a service account by its number", "iam", "google.iam.admin.v1.DeleteServiceAccount", "projects/-/serviceAccounts/105537103139416651076",
			"google_service_account", `{"id":"projects/p/serviceAccounts/a@p.iam.gserviceaccount.com","unique_id":"105537103139416651076"}`, true},
		{"a project by its number", "secretmanager", "google.cloud.secretmanager.v1.SecretManagerService.DeleteSecret", "projects/482910374655/secrets/s",
			"google_secret_manager_secret", `{"id":"projects/p/secrets/s","name":"projects/482910374655/secrets/s"}`, true},
		{"Knative shows no place", "run", "google.cloud.run.v1.Services.DeleteService", "namespaces/p/services/s",
			"google_cloud_run_service", `{"id":"locations/r/namespaces/p/services/s","name":"s"}`, true},
		{"a database of another instance", "spanner", "google.spanner.admin.database.v1.DatabaseAdmin.DropDatabase", "projects/p/instances/other/databases/d",
			"google_spanner_database", `{"id":"i/d","name":"d","instance":"i"}`, false},
		{"a method that no row knows", "vpcaccess", "google.cloud.vpcaccess.v9.VpcAccessService.UpdateConnector", "projects/p/locations/r/connectors/c",
			"google_vpc_access_connector", `{"id":"projects/p/locations/r/connectors/c","name":"c"}`, true},
	} {
		ev := &drift.Event{Source: test.source + ".googleapis.com", Name: test.method, Resource: test.resource, Request: []byte(`{}`)}
		if got := len(said(t, ev, entry(t, test.typ, test.attributes))) > 0; got != test.want {
			t.Errorf("%s: meant %v, want %v", test.name, got, test.want)
		}
	}
}

func TestGoogleUpdatesSetWhatTheirMaskNames(t *testing.T) {
	for _, test := range []struct{ name, method, request, want string }{
		{"the resource is seen in its wrapper", "google.cloud.redis.v1.CloudRedis.UpdateInstance",
			`{"instance":{"name":"projects/p/locations/r/instances/c","memorySizeGb":4}}`, `{"memorySizeGb":4}`},
		{"what the mask does not name is not set", "google.cloud.redis.v1.CloudRedis.UpdateInstance",
			`{"instance":{"memorySizeGb":4,"displayName":"x"},"updateMask":"memorySizeGb"}`, `{"memorySizeGb":4}`},
		{"what it names and the body omits is cleared", "google.cloud.redis.v1.CloudRedis.UpdateInstance",
			`{"instance":{"name":"projects/p/locations/r/instances/c"},"updateMask":{"paths":["auth_enabled"]}}`, `{"auth_enabled":[]}`},
		{"a field of a block", "google.cloud.redis.v1.CloudRedis.UpdateInstance",
			`{"instance":{"persistenceConfig":{"mode":"RDB","period":"x"}},"update_mask":"persistence_config.mode"}`, `{"persistenceConfig":{"mode":"RDB"}}`},
		{"a mask without a body is not believed", "google.cloud.redis.v1.CloudRedis.UpdateInstance", `{"updateMask":"memorySizeGb"}`, `{"updateMask":"memorySizeGb"}`},
	} {
		ev := &drift.Event{Provider: drift.GCP, Source: "redis.googleapis.com", Name: test.method, Resource: "projects/p/locations/r/instances/c", Request: []byte(test.request)}
		change, err := catalog.Understand(ev)
		if err != nil || len(change.Choices) == 0 {
			t.Fatalf("%s: %d choices, %v", test.name, len(change.Choices), err)
		}
		if diff := cmp.Diff(test.want, string(tree.Canonical(change.Choices[0][0].Params))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestGoogleIAMDeltas(t *testing.T) {
	const add = `{"policyDelta":{"bindingDeltas":[{"action":"ADD","role":"roles/viewer","member":"user:a@example.com"}]}}`
	remove := strings.Replace(add, "ADD", "REMOVE", 1)
	const topic, project = "projects/p/topics/t", "projects/p"
	for _, test := range []struct {
		name, source, resource, extra, request string
		typ, attributes                        string
		want                                   []string
	}{
		{"a member added to a binding", "pubsub", topic, add, `{}`,
			"google_pubsub_topic_iam_binding", `{"topic":"projects/p/topics/t","role":"roles/viewer","members":[]}`, []string{`set members add "user:a@example.com"`}},
		{"the topic by its name alone", "pubsub", topic, add, `{}`,
			"google_pubsub_topic_iam_binding", `{"topic":"t","project":"p","role":"roles/viewer","members":[]}`, []string{`set members add "user:a@example.com"`}},
		{"another role", "pubsub", topic, add, `{}`,
			"google_pubsub_topic_iam_binding", `{"topic":"projects/p/topics/t","role":"roles/editor","members":[]}`, nil},
		{"a subscription of the topic's name", "pubsub", topic, add, `{}`,
			"google_pubsub_subscription_iam_binding", `{"subscription":"t","project":"p","role":"roles/viewer","members":[]}`, nil},
		{"a managed member revoked", "cloudresourcemanager", project, remove, `{}`,
			"google_project_iam_member", `{"project":"p","role":"roles/viewer","member":"user:A@example.com"}`, []string{"delete"}},
		{"with a condition it is another grant", "cloudresourcemanager", project, remove, `{}`,
			"google_project_iam_member", `{"project":"p","role":"roles/viewer","member":"user:a@example.com","condition":[{"title":"t","expression":"e"}]}`, nil},
		{"a whole policy", "cloudresourcemanager", project, add, `{}`,
			"google_project_iam_policy", `{"project":"p","policy_data":"{}"}`, []string{`set policy_data add {"member":"user:a@example.com","role":"roles/viewer"}`}},
		{"an empty delta", "cloudresourcemanager", project, `{"policyDelta":{}}`, `{"policy":{"bindings":[]}}`,
			"google_project_iam_binding", `{"project":"p","role":"roles/viewer","members":["user:a@example.com"]}`, nil},
		{"no delta: the policy says it", "cloudkms", "projects/p/locations/l/keyRings/r/cryptoKeys/k", `{}`, `{"policy":{"bindings":[]}}`,
			"google_kms_crypto_key_iam_member", `{"crypto_key_id":"projects/p/locations/l/keyRings/r/cryptoKeys/k","role":"roles/viewer","member":"user:a@example.com"}`, []string{"delete"}},
		{"audit logs switched off", "cloudresourcemanager", project, `{"policyDelta":{"auditConfigDeltas":[{"action":"REMOVE","service":"allServices","logType":"DATA_READ"}]}}`, `{}`,
			"google_project_iam_audit_config", `{"project":"p","service":"allServices","audit_log_config":[]}`, []string{`set audit_log_config remove {"exempted_members":[],"log_type":"DATA_READ"}`}},
		{"a dataset's access list", "bigquery", "projects/p/datasets/d", `{"datasetChange":{"bindingDeltas":[{"action":"ADD","role":"roles/bigquery.dataViewer","member":"allUsers"}]}}`, `{}`,
			"google_bigquery_dataset", `{"id":"projects/p/datasets/d","dataset_id":"d","access":[]}`, []string{`set access add {"role":"READER","special_group":"allUsers"}`}},
	} {
		ev := &drift.Event{Source: test.source + ".googleapis.com", Name: "google.iam.v1.IAMPolicy.SetIamPolicy", Resource: test.resource, Account: "p",
			Request: []byte(test.request), Extra: []byte(test.extra)}
		if diff := cmp.Diff(test.want, said(t, ev, entry(t, test.typ, test.attributes))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// The id of a grant that no state knows is the one that Terraform would store.
func TestGoogleGrantsHaveTerraformsIDs(t *testing.T) {
	for _, test := range []struct{ source, resource, typ, want string }{
		{"cloudresourcemanager", "projects/p", "google_project_iam_member", "p/roles/viewer/user:a"},
		{"cloudresourcemanager", "folders/123", "google_folder_iam_member", "folders/123/roles/viewer/user:a"},
		{"cloudresourcemanager", "organizations/456", "google_organization_iam_member", "456/roles/viewer/user:a"},
		{"pubsub", "projects/p/topics/t", "google_pubsub_topic_iam_member", "projects/p/topics/t/roles/viewer/user:a"},
		{"run", "namespaces/p/services/s", "google_cloud_run_service_iam_member", "v1/projects/p/locations/r/services/s/roles/viewer/user:a"},
		{"iam", "projects/-/serviceAccounts/105537103139416651076", "google_service_account_iam_member", "projects/p/serviceAccounts/a@p.iam.gserviceaccount.com/roles/viewer/user:a"},
	} {
		ev := &drift.Event{Provider: drift.GCP, Source: test.source + ".googleapis.com", Name: "google.iam.v1.IAMPolicy.SetIamPolicy", Resource: test.resource, Account: "p",
			Labels:  map[string]string{"location": "r", "email_id": "a@p.iam.gserviceaccount.com"},
			Request: []byte(`{}`), Extra: []byte(`{"policyDelta":{"bindingDeltas":[{"action":"ADD","role":"roles/viewer","member":"user:a"}]}}`)}
		change, err := catalog.Understand(ev)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, choice := range change.Choices {
			for _, target := range choice {
				if target.Type == test.typ && target.Effect == drift.Create {
					got = target.NewID
				}
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.resource, diff)
		}
	}
}
