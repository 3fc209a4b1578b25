# Needs make and Python 3.11 or newer; everything else is installed into .venv, nothing twice.
# Another interpreter: make PYTHON=python3.12 run. Another environment: make VENV=/some/where run.

PYTHON ?= python3
VENV ?= .venv
PYTEST_WORKERS ?= 2
# What `make bench` reads: JSON lines, gzipped or not, one text a record.
NEWS ?= out/seeds.jsonl

BIN := $(VENV)/bin
# Found through the environment's own Python.
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
# Material to measure on that is not part of the project: human/ and mt/, JSON lines, gzipped.
DATA ?= ../shared/data
FLOWS := $(VENV)/.installed-flows
DEV := $(VENV)/.installed-dev
EVAL := $(VENV)/.installed-eval
BENCH := $(VENV)/.installed-bench
# What the tests ask whether a page can be read by everybody; fetched where there is npm, else those tests are skipped.
AXE := $(VENV)/axe/node_modules/axe-core/axe.min.js
AXE_VERSION := 4.14.1

# The flow's own state (its database and logs) stays in the checkout, whatever else Prefect serves here.
export PREFECT_HOME ?= $(abspath $(VENV))/prefect

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint format bench eval baseline pages clean distclean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: $(FLOWS) ## clean the sample documents in seeds/ end to end, through the Prefect flow
	$(BIN)/mtclean run seeds/mtclean.toml
	@$(BIN)/mtclean diff seeds out/seeds > out/seeds-changes.txt
	@$(BIN)/mtclean diff --stat seeds out/seeds
	@echo "clean text  out/seeds/*.txt"
	@echo "trails      out/seeds/*.txt.trail.jsonl (every edit with its reason)"
	@echo "difference  out/seeds-changes.txt (word by word)"
	@echo "report      out/report/index.html (open it in a browser)"
	@echo "review      $(BIN)/mtclean review out/seeds (accept, reject, edit)"

test: $(DEV) $(AXE) ## run every test, slow ones included
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS)

lint: $(DEV) ## check style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(DEV) ## put imports and layout right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(BENCH) $(NEWS) ## compare with other tools; NEWS=FILE.jsonl.gz for more text than seeds/ holds
	$(BIN)/python benchmarks/segmenters.py $(NEWS)
	$(BIN)/python benchmarks/throughput.py $(NEWS)

# The sets that live in the repository always; larger ones where DATA holds them.
eval: $(EVAL) ## measure: recall, restoration, harm; DATA=DIR for larger sets than the repository holds
	$(BIN)/mtclean eval --gate tests/eval_baseline.json
	$(BIN)/mtclean eval seeds/gold.jsonl
	@test ! -d $(DATA)/human || $(BIN)/mtclean eval --jobs 2 --harm '$(DATA)/human/*.jsonl.gz' \
		--answers docs/harm_answers.jsonl
	@test ! -d $(DATA)/mt || $(BIN)/mtclean eval --jobs 2 --reference '$(DATA)/mt/newstest201[89]*.jsonl.gz' \
		--reference '$(DATA)/mt/newstest2021*.jsonl.gz' \
		--reference '$(DATA)/mt/mtpedocs*.jsonl.gz' --mqm '$(DATA)/mt/mqm_*.jsonl.gz'

baseline: $(DEV) ## pin the present figures; LOWER='reason' where one falls
	$(BIN)/mtclean eval --gate tests/eval_baseline.json --update $(if $(LOWER),--lower '$(LOWER)')

pages: $(DEV) ## write docs/rules/ and docs/harm.md anew from the rules and the measured figures
	$(BIN)/python benchmarks/rule_pages.py

clean: ## remove what runs and checks left behind
	rm -rf out build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find benchmarks cleaners flows tests -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## remove the environment, too
	rm -rf $(VENV)

# pip comes last into a new environment, so it stands for the whole of it.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "mtclean needs Python 3.11 or newer, which '$(PYTHON)' is not; try make PYTHON=python3.11" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

# `fast` runs the shipped rewrite model without torch; the tests also train one and need the extra `rewrite` (about 1 GB).
$(FLOWS): pyproject.toml constraints.txt | $(BIN)/pip
	$(PIP) --editable '.[flows,review,fast]'
	@touch $@

$(DEV): pyproject.toml constraints.txt | $(BIN)/pip
	$(PIP) --editable '.[flows,review,dask,s3,dev,fast,rewrite]'
	@touch $(FLOWS) $@

$(AXE): Makefile
	@if command -v npm >/dev/null; then npm install --silent --no-save --prefix $(VENV)/axe axe-core@$(AXE_VERSION) && \
		touch $@; else echo 'no npm: the tests that need axe-core are skipped'; fi

$(EVAL): pyproject.toml constraints.txt | $(BIN)/pip
	$(PIP) --editable '.[eval]'
	@touch $@

$(BENCH): pyproject.toml constraints.txt | $(BIN)/pip
	$(PIP) --editable '.[bench]'
	@touch $@

out/seeds.jsonl: $(wildcard seeds/*.txt)
	@mkdir -p $(@D)
	@$(PYTHON) -c 'import json, pathlib, sys; \
	[print(json.dumps({"text": pathlib.Path(name).read_text(encoding="utf-8")})) for name in sys.argv[1:]]' $^ > $@
