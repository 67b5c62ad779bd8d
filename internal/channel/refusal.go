package channel

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"tfdrift/internal/drift"
)

// Refusal is why a channel did not take a message, and what to do about it.
type Refusal struct {
	// Kind is drift.ErrRetry, or drift.ErrInvalid where no attempt will ever succeed.
	Kind error
	// After is how long the other side asks to be left alone, as Retry-After
	// says; 0 where it does not.
	After time.Duration
	// Limited: the other side is well and takes fewer messages a time. The
	// message did nothing wrong, and this attempt is none of those it has.
	Limited bool
	// Stranger: the other side does not know the credentials, or an address that
	// is one. New ones may be known.
	Stranger bool
	Why      string
}

func (r *Refusal) Error() string { return r.Why + ": " + r.Kind.Error() }

// Unwrap is the kind.
func (r *Refusal) Unwrap() error { return r.Kind }

// longestWait bounds what a server may ask for: a mistaken Retry-After must not
// silence a channel for days.
const longestWait = time.Hour

// Answered is the table of what an HTTP status means for a message, the same
// for every channel; nil where it was taken. RFC 9110, section 15, names the
// statuses, section 10.2.3 Retry-After.
//
//	2xx                  taken
//	429                  taken later: wait as long as it asks; no failed attempt
//	408, 425, 5xx        try again, not before Retry-After
//	3xx                  never: a redirected POST loses its body or tells another host what we know
//	401, 403, 404, 410   never, but with other credentials, or at another address
//	all others           never: the address or the message are wrong
func Answered(status int, header http.Header, now time.Time) *Refusal {
	why := fmt.Sprintf("answered with status %d %s", status, http.StatusText(status))
	again := &Refusal{Kind: drift.ErrRetry, Why: why, After: retryAfter(header.Get("Retry-After"), now)}
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusTooManyRequests:
		again.Limited = true
		return again
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status >= 500:
		return again
	case status >= 300 && status < 400:
		return &Refusal{Kind: drift.ErrInvalid, Why: why + ", a redirect, which is not followed; configure the address it leads to"}
	}
	stranger := status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusNotFound || status == http.StatusGone
	return &Refusal{Kind: drift.ErrInvalid, Why: why, Stranger: stranger}
}

// retryAfter reads seconds, with a fraction too as Discord sends them, or a date.
func retryAfter(text string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(seconds) {
		wait = time.Duration(min(max(seconds, 0), longestWait.Seconds()) * float64(time.Second))
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), longestWait)
}
