package indexer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/events"
	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/index"
	"tfdrift/internal/indexer"
	"tfdrift/internal/state"
	"tfdrift/internal/tree"
)

func newIndexer(t *testing.T) *indexer.Indexer {
	t.Helper()
	seal, err := state.NewSealer([]byte("a key that only the tests know, ok"), catalog.Sensitive)
	if err != nil {
		t.Fatal(err)
	}
	return &indexer.Indexer{Index: index.NewMemory(), Seal: seal}
}

// object is a state of security groups with these ids.
func object(name string, serial int, ids ...string) state.Object {
	var resources []string
	for i, id := range ids {
		resources = append(resources, fmt.Sprintf(`{"mode":"managed","type":"aws_security_group","name":"g%d","provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"attributes":
			{"id":%q,"arn":"arn:aws:ec2:eu-west-1:111122223333:security-group/%s"}}]}`, i, id, id))
	}
	return text(name, fmt.Sprintf(`{"version":4,"terraform_version":"1.9.5","serial":%d,"lineage":"l","resources":[%s]}`, serial, strings.Join(resources, ",")))
}

func text(name, content string) state.Object {
	return state.Object{Name: name, Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}
}

func refresh(t *testing.T, x *indexer.Indexer, o state.Object) {
	t.Helper()
	if _, err := x.Refresh(t.Context(), o, false); err != nil {
		t.Fatal(err)
	}
}

func wantFound(t *testing.T, x *indexer.Indexer, key string, want ...string) {
	t.Helper()
	entries, err := x.Index.Find(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.State+" "+e.Address)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("under %s (-want +got):\n%s", key, diff)
	}
}

func TestRefreshReplacesWhatTheStateHeld(t *testing.T) {
	x := newIndexer(t)
	refresh(t, x, object("prod", 1, "sg-1", "sg-2"))
	refresh(t, x, object("test", 1, "sg-9"))
	refresh(t, x, object("prod", 2, "sg-2", "sg-3"))
	wantFound(t, x, "ec2/sg-1")
	wantFound(t, x, "ec2/sg-2", "prod aws_security_group.g0")
	wantFound(t, x, "ec2/sg-3", "prod aws_security_group.g1")
	wantFound(t, x, "ec2/sg-9", "test aws_security_group.g0")
	h, err := x.Index.State(t.Context(), "prod")
	if err != nil || h.Serial != 2 || h.Lineage != "l" {
		t.Errorf("header %+v, error %v", h, err)
	}
	if ok, err := x.Index.Manages(t.Context(), drift.AWS, "111122223333"); err != nil || !ok {
		t.Errorf("the account is not managed: %v", err)
	}
}

func TestAnEmptyStateHoldsNothing(t *testing.T) {
	x := newIndexer(t)
	refresh(t, x, object("prod", 1, "sg-1"))
	refresh(t, x, object("prod", 2))
	wantFound(t, x, "ec2/sg-1")
}

func TestAStateThatCannotBeReadIsAnErrorThatNamesIt(t *testing.T) {
	broken := errors.New("connection reset")
	tests := []struct {
		name   string
		object state.Object
		want   error
	}{
		{"no state at all", text("prod", `{"name":"x"}`), state.ErrNotState},
		{"cut off in its resources", text("prod", `{"version":4,"terraform_version":"1.9.5","serial":2,"lineage":"l","resources":[{"mode":"managed",`), drift.ErrInvalid},
		{"cannot be opened", state.Object{Name: "prod", Open: func(context.Context) (io.ReadCloser, error) { return nil, broken }}, broken},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := newIndexer(t)
			refresh(t, x, object("prod", 1, "sg-1"))
			_, err := x.Refresh(t.Context(), test.object, false)
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), "prod") {
				t.Errorf("error %v, want %v and the state's name", err, test.want)
			}
			wantFound(t, x, "ec2/sg-1", "prod aws_security_group.g0")
			refresh(t, x, object("prod", 3, "sg-2")) // and the next one makes it good
			wantFound(t, x, "ec2/sg-1")
			wantFound(t, x, "ec2/sg-2", "prod aws_security_group.g0")
		})
	}
}

