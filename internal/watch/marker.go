package watch

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// What the watcher keeps below its folder: the states it watches, and the word
// that an operator leaves for it.
const (
	statesName = "states.json"
	acceptName = "accept"
)

// Accept leaves word for the watcher of a folder that a state is to be taken up
// although it is not the successor of the one indexed, or forgotten if its file
// is gone. The watcher follows at its next look.
func Accept(dir, path string) error {
	folder := filepath.Join(dir, acceptName)
	err := os.MkdirAll(folder, 0o700)
	if err == nil {
		err = writeFile(markerOf(dir, path), []byte(absolute(path)+"\n"))
	}
	if err != nil {
		return fmt.Errorf("accept state %s: %w", path, err)
	}
	return nil
}

// markerOf is the file that says that a state is accepted, whichever way its
// path is written.
func markerOf(dir, path string) string {
	sum := sha256.Sum256([]byte(absolute(path)))
	return filepath.Join(dir, acceptName, hex.EncodeToString(sum[:8]))
}

func absolute(path string) string {
	if strings.Contains(path, "://") {
		return path
	}
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// accepted tells which states an operator has accepted. Word of one that is
// not watched is told, and dropped, once all places were listed.
func (w *Watcher) accepted() func(name string) bool {
	markers, err := os.ReadDir(filepath.Join(w.Dir, acceptName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.Log.Error("accepted states cannot be listed", "error", err)
	}
	if len(markers) == 0 {
		return func(string) bool { return false }
	}
	ours := map[string]bool{}
	for name := range w.states {
		ours[filepath.Base(markerOf(w.Dir, name))] = true
	}
	found := map[string]bool{}
	for _, m := range markers {
		if found[m.Name()] = ours[m.Name()]; ours[m.Name()] || len(w.listed) < len(w.Places) || strings.HasSuffix(m.Name(), newSuffix) {
			continue
		}
		path := filepath.Join(w.Dir, acceptName, m.Name())
		text, _ := os.ReadFile(path) // for the log only
		w.Log.Error("a state was accepted that is not watched", "state", strings.TrimSpace(string(text)))
		os.Remove(path)
	}
	return func(name string) bool { return found[filepath.Base(markerOf(w.Dir, name))] }
}

func (w *Watcher) dropMarker(name string) {
	if err := os.Remove(markerOf(w.Dir, name)); err != nil {
		w.Log.Error("that a state was accepted stays noted, and will be followed once more", "state", name, "error", err)
	}
}

// kept is one state as an earlier process watched it.
type kept struct {
	Place     string `json:"place"`
	State     string `json:"state"`
	Resources int    `json:"resources"`
}

func (w *Watcher) load() (list []kept) {
	raw, err := os.ReadFile(filepath.Join(w.Dir, statesName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &list)
	}
	if err != nil {
		w.Log.Error("which states were watched cannot be read; those that are gone since stay in the index", "error", err)
	}
	return list
}

// save writes down which states are watched, where that changed.
func (w *Watcher) save() {
	list := []kept{}
	for name, s := range w.states {
		list = append(list, kept{s.place.Name, name, s.resources})
	}
	slices.SortFunc(list, func(a, b kept) int { return strings.Compare(a.State, b.State) })
	raw, err := json.Marshal(list)
	if err == nil && string(raw) != w.saved {
		err = writeFile(filepath.Join(w.Dir, statesName), raw)
		if err == nil {
			w.saved = string(raw)
		}
	}
	if err != nil {
		w.Log.Error("which states are watched cannot be written down", "error", err)
	}
}

const newSuffix = ".new"

// writeFile replaces a file at one stroke.
func writeFile(name string, content []byte) error {
	if err := os.WriteFile(name+newSuffix, content, 0o600); err != nil {
		return err
	}
	return os.Rename(name+newSuffix, name)
}
