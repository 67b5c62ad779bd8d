package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// senders are the messages that may be on their way to one channel at once: as
// many may come again after a kill.
const senders = 3

// turns say which of the channels is in trouble: always one of them, until the
// end, so that the other must not mind.
type turns struct {
	span time.Duration

	mu    sync.Mutex
	begun time.Time
	over  bool
}

func (t *turns) troubles(n int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.begun.IsZero() {
		t.begun = time.Now()
	}
	return !t.over && int(time.Since(t.begun)/t.span)%2 == n
}

func (t *turns) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
}

// heard is one message that a channel took.
type heard struct {
	at   time.Time
	id   string // finding and revision, of the webhook
	body []byte
	lost bool // its answer: whoever sent it does not know
}

// listener is the far side of a channel. In trouble it is in one mood after the
// other: it hangs, fails, asks to wait, or breaks off after it took a message.
type listener struct {
	*httptest.Server
	turns *turns
	turn  int
	dice  *rand.Rand

	mu    sync.Mutex
	mood  string
	until time.Time
	times map[string]int // messages, by what became of them
	all   []heard
}

func newListener(t *testing.T, turns *turns, turn int, dice *rand.Rand) *listener {
	l := &listener{turns: turns, turn: turn, dice: dice, times: map[string]int{}}
	l.Server = httptest.NewServer(l)
	t.Cleanup(func() {
		l.CloseClientConnections()
		l.Close()
	})
	return l
}

var moods = [...]string{"hung", "failed", "limited", "unavailable", "answer lost"}

func (l *listener) now() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	mood := "taken"
	if l.turns.troubles(l.turn) {
		if time.Now().After(l.until) {
			l.mood, l.until = moods[l.dice.IntN(len(moods))], time.Now().Add(l.turns.span/4+time.Duration(l.dice.Int64N(int64(l.turns.span/2))))
		}
		mood = l.mood
	}
	l.times[mood]++
	return mood
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the sender was killed in the middle of it
	}
	switch mood := l.now(); mood {
	case "hung":
		<-r.Context().Done()
	case "failed":
		w.WriteHeader(http.StatusInternalServerError)
	case "limited":
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
	case "unavailable":
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		l.mu.Lock()
		l.all = append(l.all, heard{time.Now(), r.Header.Get("ce-id"), body, mood != "taken"})
		l.mu.Unlock()
		if mood != "taken" {
			panic(http.ErrAbortHandler)
		}
	}
}

// log is all that was taken, in the order it came.
func (l *listener) log() []heard {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.all)
}

func (l *listener) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.all)
}

func (l *listener) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := []string{fmt.Sprintf("%d taken", l.times["taken"])}
	for _, m := range moods {
		all = append(all, fmt.Sprintf("%d %s", l.times[m], m))
	}
	return strings.Join(all, ", ")
}

// decode keeps numbers as they are written.
func decode(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(into)
}
