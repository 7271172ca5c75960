# What one does with this repository: `make site` builds its own site, `make test` runs every check. All they make is in .venv and _site.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
# Continuous integration, which sets CI, also runs the tests that take minutes.
SHORT := $(if $(CI),,-m "not long")
# One process more than there are processors: many tests wait for a disk, a server or a browser.
SPREAD := --numprocesses $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)') --dist worksteal
NU := vnu-jar@26.9.27
PIP := $(RUN) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# Tests start hundreds of processes: without bytecode each would compile the whole program.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help site test style types collected coverage bench words pictures system chromium nu clean

help: ## Say what there is to make.
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

site: $(VENV)/.package ## Build this repository's own site into _site.
	$(RUN) -m briefings build

test: style types collected chromium nu ## Check style, types and behaviour, in a browser too.
	$(RUN) -m pytest $(SPREAD) $(SHORT)

style: $(VENV)/.tests
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check --quiet

types: $(VENV)/.tests
	$(RUN) -m mypy

# Pytest compiles each file of tests when it is first read: here once, beside what checks types, and not in every process.
collected: $(VENV)/.tests
	@$(RUN) -m pytest --collect-only --quiet --quiet --quiet > /dev/null || $(RUN) -m pytest --collect-only --quiet --quiet

# Apart from `make test`: up to Python 3.13, measuring branches makes the tests take twice as long.
coverage: $(VENV)/.tests chromium nu ## Say which lines and branches no test takes.
	$(RUN) -m pytest $(SPREAD) --cov --cov-report term -m "not long"

bench: $(VENV)/.package ## Time builds beside other generators; BENCH=--help says how to ask for more.
	@$(RUN) -m tests.benchmarks $(BENCH)

words: $(VENV)/.tests ## Collect the words that readers see for those who translate them.
	$(RUN) -m tests.kit.words

pictures: $(VENV)/.tests chromium ## Take the pictures of the README anew.
	$(RUN) -m tests.kit.pictures

# Where one has the right, what tests need of the system is installed at once: a command each, and the package that Debian has it in.
# Without strace, editors or Java some tests are skipped or imitate them, and say so.
SYSTEM := chromium:chromium strace:strace vim:vim emacs:emacs-nox git:git java:default-jre-headless npm:npm
INSTALL := apt-get install --quiet=2 --yes --no-install-recommends

system:
	@missing=; for pair in $(SYSTEM); do command -v "$${pair%:*}" > /dev/null || missing="$$missing $${pair#*:}"; done; \
	if [ -n "$$missing" ] && command -v apt-get > /dev/null && [ "$$(id -u)" = 0 ]; then \
	  apt-get update --quiet=2; \
	  $(INSTALL) $$missing || for package in $$missing; do $(INSTALL) "$$package" || true; done; \
	fi

chromium: $(VENV)/.tests system
	@$(RUN) tests/kit/chromium.py > /dev/null || { \
	  echo "The browser tests need Chromium: install your system's package, or run $(RUN) -m playwright install chromium" >&2; exit 1; }

# The Nu HTML checker, which needs Java and comes by npm. Without it the test of valid HTML is skipped, and says so.
nu: $(VENV)/.created system
	@if command -v npm > /dev/null && [ ! -f $(VENV)/nu/node_modules/vnu-jar/build/dist/vnu.jar ]; then \
	  npm install --prefix $(VENV)/nu --no-save --no-audit --no-fund --loglevel error $(NU) || echo "the Nu HTML checker cannot be had" >&2; \
	fi

clean: ## Remove all that was made here.
	rm -rf $(VENV) _site .briefings .benchmarks .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*

# Each of these files says that a step is done; it is as new as what the step read.
$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "briefings needs Python 3.11 or later; name one with: make site PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.package: $(VENV)/.created pyproject.toml constraints.txt
	$(PIP) --editable .
	@touch $@

$(VENV)/.tests: $(VENV)/.created pyproject.toml constraints.txt
	$(PIP) --editable '.[cluster,test]'
	@touch $(VENV)/.package $@
