# Everything that is done with this repository. `make help` lists it.
# Needs Python 3.11 or newer and a package registry; everything else is installed into .venv.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python3.14; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.run-ready
TEST_READY := $(VENV)/.test-ready
WORKERS ?= 2
CODE := app.py chalicelib infra tests benchmarks

.DEFAULT_GOAL := help
.PHONY: help run test check format lint types imports contract bench replay ops package e2e lint-template lock clean

ifneq (ops,$(firstword $(MAKECMDGOALS)))
help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'
else
help:
	@:
endif

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed (on Debian: apt-get install python3-venv). Or: make PYTHON=/path/to/python3"; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

$(RUN_READY): requirements.txt infra/local/requirements.txt | $(BIN)/python
	@echo "Installing what the product and the embedded cloud need (once, about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r infra/local/requirements.txt
	@touch $@

$(TEST_READY): requirements.txt infra/local/requirements.txt tests/requirements.txt | $(BIN)/python
	@echo "Installing the test tools (once, about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt
	@touch $(RUN_READY) $@

ASSETS := vendor/assets/manifest.json
$(ASSETS): infra/assets.py $(wildcard templates/pages/assets/*) | $(BIN)/python
	@$(BIN)/python -m infra.assets && touch $@

run: $(RUN_READY) $(ASSETS) ## Start it all on this machine: http://127.0.0.1:8000/local/ (DEMO=0 starts empty; PROFILE=northmarch: another force)
	@exec $(BIN)/python -m infra.local.main

UNIT := -q -n $(WORKERS) tests/unit
OTHERS := -q -n $(WORKERS) --dist loadgroup tests --ignore=tests/unit
# With ARGS one half may have no test that matches (pytest ends with 5); both must not.
test: $(TEST_READY) $(ASSETS) ## Run every test (ARGS="-k quiet" narrows)
ifeq (,$(ARGS))
	@$(BIN)/python -m coverage erase
	@$(BIN)/python -m coverage run -m pytest $(UNIT)
	@$(BIN)/python -m coverage combine --quiet && $(BIN)/python -m coverage report
	@$(BIN)/python -m pytest $(OTHERS)
else
	@$(BIN)/python -m pytest $(UNIT) $(ARGS); unit=$$?; \
	case $$unit in 0|5) ;; *) exit $$unit;; esac; \
	$(BIN)/python -m pytest $(OTHERS) $(ARGS); others=$$?; \
	if [ $$others = 5 ]; then exit $$unit; else exit $$others; fi
endif

check: format lint types imports contract test ## Everything that must be green: format, lint, types, import contract, tests

format: $(TEST_READY) ## Check the formatting (FIX=1 mends it)
	@$(BIN)/ruff format $(if $(FIX),,--check) $(CODE)

lint: $(TEST_READY) ## Lint (FIX=1 mends what it can)
	@$(BIN)/ruff check $(if $(FIX),--fix) $(CODE)

types: $(TEST_READY) ## Check types, strictly
	@$(BIN)/mypy

imports: $(TEST_READY) ## Check who may import whom
	@$(BIN)/lint-imports --no-cache

contract: $(TEST_READY) ## Check that the published JSON Schema and OpenAPI are what the code says (FIX=1 writes them)
	@$(BIN)/python -m chalicelib.schemas.json_schema $(if $(FIX),--write,--check)
	@$(BIN)/python -m infra.openapi $(if $(FIX),--write,--check)

bench: $(TEST_READY) $(ASSETS) ## Measure: CPU and calls per record, the clock, a sweep among a million, cold starts of the package (ONLY=records,clock,scale,cost,cold SCALE=2000,20000)
	@$(BIN)/python -m benchmarks

replay: $(RUN_READY) $(ASSETS) ## Replay real months of crime: DATA=<street and outcomes files or folders> (DAYS= SEED= LIMIT= RATE= MONTHS= OUT= KEEP=1)
	@test -n "$(DATA)" || { echo "Say what to replay: make replay DATA=<folder or .csv[.gz] files of data.police.uk>"; exit 2; }
	@exec $(BIN)/python -m infra.replay.main $(DATA) $(if $(DAYS),--days "$(DAYS)") $(if $(SEED),--seed "$(SEED)") $(if $(LIMIT),--limit "$(LIMIT)") \
		$(if $(RATE),--rate "$(RATE)") $(if $(MONTHS),--months "$(MONTHS)") $(if $(OUT),--out "$(OUT)") $(if $(filter-out 0 no false,$(KEEP)),--keep)

ops: $(RUN_READY) ## Operate the local instance, or one in an account: make ops case 26000712345, make ops STACK=kept-informed ARGS="…" (make ops help)
	@$(BIN)/python -m $(if $(STACK),infra.account_ops "$(STACK)" "$(REGION)",infra.local.ops) $(or $(ARGS),$(strip $(OPS) $(FIGURES)),help)

# What follows `ops` are its arguments, not goals.
ifeq (ops,$(firstword $(MAKECMDGOALS)))
OPS := $(filter-out help,$(wordlist 2,$(words $(MAKECMDGOALS)),$(MAKECMDGOALS)))
ifeq (figures,$(firstword $(OPS)))
FIGURES := $(MONTH) $(if $(filter-out 0 no false,$(CSV)),--csv) $(if $(filter-out 0 no false,$(DETAIL)),--detail)
endif
ifneq (,$(OPS))
.PHONY: $(OPS)
$(OPS):
	@:
endif
endif

STAGE ?= prod
package: $(TEST_READY) $(ASSETS) ## Build the deployable template and zip under dist/ (STAGE=rehearsal PROFILE=northmarch; default: prod, and the force that infra/resources.yaml names)
	@$(BIN)/python -m infra.package dist $(STAGE) $(if $(PROFILE),--profile "$(PROFILE)")

e2e: package ## Deploy that package in an emulated account and run the main story through its own workers, some killed (ARGS="-k story")
	@KI_E2E=1 $(BIN)/python -m pytest -q tests/deployed $(ARGS)

CHECKOV := $(VENV)/checkov
$(CHECKOV)/bin/checkov: infra/checkov/requirements.txt | $(BIN)/python
	@echo "Installing checkov into a place of its own (once, about two minutes): its dependencies do not go with ours"
	@$(BIN)/python -m venv $(CHECKOV)
	@$(CHECKOV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r infra/checkov/requirements.txt
	@touch $@

lint-template: $(TEST_READY) $(CHECKOV)/bin/checkov ## Check the deployable template of each stage with cfn-lint and checkov (exceptions: infra/checkov/checkov.yaml)
	@$(BIN)/python -m infra.lint_template dist/lint
	@for stage in dev rehearsal prod; do $(CHECKOV)/bin/checkov --config-file infra/checkov/checkov.yaml --file dist/lint/$$stage.json || exit 1; done

lock: $(TEST_READY) ## Compile the four requirements files with hashes
	@$(BIN)/python -m pip install --quiet uv
	@for file in requirements infra/local/requirements infra/checkov/requirements tests/requirements; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $$file.in -o $$file.txt || exit 1; done

clean: ## Remove the virtual environment and everything generated
	@rm -rf $(VENV) dist .local .chalice/deployments vendor .mypy_cache .ruff_cache .pytest_cache .coverage
