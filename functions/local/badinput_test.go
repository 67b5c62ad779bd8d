package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

// one is a sample event on one line.
func one(t testing.TB, path string) string {
	t.Helper()
	return strings.Join(strings.Fields(strings.ReplaceAll(sample(t, path), "\n", " ")), " ")
}

// errorLines are what the program said of each thing that it could not read,
// without the count at the end.
func errorLines(o outcome) []string {
	var lines []string
	for line := range strings.Lines(o.stderr) {
		if !strings.Contains(line, "could not be read; what they said is not judged") {
			lines = append(lines, strings.TrimSuffix(line, "\n"))
		}
	}
	return lines
}

func TestABrokenDocumentCostsOnlyItself(t *testing.T) {
	good := one(t, opened)
	tests := []struct{ name, bad, says string }{
		{"cut off", `{"eventName":"X","eventSource":`, ``},
		{"mistyped", `{"eventName": X}`, ``},
		{"a quote too many", `{"eventName": "X""}`, ``},
		{"invalid UTF-8", "{\"eventName\":\"\xff\xfe\"}", `UTF-8`},
		{"a NUL byte", "{\"a\":\x00}", ``},
		{"NUL bytes alone", "{\x00\x00\x00", ``},
		{"nested 10,000 deep", strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), `deep`},
		{"objects nested 10,000 deep", strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000), `deep`},
		{"parameters nested 10,000 deep", strings.Replace(good, `"requestParameters": {`, `"requestParameters": {"x":`+strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)+`,`, 1), `(depth|deep)`},
		{"gzip in a message, cut off", `{"message":{"data":"H4sIAA=="}}`, `gzip`},
		{"a gzip header in a message, cut off", `{"message":{"data":"H4s="}}`, `gzip`},
		{"a message in no base64", `{"message":{"data":"#!"}}`, `base64`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			events := file(t, "events.json", one(t, resaved)+"\n"+test.bad+"\n"+good+"\n")
			got := tfdrift(t, "", "detect", "--state", awsState, events)
			got.want(t, 1, `aws_security_group\.web`, `^tfdrift: .*events\.json:2: .*`+test.says)
			if lines := errorLines(got); len(lines) != 1 {
				t.Errorf("%d errors, want 1: %.2000q", len(lines), lines)
			}
		})
	}
}

func TestAFewBrokenDocumentsAreShownTheRestCounted(t *testing.T) {
	for _, test := range []struct {
		broken, shown int
		rest          string
	}{
		{20, 20, ""},
		{21, 20, "1 more documents cannot be read"},
		{500, 20, "480 more documents cannot be read"},
	} {
		var b strings.Builder
		for range test.broken {
			b.WriteString("{\"eventName\": X}\n")
		}
		got := tfdrift(t, "", "detect", "--state", awsState, file(t, "events.json", b.String()+one(t, opened)))
		got.want(t, 1, `aws_security_group\.web`, fmt.Sprintf(`%d documents or files could not be read`, test.broken))
		shown := regexp.MustCompile(`events\.json:\d+: `).FindAllString(got.stderr, -1)
		if len(shown) != test.shown || !strings.Contains(got.stderr, test.rest) {
			t.Errorf("of %d broken documents %d are shown, want %d and %q:\n%.3000s", test.broken, len(shown), test.shown, test.rest, got.stderr)
		}
	}
}

func TestInputsThatAreNoEvents(t *testing.T) {
	tests := []struct {
		name, content string
		status        int
		says          string // on standard error; "" is silence
	}{
		{"nothing", "", 0, ""},
		{"HTML", "<!DOCTYPE html><html><body>Not found</body></html>", 1, `events\.json:1: `},
		{"a state", `{"version":4,"terraform_version":"1.9.5","serial":1,"lineage":"l","resources":[]}`, 0, ""},
		{"a number of a million digits", strings.Repeat("9", 1_000_000), 0, ""},
		{"a number of an exponent too large", `{"requestParameters":{"size":1e999999999}}`, 0, ""},
		{"UTF-16", "\xff\xfe{\x00}\x00", 1, `UTF-16`},
		{"a zip archive", "PK\x03\x04rest", 1, `zip`},
		{"gzip of nothing", zipped(t, ""), 0, ""},
		{"gzip cut off", zipped(t, sample(t, opened))[:200], 1, `events\.json: .*gzip.*(damaged|cut off)`},
		{"gzip's first bytes alone", "\x1f\x8b", 1, `events\.json: .*gzip`},
		{"gzip with a byte turned", strings.Replace(zipped(t, sample(t, opened)), zipped(t, sample(t, opened))[60:61], "\x00", 1), 1, `events\.json`},
		{"NUL bytes", strings.Repeat("\x00", 1000), 1, `events\.json:1: `},
		{"a record without members", `{"eventName":"RunInstances","eventSource":"ec2.amazonaws.com"}`, 0, ""},
		{"a record of members of other types", `{"eventName":"RunInstances","eventSource":"ec2.amazonaws.com","eventTime":1,"userIdentity":"x","requestParameters":[1],"responseElements":"y","awsRegion":{}}`, 0, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := tfdrift(t, "", "detect", "--state", awsState, file(t, "events.json", test.content), opened)
			got.want(t, test.status, `aws_security_group\.web`, test.says)
			if lines := errorLines(got); len(lines) > 1 {
				t.Errorf("%d errors, want one at most: %.2000q", len(lines), lines)
			}
		})
	}
}

