// Package event turns what clouds and their messengers deliver into
// [drift.Event]s: CloudTrail records, Google audit LogEntries and Falco alerts,
// bare or in any nesting of EventBridge, Pub/Sub, CloudEvents, SQS, SNS and
// CloudWatch Logs envelopes, in any framing, plain or gzip.
//
// [Reader] streams an input of any size; [Decode] takes one payload that is
// already in memory, as a function receives it. Both say of each event who made
// the call and why it may have changed nothing; which resource it touched is
// the catalog's knowledge, so parameters stay raw.
package event
