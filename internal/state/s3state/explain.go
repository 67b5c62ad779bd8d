package s3state

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"tfdrift/internal/amazon"
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
	a := amazon.AnswerOf(err)
	switch {
	case errors.Is(err, drift.ErrInvalid):
		return err
	case a.Status == 412:
		return fmt.Errorf("it was written anew meanwhile: %w", drift.ErrConflict)
	case a.Code == "NoSuchBucket":
		return b.noBucket()
	case a.Status == 404:
		return fmt.Errorf("there is no such object; is the key right? That of a workspace begins with env:/NAME/: %w", drift.ErrNotFound)
	case strings.HasPrefix(a.Code, "KMS.") || strings.Contains(a.Message, "kms:"):
		return b.explainKMS(a, action)
	case a.Code == "InvalidObjectState":
		return fmt.Errorf("it is archived; restore it, or give a longer prefix: %w", drift.ErrInvalid)
	case a.Code == "InvalidBucketName":
		return fmt.Errorf("%s is no name of a bucket: %w", b.name, drift.ErrInvalid)
	case a.Status == 403 && !a.Stranger():
		return b.explainDenied(a.Message, action, key)
	}
	return amazon.Explain("S3", err)
}

// keyARN finds the key in what S3 repeats of an answer of KMS.
var keyARN = regexp.MustCompile(`arn:[a-z-]+:kms:[a-z0-9-]+:\d+:key/[A-Za-z0-9-]+`)

func (b *bucket) explainKMS(a amazon.Answer, action string) error {
	key := keyARN.FindString(a.Message)
	if key == "" {
		key = "the key that encrypts the object"
	}
	switch a.Code {
	case "KMS.DisabledException", "KMS.KMSInvalidStateException", "KMS.NotFoundException":
		return fmt.Errorf("KMS cannot use %s (%s); enable it, or cancel its deletion: %w", key, a.Code, drift.ErrRetry)
	}
	kms := "kms:Decrypt"
	if action == "s3:PutObject" {
		kms = "kms:Decrypt and kms:GenerateDataKey"
	}
	return fmt.Errorf("KMS denied (%s); allow %s on %s, in the role's policy and in the key's own: %w", a.Message, kms, key, state.ErrDenied)
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
