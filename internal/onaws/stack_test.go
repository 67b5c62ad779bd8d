package onaws_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"tfdrift/events"
	"tfdrift/internal/awstest"
	"tfdrift/internal/dynamo"
	"tfdrift/internal/dynamo/dynamotest"
	"tfdrift/internal/index/dynamoindex"
	"tfdrift/internal/ledger/dynamoledger"
	"tfdrift/internal/state/s3state/s3test"
	"tfdrift/internal/trigger/lambdatrigger"
	"tfdrift/internal/trigger/lambdatrigger/lambdatest"
)

// bootstraps are the functions, built for this machine, once for all tests.
var bootstraps = sync.OnceValues(func() (map[string]string, error) {
	built := map[string]string{}
	for name, pkg := range map[string]string{
		"detector": "tfdrift/functions/detector/aws", "indexer": "tfdrift/functions/indexer/aws", "notifier": "tfdrift/functions/notifier/aws",
		"empty": "tfdrift/internal/trigger/lambdatrigger/lambdatest/emptytest",
	} {
		path, err := lambdatest.Build(dir, pkg)
		if err != nil {
			return nil, err
		}
		built[name] = path
	}
	return built, nil
})

var dir string

func TestMain(m *testing.M) {
	var err error
	if dir, err = os.MkdirTemp("", "tfdrift-functions"); err != nil {
		panic(err)
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

func bootstrap(t testing.TB, name string) string {
	t.Helper()
	built, err := bootstraps()
	if err != nil {
		t.Fatal(err)
	}
	return built[name]
}

var stacks atomic.Int64

// stack is the deployment: the tables, queues and secrets that the functions are
// told of, and a bucket of states.
type stack struct {
	t     testing.TB
	name  string
	aws   aws.Config
	s3    *s3test.Server
	table *dynamo.Table // the ledger's
	env   []string
	read  int // of the ledger's stream

	index string           // name of the index's table
	wires map[string]*wire // by function

	detector, indexer, notifier *lambdatest.Function
	retry, failed               string // queues
}

const bucket, backups = "acme", "acme-backups"

// deploy makes a stack with some configuration.
func deploy(t testing.TB, config string) *stack {
	t.Helper()
	cfg := awstest.Config(t)
	s := &stack{t: t, name: fmt.Sprint("tfdrift", stacks.Add(1)), aws: cfg, s3: s3test.Start(t, bucket, backups)}
	s.table, _ = dynamotest.Open(t, dynamoledger.Schema)
	index, _ := dynamotest.Open(t, dynamoindex.Schema)
	s.index, s.wires = index.Name, map[string]*wire{}
	for _, function := range []string{"detector", "indexer", "notifier"} {
		s.wires[function] = tap(t, *cfg.BaseEndpoint, map[string]string{s.table.Name: "ledger", s.index: "index"})
	}
	s.retry, s.failed = s.queue("deliveries"), s.queue("failed")
	key := s.name + "/sealing-key"
	_, err := secretsmanager.NewFromConfig(cfg).CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: &key, SecretString: aws.String(strings.Repeat("k", 64))})
	s.must(err)
	_, err = scheduler.NewFromConfig(cfg).CreateScheduleGroup(t.Context(), &scheduler.CreateScheduleGroupInput{Name: &s.name})
	s.must(err)
	s.env = []string{
		"AWS_ENDPOINT_URL_S3=" + s.s3.URL,
		"TFDRIFT_CONFIG=" + config, "TFDRIFT_LEDGER_TABLE=" + s.table.Name, "TFDRIFT_INDEX_TABLE=" + index.Name,
		"TFDRIFT_SEALING_KEY_SECRET=" + key, "TFDRIFT_SCHEDULE_GROUP=" + s.name, "TFDRIFT_SCHEDULE_ROLE_ARN=arn:aws:iam::111122223333:role/scheduler",
		"TFDRIFT_SCHEDULE_TARGET_ARN=arn:aws:lambda:eu-west-1:111122223333:function:indexer:live",
		"TFDRIFT_STATE_BACKUP=s3://" + backups + "/states/",
		"TFDRIFT_RETRY_QUEUE_URL=" + s.retry, "TFDRIFT_FAILED_QUEUE_URL=" + s.failed,
	}
	s.detector, s.indexer, s.notifier = s.function("detector"), s.function("indexer"), s.function("notifier")
	return s
}

