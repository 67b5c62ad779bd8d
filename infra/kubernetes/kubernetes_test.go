package kubernetes_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"

	"tfdrift/internal/config"
)

// manifests are the documents of the files, read as what they say they are: an
// unknown or mistyped field is an error, as it is of the API server.
func manifests(t *testing.T) map[string]any {
	t.Helper()
	files, err := filepath.Glob("*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	all := map[string]any{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for doc := range bytes.SplitSeq(text, []byte("\n---\n")) {
			var head struct {
				APIVersion, Kind string
				Metadata         struct{ Name, Namespace string }
			}
			if err := yaml.Unmarshal(doc, &head); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			var object any
			switch head.APIVersion + " " + head.Kind {
			case "v1 ServiceAccount":
				object = &core.ServiceAccount{}
			case "v1 Secret":
				object = &core.Secret{}
			case "v1 ConfigMap":
				object = &core.ConfigMap{}
			case "v1 Service":
				object = &core.Service{}
			case "apps/v1 StatefulSet":
				object = &apps.StatefulSet{}
			case "policy/v1 PodDisruptionBudget":
				object = &policy.PodDisruptionBudget{}
			case "networking.k8s.io/v1 NetworkPolicy":
				object = &networking.NetworkPolicy{}
			default:
				t.Fatalf("%s: %s %s is nothing that this test knows", file, head.APIVersion, head.Kind)
			}
			if err := yaml.UnmarshalStrict(doc, object); err != nil {
				t.Errorf("%s: %s %s: %v", file, head.Kind, head.Metadata.Name, err)
			}
			all[head.Kind+" "+head.Metadata.Name] = object
			if head.Metadata.Namespace == "" || head.Metadata.Name == "" {
				t.Errorf("%s: a %s without name or namespace", file, head.Kind)
			}
		}
	}
	return all
}

func TestManifestsAreWhatTheySayTheyAre(t *testing.T) {
	all := manifests(t)
	for _, name := range []string{"forwarder", ""} {
		full := "tfdrift"
		if name != "" {
			full += "-" + name
		}
		set, ok := all["StatefulSet "+full].(*apps.StatefulSet)
		if !ok {
			t.Fatalf("no StatefulSet %s", full)
		}
		pod := set.Spec.Template
		for key, value := range set.Spec.Selector.MatchLabels {
			if pod.Labels[key] != value {
				t.Errorf("%s selects no pod of its own", full)
			}
		}
		if pod.Spec.SecurityContext == nil || !*pod.Spec.SecurityContext.RunAsNonRoot {
			t.Errorf("%s may run as root", full)
		}
		volumes := map[string]bool{}
		for _, v := range pod.Spec.Volumes {
			volumes[v.Name] = true
		}
		for _, claim := range set.Spec.VolumeClaimTemplates {
			volumes[claim.Name] = true
		}
		for _, c := range pod.Spec.Containers {
			if s := c.SecurityContext; s == nil || !*s.ReadOnlyRootFilesystem || *s.AllowPrivilegeEscalation || len(s.Capabilities.Drop) == 0 {
				t.Errorf("%s: %s may do more than it needs", full, c.Name)
			}
			if c.LivenessProbe == nil || c.ReadinessProbe == nil || c.Resources.Limits.Memory().IsZero() {
				t.Errorf("%s: %s has no probes or no limit", full, c.Name)
			}
			for _, m := range c.VolumeMounts {
				if !volumes[m.Name] {
					t.Errorf("%s: no volume %s", full, m.Name)
				}
			}
			for _, e := range c.Env {
				if e.ValueFrom == nil {
					continue
				}
				ref := e.ValueFrom.SecretKeyRef
				secret, ok := all["Secret "+ref.Name].(*core.Secret)
				if _, has := secret.StringData[ref.Key]; !ok || !has {
					t.Errorf("%s: no key %s in a secret %s", full, ref.Key, ref.Name)
				}
			}
		}
		cfg, ok := all["ConfigMap "+full].(*core.ConfigMap)
		if !ok {
			t.Fatalf("no ConfigMap %s", full)
		}
		if _, _, err := config.Parse("tfdrift.yaml", []byte(cfg.Data["tfdrift.yaml"])); err != nil {
			t.Errorf("%s: %v", full, err)
		}
	}
	if set := all["StatefulSet tfdrift-forwarder"].(*apps.StatefulSet); *set.Spec.Replicas != 2 {
		t.Errorf("%d replicas of the forwarder", *set.Spec.Replicas)
	}
}
