# `make setup` builds the environment, `make demo` shows what it does, `make test` passes the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo test lint clean lock

setup: $(STAMP)

$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Truceline needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) -V`. Try: make PYTHON=python3.11"; exit 2; }
	@test -x $(BIN)/python || { echo "Making the environment in $(VENV) ..."; \
	  $(PYTHON) -m venv $(VENV); }
	@echo "Installing the pinned packages (a minute or two the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

lint: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

test: lint
	@$(BIN)/pytest

# Rewrites requirements.txt from pyproject.toml: pinned, with hashes, without any index address.
lock:
	uv pip compile pyproject.toml --group dev --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --python-version 3.11 --universal --output-file requirements.txt

clean:
	rm -rf $(VENV) demo dist
