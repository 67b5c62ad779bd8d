package watch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"tfdrift/internal/indexer"
	"tfdrift/internal/state"
)

// KeepBackups is how long backups of states are kept.
const KeepBackups = 90 * 24 * time.Hour

// Backup returns what copies each state that was indexed below a folder, in a
// folder of its own that only this user can read: states hold secrets. A copy
// that is there already is left alone. Those older than [KeepBackups] are
// removed, but never the newest.
func Backup(dir string) indexer.Backup {
	return func(ctx context.Context, object state.Object, header state.Header) error {
		sum := sha256.Sum256([]byte(object.Name))
		folder := filepath.Join(dir, filepath.Base(object.Name)+"-"+hex.EncodeToString(sum[:4]))
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
		written := object.Written
		if written.IsZero() {
			written = time.Now()
		}
		name := filepath.Join(folder, fmt.Sprintf("%s-%d.tfstate", written.UTC().Format("20060102T150405.000Z"), header.Serial))
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
			if err := copyTo(ctx, name, object); err != nil {
				return err
			}
		}
		return prune(folder, name)
	}
}

func copyTo(ctx context.Context, name string, object state.Object) (err error) {
	from, err := object.Open(ctx)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(name+newSuffix, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Sync(), to.Close()); err != nil {
		return errors.Join(err, os.Remove(to.Name()))
	}
	return os.Rename(to.Name(), name)
}

func prune(folder, newest string) error {
	old, err := filepath.Glob(filepath.Join(folder, "*.tfstate"))
	if err != nil {
		return err
	}
	for _, name := range old {
		info, err := os.Stat(name)
		if err == nil && name != newest && time.Since(info.ModTime()) > KeepBackups {
			err = os.Remove(name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