func (s *stack) function(name string) *lambdatest.Function {
	s.t.Helper()
	return lambdatest.Start(s.t, []string{bootstrap(s.t, name)}, append([]string{"AWS_LAMBDA_FUNCTION_NAME=" + s.name + "-" + name, "AWS_ENDPOINT_URL=" + s.wires[name].URL}, s.env...)...)
}

func (s *stack) queue(name string) string {
	s.t.Helper()
	out, err := sqs.NewFromConfig(s.aws).CreateQueue(s.t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(s.name + "-" + name)})
	s.must(err)
	return *out.QueueUrl
}

func (s *stack) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

const plenty = 20 * time.Second

// invoke invokes a function and wants no error.
func (s *stack) invoke(f *lambdatest.Function, payload string) []byte {
	s.t.Helper()
	a := f.Invoke([]byte(payload), plenty)
	if a.Error != "" {
		s.t.Fatalf("%.500s: %s\n%s", payload, a.Error, f.Log())
	}
	return a.Response
}

// write puts an object in the bucket, and tells the indexer.
func (s *stack) write(key, content string) {
	s.t.Helper()
	s.s3.Write(bucket, key, content)
	s.invoke(s.indexer, s.notice(key, "Object Created"))
}

// remove deletes an object, and tells the indexer.
func (s *stack) remove(key string) {
	s.t.Helper()
	s.s3.Remove(bucket, key)
	s.invoke(s.indexer, s.notice(key, "Object Deleted"))
}

func (s *stack) notice(key, what string) string {
	return fmt.Sprintf(`{"version":"0","detail-type":%q,"source":"aws.s3","account":"111122223333","time":%q,"region":"eu-west-1","detail":{"bucket":{"name":%q},"object":{"key":%q}}}`,
		what, time.Now().UTC().Format(time.RFC3339), bucket, key)
}

// publish hands what is new in the ledger's stream to the notifier, as the event
// source mapping does with its filter.
func (s *stack) publish() {
	s.t.Helper()
	var records []json.RawMessage
	changes := dynamotest.Stream(s.t, s.table)
	for _, change := range changes[s.read:] {
		var c struct {
			DynamoDB struct {
				NewImage struct{ Step struct{ N string } }
			}
		}
		s.must(json.Unmarshal(change, &c))
		if step := c.DynamoDB.NewImage.Step.N; step != "" && step != "0" {
			records = append(records, change)
		}
	}
	s.read = len(changes)
	if len(records) == 0 {
		return
	}
	payload, err := json.Marshal(map[string]any{"Records": records})
	s.must(err)
	if got := s.invoke(s.notifier, string(payload)); string(got) != `{"batchItemFailures":[]}` {
		s.t.Errorf("answer %s\n%s", got, s.notifier.Log())
	}
}

// receive takes the messages out of a queue, waiting for the first.
func (s *stack) receive(queue string) (bodies []string) {
	s.t.Helper()
	client := sqs.NewFromConfig(s.aws)
	for end := time.Now().Add(plenty); len(bodies) == 0 && time.Now().Before(end); {
		out, err := client.ReceiveMessage(s.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &queue, MaxNumberOfMessages: 10})
		s.must(err)
		for _, m := range out.Messages {
			bodies = append(bodies, *m.Body)
			_, err := client.DeleteMessage(s.t.Context(), &sqs.DeleteMessageInput{QueueUrl: &queue, ReceiptHandle: m.ReceiptHandle})
			s.must(err)
		}
		if len(bodies) == 0 {
			time.Sleep(50 * time.Millisecond)
		}
	}
	return bodies
}

