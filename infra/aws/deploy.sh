#!/bin/sh
# make deploy-aws: asks what is to be watched, looks whether events of it will come, and deploys the stack with SAM or Terraform. Answers are kept in
# deploy-aws.env for the next time. It changes nothing outside the stack, except that it switches on a bucket's EventBridge notifications where told to.
set -eu
cd "$(dirname "$0")/../.."

say() { printf '%s\n' "$*" >&2; }
need() { command -v "$1" >/dev/null || { say "$1 is needed, and not here: $2"; exit 1; }; }
joined() { paste -s -d , -; } # lines, with commas between
yes() { case $1 in y | Y | yes) return 0 ;; *) return 1 ;; esac; }
ask() { # VARIABLE DEFAULT QUESTION
	eval "default=\${$1-\$2}"
	printf '%s [%s] ' "$3" "$default" >&2
	read -r answer || { answer=; say; }
	[ "$answer" != - ] || { answer=; default=; } # a dash: nothing
	eval "$1=\${answer:-\$default}"
}

need aws 'the AWS CLI, https://aws.amazon.com/cli/'
[ ! -f deploy-aws.env ] || . ./deploy-aws.env
account=$(aws sts get-caller-identity --query Account --output text) || { say 'No credentials for AWS: set AWS_PROFILE, or sign in.'; exit 1; }
region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}
[ -n "$region" ] || { say 'No region: set AWS_REGION.'; exit 1; }
export AWS_REGION="$region" AWS_DEFAULT_REGION="$region"
say "Account $account, region $region. Enter takes what is in brackets, - takes nothing."

ask TOOL sam 'Deploy with sam or terraform?'
case $TOOL in
sam) need sam 'the SAM CLI' ;;
terraform) need terraform 'Terraform 1.9 or later' ;;
*) say "$TOOL is neither sam nor terraform."; exit 1 ;;
esac
ask NAME tfdrift 'Name of the stack?'
ask CONFIG_FILE '' 'Configuration (YAML)? None: all states of some buckets, all drift, and nobody is told.'
if [ -n "$CONFIG_FILE" ]; then
	bin/tfdrift config check "$CONFIG_FILE" >&2
	: "${STATE_BUCKETS=$(sed -n "s/.*s3_bucket: *[\"']*\([a-z0-9.-]*\).*/\1/p" "$CONFIG_FILE" | sort -u | joined)}"
fi
ask STATE_BUCKETS '' 'Buckets that states are in, with commas between?'
ask ALARM_EMAIL '' 'Address for alarms?'

# The secrets that the configuration refers to, and their keys where they are not those of AWS: the notifier may read these and no others.
secrets='' keys=''
for name in $([ -z "$CONFIG_FILE" ] || grep -o "_from_aws_secret: *[\"']*[^\"' ,}#]*" "$CONFIG_FILE" | sed "s/.*: *[\"']*//" | sort -u); do
	described=$(aws secretsmanager describe-secret --secret-id "$name" --query '[ARN, KmsKeyId]' --output text) || { say "$CONFIG_FILE: the secret $name is not here."; exit 1; }
	secrets="$secrets ${described%%[[:space:]]*}"
	case $described in *arn:*:kms:*) keys="$keys ${described##*[[:space:]]}" ;; esac
done
secrets=$(printf '%s\n' $secrets | joined) keys=$(printf '%s\n' $keys | sort -u | joined)

# Whether a trail logs management events, without which EventBridge has none of them.
logged() {
	for trail in $(aws cloudtrail describe-trails --query 'trailList[].TrailARN' --output text); do
		[ "$(aws cloudtrail get-trail-status --name "$trail" --query IsLogging --output text)" = True ] || continue
		selectors=$(aws cloudtrail get-event-selectors --trail-name "$trail" --output text --query '[
			(EventSelectors || `[]`)[?IncludeManagementEvents && ReadWriteType != `"ReadOnly"`] | length(@),
			(AdvancedEventSelectors || `[]`)[?FieldSelectors[?Field == `"eventCategory"` && contains(Equals || `[]`, `"Management"`)]
				&& !(FieldSelectors[?Field == `"readOnly"` && contains(Equals || `[]`, `"true"`)])] | length(@)]') || {
			say "What $trail logs cannot be read from this account; it is taken to log management events."
			return 0
		}
		case $selectors in *[1-9]*) say "Trail $trail logs management events."; return 0 ;; esac
	done
	return 1
}
CREATE_TRAIL=${CREATE_TRAIL:-false}
if [ "$CREATE_TRAIL" = false ] && ! logged; then
	unset create
	ask create y 'No trail logs management events here, so EventBridge tells of no change. Create one (all regions; the first copy is free, S3 storage is not)?'
	if yes "$create"; then CREATE_TRAIL=true; fi
