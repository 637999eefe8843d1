# Everything runs in .venv, made from pyproject.toml. `make` alone lists what there is to do.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
READY := $(VENV)/.ready
CHROMIUM ?= /usr/bin/chromium
# Tests are shuffled the same way for everyone; `pytest` alone shuffles them anew.
SHUFFLED := --randomly-seed=20200619

.DEFAULT_GOAL := help
.PHONY: help install demo test test-browser test-slow test-fuzz test-wheel test-oldest test-pythons test-all check-page coverage check format docs bench baselines clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-16s %s\n", $$1, $$2}'

# The library alone is enough for the demo; the tests need the development tools too.
$(INSTALLED): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(READY): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

install: $(READY) ## make .venv with the library and its development tools

demo: $(INSTALLED) ## run the main job on the bundled case: table, test, map, in demo/
	$(BIN)/reseau-territorial demo --output demo

test: $(READY) ## fast tests, doctests and the notebooks that the README names (under 5 minutes)
	$(BIN)/python -m pytest $(SHUFFLED) -m "not browser and not slow" -n auto --dist loadfile tests
	$(BIN)/python -m pytest $(SHUFFLED) --doctest-modules -n auto src
	$(BIN)/python -m pytest --nbmake --nbmake-timeout=300 -n auto notebooks

check: $(READY) ## lint, format, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## put the code in the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

node_modules: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

check-page: node_modules ## types and lint of the JavaScript of the map
	npx --no-install tsc --project jsconfig.json
	npx --no-install eslint src/reseau_territorial/maps/page

test-browser: $(READY) node_modules ## the map in a real headless Chromium, JupyterLab included
	$(BIN)/python -m pytest $(SHUFFLED) -m browser tests

test-slow: $(READY) ## large data, long work, and the property tests with three times the examples
	$(BIN)/python -m pytest $(SHUFFLED) -m slow -n auto --dist loadfile tests
	$(BIN)/python -m pytest $(SHUFFLED) -m "hypothesis and not browser and not slow" --hypothesis-profile=thorough -n auto tests

FUZZED ?= $(shell grep -l hypothesis -r tests --include="test_*.py")
test-fuzz: $(READY) ## the property tests, with many examples drawn at random, file after file (FUZZED="tests/test_x.py" for some)
	@failed=""; for file in $(FUZZED); do \
	  $(BIN)/python -m pytest -m hypothesis --hypothesis-profile=fuzz -q $$file || failed="$$failed $$file"; \
	done; test -z "$$failed" || { echo "failed:$$failed"; exit 1; }

test-wheel: $(READY) ## build the wheel, install it alone elsewhere, run the demo from it
	rm -rf dist build/wheel-venv
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .
	$(PYTHON) -m venv build/wheel-venv
	build/wheel-venv/bin/python -m pip install --quiet dist/*.whl
	cd build && wheel-venv/bin/reseau-territorial demo --output wheel-demo

# Old versions meet newer ones of what they depend on: their deprecations are not ours to mend, their lettering differs.
# Only wheels: the oldest version that this Python can install without a compiler.
OLDEST := build/oldest-venv/bin
test-oldest: ## the fast tests with the oldest versions of the dependencies that pyproject.toml states (about 4 minutes)
	rm -rf build/oldest-venv
	$(PYTHON) -m venv build/oldest-venv
	$(OLDEST)/python -m pip install --quiet uv
	$(OLDEST)/uv pip install --quiet --compile-bytecode --python $(OLDEST)/python --resolution lowest-direct --only-binary :all: --editable ".[pdf,docx,geo,igraph]"
	$(OLDEST)/uv pip install --quiet --compile-bytecode --python $(OLDEST)/python --group test
	$(OLDEST)/python -m pytest $(SHUFFLED) -m "not browser and not slow" -k "not test_it_looks_as_it_did" -n auto -W default::DeprecationWarning tests

PYTHONS := build/pythons
test-pythons: $(READY) ## the same map, to the byte, with the other versions of Python at hand (each in its environment)
	$(BIN)/python tools/other_pythons.py $(PYTHONS)
	$(BIN)/python -m pytest -n 0 -q -rs tests/maps/test_data.py -k test_same_bytes_with_every_python_at_hand

test-all: check test test-slow check-page test-browser ## everything

coverage: $(READY) ## line and branch coverage of the fast tests
	$(BIN)/python -m pytest -m "not browser and not slow" -n auto --cov --cov-report=term-missing:skip-covered tests src

docs: $(READY) ## the site, in build/docs/ (French pages, reference, notebooks executed); warnings are errors
	$(BIN)/python -m sphinx -W --keep-going -q docs build/docs
	@echo "build/docs/index.html"

bench: $(READY) ## side-by-side measurements against other libraries, written to benchmarks/results.md (CASES="grants silo" for some)
	$(BIN)/python benchmarks/run.py $(CASES)

baselines: $(READY) ## renew the reference images of the plots (then look at them)
	$(BIN)/python -m pytest --update-baselines tests/views

clean: ## remove what was built
	rm -rf $(VENV) .bench-venv node_modules demo dist build .pytest_cache .mypy_cache .ruff_cache
