# Needs only Python 3.11 or newer and make. LIGHT=1 leaves PyTorch out (several GB): the ladder then lacks its GNN rung.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
RUN_HOME ?= data/oretrace
WORLD_SEED ?= 7
WORLD ?= data/world-$(WORLD_SEED)
WORLD_HOME ?= data/world-$(WORLD_SEED)-home
LIGHT ?=
GNN := $(if $(LIGHT),,$(VENV)/.gnn)

.PHONY: run demo test check extras bench docs serve neo4j lock clean help
.DEFAULT_GOAL := help

help:  ## This list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /: /' | sort

run: $(VENV)/.installed $(GNN)  ## Fetch the open trade data, score it, show the first alerts
	$(BIN)/oretrace --home $(RUN_HOME) run
	$(BIN)/oretrace --home $(RUN_HOME) alerts --top 10

demo: $(VENV)/.installed $(GNN)  ## Build a training world, analyse it, hold the analysis against the truth (no network)
	$(BIN)/oretrace world build --size medium --seed $(WORLD_SEED) --out $(WORLD)
	$(BIN)/oretrace --home $(WORLD_HOME) run --only-data --data $(WORLD)/data/trade --data $(WORLD)/data/mining --data $(WORLD)/data/events --data $(WORLD)/data/ais --data $(WORLD)/data/places
	$(BIN)/oretrace --home $(WORLD_HOME) grade --truth $(WORLD)/truth --lesson

test: $(VENV)/.tested $(GNN)  ## Run all tests
	$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadscope --no-loadscope-reorder

check: $(VENV)/.tested  ## Lint, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

extras: $(VENV)/.tested  ## What some exports are tested with (needs a compiler and ICU's headers)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-extras.lock

bench: $(VENV)/.tested $(GNN)  ## Measure beside peer libraries, write docs/benchmarks.md
	$(BIN)/python -m benchmarks

docs: $(VENV)/.installed  ## Write docs/reference.md from the code
	$(BIN)/python -m pipelines.reference

serve: $(VENV)/.installed $(GNN)  ## Dagster's pages on this machine
	DAGSTER_HOME=$(CURDIR)/dagster_home ORETRACE_HOME=$(abspath $(RUN_HOME)) $(BIN)/dagster dev -m pipelines.definitions

neo4j: $(VENV)/.installed  ## Start a Neo4j server on this machine (needs Java 17 and Maven)
	$(BIN)/python -m pipelines.neo4j_server

lock:  ## Pin the dependencies again (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-strip-extras --quiet -o requirements.lock
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-strip-extras --constraint requirements.lock --quiet -o requirements-dev.lock
	uv pip compile pyproject.toml --extra gnn --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-strip-extras --constraint requirements-dev.lock --quiet -o requirements-gnn.lock
	uv pip compile pyproject.toml --extra ftm --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-strip-extras --constraint requirements-dev.lock --quiet -o requirements-extras.lock

clean:  ## Remove the environment (never data)
	rm -rf $(VENV)

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "oretrace needs Python 3.11 or newer; set PYTHON=/path/to/python")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	@touch $@

$(VENV)/.gnn: $(VENV)/.installed requirements-gnn.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-gnn.lock
	@touch $@
