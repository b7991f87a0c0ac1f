# Every target does its own set-up; all it needs is python3 (3.9 or newer, with pip), make and git.
# `sam` and `aws` are here for commands typed by hand: PATH="$PWD/.toolchain/bin:$PATH".

MACHINE      := $(subst aarch64,arm64,$(shell uname -m))
ARCHITECTURE ?= $(MACHINE)
DEPLOYED     := $(if $(filter file,$(origin ARCHITECTURE)),arm64,$(ARCHITECTURE))
FILES        := find functions layers -name __pycache__ -prune -o -type f -print
# A list of the sources' names, written anew when it changes: folders, which change with their __pycache__, tell nothing.
NAMES        := .aws-sam/sources
$(shell mkdir -p .aws-sam; $(FILES) | sort | cmp -s - $(NAMES) || $(FILES) | sort >$(NAMES))
SOURCES      := template.yaml $(NAMES) $(shell $(FILES))
BUILT        := .aws-sam/build/template.yaml
WRAPPER      := .aws-sam/encord-agents
WRAPPER_SOURCES := $(wildcard benchmarks/contenders/aws_wrapper/*.*)
PYTHON       := .venv/bin/python
PREPARE      := python3 toolchain/prepare.py
LAYERS       := runtime models video probing scoring
SEEDS        ?= 1
SECONDS      := 1200
ENVIRONMENT  := default

ifeq (,$(filter arm64 x86_64,$(ARCHITECTURE)))
$(error ARCHITECTURE is arm64 or x86_64, which Lambda has, and not '$(ARCHITECTURE)')
endif
export ARCHITECTURE
export PARAMETERS
export PATH := $(CURDIR)/.toolchain/bin:$(PATH)
export SAM_CLI_TELEMETRY := 0
# Bytecode next to the sources would end up in sam's view of them, and every build would find them changed.
export PYTHONPYCACHEPREFIX := $(CURDIR)/.toolchain/pycache
# Written whatever the shell says: else each of a test run's many processes compiles all it imports anew.
export PYTHONDONTWRITEBYTECODE :=
ifeq ($(shell uname -s),Darwin)
export LAYER_PLATFORM := $(subst arm64,aarch64,$(MACHINE))-apple-darwin
endif

.DEFAULT_GOAL := help
.PHONY: help demo sandbox test lint build validate invoke deploy bench-twin bench-sweep bench-cold bench-tasks bench-video bench-manifest bench-score bench-usage measure cost soak chaos requirements clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(BUILT) ## the whole stack on this machine, with every kind of agent; then tables of what happened
	@$(PREPARE) dev sam ministack
	@$(PYTHON) -m sandbox.demo

sandbox: $(BUILT) ## the same, kept running to play with, until Ctrl-C
	@$(PREPARE) dev sam ministack
	@$(PYTHON) -m sandbox.demo --keep-running

test: $(BUILT) $(WRAPPER)/built ## every test; ARGS="-k name" picks some
	@$(PREPARE)
	@$(PYTHON) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: ## ruff, mypy and bandit
	@$(PREPARE) dev
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/bandit -q -c pyproject.toml -r layers/core layers/agents functions sandbox toolchain

build: $(BUILT) ## build functions and layers into .aws-sam/build, for this machine or ARCHITECTURE=arm64|x86_64

$(BUILT): $(SOURCES) .aws-sam/$(ARCHITECTURE)
	@$(PREPARE) sam
	@sam build --parameter-overrides Architecture=$(ARCHITECTURE) >.aws-sam/build.log 2>&1 || { cat .aws-sam/build.log; rm -f $@; exit 1; }
	@touch $@

# Which processor .aws-sam/build was made for: a change of it makes the build stale.
.aws-sam/$(ARCHITECTURE):
	@mkdir -p .aws-sam && rm -f .aws-sam/arm64 .aws-sam/x86_64 && touch $@

# The other contender of bench-cold: installed and compiled by the layers' own recipe, in the versions of uv.lock.
$(WRAPPER)/built: uv.lock layers/runtime/Makefile $(WRAPPER_SOURCES) .aws-sam/$(ARCHITECTURE)
	@$(PREPARE) dev
	@rm -rf $(WRAPPER) && mkdir -p $(WRAPPER)/WrapperFunction && cp $(WRAPPER_SOURCES) $(WRAPPER)/WrapperFunction
	@uv export -q --locked --no-emit-project --no-hashes --no-header -o $(WRAPPER)/WrapperFunction/constraints.txt >/dev/null
	@$(MAKE) -s -C $(WRAPPER)/WrapperFunction -f $(CURDIR)/layers/runtime/Makefile build-RuntimeLayer \
	  ARTIFACTS_DIR=$(CURDIR)/$(WRAPPER)/WrapperLayer
	@touch $@

validate: ## check template.yaml: sam validate, with --lint, and cfn-lint and checkov on the transformed template
	@$(PREPARE) sam checkov
	@sam validate --region us-east-1 >/dev/null
	@sam validate --region us-east-1 --lint >/dev/null
	@.venv-sam/bin/python toolchain/transform.py template.yaml .toolchain/transformed.json
	@cfn-lint .toolchain/transformed.json
	@checkov -f .toolchain/transformed.json
	@echo "template.yaml is valid"

invoke: $(BUILT) ## run a built function on an event: FUNCTION=RunTasksFunction EVENT=events/….json [ENV=env.json]
	@$(PREPARE) dev sam rt
	@$(PYTHON) -m sandbox.invoke $(FUNCTION) $(EVENT) $(ENV)

deploy: ## build for AWS and deploy: PARAMETERS="EncordKeySecretArn=… OpenAiKeySecretArn=…" [ENVIRONMENT=prod] [ARCHITECTURE=arm64]
	@$(PREPARE) sam
	@given=$$(.venv-sam/bin/python toolchain/environment.py $(ENVIRONMENT) Architecture=$(DEPLOYED)) && eval "set -- $$given" && \
	  env -u LAYER_PLATFORM ARCHITECTURE=$(DEPLOYED) sam build --build-dir .aws-sam/deploy \
	  --parameter-overrides Architecture=$(DEPLOYED) && sam deploy --template-file .aws-sam/deploy/template.yaml \
	  --config-file $(CURDIR)/samconfig.toml --config-env $(ENVIRONMENT) --parameter-overrides "$$@"

bench-twin: ## how fast the Encord twin answers, and how it bears 100,000 tasks
	@$(PREPARE) dev
	@$(PYTHON) -m benchmarks.twin

bench-sweep: ## how long the sweep of a stage of 100,000 tasks takes beside bare listing and sending
	@$(PREPARE) dev
	@$(PYTHON) -m benchmarks.sweep

bench-cold: $(BUILT) $(WRAPPER)/built ## how soon the editor's API answers from a cold start beside encord-agents' AWS wrapper
	@$(PREPARE) dev sam rt
	@PYTHONPYCACHEPREFIX= .venv-rt/bin/python -m compileall -q .venv-rt/lib
	@$(PYTHON) -m benchmarks.cold

bench-tasks: ## how fast tasks are classified beside the seed's loop and encord-agents, at what cost
	@$(PREPARE) dev ministack
	@$(PYTHON) -m benchmarks.tasks

bench-manifest: ## how fast a million rows of CSV and JSON are read, checked and split, and in how much memory
	@$(PREPARE) dev
	@$(PYTHON) -m benchmarks.manifests

bench-video: ## how fast video frames are sampled beside a bare PyAV loop, and how much memory a long video takes
	@$(PREPARE) dev
	@$(PYTHON) -m benchmarks.video

bench-score: ## how fast three annotators' boxes are matched and scored beside COCO's evaluation, and in how much memory
	@$(PREPARE) dev
	@$(PYTHON) -m benchmarks.score

bench-usage: ## what AWS would bill for images that are registered, classified and pre-labelled: time, requests, bytes
	@$(PREPARE) dev ministack
	@$(PYTHON) -m benchmarks.usage

measure: ## measure anew what docs/cost.md is computed from: bench-usage and bench-tasks, into docs/measured.json
	@set -e; for bench in bench-usage bench-tasks; do $(MAKE) -s $$bench | $(PYTHON) -m benchmarks.measured $$bench; done

cost: ## write docs/cost.md anew, from docs/measured.json, template.yaml and the prices in benchmarks/prices.py
	@$(PREPARE) dev
	@$(PYTHON) -m benchmarks.cost

soak: $(BUILT) ## 20 minutes of uploads, tasks and clicks in the sandbox, then verdicts and a plot; SECONDS=300 is shorter
	@$(PREPARE) dev sam ministack
	@$(PYTHON) -m benchmarks.soak --seconds $(SECONDS)

chaos: ## 5,000 tasks while everything fails that can, then an audit; SEEDS=10 runs ten seeds
	@$(PREPARE) dev ministack
	@$(PYTHON) -m tests.chaos --seeds $(SEEDS)

requirements: ## export the layers' requirements from uv.lock, and lock the tools' environments anew
	@$(PREPARE) dev
	@for layer in $(LAYERS); do uv export -q --locked --only-group $$layer --no-emit-project --no-hashes \
	  --no-header --no-annotate -o layers/$$layer/requirements.txt >/dev/null; done
	@for tools in sam rt ministack checkov; do uv pip compile -q --universal --python-version 3.13 --no-header --no-annotate \
	  toolchain/$$tools.in -o toolchain/$$tools.txt; done

clean: ## remove everything that was built or prepared here
	@rm -rf .aws-sam .sandbox .toolchain .venv .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis
