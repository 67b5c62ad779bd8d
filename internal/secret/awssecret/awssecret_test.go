package awssecret_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"

	"tfdrift/internal/drift"
	"tfdrift/internal/secret/awssecret"
	"tfdrift/internal/secret/awssecret/awssecrettest"
	"tfdrift/internal/secret/secrettest"
)

func newManager() *awssecret.Manager {
	return awssecret.New(func(ctx context.Context) (aws.Config, error) {
		return config.LoadDefaultConfig(ctx, config.WithRetryMaxAttempts(1))
	})
}

func TestSecretsManagerKeepsTheContract(t *testing.T) {
	secrettest.Run(t, func(t *testing.T) secrettest.Place {
		server := awssecrettest.Start(t)
		return secrettest.Place{Store: newManager(), Set: server.Set, Refuse: func(refuse bool) {
			if server.Refuse("", ""); refuse {
				server.Refuse("AccessDeniedException", "not authorized")
			}
		}}
	})
}

func TestASecretIsReadInTheRegionOfItsARN(t *testing.T) {
	server, m := awssecrettest.Start(t), newManager()
	const arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/slack-AbCdEf"
	for _, name := range []string{"prod/slack", arn} {
		server.Set(name, "v")
		if _, err := m.Read(t.Context(), name); err != nil {
			t.Error(err)
		}
		if _, region := server.Reads(); region != map[bool]string{true: "eu-west-1", false: "us-east-1"}[name == arn] {
			t.Errorf("%s was read in %s", name, region)
		}
	}
	t.Setenv("AWS_REGION", "")
	m = newManager()
	if _, err := m.Read(t.Context(), arn); err != nil {
		t.Error(err)
	}
	if _, err := m.Read(t.Context(), "prod/slack"); !errors.Is(err, drift.ErrInvalid) || !strings.Contains(err.Error(), "AWS_REGION") {
		t.Errorf("without a region: error %v", err)
	}
}

func TestErrorsNameCauseAndRemedy(t *testing.T) {
	server, m := awssecrettest.Start(t), newManager()
	for _, test := range []struct {
		code, message string
		kind          error
		says          string
	}{
		{"ResourceNotFoundException", "x", drift.ErrNotFound, "AWS secret prod/slack: there is none of this name in us-east-1"},
		{"InvalidRequestException", "marked deleted", drift.ErrNotFound, "restore it"},
		{"ValidationException", "Invalid name", drift.ErrInvalid, "no name or ARN"},
		{"AccessDeniedException", "User: x is not authorized", drift.ErrRetry, "allow secretsmanager:GetSecretValue on arn:aws:secretsmanager:us-east-1:*:secret:prod/slack-??????"},
		{"AccessDeniedException", "Access to KMS is not allowed", drift.ErrRetry, "allow kms:Decrypt"},
		{"DecryptionFailure", "x", drift.ErrRetry, "allow kms:Decrypt"},
		{"ExpiredTokenException", "x", drift.ErrRetry, "the session has expired"},
		{"ThrottlingException", "Rate exceeded", drift.ErrRetry, "Secrets Manager answered with status 400 ThrottlingException"},
	} {
		server.Refuse(test.code, test.message)
		if _, err := m.Read(t.Context(), "prod/slack"); !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: error %v, want %q", test.code, err, test.says)
		}
	}
	t.Setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:1")
	if _, err := newManager().Read(t.Context(), "prod/slack"); !errors.Is(err, drift.ErrRetry) || !strings.Contains(err.Error(), "Secrets Manager cannot be reached") {
		t.Errorf("error %v", err)
	}
}
