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
	  $(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); $(PYTHON) -m venv --without-pip $(VENV) && \
	    $(PYTHON) -m pip --python $(BIN)/python install --quiet pip; } || \
	  { rm -rf $(VENV); echo "$(PYTHON) cannot make an environment; install its venv module (Debian: apt install python3-venv)"; exit 2; }; }
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

# Codes the examples, fills a ledger, writes the situation report, and says what to try next.
demo: setup
	@rm -rf demo && mkdir demo
	@$(BIN)/truceline run examples --ledger demo/ledger.sqlite
	@$(BIN)/truceline report --ledger demo/ledger.sqlite --since 2024-10-01 --until 2024-10-31 --output demo/sitrep.html
	@echo
	@echo "Next: open demo/sitrep.html in a browser (it needs no network), or code a report of your own:"
	@echo "  $(BIN)/truceline code my-report.txt --published 2025-03-03"

# Rewrites requirements.txt from pyproject.toml: pinned, with hashes, without any index address.
lock:
	uv pip compile pyproject.toml --group dev --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --python-version 3.11 --universal --output-file requirements.txt

clean:
	rm -rf $(VENV) demo dist
