package event

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
)

// record is a small CloudTrail record.
func record(id string) string {
	return `{"eventID":"` + id + `","eventName":"DeleteBucket","eventSource":"s3.amazonaws.com"}`
}

// pretty is the same, over several lines.
func pretty(id string) string {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(record(id)), "", "  "); err != nil {
		panic(err)
	}
	return b.String()
}

// readAll returns the ids of all events, and "line: error" of all errors.
func readAll(t testing.TB, r *Reader) (ids, broken []string) {
	t.Helper()
	for {
		e, err := r.Next()
		var document *DocumentError
		switch {
		case err == io.EOF:
			return ids, broken
		case errors.As(err, &document):
			if !errors.Is(err, drift.ErrInvalid) {
				t.Errorf("%v is no drift.ErrInvalid", err)
			}
			broken = append(broken, fmt.Sprintf("%d: %v", document.Line, document.Err))
		case err != nil:
			return ids, append(broken, "fatal: "+err.Error())
		default:
			ids = append(ids, e.ID)
		}
	}
}

func TestFramings(t *testing.T) {
	for _, tt := range []struct{ name, input string }{
		{"one to a line", record("a") + "\n" + record("b") + "\n" + record("c")},
		{"with blank lines and carriage returns", "\r\n" + record("a") + "\r\n\r\n" + record("b") + "\r\n" + record("c") + "\r\n"},
		{"concatenated", record("a") + record("b") + record("c")},
		{"pretty-printed", pretty("a") + "\n" + pretty("b") + pretty("c")},
		{"an array", "[" + record("a") + "," + record("b") + ",\n" + record("c") + "]"},
		{"a log file", `{"Records":[` + record("a") + "," + record("b") + "," + record("c") + "]}"},
		{"a spaced log file", "{ \"Records\" :\n [ " + pretty("a") + " , " + record("b") + "," + record("c") + " ] \n}\n"},
		{"Records not first", `{"x":{"y":[1]},"Records":[` + record("a") + "," + record("b") + "," + record("c") + "]}"},
		{"members behind Records", `{"Records":[` + record("a") + "," + record("b") + `],"x":1,"y":{"z":[]}}` + record("c")},
		{"a mix", record("a") + "\n[" + record("b") + `]{"Records":[]}{"Records":[` + pretty("c") + `]}` + "\n[]\n"},
		{"an array of log files", `[{"Records":[` + record("a") + `]},[` + record("b") + `],[[` + record("c") + `]]]`},
		{"a byte order mark", "\ufeff" + record("a") + record("b") + record("c")},
		{"unknown documents between", record("a") + `{"hello":1}` + record("b") + "\n12 \"x\" null true\n" + record("c")},
		{"duplicate members", strings.Replace(record("a"), "{", `{"eventID":"x",`, 1) + record("b") + record("c")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var zipped bytes.Buffer
			for _, half := range []string{tt.input[:len(tt.input)/2], tt.input[len(tt.input)/2:]} { // two members
				w := gzip.NewWriter(&zipped)
				io.WriteString(w, half)
				w.Close()
			}
			for how, r := range map[string]io.Reader{
				"plain":       strings.NewReader(tt.input),
				"gzip":        &zipped,
				"byte a read": iotest.OneByteReader(strings.NewReader(tt.input)),
				"data+EOF":    iotest.DataErrReader(strings.NewReader(tt.input)),
			} {
				ids, broken := readAll(t, NewReader(r, "x"))
				if diff := cmp.Diff([]string{"a", "b", "c"}, ids); diff != "" || broken != nil {
					t.Errorf("%s: %v\n%s", how, broken, diff)
				}
			}
			events, err := Decode([]byte(tt.input))
			if err != nil || len(events) != 3 {
				t.Errorf("Decode: %d events, %v", len(events), err)
			}
		})
	}
}

