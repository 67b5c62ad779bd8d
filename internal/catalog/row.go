package catalog

import "tfdrift/internal/drift"

// Row says what one operation does to one resource type. Derived rows are text
// (aws.txt, gcp.txt); overrides are literals of this type, a file per service,
// and win over the derived row of the same source, event and type.
type Row struct {
	Source string // "ec2": the event source without .amazonaws.com or .googleapis.com
	Event  string // the normal form of the operation's name, see [NormalName]
	Type   string // "" with Effect Silent: the operation changes nothing that any state holds
	Effect drift.Effect

	// ID says how the event names the resource: "attribute=path" conditions,
	// space-separated, all of which must hold. The first one's value gives the
	// index key. An attribute may list alternatives ("id|arn") or be "*", any of
	// the entry's names. A path walks the request parameters as package tree
	// does ("instancesSet[].instanceId"), may list alternatives
	// ("keyId|aliasName"), and may begin with "response:" or be "resource",
	// GCP's resourceName.
	ID string

	// Parent rows are the mirror of a setting that a more specific resource may
	// manage; they are judged only where no such resource is managed.
	Parent bool

	// Params renames request members: "member=attribute"; "member=-" is known
	// to be no attribute. What is not listed is matched by structure.
	Params drift.Renames

	// NewID is the path of the id that Terraform would store for what a Create
	// makes; several paths joined by a literal separator make a composite,
	// "roleName + ':' + policyName" written "{roleName}:{policyName}".
	NewID string

	// Within, of a Create: the parent that must be managed, "type attribute=path";
	// "project" for anything in that GCP project. Empty: an object of its own.
	Within string

	// When is a condition on the request, "path=value" or "path!=value", for
	// sources that serve several APIs (rds and docdb: "engine=docdb").
	When string

	// Shape makes the targets of operations that no row can spell: it replaces
	// ID, Params and NewID. See shape.go for the ones there are.
	Shape Shape
}

// Shape turns an event into the choices it may have changed.
type Shape func(call Call, row Row) []drift.Choice
