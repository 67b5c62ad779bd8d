package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tfdrift/internal/bus/bustest"
	"tfdrift/internal/trigger/certtest"
	"tfdrift/internal/trigger/falcotrigger/falcotest"
)

// asCommand makes the test's binary the command itself, so that a process of
// its own can be watched, and killed.
const asCommand = "TFDRIFT_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	os.Exit(m.Run())
}

// process is a forwarder in a process of its own.
type process struct {
	t   *testing.T
	cmd *exec.Cmd
	url string
	log lockedBuffer
}

type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// spawn runs the forwarder with a configuration, against a stub of EventBridge.
func spawn(t *testing.T, endpoint, config string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(os.Args[0], args...)}
	p.cmd.Env = []string{asCommand + "=1", "TFDRIFT_CONFIG=" + config, "AWS_REGION=us-east-1", "AWS_ENDPOINT_URL_EVENTBRIDGE=" + endpoint,
		"AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY=example", "AWS_EC2_METADATA_DISABLED=true", "HOME=" + t.TempDir(), "TFDRIFT_TEST_TOKEN=0123456789abcdef", "GOMEMLIMIT=" + os.Getenv("GOMEMLIMIT")}
	p.cmd.Stderr = &p.log
	p.cmd.Stdout = &p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		p.cmd.Wait()
		if t.Failed() {
			text := p.log.String()
			t.Log(text[max(0, len(text)-4000):])
		}
	})
	eventually(t, "it listens", func() bool {
		for line := range strings.Lines(p.log.String()) {
			var entry struct{ Msg, Listen string }
			if json.Unmarshal([]byte(line), &entry) == nil && entry.Msg == "running" {
				p.url = "http://" + entry.Listen
				return true
			}
		}
		return false
	})
	return p
}

func (p *process) kill() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// end ends it in order, and returns the processor time that it took.
func (p *process) end() time.Duration {
	p.t.Helper()
	p.cmd.Process.Signal(syscall.SIGTERM)
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("%v: %s", err, p.log.String())
	}
	return p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
}

// memory is the most that it ever had resident, in MB.
func (p *process) memory() int {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.t.Skip("no /proc here:", err)
	}
	_, rest, _ := strings.Cut(string(raw), "VmHWM:")
	kb, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		p.t.Fatal(err)
	}
	return kb >> 10
}

func (p *process) get(path string) (status int, body string) {
	response, err := http.Get(p.url + path)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	raw, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(raw)
}

// metric reads one of its metrics.
func (p *process) metric(name string) int {
	_, text := p.get("/metrics")
	_, rest, found := strings.Cut(text, "\n"+name+" ")
	if !found {
		return -1
	}
	n, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		p.t.Fatal(err)
	}
	return int(n)
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not in time: %s", what)
		}
	}
}

func stub(t *testing.T) (*bustest.PutEvents, string) {
	t.Helper()
	service := &bustest.PutEvents{}
	server := httptest.NewServer(service)
	t.Cleanup(server.Close)
	return service, server.URL
}

func settings(t *testing.T, more string) string {
	return "forwarder:\n  listen: 127.0.0.1:0\n  spool: {path: " + filepath.Join(t.TempDir(), "spool") + "}\n" + more
}

// alert is one as Falco posts it, of the usual size.
func alert(id int) string {
	request := `{\"instanceId\":\"i-0123456789abcdef0\",\"groupSet\":{\"items\":[{\"groupId\":\"sg-0123456789abcdef0\"}]}}`
	return fmt.Sprintf(`{"hostname":"falco-0","output":"2026-08-20T09:00:00Z Notice Terraform resource changed: ModifyInstanceAttribute by alice (id=e%06d)","output_fields":{"ct.id":"e%06d","ct.time":"2026-08-20T09:00:00Z","ct.src":"ec2.amazonaws.com","ct.shortsrc":"ec2","ct.name":"ModifyInstanceAttribute","ct.user":"alice","ct.user.accountid":"111122223333","ct.user.identitytype":"IAMUser","ct.user.principalid":"AIDACKCEVSQ6C2EXAMPLE","ct.user.arn":"arn:aws:iam::111122223333:user/alice","ct.region":"us-east-1","ct.srcip":"198.51.100.23","ct.useragent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36","ct.readonly":"false","ct.recipientaccountid":"111122223333","ct.requestid":"dc4e446d-359c-4f4d-a9ca-379bb9397593","ct.eventtype":"AwsApiCall","ct.error":null,"ct.errormessage":null,"ct.request":"%s","ct.response":"{\"_return\":true}"},"priority":"Notice","rule":"Terraform resource changed","source":"aws_cloudtrail","tags":["aws","cloud","terraform"],"time":"2026-08-20T09:00:00.000000000Z"}`, id, id, request)
}