func TestBrokenDocumentsCostOnlyThemselves(t *testing.T) {
	for _, tt := range []struct {
		name, input string
		ids, broken []string
	}{
		{"cut off at the end", record("a") + "\n" + `{"eventID":"b`, []string{"a"},
			[]string{"2: the document is not closed: it is cut off, or a bracket or quote is missing; complete or remove it"}},
		{"mistyped line", record("a") + "\n{\"eventID\":b}\n" + record("c"), []string{"a", "c"},
			[]string{"2: not JSON: invalid character 'b' at start of value (line 2, byte 12 of the document); correct or remove it"}},
		{"unclosed brace", `{"eventID":"a"` + "\n" + record("b") + "\n" + record("c"), []string{"b", "c"},
			[]string{"1: not JSON: invalid character '{' after object value (expecting ',' or '}') (line 2, byte 16 of the document); correct or remove it"}},
		{"unclosed string", `{"eventID":"a` + "\n" + record("b"), []string{"b"},
			[]string{"1: not JSON: invalid character '\\n' in string (expecting non-control character) (line 1, byte 14 of the document); correct or remove it"}},
		{"pretty, broken inside", "{\n  \"eventID\": oops,\n  \"x\": {\n  }\n}\n" + pretty("b"), []string{"b"},
			[]string{"1: not JSON: invalid character 'o' at start of value (line 2, byte 16 of the document); correct or remove it"}},
		{"element of an array", "[\n" + record("a") + ",\n{\"eventID\":},\n" + record("c") + "\n]\n" + record("d"), []string{"a", "c", "d"},
			[]string{"3: not JSON: invalid character '}' at start of value (line 3, byte 12 of the document); correct or remove it"}},
		{"indented element of an array", "[\n " + record("a") + ",\n {\"eventID\":},\n " + record("lost") + "\n]\n" + record("d"), []string{"a", "d"},
			[]string{"3: not JSON: invalid character '}' at start of value (line 3, byte 12 of the document); correct or remove it"}},
		{"broken far in, whole records on lines within", "{\"x\":[1,\n" + record("a") + ",\n" + record("b") + ",\noops]}\n" + record("c"), []string{"a", "b", "c"},
			[]string{"1: not JSON: invalid character 'o' at start of value (line 4, byte 164 of the document); correct or remove it"}},
		{"several unclosed at once", "{\"a\":\n{\"b\":\n" + record("c"), []string{"c"}, []string{
			"1: the document is not closed: it is cut off, or a bracket or quote is missing; complete or remove it",
			"2: the document is not closed: it is cut off, or a bracket or quote is missing; complete or remove it"}},
		{"array not closed", "[" + record("a") + ",\n" + record("b") + "\n", []string{"a", "b"},
			[]string{"1: the array is not closed: the file is cut off; what stands before the cut was read, fetch the file again"}},
		{"missing comma", "[" + record("a") + "\n" + record("b") + "]" + record("c"), []string{"a", "b", "c"},
			[]string{"2: a comma is missing between two elements of an array; add it"}},
		{"double comma", "[" + record("a") + ",,\n" + record("b") + "]", []string{"a", "b"},
			[]string{"1: a comma where an element of an array should be; remove it"}},
		{"garbage", "hello,\nworld\n" + record("a"), []string{"a"},
			[]string{"1: not JSON: invalid character 'h' at start of value (line 1, byte 1 of the document); correct or remove it"}},
		{"NUL bytes", record("a") + "\n\x00\x00\x00\x00\n" + record("b"), []string{"a", "b"},
			[]string{"2: not JSON: invalid character '\\x00' at start of value (line 2, byte 1 of the document); correct or remove it"}},
		{"invalid UTF-8", "{\"eventID\":\"\xff\xfe\"}\n" + record("b"), []string{"b"},
			[]string{"1: not JSON: invalid UTF-8 (line 1, byte 13 of the document); correct or remove it"}},
		{"UTF-16", "\xff\xfe{\x00}\x00\n\x00", nil, []string{"1: this is UTF-16, not UTF-8; convert it first, say with iconv -f UTF-16 -t UTF-8"}},
		{"HTML", "<!DOCTYPE html>\n<html><script>\n{ var x = 1;\n[ nothing ]\n{\n</script></html>\n" + record("a"), []string{"a"},
			[]string{"1: this is HTML, not JSON: perhaps an error or sign-in page; fetch the file again with valid credentials"}},
		{"HTML cut off", "\n <html>\n{\n{\n{\n", nil,
			[]string{"2: this is HTML, not JSON: perhaps an error or sign-in page; fetch the file again with valid credentials"}},
		{"S3's answer", "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>", nil,
			[]string{"1: this is markup (XML?), not JSON: perhaps an error message of the store; fetch the file again"}},
		{"10,000 levels", strings.Repeat("[", 10000) + strings.Repeat("]", 10000) + "\n" + record("b"), []string{"b"},
			[]string{"1: nested more than 512 levels deep; no cloud logs such an event, remove it"}},
		{"behind Records", `{"Records":[` + record("a") + "], oops}\n" + record("b"), []string{"a", "b"},
			[]string{"1: after the Records array stands neither another member nor }"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for how, r := range map[string]io.Reader{
				"plain":       strings.NewReader(tt.input),
				"byte a read": iotest.OneByteReader(strings.NewReader(tt.input)),
			} {
				if how != "plain" && len(tt.input) > minBuffer/4 {
					continue // every byte would have all before it parsed again
				}
				ids, broken := readAll(t, NewReader(r, "x"))
				if diff := cmp.Diff(tt.ids, ids); diff != "" {
					t.Errorf("%s: events:\n%s", how, diff)
				}
				if diff := cmp.Diff(tt.broken, broken); diff != "" {
					t.Errorf("%s: errors:\n%s", how, diff)
				}
			}
		})
	}
}

