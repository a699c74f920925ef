# Everything is built from Go modules: what is shipped to bin, what tests and demos stand on to .cluster,
# what develops it to .tools.

SHELL := /bin/bash -o pipefail
CLUSTER := $(CURDIR)/.cluster
TOOLS := $(CURDIR)/.tools
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
LDFLAGS := -X greenlight.dev/greenlight/internal/version.number=$(VERSION)
# Pages that gRPC could serve for debugging, and nobody asks for, would have the linker keep every exported method of
# Kubernetes' types: 11 MB of the webhook, and 9 MiB of its memory.
TAGS := grpcnotrace

.PHONY: help
help: ## List the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Build

.PHONY: build
build: ## Build bin/greenlight and bin/greenlight-webhook
	CGO_ENABLED=0 go build -trimpath -tags $(TAGS) -ldflags '$(LDFLAGS)' -o bin/ ./cmd/...

IMAGE ?= registry.example/greenlight:$(VERSION)

.PHONY: image
image: ## Build the image with docker, for the architecture of this machine (IMAGE=name)
	docker build --build-arg VERSION=$(VERSION) --tag $(IMAGE) .

.PHONY: image-archive
image-archive: ## Build the image for amd64 and arm64 without docker: bin/image.tar, an OCI archive, and its SBOMs
	for arch in amd64 arm64; do \
		CGO_ENABLED=0 GOOS=linux GOARCH=$$arch go build -trimpath -tags $(TAGS) -ldflags '$(LDFLAGS)' -o bin/image/$$arch/ ./cmd/greenlight-webhook || exit; \
	done
	cd tools/image && go run . --binaries $(CURDIR)/bin/image --archive $(CURDIR)/bin/image.tar --version $(VERSION) \
		--created $$(TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd)

.PHONY: clean
clean: cluster-down ## Remove what was built, and the local cluster
	rm -rf bin $(CLUSTER)

##@ Test

# Packages without tests are left out, so that the output ends on what was tested.
WITH_TESTS := go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./...

.PHONY: test
test: build cluster-binaries ## Run every test, on a real control plane: this is what CI runs
	packages=$$($(WITH_TESTS)) && go test $$packages
	cd tools/image && go test ./...
	cd test && go vet ./cmd/...
# The suites are not cached, because Go does not see that they depend on bin/ and config/.
	cd test && packages=$$($(WITH_TESTS) | grep -vE '/(admission|e2e|reports)$$') && \
		go test -count=1 -p 1 -timeout 20m $$packages ./admission ./e2e ./reports
	cd test/alerts && go test ./...
	cd test/certificates && KUBEBUILDER_ASSETS=$(CLUSTER)/bin go test -count=1 -timeout 20m ./...

.PHONY: test-traffic
test-traffic: build cluster-binaries ## Try to empty Services at random, with and without the guard (SEED=n tries the same again)
	cd test && go test -count=1 -v -timeout 180m -run TestNoAdmittedWriteEmptiesAService ./traffic -long $(if $(SEED),-seed $(SEED))

.PHONY: test-releases
test-releases: build cluster-binaries ## Make 1,000 correct releases, of which none may be denied (about 5 minutes)
	cd test && go test -count=1 -timeout 30m -v ./releases -long

.PHONY: test-reliability
test-reliability: build cluster-binaries ## Take away what Greenlight stands on while it answers (about 20 minutes)
	cd test && go test -count=1 -timeout 45m -v ./reliability -long -ginkgo.v -ginkgo.no-color

FUZZTIME ?= 10m

.PHONY: fuzz
fuzz: ## Run each fuzz target for 10 minutes, one after the other (FUZZTIME=1m for less)
	grep -rHoE --include='*_test.go' '^func Fuzz\w+' . | sed -E 's|/[^/]*:func | |' | while read -r package target; do \
		go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package || exit; \
	done

.PHONY: bench
bench: ## Measure the webhook's handler against its floors
	go test -run '^$$' -bench . -benchmem ./webhook/

