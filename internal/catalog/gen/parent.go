package main

import (
	"regexp"
	"slices"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/facts"
	"tfdrift/internal/tree"
)

// parentOf says what certain attributes refer to where the rule below finds
// nothing or the wrong thing.
var parentOf = map[string]string{
	"aws_iam_role_policy role":                                           "aws_iam_role",
	"aws_iam_role_policy_attachment role":                                "aws_iam_role",
	"aws_iam_user_policy user":                                           "aws_iam_user",
	"aws_iam_user_policy_attachment user":                                "aws_iam_user",
	"aws_iam_group_policy group":                                         "aws_iam_group",
	"aws_iam_group_policy_attachment group":                              "aws_iam_group",
	"aws_iam_access_key user":                                            "aws_iam_user",
	"aws_route53_record zone_id":                                         "aws_route53_zone",
	"aws_route53_zone_association zone_id":                               "aws_route53_zone",
	"aws_route route_table_id":                                           "aws_route_table",
	"aws_route_table_association route_table_id":                         "aws_route_table",
	"aws_security_group_rule security_group_id":                          "aws_security_group",
	"aws_network_acl_rule network_acl_id":                                "aws_network_acl",
	"aws_sns_topic_policy arn":                                           "aws_sns_topic",
	"aws_sns_topic_subscription topic_arn":                               "aws_sns_topic",
	"aws_sqs_queue_policy queue_url":                                     "aws_sqs_queue",
	"aws_sqs_queue_redrive_policy queue_url":                             "aws_sqs_queue",
	"aws_sqs_queue_redrive_allow_policy queue_url":                       "aws_sqs_queue",
	"aws_lambda_permission function_name":                                "aws_lambda_function",
	"aws_lambda_alias function_name":                                     "aws_lambda_function",
	"aws_lambda_function_url function_name":                              "aws_lambda_function",
	"aws_lambda_function_event_invoke_config function_name":              "aws_lambda_function",
	"aws_lambda_provisioned_concurrency_config function_name":            "aws_lambda_function",
	"aws_autoscaling_attachment autoscaling_group_name":                  "aws_autoscaling_group",
	"aws_autoscaling_lifecycle_hook autoscaling_group_name":              "aws_autoscaling_group",
	"aws_autoscaling_schedule autoscaling_group_name":                    "aws_autoscaling_group",
	"aws_autoscaling_policy autoscaling_group_name":                      "aws_autoscaling_group",
	"aws_cloudwatch_log_subscription_filter log_group_name":              "aws_cloudwatch_log_group",
	"aws_cloudwatch_log_metric_filter log_group_name":                    "aws_cloudwatch_log_group",
	"aws_cloudwatch_log_stream log_group_name":                           "aws_cloudwatch_log_group",
	"aws_cloudwatch_event_target rule":                                   "aws_cloudwatch_event_rule",
	"aws_cloudwatch_event_permission event_bus_name":                     "aws_cloudwatch_event_bus",
	"aws_cloudwatch_event_bus_policy event_bus_name":                     "aws_cloudwatch_event_bus",
	"aws_kms_grant key_id":                                               "aws_kms_key",
	"aws_kms_alias target_key_id":                                        "aws_kms_key",
	"aws_kms_key_policy key_id":                                          "aws_kms_key",
	"aws_secretsmanager_secret_version secret_id":                        "aws_secretsmanager_secret",
	"aws_secretsmanager_secret_policy secret_arn":                        "aws_secretsmanager_secret",
	"aws_secretsmanager_secret_rotation secret_id":                       "aws_secretsmanager_secret",
	"aws_lb_listener_certificate listener_arn":                           "aws_lb_listener",
	"aws_alb_listener_certificate listener_arn":                          "aws_lb_listener",
	"aws_lb_target_group_attachment target_group_arn":                    "aws_lb_target_group",
	"aws_alb_target_group_attachment target_group_arn":                   "aws_lb_target_group",
	"aws_ecr_repository_policy repository":                               "aws_ecr_repository",
	"aws_ecr_lifecycle_policy repository":                                "aws_ecr_repository",
	"aws_volume_attachment volume_id":                                    "aws_ebs_volume",
	"aws_ebs_volume_attachment volume_id":                                "aws_ebs_volume",
	"aws_network_interface_sg_attachment network_interface_id":           "aws_network_interface",
	"aws_network_interface_attachment network_interface_id":              "aws_network_interface",
	"aws_internet_gateway_attachment internet_gateway_id":                "aws_internet_gateway",
	"aws_vpc_dhcp_options_association vpc_id":                            "aws_vpc",
	"aws_vpc_ipv4_cidr_block_association vpc_id":                         "aws_vpc",
	"aws_vpc_ipv6_cidr_block_association vpc_id":                         "aws_vpc",
	"aws_iam_user_login_profile user":                                    "aws_iam_user",
	"aws_iam_user_ssh_key username":                                      "aws_iam_user",
	"aws_iam_user_group_membership user":                                 "aws_iam_user",
	"aws_iam_group_membership group":                                     "aws_iam_group",
	"aws_ssoadmin_managed_policy_attachment permission_set_arn":          "aws_ssoadmin_permission_set",
	"aws_ssoadmin_customer_managed_policy_attachment permission_set_arn": "aws_ssoadmin_permission_set",
	"aws_ssoadmin_permission_set_inline_policy permission_set_arn":       "aws_ssoadmin_permission_set",
	"aws_ssoadmin_permissions_boundary_attachment permission_set_arn":    "aws_ssoadmin_permission_set",
	"aws_ssoadmin_account_assignment permission_set_arn":                 "aws_ssoadmin_permission_set",
	"aws_dynamodb_resource_policy resource_arn":                          "aws_dynamodb_table",
	"aws_dynamodb_kinesis_streaming_destination table_name":              "aws_dynamodb_table",
	"aws_dynamodb_contributor_insights table_name":                       "aws_dynamodb_table",
	"aws_glue_partition_index table_name":                                "aws_glue_catalog_table",
	"aws_dynamodb_global_secondary_index table_name":                     "aws_dynamodb_table",
	"aws_dynamodb_table_item table_name":                                 "aws_dynamodb_table",
	"aws_db_instance_role_association db_instance_identifier":            "aws_db_instance",
	"aws_rds_cluster_role_association db_cluster_identifier":             "aws_rds_cluster",
	"aws_ecs_cluster_capacity_providers cluster_name":                    "aws_ecs_cluster",
	"aws_eks_access_policy_association cluster_name":                     "aws_eks_cluster",
	"aws_eks_identity_provider_config cluster_name":                      "aws_eks_cluster",
	"aws_organizations_policy_attachment policy_id":                      "aws_organizations_policy",
	"aws_wafv2_web_acl_association resource_arn":                         "",
	"aws_wafv2_web_acl_logging_configuration resource_arn":               "aws_wafv2_web_acl",
	"aws_efs_file_system_policy file_system_id":                          "aws_efs_file_system",
	"aws_efs_backup_policy file_system_id":                               "aws_efs_file_system",
	"aws_api_gateway_base_path_mapping domain_name":                      "aws_api_gateway_domain_name",
	"aws_glacier_vault_lock vault_name":                                  "aws_glacier_vault",
	"aws_backup_vault_policy backup_vault_name":                          "aws_backup_vault",
	"aws_backup_vault_lock_configuration backup_vault_name":              "aws_backup_vault",
	"aws_backup_vault_notifications backup_vault_name":                   "aws_backup_vault",
	"aws_vpc_endpoint_connection_accepter vpc_endpoint_service_id":       "aws_vpc_endpoint_service",
	"aws_backup_selection plan_id":                                       "aws_backup_plan",
}

