import asyncio
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.report.making import code, prose
from tests.report.test_page import read
from toolkit.errors import DataError, OptionError, ReportError
from toolkit.report.plan import Job
from toolkit.report.render import make_report, render_report

FIGURE = """
import matplotlib
matplotlib.rcParams["svg.hashsalt"] = "same"
from matplotlib import pyplot
pyplot.plot([1, 3, 2]);
"""
TABLE = """
from IPython.display import display
display(
    {
        "text/csv": f"region,ratio\\n{region},6.238\\n",
        "text/html": f"<table><tr><td>{region}</td></tr></table>",
        "application/vnd.toolkit.key+json": {"R&D ratio": "6.238"},
    },
    raw=True,
)
"""
CELLS = (
    code("parameters", 'region: str = "Hunan"\nsince: "date | None" = None', "parameters"),
    code("title", 'from IPython.display import Markdown\nMarkdown(f"# R&D money in {region}")'),
    code("rd-ratio", TABLE),
    prose("about", "## The curve"),
    code("curve", FIGURE),
    code("chance", "import warnings\nwarnings.warn(f'{set(region)}')\nobject()"),
)


def source_of(notebook, cell_id):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    (cell,) = [cell for cell in cells if cell["id"] == cell_id]
    return "".join(cell["source"])


