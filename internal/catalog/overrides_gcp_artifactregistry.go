package catalog

import "tfdrift/internal/drift"

var googleArtifactOverrides = [...]Row{
	{Source: "artifactregistry", Event: "CreateTag", Effect: drift.Silent},
	{Source: "artifactregistry", Event: "DeletePackage", Effect: drift.Silent},
	{Source: "artifactregistry", Event: "DeleteTag", Effect: drift.Silent},
	{Source: "artifactregistry", Event: "DeleteVersion", Effect: drift.Silent},
	{Source: "artifactregistry", Event: "UpdateRepository", Type: "google_artifact_registry_repository", Effect: drift.Set, ID: "*=resource", Params: "sizeBytes=- registryUri=- satisfiesPzs=- createTime=- updateTime=-", Shape: rewritten(cleanupPolicies)},
	{Source: "artifactregistry", Event: "UpdateTag", Effect: drift.Silent},
}
