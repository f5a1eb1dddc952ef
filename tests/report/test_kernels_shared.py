"""One template serves many: the workers of a batch, and one report after the other."""

import shutil
import signal
import subprocess
import sys
import time

import nbformat
import psutil
import pytest

from tests.report.cells import printed, run
from tests.report.making import code
from toolkit.report import render_batch
from toolkit.report.kernels import start

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not start.can_fork(), reason="nothing can be forked here"),
]

WHO = "import os; print(os.getppid())"

BORROWER = """
import sys
from tests.report.cells import run
from toolkit.report.kernels.start import borrowed_template
with borrowed_template(sys.argv[1]):
    run([sys.argv[2]], folder=sys.argv[3])
"""


@pytest.fixture
def address(tmp_path):
    """Of the template of this process, which ends with the test."""
    yield start.share_template(tmp_path)
    start.end_template()


def forked_by(executed):
    """The process that the kernel was forked from."""
    return int(printed(executed))


def test_a_borrowed_template_forks_for_a_process_that_has_none(tmp_path, address):
    cell = "import os, pathlib; pathlib.Path('parent').write_text(str(os.getppid()))"
    subprocess.run([sys.executable, "-c", BORROWER, address, cell, tmp_path], check=True)
    assert int((tmp_path / "parent").read_text()) == start._template.process.pid


def test_a_borrower_that_dies_takes_its_report_and_not_the_template(tmp_path, address):
    cell = (
        "import os, pathlib, time\npathlib.Path('part').write_text(str(os.getpid()))\n"
        "os.rename('part', 'kernel')\ntime.sleep(600)"
    )
    borrower = subprocess.Popen([sys.executable, "-c", BORROWER, address, cell, tmp_path])
    deadline = time.monotonic() + 120
    while not (tmp_path / "kernel").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    borrower.send_signal(signal.SIGKILL)
    borrower.wait()
    kernel = int((tmp_path / "kernel").read_text())
    while psutil.pid_exists(kernel):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert forked_by(run([WHO], folder=tmp_path)) == start._template.process.pid


def test_what_a_report_had_to_import_is_there_for_the_next(tmp_path, address):
    there = "import sys; print([name in sys.modules for name in ('formulaic', 'polars')])"
    start.end_template()  # the next one begins with nothing wanted
    before, _, after = (
        printed(run([cell], folder=tmp_path)) for cell in (there, "import formulaic", there)
    )
    assert (before, after) == ("[False, False]\n", "[True, False]\n")


def test_where_the_lender_is_gone_the_borrower_starts_its_own(tmp_path, address):
    lender = start._template.process.pid
    start.end_template()
    with start.borrowed_template(address):
        parent = forked_by(run([WHO], folder=tmp_path))
    assert parent == start._template.process.pid != lender


def test_what_a_batch_listened_on_is_closed_by_the_next(tmp_path, address):
    def handles_after(name):
        folder = tmp_path / name
        folder.mkdir()
        start.share_template(folder)
        run(["1"], folder=tmp_path)  # by now the template has heard of it
        shutil.rmtree(folder)
        return psutil.Process(start._template.process.pid).num_fds()

    first = handles_after("first")
    assert first in [handles_after(f"later-{number}") for number in range(3)]


def test_a_socket_that_the_system_refuses_is_not_shared(tmp_path):
    deep = tmp_path / ("x" * 120)
    deep.mkdir()
    assert start.share_template(deep) is None


def test_where_nothing_can_be_forked_nothing_is_shared(tmp_path, monkeypatch):
    monkeypatch.setattr(start, "can_fork", lambda: False)
    assert start.share_template(tmp_path) is None


def test_the_workers_of_a_batch_share_one(tmp_path, write_notebook):
    write_notebook("who.ipynb", code("parameters", "n: int = 0", "parameters"), code("who", WHO))
    plan = tmp_path / "reports.toml"
    plan.write_text(
        '[[report]]\nname = "who-{n}"\nnotebook = "who.ipynb"\n[report.grid]\nn = [1, 2, 3, 4]\n'
    )
    done = render_batch(plan, out=tmp_path / "out", jobs=2)
    assert len(done.made) == 4
    parents = {forked_by(nbformat.read(report.notebook, as_version=4)) for report in done.made}
    assert len(parents) == 1
