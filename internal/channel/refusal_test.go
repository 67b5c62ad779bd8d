package channel_test

import (
	"net/http"
	"testing"
	"time"

	"tfdrift/internal/channel"
)

func TestRetryAfterIsReadInEveryFormAndBounded(t *testing.T) {
	now := time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"":                              0,
		"30":                            30 * time.Second,
		"0.25":                          250 * time.Millisecond,
		"Thu, 20 Aug 2026 09:00:05 GMT": 5 * time.Second,
		"Thu, 20 Aug 2026 08:00:00 GMT": 0,
		"Thu, 20 Aug 2099 08:00:00 GMT": time.Hour,
		"NaN":                           0,
		"Inf":                           time.Hour,
		"-1e300":                        0,
		"tomorrow":                      0,
	} {
		if got := channel.Answered(503, http.Header{"Retry-After": {text}}, now).After; got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