func TestInputsThatAreNoState(t *testing.T) {
	whole := sample(t, awsState)
	tests := []struct{ name, content, says string }{
		{"nothing", "", `empty`},
		{"cut off", whole[:len(whole)/2], `truncated`},
		{"mistyped", strings.Replace(whole, `"resources":`, `"resources";`, 1), `at byte \d+`},
		{"an unknown version", `{"version":5,"terraform_version":"2.0.0","serial":1,"lineage":"l","resources":[]}`, `state version 5`},
		{"a version of old", `{"version":3,"terraform_version":"0.11.14","serial":1,"lineage":"l","modules":[]}`, `state version 3`},
		{"encrypted by OpenTofu", `{"serial":1,"lineage":"l","meta":{},"encrypted_data":"abc","encryption_version":"v0"}`, `encrypted`},
		{"a plan", `{"format_version":"1.2","terraform_version":"1.9.5","planned_values":{},"resource_changes":[]}`, `plan`},
		{"a saved plan", "PK\x03\x04rest", `zip`},
		{"HTML", "<html></html>", `HTML`},
		{"nested 10,000 deep", strings.Replace(stateWith("{}"), "{}", strings.Repeat(`{"a":`, 10_000)+"1"+strings.Repeat("}", 10_000), 1), `(nested|depth|deep)`},
		{"NUL bytes", "\x00\x00", `NUL`},
		{"invalid UTF-8", stateWith("{\"a\":\"\xff\"}"), `UTF-8`},
		{"a list", "[]", `list`},
		{"YAML", "version: 4", `YAML`},
		{"another JSON object", `{"name":"x"}`, `"name"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := tfdrift(t, "", "detect", "--state", file(t, "bad.tfstate", test.content), opened)
			got.want(t, 1, "", `^tfdrift: .*bad\.tfstate: .*`+test.says)
			if n := strings.Count(got.stderr, "\n"); n != 1 {
				t.Errorf("%d lines, want 1: %.2000q", n, got.stderr)
			}
		})
	}
}

func stateWith(attributes string) string {
	return `{"version":4,"terraform_version":"1.9.5","serial":1,"lineage":"l","resources":[{"mode":"managed","type":"aws_x","name":"y","provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"attributes":` + attributes + `}]}]}`
}

func TestNumbersTooLargeForAnything(t *testing.T) {
	state := file(t, "s.tfstate", strings.Replace(stateWith(`{"id":"api","function_name":"api","memory_size":1e999999,"timeout":3}`), "aws_x", "aws_lambda_function", 1))
	event := `{"eventID":"e","eventName":"UpdateFunctionConfiguration20150331v2","eventSource":"lambda.amazonaws.com","eventTime":"2026-08-20T09:00:00Z","requestParameters":{"functionName":"api","memorySize":-1e888888888,"timeout":99999999999999999999999999}}`
	tfdrift(t, event, "detect", "--format", "json", "--state", state).want(t, 0, `"before":1e999999,"after":-1e888888888.*"after":99999999999999999999999999`, "")
}

func TestConfigurationsThatAreNone(t *testing.T) {
	tests := []struct{ name, content, says string }{
		{"an alias bomb", "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\nh: &h [*g,*g,*g,*g,*g,*g,*g,*g,*g]\nignore: *h\n", `bad\.yaml:\d+:\d+: `},
		{"an unknown key", "enviroment: prod\n", `bad\.yaml:1:1: .*enviroment.*environment`},
		{"nested 10,000 deep", strings.Repeat("[", 10_000), `bad\.yaml:\d+:\d+: `},
		{"a tab", "providers:\n\taws: {}\n", `bad\.yaml:2:\d+: `},
		{"NUL bytes", "environment: \"a\x00b\"\n", `bad\.yaml:1:\d+: `},
		{"invalid UTF-8", "environment: \xff\n", `bad\.yaml:1:\d+: `},
		{"JSON of something else", `{"version":4}`, `bad\.yaml:1:\d+: .*version`},
		{"HTML", "<html></html>", `bad\.yaml:1:1: `},
		{"two documents", "environment: a\n---\nenvironment: b\n", `bad\.yaml:2:\d+: `},
		{"a malformed pattern", "ignore: ['aws_x.[y']\n", `bad\.yaml:1:\d+: `},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tfdrift(t, "", "config", "check", file(t, "bad.yaml", test.content)).want(t, 1, "", test.says)
		})
	}
}

// endless repeats a text for so many bytes.
type endless struct {
	text string
	left int
	at   int // in the text
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) && n < e.left {
		copied := copy(p[n:min(len(p), e.left)], e.text[e.at:])
		n, e.at = n+copied, (e.at+copied)%len(e.text)
	}
	e.left -= n
	return n, nil
}

// bomb writes a gzip file that unpacks to 200 MB of one text over and over.
func bomb(t *testing.T, name, head, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, io.MultiReader(strings.NewReader(head), &endless{text: text, left: 200 << 20})); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// maxMemory is what the whole process may ever have taken from the system.
const maxMemory = 512 << 20

func TestBombsCostLittleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("unpacks a gigabyte")
	}
	debug.FreeOSMemory()
	tests := []struct {
		name   string
		path   string
		args   []string // before the path
		status int
		stdout string
		stderr string
	}{
		{"one text of 200 MB among the events", bomb(t, "e.gz", `{"eventName":"`, "a"), []string{"detect", "--state", awsState, opened}, 1, `aws_security_group\.web`, `e\.gz:1: .*larger than`},
		{"200 MB of white space among the events", bomb(t, "e.gz", "", " "), []string{"detect", "--state", awsState, opened}, 0, `aws_security_group\.web`, ""},
		{"200 MB of open lists among the events", bomb(t, "e.gz", "", "["), []string{"detect", "--state", awsState, opened}, 1, `aws_security_group\.web`, `e\.gz:1: `},
		{"a list of 200 MB in an event", bomb(t, "e.gz", `{"requestParameters":[`, "{},"), []string{"detect", "--state", awsState, opened}, 1, `aws_security_group\.web`, `e\.gz:1: .*larger than`},
		{"a state of one text of 200 MB", bomb(t, "s.gz", strings.TrimSuffix(stateWith(`{"a":"`), "}]}]}"), "a"), []string{"detect", opened, "--state"}, 1, "", `s\.gz: .*larger than`},
		{"a state of 200 MB of blocks", bomb(t, "s.gz", strings.TrimSuffix(stateWith(`{"a":[`), "}]}]}"), "{},"), []string{"detect", opened, "--state"}, 1, "", `s\.gz: .*larger than`},
		{"a state of 200 MB of white space", bomb(t, "s.gz", "", " "), []string{"detect", opened, "--state"}, 1, "", `s\.gz: `},
		{"a configuration of 200 MB", bomb(t, "c.yaml", "", "a"), []string{"config", "check"}, 1, "", `c\.yaml`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tfdrift(t, "", append(test.args, test.path)...).want(t, test.status, test.stdout, test.stderr)
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			if m.Sys > maxMemory {
				t.Errorf("the process has taken %d MB, want at most %d", m.Sys>>20, maxMemory>>20)
			}
		})
	}
}

