# make run     set up and optimise Jinchang into results/jinchang
# make test    set up and run every test that is not marked long
# make help    the rest

SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

# The first Python on PATH that is new enough and can make an environment with pip in it.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$name" && exit; done; echo python3)

.PHONY: help run test test-long lint format bench bench-peers clean distclean

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile

run: $(VENV)/.run ## optimise Jinchang; summary on the screen, tables and picture in results/jinchang
	$(BIN)/python -m symbiosis optimise jinchang -o results/jinchang

test: $(VENV)/.dev ## every test that is not marked long
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not long"

test-long: $(VENV)/.dev ## the tests that are marked long
	$(BIN)/python -m pytest -m long

lint: $(VENV)/.dev ## ruff and mypy (strict)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

format: $(VENV)/.dev ## put imports and layout in order
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

bench: $(VENV)/.run ## print the measured speeds (half an hour)
	@for script in bench/*.py; do $(BIN)/python "$$script" || exit 1; done

bench-peers: $(VENV)/.bench ## compare with other tools: bench/RESULTS.md (hours; ARGS="--sizes small")
	PYTHONPATH=bench $(BIN)/python -m peers.run $(ARGS)

clean: ## remove what was built and cached
	rm -rf build dist symbiosis.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean ## remove the environment too
	rm -rf $(VENV)

$(VENV)/.made:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "symbiosis needs Python 3.11 or newer and '$(PYTHON)' is not one:" \
		"name another, as in 'make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)'." >&2; exit 1; }
	@if "$(PYTHON)" -c 'import ensurepip' 2>/dev/null; then "$(PYTHON)" -m venv $(VENV); \
	elif "$(PYTHON)" -m pip --version >/dev/null 2>&1; then \
		"$(PYTHON)" -m venv --without-pip $(VENV) \
		&& "$(PYTHON)" -m pip --quiet --python $(BIN)/python install pip; \
	else echo "'$(PYTHON)' has neither ensurepip nor pip (Debian and Ubuntu keep them in python3-venv):" \
		"install that, or name another, as in 'make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)'." >&2; \
		exit 1; fi
	@touch $@

$(VENV)/.run: $(VENV)/.made pyproject.toml
	@echo "Installing into $(VENV) (once; a minute or two)" >&2
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.made pyproject.toml
	@echo "Installing into $(VENV) (once; a minute or two)" >&2
	@$(PIP) install --editable '.[dev]'
	@touch $(VENV)/.run $@

$(VENV)/.bench: $(VENV)/.made pyproject.toml
	@echo "Installing the peers into $(VENV) (once; a minute or two)" >&2
	@$(PIP) install --editable '.[bench]'
	@touch $(VENV)/.run $@
