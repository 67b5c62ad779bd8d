package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tfdrift/internal/notifier"
)

// asCommand makes the test's binary the command itself, so that a process of
// its own can be watched, and killed.
const asCommand = "TFDRIFT_TEST_AS_COMMAND"

// impatient makes that command try again after fractions of a second what a
// channel refused.
const impatient = "TFDRIFT_TEST_IMPATIENT"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) == "" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	p := process{ctx: ctx, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	if os.Getenv(impatient) != "" {
		p.backoff = notifier.Backoff{First: 100 * time.Millisecond, Most: 2 * time.Second}
	}
	os.Exit(run(p, os.Args[1:]))
}

// spawn runs the command in a process of its own.
func spawn(t *testing.T, data string, args ...string) (*running, *exec.Cmd) {
	t.Helper()
	r := &running{t: t, data: data, status: make(chan int, 1)}
	os.Remove(data + "/" + addressName) // of one that was killed
	cmd := exec.Command(os.Args[0], append([]string{"run", "--data", data, "--listen", "127.0.0.1:0"}, args...)...)
	cmd.Env = append(os.Environ(), asCommand+"=1", "TFDRIFT_LOG_LEVEL=warn")
	cmd.Stdout, cmd.Stderr = &r.out, &r.err
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		cmd.Wait()
		r.status <- cmd.ProcessState.ExitCode()
	}()
	t.Cleanup(func() { cmd.Process.Kill() })
	r.eventually("it listens", func() bool {
		var err error
		r.where, err = readAddress(data)
		return err == nil && r.where.Listen != ""
	})
	r.url = "http://" + r.where.Listen
	return r, cmd
}

// memory is what a process has resident, in MB: VmHWM, the most it ever had, in
// which the store's mapped pages count that the system may take back any time;
// or RssAnon, its own.
func memory(t *testing.T, pid int, kind string) int {
	t.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skip("no /proc here:", err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), kind+":"); ok {
			kb, err := strconv.Atoi(strings.Fields(text)[0])
			if err != nil {
				t.Fatal(err)
			}
			return kb >> 10
		}
	}
	t.Fatalf("no %s", kind)
	return 0
}

// load posts events, some on each of some groups, one a request, at full speed;
// what is answered with 429 is posted again.
func load(t *testing.T, r *running, groups, each int) (refused int64) {
	t.Helper()
	const senders = 32
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}
	var next, again atomic.Int64
	var all sync.WaitGroup
	at := time.Now()
	for range senders {
		all.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				if n >= groups*each {
					return
				}
				event := opens(fmt.Sprint("load-", n), n%groups, 1000+n/groups, at.Add(time.Duration(n)*time.Millisecond))
				for {
					response, err := client.Post(r.url+"/events", "application/json", strings.NewReader(event))
					if err != nil {
						t.Error(err)
						return
					}
					response.Body.Close()
					if response.StatusCode == 202 {
						break
					}
					if response.StatusCode != 429 {
						t.Errorf("status %d", response.StatusCode)
						return
					}
					again.Add(1)
					time.Sleep(100 * time.Millisecond)
				}
			}
		})
	}
	all.Wait()
	return again.Load()
}

// At full speed, with a channel that hangs beside a good one, nothing that was
// accepted is lost, in at most 200 MB, however the events are spread. `make
// load` runs it with 100,000 events.
func TestNothingIsLostUnderLoad(t *testing.T) {
	total, err := strconv.Atoi(os.Getenv("TFDRIFT_LOAD"))
	if err != nil {
		total = 1_000
		if testing.Short() {
			total = 200
		}
	}
	for _, shape := range []struct {
		name            string
		resources, each int
	}{
		{"ten resources", 10, min(100, total/10)},
		{"fifty events each", total / 50, 50},
		{"ten events each", total / 10, 10},
		{"a finding each", total, 1},
	} {
		t.Run(shape.name, func(t *testing.T) { nothingIsLost(t, shape.resources, shape.each) })
	}
}

