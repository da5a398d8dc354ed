# The daily commands. `make` alone lists them; what CI runs is `make check`.

.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
T ?=
ALL ?=
# uv of the PATH, several times faster than pip.
UV ?= $(shell command -v uv)

# Always `python -m tool`: the scripts in .venv/bin carry an absolute path, which breaks when the
# folder is moved or has a space in its name.
PY := .venv/bin/python

# Flask's own search for .env climbs to the folders above and would read a stranger's settings.
export FLASK_SKIP_DOTENV := 1

# Each step that takes long says how long it took; the recipe says when it began.
took = echo "$(1) in $$(($$(date +%s) - began)) s."
# One sentence instead of a traceback; no comma may stand in it.
stop = { echo "$(1)" >&2; exit 1; }
writable = [ -w . ] || $(call stop,This folder is not yours to write: copy it to a folder of your own.)

# An environment that uv has made holds no pip.
pip = { $(PY) -m pip --version || $(PY) -m ensurepip; } >/dev/null 2>&1 && $(PY) -m pip
# Where the PATH has no uv, pip fetches it once into .venv.
uv = { [ -n "$(UV)" ] || $(PY) -m uv --version >/dev/null 2>&1 || { $(pip) install --quiet --quiet uv; }; } \
	&& $(if $(UV),"$(UV)",$(PY) -m uv)
UVENV = "$(UV)" venv --quiet --python "$(PYTHON)" .venv

##@ Begin

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' \
	    '/^##@ / {printf "\n%s\n", substr($$0, 5)} \
	     /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

.PHONY: setup
setup: ready ## Make .venv, .env with fresh secrets and the database
	@echo "Ready. Start it with: make run"

.PHONY: ready
ready: .venv/installed .env

# feature: accounts
ready: database

.PHONY: database
database: .venv/installed .env
	@$(writable)
	@began=$$(date +%s); $(PY) -m flask --app wsgi db upgrade && $(call took,Made the tables)

# endfeature
.PHONY: run
# It upgrades the database by itself: a process of its own would load the application once more.
run: .venv/installed .env ## Serve http://localhost:8000 and reload on change (PORT=9000 for another port)
	@$(writable)
	@exec $(PY) -m devserver --port "$(PORT)"

# feature: accounts
.PHONY: worker
worker: ready ## Deliver mail and do periodic work, as production needs it
	@exec $(PY) -m flask --app wsgi jobs work

# endfeature
# feature: roles
.PHONY: admin
admin: ready ## Make somebody an administrator (email=ada@example.com)
	@[ -n "$${email:-}" ] || $(call stop,Say who: make admin email=ada@example.com)
	@$(PY) -m flask --app wsgi roles admin "$$email"

# endfeature
.PHONY: doctor
doctor: .venv/installed ## Say what is wrong with this installation, and the cure
	@$(PY) -m flask --app wsgi doctor

# feature: template
OUT = ..
ARGS =
SEED =

.PHONY: new
new: place .venv/installed ## Generate a project (OUT=folder, ARGS='features=minimal project_name="My Shop"')
	@$(PY) -m flask_gatehouse new --out "$(OUT)" $(ARGS)

.PHONY: place
# Said at once, and not after the minute that the installation takes.
place:
	@command -v git >/dev/null || $(call stop,Git is missing; on Debian or Ubuntu: sudo apt install git)
	@[ ! -e "$(OUT)" ] || [ -w "$(OUT)" ] \
	    || $(call stop,The folder $(OUT) is not yours to write: choose another with OUT=.)

# endfeature
##@ Test

PYTEST = $(PY) -m pytest -n auto --maxschedchunk 1
# Without bytecode, each of many processes would compile every test again.
unexport PYTHONDONTWRITEBYTECODE

# feature: template
ifneq ($(ALL),)
test: peers
endif
# endfeature
.PHONY: test
test: .venv/installed ## Run the quick tests (T=tests/login or T='-k word' for a part, ALL=1 for the slow ones too)
	@$(PYTEST) $(if $(ALL),,--quick) $(T)

.PHONY: coverage
coverage: .venv/installed ## Run all tests and show which lines none of them reaches
	@$(PYTEST) --cov

# feature: template
.PHONY: peers
peers: tests/peers/node_modules/.package-lock.json ## Fetch the independent providers that tests sign in with (needs npm)

# Without npm, the tests that need them say so.
tests/peers/node_modules/.package-lock.json: tests/peers/package-lock.json
	@! command -v npm >/dev/null \
	    || { cd tests/peers && npm ci --silent --no-audit --no-fund --ignore-scripts && touch node_modules/.package-lock.json; } \
	    || echo "The peers could not be fetched; their tests will say so." >&2

.PHONY: matrix
matrix: .venv/installed ## Check every selection wholly, and the tutorial from first to last (hours; SEED=7 draws 50 others)
	@GATEHOUSE_MATRIX=1 GATEHOUSE_SEED="$(SEED)" $(PY) -m pytest -n auto --maxschedchunk 1 \
	    tests/template/test_ring.py $(if $(SEED),,tests/template/documents/test_tutorial_run.py) $(T)

