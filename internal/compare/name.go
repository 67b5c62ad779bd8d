package compare

import (
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// How clouds name what Terraform names otherwise: the renames that the catalog
// knows, and what the names themselves tell.

// field finds the field that a member means: the one of the same name, else
// the likest, the first in order of spelling where several are; "" if none is.
// Within a block, names are few enough that the member's end may tell:
// hostedZoneId, zone_id.
func field(model map[string]any, member string, v any, noun string, nested bool) string {
	for f := range model {
		if tree.SameName(member, f) {
			return f
		}
	}
	name, best := "", 0
	for f, state := range model {
		score := likeness(member, f, noun)
		if score < 3 && isBlocks(state) && !isObject(v) {
			score = 0 // a word in common does not make a scalar a block
		}
		if score == 0 && nested && endsIn(member, f) {
			score = 1
		}
		if score > best || score == best && score > 0 && f < name {
			name, best = f, score
		}
	}
	return name
}

// endsIn reports whether a member's name ends in a field's.
func endsIn(member, field string) bool {
	n := len(field) - strings.Count(field, "_")
	return n > 3 && len(member) > n && tree.SameName(member[len(member)-n:], field)
}

// likeness scores how well a field of another name fits a member: the same but
// for the resource's noun in front (DBInstanceClass, instance_class); but for a
// plural; but for the kind of reference at the end (kmsKeyId, kms_key_arn); but
// for the word that makes it a switch (enableX, x_enabled).
func likeness(member, field, noun string) int {
	if noun != "" && sameWithoutNoun(member, field, noun) {
		return 4
	}
	if samePlural(member, field) || samePlural(field, member) {
		return 3
	}
	if end := trimEnd(member); tree.SameName(end, trimEnd(field)) {
		return 2
	}
	if tree.SameName(trimSwitch(member), trimSwitch(field)) {
		return 2
	}
	return 0
}

func samePlural(plural, single string) bool {
	n := len(plural)
	return n > 1 && (plural[n-1] == 's' || plural[n-1] == 'S') && tree.SameName(plural[:n-1], single)
}

// sameWithoutNoun cuts runs of the noun's words off the member's front.
func sameWithoutNoun(member, field, noun string) bool {
	for start := 0; start < len(noun); start++ {
		if start > 0 && noun[start-1] != '_' {
			continue
		}
		for end := len(noun); end > start; end-- {
			if end < len(noun) && noun[end] != '_' {
				continue
			}
			if n := end - start; n < len(member) {
				words := noun[start:end]
				cut := len(words) - strings.Count(words, "_")
				if cut < len(member) && tree.SameName(member[:cut], words) && tree.SameName(member[cut:], field) {
					return true
				}
			}
		}
	}
	return false
}

// trimEnd takes a reference's kind off a name (id, arn, name) and Terraform's unit.
func trimEnd(name string) string {
	lower := strings.ToLower(name)
	for _, end := range [...]string{"identifiers", "identifier", "names", "name", "arns", "arn", "ids", "id", "_in_seconds", "_seconds"} {
		if rest, ok := strings.CutSuffix(lower, end); ok && len(rest) > 3 {
			return strings.Trim(rest, "_")
		}
	}
	return lower
}

func trimSwitch(name string) string {
	lower := strings.ReplaceAll(strings.ToLower(name), "_", "")
	if rest, ok := strings.CutPrefix(lower, "enable"); ok && !strings.HasPrefix(rest, "d") && len(rest) > 3 {
		return rest
	}
	if rest, ok := strings.CutSuffix(lower, "enabled"); ok && len(rest) > 3 {
		return rest
	}
	return lower
}

// noun is a type's own name without its provider: db_instance.
func noun(typ string) string {
	_, rest, _ := strings.Cut(typ, "_")
	return rest
}

// irrelevant members name no attribute of any resource: tokens against
// replays, switches of the call itself, what S3 and Google add to requests.
func irrelevant(member string) bool {
	if strings.HasPrefix(member, "x-amz-") || strings.HasPrefix(member, "X-Amz-") || strings.HasPrefix(member, "@") {
		return true
	}
	for _, name := range irrelevantMembers {
		if tree.SameName(member, name) {
			return true
		}
	}
	return false
}

var irrelevantMembers = [...]string{
	"clientToken", "clientRequestToken", "idempotencyToken", "creationToken", "requestToken", "callerReference", "creatorRequestId", "requestId", "changeToken",
	"lockToken", "ifMatch", "ifNoneMatch", "etag", "revisionId", "fingerprint", "labelFingerprint", "settingsFingerprint", "updateMask", "fieldMask", "validateOnly",
	"dryRun", "applyImmediately", "allowMajorVersionUpgrade", "expectedBucketOwner", "host", "skipFinalSnapshot", "finalDBSnapshotIdentifier", "force", "forceDelete",
	"currentVersion", "location-header", "contentMD5", "checksumAlgorithm", "publish", "returnValues", "includeDetails", "kind", "selfLink", "creationTimestamp",
	"updateTime", "createTime", "forceNewDeployment", "userProject", "projection", "alt", "prettyPrint", "allowMissing", "ownershipToken", "includeAllResources",
	"retainDeprecatedValues", "confirmRemoveSelfResourceAccess", "bypassPolicyLockoutSafetyCheck", "overwrite", "noReboot", "forceStop", "force-update", "zoneOperation",
	"idempotentToken", "updateToken", "clientRequestId", "expectedSourceBucketOwner", "currentApplicationVersionId", "acceptLanguage", "tagSpecifications", "tagSpecificationSet",
}

// renames reports whether some member below a path is renamed.
func renames(r drift.Renames, prefix string) bool {
	rest := string(r)
	for rest != "" {
		var pair string
		pair, rest, _ = strings.Cut(rest, " ")
		if len(pair) > len(prefix) && strings.EqualFold(pair[:len(prefix)], prefix) {
			return true
		}
	}
	return false
}

// renamedPath finds the attribute that a member is renamed to by its path.
func renamedPath(r drift.Renames, path string) (attribute string, ok bool) {
	rest := string(r)
	for rest != "" {
		var pair string
		pair, rest, _ = strings.Cut(rest, " ")
		if name, to, _ := strings.Cut(pair, "="); strings.EqualFold(name, path) {
			return to, true
		}
	}
	return "", false
}

// renamed finds the attribute that a member is renamed to; prefix is the path of
// wrappers that it stands in.
func renamed(r drift.Renames, prefix, member string) (attribute string, ok bool) {
	rest := string(r)
	for rest != "" {
		var pair string
		pair, rest, _ = strings.Cut(rest, " ")
		name, to, _ := strings.Cut(pair, "=")
		if tree.SameName(name, member) && !strings.Contains(name, ".") {
			attribute, ok = to, true
		} else if strings.Contains(name, ".") && tree.SameName(name, prefix+member) {
			return to, true // the whole path is the better match
		}
	}
	return attribute, ok
}
