package catalog

import "tfdrift/internal/drift"

// sagemakerOverrides: see the Amazon SageMaker API Reference. Jobs, executions and invocations are nobody's configuration.
var sagemakerOverrides = [...]Row{
	{Source: "sagemaker", Event: "CreateDataQualityJobDefinition", Type: "aws_sagemaker_data_quality_job_definition", Effect: drift.Create, ID: "*=jobDefinitionName", NewID: "jobDefinitionName"},
	{Source: "sagemaker", Event: "CreateEndpoint", Type: "aws_sagemaker_endpoint", Effect: drift.Create, ID: "*=endpointName", NewID: "endpointName"},
	{Source: "sagemaker", Event: "CreateEndpointConfig", Type: "aws_sagemaker_endpoint_configuration", Effect: drift.Create, ID: "*=endpointConfigName", NewID: "endpointConfigName"},
	{Source: "sagemaker", Event: "CreateHyperParameterTuningJob", Effect: drift.Silent},
	{Source: "sagemaker", Event: "CreateLabelingJob", Effect: drift.Silent},
	{Source: "sagemaker", Event: "CreateModel", Type: "aws_sagemaker_model", Effect: drift.Create, ID: "*=modelName", Params: "containers=container", NewID: "modelName"},
	{Source: "sagemaker", Event: "CreateModelCardExportJob", Effect: drift.Silent},
	{Source: "sagemaker", Event: "CreateProcessingJob", Effect: drift.Silent},
	{Source: "sagemaker", Event: "CreateTrainingJob", Effect: drift.Silent},
	{Source: "sagemaker", Event: "CreateTransformJob", Effect: drift.Silent},
	{Source: "sagemaker", Event: "DeleteModelPackage", Effect: drift.Silent},
	{Source: "sagemaker", Event: "DeleteSpace", Type: "aws_sagemaker_space", Effect: drift.Delete, ID: "space_name=spaceName domain_id=domainId", NewID: "arn:aws:sagemaker:{region}:{account}:space/{domainId}/{spaceName}"},
	{Source: "sagemaker", Event: "DeleteUserProfile", Type: "aws_sagemaker_user_profile", Effect: drift.Delete, ID: "user_profile_name=userProfileName domain_id=domainId", NewID: "arn:aws:sagemaker:{region}:{account}:user-profile/{domainId}/{userProfileName}"},
	{Source: "sagemaker", Event: "DeregisterDevices", Type: "aws_sagemaker_device", Effect: drift.Delete, ID: "device_fleet_name=deviceFleetName"},
	{Source: "sagemaker", Event: "PutModelPackageGroupPolicy", Type: "aws_sagemaker_model_package_group_policy", Effect: drift.Create, ID: "model_package_group_name=modelPackageGroupName", NewID: "modelPackageGroupName", Within: "aws_sagemaker_model_package_group *=modelPackageGroupName"},
	{Source: "sagemaker", Event: "StartNotebookInstance", Effect: drift.Silent},
	{Source: "sagemaker", Event: "StopHyperParameterTuningJob", Effect: drift.Silent},
	{Source: "sagemaker", Event: "StopLabelingJob", Effect: drift.Silent},
	{Source: "sagemaker", Event: "StopNotebookInstance", Effect: drift.Silent},
	{Source: "sagemaker", Event: "StopTrainingJob", Effect: drift.Silent},
	{Source: "sagemaker", Event: "UpdateEndpoint", Type: "aws_sagemaker_endpoint", Effect: drift.Set, ID: "*=endpointName", Params: "retainAllVariantProperties=- excludeRetainedVariantProperties=- retainDeploymentConfig=-"},
	{Source: "sagemaker", Event: "UpdateImageVersion", Type: "aws_sagemaker_image_version", Effect: drift.Set, ID: "image_name=imageName", Params: "aliasesToAdd=aliases+ aliasesToDelete=aliases- alias=- version=-"},
	{Source: "sagemaker", Event: "UpdateNotebookInstance", Type: "aws_sagemaker_notebook_instance", Effect: drift.Set, ID: "*=notebookInstanceName", Params: "volumeSizeInGB=volume_size disassociateLifecycleConfig=- disassociateDefaultCodeRepository=- disassociateAdditionalCodeRepositories=- disassociateAcceleratorTypes=-"},
	{Source: "sagemaker", Event: "UpdateTrainingJob", Effect: drift.Silent},
}
