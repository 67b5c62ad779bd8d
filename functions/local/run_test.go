package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tfdrift/internal/codec"
	"tfdrift/internal/drift"
	"tfdrift/internal/event"
	"tfdrift/internal/secret/awssecret/awssecrettest"
	"tfdrift/internal/spool/filespool"
	"tfdrift/internal/state/s3state/s3test"
)

// running is tfdrift run, in this process.
type running struct {
	t      *testing.T
	data   string
	where  address
	url    string
	stop   context.CancelFunc
	status chan int
	out    shared
	err    shared
}

// shared is a buffer that is read while it is written.
type shared struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// start runs the command on a data folder, on a port of its own.
func start(t *testing.T, data string, args ...string) *running {
	t.Helper()
	r := &running{t: t, data: data, status: make(chan int, 1)}
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	p := process{ctx: ctx, stdin: strings.NewReader(""), stdout: &r.out, stderr: &r.err}
	go func() {
		r.status <- run(p, append([]string{"run", "--data", data, "--listen", "127.0.0.1:0"}, args...))
	}()
	r.eventually("it listens", func() bool {
		var err error
		r.where, err = readAddress(data)
		return err == nil && r.where.Listen != ""
	})
	r.url = "http://" + r.where.Listen
	t.Cleanup(func() {
		if status := r.end(); status != 0 {
			t.Errorf("status %d: %s", status, r.err.String())
		}
	})
	return r
}

// end ends it in order, as SIGTERM does, and returns its status.
func (r *running) end() int {
	r.stop()
	select {
	case status := <-r.status:
		r.status <- status
		return status
	case <-time.After(30 * time.Second):
		r.t.Errorf("it does not end: %s", r.err.String())
		return -1
	}
}

func (r *running) eventually(what string, ok func() bool) {
	r.t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
		select {
		case status := <-r.status:
			r.status <- status
			r.t.Fatalf("%s: it ended with status %d: %s", what, status, r.err.String())
		default:
		}
	}
	r.t.Fatalf("not within 15 seconds: %s\n%s", what, r.err.String())
}

