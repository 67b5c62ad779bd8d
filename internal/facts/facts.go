// Package facts reads the folder of facts that the generators derive tables
// from: CSV files by the names of their columns, and the archive of provider
// schemas. What the facts say is left to the generators; nothing that ships
// imports this.
package facts

import (
	"archive/tar"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
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
