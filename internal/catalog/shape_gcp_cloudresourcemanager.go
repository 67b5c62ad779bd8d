package catalog

import (
	"strings"

	"tfdrift/internal/drift"
)

// projectForm: a project's parent is a folder or the organization, each in an
// attribute of its own.
func projectForm(body map[string]any) map[string]any {
	parent := text(body, "destinationParent", "parent")
	if object, ok := body["parent"].(map[string]any); ok { // v1's form
		parent = text(object, "type") + "s/" + text(object, "id")
	}
	body = omit(body, "destinationParent", "parent")
	kind, id, _ := strings.Cut(parent, "/")
	switch kind {
	case "folders":
		body["folderId"], body["orgId"] = id, ""
	case "organizations":
		body["orgId"], body["folderId"] = id, ""
	}
	return body
}

// projectUpdate: the first version of the API calls "name" what people call the
// project; the third one's name is a path.
func projectUpdate(call Call, row Row) []drift.Choice {
	if name := text(call.Params, "project.name", "name"); name != "" && !strings.HasPrefix(name, "projects/") {
		call.Body = omit(call.Body)
		call.Body["displayName"] = name
	}
	return rewritten(projectForm)(call, row)
}
