package onaws

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"tfdrift/internal/drift"
)

// Environment is what a function is told by its variables; docs/aws-functions.md
// has them all. The tag of a field names its variable, and who cannot do without.
type Environment struct {
	Name       string `env:"AWS_LAMBDA_FUNCTION_NAME"` // of the function; the platform's own
	Deployment string `env:"TFDRIFT_DEPLOYMENT"`

	LedgerTable    string `env:"TFDRIFT_LEDGER_TABLE" need:"detector indexer notifier"`
	IndexTable     string `env:"TFDRIFT_INDEX_TABLE" need:"detector indexer"`
	SealingKey     string `env:"TFDRIFT_SEALING_KEY_SECRET"`
	ScheduleGroup  string `env:"TFDRIFT_SCHEDULE_GROUP" need:"detector indexer"`
	ScheduleRole   string `env:"TFDRIFT_SCHEDULE_ROLE_ARN" need:"detector indexer"`
	ScheduleTarget string `env:"TFDRIFT_SCHEDULE_TARGET_ARN" need:"detector indexer"`
	StateBackup    string `env:"TFDRIFT_STATE_BACKUP"`
	RetryQueue     string `env:"TFDRIFT_RETRY_QUEUE_URL" need:"notifier"`
	FailedQueue    string `env:"TFDRIFT_FAILED_QUEUE_URL"`
}

// readEnvironment reads the variables of a function, and says of all that are
// missing at once.
func readEnvironment(function string, lookup func(string) (string, bool)) (e Environment, err error) {
	var errs []error
	fields := reflect.TypeFor[Environment]()
	for i := range fields.NumField() {
		tag := fields.Field(i).Tag
		value, _ := lookup(tag.Get("env"))
		if value == "" && strings.Contains(" "+tag.Get("need")+" ", " "+function+" ") {
			errs = append(errs, fmt.Errorf("the environment variable %s is not set, or empty", tag.Get("env")))
		}
		reflect.ValueOf(&e).Elem().Field(i).SetString(value)
	}
	if e.Deployment == "" {
		e.Deployment = e.Name
		if dash := strings.LastIndexByte(e.Name, '-'); dash > 0 {
			e.Deployment = e.Name[:dash]
		}
	}
	if err := errors.Join(errs...); err != nil {
		return e, fmt.Errorf("the %s cannot begin; the stack sets what it needs: %w: %w", function, err, drift.ErrInvalid)
	}
	return e, nil
}
