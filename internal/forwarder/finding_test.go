package forwarder_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"tfdrift/internal/bus"
	"tfdrift/internal/catalog"
	"tfdrift/internal/compare"
	"tfdrift/internal/detector"
	"tfdrift/internal/drift"
	"tfdrift/internal/event"
	"tfdrift/internal/forwarder"
	"tfdrift/internal/index"
	"tfdrift/internal/indexer"
	"tfdrift/internal/ledger"
	"tfdrift/internal/rules"
	"tfdrift/internal/spool"
	"tfdrift/internal/state"
	"tfdrift/internal/trigger/falcotrigger"
	"tfdrift/internal/trigger/falcotrigger/falcotest"
)

// Two forwarders with the same alerts, as posted and as subscribed to, beside the
// same event from the cloud itself: everything arrives, in any order and at
// once, and makes one finding.
func TestTwoForwardersMakeOneFinding(t *testing.T) {
	const calls = 20
	record := func(i int) string {
		return fmt.Sprintf(`{"eventVersion":"1.11","eventID":"e%d","eventTime":"2026-08-20T09:00:%02dZ","eventSource":"lambda.amazonaws.com","eventName":"UpdateFunctionConfiguration20150331v2","awsRegion":"us-east-1","recipientAccountId":"111122223333","userIdentity":{"type":"IAMUser","userName":"alice","arn":"arn:aws:iam::111122223333:user/alice","accountId":"111122223333"},"sourceIPAddress":"198.51.100.23","readOnly":false,"requestParameters":{"functionName":"api%d","timeout":9}}`, i, i, i)
	}
	alert := func(i int) []byte {
		r := falcotest.Alert(fmt.Sprint("e", i), "lambda.amazonaws.com", "UpdateFunctionConfiguration20150331v2", fmt.Sprintf(`{"functionName":"api%d","timeout":9}`, i))
		r.OutputFields["ct.time"] = fmt.Sprintf("2026-08-20T09:00:%02dZ", i)
		return falcotrigger.Alert(r)
	}
	b := &bus.Memory{}
	var relaying sync.WaitGroup
	for range 2 {
		r := start(t, b, spool.NewMemory(), forwarder.Options{Filter: forwarder.Filter{}, Patience: time.Minute})
		relaying.Go(func() {
			for i := range calls {
				if err := r.Accept(t.Context(), alert(i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	relaying.Wait()
	messages := b.Messages()
	if len(messages) != 2*calls {
		t.Fatalf("%d messages, want each of %d twice", len(messages), calls)
	}

	var resources []string
	for i := range calls {
		resources = append(resources, fmt.Sprintf(`{"mode":"managed","type":"aws_lambda_function","name":"api%d","provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"attributes":{"id":"api%d","function_name":"api%d","arn":"arn:aws:lambda:us-east-1:111122223333:function:api%d","timeout":3,"tags":{},"tags_all":{}}}]}`, i, i, i, i))
	}
	d := newDetector(t, `{"version":4,"terraform_version":"1.9.5","serial":1,"lineage":"l","resources":[`+strings.Join(resources, ",")+`]}`)
	var mu sync.Mutex
	published := map[string]int{}
	d.Published = func(f *drift.Finding) {
		mu.Lock()
		defer mu.Unlock()
		published[f.Resource.Address]++
	}
	var judging sync.WaitGroup
	judge := func(payload string) {
		judging.Go(func() {
			events, err := event.Decode([]byte(payload))
			if err != nil || len(events) != 1 {
				t.Errorf("%d events, error %v in %s", len(events), err, payload)
				return
			}
			if _, err := d.Handle(t.Context(), events[0]); err != nil {
				t.Error(err)
			}
		})
	}
	for i, m := range messages {
		judge(fmt.Sprintf(`{"version":"0","id":"%d","detail-type":"Falco Alert","source":"tfdrift.forwarder","account":"111122223333","region":"us-east-1","detail":%s}`, i, m))
	}
	for i := range calls {
		judge(fmt.Sprintf(`{"version":"0","id":"n%d","detail-type":"AWS API Call via CloudTrail","source":"aws.lambda","account":"111122223333","region":"us-east-1","detail":%s}`, i, record(i)))
	}
	judging.Wait()
	if len(published) != calls {
		t.Errorf("findings on %d of %d resources", len(published), calls)
	}
	for address, n := range published {
		if n != 1 {
			t.Errorf("%d findings on %s", n, address)
		}
	}
}

func newDetector(t *testing.T, text string) *detector.Detector {
	t.Helper()
	seal, err := state.NewSealer([]byte(strings.Repeat("k", 32)), catalog.Sensitive)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := rules.New(rules.Config{})
	if err != nil {
		t.Fatal(err)
	}
	x := indexer.Indexer{Index: index.NewMemory(), Seal: seal}
	object := state.Object{Name: "a.tfstate", Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
	if _, err := x.Refresh(t.Context(), object, false); err != nil {
		t.Fatal(err)
	}
	return &detector.Detector{Index: x.Index, Ledger: ledger.NewMemory(), Rules: judge, Compare: compare.Comparer{Seal: seal.Seal}}
}
