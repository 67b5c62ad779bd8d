// Program gen measures what becomes of the parameters that the operations of the
// catalog take: it lays whole requests onto entries made of the providers'
// schemas, by the code that judges events, and writes parameters.txt and
// unmatched.txt. See README.md beside it for what counts as what.
//
//	go run ./internal/coverage/gen -facts ../shared/facts           writes the tables
//	go run ./internal/coverage/gen -facts ../shared/facts -check    fails if they would differ
//	go run ./internal/coverage/gen -least                           raises least.txt to what the tables count
package main

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tfdrift/internal/catalog"
	"tfdrift/internal/coverage"
	"tfdrift/internal/drift"
	"tfdrift/internal/facts"
)

func main() {
	var (
		folder    = flag.String("facts", "../shared/facts", "the folder of facts")
		models    = flag.String("models", "", "a folder of AWS service models (models/apis of aws-sdk-go); with -discovery, remakes requests.txt only")
		discovery = flag.String("discovery", "", "a folder of Google's discovery documents (google.golang.org/api)")
		out       = flag.String("out", "internal/coverage", "where the tables are")
		check     = flag.Bool("check", false, "write nothing, fail if a table is not what the facts give")
		least     = flag.Bool("least", false, "raise least.txt only; needs no facts")
	)
	flag.Parse()
	var err error
	switch {
	case *least:
		err = raise(filepath.Join(*out, "least.txt"))
	case *models != "" && *discovery != "":
		err = extractRequests(*models, *discovery, *folder, filepath.Join(*out, "gen", "requests.txt"))
	default:
		err = generate(*folder, *out, *check)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func generate(folder, out string, check bool) error {
	all, err := measureAll(folder, filepath.Join(out, "gen", "requests.txt"))
	if err != nil {
		return err
	}
	parameters, gaps := tables(all)
	return facts.Write(out, map[string][]byte{"parameters.txt": parameters, "unmatched.txt": gaps}, check)
}

// measureAll measures every operation of the catalog whose request is known.
func measureAll(folder, requests string) ([]measured, error) {
	entries, err := skeletons(folder)
	if err != nil {
		return nil, err
	}
	known, err := readRequests(requests)
	if err != nil {
		return nil, err
	}
	if err := factRequests(folder, known, entries); err != nil {
		return nil, err
	}
	rows := map[operation][]catalog.Row{}
	for _, provider := range []drift.Provider{drift.AWS, drift.GCP} {
		for row := range catalog.All(provider) {
			key := operationOf(provider, row.Source, row.Event)
			rows[key] = append(rows[key], row)
		}
	}
	var all []measured
	for key, its := range rows {
		if r, ok := known[key]; ok {
			if m, ok := measure(r, its, entries); ok {
				all = append(all, m)
			}
		}
	}
	slices.SortFunc(all, func(a, b measured) int {
		return cmp.Or(cmp.Compare(a.provider, b.provider), cmp.Compare(a.source, b.source), cmp.Compare(a.event, b.event))
	})
	return all, nil
}

// tables are parameters.txt, a line for each service, and unmatched.txt, a line
// for each operation that has any.
func tables(all []measured) (parameters, gaps []byte) {
	var counts, unmatchedOnes bytes.Buffer
	for len(all) > 0 {
		first := all[0]
		n := slices.IndexFunc(all, func(m measured) bool { return m.provider != first.provider || m.source != first.source })
		if n < 0 {
			n = len(all)
		}
		var p coverage.Parameters
		for _, m := range all[:n] {
			p.Measured++
			var left []string
			for _, path := range slices.Sorted(maps.Keys(m.verdicts)) {
				switch m.verdicts[path] {
				case byState:
					p.ByState++
				case byOverride:
					p.ByOverride++
				case identity:
					p.Naming++
				case irrelevant:
					p.Irrelevant++
				case unmatched:
					p.Unmatched++
					left = append(left, path)
				}
			}
			if len(left) > 0 {
				fmt.Fprintf(&unmatchedOnes, "%s\t%s\t%s\t%s\n", m.provider, m.source, m.event, strings.Join(left, " "))
			}
		}
		fmt.Fprintf(&counts, "%s\t%s\t%s\n", first.provider, first.source, p.Line())
		all = all[n:]
	}
	return counts.Bytes(), unmatchedOnes.Bytes()
}

func raise(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	least, err := coverage.ParseLeast(string(raw))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(coverage.FormatLeast(coverage.Raise(least, coverage.All()))), 0o644)
}
