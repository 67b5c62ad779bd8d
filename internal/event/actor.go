package event

import (
	"slices"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
)

// trailIdentity is CloudTrail's userIdentity element, as the user guide's page
// "CloudTrail userIdentity element" has it.
type trailIdentity struct {
	kind, principalID, arn, account, accessKey, userName, invokedBy string

	issuerARN, issuerName string // of an assumed role: the role
	sourceIdentity        string
	person                string // onBehalfOf: the Identity Center user's id
	mfa                   bool   // the session was opened by somebody with a second factor
}

func readIdentity(v []byte) trailIdentity {
	var id trailIdentity
	for name, v := range members(v) {
		switch string(name) {
		case "type":
			id.kind = text(v)
		case "principalId":
			id.principalID = text(v)
		case "arn":
			id.arn = text(v)
		case "accountId":
			id.account = text(v)
		case "accessKeyId":
			id.accessKey = text(v)
		case "userName":
			id.userName = text(v)
		case "invokedBy":
			id.invokedBy = text(v)
		case "onBehalfOf":
			id.person = text(member(v, "userId"))
		case "sessionContext":
			id.readSession(v)
		}
	}
	return id
}

func (id *trailIdentity) readSession(v []byte) {
	for name, v := range members(v) {
		switch string(name) {
		case "sessionIssuer":
			for name, v := range members(v) {
				switch string(name) {
				case "arn":
					id.issuerARN = text(v)
				case "userName":
					id.issuerName = text(v)
				}
			}
		case "sourceIdentity":
			id.sourceIdentity = text(v)
		case "attributes":
			id.mfa = yes(member(v, "mfaAuthenticated"))
		}
	}
}

// actor says who that is, by the rules of the contract's actor.name.
func (id *trailIdentity) actor(sourceIP, userAgent string, fromConsole bool) drift.Actor {
	a := drift.Actor{Type: id.kind, ARN: id.arn, SourceIP: sourceIP, UserAgent: userAgent, AccessKeyID: id.accessKey}
	var role, session string
	switch id.kind {
	case "Root":
		a.Name = "root"
	case "AWSService":
		a.Name = or(id.invokedBy, sourceIP)
	case "AssumedRole":
		role, session = id.roleSession()
		a.Name = or(session, role)
		if role != "" && !isSSO(role) && saysNothing(session) {
			a.Name = role
		}
	case "Role":
		role = or(id.issuerName, identity.Short(id.arn))
		a.Name = role
	case "IdentityCenterUser":
		a.Name = or(id.userName, id.person)
	case "FederatedUser":
		a.Name = or(id.userName, identity.Short(id.arn))
	case "AWSAccount":
		_, session, _ = strings.Cut(id.principalID, ":")
		a.Name = or(session, id.account)
	default:
		a.Name = or(id.userName, identity.Short(id.arn))
	}
	a.Name = or(a.Name, id.userName, id.invokedBy, identity.Short(id.arn), id.principalID)
	a.Names = id.names(a.Name, role, session)
	a.Console = fromConsole || strings.Contains(userAgent, "console.amazonaws.com") || strings.Contains(userAgent, "S3Console") ||
		userAgent == "signin.amazonaws.com" || userAgent == "AWS Internal" && id.isPerson(role)
	return a
}

// isPerson reports whether a human stands behind the call: older records mark
// the console's calls by the agent "AWS Internal" only, which services that act
// for somebody have too.
func (id *trailIdentity) isPerson(role string) bool {
	return id.invokedBy == "" && (id.kind == "IAMUser" || id.kind == "Root" || isSSO(role) || id.mfa)
}

// roleSession are the names of an assumed role and of its session.
func (id *trailIdentity) roleSession() (role, session string) {
	if _, rest, ok := strings.Cut(id.arn, ":assumed-role/"); ok {
		role, session, _ = strings.Cut(rest, "/")
	}
	if session == "" {
		_, session, _ = strings.Cut(id.principalID, ":")
	}
	return or(id.issuerName, role, identity.Short(id.issuerARN)), session
}

