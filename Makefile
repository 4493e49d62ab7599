# Needs make, git and Python 3.11 or newer with venv. Everything else comes from the package registries, locked by hash.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
INSTALL = $(or $(PYTHON),$(error Python 3.11 or newer with venv is needed (on Debian: apt install python3-venv))) -I ops/install.py
BIN = .venv/bin
SHARED = --numprocesses 2
COMPILE = pip compile --no-config --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --extra embedded

.DEFAULT_GOAL := help
.PHONY: help run test bench check messages lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' Makefile

run: ## set up what is missing and serve; Ctrl-C stops all of it, data stays in var/
	@$(INSTALL) run && exec $(BIN)/hotline up --demo --with-parent

test: ## set up what is missing, browser included, and run all tests, two at a time; ARGS go to pytest instead
	@$(INSTALL) test && $(BIN)/python -m tests.browser.install && $(BIN)/python -m tests.widget.package && exec $(BIN)/python -m pytest $(or $(ARGS),$(SHARED))

bench: ## the benchmarks, as tables and in var/bench.json; ARGS names some, those of the browser come with all
	@$(INSTALL) $(if $(ARGS),run,test) && $(BIN)/hotline bench $(ARGS) \
	$(if $(ARGS),,&& $(BIN)/python -m tests.browser.install && exec $(BIN)/python -m tests.browser.paint)

check: ## format, lint, types, layers
	@$(INSTALL) test
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

messages: ## bring the message catalogues in locales/ up to date with the source
	@$(INSTALL) run && exec $(BIN)/hotline messages $(ARGS)

lock: ## solve the dependencies of pyproject.toml anew; ARGS=--upgrade takes newer releases
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(or $(PYTHON),python3) -m venv "$$folder" && "$$folder/bin/pip" install --quiet uv && \
	"$$folder/bin/uv" $(COMPILE) $(ARGS) pyproject.toml ops/locks/build.in -o ops/locks/run.txt && \
	"$$folder/bin/uv" $(COMPILE) $(ARGS) -c ops/locks/run.txt --extra test pyproject.toml ops/locks/build.in -o ops/locks/test.txt

clean: ## remove what was installed and cached; data in var/ stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +
