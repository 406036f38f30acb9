# Everything that a person or CI runs. `setup` makes .venv from requirements.lock; the other targets do so if needed.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.PHONY: setup demo up check test lint bench eval chaos lock clean

setup: .venv/.ready

# uv is used if it is installed: the same lock and hashes in a tenth of the time. pip gets the lock as its constraints
# too. Without them pip takes the newest version of a package that is asked for with an extra, and has no hash for it.
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
	@echo "  .venv/bin/noticias up              the Prefect UI with these runs; it prints the address"
	@echo "  .venv/bin/noticias psql            the database itself"
	@echo "  .venv/bin/noticias process FILE    your own articles (.json, .jsonl, .gz or a folder)"

up: setup
	@$(BIN)/noticias up

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || (echo "run: ruff format ."; exit 1)
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

# The quick ring, for while you write. It starts no server and takes half a minute on two idle cores.
check: lint
	@$(BIN)/python -m pytest --numprocesses 2 tests/unit

# Three processes on two cores, one test file to each in turn. The slow files wait for servers more than they compute.
# Fails too if the unit tests reach fewer lines of newsroom/ than `fail_under` in pyproject.toml says.
test: lint
	@$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --cov=newsroom --cov-report=

# Measures every figure of docs/performance.md and compares it with its goal. Eight to ten minutes on two cores.
bench: setup
	@$(BIN)/python -m tests.bench

# Measures the local engine, and the scripted engine. The scripted engine's answers are right, so it shows what
# grounding itself loses.
eval: setup
	@$(BIN)/noticias eval --engine local
	@echo
	@$(BIN)/noticias eval --engine scripted

# Reads articles while readers, servers and PostgreSQL are killed and the model fails and invents. Some ten minutes.
chaos: setup
	@$(BIN)/python -m tests.chaos

# Needs uv. The lock holds versions and hashes only, no address of an index.
lock:
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --output-file requirements.lock --quiet

clean:
	rm -rf .venv .noticias .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*