// falco is a client as small as Falco's: one connection, one alert after another.
type falco struct {
	conn net.Conn
	in   *bufio.Reader
}

func dial(url string) (*falco, error) {
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		return nil, err
	}
	return &falco{conn: conn, in: bufio.NewReader(conn)}, nil
}

// model is a request with an alert, of which only the id changes.
type model struct {
	request []byte
	ids     []int // where they are
}

func newModel() *model {
	body := alert(0)
	m := &model{request: fmt.Appendf(nil, "POST /falco HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: falcosecurity/falco\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)}
	for i := range m.request {
		if bytes.HasPrefix(m.request[i:], []byte("e000000")) {
			m.ids = append(m.ids, i+1)
		}
	}
	return m
}

func (m *model) with(n int) []byte {
	for _, at := range m.ids {
		for i, rest := at+5, n; i >= at; i, rest = i-1, rest/10 {
			m.request[i] = byte('0' + rest%10)
		}
	}
	return m.request
}

func (f *falco) post(request []byte) (status int, err error) {
	if _, err := f.conn.Write(request); err != nil {
		return 0, err
	}
	length := 0
	for {
		line, err := f.in.ReadSlice('\n')
		switch {
		case err != nil:
			return 0, err
		case len(line) == 2:
			_, err := f.in.Discard(length)
			return status, err
		case bytes.HasPrefix(line, []byte("HTTP/1.1 ")):
			status, _ = strconv.Atoi(string(line[9:12]))
		case bytes.HasPrefix(line, []byte("Content-Length: ")):
			length, _ = strconv.Atoi(string(bytes.TrimSpace(line[16:])))
		}
	}
}

// load posts alerts from many Falcos and returns those that were acknowledged;
// what is not acknowledged is posted again, to whatever url returns then.
func load(t *testing.T, url func() string, from, to int) {
	t.Helper()
	const senders = 64
	var next atomic.Int64
	next.Store(int64(from))
	var all sync.WaitGroup
	for range senders {
		all.Go(func() {
			var f *falco
			model := newModel()
			for {
				n := int(next.Add(1)) - 1
				if n >= to {
					return
				}
				for request := model.with(n); ; {
					var err error
					var status int
					if f == nil {
						f, err = dial(url())
					}
					if err == nil {
						if status, err = f.post(request); err != nil {
							f.conn.Close()
						}
					}
					if err == nil && status == 202 {
						break
					}
					if err == nil && status != 429 && status != 503 {
						t.Errorf("status %d", status)
						return
					}
					if err != nil {
						f = nil
					}
					time.Sleep(5 * time.Millisecond)
				}
			}
		})
	}
	all.Wait()
}

// wantArrived holds the bus to having each alert at least once.
func wantArrived(t *testing.T, service *bustest.PutEvents, total int) (twice int) {
	t.Helper()
	seen := make([]int, total)
	for _, detail := range service.Arrived() {
		_, rest, _ := strings.Cut(string(detail), `"ct.id":"e`)
		n, err := strconv.Atoi(rest[:6])
		if err != nil {
			t.Fatalf("%s", detail)
		}
		seen[n]++
		twice += min(1, seen[n]-1)
	}
	missing := 0
	for n, times := range seen {
		if times == 0 {
			if missing++; missing < 5 {
				t.Errorf("alert %d is lost", n)
			}
		}
	}
	if missing > 0 {
		t.Errorf("%d of %d alerts are lost", missing, total)
	}
	return twice
}

// alerts is how many the tests of load send: few, or as many as
// TFDRIFT_FORWARDER_LOAD says, as `make bench-forwarder` does. Only then are
// speed and memory held to their bounds.
func alerts() (n int, measured bool) {
	if n, err := strconv.Atoi(os.Getenv("TFDRIFT_FORWARDER_LOAD")); err == nil {
		return n, true
	}
	return 2000, false
}

func report(t *testing.T, p *process, what string, total int, took time.Duration) {
	memory := p.memory()
	each := p.end() / time.Duration(total)
	rate := float64(total) / took.Seconds()
	t.Logf("%s: %d alerts in %v, %.0f a second, %v of processor time each, %d MB resident at most", what, total, took.Round(time.Millisecond), rate, each, memory)
	if _, measured := alerts(); measured && (rate < 20_000 || each > 60*time.Microsecond || memory > 96) {
		t.Errorf("%s: want 20,000 a second, 60 µs each and 96 MB", what)
	}
}

func TestAtFullSpeedNothingIsLost(t *testing.T) {
	total, _ := alerts()
	t.Run("posted", func(t *testing.T) {
		service, endpoint := stub(t)
		p := spawn(t, endpoint, settings(t, ""))
		began := time.Now()
		load(t, func() string { return p.url }, 0, total)
		eventually(t, "all are relayed", func() bool { return service.Taken() >= total })
		took := time.Since(began)
		spooled := p.metric("tfdrift_forwarder_spooled_total")
		report(t, p, "posted", total, took)
		twice := wantArrived(t, service, total)
		t.Logf("%d went to the spool, %d came twice, %d calls of PutEvents", spooled, twice, service.Calls())
	})
	t.Run("subscribed to", func(t *testing.T) {
		service, endpoint := stub(t)
		f := &falcotest.Falco{}
		for i := range total {
			id := fmt.Sprintf("e%06d", i)
			f.Push(falcotest.Alert(id, "ec2.amazonaws.com", "ModifyInstanceAttribute", `{"instanceId":"i-0123456789abcdef0","groupSet":{"items":[{"groupId":"sg-0123456789abcdef0"}]}}`))
		}
		server := f.Serve(t, "unix://"+filepath.Join(t.TempDir(), "falco.sock"), nil)
		began := time.Now()
		p := spawn(t, endpoint, settings(t, "falco:\n  hostname: "+server.Address+"\n"))
		eventually(t, "all are relayed", func() bool { return service.Taken() >= total })
		report(t, p, "subscribed to", total, time.Since(began))
		wantArrived(t, service, total)
	})
}

func TestNothingAcceptedIsLostByKills(t *testing.T) {
	total, _ := alerts()
	service, endpoint := stub(t)
	service.Down.Store(true)
	config := settings(t, "")
	var mu sync.Mutex
	p := spawn(t, endpoint, config)
	url := func() string {
		mu.Lock()
		defer mu.Unlock()
		return p.url
	}
	done := make(chan struct{})
	began := time.Now()
	go func() {
		defer close(done)
		load(t, url, 0, total)
	}()
	for kill := range 10 {
		eventually(t, "some were accepted", func() bool { return p.metric("tfdrift_forwarder_accepted_total") >= total/20 })
		mu.Lock()
		p.kill()
		p = spawn(t, endpoint, config)
		mu.Unlock()
		if waiting := p.metric("tfdrift_forwarder_waiting"); waiting < (kill+1)*total/20 {
			t.Errorf("after kill %d only %d wait", kill+1, waiting)
		}
	}
	<-done
	accepted := time.Since(began)
	service.Down.Store(false)
	eventually(t, "the spool is empty", func() bool { return p.metric("tfdrift_forwarder_waiting") == 0 })
	memory := p.memory()
	p.end()
	twice := wantArrived(t, service, total)
	t.Logf("%d alerts, the bus down, ten kills: accepted in %v, all delivered %v after that at most, %d of them more than once; %d MB resident at most", total, accepted.Round(time.Millisecond), (time.Since(began) - accepted).Round(time.Millisecond), twice, memory)
}

func TestTheProcessEndsInOrder(t *testing.T) {
	service, endpoint := stub(t)
	service.Down.Store(true)
	config := settings(t, "")
	p := spawn(t, endpoint, config)
	load(t, func() string { return p.url }, 0, 50)
	if status, body := p.get("/ready"); status != 200 {
		t.Errorf("while it spools: %d %s", status, body)
	}
	p.end()
	if !strings.Contains(p.log.String(), `"ended"`) {
		t.Errorf("it says nothing of its end: %s", p.log.String())
	}
	service.Down.Store(false)
	again := spawn(t, endpoint, config)
	eventually(t, "what was left is relayed", func() bool { return again.metric("tfdrift_forwarder_relayed_total") == 50 })
	wantArrived(t, service, 50)
}

func TestTheHealthcheckAsksTheProcess(t *testing.T) {
	_, endpoint := stub(t)
	p := spawn(t, endpoint, settings(t, ""))
	check := func(listen string) error {
		cmd := exec.Command(os.Args[0], "--healthcheck")
		cmd.Env = []string{asCommand + "=1", "TFDRIFT_CONFIG=forwarder: {listen: '" + listen + "'}"}
		return cmd.Run()
	}
	if err := check(strings.TrimPrefix(p.url, "http://")); err != nil {
		t.Error("alive:", err)
	}
	p.kill()
	if check(strings.TrimPrefix(p.url, "http://")) == nil {
		t.Error("dead, and the check is well")
	}
}

func post(t *testing.T, client *http.Client, url, user, token, body string) int {
	t.Helper()
	request, err := http.NewRequest("POST", url+"/falco", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case user != "":
		request.SetBasicAuth(user, token)
	case token != "":
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client.Do(request)
	if err != nil {
		return 0
	}
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
	return response.StatusCode
}

func TestSendersProveWhoTheyAre(t *testing.T) {
	const token = "0123456789abcdef" // of spawn's environment
	service, endpoint := stub(t)
	ca, other := certtest.Authority(t, "ca"), certtest.Authority(t, "other")
	server, client, stranger := certtest.Issue(t, "server", ca), certtest.Issue(t, "falco", ca), certtest.Issue(t, "stranger", other)
	p := spawn(t, endpoint, settings(t, fmt.Sprintf("  token_from_env: TFDRIFT_TEST_TOKEN\n  cert_file: %s\n  key_file: %s\n  client_ca_file: %s\n", server.CertFile, server.KeyFile, ca.CertFile)))
	url := strings.Replace(p.url, "http://", "https://", 1)
	with := func(certificates ...tls.Certificate) *http.Client {
		return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: ca.Pool(), Certificates: certificates}}}
	}
	for _, test := range []struct {
		name        string
		client      *http.Client
		user, token string
		want        int
	}{
		{"nobody", with(), "", "", 401},
		{"the token, as a bearer", with(), "", token, 202},
		{"the token in the URL, as Falco sends it", with(), "falco", token, 202},
		{"another token", with(), "", "fedcba9876543210", 401},
		{"a certificate", with(client.Pair), "", "", 202},
		{"a stranger's certificate", with(stranger.Pair), "", "", 0},
		{"without TLS", http.DefaultClient, "", token, 400},
	} {
		at := url
		if test.want == 400 {
			at = p.url
		}
		if got := post(t, test.client, at, test.user, test.token, alert(1)); got != test.want && !(test.want == 0 && got == 401) {
			t.Errorf("%s: status %d, want %d", test.name, got, test.want)
		}
	}
	eventually(t, "three arrived", func() bool { return len(service.Arrived()) == 3 })
	if strings.Contains(p.log.String(), token) {
		t.Error("the token is in the log")
	}
}

