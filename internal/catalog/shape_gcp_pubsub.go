package catalog

// pubsubPush: an empty configuration makes the subscription one that is pulled.
func pubsubPush(body map[string]any) map[string]any {
	config, _ := body["pushConfig"].(map[string]any)
	if len(config) == 0 {
		return map[string]any{"pushConfig": cleared}
	}
	return map[string]any{"pushConfig": config}
}
