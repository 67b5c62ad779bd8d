package tfdrift

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors are the packages of this module from the ground up. A package imports
// only from floors below its own. The files are parsed here and now: a test
// that shelled out to go list could pass stale from the test cache.
var floors = []struct {
	reason   string
	packages []string
}{
	{"the vocabulary knows nothing, the samples are data", []string{"internal/drift", "events"}},
	{"foreign JSON, before it means anything; the facts that generators read", []string{"internal/tree", "internal/facts"}},
	{"forms of names, before we know whose", []string{"internal/identity"}},
	{"what an event is and what it touches: facts, no judgement", []string{"internal/event", "internal/catalog"}},
	{"judgement of one change against one entry, and by the user's rules; how far it reaches", []string{"internal/compare", "internal/rules", "internal/config", "internal/coverage"}},
	{"ports: small interfaces and their in-memory backends", []string{"internal/applies", "internal/index", "internal/ledger", "internal/state", "internal/channel", "internal/spool", "internal/silence", "internal/secret", "internal/bus", "internal/roster"}},
	{"the port between two others: publications on their way to channels", []string{"internal/outbox"}},
	{"cores: what the functions do, cloud-free", []string{"internal/detector", "internal/indexer", "internal/notifier", "internal/forwarder"}},
	{"the stored forms of what the ports speak of, and the store of a single host", []string{"internal/codec", "internal/embedded"}},
	{"what the errors of a cloud mean, for the backends", []string{"internal/amazon"}},
	{"the tables, queues and schedules of a cloud", []string{"internal/dynamo", "internal/sqsqueue", "internal/onceschedule"}},
	{"backends of the ports", []string{"internal/applies/boltapplies", "internal/applies/dynamoapplies", "internal/channel/console", "internal/channel/slack", "internal/channel/webhook", "internal/index/boltindex", "internal/index/dynamoindex", "internal/ledger/boltledger", "internal/ledger/dynamoledger", "internal/outbox/boltoutbox", "internal/secret/awssecret", "internal/silence/boltsilence", "internal/silence/dynamosilence", "internal/spool/filespool", "internal/state/s3state", "internal/bus/eventbridgebus", "internal/bus/pubsubbus", "internal/bus/stdoutbus", "internal/outbox/dynamooutbox", "internal/roster/dynamoroster"}},
	{"the trigger whose certificates and servers others use too", []string{"internal/trigger/httptrigger"}},
	{"triggers, the page, and what the long-running program is made of", []string{"internal/trigger/falcotrigger", "internal/intake", "internal/watch", "internal/telemetry", "internal/operator", "internal/page", "internal/trigger/lambdatrigger", "internal/channels", "internal/sweep", "internal/telemetry/prom", "internal/telemetry/emf"}},
	{"what all functions of a cloud are made of", []string{"internal/onaws"}},
	{"what each of them is made of besides", []string{"internal/onaws/detecting", "internal/onaws/indexing", "internal/onaws/notifying"}},
	{"what the forwarder's entrypoints share", []string{"functions/forwarder/container"}},
	{"entrypoints: read config, wire, start", []string{"functions/local", "functions/forwarder/aws", "functions/forwarder/gcp", "functions/detector/aws", "functions/indexer/aws", "functions/notifier/aws"}},
}

// foreign are the modules that only some packages may import.
var foreign = []struct {
	module, reason string
	allowed        []string // packages; a prefix with "/" at its end is a folder
}{
	{"github.com/aws/", "no core knows a cloud; functions/*/gcp links no AWS SDK", []string{
		"functions/detector/aws/", "functions/indexer/aws/", "functions/notifier/aws/", "functions/forwarder/aws/", "functions/local", "internal/amazon", "internal/awstest", "internal/dynamo/", "internal/index/dynamoindex", "internal/ledger/dynamoledger",
		"internal/applies/dynamoapplies", "internal/silence/dynamosilence", "internal/bus/eventbridgebus", "internal/secret/awssecret", "internal/state/s3state",
		"internal/outbox/dynamooutbox", "internal/roster/dynamoroster",
		"internal/sqsqueue", "internal/onceschedule", "internal/onaws", "internal/onaws/detecting", "internal/trigger/lambdatrigger", "internal/trigger/lambdatrigger/lambdatest/"}},
	{"github.com/johannesboyne/gofakes3", "S3 for tests is made in one place", []string{"internal/state/s3state/s3test"}},
	{"cloud.google.com/", "no core knows a cloud; functions/*/aws links no Google SDK", []string{"functions/detector/gcp/", "functions/indexer/gcp/", "functions/notifier/gcp/", "functions/forwarder/gcp/", "internal/bus/pubsubbus"}},
	{"github.com/goccy/go-yaml", "YAML is a matter of the configuration", []string{"internal/config", "internal/config/"}},
	{"github.com/hashicorp/terraform-json", "the form of terraform show is read in one place", []string{"internal/state"}},
	{"github.com/hashicorp/awspolicyequivalence", "policies are compared in one place", []string{"internal/compare"}},
	{"go.etcd.io/bbolt", "a single host's store is one file, opened in one place", []string{"internal/embedded", "internal/applies/boltapplies", "internal/index/boltindex", "internal/ledger/boltledger", "internal/outbox/boltoutbox", "internal/silence/boltsilence", "functions/local"}},
	{"github.com/klauspost/compress", "what is stored is compressed in one place", []string{"internal/codec"}},
	{"golang.org/x/sys", "the store's mapping is looked after in one place", []string{"internal/embedded"}},
	{"github.com/falcosecurity/", "Falco's protocol is spoken in one place", []string{"internal/trigger/falcotrigger", "internal/trigger/falcotrigger/"}},
	{"google.golang.org/grpc", "gRPC is a matter of single edges", []string{"internal/trigger/falcotrigger", "internal/trigger/falcotrigger/", "internal/bus/pubsubbus"}},
	{"github.com/prometheus/", "metrics are made in one place", []string{"internal/telemetry", "functions link no metrics server", "internal/telemetry/prom"}},
	{"github.com/alecthomas/kong", "only the command has a command line", []string{"functions/local"}},
	{"golang.org/x/term", "only the command has a terminal", []string{"functions/local"}},
}