.PHONY: newest
# A package may break a generated project while nothing changes here.
newest: .venv/installed ## Test a project on the newest packages (BEYOND=1: also above the upper bounds)
	@scratch=$$(mktemp -d) || exit; trap 'rm -rf "$$scratch"' EXIT; trap 'exit 130' HUP INT TERM; \
	$(PY) -m flask_gatehouse new --out "$$scratch" project_slug=newest features=everything \
	    && cd "$$scratch/newest" \
	    && { [ -z "$(BEYOND)" ] || sed -i.was -E 's/(>=[0-9.]+),<[0-9.]+"/\1"/' pyproject.toml; } \
	    && cp constraints.txt pinned.txt \
	    && $(PIN) --upgrade \
	    && { diff pinned.txt constraints.txt || true; } \
	    && $(MAKE) --no-print-directory lint types test T="$(T)"

.PHONY: instructions
instructions: .venv/installed ## Count the instructions of requests again and store them (needs Valgrind)
	@$(PY) -m bench.instructions --store

.PHONY: mutants
mutants: .venv/installed ## Plant faults in the security code; a test must notice each (ONLY=word for a part)
	@$(PY) -m tests.template.mutants --only "$(ONLY)" $(ARGS)

# endfeature
.PHONY: check
CHECKS := format-check lint types docs test
check: .venv/installed ## Run exactly what CI runs, the slow tests too; go on after a failure
	@failed=; \
	for part in $(CHECKS); do \
	    echo "==> $$part"; began=$$(date +%s); \
	    $(MAKE) --no-print-directory "$$part" ALL=1 || failed="$$failed $$part"; \
	    echo "==> $$part took $$(($$(date +%s) - began)) s"; \
	done; \
	[ -z "$$failed" ] || $(call stop,Failed:$$failed)

.PHONY: format-check
format-check: .venv/installed
	@$(PY) -m ruff format --check .

.PHONY: format
format: .venv/installed ## Put the code into its form
	@$(PY) -m ruff check --fix-only .
	@$(PY) -m ruff format .

.PHONY: lint
lint: .venv/installed ## Look for mistakes
	@$(PY) -m ruff check .

.PHONY: types
# The standard library's types differ: what this Python lets through, the newest may refuse.
types: .venv/installed ## Check the types, as this Python and as the newest one has them
	@$(PY) -m mypy
	@$(PY) -m mypy --python-version 3.14

##@ Work

.PHONY: docs
docs: .venv/installed ## Build the documentation into docs/_build/html, warnings are errors
	@$(PY) -m sphinx --fail-on-warning --keep-going --quiet docs docs/_build/html
	@echo "Built docs/_build/html/index.html"

# feature: template
.PHONY: screenshots
screenshots: .venv/installed ## Take the pictures of README and tutorial again (needs Chromium)
	@$(PY) -m tests.template.documents.screenshots

