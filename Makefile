# Every target makes its own virtual environment from the lock with plain pip.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
GOLD ?= tests/gold/sample
RAW ?= raw

.PHONY: help run test check eval bench docs clean

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-7s %s\n", $$1, $$2}'

run: $(VENV)/run.stamp ## Read raw/ and write outputs/tables/*.parquet
	$(BIN)/pactline run

test: $(VENV)/dev.stamp ## Run the tests
	$(BIN)/pytest -n auto --dist worksteal

check: $(VENV)/dev.stamp ## Lint, types, layers, rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pactline rules lint
	$(BIN)/pactline rules test

eval: $(VENV)/run.stamp ## Score against gold: make eval GOLD=tests/gold/sample RAW=raw
	$(BIN)/pactline eval $(GOLD) --raw $(RAW)

bench: $(VENV)/dev.stamp ## Measure speed and memory (benchmarks/README.md)
	$(BIN)/python benchmarks/throughput.py

docs: $(VENV)/dev.stamp ## Write the generated pages of docs/
	$(BIN)/python -m pipeline.docs

clean: ## Remove the virtual environment and the outputs
	rm -rf $(VENV) outputs

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)

$(VENV)/run.stamp: requirements.lock pyproject.toml $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