func TestImportsGoOneWay(t *testing.T) {
	floor := map[string]int{}
	for i, f := range floors {
		for _, p := range f.packages {
			floor[p] = i
		}
	}
	for file, imports := range importsOf(t) {
		pkg := path.Dir(file)
		for _, imported := range imports {
			own, ok := strings.CutPrefix(imported, "tfdrift/")
			if !ok {
				continue
			}
			from, knownFrom := floor[pkg]
			to, knownTo := floor[own]
			switch {
			case !knownFrom && isProduct(pkg):
				t.Errorf("%s: package %s stands on no floor; give it one in imports_test.go", file, pkg)
			case !isProduct(pkg), own == pkg:
			case !knownTo:
				t.Errorf("%s: imports %s, which stands on no floor", file, own)
			case to > from || to == from && !strings.HasPrefix(own, pkg+"/"):
				if to == from && sameFloorAllowed[[2]string{pkg, own}] == "" || to > from {
					t.Errorf("%s: %s (floor %d: %s) must not import %s (floor %d: %s)", file, pkg, from, floors[from].reason, own, to, floors[to].reason)
				}
			}
		}
	}
}

// sameFloorAllowed are the imports within one floor, each with its reason.
var sameFloorAllowed = map[[2]string]string{
	{"internal/outbox/dynamooutbox", "internal/ledger/dynamoledger"}: "items stand beside the ledger's records, under its time to live and its index",
	{"internal/onaws/indexing", "internal/onaws/detecting"}:          "the indexer judges what waited",
	{"internal/silence", "internal/channel"}:                         "a silence is a channel that keeps back",
	{"internal/config", "internal/rules"}:                            "the configuration holds the rules, in their own words",
}

func TestForeignModulesStayWhereTheyBelong(t *testing.T) {
	for file, imports := range importsOf(t) {
		pkg := path.Dir(file)
		for _, imported := range imports {
			for _, f := range foreign {
				if !strings.HasPrefix(imported, f.module) {
					continue
				}
				if !slices.ContainsFunc(f.allowed, func(a string) bool { return a == pkg || strings.HasSuffix(a, "/") && strings.HasPrefix(pkg+"/", a) }) {
					t.Errorf("%s imports %s: %s", file, imported, f.reason)
				}
			}
		}
	}
}

func TestVocabularyIsStandardLibraryOnly(t *testing.T) {
	for file, imports := range importsOf(t) {
		if path.Dir(file) != "internal/drift" {
			continue
		}
		for _, imported := range imports {
			if strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") || strings.HasPrefix(imported, "tfdrift/") {
				t.Errorf("%s imports %s: the vocabulary is below everything", file, imported)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	said := map[string]bool{}
	for _, file := range goFiles(t) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		pkg := path.Dir(filepath.ToSlash(file))
		if parsed.Doc != nil && said[pkg] {
			t.Errorf("%s: package %s has a second doc comment", file, pkg)
		}
		said[pkg] = said[pkg] || parsed.Doc != nil
	}
	for pkg, ok := range said {
		if !ok {
			t.Errorf("package %s has no doc comment", pkg)
		}
	}
}

// isProduct tells the packages that ship from generators and test suites.
func isProduct(pkg string) bool {
	base := path.Base(pkg)
	return pkg != "." && base != "gen" && base != "schemagen" && base != "bundle" && !strings.HasSuffix(base, "test")
}

// importsOf maps every file of the product to what it imports; tests may
// import what they like.
func importsOf(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, file := range goFiles(t) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range parsed.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			all[filepath.ToSlash(file)] = append(all[filepath.ToSlash(file)], p)
		}
	}
	return all
}

func goFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && p != "." || d.Name() == "testdata" || d.Name() == "bin" || d.Name() == "build") {
			return fs.SkipDir
		}
		if strings.HasSuffix(p, ".go") {
			files = append(files, p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
