package state

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
)

// hashes are what known is asked for, by address.
func hashes(t *testing.T, in string, seal *Sealer) map[string]string {
	t.Helper()
	asked := map[string]string{}
	_, err := ReadChanged(strings.NewReader(in), "test.tfstate", seal,
		Changes{Known: func(address, hash string) (bool, error) { asked[address] = hash; return false, nil }},
		func(*drift.Entry) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return asked
}

const twoGroups = `{"version":4,"terraform_version":"1.9.5","serial":1,"lineage":"l","resources":[{"module":"module.m","mode":"managed","type":"aws_db_instance","name":"web",` +
	`"provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[` +
	`{"index_key":0,"status":"tainted","schema_version":1,"attributes":{"id":"a"},"sensitive_attributes":[],"identity":{"region":"r"},"private":"x"},` +
	`{"index_key":1,"attributes":{"id":"b"},"sensitive_attributes":[[{"type":"get_attr","value":"x"}]]}]}]}`

func TestKnownInstancesArePassedOver(t *testing.T) {
	var emitted []string
	header, err := ReadChanged(strings.NewReader(twoGroups), "test.tfstate", sealer(t),
		Changes{Known: func(address, _ string) (bool, error) { return address == "module.m.aws_db_instance.web[0]", nil }},
		func(e *drift.Entry) error { emitted = append(emitted, e.Address); return nil })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"module.m.aws_db_instance.web[1]"}, emitted); diff != "" {
		t.Errorf("emitted (-want +got):\n%s", diff)
	}
	if header.Entries != 2 {
		t.Errorf("%d entries counted, want 2", header.Entries)
	}
}

func TestTheHashIsOfAllThatAnEntryIsMadeOf(t *testing.T) {
	const address = "module.m.aws_db_instance.web[0]"
	was := hashes(t, twoGroups, sealer(t))
	other, err := NewSealer(bytes.Repeat([]byte{8}, 32), sealer(t).sensitive)
	if err != nil {
		t.Fatal(err)
	}
	moreSecret, err := NewSealer(bytes.Repeat([]byte{7}, 32), func(string) []string { return []string{"id"} })
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name     string
		old, new string
		seal     *Sealer
		changed  bool
	}{
		{"nothing", "", "", sealer(t), false},
		{"the serial", `"serial":1`, `"serial":2`, sealer(t), false},
		{"what no entry holds", `"private":"x"`, `"private":"y"`, sealer(t), false},
		{"another instance", `"id":"b"`, `"id":"c"`, sealer(t), false},
		{"an attribute", `"id":"a"`, `"id":"c"`, sealer(t), true},
		{"what is sensitive", `"sensitive_attributes":[],`, `"sensitive_attributes":[[{"type":"get_attr","value":"id"}]],`, sealer(t), true},
		{"the identity", `"region":"r"`, `"region":"s"`, sealer(t), true},
		{"the provider", "hashicorp/aws", "hashicorp/google", sealer(t), true},
		{"the sealing key", "", "", other, true},
		{"what is secret whatever the state says", "", "", moreSecret, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := hashes(t, strings.Replace(twoGroups, test.old, test.new, 1), test.seal)
			if (got[address] != was[address]) != test.changed {
				t.Errorf("hash changed: %v, want %v", !test.changed, test.changed)
			}
		})
	}
	if was[address] == was["module.m.aws_db_instance.web[1]"] {
		t.Error("two instances of different content have one hash")
	}
}

func TestShownInstancesAreKnownToo(t *testing.T) {
	const in = `{"format_version":"1.0","values":{"root_module":{"resources":[{"address":"aws_vpc.a","mode":"managed","type":"aws_vpc","provider_name":"registry.terraform.io/hashicorp/aws","values":{"id":"V"}}]}}}`
	was := hashes(t, in, sealer(t))["aws_vpc.a"]
	if again := hashes(t, in, sealer(t))["aws_vpc.a"]; was == "" || again != was {
		t.Errorf("hash %x, then %x", was, again)
	}
	if changed := hashes(t, strings.Replace(in, `"V"`, `"W"`, 1), sealer(t))["aws_vpc.a"]; changed == was {
		t.Error("another content has the same hash")
	}
}

func TestTheErrorOfKnownComesBackAsItIs(t *testing.T) {
	lost := errors.New("connection lost")
	_, err := ReadChanged(strings.NewReader(twoGroups), "test.tfstate", sealer(t),
		Changes{Known: func(string, string) (bool, error) { return false, lost }},
		func(*drift.Entry) error { t.Error("emitted all the same"); return nil })
	if !errors.Is(err, lost) {
		t.Errorf("error %v, want that of known", err)
	}
}

func TestNothingIsEmittedAfterAnError(t *testing.T) {
	in := strings.TrimSuffix(twoGroups, "]}]}") + "," + strings.Repeat(`{"index_key":7,"attributes":{"id":"x"}},`, 5000) + "broken"
	refused := errors.New("refused")
	calls := 0
	_, err := Read(strings.NewReader(in), "test.tfstate", sealer(t), func(*drift.Entry) error { calls++; return refused })
	if !errors.Is(err, refused) || calls != 1 {
		t.Errorf("error %v after %d calls; want the first call's", err, calls)
	}
}
