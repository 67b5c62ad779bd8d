package state

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"tfdrift/internal/drift"
)

// BenchmarkRead compares reading a state of 20 MB with a bare scan of its tokens.
func BenchmarkRead(b *testing.B) {
	raw := large(b, 20<<20)
	b.Run("scan", func(b *testing.B) {
		b.SetBytes(int64(len(raw)))
		b.ReportAllocs()
		for b.Loop() {
			dec := jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowDuplicateNames(true))
			var err error
			for err == nil {
				_, err = dec.ReadToken()
			}
			if !errors.Is(err, io.EOF) {
				b.Fatal(err)
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		seal := sealer(b)
		b.SetBytes(int64(len(raw)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Read(bytes.NewReader(raw), "large.tfstate", seal, func(*drift.Entry) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// large repeats the resources of the acme state until they are of that size.
func large(b *testing.B, size int) []byte {
	acme, err := os.ReadFile("testdata/acme.tfstate")
	if err != nil {
		b.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(acme), `"resources": [`)
	resources := rest[:strings.LastIndex(rest, `"check_results"`)]
	resources = strings.TrimRight(resources, "], \n")
	var out strings.Builder
	out.WriteString(head + `"resources": [`)
	for i := 0; out.Len() < size; i++ {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString(strings.ReplaceAll(resources, `"name": "web"`, fmt.Sprintf(`"name": "web%d"`, i)))
	}
	out.WriteString("]}")
	return []byte(out.String())
}
