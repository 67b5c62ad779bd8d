package catalog

import "tfdrift/internal/drift"

// secretID is how the calls name a secret: the request by name or ARN, of which
// the name lacks the six characters that end the ARN; the response by the ARN.
const secretID = "response:arn|secretId"

// secretsmanagerOverrides: see the Secrets Manager API Reference, by the
// operation's name. The value of a secret is never logged.
var secretsmanagerOverrides = [...]Row{
	{Source: "secretsmanager", Event: "CancelRotateSecret", Type: "aws_secretsmanager_secret_rotation", Effect: drift.Delete, ID: "secret_id=" + secretID},
	{Source: "secretsmanager", Event: "CreateSecret", Type: "aws_secretsmanager_secret", Effect: drift.Create, ID: "*=response:arn|name", Params: "secretString=- secretBinary=-", NewID: "response:arn|name"},
	{Source: "secretsmanager", Event: "DeleteResourcePolicy", Type: "aws_secretsmanager_secret", Effect: drift.Set, ID: "*=" + secretID, Parent: true, Sets: `policy=""`},
	{Source: "secretsmanager", Event: "DeleteResourcePolicy", Type: "aws_secretsmanager_secret_policy", Effect: drift.Delete, ID: "secret_arn=" + secretID},
	{Source: "secretsmanager", Event: "DeleteSecret", Type: "aws_secretsmanager_secret", Effect: drift.Delete, ID: "*=" + secretID},
	{Source: "secretsmanager", Event: "PutResourcePolicy", Type: "aws_secretsmanager_secret", Effect: drift.Set, ID: "*=" + secretID, Parent: true, Params: "resourcePolicy=policy blockPublicPolicy=-"},
	{Source: "secretsmanager", Event: "PutResourcePolicy", Type: "aws_secretsmanager_secret_policy", Effect: drift.Create, ID: "secret_arn=" + secretID, Params: "resourcePolicy=policy", NewID: secretID, Within: "aws_secretsmanager_secret *=" + secretID},
	{Source: "secretsmanager", Event: "PutSecretValue", Type: "aws_secretsmanager_secret_version", Effect: drift.Set, ID: "secret_id=" + secretID, Params: "versionStages=- secretString=- secretBinary=- rotationToken=-", Sets: "secret_string=?"},
	{Source: "secretsmanager", Event: "RemoveRegionsFromReplication", Type: "aws_secretsmanager_secret", Effect: drift.Set, ID: "*=" + secretID, Params: "removeReplicaRegions=-", Sets: "replica=?"},
	{Source: "secretsmanager", Event: "ReplicateSecretToRegions", Type: "aws_secretsmanager_secret", Effect: drift.Set, ID: "*=" + secretID, Params: "addReplicaRegions=replica+ forceOverwriteReplicaSecret=-"},
	{Source: "secretsmanager", Event: "RestoreSecret", Type: "aws_secretsmanager_secret", Effect: drift.Create, ID: "*=" + secretID, NewID: Restored},
	{Source: "secretsmanager", Event: "RotateSecret", Type: "aws_secretsmanager_secret_rotation", Effect: drift.Set, ID: "secret_id=" + secretID, Params: "rotateImmediately=-", When: "rotationLambdaARN|rotationRules.automaticallyAfterDays|rotationRules.scheduleExpression!="},
	{Source: "secretsmanager", Event: "TagResource", Type: "aws_secretsmanager_secret", Effect: drift.Add, ID: "*=" + secretID},
	{Source: "secretsmanager", Event: "TagResource", Type: "aws_secretsmanager_tag", Effect: drift.Silent},
	{Source: "secretsmanager", Event: "UntagResource", Type: "aws_secretsmanager_secret", Effect: drift.Remove, ID: "*=" + secretID, Params: "tagKeys=tags"},
	{Source: "secretsmanager", Event: "UntagResource", Type: "aws_secretsmanager_tag", Effect: drift.Silent},
	{Source: "secretsmanager", Event: "UpdateSecret", Type: "aws_secretsmanager_secret", Effect: drift.Set, ID: "*=" + secretID, Params: "secretString=- secretBinary=-", When: "description|kmsKeyId!="},
	{Source: "secretsmanager", Event: "UpdateSecret", Type: "aws_secretsmanager_secret_version", Effect: drift.Set, ID: "secret_id=" + secretID, Params: "description=- kmsKeyId=- type=- secretString=- secretBinary=-", Sets: "secret_string=?", When: "response:versionId!="},
	{Source: "secretsmanager", Event: "UpdateSecretVersionStage", Type: "aws_secretsmanager_secret_version", Effect: drift.Set, ID: "secret_id=" + secretID, Params: "versionStage=- moveToVersionId=- removeFromVersionId=-", Sets: "secret_string=?", When: "versionStage=AWSCURRENT"},
}