// What stands in a message of an event is unpacked too.
func TestABombInAMessageCostsLittleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("unpacks 200 MB")
	}
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if _, err := io.Copy(w, io.MultiReader(strings.NewReader(`{"eventName":"`), &endless{text: "a", left: 200 << 20})); err != nil {
		t.Fatal(err)
	}
	w.Close()
	message := `{"message":{"data":"` + base64.StdEncoding.EncodeToString(packed.Bytes()) + `"}}`
	tfdrift(t, message+"\n"+one(t, opened), "detect", "--state", awsState).want(t, 1, `aws_security_group\.web`, `-:1: .*larger than`)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.Sys > maxMemory {
		t.Errorf("the process has taken %d MB, want at most %d", m.Sys>>20, maxMemory>>20)
	}
}

// A log of any length is judged in memory that does not grow with it.
func TestALongLogCostsLittleMemory(t *testing.T) {
	const events = 2_000
	in, out := io.Pipe()
	open, undo := one(t, samples+"aws/security-group-opened-then-closed-1.json"), one(t, samples+"aws/security-group-opened-then-closed-2.json")
	id, at := regexp.MustCompile(`"eventID": "[^"]*"`), regexp.MustCompile(`"eventTime": "[^"]*"`)
	start := time.Date(2026, 8, 20, 10, 0, 0, 0, time.UTC)
	go func() {
		for i := range events {
			event := id.ReplaceAllLiteralString([]string{open, undo}[i%2], fmt.Sprintf(`"eventID": "%d"`, i))
			fmt.Fprintln(out, at.ReplaceAllLiteralString(event, start.Add(time.Duration(i)*time.Second).Format(`"eventTime": "`+time.RFC3339+`"`)))
		}
		out.Close()
	}()
	var found heapWatch
	status := run(process{ctx: t.Context(), stdin: in, stdout: &found, stderr: io.Discard}, []string{"detect", "--format", "json", "--state", awsState})
	if status != 0 || found.findings < watched {
		t.Fatalf("exit status %d, %d findings", status, found.findings)
	}
	if grown := (found.last - found.first) >> 10; grown > 256 {
		t.Errorf("%d findings left %d KB behind", watched-watched/2, grown)
	}
}

// heapWatch notes the memory in use after half and after all of the watched findings.
type heapWatch struct {
	findings    int
	first, last int64
}

const watched = 1_500

func (w *heapWatch) Write(p []byte) (int, error) {
	switch w.findings++; w.findings {
	case watched / 2:
		w.first = heap()
	case watched:
		w.last = heap()
	}
	return len(p), nil
}

// heap is what is in use after a collection.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
