package catalog

import "tfdrift/internal/drift"

// kafkaOverrides: see the Amazon MSK API Reference.
var kafkaOverrides = [...]Row{
	{Source: "kafka", Event: "BatchAssociateScramSecret", Type: "aws_msk_scram_secret_association", Effect: drift.Set, ID: "cluster_arn=clusterArn", Params: "secretArnList=secret_arn_list+"},
	{Source: "kafka", Event: "BatchAssociateScramSecret", Type: "aws_msk_single_scram_secret_association", Effect: drift.Create, ID: "cluster_arn=clusterArn secret_arn=secretArnList", NewID: "{clusterArn},{secretArnList}", Within: "aws_msk_cluster *=clusterArn"},
	{Source: "kafka", Event: "BatchDisassociateScramSecret", Type: "aws_msk_scram_secret_association", Effect: drift.Set, ID: "cluster_arn=clusterArn", Params: "secretArnList=secret_arn_list-"},
	{Source: "kafka", Event: "BatchDisassociateScramSecret", Type: "aws_msk_single_scram_secret_association", Effect: drift.Delete, ID: "cluster_arn=clusterArn secret_arn=secretArnList"},
	{Source: "kafka", Event: "CreateClusterV2", Type: "aws_msk_cluster", Effect: drift.Create, ID: "*=response:clusterArn", NewID: "response:clusterArn", When: "provisioned.numberOfBrokerNodes!="},
	{Source: "kafka", Event: "CreateClusterV2", Type: "aws_msk_serverless_cluster", Effect: drift.Create, ID: "*=response:clusterArn", NewID: "response:clusterArn", When: "provisioned.numberOfBrokerNodes="},
	{Source: "kafka", Event: "CreateTopic", Effect: drift.Silent},
	{Source: "kafka", Event: "DeleteTopic", Type: "aws_msk_topic", Effect: drift.Delete, ID: "name=topicName cluster_arn=clusterArn"},
	{Source: "kafka", Event: "PutClusterPolicy", Type: "aws_msk_cluster_policy", Effect: drift.Create, ID: "cluster_arn=clusterArn", NewID: "clusterArn", Within: "aws_msk_cluster *=clusterArn"},
	{Source: "kafka", Event: "RebootBroker", Effect: drift.Silent},
	{Source: "kafka", Event: "UpdateBrokerCount", Type: "aws_msk_cluster", Effect: drift.Set, ID: "*=clusterArn", Params: "targetNumberOfBrokerNodes=number_of_broker_nodes"},
	{Source: "kafka", Event: "UpdateBrokerType", Type: "aws_msk_cluster", Effect: drift.Set, ID: "*=clusterArn", Params: "targetInstanceType=broker_node_group_info.instance_type"},
	{Source: "kafka", Event: "UpdateClusterConfiguration", Type: "aws_msk_cluster", Effect: drift.Set, ID: "*=clusterArn", Params: "configurationInfo=configuration_info"},
	{Source: "kafka", Event: "UpdateClusterKafkaVersion", Type: "aws_msk_cluster", Effect: drift.Set, ID: "*=clusterArn", Params: "targetKafkaVersion=kafka_version configurationInfo=configuration_info"},
	{Source: "kafka", Event: "UpdateConnectivity", Type: "aws_msk_cluster", Effect: drift.Set, ID: "*=clusterArn", Params: "connectivityInfo=broker_node_group_info.connectivity_info"},
	{Source: "kafka", Event: "UpdateRebalancing", Type: "aws_msk_cluster", Effect: drift.Set, ID: "*=clusterArn"},
	{Source: "kafka", Event: "UpdateTopic", Type: "aws_msk_topic", Effect: drift.Set, ID: "name=topicName cluster_arn=clusterArn"},
}
