package onaws

import (
	"context"

	"tfdrift/internal/detector"
	"tfdrift/internal/trigger/lambdatrigger"
)

// Judge judges the events of a message, in whatever envelope they come.
func (f *Function) Judge(d *detector.Detector) func(context.Context, lambdatrigger.Message) error {
	return func(ctx context.Context, m lambdatrigger.Message) error {
		events, unreadable, err := d.Take(ctx, m.Body)
		f.Metrics.Add("tfdrift_documents_unreadable_total", unreadable)
		if events == 0 && err == nil {
			f.Metrics.Add("tfdrift_documents_passed_over_total", 1)
		}
		return err
	}
}
