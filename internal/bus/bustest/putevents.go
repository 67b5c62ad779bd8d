package bustest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
)

// PutEvents is EventBridge as far as PutEvents goes, over the wire: an
// [http.Handler] that speaks its JSON and keeps its limits.
type PutEvents struct {
	// Refuse, where set, gives the error code of an entry, "" for one that is taken.
	Refuse func(detail string) (code string)
	// Fail, where set, fails a whole call, the nth from 1, with a code of the
	// service's: "" lets it pass.
	Fail func(call int) (status int, code string)
	// Down makes it answer nothing but 503.
	Down atomic.Bool

	taken atomic.Int64

	mu      sync.Mutex
	calls   int
	bodies  [][]byte // of calls of which all entries were taken; read when they are asked for
	details [][]byte
}

type putEvents struct {
	Entries []struct{ Detail, DetailType, EventBusName, Source string }
}

// ServeHTTP is one call of PutEvents.
func (p *PutEvents) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.Down.Load() {
		http.Error(w, "{}", http.StatusServiceUnavailable)
		return
	}
	if r.Header.Get("X-Amz-Target") != "AWSEvents.PutEvents" || !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ") {
		fail(w, http.StatusBadRequest, "MissingAuthenticationTokenException")
		return
	}
	body := bytes.NewBuffer(make([]byte, 0, max(r.ContentLength, 512)+1))
	if _, err := io.Copy(body, r.Body); err != nil {
		return
	}
	p.mu.Lock()
	p.calls++
	call := p.calls
	p.mu.Unlock()
	if p.Fail != nil {
		if status, code := p.Fail(call); code != "" {
			fail(w, status, code)
			return
		}
	}
	// Quotes within a detail are escaped: only an entry's own member has these.
	n := bytes.Count(body.Bytes(), []byte(`"DetailType":"`))
	if n == 0 || n > 10 || body.Len() > 3<<20 {
		fail(w, http.StatusBadRequest, "ValidationException")
		return
	}
	if p.Refuse == nil && body.Len() < 1<<20 {
		p.mu.Lock()
		p.bodies = append(p.bodies, body.Bytes())
		p.mu.Unlock()
		p.taken.Add(int64(n))
		w.Write([]byte(`{"FailedEntryCount":0,"Entries":[{"EventId":"e"}` + strings.Repeat(`,{"EventId":"e"}`, n-1) + `]}`))
		return
	}
	p.entries(w, body.Bytes())
}

// entries answers for each entry of a call on its own.
func (p *PutEvents) entries(w http.ResponseWriter, body []byte) {
	var request putEvents
	if err := json.Unmarshal(body, &request); err != nil {
		fail(w, http.StatusBadRequest, "SerializationException")
		return
	}
	total := 0
	for _, e := range request.Entries {
		total += 14 + len(e.Detail) + len(e.DetailType) + len(e.Source)
	}
	if total >= 1<<20 {
		fail(w, http.StatusBadRequest, "ValidationException")
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	failed, answers := 0, []string{}
	for _, e := range request.Entries {
		code := ""
		if p.Refuse != nil {
			code = p.Refuse(e.Detail)
		}
		if code != "" {
			failed++
			answers = append(answers, fmt.Sprintf(`{"ErrorCode":%q,"ErrorMessage":"refused"}`, code))
			continue
		}
		p.details = append(p.details, []byte(e.Detail))
		p.taken.Add(1)
		answers = append(answers, `{"EventId":"e"}`)
	}
	fmt.Fprintf(w, `{"FailedEntryCount":%d,"Entries":[%s]}`, failed, strings.Join(answers, ","))
}

func fail(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"__type":%q,"message":"refused by the test"}`, code)
}

// Arrived returns the details of the entries that were taken.
func (p *PutEvents) Arrived() [][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, body := range p.bodies {
		var request putEvents
		if err := json.Unmarshal(body, &request); err != nil {
			panic(err)
		}
		for _, e := range request.Entries {
			p.details = append(p.details, []byte(e.Detail))
		}
	}
	p.bodies = nil
	return p.details
}

// Taken is how many entries were taken.
func (p *PutEvents) Taken() int { return int(p.taken.Load()) }

// Calls is how many calls came, those that failed too.
func (p *PutEvents) Calls() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls
}
