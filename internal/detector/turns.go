package detector

import (
	"context"
	"fmt"
	"sync"
)

// Turns lets those who judge in one process have a record one after the other:
// what they would lose by writing it at once is a judgement made in vain. The
// ledger's condition remains what decides, for there may be other processes.
// The zero value works, and so does nil: then nobody waits.
type Turns struct {
	mu   sync.Mutex
	keys map[string]*turn
}

// turn is of one record, as long as somebody has it or waits for it.
type turn struct {
	taken chan struct{} // holds one
	users int
}

// take waits for a record to be free, or for the end of ctx. Whoever has it
// calls done.
func (t *Turns) take(ctx context.Context, key string) (done func(), err error) {
	if t == nil {
		return func() {}, nil
	}
	t.mu.Lock()
	if t.keys == nil {
		t.keys = map[string]*turn{}
	}
	mine := t.keys[key]
	if mine == nil {
		mine = &turn{taken: make(chan struct{}, 1)}
		t.keys[key] = mine
	}
	mine.users++
	t.mu.Unlock()
	select {
	case mine.taken <- struct{}{}:
		return func() {
			<-mine.taken
			t.leave(key, mine)
		}, nil
	case <-ctx.Done():
		t.leave(key, mine)
		return nil, fmt.Errorf("ledger record %s: waiting for others to write it: %w", key, ctx.Err())
	}
}

func (t *Turns) leave(key string, mine *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if mine.users--; mine.users == 0 {
		delete(t.keys, key)
	}
}