func (r *running) get(path string) (int, string) {
	r.t.Helper()
	response, err := http.Get(r.url + path)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func (r *running) post(path, body string) (int, string) {
	r.t.Helper()
	response, err := http.Post(r.url+path, "application/json", strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

func (r *running) all() (findings []drift.Finding) {
	r.t.Helper()
	_, body := r.get("/findings.json?all=true")
	if err := json.Unmarshal([]byte(body), &findings); err != nil {
		r.t.Fatalf("%v: %s", err, body)
	}
	return findings
}

// story is the finding of a resource.
func (r *running) story(address string) (found drift.Finding) {
	r.t.Helper()
	for _, f := range r.all() {
		if f.Resource.Address == address {
			found = f
		}
	}
	return found
}

// findings are address and status of all findings, in order.
func (r *running) findings() (all []string) {
	r.t.Helper()
	for _, f := range r.all() {
		all = append(all, f.Resource.Address+" "+string(f.Status))
	}
	slices.Sort(all)
	return all
}

func (r *running) wantFindings(want ...string) {
	r.t.Helper()
	r.eventually(fmt.Sprintf("findings %q, not %q", want, r.findings()), func() bool { return slices.Equal(r.findings(), want) })
}

// judged waits until nothing that was accepted waits any more.
func (r *running) judged() {
	r.t.Helper()
	r.eventually("all is judged", func() bool {
		_, body := r.get("/metrics")
		return strings.Contains(body, "\ntfdrift_events_waiting 0\n")
	})
}

func (r *running) ready() {
	r.t.Helper()
	r.eventually("it is ready", func() bool { status, _ := r.get("/ready"); return status == 200 })
}

// groups is a state of security groups g0, g1, … each open on some ports.
func groups(serial int, open ...string) string {
	var resources []string
	for i, ports := range open {
		var rules []string
		for _, port := range strings.Fields(ports) {
			rules = append(rules, fmt.Sprintf(`{"from_port":%s,"to_port":%s,"protocol":"tcp","cidr_blocks":["10.0.0.0/8"],"ipv6_cidr_blocks":[],"prefix_list_ids":[],"security_groups":[],"self":false,"description":""}`, port, port))
		}
		resources = append(resources, fmt.Sprintf(`{"mode":"managed","type":"aws_security_group","name":"g%d","provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"attributes":
			{"id":"sg-%d","arn":"arn:aws:ec2:us-east-1:111122223333:security-group/sg-%d","name":"g%d","ingress":[%s]}}]}`, i, i, i, i, strings.Join(rules, ",")))
	}
	return fmt.Sprintf(`{"version":4,"terraform_version":"1.9.5","serial":%d,"lineage":"l","resources":[%s]}`, serial, strings.Join(resources, ","))
}

// opens is an event: somebody opens a group on a port.
func opens(id string, group, port int, at time.Time) string {
	return fmt.Sprintf(`{"eventVersion":"1.08","eventID":%q,"eventName":"AuthorizeSecurityGroupIngress","eventSource":"ec2.amazonaws.com","eventTime":%q,"awsRegion":"us-east-1","recipientAccountId":"111122223333",
		"userIdentity":{"type":"IAMUser","userName":"alice","arn":"arn:aws:iam::111122223333:user/alice"},"sourceIPAddress":"203.0.113.7","userAgent":"console.amazonaws.com","readOnly":false,
		"requestParameters":{"groupId":"sg-%d","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":%d,"toPort":%d,"ipRanges":{"items":[{"cidrIp":"10.0.0.0/8"}]}}]}}}`, id, at.UTC().Format(time.RFC3339), group, port, port)
}

func rewrite(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path+".new", []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

func TestRunTellsOfWhatIsPosted(t *testing.T) {
	r := start(t, t.TempDir(), "--state", awsState)
	r.ready()
	if status, body := r.post("/events", sample(t, opened)); status != 202 || !strings.Contains(body, `"accepted":1`) {
		t.Fatalf("status %d: %s", status, body)
	}
	r.wantFindings("aws_security_group.web open")
	if status, body := r.post("/events", sample(t, opened)+"\n{broken\n"+sample(t, resaved)); status != 400 || !strings.Contains(body, `"accepted":2`) || !strings.Contains(body, `"line":`) {
		t.Errorf("a broken document: status %d: %s", status, body)
	}
	if status, body := r.post("/falco", sample(t, samples+"aws/role-admin-attached-falco.json")); status != 202 {
		t.Errorf("Falco: status %d: %s", status, body)
	}
	r.eventually("what Falco saw is told", func() bool { return len(r.findings()) == 2 })
	r.judged()
	_, metrics := r.get("/metrics")
	for _, line := range []string{`tfdrift_events_total{severity="critical"} `, `tfdrift_events_by_type{type="aws_security_group"} 1`, "tfdrift_falco_connected 1", "tfdrift_documents_unreadable_total 1", `tfdrift_events_accepted_total{path="/falco"} 1`} {
		if !strings.Contains(metrics, line) {
			t.Errorf("no metric %s", line)
		}
	}
	if status, page := r.get("/"); status != 200 || !strings.Contains(page, "aws_security_group.web") {
		t.Errorf("the page: status %d", status)
	}
	r.eventually("it is on the console", func() bool { return strings.Contains(r.out.String(), "aws_security_group.web") })
	if n := strings.Count(r.err.String(), `"finding open"`); n != 2 {
		t.Errorf("%d lines of findings in the log:\n%s", n, r.err.String())
	}
}

func TestRunResolvesWhatTheStateTakesUp(t *testing.T) {
	path := file(t, "terraform.tfstate", groups(1, "22"))
	r := start(t, t.TempDir(), "--state", path)
	r.ready()
	r.post("/events", opens("e", 0, 443, time.Now()))
	r.wantFindings("aws_security_group.g0 open")
	rewrite(t, path, groups(2, "22 443"))
	r.wantFindings("aws_security_group.g0 resolved")
}

func TestRunTakesUpNoStateThatIsNoSuccessor(t *testing.T) {
	path := file(t, "terraform.tfstate", groups(5, "22"))
	r := start(t, t.TempDir(), "--state", path)
	r.ready()
	rewrite(t, path, groups(4, "22"))
	r.eventually("it is not ready", func() bool {
		status, body := r.get("/ready")
		return status == 503 && strings.Contains(body, "serial went back")
	})
	tfdrift(t, "", "state", "accept", "--data", r.data, path).want(t, 0, "taken up", "")
	r.ready()
	if strings.Count(r.err.String(), "alarm:") != 1 {
		t.Errorf("alarms:\n%s", r.err.String())
	}
}

func TestRunLeavesAnApplyAlone(t *testing.T) {
	path := file(t, "terraform.tfstate", groups(1, "22", "22"))
	r := start(t, t.TempDir(), "--state", path, "--config", file(t, "tfdrift.yaml", "settle: 1s\n"))
	r.ready()
	lock := filepath.Join(filepath.Dir(path), ".terraform.tfstate.lock.info")
	if err := os.WriteFile(lock, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1200 * time.Millisecond) // the lock is seen
	r.post("/events", opens("of the apply", 0, 443, time.Now())+opens("beside it", 1, 8080, time.Now()))
	r.judged()
	time.Sleep(1500 * time.Millisecond) // longer than settle, but the lock is still held
	r.wantFindings()
	rewrite(t, path, groups(2, "22 443", "22"))
	if err := os.Remove(lock); err != nil {
		t.Fatal(err)
	}
	r.wantFindings("aws_security_group.g1 open")
}

func TestRunJudgesAfterARestartWhatItAccepted(t *testing.T) {
	data := t.TempDir()
	s, err := filespool.Open(filepath.Join(data, spoolName), filespool.Options{})
	if err != nil {
		t.Fatal(err)
	}
	events, err := event.Decode([]byte(opens("e", 0, 443, time.Now())))
	if err != nil || len(events) != 1 {
		t.Fatal(events, err)
	}
	raw, err := codec.MarshalEvent(events[0])
	if err == nil {
		err = s.Append(t.Context(), raw)
	}
	if err != nil {
		t.Fatal(err)
	}
	path := file(t, "terraform.tfstate", groups(1, "22")) // nothing was closed: as after kill -9
	r := start(t, data, "--state", path)
	r.wantFindings("aws_security_group.g0 open")
	r.end()
	r = start(t, data, "--state", path)
	r.wantFindings("aws_security_group.g0 open")
	r.post("/events", opens("e", 0, 443, time.Now()))
	r.judged()
	r.wantFindings("aws_security_group.g0 open") // it is the same event still
	_, metrics := r.get("/metrics")
	if !strings.Contains(metrics, `tfdrift_events_total{severity="critical"} 0`) {
		t.Error("it was told once more")
	}
}

// sink is a webhook that counts what it gets, and hangs until it is let go.
type sink struct {
	*httptest.Server
	mu   sync.Mutex
	got  map[string]int // by status of the finding
	seen map[string]int // by resource
	hang chan struct{}
}

func newSink(t *testing.T, hanging bool) *sink {
	s := &sink{got: map[string]int{}, seen: map[string]int{}, hang: make(chan struct{})}
	var once sync.Once
	letGo := func() { once.Do(func() { close(s.hang) }) }
	if !hanging {
		letGo()
	}
	s.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		select {
		case <-s.hang:
		case <-r.Context().Done():
			return
		}
		var f drift.Finding
		json.Unmarshal(body, &f)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.got[string(f.Status)]++
		s.seen[f.Resource.ID]++
	}))
	t.Cleanup(func() {
		letGo()
		s.Close()
	})
	return s
}

func (s *sink) count(status drift.Status) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got[string(status)]
}

