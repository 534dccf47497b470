# install · run · test · check · crash · fix · docs – nothing else (make lock renews the hashed requirements)
SHELL := /bin/bash
PYTHON ?= python3.11
ifeq (, $(shell command -v $(PYTHON) 2>/dev/null))
PYTHON := python3
endif
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.PHONY: install run test check bench crash fix docs lock

install: $(VENV)/.runtime src/kontaktstelle/topics/model/.built

$(VENV)/bin/uv: requirements/installer.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Bitte Python 3.11 oder neuer installieren."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/installer.txt
	@touch $@

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml $(VENV)/bin/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/runtime.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

# The understanding of words is learnt from the phrase bank when the bank or the learning changes.
src/kontaktstelle/topics/model/.built: $(VENV)/.runtime $(wildcard src/kontaktstelle/topics/data/*.tsv src/kontaktstelle/topics/data/*/*.tsv src/kontaktstelle/topics/*.py src/kontaktstelle/topics/learning/*.py src/kontaktstelle/topics/danger/*.py)
	$(BIN)/python -m kontaktstelle.topics.learning
	@touch $@

$(VENV)/.tests: requirements/tests.txt $(VENV)/.runtime
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/tests.txt
	@touch $@

run: install
	KONTAKTSTELLE_PORT=$(PORT) $(BIN)/kontaktstelle setup --example
	$(BIN)/kontaktstelle serve --port $(PORT)

test: install $(VENV)/.tests
	bash tests/needs.sh
	$(BIN)/python -m pytest tests -n 2 --dist loadgroup
	KONTAKTSTELLE_TEST_DATABASE=postgresql $(BIN)/python -m pytest tests -n 2 -m "not browser"

check: install $(VENV)/.tests
	$(BIN)/ruff check src tests
	$(BIN)/ruff format --check src tests
	$(BIN)/mypy src
	$(BIN)/lint-imports
	$(BIN)/djlint --lint src --quiet
	$(BIN)/kontaktstelle docs --check

# Two hours on two cores: 200 kills of web and post on SQLite, 50 of the whole PostgreSQL, disk full, database and mail gone.
crash: install $(VENV)/.tests
	KONTAKTSTELLE_CRASH=long $(BIN)/python -m pytest tests/crash -n 0
	KONTAKTSTELLE_CRASH=long KONTAKTSTELLE_TEST_DATABASE=postgresql $(BIN)/python -m pytest tests/crash -n 0

bench: install $(VENV)/.tests
	$(BIN)/kontaktstelle bench search
	$(BIN)/kontaktstelle bench page
	$(BIN)/kontaktstelle bench import
	$(BIN)/kontaktstelle bench start
	$(BIN)/kontaktstelle bench enquiry
	$(BIN)/kontaktstelle bench desk
	$(BIN)/kontaktstelle bench backup
	$(BIN)/kontaktstelle bench report

fix: install $(VENV)/.tests
	$(BIN)/ruff check --fix src tests
	$(BIN)/ruff format src tests
	$(BIN)/djlint --reformat src --quiet

docs: install
	$(BIN)/kontaktstelle docs

lock: $(VENV)/bin/uv
	$(BIN)/uv pip compile -q --no-header --upgrade --generate-hashes --universal --python-version 3.11 requirements/runtime.in -o requirements/runtime.txt
	$(BIN)/uv pip compile -q --no-header --upgrade --generate-hashes --universal --python-version 3.11 requirements/tests.in -c requirements/runtime.txt -o requirements/tests.txt
	$(BIN)/uv pip compile -q --no-header --upgrade --generate-hashes --universal --python-version 3.11 requirements/installer.in -o requirements/installer.txt
