# The verbs of this project; CI calls the same.
.DEFAULT_GOAL := help
.PHONY: help build demo test check generate generate-check bench load chaos fuzz vulnerabilities bench-forwarder e2e deploy-aws build-aws

STATICCHECK := go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := go run golang.org/x/vuln/cmd/govulncheck@v1.9.0
FACTS ?= ../shared/facts

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: bin/tfdrift forwarder build-aws ## build bin/tfdrift, the forwarder for either bus, and the functions in build/

.PHONY: bin/tfdrift forwarder
bin/tfdrift:
	@mkdir -p bin
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/tfdrift ./functions/local

forwarder:
	@mkdir -p bin
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/forwarder-aws ./functions/forwarder/aws
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/forwarder-gcp ./functions/forwarder/gcp

# Without lambda.norpc each would be four megabytes larger: it leaves out what only a runtime that is gone needs.
build-aws: ## build the functions on AWS, build/aws/*: a bootstrap each, and its zip
	@for function in detector indexer notifier; do \
		CGO_ENABLED=0 GOOS=linux GOARCH=arm64 go build -tags lambda.norpc -trimpath -buildvcs=false -ldflags '-s -w' -o build/aws/$$function/bootstrap ./functions/$$function/aws || exit 1; \
		go run ./internal/onaws/bundle build/aws/$$function/bootstrap build/aws/$$function.zip || exit 1; \
		ls -l build/aws/$$function.zip | awk '{printf "%s %.1f MB\n", $$NF, $$5/1e6}'; done

demo: bin/tfdrift ## play a short story of drift; needs no cloud
	@bin/tfdrift demo

test: ## run all tests
	go test ./...

e2e: ## run the tests that need real components too, installing what they lack (python3, pip, terraform)
	TFDRIFT_E2E=1 go test ./...

deploy-aws: build ## deploy to AWS with SAM or Terraform; asks what it needs to know
	@infra/aws/deploy.sh $(ARGS)

check: ## format, vet, staticcheck, generated files, tests under the race detector
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo 'run gofmt -w on these'; exit 1; }
	go vet ./...
	$(STATICCHECK) ./...
	$(MAKE) generate-check
	go test -race -shuffle=on -short ./...

generate: ## make the configuration's schema and reference, the coverage, the Falco rules and, where the facts are, the catalog's tables
	go generate ./internal/config/...
	@if [ -d $(FACTS) ]; then go run ./internal/catalog/gen -facts $(FACTS) && go run ./internal/coverage/gen -facts $(FACTS); \
	else echo 'the tables of catalog and coverage are left as they are: no facts at $(FACTS)'; fi
	@go run ./internal/coverage/gen -least
	@go run ./functions/local catalog --stats --format markdown > docs/coverage.md
	@go run ./infra/falco/gen

generate-check: ## fail where generating changes a file
	@before=$$(git diff | git hash-object --stdin); $(MAKE) -s generate; \
	test "$$before" = "$$(git diff | git hash-object --stdin)" || { git status --short; echo 'generated files differ: run make generate and commit'; exit 1; }

bench: ## measure: an event's judgement beside encoding/json, look-ups, a state of 374 MB
	go test ./... -run '^$$' -bench . -benchtime 1s
	go test ./internal/index/boltindex -run TestALargeState -count 1 -v

bench-forwarder: ## relay 100,000 alerts to a stub of EventBridge, posted and subscribed to; then with the bus down and ten kills (one run, loopback)
	TFDRIFT_FORWARDER_LOAD=100000 go test ./functions/forwarder/aws -run 'TestAtFullSpeed|TestNothingAcceptedIsLostByKills' -count 1 -v -timeout 30m

load: ## post 100,000 events to tfdrift run at full speed, spread in four ways, a channel hanging beside a good one: nothing lost, at most 200 MB
	TFDRIFT_LOAD=100000 go test ./functions/local -run TestNothingIsLostUnderLoad -v -timeout 60m

chaos: ## ten minutes of trouble for tfdrift run, killed twenty times, held to an oracle; TFDRIFT_CHAOS_SEED repeats a story
	TFDRIFT_CHAOS=$${TFDRIFT_CHAOS:-10m} go test ./functions/local -run TestChaos -v -count 1 -timeout 60m

fuzz: ## fuzz what parses foreign bytes, half a minute each
	@set -e; grep -rl --include='*_test.go' '^func Fuzz' . | while read -r file; do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9]*\).*/\1/p' "$$file"); do \
			go test "./$$(dirname "$$file")" -run '^$$' -fuzz "^$$target\$$" -fuzztime 30s; done; done

vulnerabilities: ## check the dependencies against the Go vulnerability database (needs the network)
	$(GOVULNCHECK) ./...
