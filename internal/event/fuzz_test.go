package event

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func seeds() []string {
	return []string{
		trailSample, auditSample, falcoSample, pretty("a"), "[" + record("a") + "," + record("b") + "]", `{"Records":[` + record("a") + `],"x":1}`,
		sqs(record("a")), snsLambda(falcoSample), pubsubPush(auditSample), subscribed(trailSample), eventBridge("Falco Alert")(falcoSample),
		`{"a":` + "\n" + `{"b":` + "\n[1,\n{}]", "[{},,{}] ] } ,", "<html>\n{", "\ufeff{}", "\xff\xfe{", `{"Records":[],oops`, `{"Records":[` + record("a") + `]x}`, `{"`, `"\`, "{\"a\\u0062\":\"\\ud800\"}",
		alert("gcp_auditlog", `"gcp.request":"{\"@type","gcp.authorizationInfo":"[{]"`), alert("aws_cloudtrail", `"ct.name":"x","json.value[/]":"{","json.value[/a/b]":"[","json.value[/a]":"1"`),
		entry("m.x", `,"request":{"a":["b"]}`, `,"split":{"uid":"u","index":1,"totalSplits":-2}`),
	}
}

// Whatever a function is sent, it neither panics nor loses count of itself.
func FuzzDecode(f *testing.F) {
	for _, seed := range seeds() {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		events, _ := Decode(doc)
		for _, e := range events {
			if e.Request != nil && e.Request[0] != '{' || e.Response != nil && e.Response[0] != '{' {
				t.Errorf("parameters are no object: %s %s", e.Request, e.Response)
			}
		}
		for name, v := range members(doc) { // the walkers end, and within bounds, on any bytes
			_, _ = text(name), text(v)
		}
		for v := range elements(doc) {
			_ = text(v)
		}
	})
}

// Whatever stands between two records on lines of their own, both are read, and
// the number of bytes a read does not matter.
func FuzzReader(f *testing.F) {
	for _, seed := range seeds() {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, between []byte) {
		if bytes.Contains(bytes.ToLower(between), []byte("<h")) || bytes.Contains(between, []byte("<!")) {
			t.Skip("a page that does not end takes the rest with it")
		}
		input := record("before") + "\n" + string(between) + "\n" + record("after") + "\n"
		read := func(src io.Reader) (ids []string, broken int) {
			for r := NewReader(src, "x"); ; {
				e, err := r.Next()
				if err == io.EOF {
					return ids, broken
				}
				if document := (*DocumentError)(nil); errors.As(err, &document) {
					if broken++; broken > len(input) {
						t.Fatal("more errors than bytes")
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, e.ID)
			}
		}
		ids, broken := read(strings.NewReader(input))
		if len(ids) < 2 || ids[0] != "before" || !contains(ids, "after") {
			t.Errorf("a neighbour is lost: %q", ids)
		}
		if again, brokenAgain := read(&smallReads{input}); strings.Join(again, "\n") != strings.Join(ids, "\n") || broken != brokenAgain {
			t.Errorf("read in pieces: %d events and %d errors, at once: %d and %d", len(again), brokenAgain, len(ids), broken)
		}
	})
}

func contains(ids []string, id string) bool {
	for _, other := range ids {
		if other == id {
			return true
		}
	}
	return false
}

// smallReads gives seven bytes a read.
type smallReads struct{ rest string }

func (r *smallReads) Read(p []byte) (int, error) {
	if r.rest == "" {
		return 0, io.EOF
	}
	n := copy(p[:min(7, len(p))], r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
