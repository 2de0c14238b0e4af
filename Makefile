# Every command of the project is defined here once; hooks and .ci/run call these targets.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run serve test test-services journeys check fix bench bench-large mutants lock messages coverage
# Compiled modules are kept whatever the machine's own setting: each of the many processes starts a second sooner.
unexport PYTHONDONTWRITEBYTECODE
PY := .venv/bin/python
PYTEST := .venv/bin/pytest

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Virtual environment with what the site needs to run
	@scripts/setup runtime

setup-dev: ## Virtual environment with the tools of development too
	@scripts/setup dev

run: setup ## The site with demo data on http://127.0.0.1:8000 (PORT=8080 elsewhere), no services needed
	@$(PY) scripts/start.py run

serve: setup ## The same code over DATABASE_URL, REDIS_URL and ELASTICSEARCH_URL
	@$(PY) scripts/start.py serve

test: setup-dev ## Unit, integration and repository tests, no services needed
	@env -u DATABASE_URL -u REDIS_URL -u ELASTICSEARCH_URL $(PYTEST) -q -n auto --dist loadfile $(ARGS)

test-services: setup-dev ## Tests on PostgreSQL, Redis and Elasticsearch, at the addresses of the environment
	@$(PY) scripts/services.py
	@$(PYTEST) -q -n 0 tests/services $(ARGS)

journeys: setup-dev ## Browser journeys in Chromium
	@scripts/chromium
	@scripts/vnu
	@env -u DATABASE_URL -u REDIS_URL -u ELASTICSEARCH_URL $(PYTEST) -q -n 0 tests/journeys $(ARGS)

check: setup-dev ## Lint, format, types, layers, migrations, messages, deployment
	@scripts/check

fix: setup-dev ## Mend what the tools can mend
	@.venv/bin/ruff check --fix --quiet . || true
	@.venv/bin/ruff format --quiet .
	@.venv/bin/djangofmt --quiet cms directory booking parenting
	@$(PY) scripts/messages.py

bench: setup-dev ## The figures of tests/bench as a table and as bench.json (ARGS="pages rush": these parts; ARGS=--help: all options)
	@$(PY) -m tests.bench $(ARGS)

mutants: setup-dev ## Random mutants of the code against the tests (AREA=path N=60 SEED=1)
	@$(PY) -m tests.mutants --area "$(AREA)" --number $(or $(N),60) --seed $(or $(SEED),1) $(ARGS)

bench-large: setup-dev ## The figures that need 10,000 institutions and more (options as above)
	@$(PY) -m tests.bench --large $(ARGS)

coverage: setup-dev ## Tests with branch coverage
	@env -u DATABASE_URL -u REDIS_URL -u ELASTICSEARCH_URL $(PYTEST) -q -n auto --dist loadfile --cov --cov-report=term $(ARGS)

messages: setup-dev ## Compile the overriding translations in locale/
	@$(PY) scripts/messages.py

lock: setup-dev ## Write the lock files again from pyproject.toml
	@scripts/lock