.PHONY: bench-admission
bench-admission: build cluster-binaries ## Measure reviews over TLS beside a constant answer and the stock handler (about 5 minutes)
	cd test && go test -count=1 -timeout 30m -v -run TestReviews ./load -long

.PHONY: bench-switch
bench-switch: build cluster-binaries ## Measure a switch in a namespace of 10,000 pods (about 5 minutes)
	cd test && go test -count=1 -timeout 30m -v -run TestASwitch ./load -long

.PHONY: bench-check
bench-check: build cluster-binaries ## Measure a check of 10,000 Deployments and Services against its floor
	cd test && go test -count=1 -timeout 30m -v -run TestCheck ./load -long

.PHONY: bench-scan
bench-scan: build cluster-binaries ## Measure a scan of 10,000 Deployments and 20,000 Services in 500 namespaces (about 10 minutes)
	cd test && go test -count=1 -timeout 60m -v -run TestAScan ./scale -long

.PHONY: bench-large
bench-large: build cluster-binaries ## Measure the webhook on 10,000 Deployments and 50,000 pods, beside one of an empty cluster (about 15 minutes)
	cd test && go test -count=1 -timeout 60m -v -run TestTheWebhook ./scale -long

.PHONY: lint
lint: ## Check the style of all modules
	cd tools && go build -o $(TOOLS)/ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	$(TOOLS)/golangci-lint run ./...
	cd test && $(TOOLS)/golangci-lint run --config ../.golangci.yml ./...
	cd test/alerts && $(TOOLS)/golangci-lint run --config ../../.golangci.yml ./...
	cd test/certificates && $(TOOLS)/golangci-lint run --config ../../.golangci.yml ./...
	cd tools/image && $(TOOLS)/golangci-lint run --config ../../.golangci.yml ./...

.PHONY: generate
generate: ## Regenerate what is generated: deep copies, the CRD, permissions, webhooks, the chart, the pages of rules and mutators
	cd tools && go build -o $(TOOLS)/ sigs.k8s.io/controller-tools/cmd/controller-gen
	$(TOOLS)/controller-gen object paths=./api/...
	$(TOOLS)/controller-gen crd paths=./api/... output:crd:dir=config/crd
	go run ./internal/generate

.PHONY: verify
verify: ## Regenerate, and fail where something was stale
	@before=$$(mktemp -d) && trap "rm -rf $$before" EXIT && \
	cp -R api charts config docs $$before && $(MAKE) --no-print-directory generate || exit; \
	stale=$$(for folder in api charts config docs; do LC_ALL=C diff -rqN $$before/$$folder $$folder; done | sed 's/.* and \(.*\) differ$$/  \1/'); \
	[ -z "$$stale" ] || { printf 'verify: stale, and regenerated now, so commit them:\n%s\n' "$$stale" >&2; exit 1; }

##@ A cluster of your own

.PHONY: cluster-binaries
cluster-binaries: ## Build etcd, the control plane, kwok and kubectl (about 10 minutes the first time)
	cd test && go run ./cmd/cluster build --dir $(CLUSTER)

.PHONY: cluster-up
cluster-up: ## Start a bare cluster with three simulated nodes; cluster-down stops it
	cd test && go run ./cmd/cluster up --dir $(CLUSTER)

.PHONY: cluster-down
cluster-down: ## Stop what cluster-up started
	cd test && go run ./cmd/cluster down --dir $(CLUSTER)

.PHONY: up
up: build cluster-up ## Start a cluster with Greenlight installed from config/; down stops both
	cd test && go run ./cmd/install --dir $(CLUSTER) --repository $(CURDIR)

.PHONY: down
down: cluster-down ## Stop what up or demo started: the cluster, and Greenlight with it

.PHONY: demo
demo: build cluster-binaries ## Walk through a guarded blue/green release on a real cluster; down stops it
	cd test && go run ./cmd/demo --dir $(CLUSTER) --repository $(CURDIR)
