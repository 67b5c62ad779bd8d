package state

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
)

func TestFolderIsEveryStateBelowIt(t *testing.T) {
	root := t.TempDir()
	good := withAttribute("1")
	for name, text := range map[string]string{
		"a/terraform.tfstate":             good,
		"a/terraform.tfstate.backup":      good,
		"a/.terraform.tfstate.lock.info":  `{"ID":"x","Operation":"apply","Who":"me"}`,
		"a/.terraform/terraform.tfstate":  good,
		"b/env:/prod/default.tfstate":     good,
		"b/env:/prod/default.tflock":      good,
		"c/no-suffix":                     good,
		"c/shown.json":                    `{"format_version":"1.0"}`,
		"c/zipped.tfstate":                zipped(good),
		"d/encrypted.json":                `{"serial":1,"lineage":"l","encrypted_data":"A"}`,
		"d/old.json":                      `{"version":3,"serial":1,"lineage":"l","modules":[]}`,
		"d/truncated.tfstate":             `{"vers`,
		"e/empty.tfstate":                 "",
		"e/main.tf":                       `resource "x" "y" {}`,
		"e/plan.json":                     `{"format_version":"1.2","planned_values":{}}`,
		"e/package.json":                  `{"version":"1.0.0","name":"x"}`,
		"e/README.md":                     "# States",
		"terraform.tfstate.d/t/t.tfstate": good,
	} {
		write(t, filepath.Join(root, name), text)
	}
	must(t, os.Symlink(root, filepath.Join(root, "b", "loop")))
	must(t, os.Symlink(filepath.Join(root, "gone"), filepath.Join(root, "b", "dangling.tfstate")))
	must(t, os.Symlink(filepath.Join(root, "a", "terraform.tfstate"), filepath.Join(root, "b", "again.tfstate")))
	elsewhere := filepath.Join(t.TempDir(), "x")
	write(t, elsewhere, good)
	must(t, os.Symlink(elsewhere, filepath.Join(root, "b", "linked.tfstate")))
	link := filepath.Join(t.TempDir(), "link")
	must(t, os.Symlink(root, link))

	for _, ref := range []string{root, link} {
		got, err := names(t, ref)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			got[i], _ = filepath.Rel(ref, got[i])
		}
		want := []string{"a/terraform.tfstate", "b/env:/prod/default.tfstate", "b/linked.tfstate", "c/no-suffix", "c/shown.json", "c/zipped.tfstate",
			"d/encrypted.json", "d/old.json", "d/truncated.tfstate", "terraform.tfstate.d/t/t.tfstate"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
	}
}

func TestFolderWithoutAStateSaysSo(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "main.tf"), "")
	if _, err := names(t, root); !errors.Is(err, drift.ErrNotFound) {
		t.Errorf("error %v, want drift.ErrNotFound", err)
	}
}

func TestListingStopsWhenItIsTold(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "a.tfstate"), withAttribute("1"))
	write(t, filepath.Join(root, "b.tfstate"), withAttribute("1"))
	source := Local(root)
	for range source.States(t.Context()) {
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range source.States(ctx) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want that of the context", err)
		}
	}
}

func TestNamedFileIsReadWhateverItIs(t *testing.T) {
	name := filepath.Join(t.TempDir(), "main.tf")
	write(t, name, `resource "x" "y" {}`)
	got, err := names(t, name)
	must(t, err)
	if diff := cmp.Diff([]string{name}, got); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}

func TestReferencesThatCannotBeRead(t *testing.T) {
	for _, test := range []struct {
		ref  string
		want error
	}{
		{"s3://bucket/key", drift.ErrInvalid},
		{"gs://bucket/prefix/", drift.ErrInvalid},
		{"https://example.com/terraform.tfstate", drift.ErrInvalid},
		{"no/such/file", drift.ErrNotFound},
	} {
		source, err := Schemes{}.Open(test.ref)
		if err == nil {
			for _, err = range source.States(t.Context()) {
			}
		}
		if !errors.Is(err, test.want) {
			t.Errorf("%s: error %v, want %v", test.ref, err, test.want)
		}
	}
}

func names(t *testing.T, ref string) ([]string, error) {
	t.Helper()
	var names []string
	for object, err := range Local(ref).States(t.Context()) {
		if err != nil {
			return names, err
		}
		r, err := object.Open(t.Context())
		must(t, err)
		must(t, r.Close())
		names = append(names, object.Name)
	}
	return names, nil
}

func write(t *testing.T, name, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(name), 0o755))
	must(t, os.WriteFile(name, []byte(text), 0o644))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