func TestErrorNamesFileAndLine(t *testing.T) {
	_, err := NewReader(strings.NewReader("\n\n{]"), "events.json").Next()
	want := "events.json:3: not JSON: invalid character ']' at start of string (expecting '\"') (line 3, byte 2 of the document); correct or remove it"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestDamagedGzipIsFatalAfterWhatCouldBeRead(t *testing.T) {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	io.WriteString(w, record("a")+"\n")
	w.Flush()
	io.WriteString(w, strings.Repeat(record("b")+"\n", 1000))
	w.Close()
	ids, broken := readAll(t, NewReader(bytes.NewReader(zipped.Bytes()[:zipped.Len()-12]), "log.gz"))
	if len(ids) == 0 || ids[0] != "a" {
		t.Errorf("events before the damage are lost: %v", ids)
	}
	want := []string{"fatal: log.gz: the gzip data is damaged or cut off, fetch the file again: unexpected EOF"}
	if diff := cmp.Diff(want, broken); diff != "" {
		t.Error(diff)
	}
}

// bomb yields head, then n bytes of filling, then tail.
func bomb(head, filling string, n int, tail string) io.Reader {
	return io.MultiReader(strings.NewReader(head), io.LimitReader(&repeat{text: filling}, int64(n)), strings.NewReader(tail))
}

type repeat struct {
	text string
	at   int
}

func (r *repeat) Read(p []byte) (int, error) {
	for n := 0; n < len(p); {
		c := copy(p[n:], r.text[r.at:])
		n += c
		r.at = (r.at + c) % len(r.text)
	}
	return len(p), nil
}

// peak runs f and returns how far the heap grew, in MB, as seen by a sampler.
func peak(f func()) uint64 {
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	done, most := make(chan bool), make(chan uint64)
	go func() {
		var high uint64
		for {
			select {
			case <-done:
				most <- high
				return
			case <-time.After(50 * time.Millisecond):
				runtime.ReadMemStats(&now)
				high = max(high, now.HeapInuse)
			}
		}
	}()
	f()
	done <- true
	return (max(<-most, before.HeapInuse) - before.HeapInuse) >> 20
}

// processorTime is what this process has used: a clock would measure what else
// the machine does.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Skip(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func TestBombsCostLittleTimeAndMemory(t *testing.T) {
	size, lines := MaxDocument+MaxDocument/8, 2<<20
	end := "\n" + record("z")
	for _, tt := range []struct {
		name  string
		input io.Reader
		want  int // errors; -1: any number
	}{
		{"one string", bomb(`"`, "a", size, `"`+end), 1},
		{"one string in a record", bomb(`{"eventID":"`, "a", size, `"}`+end), 1},
		{"an unclosed string", bomb(`{"eventID":"`, "a", size, end), 1},
		{"one number", bomb("", "1", size, end), 1},
		{"brackets", bomb("", "[", size, end), 1},
		{"lines of brackets", bomb("", "[\n", lines, end), -1},
		{"lines unclosed", bomb("", "{\"a\":\n", lines, end), -1},
		{"lines unclosed behind a whole value", bomb("[", "{},[\n", lines, end), -1},
		{"lines broken", bomb("", "{\"eventID\":x}\n", lines, end), -1},
		{"one document of many lines", bomb(`{"x":[`, "{\"a\":1},\n", size, "{}]}"+end), -1},
		{"white space", bomb("", " \n", size, end), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var errs int
			var last string
			start := processorTime(t)
			mb := peak(func() {
				for r := NewReader(tt.input, "x"); ; {
					e, err := r.Next()
					if err == io.EOF {
						return
					}
					if err != nil {
						errs++
						continue
					}
					last = e.ID
				}
			})
			if tt.want >= 0 && errs != tt.want {
				t.Errorf("%d errors, want %d", errs, tt.want)
			}
			if last != "z" {
				t.Errorf("the record after it is lost")
			}
			took := processorTime(t) - start
			if took > 30*time.Second || mb > 250 {
				t.Errorf("took %v of the processor and %d MB", took, mb)
			}
			t.Logf("%v, %d MB, %d errors", took.Round(time.Millisecond), mb, errs)
		})
	}
}

