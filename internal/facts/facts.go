// Package facts is what the generators share: it reads the folder of facts that
// they derive tables from (CSV files by the names of their columns, the archive of
// provider schemas) and writes the tables. What the facts say is left to the
// generators; nothing that ships imports this.
package facts

import (
	"archive/tar"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// CSV reads a file whose first line names the columns; row is called for each
// line after it.
func CSV(path string, row func(get func(column string) string)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(f)
	head, err := r.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	at := map[string]int{}
	for i, name := range head {
		at[name] = i
	}
	for {
		record, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		row(func(column string) string { return record[at[column]] })
	}
}

// Schemas calls each for the schema of every resource type, as "terraform
// providers schema -json" has it, in the folder's provider-schemas.tar.xz.
func Schemas(folder string, each func(typ string, raw []byte) error) error {
	path := filepath.Join(folder, "provider-schemas.tar.xz")
	xz := exec.Command("xz", "-dc", path) // the standard library reads no xz, and nothing else here needs it
	pipe, err := xz.StdoutPipe()
	if err != nil {
		return err
	}
	if err := xz.Start(); err != nil {
		return fmt.Errorf("reading %s needs the xz program: %w", path, err)
	}
	for archive := tar.NewReader(pipe); ; {
		header, err := archive.Next()
		if err == io.EOF {
			return xz.Wait()
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		typ, ok := strings.CutSuffix(filepath.Base(header.Name), ".json")
		if !ok || !strings.Contains(header.Name, "/resource/") {
			continue
		}
		raw, err := io.ReadAll(archive)
		if err == nil {
			err = each(typ, raw)
		}
		if err != nil {
			return fmt.Errorf("%s: %s: %w", path, header.Name, err)
		}
	}
}

// Write writes those tables, by name, that are not in the folder as they should be.
// With check it writes nothing, and fails if there is one.
func Write(folder string, tables map[string][]byte, check bool) error {
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		path := filepath.Join(folder, name)
		old, err := os.ReadFile(path)
		if err == nil && bytes.Equal(old, tables[name]) {
			continue
		}
		if check {
			return fmt.Errorf("%s is not what the facts give: run make generate", path)
		}
		if err := os.WriteFile(path, tables[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Fold is a name without case and punctuation, as tree.SameName sees it.
func Fold(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		}
		return -1
	}, name)
}
