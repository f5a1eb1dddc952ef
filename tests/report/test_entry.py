import json
import subprocess
import sys

import pytest

from tests.report.making import code, notebook


@pytest.mark.parametrize("first", ["papermill", "toolkit.report.kernels.engine"])
def test_papermill_and_the_engine_can_be_imported_in_either_order(first):
    check = (
        f"import {first}, papermill.engines as e; print(e.papermill_engines.get_engine('toolkit'))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True
    )
    assert "toolkit.report." in shown.stdout


@pytest.mark.slow
def test_plain_papermill_runs_a_notebook_by_the_engine(tmp_path):
    cells = (code("p", "months: int = 24", "parameters"), code("t", "print(months + 1)"))
    source, target = tmp_path / "a.ipynb", tmp_path / "b.ipynb"
    source.write_text(json.dumps(notebook(*cells)), encoding="utf-8")
    command = [sys.executable, "-m", "papermill", "-k", "python3", "-l", "python"]
    command += ["--engine", "toolkit", "-p", "months", "30"]
    subprocess.run([*command, str(source), str(target)], check=True, capture_output=True)
    outputs = [cell.get("outputs") for cell in json.loads(target.read_text())["cells"]]
    assert outputs[-1][0]["text"] in ("31\n", ["31\n"])
