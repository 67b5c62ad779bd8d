// Program gen makes the catalog's derived tables, aws.txt, gcp.txt and
// types.txt, from a folder of facts: CSV files of what the Terraform providers
// call and of what their schemas say. See README.md beside it for the rules.
//
//	go run ./internal/catalog/gen -facts ../shared/facts           writes the tables
//	go run ./internal/catalog/gen -facts ../shared/facts -check    fails if they would differ
//	go run ./internal/catalog/gen -sample 300 -seed 1              prints rows to review
package main

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/facts"
)

func main() {
	var (
		folder = flag.String("facts", "../shared/facts", "the folder of facts")
		models = flag.String("models", "", "a folder of AWS service models (models/apis of aws-sdk-go); remakes members.csv only")
		out    = flag.String("out", "internal/catalog", "where the tables are")
		check  = flag.Bool("check", false, "write nothing, fail if a table is not what the facts give")
		sample = flag.Int("sample", 0, "print so many derived rows drawn at random, write nothing")
		seed   = flag.Uint64("seed", 1, "the seed of the draw")
	)
	flag.Parse()
	var err error
	switch {
	case *sample > 0:
		printSample(*sample, *seed)
	case *models != "":
		err = extractMembers(*models, *folder, filepath.Join(*out, "gen", "members.csv"))
	default:
		err = generate(*folder, *out, *check)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func generate(folder, out string, check bool) error {
	known, err := readFacts(folder, filepath.Join(out, "gen", "members.csv"))
	if err != nil {
		return err
	}
	aws, gcp := awsRows(known), gcpRows(known)
	return facts.Write(out, map[string][]byte{"aws.txt": table(aws), "gcp.txt": table(gcp), "types.txt": typeTable(known, aws, gcp)}, check)
}

// table is rows as text, in order, each operation and type once.
func table(rows []catalog.Row) []byte {
	slices.SortStableFunc(rows, catalog.CompareRows)
	rows = slices.CompactFunc(rows, func(a, b catalog.Row) bool { return catalog.CompareRows(a, b) == 0 })
	var b bytes.Buffer
	for _, row := range rows {
		b.WriteString(row.Line())
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// printSample draws rows of both clouds, each row as likely as any other.
func printSample(n int, seed uint64) {
	var rows []string
	for _, provider := range []drift.Provider{drift.AWS, drift.GCP} {
		for row := range catalog.All(provider) {
			if row.Shape == nil {
				rows = append(rows, string(provider)+"\t"+row.Line())
			}
		}
	}
	r := rand.New(rand.NewPCG(seed, 0))
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	rows = rows[:min(n, len(rows))]
	slices.Sort(rows)
	fmt.Println(strings.Join(rows, "\n"))
}