func (s *sink) resources() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.seen)
}

func TestRunSendsToTheChannelsAndDrainsWhenItEnds(t *testing.T) {
	good, hung := newSink(t, false), newSink(t, true)
	cfg := fmt.Sprintf("notifications:\n  webhook:\n    url: %s\n  slack:\n    webhook_url: %s\n    timeout: 1s\n", good.URL, hung.URL)
	path := file(t, "terraform.tfstate", groups(1, slices.Repeat([]string{"22"}, 50)...))
	r := start(t, t.TempDir(), "--state", path, "--config", file(t, "tfdrift.yaml", cfg))
	r.ready()
	var body strings.Builder
	for i := range 50 {
		body.WriteString(opens(fmt.Sprint(i), i, 443, time.Now()))
	}
	if status, answer := r.post("/events", body.String()); status != 202 {
		t.Fatalf("status %d: %s", status, answer)
	}
	if status := r.end(); status != 0 { // at once: all that was accepted is judged and sent
		t.Fatalf("status %d", status)
	}
	if n := good.count(drift.Open); n != 50 {
		t.Errorf("%d of 50 findings were sent, beside a channel that hangs", n)
	}
	if _, err := http.Get(r.url + "/healthz"); err == nil {
		t.Error("it still answers")
	}
}

func TestRunReadsSecretsOfSecretsManager(t *testing.T) {
	manager := awssecrettest.Start(t)
	var door atomic.Value // the path that is let in
	door.Store("/hunter2")
	var sent atomic.Int32
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != door.Load() {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		sent.Add(1)
	}))
	t.Cleanup(hook.Close)
	keep := func(path string) { manager.Set("prod/slack", fmt.Sprintf(`{"hook": %q}`, hook.URL+path)) }
	keep("/hunter2")
	manager.Set("prod/seal", "0123456789 a sealing key of hunter2")
	cfg := file(t, "tfdrift.yaml", "sealing_key_from_aws_secret: prod/seal\nnotifications:\n  slack:\n    webhook_url_from_aws_secret: 'prod/slack#hook'\n")
	path := file(t, "terraform.tfstate", groups(1, "22", "22", "22"))
	r := start(t, t.TempDir(), "--state", path, "--config", cfg)
	r.ready()
	r.post("/events", opens("a", 0, 443, time.Now()))
	r.eventually("it is sent", func() bool { return sent.Load() == 1 })
	if reads, _ := manager.Reads(); reads != 2 {
		t.Errorf("%d secrets were read, want 2", reads)
	}
	door.Store("/hunter2-rotated")
	keep("/hunter2-rotated")
	r.post("/events", opens("b", 1, 443, time.Now()))
	r.eventually("it is sent with the new address", func() bool { return sent.Load() == 2 })
	if _, err := os.Stat(filepath.Join(r.data, keyName)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a key was made beside the one that is given: %v", err)
	}
	r.end()

	manager.Refuse("InternalServiceError", "down") // at the start
	sealed := file(t, "plain.yaml", "sealing_key: 0123456789 a sealing key of hunter2\nnotifications:\n  slack:\n    webhook_url_from_aws_secret: 'prod/slack#hook'\n")
	r = start(t, r.data, "--state", path, "--config", sealed)
	r.ready()
	r.post("/events", opens("c", 2, 443, time.Now()))
	r.wantFindings("aws_security_group.g0 open", "aws_security_group.g1 open", "aws_security_group.g2 open")
	manager.Refuse("", "")
	r.eventually("it is sent after all", func() bool { return sent.Load() == 3 })
	if strings.Contains(r.err.String(), "hunter2") {
		t.Errorf("a secret is told: %s", r.err.String())
	}
	manager.Refuse("AccessDeniedException", "not you")
	tfdrift(t, "", "run", "--data", t.TempDir(), "--config", cfg).want(t, 1, "", "sealing_key: AWS secret prod/seal: access denied .*secretsmanager:GetSecretValue")
}

