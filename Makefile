# The front door: `make help` lists what there is.

PRESET ?= release
BUILD := build/$(PRESET)
JOBS ?= $(shell nproc)

# Objects are the same wherever the clone lies, so that ccache finds them again.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1

.DEFAULT_GOAL := help
.PHONY: help setup build run dev-certs image test test-asan test-tsan fuzz faults k8s-check k8s-smoke bench footprint eval lint \
        format flags schema clean

help: ## this list
	@echo "Council: an advisory council of 12 to 18 people, kept in balance. Targets:"
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'
	@echo "Settings: PRESET=release|debug|asan|tsan (default release), JOBS=N (default all cores)"

setup: ## install the Debian packages that are missing (sudo where not root); nothing where all are there
	@scripts/setup build test

build: ## build everything into build/$(PRESET)/, programs into build/$(PRESET)/bin/
	@cmake --preset $(PRESET) > /dev/null
	@cmake --build $(BUILD) -j $(JOBS)

run: ## build, start the suite with its own Redis, import the sample person, print the balance, stay up (ONCE=1: end then)
	@scripts/setup build
	@cmake --preset $(PRESET) > /dev/null
	@cmake --build $(BUILD) -j $(JOBS) --target programs
	@ONCE='$(ONCE)' CONTACTS='$(CONTACTS)' CALENDAR='$(CALENDAR)' BIN='$(BUILD)/bin' scripts/run

dev-certs: ## make certificates to try TLS with, in .council/certs (again: renew them)
	@scripts/setup build
	@scripts/dev-certs

image: ## build the container image NAME (localhost/council:dev; BASE_IMAGE=…, PROGRAMS=prebuilt: deploy/README.md)
	@deploy/image.sh '$(or $(NAME),localhost/council:dev)'

test: setup ## build, then run every test
	@$(MAKE) --no-print-directory build
	@ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS)

test-asan: ## build with AddressSanitizer and UndefinedBehaviorSanitizer, then run every test
	@$(MAKE) --no-print-directory test PRESET=asan

test-tsan: ## build with ThreadSanitizer, then run every test
	@$(MAKE) --no-print-directory test PRESET=tsan

fuzz: ## feed made-up input to what reads hostile input (SECONDS=60 each, or RUNS=N; TARGET=one, or readers)
	@scripts/setup build fuzz
	@cmake --preset fuzz > /dev/null
	@cmake --build build/fuzz -j $(JOBS) --target $(or $(patsubst %,fuzz_%,$(TARGET)),fuzz_all)
	@FUZZ_SECONDS='$(or $(SECONDS),60)' RUNS='$(RUNS)' TARGET='$(TARGET)' scripts/fuzz build/fuzz

faults: ## break what the suite stands on, under load, and print what was lost (nothing)
	@scripts/setup build test
	@$(MAKE) --no-print-directory build
	@ctest --test-dir $(BUILD) --verbose -R '^faults_' | grep -vE '^(UpdateCTest|Constructing|Checking|Test timeout)'

k8s-check: ## render every Kubernetes overlay and check it (WRITE=1: make the PrometheusRule anew first)
	@scripts/setup k8s-check
	@k8s/overlays/dev/make-secrets > /dev/null
	@KUSTOMIZE="$$(scripts/kustomize)" node k8s/check/main.mjs $(if $(WRITE),--write)
	@KUSTOMIZE="$$(scripts/kustomize)" node --test k8s/check/check.test.mjs

k8s-smoke: ## build the image and run the dev overlay with podman: use it, roll each service out under load (root, 10 minutes)
	@scripts/setup build k8s-check k8s-smoke
	@cmake --preset release > /dev/null
	@cmake --build build/release -j $(JOBS) --target programs council_rollout_load
	@KUSTOMIZE="$$(scripts/kustomize)" node k8s/check/smoke.mjs

bench: ## measure throughput against references in the same run
	@scripts/setup build bench
	@$(MAKE) --no-print-directory build
	@tests/load/bench $(BUILD)

footprint: ## measure what an owner takes, by table, and the programs for a call (ENGINE=sqlite or postgres, SEALED=1: with keys)
	@scripts/setup build test
	@$(MAKE) --no-print-directory build
	@COUNCIL_BIN_DIR=$(BUILD)/bin $(BUILD)/tests/council_footprint --engine=$(or $(ENGINE),sqlite) $(if $(SEALED),--sealed)

eval: ## print the figures of docs/tie-strength.md and docs/trial.md (DATA=folder with ties/ and networks/; SEEDS=20)
	@scripts/setup build test
	@cmake --preset $(PRESET) > /dev/null
	@cmake --build $(BUILD) -j $(JOBS) --target council-eval council-sim
	@scripts/tie-strength $(BUILD)/bin/council-eval
	@scripts/trial $(BUILD)/bin/council-sim $(JOBS)

lint: ## formatting, clang-tidy, the contract, the layers, the sentences
	@scripts/setup build lint
	@$(MAKE) --no-print-directory build
	@scripts/lint $(BUILD)

format: ## format all code in place
	@scripts/setup lint
	@git ls-files '*.h' '*.cc' | xargs clang-format -i
	@node_modules/.bin/buf format -w proto

flags: ## write docs/flags.md anew from the programs
	@cmake --preset $(PRESET) > /dev/null
	@cmake --build $(BUILD) -j $(JOBS) --target programs
	@scripts/flags $(BUILD)/bin > docs/flags.md

schema: ## write clients/cli/schema/messages.json anew from the contract
	@cmake --preset $(PRESET) > /dev/null
	@cmake --build $(BUILD) -j $(JOBS) --target council_messages_schema
	@$(BUILD)/clients/cli/council_messages_schema > clients/cli/schema/messages.json

clean: ## remove what was built and what `make run` keeps
	rm -rf build .council
