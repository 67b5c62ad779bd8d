package catalog

import (
	_ "embed"
	"iter"
	"strings"

	"tfdrift/internal/drift"
)

// The tables are lines of tab-separated columns, sorted by their first columns
// without regard to case.
var (
	//go:embed aws.txt
	awsTable string
	//go:embed gcp.txt
	gcpTable string
	//go:embed types.txt
	typeTable string
)

func tableOf(provider drift.Provider) string {
	switch provider {
	case drift.AWS:
		return awsTable
	case drift.GCP:
		return gcpTable
	}
	return ""
}

// find returns the part of a table whose lines begin with the key columns.
func find(table string, key ...string) string {
	low, high := 0, len(table)
	for low < high { // the first line that is not below the key begins in [low, high]
		middle := low + (high-low)/2
		start := strings.LastIndexByte(table[low:middle], '\n') + 1 + low
		end := start + strings.IndexByte(table[start:], '\n') + 1
		if compareColumns(table[start:end], key) < 0 {
			low = end
		} else {
			high = start
		}
	}
	end := low
	for end < len(table) && compareColumns(table[end:], key) == 0 {
		end += strings.IndexByte(table[end:], '\n') + 1
	}
	return table[low:end]
}

// compareColumns compares the first columns of a line with the key; ASCII
// letters are equal whatever their case.
func compareColumns(line string, key []string) int {
	for _, column := range key {
		for i := 0; i < len(column); i++ {
			if line[i] == column[i] {
				continue
			}
			if c := int(lower(line[i])) - int(lower(column[i])); c != 0 {
				return c // a shorter column ends in a tab or newline, which are below every name
			}
		}
		if end := line[len(column)]; end != '\t' && end != '\n' {
			return 1
		}
		line = line[len(column)+1:]
	}
	return 0
}

// compareFold orders as the tables are ordered.
func compareFold(a, b string) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i] == b[i] {
			continue
		}
		if c := int(lower(a[i])) - int(lower(b[i])); c != 0 {
			return c
		}
	}
	return len(a) - len(b)
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// lines yields the lines of a table's part, without their ends.
func lines(part string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for part != "" {
			line, rest, _ := strings.Cut(part, "\n")
			if !yield(line) {
				return
			}
			part = rest
		}
	}
}

// parseRow reads a line of aws.txt or gcp.txt.
func parseRow(line string) (row Row) {
	var params, effect, parent string
	for _, column := range [...]*string{&row.Source, &row.Event, &row.Type, &effect, &row.ID, &parent, &params, &row.NewID, &row.Within, &row.When, &row.Sets, &row.Pairs} {
		*column, line, _ = strings.Cut(line, "\t")
	}
	row.Effect, row.Parent, row.Params = drift.Effect(effect), parent != "", drift.Renames(params)
	return row
}

// Line is a row as a line of aws.txt or gcp.txt, without its end. A row with a
// Shape has no such line.
func (r Row) Line() string {
	parent := ""
	if r.Parent {
		parent = "parent"
	}
	line := strings.Join([]string{r.Source, r.Event, r.Type, string(r.Effect), r.ID, parent, string(r.Params), r.NewID, r.Within, r.When, r.Sets, r.Pairs}, "\t")
	return strings.TrimRight(line, "\t")
}
