package drift

// Entry is what a state holds of one resource instance: one row of the index.
type Entry struct {
	State    string // where the state is: a path or URL
	Address  string // module.network.aws_security_group.web[0]
	Type     string
	Provider Provider
	Account  string // read off the entry's ARN, project or self-link; "" if it shows none
	Region   string // likewise; "" if it shows none or the service is global
	ID       string // the id attribute
	// Attributes is the resource as a JSON tree: map[string]any, []any, string,
	// json.Number, bool, nil. Sensitive leaves are [Sealed].
	Attributes map[string]any
	// Rest is the attributes that nobody had to look into, as the text of one JSON
	// object. Only an entry on its way from a large state into the index has any.
	Rest []byte `json:",omitempty"`
}

// Sealed stands for a sensitive value: a keyed hash of its canonical form.
// Equal values under one key have equal MACs; the value itself is not held.
type Sealed struct {
	KeyID string `json:"key"`
	MAC   string `json:"mac"`
}
