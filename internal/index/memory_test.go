package index_test

import (
	"context"
	"fmt"
	"testing"

	"tfdrift/internal/drift"
	"tfdrift/internal/index"
	"tfdrift/internal/index/indextest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	indextest.Run(t, func(*testing.T) index.Index { return index.NewMemory() })
}

func TestFindAllocatesOnlyItsResult(t *testing.T) {
	m := filled(t)
	keys := []string{"ec2/sg-1", "ec2/web"}
	ctx := context.Background()
	if n := testing.AllocsPerRun(100, func() { _, _ = m.Find(ctx, keys...) }); n > 1 {
		t.Errorf("Find made %v allocations, want 1", n)
	}
}

func BenchmarkFind(b *testing.B) {
	m := filled(b)
	for _, keys := range [][]string{{"ec2/sg-1"}, {"ec2/sg-1", "ec2/web"}, {"ec2/absent"}} {
		b.Run(fmt.Sprint(keys), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = m.Find(b.Context(), keys...)
			}
		})
	}
}

func filled(t testing.TB) *index.Memory {
	m := index.NewMemory()
	refresh, err := m.Begin(t.Context(), index.Header{State: "s"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10_000 {
		e := &drift.Entry{State: "s", Address: fmt.Sprintf("aws_security_group.g[%d]", i)}
		if err := refresh.Put(t.Context(), e, fmt.Sprintf("ec2/sg-%d", i/3), fmt.Sprintf("ec2/web%.0d", i/4)); err != nil {
			t.Fatal(err)
		}
	}
	if err := refresh.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}