// parent returns the type that a part belongs to, or "". A part is a resource
// without ARN and tags that is identified by what it is in: a bucket's policy, a
// role's attachment, a table's route.
func (d *deriver) parent(typ string) string {
	typ, _ = d.parentOf(typ)
	return typ
}

func (d *deriver) parentAttribute(typ string) string {
	_, attribute := d.parentOf(typ)
	return attribute
}

func (d *deriver) parentOf(typ string) (parent, attribute string) {
	p := d.parents[typ]
	return p[0], p[1]
}

func (d *deriver) findParent(typ string) (parent, attribute string) {
	t := d.Types[typ]
	if t == nil {
		return "", ""
	}
	for name := range t.attributes {
		if p, ok := parentOf[typ+" "+name]; ok {
			return p, name
		}
	}
	if t.has("arn") || t.has("tags") || t.single || strings.HasSuffix(typ, "_accepter") { // what is accepted is another account's
		return "", ""
	}
	candidates := slices.Clone(t.identity)
	for name, a := range t.attributes { // required references are identity enough for an association
		if a.required && a.kind == "s" && d.isKeyAttribute(typ, name) && !slices.Contains(candidates, name) {
			candidates = append(candidates, name)
		}
	}
	slices.Sort(candidates)
	type found struct {
		parent, attribute string
		score             int
	}
	var best found
	for _, name := range candidates {
		a, ok := t.attributes[name]
		if !ok || a.kind != "s" {
			continue
		}
		stem := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_identifier"), "_name"), "_arn"), "_url"), "_id")
		if strings.HasSuffix(facts.Fold(typ), strings.TrimPrefix(facts.Fold(stem), "db")) {
			continue // its own name
		}
		if stem == "name" || stem == "id" || stem == "arn" || stem == "" {
			continue
		}
		for p := range d.byType {
			if p == typ || !strings.HasSuffix(p, "_"+stem) || !d.Types[p].has("arn") && !d.Types[p].has("tags") || !d.shareSource(p, typ) {
				continue
			}
			score := commonPrefix(p, typ)*10 - len(p)
			if strings.HasPrefix(typ, p+"_") {
				score += 1000
			}
			if best.parent == "" || score > best.score || score == best.score && p < best.parent {
				best = found{p, name, score}
			}
		}
	}
	return best.parent, best.attribute
}