// names are all names by which exclude_users may mean the actor. A role's ARN
// covers its sessions; users write it with the role's path or without.
func (id *trailIdentity) names(name, role, session string) []string {
	names := make([]string, 0, 8)
	add := func(s string) {
		if s != "" && !slices.Contains(names, s) {
			names = append(names, s)
		}
	}
	add(name)
	add(id.userName)
	add(session)
	add(role)
	add(id.arn)
	add(id.issuerARN)
	if head, _, ok := strings.Cut(id.arn, ":assumed-role/"); ok && role != "" {
		add(strings.Replace(head, ":sts:", ":iam:", 1) + ":role/" + role)
	}
	add(id.issuerName)
	add(id.sourceIdentity)
	add(id.person)
	return names
}

func isSSO(role string) bool { return strings.HasPrefix(role, "AWSReservedSSO_") }

// Session names that a tool made up, which say nothing about who called.
var (
	idleSessionPrefixes = [...]string{
		"assume-role-from-profile-", // AWS SDK for Rust
		"aws-dotnet-sdk-session-",
		"aws-go-sdk-", // AWS SDK for Go v2, and Terraform
		"aws-sdk-",    // Java, JavaScript, PHP, Ruby
		"AWSCLI-Session-",
		"botocore-session-",
		"web-identity-token-", // AWS SDK for Rust
	}
	idleSessions = [...]string{
		"assume-role", "assume-role-session", "assumed-role", "assumerole", "assumerolesession", "aws", "aws-cli", "awscli",
		"awscli-session", "default", "default_session", "role-session", "rolesession", "session", "session1", "temp",
		"temporary", "test", "tmp",
	}
)

// saysNothing reports whether a session name tells nobody who called: an SDK's
// default, a number, an instance id, random hex. Names that people, pipelines
// and functions give (a Lambda's name, GitHubActions, terraform) do tell.
func saysNothing(session string) bool {
	if session == "" {
		return true
	}
	for _, prefix := range idleSessionPrefixes {
		if len(session) >= len(prefix) && strings.EqualFold(session[:len(prefix)], prefix) {
			return true
		}
	}
	for _, idle := range idleSessions {
		if strings.EqualFold(session, idle) {
			return true
		}
	}
	if id, ok := strings.CutPrefix(session, "i-"); ok {
		return (len(id) == 8 || len(id) == 17) && consistsOf(id, "0123456789abcdef")
	}
	return consistsOf(session, "0123456789.:_-") || len(session) >= 16 && consistsOf(session, "0123456789abcdefABCDEF-")
}

func consistsOf(s, chars string) bool { return strings.Trim(s, chars) == "" }

// or is the first that is not empty.
func or(candidates ...string) string {
	for _, s := range candidates {
		if s != "" {
			return s
		}
	}
	return ""
}

// auditActor says who made a Google call, from the AuditLog's
// authenticationInfo and requestMetadata.
func auditActor(authentication, metadata []byte) drift.Actor {
	var a drift.Actor
	var subject string
	var delegates []string
	for name, v := range members(authentication) {
		switch string(name) {
		case "principalEmail":
			a.ARN = text(v)
		case "principalSubject":
			subject = text(v)
		case "serviceAccountKeyName":
			a.AccessKeyID = identity.Short(text(v))
		case "serviceAccountDelegationInfo":
			for d := range elements(v) {
				first := member(member(d, "firstPartyPrincipal"), "principalEmail")
				delegates = append(delegates, or(text(first), text(member(d, "principalSubject"))))
			}
		}
	}
	for name, v := range members(metadata) {
		switch string(name) {
		case "callerIp":
			a.SourceIP = text(v)
		case "callerSuppliedUserAgent":
			a.UserAgent = text(v)
		}
	}
	// "user:a@b.c" and "serviceAccount:x" name what an e-mail address would;
	// "principal://..." is a federated identity and stays as it is.
	kind, bare, _ := strings.Cut(subject, ":")
	if kind != "user" && kind != "serviceAccount" {
		bare = subject
	}
	a.ARN = or(a.ARN, bare)
	a.Name = a.ARN
	a.Type = "user"
	if kind == "serviceAccount" || strings.HasSuffix(a.ARN, "gserviceaccount.com") {
		a.Type = "serviceAccount"
	}
	if a.Name == "" {
		a.Type = ""
	}
	for _, name := range append([]string{a.Name, subject, bare}, delegates...) {
		if name != "" && !slices.Contains(a.Names, name) {
			a.Names = append(a.Names, name)
		}
	}
	a.Console = strings.HasPrefix(a.UserAgent, "Mozilla/")
	return a
}
