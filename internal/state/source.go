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
// prefix of a bucket.
type Source interface {
	// States lists the states that are there now, in the order of their names.
	// What is plainly no state is passed over, unless it is what the source was
	// told to read; what should be a state and cannot be read is listed, and
	// fails in [Read]. An error concerns one place below the source, and the
	// listing goes on. A source without a single state says so with
	// [drift.ErrNotFound].
	States(ctx context.Context) iter.Seq2[Object, error]
}

// Object is one state where it lives.
type Object struct {
	Name    string    // the path or URL that findings show
	Written time.Time // when it was last written; zero where nobody knows
	Open    func(ctx context.Context) (io.ReadCloser, error)
}

// Open finds the source that a reference means: a local file or folder. States
// in s3:// and gs:// are not read yet.
func Open(ref string) (Source, error) {
	scheme, _, isURL := strings.Cut(ref, "://")
	switch {
	case isURL && (scheme == "s3" || scheme == "gs"):
		return nil, fmt.Errorf("state %s: reading from %s:// is not built into this command yet; download it and give its path: %w", ref, scheme, drift.ErrInvalid)
	case isURL:
		return nil, fmt.Errorf("state %s: a path is wanted, not %s://; download it and give its path: %w", ref, scheme, drift.ErrInvalid)
	}
	info, err := os.Stat(ref)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("state %s: no such file or folder: %w", ref, drift.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("state %s: %w", ref, err)
	}
	if info.IsDir() {
		return folder(ref), nil
	}
	return file(ref), nil
}

// file is a single state that the user named.
type file string

func (f file) States(context.Context) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) { yield(f.object(), nil) }
}

func (f file) object() Object {
	var written time.Time
	if info, err := os.Stat(string(f)); err == nil {
		written = info.ModTime()
	}
	return Object{string(f), written, func(context.Context) (io.ReadCloser, error) { return os.Open(string(f)) }}
}

// folder is every state below a folder.
type folder string

func (f folder) States(ctx context.Context) iter.Seq2[Object, error] {
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
			found = true
			if stopped = !yield(file(name).object(), nil); stopped {
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
	return strings.HasSuffix(name, ".tflock") || strings.HasSuffix(name, ".backup") || strings.HasSuffix(name, ".lock.info")
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
