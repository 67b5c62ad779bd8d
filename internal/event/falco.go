package event

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"tfdrift/internal/drift"
)

// falco reads an alert as Falco's http_output posts it. Where a field carries
// the whole record (json.obj of the json plugin, evt.plugininfo of gcpaudit),
// that is read; else a record is put together again from the fields there are,
// so that both go the same way. Alerts on system calls and other sources are no
// events of ours.
func (x *expander) falco(f *fields, depth int) {
	alert := map[string][]byte{}
	for name, v := range members(f.outputFields) {
		if string(v) == "null" || string(v) == `"<NA>"` || string(v) == `""` {
			continue
		}
		if x.falcoRecord(v, depth) {
			return
		}
		alert[strings.ReplaceAll(string(name), "jevt.value[", "json.value[")] = v
	}
	var record map[string]any
	var hasRequest bool
	switch {
	case alert["ct.name"] != nil:
		record, hasRequest = trailRecord(alert, f.time)
	case alert["gcp.methodName"] != nil || alert["gcp.request"] != nil || alert["gcp.serviceName"] != nil:
		record, hasRequest = auditRecord(alert, f.time)
	default:
		return
	}
	doc, err := json.Marshal(record)
	if err != nil {
		x.fail(err)
		return
	}
	before := len(x.events)
	x.expand(doc, depth+1, drift.ViaFalco)
	for _, e := range x.events[before:] {
		e.Omitted = e.Omitted || !hasRequest
	}
}

// falcoRecord expands a field that holds a whole record and reports whether it did.
func (x *expander) falcoRecord(v []byte, depth int) bool {
	if !bytes.Contains(v, []byte("protoPayload")) && !(bytes.Contains(v, []byte("eventSource")) && bytes.Contains(v, []byte("eventName"))) {
		return false
	}
	known, errs := x.known, len(x.errs)
	if isObject(v) {
		x.expand(v, depth+1, drift.ViaFalco)
	} else if isString(v) {
		x.expandString(v, depth+1, drift.ViaFalco)
	}
	if x.known > known {
		return true
	}
	x.errs = x.errs[:errs] // a record cut short: the other fields still tell
	return false
}

// fieldPath is a field of an alert and where in the record it is from.
type fieldPath struct{ field, path string }

// trailFields are the fields of Falco's cloudtrail plugin ("Supported Fields"
// in its README) and where in the record each is from.
var trailFields = [...]fieldPath{
	{"ct.apiversion", "apiVersion"},
	{"ct.error", "errorCode"},
	{"ct.errormessage", "errorMessage"},
	{"ct.eventcategory", "eventCategory"},
	{"ct.eventtype", "eventType"},
	{"ct.id", "eventID"},
	{"ct.name", "eventName"},
	{"ct.recipientaccountid", "recipientAccountId"},
	{"ct.region", "awsRegion"},
	{"ct.response", "responseElements"},
	{"ct.sessioncredentialfromconsole", "sessionCredentialFromConsole"},
	{"ct.src", "eventSource"},
	{"ct.srcip", "sourceIPAddress"},
	{"ct.time", "eventTime"},
	{"ct.user.accesskeyid", "userIdentity/accessKeyId"},
	{"ct.user.accountid", "userIdentity/accountId"},
	{"ct.user.arn", "userIdentity/arn"},
	{"ct.user.identitytype", "userIdentity/type"},
	{"ct.user.principalid", "userIdentity/principalId"},
	{"ct.useragent", "userAgent"},
}

