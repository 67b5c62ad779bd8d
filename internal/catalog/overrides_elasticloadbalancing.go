package catalog

import "tfdrift/internal/drift"

// elasticloadbalancingOverrides: two APIs log under one name. The classic one
// names its balancers by loadBalancerName, the newer one everything by ARN.
var elasticloadbalancingOverrides = [...]Row{
	{Source: "elasticloadbalancing", Event: "AddListenerCertificates", Type: "aws_alb_listener_certificate", Effect: drift.Silent},
	{Source: "elasticloadbalancing", Event: "AddListenerCertificates", Type: "aws_lb_listener_certificate", Effect: drift.Create, ID: "certificate_arn=certificates[].certificateArn listener_arn=listenerArn", NewID: "{listenerArn}_{certificates[].certificateArn}", Within: "aws_lb_listener *=listenerArn", Params: "certificates=-"},
	{Source: "elasticloadbalancing", Event: "AttachLoadBalancerToSubnets", Type: "aws_elb", Effect: drift.Set, ID: "*=loadBalancerName", Params: "subnets=subnets+"},
	{Source: "elasticloadbalancing", Event: "ConfigureHealthCheck", Type: "aws_elb", Effect: drift.Set, ID: "*=loadBalancerName", Params: "healthCheck=health_check"},
	{Source: "elasticloadbalancing", Event: "CreateListener", Type: "aws_alb_listener", Effect: drift.Silent}, // the type's older name: what nobody manages goes by the newer one
	{Source: "elasticloadbalancing", Event: "CreateListener", Type: "aws_lb_listener", Effect: drift.Create, ID: "*=response:listeners[].listenerArn", NewID: "response:listeners[].listenerArn", Within: "aws_lb *=loadBalancerArn"},
	{Source: "elasticloadbalancing", Event: "CreateLoadBalancer", Type: "aws_alb", Effect: drift.Silent},
	{Source: "elasticloadbalancing", Event: "CreateLoadBalancerListeners", Effect: drift.Set, Shape: elbClassicListeners, Types: "aws_elb:name"},
	{Source: "elasticloadbalancing", Event: "CreateRule", Type: "aws_alb_listener_rule", Effect: drift.Silent},
	{Source: "elasticloadbalancing", Event: "CreateRule", Type: "aws_lb_listener_rule", Effect: drift.Create, ID: "*=response:rules[].ruleArn", NewID: "response:rules[].ruleArn", Within: "aws_lb_listener *=listenerArn"},
	{Source: "elasticloadbalancing", Event: "CreateTargetGroup", Type: "aws_alb_target_group", Effect: drift.Silent},
	{Source: "elasticloadbalancing", Event: "DeleteLoadBalancerListeners", Effect: drift.Set, Shape: elbClassicListeners, Types: "aws_elb:name"},
	{Source: "elasticloadbalancing", Event: "DeregisterInstancesFromLoadBalancer", Effect: drift.Delete, Shape: elbInstances, Types: "aws_elb:name aws_elb_attachment:elb"},
	{Source: "elasticloadbalancing", Event: "DeregisterTargets", Effect: drift.Delete, Shape: elbTargets, Types: targetTypes},
	{Source: "elasticloadbalancing", Event: "DetachLoadBalancerFromSubnets", Type: "aws_elb", Effect: drift.Set, ID: "*=loadBalancerName", Params: "subnets=subnets-"},
	{Source: "elasticloadbalancing", Event: "DisableAvailabilityZonesForLoadBalancer", Type: "aws_elb", Effect: drift.Set, ID: "*=loadBalancerName", Params: "availabilityZones=availability_zones-"},
	{Source: "elasticloadbalancing", Event: "EnableAvailabilityZonesForLoadBalancer", Type: "aws_elb", Effect: drift.Set, ID: "*=loadBalancerName", Params: "availabilityZones=availability_zones+"},
	{Source: "elasticloadbalancing", Event: "ModifyListener", Effect: drift.Set, Shape: elbActions, Types: "aws_alb_listener:arn aws_lb_listener:arn", Params: "certificates[].certificateArn=certificate_arn"},
	{Source: "elasticloadbalancing", Event: "ModifyListenerAttributes", Type: "aws_alb_listener", Effect: drift.Set, ID: "*=listenerArn", Pairs: "attributes[].key=value", Params: "tcp.idle_timeout.seconds=tcp_idle_timeout_seconds"},
	{Source: "elasticloadbalancing", Event: "ModifyListenerAttributes", Type: "aws_lb_listener", Effect: drift.Set, ID: "*=listenerArn", Pairs: "attributes[].key=value", Params: "tcp.idle_timeout.seconds=tcp_idle_timeout_seconds"},
	{Source: "elasticloadbalancing", Event: "ModifyLoadBalancerAttributes", Type: "aws_alb", Effect: drift.Set, ID: "*=loadBalancerArn", Pairs: "attributes[].key=value", Params: balancerAttributes},
	{Source: "elasticloadbalancing", Event: "ModifyLoadBalancerAttributes", Type: "aws_elb", Effect: drift.Set, ID: "*=loadBalancerName", Params: "loadBalancerAttributes.accessLog.emitInterval=access_logs.interval loadBalancerAttributes.accessLog.enabled=access_logs.enabled loadBalancerAttributes.accessLog.s3BucketName=access_logs.bucket loadBalancerAttributes.accessLog.s3BucketPrefix=access_logs.bucket_prefix loadBalancerAttributes.connectionDraining.enabled=connection_draining loadBalancerAttributes.connectionDraining.timeout=connection_draining_timeout loadBalancerAttributes.connectionSettings.idleTimeout=idle_timeout loadBalancerAttributes.crossZoneLoadBalancing.enabled=cross_zone_load_balancing"},
	{Source: "elasticloadbalancing", Event: "ModifyLoadBalancerAttributes", Type: "aws_lb", Effect: drift.Set, ID: "*=loadBalancerArn", Pairs: "attributes[].key=value", Params: balancerAttributes},
	{Source: "elasticloadbalancing", Event: "ModifyRule", Effect: drift.Set, Shape: elbActions, Types: "aws_alb_listener_rule:arn aws_lb_listener_rule:arn"},
	{Source: "elasticloadbalancing", Event: "ModifyTargetGroup", Type: "aws_alb_target_group", Effect: drift.Set, ID: "*=targetGroupArn", Params: healthCheck},
	{Source: "elasticloadbalancing", Event: "ModifyTargetGroup", Type: "aws_lb_target_group", Effect: drift.Set, ID: "*=targetGroupArn", Params: healthCheck},
	{Source: "elasticloadbalancing", Event: "ModifyTargetGroupAttributes", Type: "aws_alb_target_group", Effect: drift.Set, ID: "*=targetGroupArn", Pairs: "attributes[].key=value", Params: targetGroupAttributes},
	{Source: "elasticloadbalancing", Event: "ModifyTargetGroupAttributes", Type: "aws_lb_target_group", Effect: drift.Set, ID: "*=targetGroupArn", Pairs: "attributes[].key=value", Params: targetGroupAttributes},
	{Source: "elasticloadbalancing", Event: "RegisterInstancesWithLoadBalancer", Effect: drift.Create, Shape: elbInstances, Types: "aws_elb:name aws_elb_attachment:elb"},
	{Source: "elasticloadbalancing", Event: "RegisterTargets", Effect: drift.Create, Shape: elbTargets, Types: targetTypes},
	{Source: "elasticloadbalancing", Event: "RemoveListenerCertificates", Type: "aws_alb_listener_certificate", Effect: drift.Delete, ID: "certificate_arn=certificates[].certificateArn listener_arn=listenerArn"},
	{Source: "elasticloadbalancing", Event: "RemoveListenerCertificates", Type: "aws_lb_listener_certificate", Effect: drift.Delete, ID: "certificate_arn=certificates[].certificateArn listener_arn=listenerArn"},
	{Source: "elasticloadbalancing", Event: "RemoveTags", Type: "aws_elb", Effect: drift.Remove, ID: "*=loadBalancerNames", Params: "tags[].key=tags"},
	{Source: "elasticloadbalancing", Event: "SetRulePriorities", Effect: drift.Set, Shape: elbPriorities, Types: "aws_alb_listener_rule:arn aws_lb_listener_rule:arn"},
	{Source: "elasticloadbalancing", Event: "SetSubnets", Type: "aws_alb", Effect: drift.Set, ID: "*=loadBalancerArn", Params: "subnetMappings=subnet_mapping"},
	{Source: "elasticloadbalancing", Event: "SetSubnets", Type: "aws_lb", Effect: drift.Set, ID: "*=loadBalancerArn", Params: "subnetMappings=subnet_mapping"},
}