fi

# Buckets tell EventBridge of their objects only where that is switched on. What else a bucket notifies stays as it is.
for bucket in $(printf %s "$STATE_BUCKETS" | tr , ' '); do
	at=$(aws s3api get-bucket-location --bucket "$bucket" --query 'LocationConstraint || `"us-east-1"`' --output text)
	[ "$at" = "$region" ] || say "Bucket $bucket is in $at: its events reach this stack only when they are forwarded (docs/aws.md, Topologies)."
	now=$(aws s3api get-bucket-notification-configuration --bucket "$bucket" --output json)
	case $now in *EventBridgeConfiguration*) continue ;; esac
	unset on
	ask on n "Bucket $bucket does not tell EventBridge of its objects. Switch that on, beside what it notifies now? Otherwise states are read every hour only."
	yes "$on" || continue
	case $(printf %s "$now" | tr -d ' \n\t') in
	'' | '{}') new='{"EventBridgeConfiguration": {}}' ;;
	*) new="{\"EventBridgeConfiguration\": {}, ${now#*\{}" ;;
	esac
	aws s3api put-bucket-notification-configuration --bucket "$bucket" --notification-configuration "$new"
	say "Bucket $bucket tells EventBridge of its objects now."
done

for variable in TOOL NAME STATE_BUCKETS CONFIG_FILE ALARM_EMAIL CREATE_TRAIL; do
	eval "value=\$$variable"
	printf "%s='%s'\n" "$variable" "$(printf %s "$value" | sed "s/'/'\\\\''/g")"
done >deploy-aws.env

# Other inputs: for sam, as arguments (make deploy-aws ARGS="MemorySize=512"); for terraform, in infra/aws/terraform.tfvars.
if [ "$TOOL" = sam ]; then
	config=
	[ -z "$CONFIG_FILE" ] || config=$(gzip -9nc "$CONFIG_FILE" | base64 | tr -d '\n')
	# Quoted for sam, too, which refuses a value that is nothing otherwise.
	sam deploy --template-file template.yaml --stack-name "$NAME" --region "$region" --resolve-s3 --capabilities CAPABILITY_NAMED_IAM \
		--confirm-changeset --no-fail-on-empty-changeset \
		--parameter-overrides "Name=\"$NAME\"" "StateBuckets=\"$STATE_BUCKETS\"" "Config=\"$config\"" "AlarmEmail=\"$ALARM_EMAIL\"" \
		"CreateTrail=\"$CREATE_TRAIL\"" "SecretArns=\"$secrets\"" "SecretKmsKeyArns=\"$keys\"" "$@"
else
	export TF_VAR_name="$NAME" TF_VAR_alarm_email="$ALARM_EMAIL" TF_VAR_create_trail="$CREATE_TRAIL"
	listed() { [ -z "$1" ] && echo '[]' || printf '["%s"]' "$(printf %s "$1" | sed 's/,/","/g')"; }
	TF_VAR_state_buckets=$(listed "$STATE_BUCKETS") TF_VAR_secret_arns=$(listed "$secrets") TF_VAR_secret_kms_key_arns=$(listed "$keys")
	TF_VAR_config=$([ -z "$CONFIG_FILE" ] || cat "$CONFIG_FILE")
	export TF_VAR_state_buckets TF_VAR_secret_arns TF_VAR_secret_kms_key_arns TF_VAR_config
	terraform -chdir=infra/aws init -input=false
	terraform -chdir=infra/aws apply "$@"
fi
# Read all states now: the first sweep would come with the next hour only.
aws lambda invoke --function-name "$NAME-indexer:live" --invocation-type Event --cli-binary-format raw-in-base64-out --payload '{"detail-type":"tfdrift refresh"}' /dev/null >&2
say "Deployed. Change something that Terraform manages, and look at the dashboard $NAME-$region and at the log of $NAME-detector."
