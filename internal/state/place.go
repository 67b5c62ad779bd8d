package state

import (
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// place is where a resource is, as far as its state shows it: the account (AWS
// account id, GCP project id) and the region, never a zone. "" is not shown, or
// global: a wrong account would hide a resource from its events, none does not.
type place struct{ account, region string }

// locate reads a resource's place off its attributes and its identity object.
// placeNames are the attributes that tell a place, beside those that end in
// "_arn".
var placeNames = []string{"arn", "id", "name", "region", "owner_id", "account_id", "self_link", "project", "zone", "location"}

func locate(cloud drift.Provider, typ string, attributes, identity map[string]any) place {
	if cloud == drift.GCP {
		return locateGoogle(attributes, identity)
	}
	return locateAWS(typ, attributes, identity)
}

func locateAWS(typ string, attributes, ident map[string]any) place {
	own := ownName(typ, attributes)
	if account, region, ok := parseQueueURL(own); ok {
		return place{account, region}
	}
	arn, _ := identity.ParseARN(own)
	p := place{arn.Account, arn.Region}
	// The ARN wins: some types have a region attribute that is not their own place
	// but what they configure. ARNs of S3 show neither.
	if p.region == "" {
		p.region = first(text(attributes, "region"), text(ident, "region"))
	}
	if !isAccountID(p.account) { // "aws" in the ARNs of AWS's own policies
		p.account = first(text(ident, "account_id"), text(attributes, "owner_id"))
		// Elsewhere account_id may be somebody else's: that of a member, a share, a grantee.
		if p.account == "" && strings.HasPrefix(typ, "aws_s3") {
			p.account = text(attributes, "account_id")
		}
	}
	if !isAccountID(p.account) {
		p.account = ""
	}
	return p
}

// ownName is the ARN or queue URL by which a resource shows its own place, or "".
// It may be named for the type, host_arn of an aws_ec2_host; the ARNs of other
// things (role_arn, kms_key_arn) may be of another account.
func ownName(typ string, attributes map[string]any) string {
	arn := text(attributes, "arn")
	if typ == "aws_cloudwatch_event_target" {
		arn = "" // of what the rule calls, in whatever account and region
	}
	if strings.HasPrefix(arn, "arn:") {
		return arn
	}
	if id := text(attributes, "id"); strings.HasPrefix(id, "arn:") || strings.HasPrefix(id, "https://sqs.") {
		return id
	}
	for rest := typ; rest != ""; {
		_, rest, _ = strings.Cut(rest, "_")
		if arn := text(attributes, rest+"_arn"); arn != "" {
			return arn
		}
	}
	return ""
}

func isAccountID(s string) bool {
	return len(s) == 12 && isDigits(s)
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// parseQueueURL takes https://sqs.us-east-1.amazonaws.com/111122223333/jobs
// apart, by which SQS names its queues (Amazon SQS Developer Guide, "Queue and
// message identifiers").
func parseQueueURL(s string) (account, region string, ok bool) {
	rest, ok := strings.CutPrefix(s, "https://sqs.")
	if !ok {
		return "", "", false
	}
	host, path, _ := strings.Cut(rest, "/")
	region, _, _ = strings.Cut(host, ".")
	account, _, _ = strings.Cut(path, "/")
	return account, region, isAccountID(account)
}

func locateGoogle(attributes, ident map[string]any) place {
	names := []string{text(attributes, "self_link"), text(attributes, "id"), text(attributes, "name")}
	account := strings.TrimPrefix(first(text(attributes, "project"), text(ident, "project"), segment(names, "projects")), "projects/")
	if isDigits(account) { // the project's number, while events tell its id
		account = ""
	}
	zone := first(text(attributes, "zone"), segment(names, "zones"))
	region := first(text(attributes, "region"), segment(names, "regions"), regionOf(zone),
		regionOf(first(text(attributes, "location"), segment(names, "locations"))))
	region = strings.ToLower(identity.Short(region))
	if region == "global" || region == "-" {
		region = ""
	}
	return place{account, region}
}

// segment is what follows the segment kind in the first name that has it: the zone in
// projects/p/zones/europe-west1-b/instances/vm.
func segment(names []string, kind string) string {
	for _, name := range names {
		for head := ""; name != ""; {
			if head, name, _ = strings.Cut(name, "/"); head == kind {
				head, _, _ = strings.Cut(name, "/")
				return head
			}
		}
	}
	return ""
}

// regionOf is the region of a zone, europe-west1 of europe-west1-b; what is no
// zone is itself.
func regionOf(location string) string {
	location = identity.Short(location)
	if strings.Count(location, "-") == 2 {
		return location[:strings.LastIndexByte(location, '-')]
	}
	return location
}

// text is an attribute as text; "" where it is absent.
func text(attributes map[string]any, name string) string {
	s, _ := tree.Text(attributes[name])
	return s
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