func TestWhatIsPostedIsBounded(t *testing.T) {
	service, endpoint := stub(t)
	p := spawn(t, endpoint, settings(t, ""))
	for _, test := range []struct {
		name, body string
		want       int
	}{
		{"an alert", alert(1), 202},
		{"many", alert(2) + "\n" + alert(3), 202},
		{"an array", "[" + alert(4) + "," + alert(5) + "]", 202},
		{"nothing", "", 202},
		{"no JSON", "Notice a shell was spawned", 400},
		{"half an alert", alert(6)[:100], 400},
		{"a good one beside a broken one", alert(7) + "\n{broken\n", 400},
		{"nine megabytes", `{"rule":"` + strings.Repeat("x", 9<<20) + `"}`, 413},
		{"two megabytes of text that nobody reads", strings.Replace(alert(8), `"output":"`, `"output":"`+strings.Repeat("x", 2<<20), 1), 202},
	} {
		if got := post(t, http.DefaultClient, p.url, "", "", test.body); got != test.want {
			t.Errorf("%s: status %d, want %d", test.name, got, test.want)
		}
	}
	eventually(t, "all alerts arrived", func() bool { return len(service.Arrived()) == 7 })
	for name, want := range map[string]int{
		"tfdrift_forwarder_accepted_total": 7, "tfdrift_forwarder_relayed_total": 7, "tfdrift_forwarder_cut_total": 1, `tfdrift_forwarder_dropped_total{reason="unreadable"}`: 3,
		`tfdrift_forwarder_dropped_total{reason="unmapped"}`: 0, "tfdrift_falco_connected": 1, "tfdrift_forwarder_spool_ready": 1, "tfdrift_forwarder_bus_answers": 1,
	} {
		if got := p.metric(name); got != want {
			t.Errorf("%s is %d, want %d", name, got, want)
		}
	}
}

