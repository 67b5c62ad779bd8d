// Package onceschedule has somebody woken once, at a time, by Amazon EventBridge
// Scheduler: nothing polls and nothing is paid until then. It takes
// scheduler:CreateSchedule on the group's schedules, and iam:PassRole on the role
// by which they invoke their target.
package onceschedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"tfdrift/internal/amazon"
	"tfdrift/internal/drift"
)

// Target is whom to wake, with what, and by which role.
type Target struct {
	Group string // of schedules
	ARN   string
	Role  string // its ARN
	Input string // JSON
}

// Alarm makes schedules. Its methods may be called concurrently.
type Alarm struct {
	client *scheduler.Client
	target Target
	now    func() time.Time
}

// New returns one that wakes a target.
func New(client *scheduler.Client, target Target, now func() time.Time) *Alarm {
	return &Alarm{client, target, now}
}

// At has the target woken at the end of the minute of a time, or of the next
// minute if that is past. All who ask for one minute share a schedule, which is
// deleted when it has fired.
func (a *Alarm) At(ctx context.Context, at time.Time) error {
	if soon := a.now(); at.Before(soon) {
		at = soon
	}
	at = at.UTC().Truncate(time.Minute).Add(time.Minute)
	if !at.After(a.now().Add(10 * time.Second)) { // in the time that this call takes it would be past
		at = at.Add(time.Minute)
	}
	_, err := a.client.CreateSchedule(ctx, &scheduler.CreateScheduleInput{
		Name: aws.String("settle-" + at.Format("20060102T1504")), GroupName: &a.target.Group,
		ScheduleExpression: aws.String("at(" + at.Format("2006-01-02T15:04:05") + ")"), FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		ActionAfterCompletion: types.ActionAfterCompletionDelete,
		Target:                &types.Target{Arn: &a.target.ARN, RoleArn: &a.target.Role, Input: &a.target.Input},
	})
	var there *types.ConflictException
	if err == nil || errors.As(err, &there) {
		return nil
	}
	return fmt.Errorf("schedule at %s in group %s: %w", at.Format(time.RFC3339), a.target.Group, a.explain(err))
}

// explain says what an error means. The codes are those of the EventBridge
// Scheduler API Reference, "CreateSchedule". That a schedule cannot be made is
// no fault of what waits for it.
func (a *Alarm) explain(err error) error {
	switch answer := amazon.AnswerOf(err); answer.Code {
	case "AccessDeniedException":
		return fmt.Errorf("access denied (%s); allow scheduler:CreateSchedule on schedule/%s/*, and iam:PassRole on %s: %w", answer.Message, a.target.Group, a.target.Role, drift.ErrRetry)
	case "ResourceNotFoundException":
		return fmt.Errorf("there is no such group; is the stack deployed whole? %w", drift.ErrRetry)
	case "ServiceQuotaExceededException":
		return fmt.Errorf("too many schedules (%s): %w", answer.Message, drift.ErrRetry)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("out of time (%w): %w", err, drift.ErrRetry)
	}
	return amazon.Explain("EventBridge Scheduler", err)
}
