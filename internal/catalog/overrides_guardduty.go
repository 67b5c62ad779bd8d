package catalog

import "tfdrift/internal/drift"

// guarddutyOverrides: see the GuardDuty API Reference, by the operation's name.
var guarddutyOverrides = [...]Row{
	{Source: "guardduty", Event: "ArchiveFindings", Effect: drift.Silent},
	{Source: "guardduty", Event: "CreateFilter", Type: "aws_guardduty_filter", Effect: drift.Create, ID: "name=name detector_id=detectorId", NewID: "{detectorId}:{name}"},
	{Source: "guardduty", Event: "CreateIPSet", Type: "aws_guardduty_ipset", Effect: drift.Create, ID: "*=response:ipSetId detector_id=detectorId", Params: "activate=activate", NewID: "{detectorId}:{response:ipSetId}"},
	{Source: "guardduty", Event: "CreateMembers", Type: "aws_guardduty_member", Effect: drift.Create, ID: "account_id=accountDetails[].accountId detector_id=detectorId", NewID: "{detectorId}:{accountDetails[].accountId}", Within: "aws_guardduty_detector *=detectorId"},
	{Source: "guardduty", Event: "CreatePublishingDestination", Type: "aws_guardduty_publishing_destination", Effect: drift.Create, ID: "*=response:destinationId detector_id=detectorId", NewID: "{detectorId}:{response:destinationId}"},
	{Source: "guardduty", Event: "CreateSampleFindings", Effect: drift.Silent},
	{Source: "guardduty", Event: "CreateThreatIntelSet", Type: "aws_guardduty_threatintelset", Effect: drift.Create, ID: "*=response:threatIntelSetId detector_id=detectorId", NewID: "{detectorId}:{response:threatIntelSetId}"},
	{Source: "guardduty", Event: "DeleteFilter", Type: "aws_guardduty_filter", Effect: drift.Delete, ID: "name=filterName detector_id=detectorId", NewID: "{detectorId}:{filterName}"},
	{Source: "guardduty", Event: "DeleteIPSet", Type: "aws_guardduty_ipset", Effect: drift.Delete, ID: "*=ipSetId detector_id=detectorId", NewID: "{detectorId}:{ipSetId}"},
	{Source: "guardduty", Event: "DeleteMembers", Type: "aws_guardduty_member", Effect: drift.Delete, ID: "account_id=accountIds detector_id=detectorId"},
	{Source: "guardduty", Event: "DeleteThreatIntelSet", Type: "aws_guardduty_threatintelset", Effect: drift.Delete, ID: "*=threatIntelSetId detector_id=detectorId", NewID: "{detectorId}:{threatIntelSetId}"},
	{Source: "guardduty", Event: "DisassociateMembers", Type: "aws_guardduty_member", Effect: drift.Set, ID: "account_id=accountIds detector_id=detectorId"},
	{Source: "guardduty", Event: "InviteMembers", Type: "aws_guardduty_member", Effect: drift.Set, ID: "account_id=accountIds detector_id=detectorId", Params: "message=- disableEmailNotification=-", Sets: "invite=true"},
	{Source: "guardduty", Event: "StartMalwareScan", Effect: drift.Silent},
	{Source: "guardduty", Event: "UnarchiveFindings", Effect: drift.Silent},
	{Source: "guardduty", Event: "UpdateDetector", Effect: drift.Set, Shape: guarddutyDetector, Types: "aws_guardduty_detector:id aws_guardduty_detector_feature:detector_id"},
	{Source: "guardduty", Event: "UpdateFilter", Type: "aws_guardduty_filter", Effect: drift.Set, ID: "name=filterName detector_id=detectorId"},
	{Source: "guardduty", Event: "UpdateFindingsFeedback", Effect: drift.Silent},
	{Source: "guardduty", Event: "UpdateMemberDetectors", Type: "aws_guardduty_member_detector_feature", Effect: drift.Set, ID: "account_id=accountIds detector_id=detectorId", Params: "dataSources=-"},
}