# endfeature
# feature: accounts
.PHONY: migration
FEATURE_EXISTS := import os; from app.features import FEATURES; exit(os.environ["feature"] not in FEATURES)
migration: .venv/installed ## Write a migration for changed models (feature=accounts m="add a nickname")
	@[ -n "$${feature:-}" ] || $(call stop,Say whose tables change: make migration feature=accounts m=\"add a nickname\")
	@[ -n "$${m:-}" ] || $(call stop,Say what changes: make migration feature=$$feature m=\"add a nickname\")
	@$(PY) -c '$(FEATURE_EXISTS)' || $(call stop,There is no feature $$feature: the names stand in app/features.py.)
	@$(MAKE) --no-print-directory database
	@$(PY) -m flask --app wsgi db migrate --message "$$feature: $$m"
	@$(PY) -m ruff check --fix-only --quiet migrations
	@$(PY) -m ruff format --quiet migrations

# endfeature
ORIGIN := import json; r = json.load(open(".cruft.json")); print(*(r[k] or "" for k in ("template", "commit", "directory")), sep="\n")
# Fetch the template at the commit that `at` names, and hand the project over to its generator.
define generator
[ -f .cruft.json ] || $(call stop,Only a generated project can do this: there is no .cruft.json here.); \
	command -v git >/dev/null || $(call stop,Git is missing; on Debian or Ubuntu: sudo apt install git); \
	scratch=$$(mktemp -d) || exit; trap 'rm -rf "$$scratch"' EXIT; trap 'exit 130' HUP INT TERM; \
	unset $$(git rev-parse --local-env-vars | grep -v CONFIG); \
	$(PY) -c '$(ORIGIN)' >"$$scratch/origin" 2>/dev/null \
	    || $(call stop,.cruft.json cannot be read: take it back from an older commit.); \
	{ read -r template; read -r commit; read -r directory; } <"$$scratch/origin"; \
	template=$${TEMPLATE:-$$template} project=$$PWD at=$${at:-$${commit:-HEAD}}; \
	case $$template in *.zip) $(call stop,The template is a zip: unpack it and say TEMPLATE=folder.);; esac; \
	if [ -e "$$template/.git" ] || ! [ -d "$$template/flask_gatehouse" ]; then \
	    git clone --quiet --no-checkout -- "$$template" "$$scratch/template" \
	        || $(call stop,The template cannot be fetched: TEMPLATE= names another address or folder.); \
	    git -C "$$scratch/template" checkout --quiet --detach "$$at" 2>/dev/null \
	        || git -C "$$scratch/template" checkout --quiet --detach "origin/$$at" 2>/dev/null \
	        || $(call stop,The template has no commit $$at: TEMPLATE= names another one.); \
	    template=$$scratch/template/$$directory; \
	fi; \
	[ -f "$$template/flask_gatehouse/$$needed.py" ] \
	    || $(call stop,The template at $$template cannot $$needed: TEMPLATE= names another one.); \
	base=$${BASE:+$$(cd "$$BASE" && pwd)} || exit; \
	cd "$$template" && "$$project/$(PY)" -B -m flask_gatehouse
endef

.PHONY: add
# The template is taken as it was when this project was made: the feature comes and nothing newer.
add: | $(PY) ## Bring in one more feature of the template (feature=NAME)
	@[ -n "$${feature:-}" ] || $(call stop,Say which feature comes in: make add feature=NAME)
	@needed=add; $(generator) add --project "$$project" -- "$$feature"

.PHONY: feature
feature: .venv/installed ## Write a feature of your own, working from the start (name=invoices)
	@[ -n "$${name:-}" ] || $(call stop,Say what it is called: make feature name=invoices)
	@needed=feature; $(generator) feature --project "$$project" --one "$${one:-}" -- "$$name"
	@$(PY) -m ruff check --fix-only --quiet "app/$$name" "tests/$$name"
	@$(PY) -m ruff format --quiet "app/$$name" "tests/$$name" migrations/versions

.PHONY: update
update: | $(PY) ## Take over what is new in the template (TO=tag for a state of it)
	@needed=update at=$${TO:-HEAD}; $(generator) update --project "$$project" $${base:+--base "$$base"}

.PHONY: relink
relink: | $(PY) ## Mend the chain of migrations after `cruft update` (since=COMMIT if committed)
	@needed=relink; $(generator) relink --project "$$project" --since "$${since:-HEAD}"

# feature: template
PIN = $(uv) pip compile pyproject.toml --quiet --universal --all-extras --no-header \
	--no-annotate --no-emit-index-url --output-file constraints.txt
.PHONY: constraints
constraints: | $(PY) ## Pin what pyproject.toml asks for (ARGS=--upgrade renews every pin)
	@$(PIN) $(ARGS)

# endfeature
.PHONY: clean
clean: ## Remove what can be made again; .env and the database stay
	@rm -rf .venv .*_cache .hypothesis .coverage* htmlcov docs/_build build *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- Set-up, done again only when its causes have changed -----------------------------------------

$(PY):
	@$(writable)
	@command -v "$(PYTHON)" >/dev/null \
	    || $(call stop,$(PYTHON) is missing: install Python 3.11 or newer; PYTHON= names another one.)
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || $(call stop,Python 3.11 or newer is needed; PYTHON=python3.12 chooses another one.)
	@rm -rf .venv; began=$$(date +%s); \
	if [ -n "$(UV)" ] && { $(UVENV) --seed || $(UVENV); } >/dev/null 2>&1 \
	    || { "$(PYTHON)" -c 'import venv, ensurepip' && "$(PYTHON)" -m venv --clear .venv; } 2>/dev/null; \
	then $(call took,Made .venv); else rm -rf .venv; \
	    $(call stop,Python's venv module is missing; on Debian or Ubuntu: sudo apt install python3-venv); \
	fi

# An environment that `uv sync` or an editor has made, with every package, is taken as it is.
COMPLETE := import re, tomllib; from importlib.metadata import version; \
	project = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
	wanted = [project["name"], *project["dependencies"], *project["optional-dependencies"]["dev"]]; \
	[version(re.match(r"[\w.-]+", one)[0]) for one in wanted]
PACKAGES = --constraint constraints.txt --editable ".[dev]"

.venv/installed: pyproject.toml constraints.txt | $(PY)
	@$(writable)
	@{ [ ! -e $@ ] && $(PY) -c '$(COMPLETE)' 2>/dev/null; } || { \
	    echo "Installing the packages into .venv ..."; began=$$(date +%s); \
	    if $(uv) pip install --quiet --python $(PY) $(PACKAGES) \
	        || { $(pip) install --quiet --quiet $(PACKAGES); }; \
	    then $(call took,Installed the packages); else \
	        $(call stop,The packages could not be installed; the lines above say why.); \
	    fi; \
	}
	@touch $@

# Also when the example has grown: a new feature brings settings of its own.
.env: .env.example | .venv/installed
	@[ -e .env ] || $(writable)
	@$(PY) -m app.core.environment
