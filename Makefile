# make help lists what there is.
GO      ?= go
BIN     := bin/m365lake
DATA    ?= demo-data
USERS   ?= 500
RELEASE ?=
LINT_VERSION := v2.14.0

# Tests write many small files. They go to memory where /dev/shm has 4 GB and may run programs, and else to the disk.
IN_MEMORY = $(shell test "$$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 {print ($$4 > 4194304)}')" = 1 \
  && ! grep -q ' /dev/shm [^ ]* [^ ]*noexec' /proc/mounts && echo TMPDIR=/dev/shm)

.DEFAULT_GOAL := help
.PHONY: help build demo test test-quick chaos race lint fmt bench fuzz docs new-report clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

build: ## Build bin/m365lake
	$(GO) build -ldflags "-X main.release=$(RELEASE)" -o $(BIN) ./cmd/m365lake

demo: build ## Sync a company of invented people and show what comes out
	@$(BIN) demo --data ./$(DATA) --users $(USERS)

test: ## Run every test, those that kill and disturb in their short form
	$(IN_MEMORY) $(GO) test -shuffle=on -parallel 4 -timeout 20m ./...
	cd deploy && $(IN_MEMORY) $(GO) test -shuffle=on ./...

test-quick: ## Run the tests that need no whole run, in less than a minute
	$(IN_MEMORY) $(GO) test -short -shuffle=on ./...

chaos: ## Run the tests that kill, disturb and compare in their long form
	$(IN_MEMORY) $(GO) test -tags chaos -run '^TestChaos' -timeout 40m ./cmd/m365lake ./pipeline

race: ## Run the tests of every package that links no DuckDB with the race detector
	$(GO) test -race -shuffle=on -timeout 20m $$($(GO) list -test -f '{{.ImportPath}} {{join .Deps " "}}' ./... \
	  | awk '$$1 ~ /\.test$$/ && !/duckdb-go/ { sub(/\.test$$/, "", $$1); print $$1 }')

lint: bin/golangci-lint ## Check style, import directions and generated files
	bin/golangci-lint run ./...
	cd deploy && ../bin/golangci-lint run ./...
	@test -z "$$(gofmt -l *.go check cmd config deploy extract graph internal load notify pipeline provision sandbox schemas sql transform)" || { echo "gofmt would change files; run make fmt"; exit 1; }

fmt: ## Format the code
	gofmt -w *.go check cmd config deploy extract graph internal load notify pipeline provision sandbox schemas sql transform

bin/golangci-lint:
	GOBIN=$(CURDIR)/bin $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)

docs: ## Write docs/tables.md from the schemas and docs/views.md from the views
	UPDATE=1 $(GO) test ./schemas/catalog ./sql -run DictionaryIsCurrent

new-report: ## Write the skeleton of a usage report: NAME=getTeamsTeamActivityDetail KIND=people|things|counts
	$(GO) run ./internal/newreport -name "$(NAME)" -kind "$(or $(KIND),people)"

bench: ## Measure the hot paths, and the whole job against plain DuckDB SQL
	$(GO) test -run '^$$' -bench . -benchmem ./transform/report ./load/... ./cmd/m365lake

fuzz: ## Fuzz every parser for a while
	@for target in $$(grep -rlE '^func Fuzz' --include='*_test.go' . | xargs -n1 dirname | sort -u); do \
	  for name in $$(grep -hoE '^func Fuzz[A-Za-z0-9]+' $$target/*_test.go | sed 's/func //'); do \
	    $(GO) test $$target -run '^$$' -fuzz "^$$name$$" -fuzztime 20s || exit 1; \
	  done; \
	done

clean: ## Remove what the other targets made
	rm -rf bin $(DATA)
