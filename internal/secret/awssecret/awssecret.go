// Package awssecret reads secrets of AWS Secrets Manager, by name or ARN: a
// backend of package secret. It takes secretsmanager:GetSecretValue on them,
// and kms:Decrypt where they are encrypted with a key of your own.
package awssecret

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"tfdrift/internal/amazon"
	"tfdrift/internal/drift"
)

// Manager implements [secret.Store]. It asks for credentials when it first
// needs them.
type Manager struct {
	load func(context.Context) (aws.Config, error)

	mu     sync.Mutex
	client *secretsmanager.Client
}

// New returns one whose region and credentials are those that load returns. A
// secret that is named by its ARN is read in the region that the ARN names.
func New(load func(context.Context) (aws.Config, error)) *Manager { return &Manager{load: load} }

func (m *Manager) open(ctx context.Context) (*secretsmanager.Client, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.client == nil {
		cfg, err := m.load(ctx)
		if err != nil {
			return nil, fmt.Errorf("the configuration of AWS cannot be read (%v); check AWS_PROFILE and ~/.aws/config: %w", err, drift.ErrInvalid)
		}
		m.client = secretsmanager.NewFromConfig(cfg)
	}
	return m.client, nil
}

// Read implements [secret.Store].
func (m *Manager) Read(ctx context.Context, name string) (string, error) {
	client, err := m.open(ctx)
	if err != nil {
		return "", fmt.Errorf("AWS secret %s: %w", name, err)
	}
	region := client.Options().Region
	if arn := strings.Split(name, ":"); len(arn) == 7 && arn[0] == "arn" {
		region = arn[3]
	}
	if region == "" {
		return "", fmt.Errorf("AWS secret %s: in which region? Set AWS_REGION, or name the secret by its ARN: %w", name, drift.ErrInvalid)
	}
	out, err := client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &name}, func(o *secretsmanager.Options) { o.Region = region })
	if err != nil {
		return "", fmt.Errorf("AWS secret %s: %w", name, explain(ctx, err, name, region))
	}
	value := aws.ToString(out.SecretString)
	if value == "" {
		value = string(out.SecretBinary)
	}
	if value == "" {
		return "", fmt.Errorf("AWS secret %s is empty: %w", name, drift.ErrNotFound)
	}
	return value, nil
}

// explain says what an error means and what to do. The codes are those of the
// Secrets Manager API Reference, "GetSecretValue".
func explain(ctx context.Context, err error, name, region string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	switch a := amazon.AnswerOf(err); {
	case a.Code == "ResourceNotFoundException":
		return fmt.Errorf("there is none of this name in %s, or it has no value; is it in another region or account? Then name it by its ARN: %w", region, drift.ErrNotFound)
	case a.Code == "InvalidRequestException":
		return fmt.Errorf("it is marked for deletion (%s); restore it: %w", a.Message, drift.ErrNotFound)
	case a.Code == "ValidationException" || a.Code == "InvalidParameterException":
		return fmt.Errorf("this is no name or ARN of a secret (%s): %w", a.Message, drift.ErrInvalid)
	case a.Code == "DecryptionFailure" || a.Code == "AccessDeniedException" && strings.Contains(strings.ToLower(a.Message), "kms"):
		return fmt.Errorf("KMS denied (%s); allow kms:Decrypt on the key of the secret, in the role's policy and in the key's own: %w", a.Message, drift.ErrRetry)
	case a.Code == "AccessDeniedException":
		if !strings.HasPrefix(name, "arn:") {
			name = "arn:aws:secretsmanager:" + region + ":*:secret:" + name + "-??????"
		}
		return fmt.Errorf("access denied (%s); allow secretsmanager:GetSecretValue on %s: %w", a.Message, name, drift.ErrRetry)
	}
	return amazon.Explain("Secrets Manager", err)
}
