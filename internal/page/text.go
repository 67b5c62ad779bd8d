package page

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// visible is foreign text as a page may show it: what would steer the line, the
// direction of writing or nothing visible at all is spelled out.
func visible(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexFunc(s, isInvisible) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case !isInvisible(r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

func isInvisible(r rune) bool {
	if ' ' <= r && r <= '~' {
		return false
	}
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) || r != ' ' && unicode.Is(unicode.Zs, r)
}

// clip makes text visible and at most width characters long.
func clip(s string, width int) string {
	s, cut := head(s, width)
	s = visible(s)
	if cut || utf8.RuneCountInString(s) > width {
		s, _ = head(s, width-1)
		return s + "…"
	}
	return s
}

// head is the first characters of a text, and whether there are more.
func head(s string, width int) (string, bool) {
	n := 0
	for i := range s {
		if n == width {
			return s[:i], true
		}
		n++
	}
	return s, false
}

// clock is the moment at which a page is made.
type clock time.Time

// moment is a time as a page shows it.
type moment struct {
	Ago      string // "3 min ago"
	Absolute string // "2026-08-20 11:22:33 UTC"
	Machine  string // RFC 3339
}

// moment is nil for the zero time, which nobody knows.
func (c clock) moment(t time.Time) *moment {
	if t.IsZero() {
		return nil
	}
	return &moment{ago(time.Time(c).Sub(t), t), t.UTC().Format("2006-01-02 15:04:05 UTC"), t.UTC().Format(time.RFC3339)}
}

// Now is the moment itself.
func (c clock) Now() *moment { return c.moment(time.Time(c)) }

// Hour is the time of day.
func (c clock) Hour() string { return time.Time(c).UTC().Format("15:04:05 UTC") }

// ago says how long something is past; page.js says it in the same words.
func ago(d time.Duration, t time.Time) string {
	switch {
	case d < -time.Minute:
		return t.UTC().Format("2 Jan 2006, 15:04 UTC") // a clock is wrong; say what we were told
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	case d < 60*24*time.Hour:
		return fmt.Sprintf("%d days ago", int(d.Hours()/24))
	}
	return t.UTC().Format("2 Jan 2006")
}

// count is a number with its noun: "1 resource", "12,345 resources".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