// fromQueue is how Lambda brings messages of a queue.
func fromQueue(t testing.TB, bodies ...string) string {
	t.Helper()
	var records []map[string]any
	for i, body := range bodies {
		records = append(records, map[string]any{"messageId": fmt.Sprint("m", i), "body": body, "eventSource": "aws:sqs"})
	}
	raw, err := json.Marshal(map[string]any{"Records": records})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// happening is a sample of a call, as EventBridge brings it, some members of its
// record replaced.
func happening(t testing.TB, sample string, with map[string]any) string {
	t.Helper()
	raw, err := events.Files.ReadFile("aws/" + sample + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var record map[string]any
	if err := json.Unmarshal(raw, &record); err != nil {
		t.Fatal(err)
	}
	for name, value := range with {
		record[name] = value
	}
	raw, err = json.Marshal(map[string]any{
		"version": "0", "id": record["eventID"], "detail-type": "AWS API Call via CloudTrail", "source": "aws.ec2", "account": record["recipientAccountId"],
		"time": record["eventTime"], "region": record["awsRegion"], "resources": []any{}, "detail": record,
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func sampleState(t testing.TB) string {
	t.Helper()
	raw, err := events.Files.ReadFile("testdata/aws.tfstate")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// sampleOf is the next version of the sample state, its resources changed.
func sampleOf(t testing.TB, change func(resource map[string]any)) string {
	t.Helper()
	var state map[string]any
	if err := json.Unmarshal([]byte(sampleState(t)), &state); err != nil {
		t.Fatal(err)
	}
	state["serial"] = state["serial"].(float64) + 1
	for _, r := range state["resources"].([]any) {
		change(r.(map[string]any))
	}
	raw, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// wire is the way to AWS: it counts what passes, and may stand in the way.
type wire struct {
	*httptest.Server
	mu    sync.Mutex
	calls map[string]int
	// before and after, where set, are told of a call before it is made, and before
	// its answer comes back. One that returns false lets nothing come back.
	before, after func(call string) bool

	kept  []call // where keep is set, what passes
	keep  bool
	open  int       // calls under way
	since time.Time // when the first of them began
	took  time.Duration
}

// enter and leave measure the time in which any call is under way.
func (w *wire) enter() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open++; w.open == 1 {
		w.since = time.Now()
	}
}

func (w *wire) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open--; w.open == 0 {
		w.took += time.Since(w.since)
	}
}

// spent returns the time in which calls were under way since it was last asked.
func (w *wire) spent() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	took := w.took
	w.took = 0
	return took
}

// again makes the calls once more, one after the other, as a client of the same
// kind in this process does, and returns how long that took. A write is made as
// the reading of its item.
func (w *wire) again(t testing.TB, cfg aws.Config, calls []call) time.Duration {
	t.Helper()
	cfg.BaseEndpoint = &w.URL
	client := dynamodb.NewFromConfig(cfg)
	tables := map[string]*dynamo.Table{}
	for _, c := range calls {
		tables[c.TableName] = dynamo.Open(client, c.TableName)
	}
	begun := time.Now()
	for _, c := range calls {
		var err error
		if under := c.ExpressionAttributeValues[":pk"].S; c.Key == nil && under != "" {
			_, err = tables[c.TableName].Query(t.Context(), dynamo.Under(under, ""))
		} else {
			_, err = tables[c.TableName].Get(t.Context(), c.Key["pk"].S, c.Key["sk"].S)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return time.Since(begun)
}

// call is what is needed of a call to DynamoDB to make it again.
type call struct {
	TableName                      string
	Key, ExpressionAttributeValues map[string]struct{ S string }
}

// recorded returns the calls that f makes.
func (w *wire) recorded(f func()) []call {
	w.mu.Lock()
	w.keep, w.kept = true, nil
	w.mu.Unlock()
	f()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.keep = false
	return w.kept
}

// tap makes a way to an endpoint, on which tables are called by other names.
func tap(t testing.TB, endpoint string, tables map[string]string) *wire {
	to, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{calls: map[string]int{}}
	proxy := httputil.NewSingleHostReverseProxy(to)
	w.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.enter()
		defer w.leave()
		name := callOf(r, tables)
		w.mu.Lock()
		if w.keep {
			raw, _ := io.ReadAll(r.Body) // callOf has read it already
			r.Body = io.NopCloser(bytes.NewReader(raw))
			var c call
			_ = json.Unmarshal(raw, &c) // of other values only S is looked at
			w.kept = append(w.kept, c)
		}
		w.calls[name]++
		before, after := w.before, w.after
		w.mu.Unlock()
		if before != nil && !before(name) {
			panic(http.ErrAbortHandler)
		}
		answer := httptest.NewRecorder()
		proxy.ServeHTTP(answer, r)
		if after != nil && !after(name) {
			panic(http.ErrAbortHandler)
		}
		for name, values := range answer.Header() {
			rw.Header()[name] = values
		}
		rw.WriteHeader(answer.Code)
		rw.Write(answer.Body.Bytes())
	}))
	t.Cleanup(w.Close)
	return w
}

// callOf names a call by its operation, and the table if there is one.
func callOf(r *http.Request, tables map[string]string) string {
	target := r.Header.Get("X-Amz-Target")
	if target == "" {
		service := strings.SplitN(r.Header.Get("Authorization"), "/", 5)[3]
		return service + " " + r.Method + " " + strings.SplitN(strings.TrimPrefix(r.URL.Path, "/"), "/", 2)[0]
	}
	_, operation, _ := strings.Cut(target, ".")
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return operation
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	for table, name := range tables {
		if bytes.Contains(raw, []byte(strconv.Quote(table))) {
			return operation + " " + name
		}
	}
	return operation
}

// counts returns what passed since it was last asked.
func (w *wire) counts() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	calls := w.calls
	w.calls = map[string]int{}
	return calls
}

func (w *wire) hook(before, after func(call string) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.before, w.after = before, after
}

// receiver is a webhook's other side.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	got    []string // "STATUS ADDRESS" of each that was taken
}

func receive(t testing.TB) *receiver {
	r := &receiver{status: http.StatusOK}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		raw, _ := io.ReadAll(req.Body)
		var f struct {
			Status   string
			Resource struct{ Address string }
		}
		json.Unmarshal(raw, &f)
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.status == http.StatusOK {
			r.got = append(r.got, f.Status+" "+f.Resource.Address)
		}
		w.WriteHeader(r.status)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

func (r *receiver) heard() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

func (r *receiver) want(t testing.TB, want ...string) {
	t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), append([]string{}, r.heard()...)); diff != "" {
		t.Errorf("notifications (-want +got):\n%s", diff)
	}
}

