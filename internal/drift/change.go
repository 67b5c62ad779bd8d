package drift

// Change is an event understood: which resources it may have touched. Each
// choice lists the targets that could hold one and the same setting, the most
// specific first: a bucket's versioning resource before the bucket that
// mirrors it. The first targets that state manages are judged.
type Change struct {
	Event   *Event
	Choices []Choice
	// Known is false where the catalog has no row for the operation.
	Known bool
}

// Choice is a list of targets of which one rank is judged.
type Choice []Target

// Effect is what an operation does to a resource.
type Effect string

// The effects. Set, Add and Remove change a resource that exists; Create and
// Delete are about the resource itself; Silent operations are known to change
// nothing that state holds (a reboot, a purge, a test alarm).
const (
	Set    Effect = "set"
	Add    Effect = "add"
	Remove Effect = "remove"
	Create Effect = "create"
	Delete Effect = "delete"
	Silent Effect = "silent"
)

// Target is one resource that an event may have touched, as the event names it.
type Target struct {
	Type   string // Terraform resource type; "" for whichever type the entry is of
	Effect Effect
	Key    string  // index key: the service and the canonical name of the cloud object
	Match  []Match // all must hold for an entry to be meant

	// Parent targets hold a setting that a more specific resource may manage.
	// They are judged only where no other target of the choice is managed, and
	// only where the entry shows the attribute.
	Parent bool

	// Params are request parameters to match onto the entry's attributes by
	// structure; Rename says which member is which attribute where names do
	// not tell ("-": the member is no attribute).
	Params map[string]any
	Rename Renames
	// Facts are what the catalog already knows the event says.
	Facts []Fact
	// Tell, where set, says in place of Effect, Params and Facts what the event
	// means for one entry: some effects depend on what the entry holds (a whole
	// IAM policy against one of its members). No effect: it says nothing of it.
	Tell func(e *Entry) (Effect, []Fact)

	// Of a Create: the id that Terraform would store (or the import id), and
	// the object that must be managed for the new part to be worth a finding.
	// Within is nil for an object of its own.
	NewID  string
	Within *Within
}

// Match is one condition on an entry: the attribute, which may list
// alternatives ("id|arn"), or any of its names if "*", is the same thing as the value.
type Match struct {
	Attribute string
	Value     string
}

// Within names the parent of a part.
type Within struct {
	Type  string // "" for anything in that account (project-level grants)
	Key   string
	Match []Match
}

// Renames say which request member is which attribute: "member=attribute"
// pairs, space-separated, sorted by nothing; members compare without case and
// punctuation. The form is text so that tables of it cost no start-up time.
type Renames string

// Op is how a fact or a change alters an attribute.
type Op string

// The ops. OpMerge is a fact's only: it sets the fields that the value has and
// leaves the others of the block as they are.
const (
	OpSet    Op = "set"
	OpMerge  Op = "merge"
	OpAdd    Op = "add"
	OpRemove Op = "remove"
)

// Fact is what one event says about one top-level attribute of a resource.
type Fact struct {
	Attribute string
	Op        Op
	Value     any
	// Unknown: set by the caller to something the record hides.
	Unknown bool
	// Sensitive: the value is a [Sealed] or absent, and is never shown.
	Sensitive bool
}
