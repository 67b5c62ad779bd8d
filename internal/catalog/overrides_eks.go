package catalog

import "tfdrift/internal/drift"

// eksOverrides: EKS logs what stands in the request's path too, a cluster's name
// as clusterName or name.
var eksOverrides = [...]Row{
	{Source: "eks", Event: "AssociateAccessPolicy", Type: "aws_eks_access_policy_association", Effect: drift.Create, ID: "cluster_name=clusterName|name policy_arn=policyArn principal_arn=principalArn", NewID: "{clusterName|name}#{principalArn}#{policyArn}", Within: "aws_eks_cluster name=clusterName|name", Params: "name=- clusterName=-"},
	{Source: "eks", Event: "AssociateEncryptionConfig", Type: "aws_eks_cluster", Effect: drift.Set, ID: "*=clusterName|name", Params: "encryptionConfig=encryption_config"},
	{Source: "eks", Event: "AssociateIdentityProviderConfig", Type: "aws_eks_identity_provider_config", Effect: drift.Create, ID: "cluster_name=clusterName|name identity_provider_config_name=oidc.identityProviderConfigName", NewID: "{clusterName|name}:{oidc.identityProviderConfigName}", Within: "aws_eks_cluster name=clusterName|name"},
	{Source: "eks", Event: "CreateAccessEntry", Type: "aws_eks_access_entry", Effect: drift.Create, ID: "cluster_name=clusterName|name principal_arn=principalArn", NewID: "{clusterName|name}:{principalArn}", Params: "username=user_name"},
	{Source: "eks", Event: "DeleteAccessEntry", Type: "aws_eks_access_entry", Effect: drift.Delete, ID: "cluster_name=clusterName|name principal_arn=principalArn", NewID: "{clusterName|name}:{principalArn}"},
	{Source: "eks", Event: "DeleteAddon", Type: "aws_eks_addon", Effect: drift.Delete, ID: "addon_name=addonName cluster_name=clusterName|name", NewID: "{clusterName|name}:{addonName}"},
	{Source: "eks", Event: "DeleteCapability", Type: "aws_eks_capability", Effect: drift.Delete, ID: "capability_name=capabilityName cluster_name=clusterName|name"},
	{Source: "eks", Event: "DeleteFargateProfile", Type: "aws_eks_fargate_profile", Effect: drift.Delete, ID: "fargate_profile_name=fargateProfileName cluster_name=clusterName|name", NewID: "{clusterName|name}:{fargateProfileName}"},
	{Source: "eks", Event: "DeleteNodegroup", Type: "aws_eks_node_group", Effect: drift.Delete, ID: "node_group_name=nodegroupName cluster_name=clusterName|name", NewID: "{clusterName|name}:{nodegroupName}"},
	{Source: "eks", Event: "DisassociateAccessPolicy", Type: "aws_eks_access_policy_association", Effect: drift.Delete, ID: "cluster_name=clusterName|name policy_arn=policyArn principal_arn=principalArn", NewID: "{clusterName|name}#{principalArn}#{policyArn}"},
	{Source: "eks", Event: "DisassociateIdentityProviderConfig", Type: "aws_eks_identity_provider_config", Effect: drift.Delete, ID: "cluster_name=clusterName|name identity_provider_config_name=identityProviderConfig.name", NewID: "{clusterName|name}:{identityProviderConfig.name}"},
	{Source: "eks", Event: "UpdateAccessEntry", Type: "aws_eks_access_entry", Effect: drift.Set, ID: "cluster_name=clusterName|name principal_arn=principalArn", Params: "username=user_name"},
	{Source: "eks", Event: "UpdateAddon", Type: "aws_eks_addon", Effect: drift.Set, ID: "addon_name=addonName cluster_name=clusterName|name", Params: "podIdentityAssociations=pod_identity_association resolveConflicts=- name=-"},
	{Source: "eks", Event: "UpdateClusterConfig", Effect: drift.Set, Shape: eksClusterConfig, Types: "aws_eks_cluster:name", Params: "resourcesVpcConfig=vpc_config"},
	{Source: "eks", Event: "UpdateNodegroupConfig", Type: "aws_eks_node_group", Effect: drift.Set, ID: "node_group_name=nodegroupName cluster_name=clusterName|name", Params: "labels.addOrUpdateLabels=labels+ labels.removeLabels=labels- taints.addOrUpdateTaints=taint~ taints.removeTaints=taint- nodeRepairConfig=node_repair_config name=-"},
	{Source: "eks", Event: "UpdateNodegroupVersion", Type: "aws_eks_node_group", Effect: drift.Set, ID: "node_group_name=nodegroupName cluster_name=clusterName|name", Params: "force=- name=-"},
}
