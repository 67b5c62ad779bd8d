package catalog

import "tfdrift/internal/drift"

// cloudfrontOverrides: see the Amazon CloudFront API Reference.
var cloudfrontOverrides = [...]Row{
	{Source: "cloudfront", Event: "AssociateAlias", Type: "aws_cloudfront_distribution", Effect: drift.Set, ID: "*=targetDistributionId", Params: "alias=aliases+"},
	{Source: "cloudfront", Event: "CreateDistribution", Type: "aws_cloudfront_distribution", Effect: drift.Create, ID: "*=response:distribution.id", NewID: "response:distribution.id", When: "distributionConfig.connectionMode!=tenant-only", Types: "aws_cloudfront_distribution:id", Shape: cloudfrontDistribution},
	{Source: "cloudfront", Event: "CreateDistribution", Type: "aws_cloudfront_multitenant_distribution", Effect: drift.Create, ID: "*=response:distribution.id", NewID: "response:distribution.id", When: "distributionConfig.connectionMode=tenant-only"},
	{Source: "cloudfront", Event: "CreateDistributionWithTags", Type: "aws_cloudfront_distribution", Effect: drift.Create, ID: "*=response:distribution.id", NewID: "response:distribution.id", Types: "aws_cloudfront_distribution:id", Shape: cloudfrontDistribution},
	{Source: "cloudfront", Event: "CreateDistributionWithTags", Type: "aws_cloudfront_multitenant_distribution", Effect: drift.Silent},
	{Source: "cloudfront", Event: "CreateInvalidation", Effect: drift.Silent},
	{Source: "cloudfront", Event: "PublishFunction", Type: "aws_cloudfront_function", Effect: drift.Set, ID: "*=name", Sets: "publish=true"},
	{Source: "cloudfront", Event: "UpdateContinuousDeploymentPolicy", Type: "aws_cloudfront_distribution", Effect: drift.Silent},
	{Source: "cloudfront", Event: "UpdateDistribution", Type: "aws_cloudfront_distribution", Effect: drift.Set, ID: "*=id", Types: "aws_cloudfront_distribution:id", Shape: cloudfrontDistribution},
	{Source: "cloudfront", Event: "UpdateFunction", Type: "aws_cloudfront_function", Effect: drift.Set, ID: "*=name", Params: "functionCode=code"},
}
