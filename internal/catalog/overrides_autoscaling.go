package catalog

import "tfdrift/internal/drift"

// autoscalingOverrides are the rows of EC2's groups and of Application Auto
// Scaling, which logs under the same name.
var autoscalingOverrides = [...]Row{
	{Source: "autoscaling", Event: "AttachLoadBalancers", Effect: drift.Create, Shape: groupAttachments, Types: attachmentTypes},
	{Source: "autoscaling", Event: "AttachLoadBalancerTargetGroups", Effect: drift.Create, Shape: groupAttachments, Types: attachmentTypes},
	{Source: "autoscaling", Event: "AttachTrafficSources", Effect: drift.Create, Shape: groupAttachments, Types: attachmentTypes},
	{Source: "autoscaling", Event: "CancelInstanceRefresh", Effect: drift.Silent},
	{Source: "autoscaling", Event: "CreateOrUpdateTags", Effect: drift.Create, Shape: groupTags, Types: "aws_autoscaling_group:name aws_autoscaling_group_tag:autoscaling_group_name"},
	{Source: "autoscaling", Event: "DeleteNotificationConfiguration", Type: "aws_autoscaling_notification", Effect: drift.Set, ID: "topic_arn=topicARN group_names=autoScalingGroupName", Params: "autoScalingGroupName=group_names-"},
	{Source: "autoscaling", Event: "DeletePolicy", Type: "aws_autoscaling_policy", Effect: drift.Delete, ID: "name|arn=policyName autoscaling_group_name=autoScalingGroupName?"},
	{Source: "autoscaling", Event: "DeleteScalingPolicy", Type: "aws_appautoscaling_policy", Effect: drift.Delete, ID: "name=policyName resource_id=resourceId scalable_dimension=scalableDimension service_namespace=serviceNamespace"},
	{Source: "autoscaling", Event: "DeleteScheduledAction", Type: "aws_appautoscaling_scheduled_action", Effect: drift.Delete, ID: "name=scheduledActionName resource_id=resourceId service_namespace=serviceNamespace"},
	{Source: "autoscaling", Event: "DeleteTags", Effect: drift.Delete, Shape: groupTags, Types: "aws_autoscaling_group:name aws_autoscaling_group_tag:autoscaling_group_name"},
	{Source: "autoscaling", Event: "DeleteWarmPool", Type: "aws_autoscaling_group", Effect: drift.Set, ID: "*=autoScalingGroupName", Sets: "warm_pool=[]"},
	{Source: "autoscaling", Event: "DeregisterScalableTarget", Type: "aws_appautoscaling_target", Effect: drift.Delete, ID: "resource_id=resourceId scalable_dimension=scalableDimension service_namespace=serviceNamespace"},
	{Source: "autoscaling", Event: "DetachLoadBalancers", Effect: drift.Delete, Shape: groupAttachments, Types: attachmentTypes},
	{Source: "autoscaling", Event: "DetachLoadBalancerTargetGroups", Effect: drift.Delete, Shape: groupAttachments, Types: attachmentTypes},
	{Source: "autoscaling", Event: "DetachTrafficSources", Effect: drift.Delete, Shape: groupAttachments, Types: attachmentTypes},
	{Source: "autoscaling", Event: "DisableMetricsCollection", Effect: drift.Remove, Shape: groupSwitches, Types: "aws_autoscaling_group:name"},
	{Source: "autoscaling", Event: "EnableMetricsCollection", Effect: drift.Add, Shape: groupSwitches, Types: "aws_autoscaling_group:name"},
	{Source: "autoscaling", Event: "PutLifecycleHook", Type: "aws_autoscaling_group", Effect: drift.Silent}, // its initial hooks are the creation's
	{Source: "autoscaling", Event: "PutNotificationConfiguration", Type: "aws_autoscaling_notification", Effect: drift.Set, ID: "topic_arn=topicARN group_names=autoScalingGroupName", Params: "notificationTypes=notifications"},
	{Source: "autoscaling", Event: "PutScalingPolicy", Type: "aws_appautoscaling_policy", Effect: drift.Create, ID: "name=policyName resource_id=resourceId scalable_dimension=scalableDimension service_namespace=serviceNamespace", NewID: "policyName", When: "serviceNamespace!="},
	{Source: "autoscaling", Event: "PutScalingPolicy", Type: "aws_autoscaling_policy", Effect: drift.Create, ID: "name=policyName autoscaling_group_name=autoScalingGroupName", NewID: "policyName", Within: "aws_autoscaling_group *=autoScalingGroupName", When: "autoScalingGroupName!=", Params: "stepAdjustments=step_adjustment targetTrackingConfiguration=target_tracking_configuration"},
	{Source: "autoscaling", Event: "PutScheduledAction", Type: "aws_appautoscaling_scheduled_action", Effect: drift.Create, ID: "name=scheduledActionName resource_id=resourceId service_namespace=serviceNamespace", NewID: "{scheduledActionName}-{serviceNamespace}-{resourceId}"},
	{Source: "autoscaling", Event: "PutWarmPool", Type: "aws_autoscaling_group", Effect: drift.Set, ID: "*=autoScalingGroupName", Params: "instanceReusePolicy=warm_pool.instance_reuse_policy maxGroupPreparedCapacity=warm_pool.max_group_prepared_capacity minSize=warm_pool.min_size poolState=warm_pool.pool_state"},
	{Source: "autoscaling", Event: "RegisterScalableTarget", Type: "aws_appautoscaling_target", Effect: drift.Create, ID: "resource_id=resourceId scalable_dimension=scalableDimension service_namespace=serviceNamespace", NewID: "resourceId"},
	{Source: "autoscaling", Event: "ResumeProcesses", Effect: drift.Remove, Shape: groupSwitches, Types: "aws_autoscaling_group:name"},
	{Source: "autoscaling", Event: "SetDesiredCapacity", Type: "aws_autoscaling_group", Effect: drift.Set, ID: "*=autoScalingGroupName", Params: "honorCooldown=-"},
	{Source: "autoscaling", Event: "SetInstanceProtection", Effect: drift.Silent},
	{Source: "autoscaling", Event: "StartInstanceRefresh", Effect: drift.Silent},
	{Source: "autoscaling", Event: "SuspendProcesses", Effect: drift.Add, Shape: groupSwitches, Types: "aws_autoscaling_group:name"},
	{Source: "autoscaling", Event: "UpdateAutoScalingGroup", Type: "aws_autoscaling_group", Effect: drift.Set, ID: "*=autoScalingGroupName", Params: "launchConfigurationName=launch_configuration launchTemplate.launchTemplateId=launch_template.id launchTemplate.launchTemplateName=launch_template.name launchTemplate.version=launch_template.version newInstancesProtectedFromScaleIn=protect_from_scale_in vPCZoneIdentifier=vpc_zone_identifier skipZonalShiftValidation=-"},
}

const attachmentTypes = "aws_autoscaling_attachment:autoscaling_group_name aws_autoscaling_group:name aws_autoscaling_traffic_source_attachment:autoscaling_group_name"
