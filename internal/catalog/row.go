package catalog

import "tfdrift/internal/drift"

// Row says what one operation does to one resource type. Derived rows are text
// (aws.txt, gcp.txt); overrides are literals of this type, a file per service,
// and win over the derived row of the same source, event and type.
type Row struct {
	Source string // "ec2": the normal form of the event source, see [NormalSource]
	Event  string // the normal form of the operation's name, see [NormalName]
	Type   string // "" with Effect Silent: the operation changes nothing that any state holds

	// Effect of an operation that creates or changes, whichever is due (an
	// upsert), is Create where it makes an object or part with a name of its
	// own (PutMetricAlarm, PutRolePolicy) and Set where it is a setting of
	// something that is there anyway (PutBucketVersioning). A Create that finds
	// its resource managed is therefore compared like a Set.
	Effect drift.Effect

	// ID says how the event names the resource: "attribute=path" conditions,
	// space-separated, all of which must hold; one that finds no value in the
	// event makes the row none of this event's business (elb and elbv2 share
	// operations and differ in the member that names the balancer). The first
	// one's value gives the index key. An attribute may list alternatives
	// ("id|arn") or be "*", any of the entry's names. A path walks the request
	// parameters as package tree does ("instancesSet[].instanceId"), may list
	// alternatives ("clusterName|name"), and may begin with "response:", or be
	// "resource" (GCP's resourceName), "resource:instances" (the id that follows in
	// it; "resource:location" for any kind of place), "label:location" (GCP's
	// resource.labels), "method" (the operation's whole name), "account" or "region" (the event's), or [New] (the value of NewID). A path that ends in "?" is a
	// condition only where the event has it. The whole ID may be [Singleton].
	ID string

	// Parent rows are the mirror of a setting that a more specific resource may
	// manage; they are judged only where no such resource is managed.
	Parent bool

	// Params renames request members: "member=attribute", "member=block.field",
	// "wrapper.member=attribute", "list[].member=attribute" (the member of each
	// element), "response:path=attribute" (what the answer says it came to);
	// "member=-" is known to be no attribute. At the attribute's end, "+" adds
	// what the member holds, "-" takes it away, and "~" puts its elements in the
	// place of those of the same name. A path that goes on below a list renames
	// within its elements ("rules.targetVault=vault_name"). A member that begins
	// with add or remove, or ends in ToAdd or ToRemove
	// ("addSubnetIds=subnet_ids"), adds or takes away by itself. What is not
	// listed is matched by structure, by package compare, which knows the members
	// that are no attribute in any operation (tokens, switches of the call itself).
	Params drift.Renames

	// Pairs says where the request holds names beside their values, each of which
	// is a parameter of that name for Params to rename: "attribute=value",
	// "attributes[].key=value".
	Pairs string

	// Sets are facts that the operation states without a parameter for them:
	// "attribute=literal" pairs, space-separated, the literal as JSON
	// ("enable_key_rotation=false", "policy=null"). A dotted attribute is a
	// field of a block, of which the other fields stay as they are
	// ("versioning_configuration.status=\"Suspended\""). The literal ? is a value
	// that the record never shows ("secret_string=?").
	Sets string

	// NewID is the path of the id that Terraform would store for what a Create
	// makes; several paths joined by a literal separator make a composite,
	// "roleName + ':' + policyName" written "{roleName}:{policyName}".
	// "{resource}/topics/{topicId}" is a name below GCP's resourceName, see
	// [Below]. Alternatives are joined by " or "; [Restored] says that nothing new
	// is made.
	// A Delete that names its object otherwise says it too, so that the end of
	// what no state manages ends the finding of its creation.
	NewID string

	// Within, of a Create: the parent that must be managed, "type attribute=path";
	// "project" for anything in that GCP project. Empty: an object of its own.
	Within string

	// When are conditions on the request, "path=value" or "path!=value",
	// space-separated, all of which must hold, for sources that serve several
	// APIs (rds and docdb: "engine=docdb"). Paths are as ID has them, or "caller"
	// ("service" where an AWS service called of itself). The value may list
	// alternatives ("engine!=docdb|neptune") and end in * for any rest; "path!="
	// asks for any value at all, "path=" for none.
	When string

	// Shape makes the targets of operations that no row can spell: it replaces
	// ID, Params and NewID. See shape.go for the ones there are.
	Shape Shape

	// Types, of a row that a Shape speaks for as a whole: the types it speaks
	// of, each with the attribute by whose value it looks for them,
	// "aws_route53_record:zone_id aws_route53_zone:zone_id".
	Types string
}

// Singleton is the ID of rows whose resource exists once in an account and
// region (the default EBS encryption, the ECR registry policy), so that an event
// needs no name for it. Its index key is made of the type, see [TypeInfo.Keys].
const Singleton = "singleton"

// Restored is the NewID of a Create that brings something back, or sets what is
// there anyway: a cancelled deletion ends the finding of a managed resource, and
// of one that no state manages it is no news.
const Restored = "-"

// Shape turns an event into the choices it may have changed.
type Shape func(call Call, row Row) []drift.Choice
