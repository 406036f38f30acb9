# Everything a person or CI runs. The first target sets up .venv from requirements.lock; later ones do it if needed.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.PHONY: setup demo up test lint bench eval chaos lock clean

setup: .venv/.ready

# uv is used where it is there: the same lock, the same hashes, a tenth of the time. For pip the lock is its own
# constraint too: without, it looks for the newest of what a package asks for with an extra, and finds no hash.
.venv/.ready: requirements.lock pyproject.toml
	@echo "Setting up .venv (once; a few minutes on a slow line)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@if command -v uv >/dev/null 2>&1; \
	then uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock; \
	else $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock -c requirements.lock; fi
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup
	@$(BIN)/noticias process examples
	@echo
	@echo "Where to look next:"
	@echo "  .venv/bin/noticias show            what is stored; with an id, all of one article"
	@echo "  .venv/bin/noticias up              the Prefect UI with these runs, at http://127.0.0.1:4200"
	@echo "  .venv/bin/noticias psql            the database itself"
	@echo "  .venv/bin/noticias process FILE    your own articles (.json, .jsonl, .gz or a folder)"

up: setup
	@$(BIN)/noticias up

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || (echo "run: ruff format ."; exit 1)
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

# Three processes on two cores, a file to each in turn: the slow files wait for servers more than they compute.
test: lint
	@$(BIN)/python -m pytest --numprocesses 3 --dist loadfile

# Every figure of docs/performance.md, goal beside goal; eight to ten minutes on two cores.
bench: setup
	@$(BIN)/python -m tests.bench

# The measuring stick: the local engine, and the scripted one, whose answers are right, so that it shows what
# grounding itself loses.
eval: setup
	@$(BIN)/noticias eval --engine local
	@echo
	@$(BIN)/noticias eval --engine scripted

# Articles in while readers, servers and PostgreSQL are killed and the model fails and invents; some ten minutes.
chaos: setup
	@$(BIN)/python -m tests.chaos

# Needs uv. Versions and hashes only, no index address.
lock:
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --output-file requirements.lock --quiet

clean:
	rm -rf .venv .noticias .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
