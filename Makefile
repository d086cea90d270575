# make run    the shop on http://127.0.0.1:8000 (PORT, HOST, DATABASE_URL, INSTANCE and PUBLIC_URL are honoured)
# make test   every test; ARGS="-k order" narrows them
# make fuzz   histories of a shop that nobody has seen, for hours; FUZZ_HISTORIES=20000 says how many
# make check  ruff, mypy and the laws of the house

# The first Python here that is new enough: a name on the PATH may be a shim that runs nothing.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
LOCK := $(if $(filter postgres%,$(DATABASE_URL)),postgres,run)
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes
CATALOGS := $(wildcard app/translations/*/LC_MESSAGES/messages.po)

.PHONY: run test fuzz check lock translations
.SILENT:
# Catalogs are compiled by what the lock installs.
.NOTPARALLEL:

run: .venv/$(LOCK).stamp .venv/catalogs.stamp
	exec $(BIN)/python -m flask --app wsgi serve

test: .venv/test.stamp .venv/catalogs.stamp
	$(BIN)/python -m pytest -q -n 3 --dist loadgroup $(ARGS)

fuzz: .venv/test.stamp .venv/catalogs.stamp
	FUZZ_HISTORIES=$(or $(FUZZ_HISTORIES),20000) $(BIN)/python -m pytest -q -n 2 tests/settlement/test_histories.py $(ARGS)

check: .venv/test.stamp .venv/catalogs.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check -q .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_architecture.py

.venv/bin/python:
	test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Tengka needs Python 3.11 or newer, and found $$("$(or $(PYTHON),python3)" -V 2>&1)."; exit 1; }
	test -w . || { echo "The folder $$(pwd) cannot be written; Tengka keeps its environment in it."; exit 1; }
	echo "Preparing a virtual environment, once ..."
	"$(PYTHON)" -m venv .venv || \
	  { rm -rf .venv; echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }

.venv/%.stamp: locks/%.txt .venv/bin/python
	echo "Installing packages ..."
	$(PIP) -r $< || \
	  { echo "The packages could not be installed; the lines above say why. Then remove .venv and try again."; exit 1; }
	touch $@

.venv/catalogs.stamp: $(CATALOGS) .venv/bin/python
	ls .venv/*.stamp >/dev/null 2>&1 || { echo "Packages are missing; remove .venv and try again."; exit 1; }
	for catalog in $(CATALOGS); do $(BIN)/pybabel -q compile -i $$catalog -o $${catalog%.po}.mo || exit 1; done
	touch $@

translations: .venv/test.stamp
	$(BIN)/pybabel -q extract -F babel.cfg -k _ -k N_ -k lazy_gettext --no-location --sort-output --width 130 -o .venv/messages.pot .
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --width 130 -i .venv/messages.pot -d app/translations -l zh_Hans_CN
	sed -i.bak -E '/^"(Report-Msgid|POT-Creation|PO-Revision|Last-Translator|Language-Team|Generated-By)/d; 1{/^$$/d;}' $(CATALOGS)
	rm -f $(CATALOGS:=.bak)

lock: .venv/test.stamp
	$(BIN)/python -m pip install --quiet uv
	for name in run postgres test; do \
	  case $$name in run) extras= ;; postgres) extras="--extra postgres" ;; test) extras="--extra postgres --extra test" ;; esac; \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate $$extras $(UPGRADE) -o locks/$$name.txt pyproject.toml || exit 1; \
	done