// requestFields are what a rule without ct.request may still have of it.
var requestFields = [...]fieldPath{
	{"ct.request.availabilityzone", "requestParameters/availabilityZone"},
	{"ct.request.cluster", "requestParameters/cluster"},
	{"ct.request.functionname", "requestParameters/functionName"},
	{"ct.request.groupname", "requestParameters/groupName"},
	{"ct.request.host", "requestParameters/Host"},
	{"ct.request.name", "requestParameters/name"},
	{"ct.request.policy", "requestParameters/policy"},
	{"ct.request.serialnumber", "requestParameters/serialNumber"},
	{"ct.request.servicename", "requestParameters/serviceName"},
	{"ct.request.subnetid", "requestParameters/subnetId"},
	{"ct.request.taskdefinition", "requestParameters/taskDefinition"},
	{"ct.request.username", "requestParameters/userName"},
	{"ecr.imagetag", "requestParameters/imageTag"},
	{"ecr.repository", "requestParameters/repositoryName"},
	{"s3.bucket", "requestParameters/bucketName"},
	{"s3.key", "requestParameters/key"},
}

// auditFields are the fields of Falco's gcpaudit plugin, likewise, of all its
// versions: the early ones have neither labels nor resource name. All labels
// together come before single ones, which they then make superfluous.
var auditFields = [...]fieldPath{
	{"gcp.authorizationInfo", "protoPayload/authorizationInfo"},
	{"gcp.callerIP", "protoPayload/requestMetadata/callerIp"},
	{"gcp.methodName", "protoPayload/methodName"},
	{"gcp.request", "protoPayload/request"},
	{"gcp.resourceName", "protoPayload/resourceName"},
	{"gcp.serviceName", "protoPayload/serviceName"},
	{"gcp.time", "timestamp"},
	{"gcp.user", "protoPayload/authenticationInfo/principalEmail"},
	{"gcp.userAgent", "protoPayload/requestMetadata/callerSuppliedUserAgent"},

	{"gcp.resourceLabels", "resource/labels"},
	{"gcp.cloudfunctions.function", "resource/labels/function_name"},
	{"gcp.cloudsql.databaseId", "resource/labels/database_id"},
	{"gcp.compute.instanceId", "resource/labels/instance_id"},
	{"gcp.compute.networkId", "resource/labels/network_id"},
	{"gcp.compute.subnetwork", "resource/labels/subnetwork_name"},
	{"gcp.compute.subnetworkId", "resource/labels/subnetwork_id"},
	{"gcp.dns.zone", "resource/labels/zone_name"},
	{"gcp.iam.serviceAccount", "resource/labels/email_id"},
	{"gcp.iam.serviceAccountId", "resource/labels/unique_id"},
	{"gcp.location", "resource/labels/location"},
	{"gcp.projectId", "resource/labels/project_id"},
	{"gcp.storage.bucket", "resource/labels/bucket_name"},
}

// trailRecord is the CloudTrail record that an alert's fields are from.
//
// ct.readonly is not used: where the record has no readOnly, the plugin calls
// read-only whatever does not begin with a verb it knows, and it does not know
// Authorize, Revoke, Schedule and more.
func trailRecord(alert map[string][]byte, at []byte) (record map[string]any, hasRequest bool) {
	record = map[string]any{}
	for _, t := range trailFields {
		set(record, t.path, alert[t.field])
	}
	values(record, alert)
	if _, ok := record["eventTime"]; !ok {
		set(record, "eventTime", at) // the plugin stamps its events with the record's time
	}
	if short := text(alert["ct.shortsrc"]); record["eventSource"] == nil && short != "" {
		record["eventSource"] = short + ".amazonaws.com"
	}
	if user := alert["ct.user"]; user != nil {
		switch text(alert["ct.user.identitytype"]) {
		case "AssumedRole":
			set(record, "userIdentity/sessionContext/sessionIssuer/userName", user)
		case "AWSService":
			set(record, "userIdentity/invokedBy", user)
		case "AWSAccount", "FederatedUser": // the plugin repeats the type
		default:
			set(record, "userIdentity/userName", user)
		}
	}
	set(record, "requestParameters", alert["ct.request"])
	if _, ok := record["requestParameters"].(json.RawMessage); ok {
		return record, true
	}
	delete(record, "requestParameters")
	for _, t := range requestFields {
		set(record, t.path, alert[t.field])
	}
	return record, false
}

