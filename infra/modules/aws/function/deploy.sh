#!/bin/sh
# Has CodeDeploy move the alias "live" of $FUNCTION from version $OLD to $NEW, as fast as the deployment group says, and waits.
set -eu
[ "$OLD" != "$NEW" ] || exit 0 # as it was made
command -v aws >/dev/null || {
	echo "$FUNCTION: version $NEW is published, and the alias is at $OLD still: the AWS CLI moves it, and is not here. Install it and apply again." >&2
	exit 1
}
spec="{\"version\":0.0,\"Resources\":[{\"function\":{\"Type\":\"AWS::Lambda::Function\",\"Properties\":{\"Name\":\"$FUNCTION\",\"Alias\":\"live\",\"CurrentVersion\":\"$OLD\",\"TargetVersion\":\"$NEW\"}}}]}"
escaped=$(printf %s "$spec" | sed 's/"/\\"/g')
id=$(aws deploy create-deployment --region "$REGION" --application-name "$APPLICATION" --deployment-group-name "$GROUP" \
	--revision "{\"revisionType\":\"AppSpecContent\",\"appSpecContent\":{\"content\":\"$escaped\"}}" --query deploymentId --output text)
echo "$FUNCTION: deployment $id moves the alias from version $OLD to $NEW"
while :; do
	status=$(aws deploy get-deployment --region "$REGION" --deployment-id "$id" --query deploymentInfo.status --output text)
	case $status in
	Succeeded) exit 0 ;;
	Failed | Stopped) break ;;
	esac
	sleep "${PAUSE:-15}"
done
echo "$FUNCTION: deployment $id is $status, and the alias at version $OLD still. aws deploy get-deployment --deployment-id $id says why." >&2
exit 1
