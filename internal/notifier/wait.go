package notifier

import (
	"context"
	"math/rand/v2"
	"time"
)

// Backoff is how pauses between attempts grow: each four times the one before,
// and up to a quarter shorter by chance, so that what failed together does not
// come back together.
type Backoff struct {
	First time.Duration // 0: 5 seconds, so that three retries bridge almost two minutes
	Most  time.Duration // 0: 15 minutes
}

// after is the pause after so many failures.
func (b Backoff) after(failures int) time.Duration {
	d, most := or(b.First, 5*time.Second), or(b.Most, 15*time.Minute)
	for i := 1; i < failures && d < most; i++ {
		d *= 4
	}
	d = min(d, most)
	return d - rand.N(d/4+1)
}

// sleep waits for a time, a bell, or the end of ctx.
func sleep(ctx context.Context, bell <-chan struct{}, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-bell:
	case <-timer.C:
	}
}

// outlive is a context that ends some time after another.
func outlive(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return longer, func() {
		stop()
		cancel()
	}
}
