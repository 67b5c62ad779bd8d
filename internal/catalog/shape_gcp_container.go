package catalog

import (
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// gkeUpdate: UpdateCluster's members are those of the cluster with "desired" in
// front.
func gkeUpdate(body map[string]any) map[string]any {
	update, ok := body["update"].(map[string]any)
	if !ok {
		return body
	}
	out := make(map[string]any, len(update))
	for k, v := range update {
		if rest, ok := strings.CutPrefix(k, "desired"); ok && rest != "" {
			k = lowerFirst(rest)
		}
		if object, ok := v.(map[string]any); ok && len(object) == 0 {
			v = cleared
		}
		out[k] = v
	}
	gkeEndpoints(out)
	return switched("masterAuthorizedNetworksConfig", "authenticatorGroupsConfig")(out)
}

// gkeManagement: a node pool's management is written whole; what is off is left
// out of the log.
func gkeManagement(body map[string]any) map[string]any {
	if m, ok := body["management"].(map[string]any); ok {
		body["management"] = map[string]any{"autoUpgrade": m["autoUpgrade"] == true, "autoRepair": m["autoRepair"] == true}
	}
	return body
}

// gkeEndpoints: the newer form of how the control plane is reached, of which
// Terraform shows the older fields too.
func gkeEndpoints(body map[string]any) {
	endpoints, ok := body["controlPlaneEndpointsConfig"].(map[string]any)
	if !ok {
		return
	}
	ip, ok := endpoints["ipEndpointsConfig"].(map[string]any)
	if !ok {
		return
	}
	delete(body, "controlPlaneEndpointsConfig")
	if rest := omit(endpoints, "ipEndpointsConfig"); len(rest) > 0 {
		body["controlPlaneEndpointsConfig"] = rest
	}
	private := map[string]any{}
	if public, given := ip["enablePublicEndpoint"].(bool); given {
		private["enablePrivateEndpoint"] = !public
	}
	if global, given := ip["globalAccess"].(bool); given {
		private["masterGlobalAccessConfig"] = map[string]any{"enabled": global}
	}
	if len(private) > 0 {
		body["privateClusterConfig"] = private
	}
	if networks, given := ip["authorizedNetworksConfig"]; given {
		body["masterAuthorizedNetworksConfig"] = networks
	}
}

// gkeUpdateCluster: where UpdateCluster names a node pool, it is that pool that
// changes; a cluster that holds its pools itself shows it else.
func gkeUpdateCluster(call Call, row Row) []drift.Choice {
	pool := text(call.Params, "update.desiredNodePoolId", "nodePoolId")
	cluster := rewritten(gkeUpdate)(call, row)
	if pool == "" || pool == "-" {
		return cluster
	}
	body := map[string]any{}
	for member, name := range map[string]string{
		"desiredNodeVersion": "version", "desiredImageType": "imageType", "desiredNodePoolAutoscaling": "autoscaling", "desiredLocations": "nodeLocations",
	} {
		if v := tree.Get(call.Params, "update."+member); len(v) > 0 && v[0] != "-" { // "-" is what the control plane has
			body[name] = v[0]
		}
	}
	name := call.Resource + "/nodePools/" + pool
	t := target(row, "google_container_node_pool", drift.Set, pool, drift.Match{Attribute: "*", Value: name})
	t.Params = switched("autoscaling")(body)
	t.Rename = "imageType=node_config.image_type"
	for i := range cluster {
		for j := range cluster[i] {
			cluster[i][j].Parent = true
		}
	}
	return join([]drift.Choice{{t}}, cluster)
}

// gkeMaintenance: a maintenance policy is written whole, its window in a block of
// its own; an empty one ends it.
func gkeMaintenance(body map[string]any) map[string]any {
	policy, _ := body["maintenancePolicy"].(map[string]any)
	window, _ := policy["window"].(map[string]any)
	if len(window) == 0 {
		return map[string]any{"maintenancePolicy": cleared}
	}
	out := map[string]any{"dailyMaintenanceWindow": cleared, "recurringWindow": cleared, "maintenanceExclusion": cleared}
	if daily, ok := window["dailyMaintenanceWindow"].(map[string]any); ok {
		out["dailyMaintenanceWindow"] = []any{omit(daily, "duration")}
	}
	if recurring, ok := window["recurringWindow"].(map[string]any); ok {
		out["recurringWindow"] = []any{map[string]any{
			"startTime": text(recurring, "window.startTime"), "endTime": text(recurring, "window.endTime"), "recurrence": text(recurring, "recurrence"),
		}}
	}
	if exclusions, ok := window["maintenanceExclusions"].(map[string]any); ok {
		var list []any
		for _, name := range tree.Keys(exclusions) {
			list = append(list, map[string]any{
				"exclusionName": name, "startTime": text(exclusions[name], "startTime"), "endTime": text(exclusions[name], "endTime"),
			})
		}
		out["maintenanceExclusion"] = list
	}
	return map[string]any{"maintenancePolicy": out}
}

// gkeNetworkPolicy is written whole; what is off is left out of the log.
func gkeNetworkPolicy(body map[string]any) map[string]any {
	policy, _ := body["networkPolicy"].(map[string]any)
	provider := text(policy, "provider")
	if provider == "" {
		provider = "PROVIDER_UNSPECIFIED"
	}
	return map[string]any{"networkPolicy": map[string]any{"enabled": policy["enabled"] == true, "provider": provider}}
}
