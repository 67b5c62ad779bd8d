package catalog

import "tfdrift/internal/drift"

// workspacesOverrides: see the Amazon WorkSpaces API Reference.
var workspacesOverrides = [...]Row{
	{Source: "workspaces", Event: "AssociateConnectionAlias", Effect: drift.Silent},
	{Source: "workspaces", Event: "AssociateIpGroups", Type: "aws_workspaces_directory", Effect: drift.Set, ID: "*=directoryId", Params: "groupIds=ip_group_ids+"},
	{Source: "workspaces", Event: "DisassociateConnectionAlias", Effect: drift.Silent},
	{Source: "workspaces", Event: "DisassociateIpGroups", Type: "aws_workspaces_directory", Effect: drift.Set, ID: "*=directoryId", Params: "groupIds=ip_group_ids-"},
	{Source: "workspaces", Event: "DisassociateIpGroups", Type: "aws_workspaces_ip_group", Effect: drift.Silent},
	{Source: "workspaces", Event: "ModifySelfservicePermissions", Type: "aws_workspaces_directory", Effect: drift.Set, ID: "*=resourceId", Params: "selfservicePermissions=self_service_permissions"},
	{Source: "workspaces", Event: "ModifyWorkspaceProperties", Type: "aws_workspaces_workspace", Effect: drift.Set, ID: "*=workspaceId", Params: "workspaceProperties=workspace_properties dataReplication=-"},
	{Source: "workspaces", Event: "ModifyWorkspaceState", Effect: drift.Silent},
	{Source: "workspaces", Event: "RebootWorkspaces", Effect: drift.Silent},
	{Source: "workspaces", Event: "RebuildWorkspaces", Effect: drift.Silent},
	{Source: "workspaces", Event: "RestoreWorkspace", Effect: drift.Silent},
	{Source: "workspaces", Event: "StartWorkspaces", Effect: drift.Silent},
	{Source: "workspaces", Event: "StopWorkspaces", Effect: drift.Silent},
	{Source: "workspaces", Event: "TerminateWorkspaces", Type: "aws_workspaces_workspace", Effect: drift.Delete, ID: "*=terminateWorkspaceRequests[].workspaceId"},
	{Source: "workspaces", Event: "UpdateRulesOfIpGroup", Type: "aws_workspaces_ip_group", Effect: drift.Set, ID: "*=groupId", Params: "userRules=rules userRules.ipRule=source userRules.ruleDesc=description"},
}
