package catalog

import "tfdrift/internal/drift"

// ecrOverrides: a repository's own resource does not show its policies, so each
// that appears is news.
var ecrOverrides = [...]Row{
	{Source: "ecr", Event: "CreatePullThroughCacheRule", Type: "aws_ecr_pull_through_cache_rule", Effect: drift.Create, ID: "ecr_repository_prefix=ecrRepositoryPrefix", NewID: "ecrRepositoryPrefix"},
	{Source: "ecr", Event: "PutAccountSetting", Type: "aws_ecr_account_setting", Effect: drift.Set, ID: "name=name"},
	{Source: "ecr", Event: "PutImageScanningConfiguration", Type: "aws_ecr_repository", Effect: drift.Set, ID: "*=repositoryName", Params: "registryId=-"},
	{Source: "ecr", Event: "PutImageTagMutability", Type: "aws_ecr_repository", Effect: drift.Set, ID: "*=repositoryName", Params: "imageTagMutabilityExclusionFilters=image_tag_mutability_exclusion_filter registryId=-"},
	{Source: "ecr", Event: "PutLifecyclePolicy", Type: "aws_ecr_lifecycle_policy", Effect: drift.Create, ID: "repository=repositoryName", NewID: "repositoryName", Within: "aws_ecr_repository name=repositoryName", Params: "lifecyclePolicyText=policy registryId=-"},
	{Source: "ecr", Event: "SetRepositoryPolicy", Type: "aws_ecr_repository_policy", Effect: drift.Create, ID: "repository=repositoryName", NewID: "repositoryName", Within: "aws_ecr_repository name=repositoryName", Params: "policyText=policy registryId=-"},
}
