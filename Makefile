# Everything a person does here by one word. Works with GNU make 3.81, as macOS has it.
#
# The environment is made once and installed from the lock; the marks in $(VENV) are newer
# than what they were made from, so a second run installs nothing.

SHELL = /bin/sh
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
# Every file that is run while installing has its hash in a lock: --no-build-isolation keeps
# pip from fetching a build tool that nobody looked at (feedgen exists as source only).
LOCKED = $(PIP) --require-hashes --no-build-isolation --use-pep517
ARGS ?=
PYTEST_ARGS ?=
# Processes that run the tests beside each other, a file of them at a time.
PYTEST_JOBS ?= 3
PARALLEL = -n $(PYTEST_JOBS) --dist loadfile

.PHONY: test demo check test-full coverage reference bench bench-check bench-feeds bench-cluster bench-stations bench-slot bench-codecs bench-intelligibility lock lowest clean help

test: check ## install what the tests need and run them all (the default)
	$(BIN)/pytest $(PARALLEL) $(PYTEST_ARGS)

demo: $(VENV)/.runtime ## build the example: episodes, feeds and packs in five languages
	$(BIN)/altavoz demo $(ARGS)

check: $(VENV)/.test ## format, lint, types, the rules of the house, the CLI reference
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/cli_reference.py --check

test-full: $(VENV)/.test ## the tests with their slow sweeps
	HYPOTHESIS_PROFILE=full $(BIN)/pytest $(PARALLEL) -m "not network" $(PYTEST_ARGS)

coverage: $(VENV)/.test ## the tests again, half as slow, to see which lines none of them runs
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(PYTEST_ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

reference: $(VENV)/.test ## write docs/cli.md from the commands' own help
	$(BIN)/python tools/cli_reference.py

bench: $(VENV)/.runtime ## measure building against its floor and two reference programs (ARGS=--quick)
	$(BIN)/python bench/run.py $(ARGS)

bench-check: $(VENV)/.runtime ## measure checking 100,000 lines, at first and again (ARGS=--quick)
	$(BIN)/python bench/check.py $(ARGS)

bench-feeds: $(VENV)/.runtime ## measure every feed and page of 10,000 items, and one new one (ARGS=--quick)
	$(BIN)/python bench/feeds.py $(ARGS)

bench-cluster: $(VENV)/.test ## measure a cluster of this machine against its own cores (ARGS=--quick)
	$(BIN)/python bench/cluster.py $(ARGS)

bench-stations: $(VENV)/.runtime ## measure planning packs and folders of 500 stations (ARGS=--quick)
	$(BIN)/python bench/stations.py $(ARGS)

bench-slot: $(VENV)/.runtime ## show where the CPU of one slot goes (ARGS=--quick)
	$(BIN)/python bench/slot.py $(ARGS)

bench-codecs: $(VENV)/.test ## judge the codecs' settings at equal rate (ARGS=--quick)
	$(BIN)/python bench/codecs.py $(ARGS)

bench-intelligibility: $(VENV)/.test ## judge the loudspeaker's master in noise (ARGS=--quick)
	$(BIN)/python bench/intelligibility.py $(ARGS)

lock: $(VENV)/.made ## write requirements/*.txt from pyproject.toml (needs uv; UPGRADE=1)
	PYTHON=$(BIN)/python UPGRADE="$(UPGRADE)" sh tools/lock.sh

lowest: $(VENV)/.made ## run the tests with the oldest versions that pyproject.toml allows (needs uv)
	ARGS="$(ARGS)" sh tools/lowest.sh

clean: ## take away the environment and what tools left behind
	rm -rf "$(VENV)" .venv-lowest build dist *.egg-info htmlcov .coverage .coverage.*
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

help: ## list these words
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 30

# An environment whose Python has gone (an upgrade of the system) is made anew.
ifneq ($(shell test -x $(BIN)/python && echo there),there)
.PHONY: $(VENV)/.made
endif

# One that works is kept, whoever made it.
$(VENV)/.made:
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { \
	python=`PYTHON="$(PYTHON)" sh tools/find_python.sh` && \
	echo "Making an environment in $(VENV) with `$$python --version`" && \
	$$python -m venv --clear "$(VENV)"; }
	@touch $@

$(VENV)/.build: requirements/build.txt $(VENV)/.made
	@$(PIP) --require-hashes -r requirements/build.txt
	@touch $@

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml $(VENV)/.build
	@echo "Installing Altavoz and its libraries (about 340 MB, from the lock) ..."
	@$(LOCKED) -r requirements/runtime.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.runtime
	@echo "Installing what the tests need ..."
	@$(LOCKED) -r requirements/test.txt
	@touch $@
