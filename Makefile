# `make` or `make help` lists what there is. All but race build without cgo.
export CGO_ENABLED = 0

GOLANGCI_LINT = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

# Where goroutines meet. The generator has none of its own, and its golden tests
# compile sqlc, which with the race detector takes many minutes.
RACE_PACKAGES = ./cmd/internal/dev ./tenantdb/... ./gen/... ./schema/... ./examples/quickstart/... ./examples/operate/... ./examples/service/... ./examples/outbox/...

# The benchmarks are a module of their own, bench, and have contenders that need cgo.
BENCH_CGO = $(if $(shell command -v gcc),1,0)
BENCH = cd bench && CGO_ENABLED=$(BENCH_CGO) go run -tags sqlite_fts5 .
BENCH_LIFECYCLE = cd bench && go run ./lifecycle
BENCH_FLEET = cd bench && go run ./fleet

# What is built for other systems. sqlc, which cmd/silo contains, takes most of the time.
CROSS_PACKAGES = ./tenantdb/... ./examples/quickstart ./examples/operate ./examples/service/... ./cmd/silo
CROSS_SYSTEMS = linux/arm64 darwin/arm64 windows/amd64

# The examples that have dependencies of their own, such as a queue.
EXAMPLE_MODULES = $(dir $(wildcard examples/*/go.mod))

# How long make torture is, at most: in steps, and in time; FUZZTIME is of each fuzz test.
STEPS = 1000000
TIME = 24h
FUZZTIME = 5m

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z\/-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## See it work: two tenants, a service, a refused program
	go run ./examples/demo

.PHONY: test
test: ## Run all tests; needs Go and nothing else
	go test ./...

.PHONY: examples
examples: ## Vet and test the examples that are modules of their own, for what they depend on
	@set -e; for module in $(EXAMPLE_MODULES); do \
		echo "cd $$module && go vet ./... && go test ./..."; \
		(cd $$module && go vet ./... && go test ./...); \
	done

.PHONY: race
race: ## Run the concurrent packages under the race detector; needs gcc
	CGO_ENABLED=1 go test -race -timeout 25m $(RACE_PACKAGES)

.PHONY: memory
memory: ## Count C memory, which must all be freed: by libc's count and in its ledger
	go vet -tags memory.counters ./tenantdb/...
	go test -tags memory.counters ./tenantdb/internal/sqlite
	go test -tags memory.counters -run AllCMemory ./tenantdb
	go vet -tags libc.memgrind ./tenantdb ./tenantdb/internal/sqlite
	go test -tags libc.memgrind -run NoConnectionsMemory ./tenantdb/internal/sqlite
	SILO_TORTURE_STEPS=5000 go test -tags libc.memgrind -run AllCMemory ./tenantdb

.PHONY: corpus
corpus: ## Try the generator on a folder of sqlc projects: make corpus DIR=…
	go run ./cmd/internal/tools/corpus $(DIR)

.PHONY: differential
differential: ## Hold generated code against the same SQL by hand, in the golden cases and in projects drawn at random; some minutes
	go test ./cmd/internal/codegen/differential -v -timeout 0 -rapid.checks=30 -golden

.PHONY: bench
bench: ## Measure against what people write instead, into docs/benchmarks.md; a quarter of an hour
	$(BENCH) -command "make bench" -out ../docs/benchmarks.md

.PHONY: bench-quick
bench-quick: ## The same, short and rough, to the terminal; two minutes
	$(BENCH) -command "make bench-quick" -quick

.PHONY: bench-group
bench-group: ## One group of it to the terminal: product, fleet, mixed, opening, memory or routing; GROUP=…
	$(BENCH) -command "make bench-group GROUP=$(GROUP)" -only $(GROUP)

.PHONY: bench-lifecycle
bench-lifecycle: ## Measure operations on tenants against goose and sqlite3's .backup, into docs/benchmarks-lifecycle.md; ten minutes
	$(BENCH_LIFECYCLE) -command "make bench-lifecycle" -out ../docs/benchmarks-lifecycle.md

.PHONY: bench-lifecycle-quick
bench-lifecycle-quick: ## The same, short and rough, to the terminal; a minute
	$(BENCH_LIFECYCLE) -command "make bench-lifecycle-quick" -quick

.PHONY: bench-fleet
bench-fleet: ## Measure work on 10,000 tenants against goose's command and database/sql, into docs/benchmarks-fleet.md; ten minutes, 2 GB
	$(BENCH_FLEET) -command "make bench-fleet" -out ../docs/benchmarks-fleet.md

.PHONY: bench-fleet-quick
bench-fleet-quick: ## The same, short and rough, to the terminal; a minute
	$(BENCH_FLEET) -command "make bench-fleet-quick" -quick

.PHONY: bench-check
bench-check: ## Vet and test the benchmarks' program, which measures nothing
	cd bench && go vet ./... && go test ./...
	go run ./cmd/silo generate --check --strict --file bench/sqlc.yaml

.PHONY: bench-generate
bench-generate: ## Write the benchmarks' generated code anew: silo's and stock sqlc's
	go run ./cmd/silo generate --file bench/sqlc.yaml
	go build -o bench/silo ./cmd/silo
	cd bench/stock && ../silo sqlc-child generate
	rm bench/silo

.PHONY: torture
torture: torture/model torture/lifecycle torture/memory torture/scaffold torture/fuzz ## The long runs of tests that are short otherwise; STEPS=… TIME=… FUZZTIME=…

.PHONY: torture/model
torture/model: ## Play 10^6 random steps to tenants and a model of them, and kill 200 writers; half an hour
	SILO_TORTURE_STEPS=$(STEPS) SILO_TORTURE_TIME=$(TIME) go test ./tenantdb -v -timeout 0 \
		-run 'TenantsDoWhatTheirModelDoes|WhoIsToldOfACommit|WritersThatAreKilled|EverySnapshotIs|NoAcknowledgedWriteIsLost|NoWriteOfARestored|KilledAtAnyStep'
	SILO_TORTURE_STEPS=$$(($(STEPS) / 100)) go test ./tenantdb/internal/migrate -v -timeout 0 -run DoWhatGooseDoes

.PHONY: torture/lifecycle
torture/lifecycle: ## Kill operations on tenants at each of their steps, some 2,000 times; fail and fill disks; play to a model; half an hour
	SILO_TORTURE_KILLS=2 SILO_TORTURE_BACKUPS=1000 SILO_TORTURE_ROUNDS=10 \
	SILO_TORTURE_STEPS=$$(($(STEPS) / 100)) SILO_TORTURE_TIME=$(TIME) go test ./tenantdb/lifecycle -v -timeout 0 \
		-run 'KilledAtAnyStep|UnderWhichTheDisk|EachBackupTaken|WhatIsDoneToATenant|TenantsLive|FullDisk'
	SILO_TORTURE_KILLS=1 SILO_TORTURE_FOR=5m go test ./tenantdb/fleet -v -timeout 0 -run 'KilledAtAnyInstant|DoneToAllAtOnce'

.PHONY: torture/memory
torture/memory: ## Count C memory over a million operations, and keep a ledger over a tenth of them
	SILO_TORTURE_STEPS=$(STEPS) go test -tags memory.counters -v -timeout 0 -run AllCMemory ./tenantdb
	SILO_TORTURE_STEPS=$$(($(STEPS) / 10)) go test -tags libc.memgrind -v -timeout 0 -run AllCMemory ./tenantdb

.PHONY: torture/scaffold
torture/scaffold: ## Make and build 50 services of random names, modules and resolvers; some minutes
	SILO_TORTURE_SCAFFOLDS=50 go test ./cmd/internal/scaffold -v -timeout 0 -run ServicesOfRandomNames

.PHONY: torture/fuzz
torture/fuzz: ## Fuzz what is bound, read and sent, FUZZTIME each
	@set -e; for package in ./tenantdb ./tenantdb/query ./tenantdb/internal/sqlite ./tenantdb/lifecycle ./tenantdb/fleet ./tenantdb/catalog/internal/keytext ./tenantdb/tenanthttp ./tenantdb/tenantjwt ./cmd/internal/scaffold; do \
		for test in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$test"; go test -run '^$$' -fuzz "^$$test\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 2s $$package; \
		done; \
	done

.PHONY: generate
generate: ## Write gen/ and wire_gen.go anew, and what is generated in the templates of new services
	go run ./cmd/silo generate
	go run ./cmd/silo generate --file examples/jobs/sqlc.yaml
	go run ./cmd/silo generate --file examples/outbox/sqlc.yaml
	go tool wire gen ./examples/quickstart
	go run ./cmd/internal/tools/scaffold

.PHONY: verify
verify: verify/format verify/vet verify/lint verify/house verify/generated verify/cross ## Run all checks that are no tests

.PHONY: verify/format
verify/format: ## Refuse files that gofmt would change
	@unformatted=$$(git -c core.quotepath=off ls-files --cached --others --exclude-standard '*.go' | tr '\n' '\0' | xargs -0 gofmt -l); \
	test -z "$$unformatted" || { echo "not as gofmt writes it:"; echo "$$unformatted"; exit 1; }

.PHONY: verify/vet
verify/vet: ## Run go vet
	go vet ./...

.PHONY: verify/lint
verify/lint: ## Run golangci-lint, at its pinned version, built from source
	go run $(GOLANGCI_LINT) run ./...

.PHONY: verify/house
verify/house: ## Check directions of imports, the pin of libc, lengths of files, tests that claims name
	go run ./internal/tools/house

.PHONY: verify/generated
verify/generated: ## Refuse generated files that are stale
	go run ./cmd/silo generate --check --strict
	go run ./cmd/silo generate --check --strict --file examples/jobs/sqlc.yaml
	go run ./cmd/silo generate --check --strict --file examples/service/sqlc.yaml
	go run ./cmd/silo generate --check --strict --file examples/outbox/sqlc.yaml
	go tool wire diff ./examples/quickstart ./examples/service/internal/app ./examples/service/internal/httpapi

.PHONY: verify/cross
verify/cross: ## Build for other systems, and vet what new services are tested with
	@set -e; for system in $(CROSS_SYSTEMS); do \
		echo "GOOS=$${system%/*} GOARCH=$${system#*/} go build $(CROSS_PACKAGES)"; \
		GOOS=$${system%/*} GOARCH=$${system#*/} go build $(CROSS_PACKAGES); \
		GOOS=$${system%/*} GOARCH=$${system#*/} go vet ./examples/service/... ./tenantdb/tenanttest; \
	done

.PHONY: tidy-check
tidy-check: ## Refuse a go.mod that go mod tidy would change
	go mod tidy -diff
