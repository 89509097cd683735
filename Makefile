# The habits of the project; `make` lists them. Needs python3 >= 3.11 with its venv module, git and a package index; never root.

.DEFAULT_GOAL := help
.SUFFIXES:
SHELL := /bin/sh
.PHONY: help setup demo up down docker-e2e deploy-check images test check-alerts check-dashboards test-fast test-heavy test-postgresql lint check format bench bench-backup bench-control-plane bench-diary bench-images bench-transcription upgrade-test drill chaos chaos-diary load fuzz audit packages smoke docs sample lock clean

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
# Most tests wait for a process of theirs most of the time. The tests of a file stay together, as they share what is dear to start.
SIDE_BY_SIDE := -n 3 --dist loadfile
RUNTIME := .venv/.runtime-installed
DEV := .venv/.dev-installed

# Recordings of real speech that are not ours to publish; where they lie beside the repository, more tests run.
DIARIST_SPEECH_DIR ?= $(abspath $(wildcard ../shared/audio))
ifneq ($(DIARIST_SPEECH_DIR),)
export DIARIST_SPEECH_DIR
endif

help: ## list what can be made
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r target what; do printf '  make %-20s %s\n' "$$target" "$$what"; done

setup: $(DEV) ## make .venv with everything that development needs

demo: $(RUNTIME) ## turn the sample memo into a diary entry
	@sh scripts/demo.sh

up: ## run all of Diarist in containers on this machine, and say where it is (needs Docker)
	@sh scripts/fleet.sh up $(ARGS)

down: ## end what `make up` began; recordings stay (ARGS=--volumes deletes them)
	@sh scripts/fleet.sh down $(ARGS)

test: $(DEV) ## run the tests, those with the real model too (ARGS="-k name" chooses)
	$(PYTEST) -m "not heavy" $(SIDE_BY_SIDE) --durations=15 $(ARGS)

test-heavy: $(DEV) ## run the few tests that take minutes each: made-up requests, fleets under fire, a small language model
	$(PYTEST) -m heavy -n 2 --dist load --durations=0 $(ARGS)

test-fast: $(DEV) ## run the tests that take no model and no minutes
	$(PYTEST) -m "not slow and not heavy" $(SIDE_BY_SIDE) $(ARGS)

test-postgresql: $(DEV) ## run the tests of the API once more, over PostgreSQL
	$(PYTEST) -m "not heavy" $(SIDE_BY_SIDE) tests/api --api-on postgresql $(ARGS)

lint: $(DEV) ## judge style, types, architecture and generated docs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/reference.py --check
	$(BIN)/python scripts/deployment.py --check
	$(BIN)/python scripts/observability.py --check
	$(BIN)/python scripts/draw_dashboards.py --check

check: lint ## the same, and the tests that take no model and no minutes
	$(PYTEST) -m "not slow and not heavy" $(SIDE_BY_SIDE) $(ARGS)

format: $(DEV) ## put the code into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

check-alerts: $(DEV) ## try every alert, and let one travel from a killed worker to a receiver; needs Prometheus and Alertmanager
	$(PYTEST) tests/observability/test_rules.py tests/observability/test_stack.py tests/observability/test_an_alert_travels.py $(ARGS)

check-dashboards: $(DEV) ## let a fleet work under a real Prometheus and see that no panel is empty (Debian's prometheus and exporters)
	$(BIN)/python benchmarks/check_dashboards.py $(ARGS)

bench: $(DEV) ## measure speed, accuracy and memory on this machine
	$(BIN)/python benchmarks/run.py $(ARGS)

upgrade-test: $(DEV) ## upgrade a fleet in use from the release before, roll it back, and prove that nobody notices
	PYTHONPATH=tests:samples $(BIN)/python -m upgrade.run $(ARGS)

drill: $(DEV) ## lose Redis, the database, the bucket, then all of them, on real servers, and prove that nothing is lost (ARGS="--seed 7")
	PYTHONPATH=tests:samples $(BIN)/python -m drill.run $(ARGS)

chaos: $(DEV) ## kill a fleet in every way and prove that nothing is lost (ARGS="--seed 7 --minutes 6")
	PYTHONPATH=tests:samples $(BIN)/python -m chaos.run $(ARGS)

chaos-diary: $(DEV) ## let providers fail and workers die while a thousand entries are written (ARGS="--seed 7")
	PYTHONPATH=tests:samples $(BIN)/python -m chaos.diary.run $(ARGS)