// isKeyAttribute: the type's deletion names it by this attribute.
func (d *deriver) isKeyAttribute(typ, attribute string) bool {
	for member := range d.key[typ] {
		if member == facts.Fold(attribute) || d.learned[typ][member] == attribute {
			return true
		}
	}
	return false
}

func (d *deriver) shareSource(a, b string) bool {
	for _, x := range d.byType[a] {
		for _, y := range d.byType[b] {
			if x.source == y.source {
				return true
			}
		}
	}
	return false
}

// commonPrefix counts the words that two types begin with alike.
func commonPrefix(a, b string) int {
	as, bs := strings.Split(a, "_"), strings.Split(b, "_")
	n := 0
	for n < len(as) && n < len(bs) && as[n] == bs[n] {
		n++
	}
	return n
}

// within spells the parent of a part that a creation makes.
func (d *deriver) within(key opType, members []string) string {
	parent, attribute := d.parentOf(key.typ)
	if parent == "" {
		return ""
	}
	for _, member := range members {
		if d.attribute(key, spelled(member)) == attribute {
			return parent + " *=" + d.path(key, member)
		}
	}
	for _, p := range d.Params[key] {
		if p.attribute == attribute {
			return parent + " *=" + d.path(key, p.member)
		}
	}
	for _, m := range d.model(key) {
		for _, member := range append(slices.Clone(m.required), m.optional...) {
			if tree.SameName(spelled(member), attribute) {
				return parent + " *=" + d.path(key, member)
			}
		}
	}
	return ""
}

