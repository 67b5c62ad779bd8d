package state

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"tfdrift/internal/drift"
	"tfdrift/internal/rules"
)

// Store is a bucket of an object store, as far as its states need it: the port
// of which package s3state is a backend. Its methods may be called concurrently.
type Store interface {
	// URL is how an object is named in findings and errors.
	URL(key string) string

	// List returns what is there below a prefix, in the order of the keys. An
	// error ends it.
	List(ctx context.Context, prefix string) iter.Seq2[Item, error]

	// Head looks at one object. One that is not there is [drift.ErrNotFound];
	// one that may not be looked at is [ErrDenied].
	Head(ctx context.Context, key string) (Item, error)

	// Open reads an object as it was when it was listed or looked at. If it was
	// replaced since, that is [drift.ErrConflict]; if deleted, [drift.ErrNotFound].
	Open(ctx context.Context, it Item) (io.ReadCloser, error)
}

// Item is an object in a bucket.
type Item struct {
	Key     string
	Version string    // tells one content from another
	Size    int64     // bytes
	Written time.Time // in whole seconds
}

// ErrDenied marks what the credentials do not allow. It is a [drift.ErrRetry]:
// somebody may allow it.
var ErrDenied = fmt.Errorf("denied: %w", drift.ErrRetry)

// In returns the states of a bucket that a path means: one object by its key;
// every state below a prefix, if the path is empty or ends in "/"; every state
// whose key matches, if there are wildcards in it, as in env:/*/network.tfstate.
func In(store Store, path string) (Source, error) {
	o := &objects{Store: store, path: path, prefix: path, verdicts: map[Item]bool{}}
	if meta := strings.IndexAny(path, "*?["); meta >= 0 {
		o.prefix, o.pattern = path[:meta], new(rules.Pattern)
		if err := o.pattern.UnmarshalText([]byte(path)); err != nil {
			return nil, fmt.Errorf("state %s: %w: %w", store.URL(path), err, drift.ErrInvalid)
		}
	} else if path != "" && !strings.HasSuffix(path, "/") {
		o.exact = true
		return object1{o}, nil
	}
	return o, nil
}

// objects are the states below a prefix.
type objects struct {
	Store
	path    string
	prefix  string
	pattern *rules.Pattern // nil: all
	exact   bool           // the path is the key of one object

	mu       sync.Mutex
	verdicts map[Item]bool // whether what was listed last is a state, where that was read
}

// object1 is one object that the user named, whatever it holds.
type object1 struct{ *objects }

// States implements [Source].
func (o object1) States(ctx context.Context) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		object, err := o.stat(ctx, o.path)
		if errors.Is(err, drift.ErrNotFound) {
			err = fmt.Errorf("%w (every state below it is %s/)", err, o.URL(o.path))
		}
		yield(object, err)
	}
}

// Stat implements [Source].
func (o *objects) Stat(ctx context.Context, name string) (Object, error) {
	key, ok := strings.CutPrefix(name, o.URL(""))
	if !ok || !o.covers(key) {
		return Object{}, fmt.Errorf("state %s is none of %s: %w", name, o.URL(o.path), drift.ErrNotFound)
	}
	return o.stat(ctx, key)
}

func (o *objects) stat(ctx context.Context, key string) (Object, error) {
	it, err := o.Head(ctx, key)
	if err != nil {
		return Object{}, err
	}
	lock, err := o.Head(ctx, key+LockSuffix)
	if err != nil && !errors.Is(err, drift.ErrNotFound) && !errors.Is(err, ErrDenied) {
		return Object{}, fmt.Errorf("lock of a state: %w", err)
	}
	return o.object(it, lock.Written), nil
}

func (o *objects) object(it Item, locked time.Time) Object {
	return Object{
		Name: o.URL(it.Key), Version: it.Version, Size: it.Size, Written: it.Written, Locked: locked,
		Open: func(ctx context.Context) (io.ReadCloser, error) { return o.Open(ctx, it) },
	}
}

