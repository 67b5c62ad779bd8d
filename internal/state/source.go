package state

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tfdrift/internal/drift"
)

// Source is a place where states live: a file or a folder, an object or a
// prefix of a bucket. Its methods may be called concurrently.
type Source interface {
	// States lists the states that are there now, in the order of their names.
	// What is plainly no state is passed over, unless it is what the source was
	// told to read; what should be a state and cannot be read is listed, and
	// fails in [Read]. An error concerns one place below the source, and the
	// listing goes on. A source without a single state says so with
	// [drift.ErrNotFound].
	States(ctx context.Context) iter.Seq2[Object, error]

	// Stat looks at a state by its name, such as one that was listed. One that is
	// gone is [drift.ErrNotFound], and so is what a source in a bucket would not
	// list, for its name; after any other error nobody knows.
	Stat(ctx context.Context, name string) (Object, error)
}

// Object is one state where it lives, as it was when it was looked at.
type Object struct {
	Name    string    // the path or URL that findings show
	Version string    // tells one content from another: an ETag, a generation; "" where the place has none, as files
	Size    int64     // bytes; 0 where nobody knows
	Written time.Time // when it was last written; zero where nobody knows
	Locked  time.Time // since when a lock of Terraform's lies beside it; zero: none is seen

	// Open opens the content of this version. If that has been replaced it is
	// [drift.ErrConflict]; without a version it is whatever is there now.
	Open func(ctx context.Context) (io.ReadCloser, error)
}

// Schemes are the ways to open URLs, by scheme: "s3" those of s3://. What is no
// URL is a local path.
type Schemes map[string]func(ref string) (Source, error)

// Open finds the source that a reference means, and looks at nothing yet.
func (s Schemes) Open(ref string) (Source, error) {
	scheme, _, isURL := strings.Cut(ref, "://")
	switch open := s[scheme]; {
	case !isURL:
		return Local(ref), nil
	case open != nil:
		return open(ref)
	case scheme == "s3" || scheme == "gs":
		return nil, fmt.Errorf("state %s: reading from %s:// is not built into this command yet; download it and give its path: %w", ref, scheme, drift.ErrInvalid)
	}
	return nil, fmt.Errorf("state %s: a path is wanted, not %s://; download it and give its path: %w", ref, scheme, drift.ErrInvalid)
}

// Local is a file, or a folder and every state below it.
func Local(path string) Source { return local(path) }

type local string

// States implements [Source].
func (l local) States(ctx context.Context) iter.Seq2[Object, error] {
	info, err := os.Stat(string(l))
	if err == nil && info.IsDir() {
		return folder(l).states(ctx)
	}
	return func(yield func(Object, error) bool) {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			yield(Object{}, fmt.Errorf("state %s: no such file or folder: %w", string(l), drift.ErrNotFound))
		case err != nil:
			yield(Object{}, fmt.Errorf("state %s: %w", string(l), err))
		default:
			yield(object(string(l), info), nil)
		}
	}
}

// Stat implements [Source].
func (l local) Stat(_ context.Context, name string) (Object, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && !info.Mode().IsRegular():
		return Object{}, fmt.Errorf("state %s: its file is gone: %w", name, drift.ErrNotFound)
	case err != nil:
		return Object{}, fmt.Errorf("state %s: %w", name, err)
	}
	return object(name, info), nil
}

func object(name string, info fs.FileInfo) Object {
	return Object{
		Name: name, Size: info.Size(), Written: info.ModTime(), Locked: lockedAt(name),
		Open: func(context.Context) (io.ReadCloser, error) { return os.Open(name) },
	}
}

// LockSuffix makes the name of a state that of its lock, in the object stores
// (backends "s3" with use_lockfile, and "gcs").
const LockSuffix = ".tflock"

// lockedAt is since when a file is locked. Terraform and OpenTofu lock
// "dir/NAME" by "dir/.NAME.lock.info" (backend "local").
func lockedAt(name string) (at time.Time) {
	for _, lock := range [...]string{filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+".lock.info"), name + LockSuffix} {
		if info, err := os.Stat(lock); err == nil && (at.IsZero() || info.ModTime().Before(at)) {
			at = info.ModTime()
		}
	}
	return at
}

// folder is every state below a folder.
type folder string

func (f folder) states(ctx context.Context) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		seen := map[string]bool{} // files by their real path: a link adds nothing to the file it leads to
		found, stopped := false, false
		root := string(f) + string(filepath.Separator) // enters the folder where it is itself a link
		err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil { // of one folder, which is then left out
				if stopped = !yield(Object{}, fmt.Errorf("states below %s: %w", string(f), err)); stopped {
					return fs.SkipAll
				}
				return nil
			}
			if entry.IsDir() {
				if entry.Name() == ".terraform" {
					return fs.SkipDir
				}
				return nil
			}
			if passedOver(entry.Name()) || !regular(name, seen) || !isState(name) {
				return nil
			}
			info, err := os.Stat(name)
			if err != nil {
				return nil // gone again
			}
			found = true
			if stopped = !yield(object(name, info), nil); stopped {
				return fs.SkipAll
			}
			return nil
		})
		if err == nil && !found && !stopped {
			err = fmt.Errorf("states below %s: there is none; name the file itself to hear why it is not one: %w", string(f), drift.ErrNotFound)
		}
		if err != nil {
			yield(Object{}, err)
		}
	}
}

// passedOver reports whether a file is one of those that Terraform keeps beside
// a state: locks and backups.
func passedOver(name string) bool {
	return strings.HasSuffix(name, LockSuffix) || strings.HasSuffix(name, ".backup") || strings.HasSuffix(name, ".lock.info")
}

// regular reports whether a name leads to a regular file that was not seen yet.
// Links to folders are not followed, so there are no loops.
func regular(name string, seen map[string]bool) bool {
	target, err := filepath.EvalSymlinks(name)
	if err != nil || seen[target] {
		return false
	}
	seen[target] = true
	info, err := os.Stat(target)
	return err == nil && info.Mode().IsRegular()
}

// isState reports whether a file of a folder is worth reading: it begins as a
// state, or its name promises one.
func isState(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return true // let the reader say why
	}
	defer f.Close()
	if _, err = ReadHeader(f, name); !errors.Is(err, ErrNotState) {
		return true
	}
	info, err := f.Stat()
	return strings.HasSuffix(name, ".tfstate") && err == nil && info.Size() > 0
}
