# Two commands matter: `make demo` and `make test`. Each does all its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_ARGS ?=
TEST_ARGS ?=

.PHONY: setup demo test check docs screenshots clean

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Stormcone needs Python 3.11 or newer; name one with make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[postgres,dev]'
	@touch $@

demo: setup
	$(BIN)/stormcone demo $(DEMO_ARGS)

test: setup
	$(BIN)/python -m pytest -n auto --dist loadscope $(TEST_ARGS)

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m stormcone.config.reference --check docs/config-reference.md

docs: setup
	$(BIN)/python -m stormcone.config.reference docs/config-reference.md

screenshots: setup
	$(BIN)/python -m benchmarks.screenshots docs/pictures

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
