package config

import (
	"fmt"
	"slices"
	"strings"

	"tfdrift/internal/drift"
)

// Problem is one thing wrong with a file, or to be warned about. Its text never
// holds a secret.
type Problem struct {
	File         string
	Line, Column int // from 1; 0 where the problem is about the whole file
	Message      string
}

// Warning is a problem that does not keep the file from loading.
type Warning = Problem

// String is file:line:column: message.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
}

// Problems are all that is wrong with a file. It is a [drift.ErrInvalid].
type Problems []Problem

// maxShown is how many problems an error shows; the rest is counted.
const maxShown = 50

// Error has a line for each problem, in the order of the file.
func (ps Problems) Error() string {
	var b strings.Builder
	for i, p := range ps {
		if i == maxShown {
			fmt.Fprintf(&b, "\nand %d problems more", len(ps)-i)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.String())
	}
	return b.String()
}

// Unwrap is [drift.ErrInvalid].
func (ps Problems) Unwrap() error { return drift.ErrInvalid }

func inFileOrder(ps []Problem) {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
}

// nearest is the name most like the one that was written, or "" if none is
// like it.
func nearest(written string, names []string) string {
	best, least := "", min(3, 1+len(written)/3)
	for _, name := range names {
		if d := distance(strings.ToLower(written), name, least); d <= least && (best == "" || d < distance(strings.ToLower(written), best, least)) {
			best = name
		}
	}
	return best
}

// distance is how many characters must be inserted, deleted, replaced or
// swapped with their neighbour to make one text of the other; more than limit
// is not counted out.
func distance(a, b string, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
