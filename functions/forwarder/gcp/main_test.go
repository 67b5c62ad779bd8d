package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cloud.google.com/go/pubsub/v2/apiv1/pubsubpb"
	"cloud.google.com/go/pubsub/v2/pstest"
)

// asCommand makes the test's binary the command itself.
const asCommand = "TFDRIFT_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	os.Exit(m.Run())
}

type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) { l.mu.Lock(); defer l.mu.Unlock(); return l.buf.Write(p) }
func (l *log) String() string              { l.mu.Lock(); defer l.mu.Unlock(); return l.buf.String() }

var listening = regexp.MustCompile(`"msg":"running".*"listen":"([^"]*)"`)

func TestAnAlertThatIsPostedIsOnTheTopic(t *testing.T) {
	const topic = "projects/acme-prod/topics/drift-events"
	server := pstest.NewServer()
	defer server.Close()
	if _, err := server.GServer.CreateTopic(t.Context(), &pubsubpb.Topic{Name: topic}); err != nil {
		t.Fatal(err)
	}
	var out log
	cmd := exec.Command(os.Args[0])
	cmd.Env = []string{asCommand + "=1", "PUBSUB_EMULATOR_HOST=" + server.Addr, "GOOGLE_CLOUD_PROJECT=acme-prod",
		"TFDRIFT_CONFIG=forwarder: {listen: '127.0.0.1:0', topic: " + topic + ", spool: {path: " + filepath.Join(t.TempDir(), "spool") + "}}"}
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	var at []string
	for end := time.Now().Add(20 * time.Second); at == nil; time.Sleep(5 * time.Millisecond) {
		if at = listening.FindStringSubmatch(out.String()); time.Now().After(end) {
			t.Fatal(out.String())
		}
	}
	const alerts = 250
	for i := range alerts {
		body := fmt.Sprintf(`{"rule":"r","priority":"Notice","source":"gcp_auditlog","output_fields":{"n":%d,"gcp.serviceName":"compute.googleapis.com","gcp.methodName":"v1.compute.firewalls.patch"}}`, i)
		response, err := http.Post("http://"+at[1]+"/falco", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != 202 {
			t.Fatalf("status %d: %s", response.StatusCode, out.String())
		}
	}
	cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, out.String())
	}
	if got := len(server.Messages()); got != alerts {
		t.Errorf("%d messages of %d: %s", got, alerts, out.String())
	}
}
