package dynamoindex

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/dynamo"
)

// busy is a chunk of every kind of row.
func busy() *chunk {
	whole := version{exists: true, keys: []string{"", "ec2/sg-1"}, account: "aws 111122223333"}
	parted := version{exists: true, keys: []string{"k"}, parts: 3, stamp: "0123456789abcdef"}
	return &chunk{rows: []*row{
		{place: placeOf("s", "a"), hash: digestOf("h"), generation: 7, now: whole},
		{place: placeOf("s", "b"), generation: 8, now: parted, before: []version{whole, {exists: true}}},
		{place: placeOf("s", "c"), generation: 8, before: []version{parted}},
	}}
}

func stored(c *chunk) dynamo.Item {
	return dynamo.Item{"sk": dynamo.Text("000002"), "rows": dynamo.Bytes(c.store())}
}

func TestAManifestComesBackAsItWas(t *testing.T) {
	m := manifest{completed: 7, rows: map[place]*row{}}
	if err := m.load(stored(busy())); err != nil {
		t.Fatal(err)
	}
	all := cmp.AllowUnexported(row{}, version{})
	for _, want := range busy().rows {
		want.in = 3
		if diff := cmp.Diff(want, m.rows[want.place], all); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if len(m.chunks) != 3 || len(m.chunks[2].rows) != 3 {
		t.Errorf("%d chunks", len(m.chunks))
	}
}

func TestWhatARefreshCompletedIsForgotten(t *testing.T) {
	m := manifest{completed: 8, rows: map[place]*row{}}
	if err := m.load(stored(busy())); err != nil {
		t.Fatal(err)
	}
	if b := m.rows[placeOf("s", "b")]; b == nil || len(b.before) > 0 {
		t.Errorf("row %+v remembers what is gone", b)
	}
	if m.rows[placeOf("s", "c")] != nil || len(m.chunks[2].rows) != 2 {
		t.Error("the row of a removed entry is kept")
	}
}

func TestADamagedManifestIsAnError(t *testing.T) {
	whole, err := dynamo.Unpack(busy().store())
	if err != nil {
		t.Fatal(err)
	}
	ends := []int{1} // where a row ends, what is left is a chunk of fewer rows
	for n := range busy().rows {
		raw, _ := dynamo.Unpack((&chunk{rows: busy().rows[:n+1]}).store())
		ends = append(ends, len(raw))
	}
	for n := range whole {
		m := manifest{rows: map[place]*row{}}
		err := m.load(dynamo.Item{"sk": dynamo.Text("000000"), "rows": dynamo.Bytes(dynamo.Pack(whole[:n]))})
		if err == nil && !slices.Contains(ends, n) {
			t.Errorf("the first %d bytes of %d are read", n, len(whole))
		}
	}
	for _, item := range []dynamo.Item{
		{}, {"sk": dynamo.Text("x")}, {"sk": dynamo.Text("-1")}, {"sk": dynamo.Text("0"), "rows": dynamo.Bytes([]byte{0, 99})},
		{"sk": dynamo.Text("99999999999"), "rows": dynamo.Bytes(busy().store())},
	} {
		if err := (&manifest{rows: map[place]*row{}}).load(item); err == nil {
			t.Errorf("%v is read", item)
		}
	}
}

func FuzzManifest(f *testing.F) {
	raw, err := dynamo.Unpack(busy().store())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		_ = (&manifest{rows: map[place]*row{}}).load(dynamo.Item{"sk": dynamo.Text("0"), "rows": dynamo.Bytes(dynamo.Pack(raw))})
	})
}

func TestANewRowGoesWhereThereIsRoom(t *testing.T) {
	m := manifest{rows: map[place]*row{}}
	for i := range perChunk + 1 {
		m.change(m.row(placeOf("s", fmt.Sprint(i))))
	}
	m.chunks[0].rows = m.chunks[0].rows[:perChunk-1] // one is gone
	m.free = 0
	r := m.row(placeOf("s", "new"))
	m.change(r)
	if r.in != 1 || len(m.chunks) != 2 {
		t.Errorf("chunk %d of %d; want the first of two", r.in, len(m.chunks))
	}
}
