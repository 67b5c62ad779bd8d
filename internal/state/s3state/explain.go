package s3state

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"tfdrift/internal/drift"
	"tfdrift/internal/state"
)

// explain turns an error of the SDK into one that says what is wrong and what
// to do, and wraps the sentinel that says what the caller does. Its codes are
// those of the Amazon S3 API Reference, "Error responses"; a HEAD has only the
// status.
func (b *bucket) explain(ctx context.Context, err error, action, key string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var api smithy.APIError
	code, message := "", ""
	if errors.As(err, &api) {
		code, message = api.ErrorCode(), api.ErrorMessage()
	}
	status := 0
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) {
		status = response.HTTPStatusCode()
	}
	switch {
	case errors.Is(err, drift.ErrInvalid):
		return err
	case status == 412:
		return fmt.Errorf("it was written anew meanwhile: %w", drift.ErrConflict)
	case code == "NoSuchBucket":
		return b.noBucket()
	case status == 404:
		return fmt.Errorf("there is no such object; is the key right? That of a workspace begins with env:/NAME/: %w", drift.ErrNotFound)
	case strings.HasPrefix(code, "KMS.") || strings.Contains(message, "kms:"):
		return b.explainKMS(code, message, action)
	case code == "InvalidObjectState":
		return fmt.Errorf("it is archived; restore it, or give a longer prefix: %w", drift.ErrInvalid)
	case code == "InvalidBucketName":
		return fmt.Errorf("%s is no name of a bucket: %w", b.name, drift.ErrInvalid)
	case badCredentials[code] != "":
		return fmt.Errorf("%s (%s); check AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN, or the role: %w", badCredentials[code], code, drift.ErrRetry)
	case code == "RequestTimeTooSkewed":
		return fmt.Errorf("this machine's clock differs from that of S3; set it right: %w", drift.ErrRetry)
	case status == 403:
		return b.explainDenied(message, action, key)
	case status == 0 && strings.Contains(err.Error(), "get credentials"):
		return fmt.Errorf("there are no credentials for AWS; give AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where there is a role (%v): %w", cause(err), drift.ErrRetry)
	case status == 0:
		return fmt.Errorf("S3 cannot be reached (%v); is there a way to it, a proxy or a VPC endpoint? %w", cause(err), drift.ErrRetry)
	}
	return fmt.Errorf("S3 answered with status %d %s %s: %w", status, code, message, drift.ErrRetry)
}

var badCredentials = map[string]string{
	"InvalidAccessKeyId":    "the access key is not known to AWS",
	"SignatureDoesNotMatch": "the secret access key is wrong",
	"ExpiredToken":          "the session has expired",
	"TokenRefreshRequired":  "the session has expired",
	"InvalidToken":          "the session token is wrong",
}

// keyARN finds the key in what S3 repeats of an answer of KMS.
var keyARN = regexp.MustCompile(`arn:[a-z-]+:kms:[a-z0-9-]+:\d+:key/[A-Za-z0-9-]+`)

func (b *bucket) explainKMS(code, message, action string) error {
	key := keyARN.FindString(message)
	if key == "" {
		key = "the key that encrypts the object"
	}
	switch code {
	case "KMS.DisabledException", "KMS.KMSInvalidStateException", "KMS.NotFoundException":
		return fmt.Errorf("KMS cannot use %s (%s); enable it, or cancel its deletion: %w", key, code, drift.ErrRetry)
	}
	kms := "kms:Decrypt"
	if action == "s3:PutObject" {
		kms = "kms:Decrypt and kms:GenerateDataKey"
	}
	return fmt.Errorf("KMS denied (%s); allow %s on %s, in the role's policy and in the key's own: %w", message, kms, key, state.ErrDenied)
}

func (b *bucket) explainDenied(message, action, key string) error {
	if message != "" && message != "Forbidden" && message != "Access Denied" {
		message = " (" + message + ")"
	} else {
		message = ""
	}
	list := ""
	if action == "s3:GetObject" {
		list = fmt.Sprintf(", and s3:ListBucket on %s, without which S3 says the same of an object that is not there", b.arn(""))
	}
	return fmt.Errorf("access denied%s; allow %s on %s%s: %w", message, action, b.arn(key), list, state.ErrDenied)
}

// cause is the innermost error: what the SDK puts around it names operations,
// not causes.
func cause(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err
}
