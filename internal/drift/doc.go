// Package drift is the vocabulary of the product: the nouns that every other
// package speaks of, and the sentinel errors by which a caller decides what to
// do next. It holds no behaviour beyond what a word means and imports only the
// standard library.
//
// An [Event] is what the cloud logged. Understood, it becomes a [Change]: the
// resources it may have touched, each a [Target]. What state holds of a
// resource is an [Entry]. What an event says about an entry's attributes are
// [Fact]s; where they differ in meaning from the entry, that is a [Finding].
package drift
