# puccalc: `make run` and `make test` are all a stranger needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JRE := openjdk-17-jre-headless
CHROMIUM := chromium
INSTALL_CHROMIUM = [ "$$(id -u)" = 0 ] && apt-get update && apt-get install -y --no-install-recommends $(CHROMIUM)
INSTALL_JRE = [ "$$(id -u)" = 0 ] && apt-get update && apt-get install -y --no-install-recommends $(JRE)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test setup bench serve stress lint lock clean help java browser screenshots
.DEFAULT_GOAL := help

run: $(VENV)/.run ## Recalculate a sample portfolio of 200,000 deposits with the shipped rates and rules
	$(BIN)/puccalc sample --rows 200000 --seed 1 --out out/sample
	$(BIN)/puccalc run nightly --as-of 2026-10-31 --deposits out/sample/deposits.parquet \
	  --transactions out/sample/transactions.parquet --accounts out/sample/accounts.parquet \
	  --participants out/sample/participants.parquet --events out/sample/events.parquet --out out/nightly

test: $(VENV)/.dev java browser lint ## Everything: lint, types, layers, all tests
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(VENV)/.dev ## Style, types and import layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev ## Speed as ratios within one run, printed and written to benchmarks/results/
	$(BIN)/python -m pytest benchmarks --benchmark-only

serve: $(VENV)/.extras ## The API on http://127.0.0.1:8000
	$(BIN)/puccalc serve

stress: $(VENV)/.dev java ## The long tests
	$(BIN)/python -m pytest -m stress

setup: $(VENV)/.extras ## Create .venv with the hash-locked packages of all commands; make run and make serve do what they need

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "puccalc needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) --require-hashes -r requirements.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/puccalc warm || echo "Compiled kernels cannot be kept: each command compiles those that it needs, 7 to 10 s."
	@touch $@

$(VENV)/.extras: requirements-extras.txt $(VENV)/.run
	$(PIP) --require-hashes -r requirements-extras.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(PIP) --require-hashes -r requirements-dev.txt
	@touch $(VENV)/.extras $@

java: ## Java for the Spark tests: installed where it is missing and may be
	@command -v java >/dev/null || [ -x "$${JAVA_HOME:-/none}/bin/java" ] || { $(INSTALL_JRE); } >/dev/null 2>&1 || \
	  echo "No java here, and $(JRE) could not be installed (takes root and apt-get): the Spark tests are skipped, or fail where CI=true."

browser: ## Chromium for the tests of the pages: installed where it is missing and may be
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { $(INSTALL_CHROMIUM); } >/dev/null 2>&1 || \
	  echo "No chromium here, and it could not be installed (takes root and apt-get): the browser tests are skipped, or fail where CI=true."

screenshots: $(VENV)/.dev browser ## The pages as docs/screenshots shows them
	$(BIN)/python -m tests.browser.screenshots

LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q --extra build
lock: ## Resolve the requirements anew (needs uv): the least, with all extras, with what tests need
	$(LOCK) -o requirements.txt
	$(LOCK) --extra service --extra letter --extra refresh -c requirements.txt -o requirements-extras.txt
	$(LOCK) --extra service --extra letter --extra refresh --extra dev -c requirements-extras.txt -o requirements-dev.txt

clean: ## Remove the environment and all outputs
	rm -rf $(VENV) out benchmarks/results

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
