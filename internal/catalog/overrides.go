package catalog

import "tfdrift/internal/drift"

// overrides lists the hand-written rows of a provider, a list for each source.
// A list is sorted by event, then type; its rows win over derived ones:
//
//   - Type named: the row replaces the derived row of that type, or adds one.
//     Effect Silent drops just that type.
//   - Type "" and Effect Silent: the operation changes nothing; it stands alone.
//   - Type "" and a Shape: the shape says all that the operation does; the
//     derived rows beside it only tell people which types there are.
//
// They are arrays of literals rather than maps so that they cost no start-up
// time.
func overrides(provider drift.Provider) [][]Row {
	if provider == drift.AWS {
		return awsOverrides[:]
	}
	return gcpOverrides[:]
}

var awsOverrides = [...][]Row{
	acmOverrides[:],
	acmpcaOverrides[:],
	amazonmqOverrides[:],
	amplifyOverrides[:],
	apigatewayOverrides[:],
	appsyncOverrides[:],
	athenaOverrides[:],
	autoscalingOverrides[:],
	backupOverrides[:],
	budgetsOverrides[:],
	cloudfrontOverrides[:],
	cloudtrailOverrides[:],
	codebuildOverrides[:],
	codepipelineOverrides[:],
	cognitoOverrides[:],
	configOverrides[:],
	datasyncOverrides[:],
	daxOverrides[:],
	dmsOverrides[:],
	dsOverrides[:],
	dynamodbOverrides[:],
	ec2Overrides[:],
	ecrOverrides[:],
	ecsOverrides[:],
	eksOverrides[:],
	elasticacheOverrides[:],
	elasticbeanstalkOverrides[:],
	elasticfilesystemOverrides[:],
	elasticloadbalancingOverrides[:],
	elasticmapreduceOverrides[:],
	esOverrides[:],
	eventsOverrides[:],
	firehoseOverrides[:],
	fsxOverrides[:],
	globalacceleratorOverrides[:],
	glueOverrides[:],
	guarddutyOverrides[:],
	iamOverrides[:],
	inspector2Overrides[:],
	kafkaOverrides[:],
	kinesisOverrides[:],
	kmsOverrides[:],
	lambdaOverrides[:],
	lightsailOverrides[:],
	logsOverrides[:],
	macie2Overrides[:],
	memorydbOverrides[:],
	monitoringOverrides[:],
	networkfirewallOverrides[:],
	organizationsOverrides[:],
	ramOverrides[:],
	rdsOverrides[:],
	redshiftOverrides[:],
	redshiftserverlessOverrides[:],
	route53Overrides[:],
	route53resolverOverrides[:],
	s3Overrides[:],
	sagemakerOverrides[:],
	schedulerOverrides[:],
	secretsmanagerOverrides[:],
	securityhubOverrides[:],
	servicediscoveryOverrides[:],
	sesOverrides[:],
	snsOverrides[:],
	sqsOverrides[:],
	ssmOverrides[:],
	statesOverrides[:],
	transferOverrides[:],
	wafv2Overrides[:],
	workspacesOverrides[:],
}

var gcpOverrides = [...][]Row{
	googleAlloyDBOverrides[:],
	googleArtifactOverrides[:],
	googleBigQueryOverrides[:],
	googleBigtableOverrides[:],
	googleBuildOverrides[:],
	googleComputeOverrides[:],
	googleContainerOverrides[:],
	googleDNSOverrides[:],
	googleDataprocOverrides[:],
	googleEventarcOverrides[:],
	googleFunctionsOverrides[:],
	googleIAMOverrides[:],
	googleKMSOverrides[:],
	googleLoggingOverrides[:],
	googleMemcacheOverrides[:],
	googleMonitoringOverrides[:],
	googlePubSubOverrides[:],
	googleRedisOverrides[:],
	googleResourceManagerOverrides[:],
	googleRunOverrides[:],
	googleSQLOverrides[:],
	googleSchedulerOverrides[:],
	googleSecretManagerOverrides[:],
	googleServiceUsageOverrides[:],
	googleSpannerOverrides[:],
	googleStorageOverrides[:],
	googleTasksOverrides[:],
	googleVPCAccessOverrides[:],
}
