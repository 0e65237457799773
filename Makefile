# `make start` opens the workbook, `make test` checks everything. Both set up .venv the first time.
PYTHON ?= python3
# on two cores: a worker waits for browsers and kernels a third of its time
JOBS ?= 3
# a file stays with one worker, and tests/conftest.py orders the files: xdist would, but leaves the longest to the end
SHARED := -n $(JOBS) --dist loadscope --no-loadscope-reorder
START_ARGS ?=
TEST_ARGS ?=
EXAMPLES ?=
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help start test test-full peers gate bench bench-grading examples lint build docs

help:
	@echo "make start      open the workbook in JupyterLab (START_ARGS=--no-browser only prints the address)"
	@echo "make test       every test a change needs (TEST_ARGS='-k pca' runs some of them)"
	@echo "make test-full  the long tests too, and older versions of scikit-learn: tools/full.md, tools/versions.md"
	@echo "make peers      other graders in .peers, with which make test-full then tries our exports"
	@echo "make gate       take every exercise through the whole gate: tools/gate.md"
	@echo "make lint       style, types, layers, spelling, stale notebooks"
	@echo "make build      make and execute the notebooks from notebooks/source"
	@echo "make docs       make the site with every public name: docs/_build/html/index.html"
	@echo "make bench      time what has to be quick"
	@echo "make bench-grading  time the grading of a class, beside other graders (after make peers): benchmarks/grading.txt"
	@echo "make examples   compute the published figures again, five seeds each: docs/examples/RESULTS.md (EXAMPLES=motion: that one)"

start: $(READY)
	$(BIN)/mmlearn-edu start workspace $(START_ARGS)

test: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest $(SHARED) -m "not slow" $(TEST_ARGS)

test-full: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest $(SHARED) -p tools.full_report --full-report tools/full.md $(TEST_ARGS)
	$(BIN)/python tools/try_versions.py

peers: $(READY)
	$(BIN)/python tools/peers.py

gate: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python tools/gate.py --jobs $(JOBS)

bench-grading: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/grading.py

bench: $(READY)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-build-isolation --editable '.[bench]'
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/ratios.py
	$(BIN)/python benchmarks/training.py
	$(BIN)/python benchmarks/growth.py
	$(BIN)/python benchmarks/widgets.py

examples: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python docs/examples/run.py $(EXAMPLES)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/mmlearn-edu build --check

build: $(READY)
	$(BIN)/mmlearn-edu build --execute

docs: $(READY)
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html
	@echo "open docs/_build/html/index.html"

# The stamp is written last: a set-up that was cut short starts again, a finished one needs no network.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, and $(PYTHON) is " + sys.version.split()[0] + "; say where it is: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt hatchling
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-build-isolation --editable '.[test]'
	$(BIN)/python -m compileall -q mmlearn_edu  # as pip does with what it copies; every kernel starts the sooner
	@touch $@
