import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.report.making import code, prose
from toolkit.errors import OptionError
from toolkit.report import workers
from toolkit.report.batch import render_batch
from toolkit.report.environment import environment
from toolkit.report.plan import Job, Plan, read_plan
from toolkit.report.resume import out_of_date

PLAN = """
[[report]]
notebook = "notebooks/regional.ipynb"
name = "regional-{region}"
group = "Provinces"
[report.grid]
region = ["Hunan", "Atlantis"]

[[report]]
notebook = "notebooks/national.ipynb"
"""
REGIONAL = (
    'from IPython.display import Markdown\nassert region != "Atlantis", "no such region"\n'
    'Markdown(f"# {region}")'
)


@pytest.fixture
def plan_file(tmp_path, write_notebook):
    write_notebook(
        "notebooks/regional.ipynb", code("p", 'region: str = ""', "parameters"), code("r", REGIONAL)
    )
    write_notebook("notebooks/national.ipynb", prose("t", "# The nation"), code("a", "1"))
    path = tmp_path / "reports.toml"
    path.write_text(PLAN)
    return path


@pytest.mark.slow
def test_one_failure_never_stops_the_rest(plan_file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    finished = []
    done = render_batch("reports.toml", out="out", jobs=2, progress=finished.append)
    out = tmp_path / "out"
    assert [report.name for report in done.reports] == [
        "regional-hunan",
        "regional-atlantis",
        "national",
    ]
    assert [report.title for report in done.made] == ["Hunan", "The nation"]
    assert [report.name for report in done.failed] == ["regional-atlantis"]
    assert {report.name for report in finished} == {report.name for report in done.reports}
    assert all(report.html.parent == out for report in done.reports)
    assert all(report.html.is_file() for report in done.reports)
    first, second = done.summary().splitlines()
    assert first == f"2 of 3 reports made in {done.seconds:.1f} s, 1 failed."
    assert second == "  regional-atlantis, cell 'r': AssertionError: no such region"
    index = done.index.read_text(encoding="utf-8")
    assert 'href="regional-atlantis/log.txt"' in index
    assert 'href="national.html"' in index
    record = json.loads((out / "manifest.json").read_text())
    assert record["counts"] == {"reports": 3, "made": 2, "failed": 1}


@pytest.mark.slow
def test_a_part_is_made_again_and_the_index_keeps_the_rest(plan_file, tmp_path):
    plan = read_plan(plan_file)
    render_batch(plan.select("*hunan"), out=tmp_path / "out", jobs=1)
    before = (tmp_path / "out" / "regional-hunan.html").stat().st_mtime_ns
    done = render_batch(plan.select("national"), out=tmp_path / "out", jobs=1)
    assert [report.name for report in done.reports] == ["national"]
    index = done.index.read_text(encoding="utf-8")
    assert "2 of 2 reports are whole." in index
    assert index.index("regional-hunan.html") < index.index("national.html")
    assert (tmp_path / "out" / "regional-hunan.html").stat().st_mtime_ns == before

    overview = ("index.html", "manifest.json", "ro-crate-metadata.json")
    unmoved = {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in overview}
    again = render_batch(plan.select("national"), out=tmp_path / "out", progress=pytest.fail)
    assert again.summary() == (
        f"0 of 1 reports made in {again.seconds:.1f} s, 1 up to date, 0 failed."
    )
    assert (again.reports, again.kept, again.reasons) == (
        done.reports,
        done.reports,
        {"national": ()},
    )
    assert {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in overview} == unmoved
    assert (tmp_path / "out" / "national" / "ro-crate-metadata.json").is_file()

    every = render_batch(plan.select("national"), out=tmp_path / "out", jobs=1, resume=False)
    assert [str(reason) for reason in every.reasons["national"]] == ["report: asked for again"]
    for file in every.reports[0].files:
        assert file in done.reports[0].files


def test_a_plan_is_checked_in_whole_before_anything_runs(plan_file, tmp_path):
    plan_file.write_text(PLAN + "[report.parameters]\nregion = 1")
    with pytest.raises(OptionError, match=r"report 2: .*national\.ipynb has no parameter 'region'"):
        render_batch(plan_file, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_no_workers_are_refused(plan_file, tmp_path):
    with pytest.raises(OptionError) as refused:
        render_batch(plan_file, out=tmp_path / "out", jobs=0)
    assert str(refused.value) == ("jobs is the number of reports at a time; got 0. Give 1 or more.")


def test_what_goes_wrong_around_a_notebook_is_a_failed_report(tmp_path):
    """The notebook is gone since the plan was checked."""
    plan_path = tmp_path / "reports.toml"
    plan_path.write_text("")
    job = Job(name="gone", notebook=tmp_path / "gone.ipynb", parameters={"n": 1}, group="G")
    plan = Plan(path=plan_path, jobs=(job,), names=("gone",))
    done = render_batch(plan, out=tmp_path / "out", jobs=1)
    (report,) = done.failed
    assert (report.title, report.group, report.error.kind) == ("gone", "G", "FileNotFoundError")
    assert report.files == ()
    assert "1 failed:" in done.index.read_text()


def _die(job, out, scratch, template):
    if job.name == "killer":
        os.kill(os.getpid(), signal.SIGKILL)
    return workers._unmade(job, out, workers.Failure(kind="Ran", message=""))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_worker_that_is_killed_does_not_lose_the_batch(tmp_path, monkeypatch):
    plan_path = tmp_path / "reports.toml"
    plan_path.write_text("")
    names = ("killer", "other")
    jobs = tuple(Job(name=name, notebook=tmp_path / "a.ipynb") for name in names)
    monkeypatch.setattr(workers, "_make", _die)
    done = render_batch(Plan(path=plan_path, jobs=jobs, names=names), out=tmp_path / "out", jobs=2)
    assert [report.name for report in done.reports] == ["killer", "other"]
    assert [report.error.kind for report in done.reports] == ["TerminatedWorkerError", "Ran"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("jobs", "ended_by", "exit_code"),
    [(1, signal.SIGINT, 130), (2, signal.SIGINT, 130), (2, signal.SIGTERM, 143)],
)
def test_an_interrupt_ends_the_kernels_and_keeps_what_is_done(
    tmp_path, write_notebook, jobs, ended_by, exit_code
):
    sleep = (
        "import os, time, pathlib\n"
        "if seconds: pathlib.Path('pid').write_text(str(os.getpid())); time.sleep(seconds)"
    )
    write_notebook("slow.ipynb", code("p", "seconds: int = 0", "parameters"), code("s", sleep))
    (tmp_path / "reports.toml").write_text(
        '[[report]]\nnotebook = "slow.ipynb"\n[report.grid]\nseconds = [0, 600]'
    )
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    command = [sys.executable, "-m", "toolkit", "batch", "--jobs", str(jobs), "--out", "out"]
    # A shell that runs this in the background has it ignore interrupts, and what it starts too.
    listens = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        env=os.environ | {"TMPDIR": str(scratch)},
        start_new_session=True,
        stderr=subprocess.PIPE,
        text=True,
    )
    signal.signal(signal.SIGINT, listens)
    waited_for = [tmp_path / "out" / "slow-0.html", tmp_path / "pid"]
    deadline = time.monotonic() + 120
    while not all(path.exists() and path.read_bytes() for path in waited_for):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.1)
    if ended_by == signal.SIGINT:  # a terminal sends it to every process of the command
        os.killpg(process.pid, ended_by)
    else:
        process.send_signal(ended_by)
    _, said = process.communicate(timeout=30)
    assert process.returncode == exit_code
    assert "Traceback" not in said
    assert _is_gone(int((tmp_path / "pid").read_text()))
    assert _is_gone(process.pid, ask=os.killpg)  # its workers too
    assert not list(scratch.glob("toolkit-*"))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "index.html",
        "manifest.json",
        "ro-crate-metadata.json",
        "slow-0",
        "slow-0.html",
        "slow-0.ipynb",
    ]
    record = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert record["counts"] == {"reports": 1, "made": 1, "failed": 0}
    assert "1 of 1 reports are whole." in (tmp_path / "out" / "index.html").read_text()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_batch_that_is_killed_loses_nothing_finished(tmp_path, write_notebook):
    sleep = (
        "import time, pathlib\n"
        "if step and not pathlib.Path('go').exists(): pathlib.Path('at').touch(); time.sleep(600)\n"
        "step"
    )
    write_notebook("slow.ipynb", code("p", "step: int = 0", "parameters"), code("s", sleep))
    path = tmp_path / "reports.toml"
    path.write_text('[[report]]\nnotebook = "slow.ipynb"\n[report.grid]\nstep = [0, 1, 2]')
    command = [sys.executable, "-m", "toolkit", "batch", "--jobs", "2", "--out", "out"]
    process = subprocess.Popen(
        command, cwd=tmp_path, start_new_session=True, stderr=subprocess.DEVNULL
    )
    finished, out = tmp_path / "out" / "slow-0.html", tmp_path / "out"
    crate = out / "slow-0" / "ro-crate-metadata.json"
    deadline = time.monotonic() + 200
    while not (finished.exists() and crate.exists() and (tmp_path / "at").exists()):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = finished.stat().st_mtime_ns
    (tmp_path / "go").touch()
    plan = read_plan(path)
    environment.cache_clear()  # the source may have changed since this process first looked
    crate.unlink()  # as where it was killed a moment earlier
    reasons = out_of_date(plan, out=out)
    assert {name: [str(reason) for reason in found] for name, found in reasons.items()} == {
        "slow-0": [],
        "slow-1": ["report: not made yet"],
        "slow-2": ["report: not made yet"],
    }
    done = render_batch(plan, out=out, jobs=1)
    assert [report.name for report in done.kept] == ["slow-0"]
    assert len(done.made) == 3
    assert finished.stat().st_mtime_ns == before
    assert crate.is_file()
    assert not list(out.glob(".unfinished-*"))


def _is_gone(number, ask=os.kill):
    for _ in range(100):
        try:
            ask(number, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
