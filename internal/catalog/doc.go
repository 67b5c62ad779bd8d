// Package catalog knows which operation of a cloud's API touches which
// Terraform resource types, how the event names the resource, and what it sets.
//
// Most of it is derived: aws.txt and gcp.txt hold a row for each pair of
// operation and resource type, types.txt a line for each type. Program gen makes
// them from published facts (what the Terraform providers call, AWS's service
// models, Google's API definitions). What derivation gets wrong a person writes
// as [Row] literals, a file per service; those win. The tables are embedded as
// they are and searched in place: they cost no start-up time and no memory.
//
// How values are compared and which entries exist is left to packages compare
// and index.
package catalog

//go:generate go run ./gen -facts ../../../shared/facts