func nothingIsLost(t *testing.T, resources, each int) {
	total := resources * each
	good, hung := newSink(t, false), newSink(t, true)
	cfg := fmt.Sprintf("notifications:\n  webhook:\n    url: %s\n  slack:\n    webhook_url: %s\n    timeout: 1m\n", good.URL, hung.URL)
	path := file(t, "terraform.tfstate", groups(1, slices.Repeat([]string{"22"}, resources)...))
	r, cmd := spawn(t, t.TempDir(), "--state", path, "--config", file(t, "tfdrift.yaml", cfg))
	r.ready()

	began := time.Now()
	refused := load(t, r, resources, each)
	accepted := time.Since(began)
	wait(t, 20*time.Minute, "all is judged", func() bool {
		_, body := r.get("/metrics")
		return strings.Contains(body, fmt.Sprintf("\ntfdrift_events_judged_total %s\n", metric(total)))
	})
	judged := time.Since(began)
	wait(t, 20*time.Minute, "all is sent", func() bool { return good.resources() == resources })
	sent := time.Since(began)
	most, own := memory(t, cmd.Process.Pid, "VmHWM"), memory(t, cmd.Process.Pid, "RssAnon")
	t.Logf("%d events on %d resources: accepted in %v (%d refused first), judged in %v (%.0f a second), sent in %v; %d MB at most, %d MB of them its own at the end",
		total, resources, accepted.Round(time.Millisecond), refused, judged.Round(time.Millisecond), float64(total)/judged.Seconds(), sent.Round(time.Millisecond), most, own)
	if most > 200 {
		t.Errorf("%d MB of memory, want 200 at most", most)
	}
	if found := r.findings(); len(found) != resources {
		t.Errorf("%d findings of %d", len(found), resources)
	}
	story := r.story("aws_security_group.g0")
	if n := len(story.Changes); n != each {
		t.Errorf("g0 has %d changes of %d", n, each)
	}
}

// metric is a number as Prometheus writes it.
func metric(n int) string { return strconv.FormatFloat(float64(n), 'g', -1, 64) }

func wait(t *testing.T, patience time.Duration, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not in time: %s", what)
		}
	}
}

// A process that is killed at any moment has lost nothing that it accepted.
func TestNothingAcceptedIsLostByAKill(t *testing.T) {
	const resources = 200
	path := file(t, "terraform.tfstate", groups(1, slices.Repeat([]string{"22"}, resources)...))
	data := t.TempDir()
	for round := range 3 {
		r, cmd := spawn(t, data, "--state", path)
		r.ready()
		var body strings.Builder
		for i := range resources {
			body.WriteString(opens(fmt.Sprintf("%d-%d", round, i), i, 1000+round, time.Now()))
		}
		if status, answer := r.post("/events", body.String()); status != 202 {
			t.Fatalf("status %d: %s", status, answer)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-r.status
	}
	r, cmd := spawn(t, data, "--state", path)
	r.ready()
	r.judged()
	found := r.all()
	if len(found) != resources {
		t.Errorf("%d findings of %d", len(found), resources)
	}
	for _, f := range found {
		if len(f.Changes) != 3 {
			t.Errorf("%s has %d changes of 3", f.Resource.Address, len(f.Changes))
		}
	}
	cmd.Process.Signal(syscall.SIGTERM)
	if status := <-r.status; status != 0 {
		t.Errorf("status %d: %s", status, r.err.String())
	}
}

// upload begins to post something of unknown length and does not end. What it
// returns has an answer to read once somebody reads the body.
func upload(t *testing.T, r *running) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", r.where.Listen)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if _, err := fmt.Fprintf(c, "POST /events HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n1\r\n{\r\n", r.where.Listen); err != nil {
		t.Fatal(err)
	}
	return c
}

// More than it can take in at once, it refuses before it has accepted anything,
// and says when to come again.
func TestSendersAreAskedToWait(t *testing.T) {
	r := start(t, t.TempDir(), "--state", file(t, "terraform.tfstate", groups(1, "22")))
	r.ready()
	var refused *http.Response
	for range 100 {
		upload(t, r)
		response, err := http.Post(r.url+"/events", "application/json", strings.NewReader(opens("e", 0, 443, time.Now())))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusAccepted {
			refused = response
			break
		}
	}
	if refused == nil {
		t.Fatal("100 uploads at once, and nothing is refused")
	}
	if seconds, err := strconv.Atoi(refused.Header.Get("Retry-After")); refused.StatusCode != http.StatusTooManyRequests || err != nil || seconds < 1 {
		t.Errorf("status %d, Retry-After %q", refused.StatusCode, refused.Header.Get("Retry-After"))
	}
	if _, metrics := r.get("/metrics"); !strings.Contains(metrics, "\ntfdrift_events_refused_total 1\n") {
		t.Error("it is not counted")
	}
}

// The first signal ends it in order, which a request under way may hold up; the
// second ends it there and then.
func TestASecondSignalEndsItAtOnce(t *testing.T) {
	r, cmd := spawn(t, t.TempDir(), "--state", file(t, "terraform.tfstate", groups(1, "22")))
	r.ready()
	if _, err := upload(t, r).Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	cmd.Process.Signal(syscall.SIGTERM)
	r.eventually("it takes nothing any more", func() bool {
		_, err := http.Get(r.url + "/healthz")
		return err != nil
	})
	cmd.Process.Signal(syscall.SIGTERM)
	<-r.status
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.Signal() != syscall.SIGTERM {
		t.Errorf("it ended with %v, not by the signal", cmd.ProcessState)
	}
}
