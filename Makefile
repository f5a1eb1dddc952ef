# make reports  sets everything up and renders every report from the shipped data
# make test     sets everything up and runs all checks and tests
# make lab      opens JupyterLab at the first notebook
# make docs     builds the site into docs/_build/html
PYTHON ?= python3
BIN := .venv/bin
EXTRAS := dask,dev,docs,fixest,pdf,rd,spark

.PHONY: reports data test check lab docs lock clean

reports: data
	$(BIN)/toolkit batch

data: data/processed/.made

# Made anew where a raw file or the toolkit's source is newer, and not each time that a lab opens.
data/processed/.made: .venv/.reports $(shell find data/raw toolkit -name __pycache__ -prune -o -type f -print)
	$(BIN)/toolkit clean
	$(BIN)/toolkit simulate data/processed/simulated --random-state 2024 --existing replace
	touch $@

test: .venv/.tests check
	$(BIN)/python -m pytest -n auto --dist worksteal

check: .venv/.tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lab: data
	$(BIN)/jupyter lab --notebook-dir=. notebooks/start_here.ipynb

docs: .venv/.tests
	$(BIN)/sphinx-build -W --keep-going -b html docs docs/_build/html

# Every version is held by requirements.lock; the editable install adds none of its own.
.venv/.reports: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable . --constraint requirements.lock
	touch $@

.venv/.tests: .venv/.reports tests/install-system-packages
	tests/install-system-packages
	$(BIN)/python -m pip install --quiet --editable '.[$(EXTRAS)]' --constraint requirements.lock
	touch $@

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --upgrade --no-header --no-annotate --quiet --output-file requirements.lock

clean:
	rm -rf .venv reports data/processed docs/_build docs/reference/generated