func TestOperatorsTurnToTheRunningProcessOrToItsStores(t *testing.T) {
	good := newSink(t, false)
	cfg := file(t, "tfdrift.yaml", fmt.Sprintf("notifications:\n  webhook:\n    url: %s\n", good.URL))
	path := file(t, "terraform.tfstate", groups(1, "22", "22"))
	r := start(t, t.TempDir(), "--state", path, "--config", cfg)
	r.ready()
	tfdrift(t, "", "silence", "add", "--data", r.data, "--address", "aws_security_group.g1", "--for", "1h", "--comment", "known").want(t, 0, "^Silence .* until", "")
	r.post("/events", opens("a", 0, 443, time.Now())+opens("b", 1, 443, time.Now()))
	r.wantFindings("aws_security_group.g0 open", "aws_security_group.g1 open")
	r.eventually("the one that is not silenced is sent", func() bool { return good.count(drift.Open) == 1 })

	list := func() string {
		t.Helper()
		o := tfdrift(t, "", "findings", "list", "--data", r.data, "--format", "json")
		o.want(t, 0, ".", "")
		return o.stdout
	}
	var f drift.Finding
	if err := json.Unmarshal([]byte(strings.SplitN(list(), "\n", 2)[0]), &f); err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{"running", "stopped"} {
		tfdrift(t, "", "findings", "list", "--data", r.data).want(t, 0, "2 resources have drifted", "")
		tfdrift(t, "", "findings", "show", "--data", r.data, f.ID).want(t, 0, "alice(.|\n)*open modified", "")
		tfdrift(t, "", "findings", "show", "--data", r.data, "nobody").want(t, 1, "", "not found|nobody")
		tfdrift(t, "", "silence", "list", "--data", r.data).want(t, 0, "known", "")
		tfdrift(t, "", "events", "buried", "--data", r.data).want(t, 0, "", "")
		if state == "running" {
			r.end()
		}
	}
	tfdrift(t, "", "findings", "resolve", "--data", r.data, f.ID).want(t, 0, "resolved", "")
	r = start(t, r.data, "--state", path, "--config", cfg)
	if got := r.findings(); !slices.Contains(got, f.Resource.Address+" resolved") || len(got) != 2 {
		t.Errorf("findings %q", got)
	}
	response, err := http.Get("http://" + r.where.Operator + "/findings.json")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != 401 {
		t.Errorf("the operator's listener asks for no token: status %d", response.StatusCode)
	}
	info, err := os.Stat(filepath.Join(r.data, addressName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the token's file has mode %v, error %v", info.Mode(), err)
	}
}

func TestRunRefusesToServeStrangers(t *testing.T) {
	t.Setenv("WEAK", "hunter2")
	t.Setenv("EMPTY", "")
	dir := t.TempDir()
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"without token", []string{"--listen", "0.0.0.0:0"}, "can be reached by others"},
		{"with a token that is guessed", []string{"--listen", "0.0.0.0:0", "--token-from-env", "WEAK"}, "could be guessed"},
		{"with a token that is not there", []string{"--token-from-env", "EMPTY"}, "EMPTY is not set"},
		{"with client certificates and no HTTPS", []string{"--client-ca", "ca.pem"}, "needs HTTPS"},
		{"with half a certificate", []string{"--tls-cert", "cert.pem"}, "belong together"},
	} {
		o := tfdrift(t, "", append([]string{"run", "--data", dir}, test.args...)...)
		o.want(t, 1, "", test.want)
		if strings.Contains(o.stderr, "hunter2") {
			t.Errorf("%s: the token is told: %s", test.name, o.stderr)
		}
	}
}

