.DEFAULT_GOAL := help
.PHONY: help setup analyse review demo-loop retrain export report test check bench bench-coding bench-findings bench-scale bench-review bench-names bench-read formats fuzz clean lock

STUDY ?= demo
CODED ?= ../shared/coded
FROZEN ?= ../frozen
PYTHON ?= python3
SECONDS ?= 60
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-deps

help: ## List what make can do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | \
		awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'
	@echo
	@echo "STUDY is 'demo' unless you say otherwise: make analyse STUDY=harbour, or STUDY=../a/folder"

setup: .venv/ready ## Install everything at the pinned versions

.venv/ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "three-powers needs Python 3.11, 3.12 or 3.13; say which: make PYTHON=python3.12"; exit 1; }
	@echo "Setting up (once, a minute or two) ..."
	@rm -rf .venv
	@$(PYTHON) -m venv .venv
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-build-isolation --editable .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.txt
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

analyse: setup ## Run every stage: transcripts in, report and tables out
	@$(BIN)/three-powers analyse "$(STUDY)"

review: setup ## Open the page on which people code, check, compare and retrain
	@$(BIN)/three-powers review "$(STUDY)"

demo-loop: setup ## See the whole loop on the demo: analyse, check, retrain, analyse
	@$(BIN)/python tests/demo_loop.py

retrain: setup ## Train the study's own model on people's decisions (make review, import-codes)
	@$(BIN)/three-powers retrain "$(STUDY)"

export: setup ## Write the tables for spreadsheets once more
	@$(BIN)/three-powers export "$(STUDY)"

report: setup ## Write the report once more
	@$(BIN)/three-powers report "$(STUDY)"

test: .venv/ready-dev ## Run the tests
	@$(BIN)/pytest --quiet

check: .venv/ready-dev ## Run the tests, and check style, types and layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --quiet

bench: setup ## Time every stage on a study, cold and unchanged
	@$(BIN)/python tests/bench.py "$(STUDY)"

bench-coding: setup ## Score classifiers on coded passages (CODED=folder, see models/coded.py; FROZEN=folder)
	@$(BIN)/python models/bench.py "$(CODED)" "$(FROZEN)" docs/coding.md

bench-findings: setup ## Simulate studies whose truth is known, and count how often intervals hold it
	@$(BIN)/python tests/simulate_findings.py docs/findings.md

bench-names: setup ## Invent interviews whose names are known, and count how many are found
	@$(BIN)/python tests/simulate_names.py docs/names.md

bench-scale: setup ## Time every finding on 10,000 passages and 48 labels
	@$(BIN)/python tests/bench_findings.py

bench-review: .venv/ready-dev ## Time the review page on 100,000 passages
	@$(BIN)/python tests/bench_review.py

bench-read: setup ## Time reading and cleaning, format by format
	@$(BIN)/python tests/bench_read.py docs/reading.md

formats: .venv/ready-dev ## Write the table of formats in docs/formats.md anew
	@PYTHONPATH=tests $(BIN)/python tests/formats_table.py

fuzz: .venv/ready-dev ## Feed every reader with damaged files (SECONDS=600 for each; FUZZ=folder of more)
	@PYTHONHASHSEED=0 $(BIN)/python tests/fuzz_readers.py "$(SECONDS)" $(SUFFIXES)

clean: ## Delete what can be made again (outputs, not your study); setup stays
	rm -rf outputs/*/ .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# For the people who keep three-powers: 'lock' pins the newest versions (needs uv).
# models/finetune.py says how models/default is made.
NEVER := umap-learn sentence-transformers llvmlite torch transformers numba pynndescent networkx \
	sympy mpmath regex safetensors
LOCK = uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --quiet $(NEVER:%=--no-emit-package %)

lock:
	$(LOCK) --output-file requirements.txt
	$(LOCK) --group dev --output-file requirements-dev.txt
