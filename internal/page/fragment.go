package page

import (
	"fmt"
	"html/template"
	"io"
	"time"

	"tfdrift/internal/ledger"
)

// style is the fragment's own, kept to what is inside of it.
var style = func() template.CSS {
	b, err := assets.ReadFile("assets/fragment.css")
	if err != nil {
		panic("page: fragment.css is not embedded") // a mistake in this package
	}
	return template.CSS(b)
}()

// Fragment writes what is open among records, the gravest first, as a piece of
// HTML for a place that takes no scripts and has no other pages, such as a
// custom widget of a CloudWatch dashboard. What changed unfolds in place. It
// shows at most 100 findings and says how many there are.
func Fragment(w io.Writer, records []ledger.Record, now time.Time) error {
	frame := frame{Clock: clock(now)}
	l := listOf(records, filter{Show: showOpen, Page: 1}, frame)
	view := struct {
		list
		Style    template.CSS
		Findings []finding
	}{list: l, Style: style}
	byID := map[string]ledger.Record{}
	for _, r := range records {
		if r.Finding != nil {
			byID[r.Finding.ID] = r
		}
	}
	for _, row := range l.Rows {
		view.Findings = append(view.Findings, findingOf(byID[row.ID], frame))
	}
	if err := templates.ExecuteTemplate(w, "fragment.html", view); err != nil {
		return fmt.Errorf("fragment of findings: %w", err)
	}
	return nil
}
