# Two commands matter: `make run` and `make test`. Everything else is for developers.
UV := ./scripts/uv
BIN := .venv/bin
# Compiled once: with PYTHONDONTWRITEBYTECODE in the environment every start would compile it all
SYNC := $(UV) sync --compile-bytecode
COMPILE := $(BIN)/python -m compileall -q app migrations
FAST := not slow and not browser
# A worker for each core, each with a PostgreSQL of its own; the browser has the machine to itself
CORES := -n auto --maxprocesses 4 --dist loadfile

.PHONY: help run sync test check lint types contracts security web-check format openapi demo bench-ux bench-matching prove doctor sbom wheel clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

run: ## Install, build the page, start everything with demo data (PARK_HOME, PARK_PORT, PARK_DATABASE_URL)
	@$(SYNC) --no-dev --inexact
	@$(COMPILE)
	@exec $(BIN)/park serve --demo

sync: # a blink when nothing changed; builds the page when its sources did
	@$(SYNC) --quiet
	@$(COMPILE)

test: sync lint types contracts security web-check ## Everything, with the browser
	@./scripts/test-needs
	$(BIN)/pytest $(CORES) -m "not browser"; first=$$?; $(BIN)/pytest -m browser && exit $$first

check: sync lint types contracts security ## The fast part, under two minutes
	$(BIN)/pytest -q $(CORES) -m "$(FAST)"

lint: sync
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: sync
	$(BIN)/mypy

contracts: sync
	$(BIN)/lint-imports --no-logo
	$(BIN)/park openapi --check

security: sync ## Static checks: dangerous calls, rules of the house, secrets in the tree
	$(BIN)/python security/check.py

web-check: sync ## Types, lint and unit tests of the page
	./scripts/web run typecheck
	./scripts/web run lint
	./scripts/web run test

format: sync ## Let the tools mend what they can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

openapi: sync ## Renew docs/openapi.json
	$(BIN)/park openapi --write

demo: sync ## Load the demo data again (SCALE=10 for ten times as much)
	$(BIN)/park demo clear
	$(BIN)/park demo load --scale $(or $(SCALE),1)

bench-ux: sync ## The screens measured on ten thousand enterprises: weight, times, effort, axe, Lighthouse
	$(BIN)/python -m bench.ux

bench-matching: sync ## Ranking, assignment, draws, conflicts measured (an hour; QUICK=--quick: minutes)
	$(BIN)/python -m bench.matching $(QUICK)

prove: sync ## The walls: who gets in, what leaks, what is lost (an hour; STAGES="access trail" for some)
	$(BIN)/python -m bench.walls $(STAGES)

doctor: sync ## What is wrong with this installation?
	$(BIN)/park doctor

sbom: ## The bill of materials of what is shipped, into dist/ (CycloneDX)
	./scripts/sbom dist

wheel: ## Build the package as it is shipped
	PARK_WEB=require $(UV) build --wheel

clean: ## Remove what can be made again; data in PARK_HOME stays
	rm -rf .venv dist .park web/node_modules web/dist web/gen web/.built app/_web
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
