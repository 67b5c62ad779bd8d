package onceschedule_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"tfdrift/internal/awstest"
	"tfdrift/internal/drift"
	"tfdrift/internal/onceschedule"
)

func TestThoseOfOneMinuteShareASchedule(t *testing.T) {
	client := scheduler.NewFromConfig(awstest.Config(t))
	group := "onceschedule-test"
	if _, err := client.CreateScheduleGroup(t.Context(), &scheduler.CreateScheduleGroupInput{Name: &group}); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2096, 8, 20, 9, 0, 30, 0, time.UTC)
	target := onceschedule.Target{Group: group, ARN: "arn:aws:lambda:eu-west-1:111122223333:function:indexer:live", Role: "arn:aws:iam::111122223333:role/r", Input: `{"detail-type":"x"}`}
	alarm := onceschedule.New(client, target, func() time.Time { return now })
	for _, at := range []time.Time{
		now.Add(-time.Hour), now, now.Add(20 * time.Second), // in this minute: at its end
		now.Add(14 * time.Minute), now.Add(14*time.Minute + 20*time.Second), now.Add(14 * time.Minute).In(time.FixedZone("", 7200)),
	} {
		if err := alarm.At(t.Context(), at); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(25 * time.Second) // too near the end of the minute
	if err := alarm.At(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	all, err := client.ListSchedules(t.Context(), &scheduler.ListSchedulesInput{GroupName: &group})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range all.Schedules {
		one, err := client.GetSchedule(t.Context(), &scheduler.GetScheduleInput{GroupName: &group, Name: s.Name})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, *one.ScheduleExpression)
		if *one.Target.Arn != target.ARN || *one.Target.RoleArn != target.Role || *one.Target.Input != target.Input || one.ActionAfterCompletion != types.ActionAfterCompletionDelete {
			t.Errorf("%+v wakes %+v", one.ActionAfterCompletion, one.Target)
		}
	}
	slices.Sort(got)
	if want := "at(2096-08-20T09:01:00) at(2096-08-20T09:02:00) at(2096-08-20T09:15:00)"; strings.Join(got, " ") != want {
		t.Errorf("schedules %v, want %s", got, want)
	}
}

func TestErrorsNameCauseAndRemedy(t *testing.T) {
	for code, says := range map[string]string{
		"ResourceNotFoundException":     "there is no such group",
		"AccessDeniedException":         "allow scheduler:CreateSchedule on schedule/g/*, and iam:PassRole on r",
		"ServiceQuotaExceededException": "too many schedules",
		"InternalServerException":       "answered with status 400",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Amzn-ErrorType", code)
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `{"Message":"m"}`)
		}))
		client := scheduler.New(scheduler.Options{
			Region: "eu-west-1", BaseEndpoint: &server.URL, RetryMaxAttempts: 1,
			Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "s"}, nil
			}),
		})
		err := onceschedule.New(client, onceschedule.Target{Group: "g", ARN: "a", Role: "r", Input: "{}"}, time.Now).At(t.Context(), time.Now())
		if !errors.Is(err, drift.ErrRetry) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v, want %q in it", code, err, says)
		}
		server.Close()
	}
}