// separators of ids that are put together, "attribute+attribute" in the
// provider's order; where none is known the deepest name alone is the id.
var composites = map[string]string{
	"aws_directory_service_region":                       "{directoryId},{regionName}",
	"aws_eks_access_policy_association":                  "{clusterName|name}#{principalArn}#{policyArn}",
	"aws_app_cookie_stickiness_policy":                   "{loadBalancerName}:{policyName}",
	"aws_lb_trust_store_revocation":                      "{trustStoreArn},{response:trustStoreRevocations[].revocationId}",
	"aws_api_gateway_base_path_mapping":                  "{domainName}/{basePath}",
	"aws_api_gateway_documentation_part":                 "{restApiId}/{response:id}",
	"aws_api_gateway_documentation_version":              "{restApiId}/{documentationVersion}",
	"aws_api_gateway_integration":                        "agi-{restApiId}-{resourceId}-{httpMethod}",
	"aws_api_gateway_integration_response":               "agir-{restApiId}-{resourceId}-{httpMethod}-{statusCode}",
	"aws_api_gateway_method":                             "agm-{restApiId}-{resourceId}-{httpMethod}",
	"aws_api_gateway_method_response":                    "agmr-{restApiId}-{resourceId}-{httpMethod}-{statusCode}",
	"aws_appconfig_configuration_profile":                "{response:id}:{applicationId}",
	"aws_appconfig_environment":                          "{response:id}:{applicationId}",
	"aws_appconfig_hosted_configuration_version":         "{applicationId}/{configurationProfileId}/{response:versionNumber}",
	"aws_appsync_function":                               "{apiId}-{response:functionConfiguration.functionId}",
	"aws_athena_prepared_statement":                      "{workGroup}/{statementName}",
	"aws_backup_restore_testing_selection":               "{restoreTestingSelection.restoreTestingSelectionName}:{restoreTestingPlanName}",
	"aws_bedrockagent_agent_action_group":                "{response:agentActionGroup.actionGroupId},{agentId},{agentVersion}",
	"aws_bedrockagent_agent_alias":                       "{response:agentAlias.agentAliasId},{agentId}",
	"aws_bedrockagent_data_source":                       "{response:dataSource.dataSourceId},{knowledgeBaseId}",
	"aws_budgets_budget_action":                          "{accountId}:{response:actionId}:{budgetName}",
	"aws_cloud9_environment_membership":                  "{environmentId}#{userArn}",
	"aws_cloudformation_stack_instances":                 "{stackSetName}",
	"aws_codecommit_approval_rule_template_association":  "{approvalRuleTemplateName},{repositoryName}",
	"aws_cognito_user_group":                             "{userPoolId}/{groupName}",
	"aws_config_organization_custom_policy_rule":         "{organizationConfigRuleName}",
	"aws_config_organization_custom_rule":                "{organizationConfigRuleName}",
	"aws_config_organization_managed_rule":               "{organizationConfigRuleName}",
	"aws_connect_contact_flow":                           "{instanceId}:{response:contactFlowId}",
	"aws_connect_contact_flow_module":                    "{instanceId}:{response:id}",
	"aws_connect_hours_of_operation":                     "{instanceId}:{response:hoursOfOperationId}",
	"aws_connect_queue":                                  "{instanceId}:{response:queueId}",
	"aws_connect_quick_connect":                          "{instanceId}:{response:quickConnectId}",
	"aws_connect_routing_profile":                        "{instanceId}:{response:routingProfileId}",
	"aws_connect_security_profile":                       "{instanceId}:{response:securityProfileId}",
	"aws_connect_user":                                   "{instanceId}:{response:userId}",
	"aws_connect_user_hierarchy_group":                   "{instanceId}:{response:hierarchyGroupId}",
	"aws_connect_vocabulary":                             "{instanceId}:{response:vocabularyId}",
	"aws_ec2_client_vpn_authorization_rule":              "{clientVpnEndpointId},{targetNetworkCidr}",
	"aws_ec2_client_vpn_route":                           "{clientVpnEndpointId},{targetVpcSubnetId},{destinationCidrBlock}",
	"aws_ec2_transit_gateway_prefix_list_reference":      "{transitGatewayRouteTableId}_{prefixListId}",
	"aws_ec2_transit_gateway_route":                      "{transitGatewayRouteTableId}_{destinationCidrBlock}",
	"aws_ec2_transit_gateway_route_table_association":    "{transitGatewayRouteTableId}_{transitGatewayAttachmentId}",
	"aws_ec2_transit_gateway_route_table_propagation":    "{transitGatewayRouteTableId}_{transitGatewayAttachmentId}",
	"aws_identitystore_group":                            "{identityStoreId}/{response:groupId}",
	"aws_identitystore_group_membership":                 "{identityStoreId}/{response:membershipId}",
	"aws_identitystore_user":                             "{identityStoreId}/{response:userId}",
	"aws_iot_policy_attachment":                          "{policyName}|{target}",
	"aws_kendra_data_source":                             "{response:id}/{indexId}",
	"aws_kendra_experience":                              "{response:id}/{indexId}",
	"aws_kendra_faq":                                     "{response:id}/{indexId}",
	"aws_kendra_query_suggestions_block_list":            "{response:id}/{indexId}",
	"aws_kendra_thesaurus":                               "{response:id}/{indexId}",
	"aws_lexv2models_bot_locale":                         "{localeId},{botId},{botVersion}",
	"aws_lexv2models_intent":                             "{response:intentId}:{botId}:{botVersion}:{localeId}",
	"aws_lexv2models_slot":                               "{botId},{botVersion},{intentId},{localeId},{response:slotId}",
	"aws_lexv2models_slot_type":                          "{botId},{botVersion},{localeId},{response:slotTypeId}",
	"aws_load_balancer_policy":                           "{loadBalancerName}:{policyName}",
	"aws_medialive_multiplex_program":                    "{programName}/{multiplexId}",
	"aws_networkmanager_link_association":                "{globalNetworkId},{linkId},{deviceId}",
	"aws_quicksight_analysis":                            "{awsAccountId},{analysisId}",
	"aws_quicksight_dashboard":                           "{awsAccountId},{dashboardId}",
	"aws_quicksight_data_set":                            "{awsAccountId},{dataSetId}",
	"aws_quicksight_data_source":                         "{awsAccountId}/{dataSourceId}",
	"aws_quicksight_folder":                              "{awsAccountId},{folderId}",
	"aws_quicksight_folder_membership":                   "{awsAccountId},{folderId},{memberType},{memberId}",
	"aws_quicksight_group":                               "{awsAccountId}/{namespace}/{groupName}",
	"aws_quicksight_ingestion":                           "{awsAccountId},{dataSetId},{ingestionId}",
	"aws_quicksight_namespace":                           "{awsAccountId},{namespace}",
	"aws_quicksight_template":                            "{awsAccountId},{templateId}",
	"aws_quicksight_theme":                               "{awsAccountId},{themeId}",
	"aws_quicksight_vpc_connection":                      "{awsAccountId},{vPCConnectionId}",
	"aws_servicecatalog_budget_resource_association":     "{budgetName}:{resourceId}",
	"aws_servicecatalog_principal_portfolio_association": "en,{principalARN},{portfolioId},{principalType}",
	"aws_servicecatalog_product_portfolio_association":   "en:{portfolioId}:{productId}",
	"aws_servicecatalog_provisioning_artifact":           "{response:provisioningArtifactDetail.id}:{productId}",
	"aws_servicecatalog_tag_option_resource_association": "{tagOptionId}:{resourceId}",
	"aws_signer_signing_profile_permission":              "{profileName}/{statementId}",
	"aws_ssm_patch_group":                                "{patchGroup},{baselineId}",
	"aws_transfer_access":                                "{serverId}/{externalId}",
	"aws_transfer_agreement":                             "{serverId}/{response:agreementId}",
	"aws_vpclattice_listener":                            "{serviceIdentifier}/{response:id}",
	"aws_vpclattice_listener_rule":                       "{serviceIdentifier}/{listenerIdentifier}/{response:id}",
	"aws_vpn_connection_route":                           "{destinationCidrBlock}:{vpnConnectionId}",
	"aws_iam_role_policy":                                "{roleName}:{policyName}",
	"aws_iam_user_policy":                                "{userName}:{policyName}",
	"aws_iam_group_policy":                               "{groupName}:{policyName}",
	"aws_iam_role_policy_attachment":                     "{roleName}/{policyArn}",
	"aws_iam_user_policy_attachment":                     "{userName}/{policyArn}",
	"aws_iam_group_policy_attachment":                    "{groupName}/{policyArn}",
	"aws_lambda_permission":                              "{statementId}",
	"aws_lambda_alias":                                   "response:aliasArn",
	"aws_eks_node_group":                                 "{clusterName|name}:{nodegroupName}",
	"aws_eks_addon":                                      "{clusterName|name}:{addonName}",
	"aws_eks_fargate_profile":                            "{clusterName|name}:{fargateProfileName}",
	"aws_eks_access_entry":                               "{clusterName|name}:{principalArn}",
	"aws_cloudwatch_event_target":                        "{rule}-{targets[].id}",
	"aws_appautoscaling_target":                          "{resourceId}",
	"aws_appautoscaling_policy":                          "{policyName}",
	"aws_cloudwatch_log_metric_filter":                   "{filterName}",
	"aws_cloudwatch_log_subscription_filter":             "{filterName}",
	"aws_kms_alias":                                      "{aliasName}",
	"aws_kms_grant":                                      "{keyId}:{response:grantId}",
	"aws_api_gateway_stage":                              "ags-{restApiId}-{stageName}",
	"aws_api_gateway_gateway_response":                   "aggr-{restApiId}-{responseType}",
	"aws_autoscaling_policy":                             "{policyName}",
	"aws_autoscaling_lifecycle_hook":                     "{lifecycleHookName}",
	"aws_cognito_user":                                   "{userPoolId}/{username}",
	"aws_cognito_identity_provider":                      "{userPoolId}:{providerName}",
	"aws_cognito_resource_server":                        "{userPoolId}|{identifier}",
	"aws_glue_catalog_table":                             "{catalogId}:{databaseName}:{tableInput.name}",
	"aws_glue_catalog_database":                          "{catalogId}:{databaseInput.name}",
	"aws_amplify_branch":                                 "{appId}/{branchName}",
	"aws_amplify_domain_association":                     "{appId}/{domainName}",
	"aws_appsync_datasource":                             "{apiId}-{name}",
	"aws_appsync_resolver":                               "{apiId}-{typeName}-{fieldName}",
	"aws_budgets_budget":                                 "{accountId}:{budget.budgetName}",
	"aws_db_instance_role_association":                   "{dBInstanceIdentifier},{roleArn}",
	"aws_rds_cluster_role_association":                   "{dBClusterIdentifier},{roleArn}",
	"aws_route53_zone_association":                       "{hostedZoneId}:{vPC.vPCId}",
	"aws_route53_vpc_association_authorization":          "{hostedZoneId}:{vPC.vPCId}",
	"aws_ram_principal_association":                      "{resourceShareArn},{principals}",
	"aws_ram_resource_association":                       "{resourceShareArn},{resourceArns}",
	"aws_ecs_service":                                    "response:service.serviceArn",
	"aws_s3_bucket_analytics_configuration":              "{bucketName}:{id}",
	"aws_s3_bucket_inventory":                            "{bucketName}:{id}",
	"aws_s3_bucket_metric":                               "{bucketName}:{id}",
	"aws_s3_bucket_intelligent_tiering_configuration":    "{bucketName}:{id}",
	"aws_secretsmanager_secret_version":                  "{secretId}|{response:versionId}",
	"aws_organizations_policy_attachment":                "{targetId}:{policyId}",
	"aws_guardduty_member":                               "{detectorId}:{accountDetails[].accountId}",
	"aws_guardduty_filter":                               "{detectorId}:{name}",
	"aws_guardduty_ipset":                                "{detectorId}:{response:ipSetId}",
	"aws_guardduty_threatintelset":                       "{detectorId}:{response:threatIntelSetId}",
	"aws_ec2_tag":                                        "{resourcesSet[].resourceId},{tagSet[].key}",
	"aws_ses_identity_policy":                            "{identity}|{policyName}",
	"aws_transfer_user":                                  "{serverId}/{userName}",
	"aws_transfer_ssh_key":                               "{serverId}/{userName}/{response:sshPublicKeyId}",
	"aws_vpclattice_target_group_attachment":             "{targetGroupIdentifier}/{targets[].id}/{targets[].port}",
	"aws_vpc_endpoint_connection_accepter":               "{serviceId}_{vpcEndpointIds}",
	"aws_scheduler_schedule":                             "{groupName}/{name}",
	"aws_s3control_multi_region_access_point":            "{accountId}:{details.name}",
	"aws_glue_connection":                                "{catalogId}:{connectionInput.name}",
	"aws_glue_user_defined_function":                     "{catalogId}:{databaseName}:{functionInput.functionName}",
	"aws_glue_partition_index":                           "{catalogId}:{databaseName}:{tableName}:{partitionIndex.indexName}",
	"aws_bedrock_guardrail_version":                      "{guardrailIdentifier},{response:version}",
	"aws_dx_macsec_key_association":                      "{secretARN}_{connectionId}",
	"aws_lambda_function_url":                            "{functionName}",
	"aws_lexv2models_bot_version":                        "{botId},{response:botVersion}",
	"aws_connect_instance_storage_config":                "{instanceId},{response:associationId},{resourceType}",
	"aws_backup_selection":                               "response:selectionId",
	"aws_ssoadmin_managed_policy_attachment":             "{managedPolicyArn},{permissionSetArn},{instanceArn}",
	"aws_ssoadmin_account_assignment":                    "{principalId},{principalType},{targetId},{targetType},{permissionSetArn},{instanceArn}",
	"aws_ssoadmin_permission_set":                        "{response:permissionSet.permissionSetArn},{instanceArn}",
}

