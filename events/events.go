// Package events holds one sample of a logged event for each happening, as the
// clouds log them, and states that manage what they touch. Tests, the demo and
// the documentation draw on them; the account ids, addresses and names are
// examples.
package events

import "embed"

// Files are the samples, by paths such as aws/instance-terminated.json and
// testdata/aws.tfstate.
//
//go:embed aws/*.json gcp/*.json testdata/*.tfstate
var Files embed.FS
