// Package lambdatest runs a function as Lambda does: the built program, natively,
// against a Runtime API of this process. An invocation that outlives its time ends
// the process, and the next one begins another, as there.
//
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
package lambdatest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Build builds a package of this module as its bootstrap is built, for this
// machine, into a folder.
func Build(dir, pkg string) (bootstrap string, err error) {
	bootstrap = filepath.Join(dir, strings.ReplaceAll(pkg, "/", "-"))
	cmd := exec.Command("go", "build", "-tags", "lambda.norpc", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", bootstrap, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build %s: %w: %s", pkg, err, out)
	}
	return bootstrap, nil
}

// Function is a function under test. One invocation at a time.
type Function struct {
	t      testing.TB
	cmd    []string
	env    []string
	server *httptest.Server

	next    chan chan invocation // who asks for the next one
	answers chan Answer
	ended   chan error // of the process
	process *exec.Cmd
	started time.Time
	peak    int64

	log *os.File // written by the process itself: what it said before an answer is there with it
	n   int
}

type invocation struct {
	id       string
	payload  []byte
	deadline time.Time
}

// Answer is how an invocation ended.
type Answer struct {
	Response []byte        // where it succeeded
	Error    string        // the message, where it failed
	Died     bool          // with its process, by a time-out or by itself
	Took     time.Duration // from the invocation to the answer
}

// Start makes a function of a command. Env is all that its process has; nothing is
// run before the first invocation, or [Function.Init].
func Start(t testing.TB, command []string, env ...string) *Function {
	f := &Function{t: t, cmd: command, next: make(chan chan invocation), answers: make(chan Answer, 1)}
	f.server = httptest.NewServer(f)
	var err error
	if f.log, err = os.Create(filepath.Join(t.TempDir(), "log")); err != nil {
		t.Fatal(err)
	}
	f.env = append([]string{
		"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(f.server.URL, "http://"), "AWS_LAMBDA_FUNCTION_VERSION=1", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128", "_HANDLER=bootstrap",
		"AWS_REGION=eu-west-1", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_SESSION_TOKEN=test",
	}, env...)
	t.Cleanup(func() {
		f.Kill()
		f.server.CloseClientConnections()
		f.server.Close()
		f.log.Close()
	})
	return f
}

// Init starts the process and waits until it asks for its first invocation. It
// returns how long that took.
func (f *Function) Init() (time.Duration, error) {
	f.t.Helper()
	f.run()
	asked, err := f.asks()
	if err != nil {
		return 0, err
	}
	took := time.Since(f.started)
	go func() { f.next <- asked }() // it goes on waiting
	return took, nil
}

func (f *Function) run() {
	if f.process != nil {
		return
	}
	f.process = exec.Command(f.cmd[0], f.cmd[1:]...)
	f.process.Env = f.env
	f.process.Stdout, f.process.Stderr = f.log, f.log
	ended := make(chan error, 1)
	f.ended, f.started = ended, time.Now()
	if err := f.process.Start(); err != nil {
		f.t.Fatal(err)
	}
	go func(p *exec.Cmd) { ended <- p.Wait() }(f.process)
}

// asks waits until the process asks for an invocation, or has ended.
func (f *Function) asks() (chan invocation, error) {
	select {
	case asked := <-f.next:
		return asked, nil
	case err := <-f.ended:
		f.process = nil
		return nil, fmt.Errorf("the process ended (%v) and said %s", err, f.Log())
	case <-time.After(30 * time.Second):
		f.t.Fatalf("the process asks for nothing: %s", f.Log())
		return nil, nil
	}
}

// Invoke invokes the function, which has so much time.
func (f *Function) Invoke(payload []byte, timeout time.Duration) Answer {
	f.t.Helper()
	f.run()
	asked, err := f.asks()
	if err != nil {
		return Answer{Error: err.Error(), Died: true}
	}
	f.n++
	begun := time.Now()
	asked <- invocation{fmt.Sprint("request-", f.n), payload, begun.Add(timeout)}
	select {
	case a := <-f.answers:
		a.Took = time.Since(begun)
		f.measure()
		return a
	case err := <-f.ended:
		f.process = nil
		return Answer{Error: fmt.Sprintf("Runtime exited with error: %v", err), Died: true, Took: time.Since(begun)}
	case <-time.After(timeout):
		f.Kill()
		return Answer{Error: "Task timed out", Died: true, Took: time.Since(begun)}
	}
}

// Kill ends the process, as kill -9 does.
func (f *Function) Kill() {
	if f.process != nil {
		f.measure()
		f.process.Process.Kill()
		<-f.ended
		f.process = nil
	}
}

// KillNow is Kill while an invocation is under way; that finds out.
func (f *Function) KillNow() { f.process.Process.Kill() }

// Log is what the function has written.
func (f *Function) Log() string {
	said, err := os.ReadFile(f.log.Name())
	if err != nil {
		f.t.Error(err)
	}
	return string(said)
}

// Peak is the most memory, in bytes, that any process of the function had.
func (f *Function) Peak() int64 { return f.peak }

// measure reads VmHWM, "peak resident set size", of proc(5).
func (f *Function) measure() {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", f.process.Process.Pid))
	if err != nil {
		return // gone, or no Linux
	}
	for line := range strings.Lines(string(status)) {
		var kb int64
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kb); err == nil {
			f.peak = max(f.peak, kb<<10)
		}
	}
}

const root = "/2018-06-01/runtime/"

// ServeHTTP is the Runtime API.
func (f *Function) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, root)
	if path == "invocation/next" {
		asked := make(chan invocation, 1)
		select {
		case f.next <- asked:
		case <-r.Context().Done():
			return
		}
		select {
		case in := <-asked:
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", in.id)
			w.Header().Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(in.deadline.UnixMilli()))
			w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:111122223333:function:test:live")
			w.Write(in.payload)
		case <-r.Context().Done():
		}
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	a := Answer{Response: body}
	if strings.HasSuffix(path, "/error") {
		var e struct{ ErrorMessage string }
		if err := json.Unmarshal(body, &e); err != nil {
			e.ErrorMessage = string(body)
		}
		a = Answer{Error: e.ErrorMessage}
	}
	w.WriteHeader(http.StatusAccepted)
	f.answers <- a
}