func TestSeveralSourcesAtOnce(t *testing.T) {
	service, endpoint := stub(t)
	one, two := &falcotest.Falco{}, &falcotest.Falco{}
	a, b := one.Serve(t, "unix://"+filepath.Join(t.TempDir(), "a.sock"), nil), two.Serve(t, "unix://"+filepath.Join(t.TempDir(), "b.sock"), nil)
	p := spawn(t, endpoint, settings(t, "falco:\n  - hostname: "+a.Address+"\n  - hostname: "+b.Address+"\n  - transport: http\n"))
	eventually(t, "it is ready", func() bool { status, _ := p.get("/ready"); return status == 200 })
	one.Push(falcotest.Alert("e000001", "ec2.amazonaws.com", "StopInstances", "{}"))
	two.Push(falcotest.Alert("e000002", "ec2.amazonaws.com", "StopInstances", "{}"), falcotest.Alert("e000003", "ec2.amazonaws.com", "DescribeInstances", "{}"))
	if status := post(t, http.DefaultClient, p.url, "", "", alert(0)); status != 202 {
		t.Errorf("status %d", status)
	}
	eventually(t, "all that is mapped arrived", func() bool {
		return len(service.Arrived()) == 3 && p.metric(`tfdrift_forwarder_dropped_total{reason="unmapped"}`) == 1
	})
	b.Stop()
	eventually(t, "the loss of one is told", func() bool {
		status, body := p.get("/ready")
		return status == 503 && strings.Contains(body, "b.sock") && !strings.Contains(body, "a.sock") && p.metric("tfdrift_falco_connected") == 0
	})
	if status, _ := p.get("/healthz"); status != 200 {
		t.Errorf("alive: status %d", status)
	}
}