func TestGzipBombIsOneError(t *testing.T) {
	size := 200 << 20
	if testing.Short() {
		size = 40 << 20
	}
	packed, w := io.Pipe()
	go func() {
		z, _ := gzip.NewWriterLevel(w, gzip.BestSpeed)
		io.Copy(z, bomb(`{"eventID":"`, strings.Repeat("a", 1000), size, `"}`+"\n"+record("z")))
		z.Close()
		w.Close()
	}()
	mb := peak(func() {
		ids, broken := readAll(t, NewReader(packed, "bomb.gz"))
		want := []string{"1: larger than 32 MB; no cloud logs such an event, split the file or remove it"}
		if diff := cmp.Diff(want, broken); diff != "" || len(ids) != 1 {
			t.Errorf("%v\n%s", ids, diff)
		}
	})
	if mb > 250 {
		t.Errorf("the heap grew by %d MB", mb)
	}
}

func TestLogFileIsReadInConstantMemory(t *testing.T) {
	n := 300 << 20
	if testing.Short() {
		n = 40 << 20
	}
	n -= n % (len(trailSample) + 2)
	events := 0
	mb := peak(func() {
		for r := NewReader(bomb(`{"Records":[`, trailSample+",\n", n, trailSample+"]}"), "x"); ; events++ {
			if _, err := r.Next(); err == io.EOF {
				return
			} else if err != nil {
				t.Fatal(err)
			}
		}
	})
	if want := n/(len(trailSample)+2) + 1; events != want {
		t.Errorf("%d events, want %d", events, want)
	}
	if mb > 32 {
		t.Errorf("the heap grew by %d MB", mb)
	}
}

func TestCounts(t *testing.T) {
	r := NewReader(strings.NewReader(record("a")+`{"hello":1} 3 []`+record("b")), "x")
	readAll(t, r)
	if r.Documents != 4 || r.Skipped != 2 {
		t.Errorf("%d documents, %d skipped; want 4 and 2", r.Documents, r.Skipped)
	}
}