// auditRecord is the LogEntry that an alert's fields are from.
func auditRecord(alert map[string][]byte, at []byte) (record map[string]any, hasRequest bool) {
	record = map[string]any{}
	for _, t := range auditFields {
		set(record, t.path, alert[t.field])
	}
	values(record, alert)
	if _, ok := record["timestamp"]; !ok {
		set(record, "timestamp", at)
	}
	payload, ok := record["protoPayload"].(map[string]any)
	if !ok { // the alert has it whole
		whole, _ := record["protoPayload"].(json.RawMessage)
		return record, member(whole, "request") != nil
	}
	if payload["methodName"] == nil {
		// Compute's requests are typed by their method.
		kind := text(member(unquote(alert["gcp.request"]), "@type"))
		if method, ok := strings.CutPrefix(kind, "type.googleapis.com/compute."); ok {
			payload["methodName"] = "v1.compute." + method
			payload["serviceName"] = "compute.googleapis.com"
		}
	}
	if payload["resourceName"] == nil {
		if name := authorizedResource(unquote(alert["gcp.authorizationInfo"])); name != "" {
			payload["resourceName"] = name
		}
	}
	if payload["status"] == nil && denied(unquote(alert["gcp.authorizationInfo"])) {
		set(record, "protoPayload/status", []byte(`{"code":7}`))
	}
	if delta := alert["gcp.policyDelta"]; delta != nil {
		if whole := member(unquote(delta), "bindingDeltas"); whole != nil {
			delta = whole
		}
		if text(alert["gcp.serviceName"]) == "storage.googleapis.com" || strings.HasPrefix(text(alert["gcp.methodName"]), "storage.") {
			set(record, "protoPayload/serviceData/policyDelta/bindingDeltas", delta)
		} else {
			set(record, "protoPayload/metadata/datasetChange/bindingDeltas", delta)
		}
	}
	_, hasRequest = payload["request"].(json.RawMessage)
	return record, hasRequest
}

// authorizedResource is the first resource that permission was asked for.
func authorizedResource(info []byte) string {
	if !jsontext.Value(info).IsValid() {
		return ""
	}
	for one := range elements(info) {
		if name := or(text(member(one, "resource")), text(member(member(one, "resourceAttributes"), "name"))); name != "" {
			return name
		}
	}
	return ""
}

// denied reports whether a permission was asked for and not granted, for alerts
// that do not carry the call's status.
func denied(info []byte) bool {
	if !jsontext.Value(info).IsValid() {
		return false
	}
	for one := range elements(info) {
		if text(member(one, "granted")) == "false" {
			return true
		}
	}
	return false
}

// values takes over the json plugin's json.value[/pointer] fields, whose place
// in the record is their argument.
func values(record map[string]any, alert map[string][]byte) {
	for field, v := range alert {
		pointer, ok := strings.CutPrefix(field, "json.value[")
		if !ok {
			continue
		}
		pointer = strings.TrimPrefix(strings.TrimSuffix(pointer, "]"), "/")
		if pointer != "" {
			set(record, pointer, v)
		}
	}
}

// set puts a field's value at a path of the record. Falco gives all values as
// text; text that is a JSON object or array is put in as one.
func set(record map[string]any, path string, v []byte) {
	if v == nil {
		return
	}
	for head, rest, more := strings.Cut(path, "/"); more; head, rest, more = strings.Cut(path, "/") {
		inner, ok := record[head].(map[string]any)
		if !ok {
			if record[head] != nil {
				return // a larger piece is there already
			}
			inner = map[string]any{}
			record[head] = inner
		}
		record, path = inner, rest
	}
	if _, ok := record[path].(map[string]any); ok && !looksLikeJSON(unquote(v)) {
		return
	}
	if isString(v) && looksLikeJSON(unquote(v)) && jsontext.Value(unquote(v)).IsValid(decodeOptions...) {
		record[path] = json.RawMessage(unquote(v))
		return
	}
	if isString(v) {
		record[path] = text(v)
		return
	}
	record[path] = json.RawMessage(bytes.Clone(v))
}