func TestThrottledEntriesAreSentAgainAlone(t *testing.T) {
	service, endpoint := stub(t)
	var refused atomic.Int64
	service.Refuse = func(string) string {
		if refused.Add(1)%3 == 0 {
			return "ThrottlingException"
		}
		return ""
	}
	p := spawn(t, endpoint, settings(t, ""))
	load(t, func() string { return p.url }, 0, 300)
	eventually(t, "all are relayed", func() bool { return p.metric("tfdrift_forwarder_relayed_total") == 300 })
	if twice := wantArrived(t, service, 300); twice > 0 {
		t.Errorf("%d came twice", twice)
	}
}

func TestAConfigurationThatCannotServeIsRefused(t *testing.T) {
	for name, test := range map[string]struct{ config, want string }{
		"reached by others, and nobody is asked": {"forwarder: {listen: ':0'}", "can be reached by others"},
		"half a certificate":                     {"forwarder: {cert_file: a.pem}", "belong together"},
		"no such bus name":                       {"forwarder: {event_bus: 'my bus'}", "no name or ARN"},
		"a token that is not set":                {"forwarder: {token_from_env: TFDRIFT_NO_SUCH}", "TFDRIFT_NO_SUCH"},
		"certificates that are not there":        {"falco: {ca_root_file: nowhere.pem}", "nowhere.pem"},
		"an unknown key":                         {"forwarder: {lisen: ':0'}", "listen"},
	} {
		cmd := exec.Command(os.Args[0])
		cmd.Dir = t.TempDir()
		cmd.Env = []string{asCommand + "=1", "TFDRIFT_CONFIG=" + test.config, "AWS_REGION=us-east-1"}
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), test.want) {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
}

func TestStandardOutputIsABusToo(t *testing.T) {
	p := spawn(t, "http://127.0.0.1:1", settings(t, ""), "--stdout")
	if status := post(t, http.DefaultClient, p.url, "", "", alert(1)); status != 202 {
		t.Errorf("status %d: %s", status, p.log.String())
	}
	eventually(t, "the alert comes out of the pipe", func() bool { return strings.Contains(p.log.String(), alert(1)+"\n") })
}

func TestProfilesAreForThisHostOnly(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	p := spawn(t, "http://127.0.0.1:1", settings(t, ""), "--pprof-port", port)
	if status, _ := p.get("/debug/pprof/"); status != 404 {
		t.Errorf("on the public listener: status %d", status)
	}
	p.url = "http://127.0.0.1:" + port
	if status, _ := p.get("/debug/pprof/cmdline"); status != 200 {
		t.Errorf("on its own port: status %d", status)
	}
}