images: ## build the images, those whose inputs have changed (needs Docker; ARGS="--all" builds gpu and development too)
	@bash scripts/build-optimized.sh $(ARGS)

docker-e2e: $(DEV) .deploy/.installed ## build the images, start all of it in containers, kill and starve some, and see that nothing is lost (needs Docker)
	PATH="$(abspath .deploy/bin):$$PATH" PYTHONPATH=tests:samples $(BIN)/python -m containers.run $(ARGS)

deploy-check: $(DEV) .deploy/.installed ## let every judge look at what deploys Diarist; says which were missing (ARGS="helm terraform" chooses)
	$(BIN)/python scripts/deploy_check.py $(ARGS)

load: $(DEV) ## let 1,500 people use a fleet that transcribes meanwhile, and time their answers (ARGS="--users 500")
	$(BIN)/python benchmarks/load.py $(ARGS)

fuzz: $(DEV) ## try for ARGS minutes to break what reads headers, files and answers
	@sh scripts/fuzz.sh $(ARGS)

bench-backup: $(DEV) ## measure how long backup and restore of 2,000 recordings take (ARGS="--recordings 500")
	$(BIN)/python benchmarks/backup.py $(ARGS)

bench-control-plane: $(DEV) ## measure what a fleet can take through PostgreSQL and Redis on this machine
	$(BIN)/python benchmarks/control_plane.py $(ARGS)

bench-images: $(DEV) ## measure how the images are built, beside a naive Dockerfile (needs Docker)
	@bash scripts/build-performance.sh $(ARGS)

bench-transcription: $(DEV) ## measure speed, errors, inventions and word times against faster-whisper (ARGS=--quick tries it)
	$(BIN)/python benchmarks/transcription.py $(ARGS)

bench-diary: $(DEV) ## let a model invent all it can, and count what reaches a diary (ARGS=--show tells what was lost)
	$(BIN)/python benchmarks/diary.py $(ARGS)

audit: $(DEV) ## look for known vulnerabilities in every pinned package; needs an index that knows of them, as PyPI does
	@sh scripts/audit.sh

packages: ## build the wheel and the source into dist/, with the pinned tools
	@rm -rf dist
	@sh scripts/uv.sh build --out-dir dist --build-constraint requirements/build.txt --require-hashes

smoke: $(RUNTIME) ## see from outside that a deployed system works (ARGS="https://diary.example.org --version 1.2.3"; DIARIST_API_KEY)
	$(BIN)/python scripts/smoke.py $(ARGS)

docs: $(DEV) ## write the reference pages anew from the code
	$(BIN)/python scripts/reference.py
	$(BIN)/python scripts/deployment.py
	$(BIN)/python scripts/observability.py
	$(BIN)/python scripts/draw_dashboards.py

sample: $(DEV) ## speak the sample memo anew
	$(BIN)/python samples/make_sample.py

lock: ## pin what pyproject.toml asks for (ARGS=--upgrade takes newer versions)
	@sh scripts/lock.sh $(ARGS)

clean: ## delete all that was made here: environments, caches, the demo's data
	rm -rf .venv .uv .deploy .demo .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache build dist
	find src tests samples scripts benchmarks -type d -name __pycache__ -prune -exec rm -rf {} +

# Each step is one after the other, so that `make -j` is safe; a stamp is older than its lock when the lock has changed.
.venv/pyvenv.cfg:
	@python=$$(sh scripts/preflight.sh) && sh scripts/uv.sh venv --quiet --allow-existing --python "$$python" .venv

$(RUNTIME): requirements/runtime.txt requirements/build.txt pyproject.toml | .venv/pyvenv.cfg
	@echo "Installing what Diarist needs into .venv"
	@sh scripts/uv.sh pip install --python $(BIN)/python --require-hashes -r requirements/runtime.txt
	@sh scripts/uv.sh pip install --python $(BIN)/python --quiet --no-deps --build-constraint requirements/build.txt -e .
	@touch $@

$(DEV): requirements/dev.txt $(RUNTIME)
	@echo "Installing what development needs into .venv"
	@sh scripts/uv.sh pip install --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

.deploy/.installed: requirements/deploy.txt | .venv/pyvenv.cfg
	@echo "Installing what judges deploy/ into .deploy"
	@sh scripts/uv.sh venv --quiet --allow-existing --python $(BIN)/python .deploy
	@sh scripts/uv.sh pip install --python .deploy/bin/python --quiet --require-hashes -r requirements/deploy.txt
	@touch $@
