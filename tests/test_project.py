"""The files around the code agree with it."""

import re
import subprocess
import sys
import tomllib
from itertools import chain

import pytest
import yaml

from tests.project import PROJECT


@pytest.fixture(scope="module")
def pyproject():
    return tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def environment():
    return yaml.safe_load((PROJECT / "environment.yml").read_text(encoding="utf-8"))


def test_the_conda_environment_is_in_step(pyproject, environment):
    conda = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    by_pip = next(entry for entry in environment["dependencies"] if isinstance(entry, dict))["pip"]
    project = pyproject["project"]
    named = {*conda, *by_pip} - {"pip", "--editable .", f"python{project['requires-python']}"}
    assert f"python{project['requires-python']}" in conda
    assert named == set(project["dependencies"])
    assert "--editable ." in by_pip


def _locked():
    lines = (PROJECT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return {line.split("==")[0].replace("_", "-").lower() for line in lines if "==" in line}


def test_the_lock_holds_every_direct_dependency(pyproject):
    project = pyproject["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    names = {entry.split(">")[0].split("=")[0].strip().lower() for entry in wanted}
    assert names <= _locked()


def test_the_lock_names_no_host():
    text = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text


def _expanded(name):
    group = re.fullmatch(r"(.*)\{(.*)\}(.*)", name)
    return [group[1] + part + group[3] for part in group[2].split(",")] if group else [name]


def test_raw_data_has_a_line_of_provenance_for_each_file():
    raw = PROJECT / "data/raw"
    readme = (raw / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+\.csv)` \|", readme, re.MULTILINE)
    named = [name for row in rows for name in _expanded(row)]
    there = [path.relative_to(raw).as_posix() for path in raw.rglob("*.csv")]
    assert sorted(named) == sorted(there)


def test_importing_the_toolkit_loads_nothing_heavy():
    code = "import sys, toolkit; print(sorted({'pandas', 'numpy', 'duckdb'} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_every_public_name_can_be_had():
    import toolkit

    for name in toolkit.__all__:
        assert getattr(toolkit, name) is not None