var idLike = regexp.MustCompile(`(?i)(id|ids|arn|name|identifier|url|number|key|version|email)(\[\])?$`)

// newID is the path of the id that Terraform would store: the response's where
// it reads that, the request's where it composes, see [catalog.Row].
func (d *deriver) newID(key opType) string {
	if path, ok := composites[key.typ]; ok {
		return path
	}
	t := d.Types[key.typ]
	if t == nil {
		return ""
	}
	var outputs, members []string
	for _, m := range d.model(key) {
		outputs = append(outputs, m.response...)
		members = append(append(members, m.required...), m.optional...)
	}
	for _, form := range strings.Split(t.form, "|") {
		if path, ok := strings.CutPrefix(form, "output:"); ok {
			path = strings.ReplaceAll(path, "[0]", "[]")
			if !idLike.MatchString(path) {
				continue
			}
			return "response:" + lowerWords(path)
		}
	}
	for _, form := range strings.Split(t.form, "|") {
		if strings.HasPrefix(t.form, "attr:") && !strings.Contains(form, ":") {
			form = "attr:" + form
		}
		attribute, ok := strings.CutPrefix(form, "attr:")
		if !ok || t.attributes[attribute].kind == "L" || strings.HasSuffix(attribute, "role_arn") {
			continue
		}
		for _, p := range d.Params[key] {
			if p.attribute == attribute && p.how != "rule" && (credible(p) || !flattened.MatchString(p.member)) {
				return d.path(key, d.scalar(key, p.member))
			}
		}
		for _, member := range members {
			if d.attribute(key, spelled(member)) == attribute {
				return d.path(key, member)
			}
		}
		for _, path := range outputs {
			if last := path[strings.LastIndexByte(path, '.')+1:]; tree.SameName(last, attribute) {
				return "response:" + lowerWords(path)
			}
		}
	}
	if len(d.Members[op{key.source, key.event}]) == 0 && t.form == "" {
		if paths := d.guess(key, drift.Create); paths != "" {
			return paths
		}
	}
	if path := d.ownOutput(key); path != "" {
		return "response:" + lowerWords(path)
	}
	if members := d.identify(key); len(members) > 1 && (d.parent(key.typ) != "" || !t.has("arn") && !t.has("tags") && !strings.Contains(t.form, "attr:")) {
		var parts []string // in order of mention; the separator that most of the provider's ids have
		for condition := range strings.FieldsSeq(d.conditions(key, drift.Set, "", members)) {
			attribute, path, _ := strings.Cut(condition, "=")
			if attribute == "*" && d.parent(key.typ) == "" {
				return path // its own name
			}
			parts = append(parts, "{"+path+"}")
		}
		return strings.Join(parts, ",")
	}
	// No id is known: an ARN or id of the thing in the response, by its name.
	best, score := "", 0
	for _, path := range outputs {
		last := path[strings.LastIndexByte(path, '.')+1:]
		s := d.closeness(key, last)
		switch {
		case slices.Contains(t.identity, tree.Snake(last)):
			s += 20
		case tree.SameName(last, "id"), tree.SameName(last, "arn"):
			s += 5
		case strings.HasSuffix(last, "Id") && t.has("id"):
			s += 2
		}
		if s > score {
			best, score = path, s
		}
	}
	if best != "" && score > 4 {
		return "response:" + lowerWords(best)
	}
	if members := d.identify(key); len(members) > 0 {
		return d.path(key, members[0])
	}
	for _, o := range d.ops[key] {
		if path, ok := strings.CutPrefix(o.from, "response:"); ok {
			return "response:" + lowerWords(strings.ReplaceAll(path, "[0]", "[]"))
		}
	}
	return ""
}

