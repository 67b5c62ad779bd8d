package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"tfdrift/internal/amazon"
	"tfdrift/internal/drift"
)

// explain says what an error of the SDK means: [drift.ErrConflict] for a
// condition that does not hold, [drift.ErrInvalid] for what can never be written,
// [drift.ErrRetry] for everything that passes or that somebody can mend. A
// missing table is not [drift.ErrNotFound]: that would be an answer.
func (t *Table) explain(err error) error {
	if err == nil {
		return nil
	}
	var (
		condition *types.ConditionalCheckFailedException
		canceled  *types.TransactionCanceledException
		missing   *types.ResourceNotFoundException
		api       smithy.APIError
	)
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("table %s: out of time (%w): %w", t.Name, err, drift.ErrRetry)
	case errors.As(err, &condition):
		return fmt.Errorf("table %s: %w", t.Name, drift.ErrConflict)
	case errors.As(err, &canceled):
		return t.canceled(canceled)
	case errors.As(err, &missing):
		return fmt.Errorf("table %s does not exist in region %s; is its name right, and the stack deployed there? %w", t.Name, t.client.Options().Region, drift.ErrRetry)
	case errors.As(err, &api):
		if refusal := t.refusal(api.ErrorCode(), api.ErrorMessage()); refusal != nil {
			return refusal
		}
	}
	return fmt.Errorf("table %s: %w", t.Name, amazon.Explain("DynamoDB", err))
}

func (t *Table) canceled(err *types.TransactionCanceledException) error {
	if refused(err) {
		return fmt.Errorf("table %s: %w", t.Name, drift.ErrConflict)
	}
	for _, r := range err.CancellationReasons {
		if refusal := t.refusal(aws.ToString(r.Code), aws.ToString(r.Message)); refusal != nil {
			return refusal
		}
	}
	return fmt.Errorf("table %s: %s: %w", t.Name, err.ErrorMessage(), drift.ErrRetry)
}

// refusal is the error of a code, nil of one that says nothing of the table.
// Messages of DynamoDB name items and limits, never values.
func (t *Table) refusal(code, message string) error {
	switch {
	case strings.HasPrefix(code, "Validation"), code == "ItemCollectionSizeLimitExceededException", code == "ItemCollectionSizeLimitExceeded":
		return fmt.Errorf("table %s: %s (%s): %w", t.Name, message, code, drift.ErrInvalid)
	case strings.Contains(code, "Throughput"), strings.Contains(code, "Throttling"), code == "RequestLimitExceeded":
		return fmt.Errorf("table %s: still throttled after %d attempts (%s); it passes, or the table's or the account's limit is too low: %w", t.Name, attempts, code, drift.ErrRetry)
	case code == "AccessDeniedException":
		return fmt.Errorf("table %s: access denied (%s); let the function's role do this on the table, and use its KMS key: %w", t.Name, message, drift.ErrRetry)
	}
	return nil
}
