# Everything a developer runs. `make test` installs the servers that it needs.
GO ?= go
BIN := bin/trueup
CONFORMANCE ?= ../shared

.PHONY: build test short lint bench test-matrix servers demo release

build: ## bin/trueup
	@mkdir -p bin
	$(GO) build -o $(BIN) ./cmd/trueup

servers: ## PostgreSQL 14..18 and MariaDB for the tests
	.ci/servers

test: servers lint ## everything, on every server
	CI=true $(GO) test -timeout 40m ./...

short: ## what needs no server
	$(GO) test -short ./...

lint: ## gofmt, go vet, staticcheck
	.ci/lint

test-matrix: servers build ## the conformance cases of $(CONFORMANCE) on every server
	CI=true TRUEUP_CONFORMANCE=$(abspath $(CONFORMANCE)) TRUEUP_BIN=$(abspath $(BIN)) $(GO) test -timeout 80m -count 1 -v -run 'TestConformance' ./dialects/dialecttest
	CI=true TRUEUP_REALWORLD=$(abspath $(CONFORMANCE))/realworld $(GO) test -timeout 80m -count 1 -v -run 'RealWorld' ./cmd/internal/cli

bench: servers build ## speed and memory against the servers' own dump programs
	$(GO) test -run '^$$' -bench . -benchtime 1x -timeout 60m ./dialects/...

release: ## dist/: archives, checksums, SBOM
	.ci/release

demo: build ## the first five minutes, on SQLite
	@examples/quickstart/demo.sh
