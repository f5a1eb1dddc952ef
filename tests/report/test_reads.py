"""What a notebook reads stands in its manifest, whether a parameter names it or not."""

import json
import shutil

import pytest

from tests.report.making import code
from toolkit.report.batch import render_batch
from toolkit.report.inputs import READS
from toolkit.report.plan import read_plan
from toolkit.report.render import make_report
from toolkit.report.resume import out_of_date

READING = """
import os, pathlib, shutil
import toolkit as tk
tk.as_pandas("../data/table.csv")
print(open("../data/plain.txt").read(), pathlib.Path("../data/bytes.bin").read_bytes())
import beside
pathlib.Path("../data/made-here.txt").write_text("own")
pathlib.Path("../data/made-here.txt").read_text()
"""
READ = [
    "data/bytes.bin",
    "data/plain.txt",
    "data/table.csv",
    "notebooks/beside.py",
]


@pytest.fixture
def project(tmp_path, write_notebook):
    write_notebook(
        "notebooks/n.ipynb", code("p", "level: float = 0.95", "parameters"), code("r", READING)
    )
    data = tmp_path / "data"
    data.mkdir()
    (data / "table.csv").write_text("region,ratio\nHunan,1\n")
    (data / "plain.txt").write_text("text")
    (data / "bytes.bin").write_bytes(b"\x00")
    (tmp_path / "notebooks" / "beside.py").write_text("")
    (tmp_path / "reports.toml").write_text('[[report]]\nnotebook = "notebooks/n.ipynb"\n')
    return tmp_path


def inputs(report):
    return json.loads(report.manifest.read_text(encoding="utf-8"))["inputs"]


@pytest.mark.slow
def test_a_changed_file_that_no_parameter_names_is_named_and_the_report_made_again(project):
    plan = read_plan(project / "reports.toml")
    (first,) = render_batch(plan, out=project / "out", jobs=1).made
    assert [entry["path"] for entry in inputs(first)] == READ
    crate = (project / "out" / "n" / "ro-crate-metadata.json").read_text()
    assert all(f'"{path}"' in crate for path in READ)
    assert render_batch(plan, out=project / "out", jobs=1).reasons == {"n": ()}

    (project / "data" / "table.csv").write_text("region,ratio\nHunan,2\n")
    (project / "notebooks" / "beside.py").write_text("changed = True\n")
    again = render_batch(plan, out=project / "out", jobs=1)
    assert [str(reason) for reason in again.reasons["n"]] == [
        "data: data/table.csv changed",
        "data: notebooks/beside.py changed",
    ]
    assert [entry["path"] for entry in inputs(again.made[0])] == READ
    assert not any(out_of_date(plan, out=project / "out").values())


@pytest.mark.slow
def test_a_plain_kernel_tells_the_same(project):
    (job,) = read_plan(project / "reports.toml").jobs
    forked = make_report(job, out=project / "forked")
    held = json.loads(job.notebook.read_text())
    held["metadata"]["toolkit"] = {"kernel": "plain"}
    job.notebook.write_text(json.dumps(held))
    shutil.rmtree(project / "notebooks" / "__pycache__", ignore_errors=True)
    plain = make_report(job, out=project / "plain")
    assert inputs(forked) == inputs(plain)
    assert [entry["path"] for entry in inputs(plain)] == READ
    engine = json.loads(plain.manifest.read_text())["engine"]
    assert (engine["kernel"], engine.keys()) == ("plain", {"kernel", "random_state", "reason"})


@pytest.mark.slow
def test_a_notebook_that_closes_the_log_is_not_hurt_by_it(tmp_path, write_notebook):
    closing = "import os\nos.closerange(60, 256)\nopen('a.txt', 'w').close(); open('a.txt').read()"
    path = write_notebook("n.ipynb", code("c", closing), code("d", "open('n.ipynb').read(1)"))
    (tmp_path / "reports.toml").write_text('[[report]]\nnotebook = "n.ipynb"\n')
    assert path.is_file()
    report = make_report(read_plan(tmp_path / "reports.toml").jobs[0], out=tmp_path / "out")
    assert report.status == "made"


def test_the_log_is_named_for_kernels_alone():
    from pathlib import Path

    from toolkit.report.kernels.surroundings import environment

    assert READS not in environment()
    assert environment(Path("/s"))[READS] == str(Path("/s/reads.log"))
