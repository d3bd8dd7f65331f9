# Two commands do all set-up: `make demo` and `make test`. Everything else here serves them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.built

# Compiled modules are kept: the tests start the program again and again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test soak bench lint lock clean browser screenshots

demo: $(STAMP)
	$(BIN)/brygga demo --package 800 --mistakes

test: $(STAMP) lint browser
	$(BIN)/python -m pytest -n 3

bench: $(STAMP)
	$(BIN)/brygga bench

# As many seeds as wanted, on all processors: a hundred orders among faults with each of them; then a tenth of them in the other
# stories in which each seed has faults of its own, a thousandth in every story, a few in the months, and random histories.
# What is broken off goes on where it was; what broke is played again: make soak SEEDS=10000, with MINUTES=60 at most so long
# for each of the first four.
SEEDS   ?= 1000
MINUTES ?= 0
SOAKED  := every_kind_of_order_change_and_person_at_once \
           a_day_of_goods_and_statuses_among_faults_of_every_kind a_short_day_in_any_weather
SOAK     = $(BIN)/brygga replay --jobs $$(nproc) --minutes $(MINUTES) --kept build/soak.jsonl

soak: $(STAMP)
	failed=0; \
	$(SOAK) a_hundred_orders_among_faults_of_every_kind --seeds 1..$(SEEDS) || failed=1; \
	$(SOAK) $(SOAKED) --seeds 1..$$(( 1 + $(SEEDS) / 10 )) || failed=1; \
	$(SOAK) scenarios/stories --seeds 1..$$(( 1 + $(SEEDS) / 1000 )) || failed=1; \
	$(SOAK) scenarios/stories/long --seeds 1..$$(( 1 + $(SEEDS) / 5000 )) || failed=1; \
	BRYGGA_HISTORIES=$$(( 1 + $(SEEDS) / 50 )) $(BIN)/python -m pytest -q tests/scenarios/test_histories.py || failed=1; \
	exit $$failed

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The tests of the admin drive Debian's Chromium. Where it cannot be had they are skipped, and say so.
browser:
	@{ command -v chromium && command -v chromedriver; } >/dev/null || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -q && \
	    apt-get install -y -q --no-install-recommends chromium chromium-driver; } || \
	  echo "Chromium is not here: what is tested in it will be skipped. Install it with 'apt install chromium chromium-driver'"

# Pictures of the admin's pages for the documents.
screenshots: $(STAMP) browser
	$(BIN)/python -m tests.admin.screenshots docs/admin
	$(BIN)/python -m tests.admin.screenshots_orders docs/admin
	$(BIN)/python -m tests.admin.screenshots_setup docs/admin
	$(BIN)/python -m tests.admin.screenshots_goods docs/admin

# The environment is made anew when the lock list or the package's description has changed.
# Debian splits venv out of python3; where it is missing it is installed (as root) or asked for by name.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Brygga needs Python 3.11 or later: apt install python3, or name one: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { [ "$$(id -u)" = 0 ] && apt-get update -q && apt-get install -y -q python3-venv; } || \
	  { echo "Python's venv is missing: install it with 'apt install python3-venv'"; exit 1; }
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

# The list names packages and hashes alone: where they are fetched from is each machine's own matter.
lock:
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install -q pip-tools
	$(VENV)-lock/bin/pip-compile -q --upgrade --allow-unsafe --generate-hashes --strip-extras --no-header --extra dev \
	  -o requirements.lock pyproject.toml requirements.in
	sed -i '/^--/d' requirements.lock
	rm -rf $(VENV)-lock

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .hypothesis