// ownOutput is the id in an answer that is the new thing's by its name:
// UserPoolClient.ClientId, of a user_pool_client.
func (d *deriver) ownOutput(key opType) string {
	t := d.Types[key.typ]
	best := ""
	for _, m := range d.model(key) {
		request := append(slices.Clone(m.required), m.optional...)
		for _, path := range m.response {
			container, last, nested := strings.Cut(path, ".")
			if !nested {
				last = container
			}
			stem := stemOf(last)
			if bare := facts.Fold(last) == "id"; bare && nested {
				stem = facts.Fold(container)
			}
			isID := strings.HasSuffix(last, "Id") && t.has("id") || strings.HasSuffix(strings.ToLower(last), "arn") && t.has("arn")
			if !isID || len(stem) < 4 || !strings.HasSuffix(facts.Fold(key.typ), stem) || slices.ContainsFunc(request, func(s string) bool { return tree.SameName(spelled(s), last) }) {
				continue // what the request gives is a name, not an id
			}
			if strings.HasSuffix(last, "Id") {
				return path
			}
			best = path
		}
	}
	return best
}

func lowerWords(path string) string {
	words := strings.Split(path, ".")
	for i := range words {
		words[i] = lowerFirst(words[i])
	}
	return strings.Join(words, ".")
}