const (
	targetTypes = "aws_alb_target_group_attachment:target_group_arn aws_lb_target_group_attachment:target_group_arn"

	// Keys of LoadBalancerAttribute, TargetGroupAttribute and members of
	// ModifyTargetGroup, in the Elastic Load Balancing API Reference.
	balancerAttributes = "access_logs.s3.bucket=access_logs.bucket access_logs.s3.enabled=access_logs.enabled access_logs.s3.prefix=access_logs.prefix " +
		"client_keep_alive.seconds=client_keep_alive connection_logs.s3.bucket=connection_logs.bucket connection_logs.s3.enabled=connection_logs.enabled " +
		"connection_logs.s3.prefix=connection_logs.prefix deletion_protection.enabled=enable_deletion_protection " +
		"dns_record.client_routing_policy=dns_record_client_routing_policy health_check_logs.s3.bucket=health_check_logs.bucket " +
		"health_check_logs.s3.enabled=health_check_logs.enabled health_check_logs.s3.prefix=health_check_logs.prefix idle_timeout.timeout_seconds=idle_timeout " +
		"ipv6.deny_all_igw_traffic=- load_balancing.cross_zone.enabled=enable_cross_zone_load_balancing " +
		"routing.http.desync_mitigation_mode=desync_mitigation_mode routing.http.drop_invalid_header_fields.enabled=drop_invalid_header_fields " +
		"routing.http.preserve_host_header.enabled=preserve_host_header " +
		"routing.http.x_amzn_tls_version_and_cipher_suite.enabled=enable_tls_version_and_cipher_suite_headers " +
		"routing.http.xff_client_port.enabled=enable_xff_client_port routing.http.xff_header_processing.mode=xff_header_processing_mode " +
		"routing.http2.enabled=enable_http2 waf.fail_open.enabled=enable_waf_fail_open zonal_shift.config.enabled=enable_zonal_shift"

	targetGroupAttributes = "deregistration_delay.connection_termination.enabled=connection_termination deregistration_delay.timeout_seconds=deregistration_delay " +
		"lambda.multi_value_headers.enabled=lambda_multi_value_headers_enabled load_balancing.algorithm.anomaly_mitigation=load_balancing_anomaly_mitigation " +
		"load_balancing.algorithm.type=load_balancing_algorithm_type load_balancing.cross_zone.enabled=load_balancing_cross_zone_enabled " +
		"preserve_client_ip.enabled=preserve_client_ip proxy_protocol_v2.enabled=proxy_protocol_v2 slow_start.duration_seconds=slow_start " +
		"stickiness.app_cookie.cookie_name=stickiness.cookie_name stickiness.app_cookie.duration_seconds=stickiness.cookie_duration stickiness.enabled=stickiness.enabled " +
		"stickiness.lb_cookie.duration_seconds=stickiness.cookie_duration stickiness.type=stickiness.type " +
		"target_failover.on_deregistration=target_failover.on_deregistration target_failover.on_unhealthy=target_failover.on_unhealthy " +
		"target_group_health.dns_failover.minimum_healthy_targets.count=target_group_health.dns_failover.minimum_healthy_targets_count " +
		"target_group_health.dns_failover.minimum_healthy_targets.percentage=target_group_health.dns_failover.minimum_healthy_targets_percentage " +
		"target_group_health.unhealthy_state_routing.minimum_healthy_targets.count=target_group_health.unhealthy_state_routing.minimum_healthy_targets_count " +
		"target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage=target_group_health.unhealthy_state_routing.minimum_healthy_targets_percentage " +
		"target_health_state.unhealthy.connection_termination.enabled=target_health_state.enable_unhealthy_connection_termination " +
		"target_health_state.unhealthy.draining_interval_seconds=target_health_state.unhealthy_draining_interval"

	healthCheck = "healthCheckEnabled=health_check.enabled healthCheckIntervalSeconds=health_check.interval healthCheckPath=health_check.path " +
		"healthCheckPort=health_check.port healthCheckProtocol=health_check.protocol healthCheckTimeoutSeconds=health_check.timeout " +
		"healthyThresholdCount=health_check.healthy_threshold matcher.grpcCode=health_check.matcher matcher.httpCode=health_check.matcher " +
		"unhealthyThresholdCount=health_check.unhealthy_threshold"
)