def printed(notebook):
    """All that the cells of an executed notebook printed."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    return "".join("".join(output.get("text", "")) for output in outputs)


def test_parameters_are_refused_before_anything_runs(write_notebook, tmp_path):
    path = write_notebook("a.ipynb", *CELLS)
    with pytest.raises(OptionError, match=r"has no parameter 'regoin'\. Did you mean 'region'\?"):
        render_report(path, {"regoin": "Hunan"}, out=tmp_path / "out")
    with pytest.raises(OptionError, match=r"'region': 7 is not str\. Give text, in quotes\.$"):
        render_report(path, {"region": 7}, out=tmp_path / "out")
    with pytest.raises(DataError, match=r"b\.ipynb does not exist\. Did you mean 'a\.ipynb'\?"):
        render_report(tmp_path / "b.ipynb", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "../"}, "'../' cannot name a report. Use letters or digits."),
        ({"timeout": 0}, "timeout is in seconds, above 0; got 0. Leave it out for none."),
    ],
)
def test_options_that_cannot_be_meant_are_refused(write_notebook, tmp_path, options, message):
    path = write_notebook("a.ipynb", *CELLS)
    with pytest.raises(OptionError) as refused:
        render_report(path, out=tmp_path, **options)
    assert str(refused.value) == message


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """One notebook rendered twice, to two places, with other surroundings the second time."""
    place = tmp_path_factory.mktemp("twice")
    path = place / "notebooks" / "regional.ipynb"
    path.parent.mkdir()
    cells = {"cells": CELLS, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(cells), encoding="utf-8")
    given = {"region": "湖南", "since": "2013-01-01"}
    with pytest.MonkeyPatch.context() as patch:
        first = render_report(path, given, out=place / "1")
        patch.setenv("MPLBACKEND", "agg")
        patch.setenv("PYTHONHASHSEED", "77")
        patch.setenv("TZ", "Asia/Shanghai")
        second = render_report(path, given, out=place / "2")
    return first, second


@pytest.mark.slow
def test_a_report_has_page_notebook_tables_and_figures(twice):
    report, _ = twice
    assert (report.name, report.title, report.status) == (
        "regional-湖南-2013-01-01",
        "R&D money in 湖南",
        "made",
    )
    assert report.error is None
    assert report.parameters == {"region": "湖南", "since": "2013-01-01"}
    assert report.key_figures == {"R&D ratio": "6.238"}
    (table,) = report.tables
    assert table == report.out / report.name / "tables" / "rd-ratio.csv"
    assert table.read_text(encoding="utf-8") == "region,ratio\n湖南,6.238\n"
    assert [path.name for path in report.figures] == ["curve.png", "curve.svg"]
    assert report.figures[0].read_bytes().startswith(b"\x89PNG")
    assert "<svg" in report.figures[1].read_text(encoding="utf-8")
    made = {str(path.relative_to(report.out)) for path in report.out.rglob("*") if path.is_file()}
    assert made == {
        *report.files,
        f"{report.name}/manifest.json",
        f"{report.name}/ro-crate-metadata.json",
    }


@pytest.mark.slow
def test_the_page_stands_alone(twice):
    report, _ = twice
    page = report.html.read_text(encoding="utf-8")
    resources = read(page)
    assert [source.partition(",")[0] for source in resources.fetched] == [
        "data:image/svg+xml;base64"
    ]
    (figure,) = [attributes for tag, attributes in resources.tags if tag == "img"]
    assert figure["alt"] == "The curve"
    assert "<h1" in page
    assert "region,ratio\n湖南" not in page


@pytest.mark.slow
def test_the_parameters_stand_in_a_cell_of_their_own(twice):
    report, _ = twice
    assert source_of(report.notebook, "injected-parameters") == (
        "# Parameters\nregion = '湖南'\nsince = __import__(\"datetime\").date(2013, 1, 1)"
    )


@pytest.mark.slow
def test_two_runs_give_the_same_bytes(twice):
    first, second = twice
    for name in first.files:
        assert (first.out / name).read_bytes() == (second.out / name).read_bytes(), name
    records = [json.loads(report.manifest.read_text()) for report in twice]
    for record in records:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", record.pop("started"))
        assert record.pop("seconds") > 0
    assert records[0] == records[1]


@pytest.mark.slow
def test_nothing_in_the_files_tells_time_place_or_process(twice):
    report, _ = twice
    executed = report.notebook.read_text(encoding="utf-8")
    for word in ("start_time", "duration", "iopub", "ipykernel_", str(report.out.parent)):
        assert word not in executed
    assert str(report.out.parent) not in report.manifest.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_failure_is_raised_after_the_report_is_kept(write_notebook, tmp_path):
    path = write_notebook(
        "bad.ipynb",
        prose("t", "# Bad"),
        code("boom", "print('before')\nraise ValueError('no region')"),
        code("after", "print('never')"),
    )
    with pytest.raises(ReportError) as failed:
        render_report(path, out=tmp_path / "out")
    out = tmp_path / "out"
    assert str(failed.value) == (
        f"{path} stopped at cell 'boom': ValueError: no region. What it said until then is in "
        f"{out}/bad.html, the notebook in {out}/bad.ipynb."
    )
    assert '<section id="boom" class="failed">' in (out / "bad.html").read_text()
    assert printed(out / "bad.ipynb") == "before\n"
    assert "papermill-error" not in (out / "bad.ipynb").read_text()
    assert "before" in (out / "bad/log.txt").read_text()
    record = json.loads((out / "bad/manifest.json").read_text())
    assert record["status"] == "failed"
    assert record["error"] == {"kind": "ValueError", "message": "no region", "cell": "boom"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("import os; os._exit(1)", "DeadKernelError"),
        ("import time; time.sleep(60)", "CellTimeoutError"),
    ],
)
def test_a_dead_or_endless_cell_fails_like_any_other(write_notebook, tmp_path, source, kind):
    path = write_notebook("a.ipynb", code("fine", "1"), code("bad", source), code("after", "1"))
    clock = time.monotonic()
    report = make_report(Job(name="a", notebook=path, timeout=1.5), out=tmp_path / "out")
    assert (report.status, report.error.kind, report.error.cell) == ("failed", kind, "bad")
    assert '<section id="bad" class="failed">' in report.html.read_text()
    assert time.monotonic() - clock < 40


@pytest.mark.slow
def test_a_kernel_that_does_not_start_is_a_failure(write_notebook, tmp_path, monkeypatch):
    path = write_notebook("a.ipynb", prose("t", "# Title"), code("x", "1"))
    monkeypatch.setattr(sys, "executable", "/bin/false")
    report = make_report(Job(name="a", notebook=path), out=tmp_path / "out")
    assert (report.status, report.error.kind, report.error.cell) == ("failed", "RuntimeError", None)
    assert "This report stopped." in report.html.read_text()
    assert "x" in report.notebook.read_text()


@pytest.mark.slow
def test_the_notebook_runs_in_its_own_folder_in_the_running_python(write_notebook, tmp_path):
    """Neither a registered kernel nor the user's profile, path or folder has a say."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "data.txt").write_text("read from beside the notebook")
    path = write_notebook(
        "notebooks/a.ipynb",
        code(
            "where",
            "import sys, atexit\n"
            "print(open('data.txt').read(), sys.executable, 'spoilt' in globals())\n"
            "_ = atexit.register(lambda: open('left.txt', 'w').write('in peace'))",
        ),
    )
    kernel = tmp_path / "jupyter" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text('{"argv": ["false"], "display_name": "x", "language": "python"}')
    startup = tmp_path / "ipython" / "profile_default" / "startup" / "spoil.py"
    startup.parent.mkdir(parents=True)
    startup.write_text("spoilt = True")
    script = (
        "from toolkit.report.render import render_report; "
        f"print(render_report({str(path)!r}, out={str(tmp_path / 'out')!r}).notebook)"
    )
    surroundings = {
        "HOME": str(tmp_path),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "JUPYTER_PATH": str(tmp_path / "jupyter"),
        "PATH": os.defpath,
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=tmp_path,
        env=surroundings,
        capture_output=True,
        text=True,
        check=True,
    )
    executed = Path(done.stdout.strip())
    assert printed(executed) == f"read from beside the notebook {sys.executable} False\n"
    assert done.stderr == ""
    assert (tmp_path / "notebooks" / "left.txt").read_text() == "in peace"


@pytest.mark.slow
def test_a_report_can_be_made_of_a_report_from_within_a_notebook(write_notebook, tmp_path):
    """There, an event loop is running already; here, parameters were injected before."""
    path = write_notebook(
        "a.ipynb",
        code("p", "n = 1", "parameters"),
        code("injected-parameters", "n = 2", "injected-parameters"),
        code("a", "print(n)"),
    )

    async def cell():
        return render_report(path, {"n": 3}, out=tmp_path / "out")

    assert printed(asyncio.run(cell()).notebook) == "3\n"


@pytest.mark.slow
def test_nothing_is_left_open_or_lying_about(write_notebook, tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    path = write_notebook("a.ipynb", code("a", "1"))
    job = Job(name="a", notebook=path)

    def handles():
        make_report(job, out=tmp_path / "out")
        return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self").exists() else 0

    first = handles()
    assert handles() <= first
    assert list(scratch.iterdir()) == []
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"a", "a.html", "a.ipynb"}
