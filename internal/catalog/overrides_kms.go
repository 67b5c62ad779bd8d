package catalog

import "tfdrift/internal/drift"

// kmsOverrides: see the KMS API Reference, by the operation's name. A key whose
// deletion was cancelled is left disabled (CancelKeyDeletion).
var kmsOverrides = [...]Row{
	{Source: "kms", Event: "CancelKeyDeletion", Type: "aws_kms_external_key", Effect: drift.Create, ID: "*=keyId", NewID: Restored, Sets: "enabled=false"},
	{Source: "kms", Event: "CancelKeyDeletion", Type: "aws_kms_key", Effect: drift.Create, ID: "*=keyId", NewID: Restored, Sets: "is_enabled=false"},
	{Source: "kms", Event: "CancelKeyDeletion", Type: "aws_kms_replica_external_key", Effect: drift.Create, ID: "*=keyId", NewID: Restored, Sets: "enabled=false"},
	{Source: "kms", Event: "CancelKeyDeletion", Type: "aws_kms_replica_key", Effect: drift.Create, ID: "*=keyId", NewID: Restored, Sets: "enabled=false"},
	{Source: "kms", Event: "ConnectCustomKeyStore", Effect: drift.Silent},
	{Source: "kms", Event: "CreateGrant", Type: "aws_kms_grant", Effect: drift.Create, ID: "grant_id=response:grantId key_id=keyId", NewID: "{keyId}:{response:grantId}", Within: "aws_kms_key *=keyId"},
	{Source: "kms", Event: "CreateKey", Type: "aws_kms_external_key", Effect: drift.Create, ID: "*=response:keyMetadata.keyId", NewID: "response:keyMetadata.keyId", When: "origin=EXTERNAL"},
	{Source: "kms", Event: "CreateKey", Type: "aws_kms_key", Effect: drift.Create, ID: "*=response:keyMetadata.keyId", Params: "keySpec=customer_master_key_spec origin=-", NewID: "response:keyMetadata.keyId", When: "origin!=EXTERNAL"},
	{Source: "kms", Event: "Decrypt", Effect: drift.Silent},
	{Source: "kms", Event: "DeleteImportedKeyMaterial", Type: "aws_kms_external_key", Effect: drift.Set, ID: "*=keyId", Sets: "enabled=false"},
	{Source: "kms", Event: "DeleteImportedKeyMaterial", Type: "aws_kms_replica_external_key", Effect: drift.Set, ID: "*=keyId", Sets: "enabled=false"},
	{Source: "kms", Event: "DisableKey", Type: "aws_kms_external_key", Effect: drift.Set, ID: "*=keyId", Sets: "enabled=false"},
	{Source: "kms", Event: "DisableKey", Type: "aws_kms_key", Effect: drift.Set, ID: "*=keyId", Sets: "is_enabled=false"},
	{Source: "kms", Event: "DisableKey", Type: "aws_kms_replica_external_key", Effect: drift.Set, ID: "*=keyId", Sets: "enabled=false"},
	{Source: "kms", Event: "DisableKey", Type: "aws_kms_replica_key", Effect: drift.Set, ID: "*=keyId", Sets: "enabled=false"},
	{Source: "kms", Event: "DisableKeyRotation", Type: "aws_kms_key", Effect: drift.Set, ID: "*=keyId", Sets: "enable_key_rotation=false"},
	{Source: "kms", Event: "DisconnectCustomKeyStore", Effect: drift.Silent},
	{Source: "kms", Event: "EnableKey", Type: "aws_kms_external_key", Effect: drift.Set, ID: "*=keyId", Sets: "enabled=true"},
	{Source: "kms", Event: "EnableKey", Type: "aws_kms_key", Effect: drift.Set, ID: "*=keyId", Sets: "is_enabled=true"},
	{Source: "kms", Event: "EnableKey", Type: "aws_kms_replica_external_key", Effect: drift.Set, ID: "*=keyId", Sets: "enabled=true"},
	{Source: "kms", Event: "EnableKey", Type: "aws_kms_replica_key", Effect: drift.Set, ID: "*=keyId", Sets: "enabled=true"},
	{Source: "kms", Event: "EnableKeyRotation", Type: "aws_kms_key", Effect: drift.Set, ID: "*=keyId", Sets: "enable_key_rotation=true"},
	{Source: "kms", Event: "Encrypt", Effect: drift.Silent},
	{Source: "kms", Event: "GenerateDataKey", Effect: drift.Silent},
	{Source: "kms", Event: "GenerateDataKeyWithoutPlaintext", Effect: drift.Silent},
	{Source: "kms", Event: "ImportKeyMaterial", Type: "aws_kms_external_key", Effect: drift.Set, ID: "*=keyId", Params: "importToken=- encryptedKeyMaterial=- keyMaterialId=- importType=-"},
	{Source: "kms", Event: "ImportKeyMaterial", Type: "aws_kms_replica_external_key", Effect: drift.Set, ID: "*=keyId", Params: "importToken=- encryptedKeyMaterial=- keyMaterialId=- importType=-"},
	{Source: "kms", Event: "PutKeyPolicy", Type: "aws_kms_external_key", Effect: drift.Set, ID: "*=keyId", Parent: true, Params: "policyName=-"},
	{Source: "kms", Event: "PutKeyPolicy", Type: "aws_kms_key", Effect: drift.Set, ID: "*=keyId", Parent: true, Params: "policyName=-"},
	{Source: "kms", Event: "PutKeyPolicy", Type: "aws_kms_key_policy", Effect: drift.Set, ID: "key_id=keyId", Params: "policyName=-"},
	{Source: "kms", Event: "PutKeyPolicy", Type: "aws_kms_replica_external_key", Effect: drift.Set, ID: "*=keyId", Parent: true, Params: "policyName=-"},
	{Source: "kms", Event: "PutKeyPolicy", Type: "aws_kms_replica_key", Effect: drift.Set, ID: "*=keyId", Parent: true, Params: "policyName=-"},
	{Source: "kms", Event: "ReEncrypt", Effect: drift.Silent},
	{Source: "kms", Event: "ReplicateKey", Type: "aws_kms_replica_external_key", Effect: drift.Silent},
	{Source: "kms", Event: "RetireGrant", Type: "aws_kms_grant", Effect: drift.Delete, ID: "grant_id=grantId key_id=keyId", NewID: "{keyId}:{grantId}"},
	{Source: "kms", Event: "RevokeGrant", Type: "aws_kms_grant", Effect: drift.Delete, ID: "grant_id=grantId key_id=keyId", NewID: "{keyId}:{grantId}"},
	{Source: "kms", Event: "RotateKey", Effect: drift.Silent}, // KMS's own yearly rotation
	{Source: "kms", Event: "RotateKeyOnDemand", Effect: drift.Silent},
}
