package event

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"
)

func BenchmarkDecode(b *testing.B) {
	for _, sample := range []struct{ name, doc string }{
		{"cloudtrail", trailSample},
		{"eventbridge", `{"version":"0","id":"1","detail-type":"AWS API Call via CloudTrail","source":"aws.ec2","account":"111122223333","region":"us-east-1","detail":` + trailSample + `}`},
		{"audit", auditSample},
		{"falco", falcoSample},
	} {
		doc := []byte(sample.doc)
		b.Run(sample.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(doc)))
			for b.Loop() {
				if events, err := Decode(doc); err != nil || len(events) != 1 {
					b.Fatal(events, err)
				}
			}
		})
		b.Run(sample.name+"-any", func(b *testing.B) { // the yardstick
			b.ReportAllocs()
			for b.Loop() {
				var v any
				if err := json.Unmarshal(doc, &v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkReader(b *testing.B) {
	var log bytes.Buffer
	log.WriteString(`{"Records":[`)
	for i := range 1000 {
		if i > 0 {
			log.WriteByte(',')
		}
		log.WriteString(trailSample)
	}
	log.WriteString(`]}`)
	b.SetBytes(int64(log.Len()))
	b.ReportAllocs()
	for b.Loop() {
		r := NewReader(bytes.NewReader(log.Bytes()), "bench")
		n := 0
		for {
			_, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != 1000 {
			b.Fatal(n)
		}
	}
}
