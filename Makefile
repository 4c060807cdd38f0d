# Every target sets up what it needs: a virtual environment in .venv with Leadline and its tools.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test mock check generate lint format bench bench-mocks testers lock clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## Start the mock, post the documented request, run the suite on it
	@$(BIN)/python demo/demo.py

test: $(READY) ## Run the tests (those on real servers need node and npm)
	@$(BIN)/python -m pytest -q -n auto $(ARGS)

mock: $(READY) ## Serve the mock on port 4010
	@$(BIN)/leadline mock $(ARGS)

check: $(READY) ## Hold a server to the contract: make check URL=http://127.0.0.1:4010/api
	@$(BIN)/leadline check $(or $(URL),http://127.0.0.1:4010/api) --key $(or $(LEADLINE_KEY),test-api-key) $(ARGS)

generate: $(READY) ## Regenerate the models from the contract
	@$(BIN)/leadline generate $(ARGS)

lint: $(READY) ## Check style, types, layers, and that the models are up to date
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/pyright --pythonpath $(BIN)/python
	@$(BIN)/lint-imports
	@$(BIN)/leadline generate --check

format: $(READY) ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(READY) ## Measure: start-up, load, mock, suite
	@$(BIN)/python benchmarks/walking.py $(ARGS)

bench-mocks: $(READY) ## Measure our mock beside its rivals and the floor (needs wrk, node, npm)
	@$(BIN)/python -m benchmarks.mocks $(ARGS)

testers: $(READY) ## Hold broken and correct servers to the contract, beside schemathesis run
	@$(BIN)/python -m benchmarks.testers $(ARGS)

lock: ## Resolve constraints.txt anew
	@rm -rf build/lock && $(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	@build/lock/bin/python -m pip install --quiet --editable . --group dev
	@echo '# The exact versions that the tests run on; `make lock` resolves them anew.' > constraints.txt
	@build/lock/bin/python -m pip freeze --exclude-editable | grep -v '^pip==' >> constraints.txt
	@rm -rf build/lock

clean: ## Remove the virtual environment and caches
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(READY): pyproject.toml constraints.txt
	@echo "Setting up $(VENV) (once, about a minute) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable . --group dev
	@touch $(READY)
