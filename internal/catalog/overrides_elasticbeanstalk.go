package catalog

import "tfdrift/internal/drift"

// elasticbeanstalkOverrides: see the AWS Elastic Beanstalk API Reference.
var elasticbeanstalkOverrides = [...]Row{
	{Source: "elasticbeanstalk", Event: "CreateApplication", Type: "aws_elastic_beanstalk_application", Effect: drift.Create, ID: "*=applicationName", NewID: "applicationName"},
	{Source: "elasticbeanstalk", Event: "UpdateApplicationResourceLifecycle", Type: "aws_elastic_beanstalk_application", Effect: drift.Set, ID: "*=applicationName", Params: "resourceLifecycleConfig.serviceRole=appversion_lifecycle.service_role resourceLifecycleConfig.versionLifecycleConfig.maxCountRule.maxCount=appversion_lifecycle.max_count resourceLifecycleConfig.versionLifecycleConfig.maxAgeRule.maxAgeInDays=appversion_lifecycle.max_age_in_days resourceLifecycleConfig.versionLifecycleConfig.maxCountRule.deleteSourceFromS3=appversion_lifecycle.delete_source_from_s3 resourceLifecycleConfig.versionLifecycleConfig.maxCountRule.enabled=- resourceLifecycleConfig.versionLifecycleConfig.maxAgeRule.enabled=- resourceLifecycleConfig.versionLifecycleConfig.maxAgeRule.deleteSourceFromS3=-"},
	{Source: "elasticbeanstalk", Event: "UpdateConfigurationTemplate", Type: "aws_elastic_beanstalk_configuration_template", Effect: drift.Set, ID: "name=templateName application=applicationName", Params: "optionSettings=setting~ optionsToRemove=setting-"},
	{Source: "elasticbeanstalk", Event: "UpdateEnvironment", Type: "aws_elastic_beanstalk_environment", Effect: drift.Set, ID: "*=environmentId|environmentName", Params: "applicationName=- optionSettings=setting~ optionsToRemove=setting- templateName=template_name"},
	{Source: "elasticbeanstalk", Event: "UpdateTagsForResource", Type: "aws_elastic_beanstalk_application", Effect: drift.Set, ID: "*=resourceArn", Params: "tagsToAdd=tags+ tagsToRemove=tags-"},
	{Source: "elasticbeanstalk", Event: "UpdateTagsForResource", Type: "aws_elastic_beanstalk_application_version", Effect: drift.Set, ID: "*=resourceArn", Params: "tagsToAdd=tags+ tagsToRemove=tags-"},
	{Source: "elasticbeanstalk", Event: "UpdateTagsForResource", Type: "aws_elastic_beanstalk_environment", Effect: drift.Set, ID: "*=resourceArn", Params: "tagsToAdd=tags+ tagsToRemove=tags-"},
}
