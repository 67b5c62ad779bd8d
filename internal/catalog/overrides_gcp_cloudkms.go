package catalog

import "tfdrift/internal/drift"

var googleKMSOverrides = [...]Row{
	{Source: "cloudkms", Event: "CreateCryptoKeyVersion", Type: "google_kms_crypto_key_version", Effect: drift.Create, ID: "*=new", NewID: "response:name", Within: "google_kms_crypto_key *=resource"},
	{Source: "cloudkms", Event: "DestroyCryptoKeyVersion", Type: "google_kms_crypto_key", Effect: drift.Set, ID: "id=resource", Parent: true, Shape: kmsVersion},
	{Source: "cloudkms", Event: "DestroyCryptoKeyVersion", Type: "google_kms_crypto_key_version", Effect: drift.Delete, ID: "*=resource"},
	{Source: "cloudkms", Event: "ImportCryptoKeyVersion", Type: "google_kms_crypto_key_version", Effect: drift.Create, ID: "*=new", NewID: "response:name", Within: "google_kms_crypto_key *=resource"},
	{Source: "cloudkms", Event: "RestoreCryptoKeyVersion", Type: "google_kms_crypto_key", Effect: drift.Set, ID: "id=resource", Parent: true, Shape: kmsVersion},
	{Source: "cloudkms", Event: "RestoreCryptoKeyVersion", Type: "google_kms_crypto_key_version", Effect: drift.Create, ID: "*=resource"},
	{Source: "cloudkms", Event: "UpdateAutokeyConfig", Type: "google_kms_crypto_key", Effect: drift.Silent},
	{Source: "cloudkms", Event: "UpdateCryptoKey", Type: "google_kms_crypto_key", Effect: drift.Set, ID: "*=resource", Params: "nextRotationTime=- primary=-"},
	{Source: "cloudkms", Event: "UpdateCryptoKey", Type: "google_kms_crypto_key_version", Effect: drift.Silent},
	{Source: "cloudkms", Event: "UpdateCryptoKeyPrimaryVersion", Type: "google_kms_crypto_key", Effect: drift.Set, ID: "*=resource", Shape: kmsPrimary},
	{Source: "cloudkms", Event: "UpdateCryptoKeyVersion", Type: "google_kms_crypto_key", Effect: drift.Set, ID: "id=resource", Parent: true, Shape: kmsVersion},
	{Source: "cloudkms", Event: "UpdateCryptoKeyVersion", Type: "google_kms_crypto_key_version", Effect: drift.Set, ID: "*=resource"},
}