// config is a configuration that tells a webhook.
func (r *receiver) config() string { return configurationOf(r.URL) }

func configurationOf(url string) string {
	return fmt.Sprintf(`{"providers":{"aws":{"state":{"s3_bucket":%q,"s3_prefix":"/"}}},"notifications":{"webhook":{"url":%q}}}`, bucket, url)
}

// schedules are the times of the one-shot schedules that wait.
func (s *stack) schedules() (times []string) {
	s.t.Helper()
	client := scheduler.NewFromConfig(s.aws)
	all, err := client.ListSchedules(s.t.Context(), &scheduler.ListSchedulesInput{GroupName: &s.name})
	s.must(err)
	for _, one := range all.Schedules {
		got, err := client.GetSchedule(s.t.Context(), &scheduler.GetScheduleInput{GroupName: &s.name, Name: one.Name})
		s.must(err)
		times = append(times, *got.ScheduleExpression)
		if got.Target == nil || *got.Target.Input != `{"detail-type":"`+lambdatrigger.Settle+`"}` {
			s.t.Errorf("schedule %s wakes %+v", *one.Name, got.Target)
		}
	}
	return times
}

// records is how many findings the ledger has.
func (s *stack) findings() int {
	s.t.Helper()
	all, err := dynamoledger.New(dynamo.Open(dynamodb.NewFromConfig(s.aws), s.table.Name), dynamoledger.Options{}).Published(context.Background())
	s.must(err)
	return len(all)
}
