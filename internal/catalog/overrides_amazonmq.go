package catalog

import "tfdrift/internal/drift"

// amazonmqOverrides: see the Amazon MQ REST API Reference.
var amazonmqOverrides = [...]Row{
	{Source: "amazonmq", Event: "CreateUser", Type: "aws_mq_broker", Effect: drift.Set, ID: "*=brokerId", Params: "username=user+ password=- groups=- consoleAccess=- replicationUser=-"},
	{Source: "amazonmq", Event: "DeleteUser", Type: "aws_mq_broker", Effect: drift.Set, ID: "*=brokerId", Params: "username=user-"},
	{Source: "amazonmq", Event: "RebootBroker", Effect: drift.Silent},
	{Source: "amazonmq", Event: "UpdateBroker", Type: "aws_mq_broker", Effect: drift.Set, ID: "*=brokerId", Params: "dataReplicationMode=data_replication_mode"},
	{Source: "amazonmq", Event: "UpdateConfiguration", Type: "aws_mq_configuration", Effect: drift.Set, ID: "*=configurationId"},
	{Source: "amazonmq", Event: "UpdateUser", Type: "aws_mq_broker", Effect: drift.Set, ID: "*=brokerId", Params: "username=- groups=- consoleAccess=- replicationUser=- password=user"},
}