func TestRunAsksForTheToken(t *testing.T) {
	const token = "a token that nobody guesses"
	t.Setenv("TFDRIFT_TOKEN", token)
	r := start(t, t.TempDir(), "--state", awsState, "--token-from-env", "TFDRIFT_TOKEN")
	for path, want := range map[string]int{"/": 401, "/findings.json": 401, "/api/silences": 401, "/events": 401, "/falco": 401, "/live": 401, "/healthz": 200, "/metrics": 200} {
		if status, _ := r.get(path); status != want {
			t.Errorf("%s: status %d, want %d", path, status, want)
		}
	}
	request, err := http.NewRequest("POST", r.url+"/events", strings.NewReader(sample(t, opened)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != 202 {
		t.Errorf("with the token: status %d", response.StatusCode)
	}
	if strings.Contains(r.err.String(), token) {
		t.Error("the token is in the log")
	}
}

func TestRunWatchesStatesInS3(t *testing.T) {
	server := s3test.Start(t, "acme", "backup")
	server.Write("acme", "prod/terraform.tfstate", groups(1, "22"))
	server.Write("acme", "env:/stage/app.tfstate", strings.ReplaceAll(groups(1, "22"), `"lineage":"`, `"lineage":"stage `))
	cfg := "providers:\n  aws:\n    state:\n      - {backend: s3, s3_bucket: acme, s3_key: prod/terraform.tfstate, refresh_interval: 15m}\n      - {s3_bucket: acme, s3_prefix: 'env:/'}\n"
	r := start(t, t.TempDir(), "--config", file(t, "tfdrift.yaml", cfg), "--state-backup", "s3://backup/")
	r.ready()
	r.post("/events", opens("e", 0, 443, time.Now()))
	r.eventually("drift of both states' resource is told", func() bool { return len(r.findings()) > 0 })
	r.eventually("both are backed up", func() bool { return len(server.Objects("backup")) == 2 })
	r.end()
	server.Answer(func(w http.ResponseWriter, q *http.Request) {
		s3test.Refuse(w, q, 403, "AccessDenied", "Access Denied")
	})
	r = start(t, r.data, "--config", file(t, "tfdrift.yaml", cfg))
	r.eventually("what is missing is told", func() bool {
		status, body := r.get("/ready")
		return status == 503 && strings.Contains(body, "allow s3:GetObject on arn:aws:s3:::acme/prod/terraform.tfstate") && strings.Contains(body, "allow s3:ListBucket on arn:aws:s3:::acme")
	})
	if got := r.findings(); len(got) == 0 {
		t.Error("the last good index is gone")
	}
	tfdrift(t, "", "run", "--data", t.TempDir(), "--state", awsState, "--state-backup", "s3://backup/").want(t, 1, "", "only states in S3 can be copied there")
}

func TestRunIsReadyOnTheSeedsConfigurations(t *testing.T) {
	t.Setenv("SLACK_WEBHOOK_PROD", "http://127.0.0.1:1/hunter2")
	for config, object := range map[string][2]string{
		"account-production": {"terraform-state-production", "terraform.tfstate"},
		"state-refresh":      {"my-terraform-state", "terraform.tfstate"},
	} {
		t.Run(config, func(t *testing.T) {
			server := s3test.Start(t, object[0])
			server.Write(object[0], object[1], groups(1, "22"))
			start(t, t.TempDir(), "--config", "../../internal/config/testdata/seed/"+config+".yaml").ready()
		})
	}
}

func TestRunIsNotReadyWhileItIsBlind(t *testing.T) {
	s3test.Start(t)
	for _, test := range []struct{ name, config, want string }{
		{"a state in a bucket that is not there", "providers:\n  aws:\n    state:\n      backend: s3\n      s3_bucket: b\n      s3_key: k\n", "s3://b/k: there is no bucket b"},
		{"a state in Cloud Storage", "providers:\n  gcp:\n    state:\n      gcs_bucket: b\n", "gs://b/: reading from gs:// is not built"},
		{"a state that is not there", "providers:\n  aws:\n    state:\n      backend: local\n      local_path: nowhere.tfstate\n", "nowhere.tfstate"},
		{"Falco's gRPC output, where nobody is", "falco:\n  hostname: unix:///nowhere/falco.sock\n", "Falco at unix:///nowhere/falco.sock"},
		{"no state at all", "", "no state is watched"},
	} {
		t.Run(test.name, func(t *testing.T) {
			args := []string{"--config", file(t, "tfdrift.yaml", test.config)}
			if test.config != "" && !strings.Contains(test.config, "local") {
				args = append(args, "--state", awsState)
			}
			r := start(t, t.TempDir(), args...)
			r.eventually("the reason is told", func() bool {
				status, body := r.get("/ready")
				return status == 503 && strings.Contains(body, test.want) && !strings.Contains(body, "read yet")
			})
			if status, _ := r.get("/healthz"); status != 200 {
				t.Errorf("alive: status %d", status)
			}
		})
	}
}

func TestTheSealingKeyAndStoresAreThisUsersAlone(t *testing.T) {
	r := start(t, t.TempDir(), "--state", awsState)
	r.ready()
	for _, name := range []string{keyName, storeName, addressName, "states.json"} {
		info, err := os.Stat(filepath.Join(r.data, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, error %v", name, info, err)
		}
	}
	tfdrift(t, "", "run", "--data", r.data, "--listen", "127.0.0.1:0").want(t, 1, "", "another process has it open")
	if where, err := readAddress(r.data); err != nil || where != r.where {
		t.Errorf("the second process took the first one's place: %v, error %v", where, err)
	}
}

func TestProfilesAreForThisHost(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(free.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	free.Close()
	r := start(t, t.TempDir(), "--state", awsState, "--pprof-port", port)
	response, err := http.Get("http://127.0.0.1:" + port + "/debug/pprof/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != 200 {
		t.Errorf("status %d", response.StatusCode)
	}
	if status, _ := r.get("/debug/pprof/cmdline"); status == 200 {
		t.Error("profiles are served to everybody")
	}
}
