// Package amazon says what those errors of the AWS SDK mean that every service
// has in common: credentials, clocks, ways. What a service's own errors mean is
// its backend's to say.
package amazon

import (
	"errors"
	"fmt"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"tfdrift/internal/drift"
)

// Answer is what a service said to a call that failed; the zero Answer, that
// there was none.
type Answer struct {
	Status        int // of HTTP
	Code, Message string
}

// AnswerOf finds the answer in an error of the SDK.
func AnswerOf(err error) (a Answer) {
	var api smithy.APIError
	if errors.As(err, &api) {
		a.Code, a.Message = api.ErrorCode(), api.ErrorMessage()
	}
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) {
		a.Status = response.HTTPStatusCode()
	}
	return a
}

// badCredentials are the codes by which services refuse those who call. The
// names are those of the S3 API Reference and of "Common error types".
var badCredentials = map[string]string{
	"InvalidAccessKeyId":          "the access key is not known to AWS",
	"InvalidClientTokenId":        "the access key is not known to AWS",
	"UnrecognizedClientException": "the access key or the session token is not known to AWS",
	"SignatureDoesNotMatch":       "the secret access key is wrong",
	"InvalidSignatureException":   "the secret access key is wrong, or this machine's clock",
	"ExpiredToken":                "the session has expired",
	"ExpiredTokenException":       "the session has expired",
	"TokenRefreshRequired":        "the session has expired",
	"InvalidToken":                "the session token is wrong",
}

// Stranger reports whether it is not what was called for that was refused, but
// whoever called.
func (a Answer) Stranger() bool {
	return badCredentials[a.Code] != "" || a.Code == "RequestTimeTooSkewed"
}

// Explain names the cause of a service's error, and the remedy. Its errors are
// [drift.ErrRetry]: somebody mends it, or it passes.
func Explain(service string, err error) error {
	a := AnswerOf(err)
	switch {
	case badCredentials[a.Code] != "":
		return fmt.Errorf("%s (%s); check AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN, or the role: %w", badCredentials[a.Code], a.Code, drift.ErrRetry)
	case a.Code == "RequestTimeTooSkewed":
		return fmt.Errorf("this machine's clock differs from that of %s; set it right: %w", service, drift.ErrRetry)
	case a.Status == 0 && strings.Contains(err.Error(), "get credentials"):
		return fmt.Errorf("there are no credentials for AWS; give AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where there is a role (%v): %w", cause(err), drift.ErrRetry)
	case a.Status == 0:
		return fmt.Errorf("%s cannot be reached (%v); is there a way to it, a proxy or a VPC endpoint? %w", service, cause(err), drift.ErrRetry)
	}
	return fmt.Errorf("%s answered with status %d %s %s: %w", service, a.Status, a.Code, a.Message, drift.ErrRetry)
}

// cause is the innermost error: what the SDK puts around it names operations,
// not causes.
func cause(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err
}