// A state that breaks off was never indexed: the one before it is no older one,
// and what it says of its serial and time says nothing of what is indexed.
func TestTheLastGoodStateMayComeBackAfterOneThatBreaksOff(t *testing.T) {
	x := newIndexer(t)
	good, broken := object("prod", 14, "sg-1"), text("prod", `{"version":4,"terraform_version":"1.9.5","serial":15,"lineage":"l","resources":[`)
	good.Written, broken.Written = time.Unix(100, 0), time.Unix(200, 0)
	refresh(t, x, good)
	if _, err := x.Refresh(t.Context(), broken, false); !errors.Is(err, drift.ErrInvalid) {
		t.Fatalf("error %v", err)
	}
	if h, err := x.Index.State(t.Context(), "prod"); err != nil || h.Serial != 14 || !h.Written.Equal(good.Written) {
		t.Errorf("header %+v, error %v", h, err)
	}
	good.Written = time.Unix(300, 0) // restored, as the alarm says
	refresh(t, x, good)
	wantFound(t, x, "ec2/sg-1", "prod aws_security_group.g0")
}

func TestSecretsAreSealedOnTheWayIn(t *testing.T) {
	x := newIndexer(t)
	refresh(t, x, text("prod", `{"version":4,"terraform_version":"1.9.5","serial":1,"lineage":"l","resources":[{"mode":"managed","type":"aws_db_instance","name":"d",
		"provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"attributes":{"id":"db-1","identifier":"main","password":"hunter2"}}]}]}`))
	entries, err := x.Index.Find(t.Context(), "rds/main")
	if err != nil || len(entries) != 1 {
		t.Fatalf("%d entries, error %v", len(entries), err)
	}
	if got, want := entries[0].Attributes["password"], x.Seal.Seal("hunter2"); got != want {
		t.Errorf("password is %v, want it sealed", got)
	}
}

// Whatever the reading of a large state leaves unread, its entries are the same
// and are found under the same keys.
func TestWhatIsLeftUnreadChangesNothing(t *testing.T) {
	seal := newIndexer(t).Seal
	for _, file := range []string{"aws", "gcp"} {
		raw, err := events.Files.ReadFile("testdata/" + file + ".tfstate")
		if err != nil {
			t.Fatal(err)
		}
		type found struct {
			Entry *drift.Entry
			Keys  []string
		}
		whole, part := map[string]found{}, map[string]found{}
		if _, err := state.Read(bytes.NewReader(raw), file, seal, func(e *drift.Entry) error {
			whole[e.Address] = found{e, catalog.Keys(e)}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		left := 0
		if _, err := state.ReadChanged(bytes.NewReader(raw), file, seal, state.Changes{Names: catalog.KeyAttributes}, func(e *drift.Entry) error {
			keys := catalog.Keys(e)
			left += len(e.Rest)
			rest, err := tree.ParseObject(e.Rest)
			if err != nil {
				return err
			}
			maps.Copy(e.Attributes, rest)
			e.Rest = nil
			part[e.Address] = found{e, keys}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole, part); diff != "" {
			t.Errorf("%s (-whole +part):\n%s", file, diff)
		}
		if left < len(raw)/4 {
			t.Errorf("%s: %d bytes of %d are left unread", file, left, len(raw))
		}
	}
}

func TestABackupThatFailedIsMadeUpFor(t *testing.T) {
	x := newIndexer(t)
	broken, copied := errors.New("disk full"), 0
	x.Backup = func(_ context.Context, _ state.Object, h state.Header) error {
		if broken == nil && h.Serial == 1 {
			copied++
		}
		return broken
	}
	o := object("prod", 1, "sg-1")
	o.Written = time.Now()
	if _, err := x.Refresh(t.Context(), o, false); !errors.Is(err, broken) || !strings.Contains(err.Error(), "indexed, but") {
		t.Errorf("error %v", err)
	}
	wantFound(t, x, "ec2/sg-1", "prod aws_security_group.g0")
	broken = nil
	refresh(t, x, o)
	if copied != 1 {
		t.Errorf("%d copies", copied)
	}
}