// States implements [Source].
func (o *objects) States(ctx context.Context) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		candidates, locks, err := o.list(ctx)
		if err != nil {
			yield(Object{}, err)
			return
		}
		wrong := o.judge(ctx, candidates)
		found := false
		for i, it := range candidates {
			switch {
			case wrong[i] == nil:
				found = true
				if !yield(o.object(it, locks[it.Key+LockSuffix]), nil) {
					return
				}
			case errors.Is(wrong[i], ErrNotState):
			case ctx.Err() != nil:
				yield(Object{}, ctx.Err())
				return
			case !yield(Object{}, fmt.Errorf("is %s a state? %w", o.URL(it.Key), wrong[i])):
				return
			}
		}
		if !found {
			yield(Object{}, fmt.Errorf("states of %s: there is none; name the object itself to hear why it is not one: %w", o.URL(o.path), drift.ErrNotFound))
		}
	}
}

// list returns what may be a state, and when locks were written, by their keys.
func (o *objects) list(ctx context.Context) (candidates []Item, locks map[string]time.Time, err error) {
	locks = map[string]time.Time{}
	for it, err := range o.List(ctx, o.prefix) {
		switch {
		case err != nil:
			return nil, nil, err
		case strings.HasSuffix(it.Key, LockSuffix):
			locks[it.Key] = it.Written
		case it.Size == 0, !o.covers(it.Key):
		default:
			candidates = append(candidates, it)
		}
	}
	return candidates, locks, ctx.Err()
}

// covers reports whether an object of this key may be one of the states.
func (o *objects) covers(key string) bool {
	switch {
	case o.exact:
		return key == o.path
	case passedOver(key), strings.Contains("/"+key, "/.terraform/"), !strings.HasPrefix(key, o.prefix):
		return false
	}
	return o.pattern == nil || o.pattern.Matches(key)
}

// Bounds of telling states from what lies beside them.
const (
	besides   = 16     // objects that are read at once
	strangers = 10_000 // objects below one prefix whose names promise no state
)

// judge returns for each candidate why it is no state, or why nobody knows; nil
// for a state. An object that is not named *.tfstate is read once a version.
func (o *objects) judge(ctx context.Context, candidates []Item) []error {
	o.mu.Lock()
	defer o.mu.Unlock()
	wrong := make([]error, len(candidates))
	verdicts := make([]*bool, len(candidates))
	var reading errgroup.Group
	reading.SetLimit(besides)
	read := 0
	for i, it := range candidates {
		if strings.HasSuffix(it.Key, ".tfstate") {
			continue
		}
		if is, known := o.verdicts[it]; known {
			verdicts[i] = &is
		} else if read++; read > strangers {
			wrong[i] = fmt.Errorf("more than %d objects below %s are not named *.tfstate, and not all of them are read; give a longer prefix or a pattern: %w",
				strangers, o.URL(o.prefix), drift.ErrInvalid)
			if read > strangers+1 {
				wrong[i] = ErrNotState // said once
			}
			continue
		} else {
			reading.Go(func() error {
				is, err := o.isState(ctx, it)
				if wrong[i] = err; err == nil {
					verdicts[i] = &is
				}
				return nil
			})
		}
	}
	_ = reading.Wait()
	o.verdicts = map[Item]bool{}
	for i, is := range verdicts {
		if is == nil {
			continue
		}
		if o.verdicts[candidates[i]] = *is; !*is {
			wrong[i] = ErrNotState
		}
	}
	return wrong
}

func (o *objects) isState(ctx context.Context, it Item) (bool, error) {
	r, err := o.Open(ctx, it)
	if err != nil {
		return false, err
	}
	defer r.Close()
	_, err = ReadHeader(r, it.Key)
	if errors.Is(err, drift.ErrRetry) || ctx.Err() != nil {
		return false, err
	}
	return !errors.Is(err, ErrNotState), nil
}
