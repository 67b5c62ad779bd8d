package catalog

import (
	"strings"

	"tfdrift/internal/tree"
)

// Cloud Run's console and gcloud write services by the first version of its API,
// which is Knative's ("Cloud Run Admin API v1, namespaces.services"), whichever
// of Terraform's two types manages them.

// knativeService is the body in the form of google_cloud_run_service.
func knativeService(body map[string]any) map[string]any {
	spec, ok := body["spec"].(map[string]any)
	if !ok {
		return body
	}
	out := map[string]any{}
	if annotations := knativeOwn(body["metadata"], "annotations"); annotations != nil {
		out["metadata"] = map[string]any{"annotations": annotations}
	}
	if traffic, ok := spec["traffic"]; ok {
		out["traffic"] = traffic
	}
	template, ok := spec["template"].(map[string]any)
	if !ok {
		return out
	}
	inner, _ := template["spec"].(map[string]any)
	of := map[string]any{"spec": knativeContainers(inner)}
	if annotations := knativeOwn(template["metadata"], "annotations"); len(annotations) > 0 {
		of["metadata"] = map[string]any{"annotations": annotations}
	}
	out["template"] = of
	return out
}

// knativeOwn are the annotations that somebody chose, without those that Cloud
// Run and its clients leave behind; nil where the log has none.
func knativeOwn(metadata any, member string) map[string]any {
	m, _ := metadata.(map[string]any)
	all, ok := m[member].(map[string]any)
	if !ok {
		return nil
	}
	own := map[string]any{}
	for k, v := range all {
		switch {
		case strings.HasPrefix(k, "serving.knative.dev/"), strings.HasPrefix(k, "client.knative.dev/"),
			strings.HasPrefix(k, "run.googleapis.com/client-"), strings.HasPrefix(k, "run.googleapis.com/build-"):
			continue
		}
		switch k {
		case "run.googleapis.com/operation-id", "run.googleapis.com/ingress-status", "run.googleapis.com/urls", "run.googleapis.com/startup-cpu-boost",
			"run.googleapis.com/maxScale", "run.googleapis.com/launch-stage":
			continue
		}
		own[k] = v
	}
	return own
}

// knativeContainers is a revision's specification without the probe that every
// container has by default.
func knativeContainers(spec map[string]any) map[string]any {
	containers, ok := spec["containers"].([]any)
	if !ok {
		return spec
	}
	out := make([]any, len(containers))
	for i, c := range containers {
		out[i] = c
		if fields, ok := c.(map[string]any); ok && text(fields, "startupProbe.timeoutSeconds") == "240" {
			out[i] = omit(fields, "startupProbe")
		}
	}
	spec = omit(spec)
	spec["containers"] = out
	return spec
}

// knativeAsV2 is the body in the form of google_cloud_run_v2_service.
func knativeAsV2(body map[string]any) map[string]any {
	spec, ok := body["spec"].(map[string]any)
	if !ok {
		return body
	}
	out := map[string]any{}
	if annotations := knativeOwn(body["metadata"], "annotations"); annotations != nil {
		ingress := map[string]string{
			"all": "INGRESS_TRAFFIC_ALL", "internal": "INGRESS_TRAFFIC_INTERNAL_ONLY", "internal-and-cloud-load-balancing": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
		}
		if of, _ := annotations["run.googleapis.com/ingress"].(string); ingress[of] != "" {
			out["ingress"] = ingress[of]
		}
	}
	if traffic, ok := spec["traffic"].([]any); ok {
		targets := make([]any, len(traffic))
		for i, t := range traffic {
			to := map[string]any{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": first(list(t, "percent")), "tag": text(t, "tag")}
			if revision := text(t, "revisionName"); revision != "" {
				to["type"], to["revision"] = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", revision
			}
			targets[i] = to
		}
		out["traffic"] = targets
	}
	template, ok := spec["template"].(map[string]any)
	if !ok {
		return out
	}
	inner, _ := template["spec"].(map[string]any)
	of := map[string]any{}
	for member, v := range knativeContainers(inner) {
		switch member {
		case "containers":
			of[member] = containersAsV2(v)
		case "containerConcurrency":
			of["maxInstanceRequestConcurrency"] = v
		case "serviceAccountName":
			of["serviceAccount"] = v
		case "timeoutSeconds":
			of["timeout"] = text(inner, member) + "s"
		}
	}
	scaling, access := map[string]any{}, map[string]any{}
	for k, v := range knativeOwn(template["metadata"], "annotations") {
		switch k {
		case "autoscaling.knative.dev/minScale":
			scaling["minInstanceCount"] = v
		case "autoscaling.knative.dev/maxScale":
			scaling["maxInstanceCount"] = v
		case "run.googleapis.com/vpc-access-connector":
			access["connector"] = v
		case "run.googleapis.com/vpc-access-egress":
			if egress, ok := v.(string); ok {
				access["egress"] = strings.ToUpper(strings.ReplaceAll(egress, "-", "_"))
			}
		}
	}
	if len(scaling) > 0 {
		of["scaling"] = scaling
	}
	if len(access) > 0 {
		of["vpcAccess"] = access
	}
	out["template"] = of
	return out
}

// containersAsV2: variables that come from a secret name it otherwise.
func containersAsV2(v any) any {
	containers, _ := v.([]any)
	out := make([]any, len(containers))
	for i, c := range containers {
		out[i] = c
		fields, ok := c.(map[string]any)
		env, has := fields["env"].([]any)
		if !ok || !has {
			continue
		}
		variables := make([]any, len(env))
		for j, e := range env {
			variables[j] = e
			if secret := text(e, "valueFrom.secretKeyRef.name"); secret != "" {
				variables[j] = map[string]any{"name": text(e, "name"), "valueSource": map[string]any{
					"secretKeyRef": map[string]any{"secret": secret, "version": text(e, "valueFrom.secretKeyRef.key")},
				}}
			}
		}
		fields = omit(fields)
		fields["env"] = variables
		out[i] = fields
	}
	return out
}

// knativeJob is a job's body in the form of google_cloud_run_v2_job.
func knativeJob(body map[string]any) map[string]any {
	spec, ok := body["spec"].(map[string]any)
	if !ok {
		return body
	}
	execution, _ := first(tree.Get(spec, "template.spec")).(map[string]any)
	task, _ := first(tree.Get(execution, "template.spec")).(map[string]any)
	of := map[string]any{}
	for member, v := range task {
		switch member {
		case "containers":
			of[member] = containersAsV2(v)
		case "maxRetries":
			of[member] = v
		case "serviceAccountName":
			of["serviceAccount"] = v
		case "timeoutSeconds":
			of["timeout"] = text(task, member) + "s"
		}
	}
	out := map[string]any{}
	for _, member := range [...]string{"taskCount", "parallelism"} {
		if v, ok := execution[member]; ok {
			out[member] = v
		}
	}
	if len(of) > 0 {
		out["template"] = of
	}
	return map[string]any{"template": out}
}
