"""Nothing leaks from report to report, and whatever ends one ends one."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from tests.report.cells import error, printed, run
from tests.report.making import code
from toolkit.report.kernels import engine, start
from toolkit.report.kernels.surroundings import PINNED

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not start.can_fork(), reason="nothing can be forked here"),
]

LEAKING = """
import os, sys, builtins, random, warnings
import numpy as np, pandas as pd, matplotlib
spoilt = 1
os.environ["SPOILT"] = "1"; os.chdir("/"); sys.path.insert(0, "/nowhere")
builtins.spoilt = 1; pd.DataFrame.spoilt = 1; pd.set_option("display.width", 40)
matplotlib.rcParams["lines.linewidth"] = 9; np.random.seed(1); random.seed(1)
warnings.simplefilter("error"); sys.modules["spoilt"] = sys
"""
LOOKING = """
import os, sys, builtins, random, warnings
import numpy as np, pandas as pd, matplotlib
print("spoilt" in globals(), "SPOILT" in os.environ, os.getcwd(), "/nowhere" in sys.path)
print(hasattr(builtins, "spoilt"), hasattr(pd.DataFrame, "spoilt"), pd.get_option("display.width"))
print(matplotlib.rcParams["lines.linewidth"], len(warnings.filters), "spoilt" in sys.modules)
print(random.random(), np.random.random())
"""


def gone(process_id):
    for _ in range(100):
        if not psutil.pid_exists(process_id):
            return True
        if psutil.Process(process_id).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_nothing_leaks_into_the_next_report(tmp_path):
    before = printed(run([LOOKING], folder=tmp_path))
    run([LEAKING], folder=tmp_path)
    assert printed(run([LOOKING], folder=tmp_path)) == before
    assert before.startswith(f"False False {tmp_path} False\n")


def test_random_numbers_differ_between_notebooks_and_are_the_same_in_each(tmp_path):
    draw = "import random, numpy; print(random.random(), numpy.random.random())"
    first, again = (printed(run([draw], folder=tmp_path)) for _ in range(2))
    other = printed(run(["region = 'Hubei'", draw], folder=tmp_path))
    assert first == again
    assert set(first.split()).isdisjoint(other.split())


@pytest.mark.parametrize(
    ("death", "message"),
    [
        ("os._exit(7)", "Kernel died: its process ended with exit code 7"),
        (
            "import ctypes; ctypes.string_at(0)",
            "Kernel died: its process was ended by SIGSEGV",
        ),
        (
            "os.kill(os.getpid(), 9)",
            "Kernel died: its process was ended by SIGKILL, as by a system that is out of memory",
        ),
    ],
)
def test_a_death_takes_one_report(tmp_path, death, message):
    died = run(["import os, time", f"print('last')\ntime.sleep(1)\n{death}", "1"], folder=tmp_path)
    assert error(died) == ("cell-2", "DeadKernelError", message)
    assert printed(died) == "last\n"
    assert died.cells[2].outputs == []
    template = start._template.process.pid
    assert error(run(["1"], folder=tmp_path)) is None
    assert start._template.process.pid == template


def test_memory_that_runs_out_takes_one_report(tmp_path):
    hungry = (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))\n"
        "held = bytearray(16 << 30)"
    )
    at, kind, _ = error(run([hungry], folder=tmp_path))
    assert (at, kind) == ("cell-1", "MemoryError")
    score = "print(open('/proc/self/oom_score_adj').read().strip())"
    assert printed(run([score], folder=tmp_path)) == "1000\n"
    assert Path("/proc/self/oom_score_adj").read_text().strip() != "1000"


def test_a_time_limit_ends_a_cell_and_all_it_started(tmp_path):
    cell = (
        "import subprocess, pathlib, os, time\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        "pathlib.Path('pids').write_text(f'{os.getpid()} {child.pid}')\n"
        "time.sleep(600)"
    )
    clock = time.monotonic()
    at, kind, message = error(run([cell], folder=tmp_path, timeout=2))
    assert (at, kind) == ("cell-1", "CellTimeoutError")
    assert message == "A cell timed out while it was being executed, after 2 seconds."
    assert time.monotonic() - clock < 30
    assert all(gone(int(number)) for number in (tmp_path / "pids").read_text().split())


def test_what_a_cell_left_running_is_ended_with_the_report(tmp_path):
    cell = "import subprocess; print(subprocess.Popen(['sleep', '600']).pid)"
    assert gone(int(printed(run([cell], folder=tmp_path))))


def test_a_template_that_died_is_started_again(tmp_path):
    run(["1"], folder=tmp_path)
    start._template.process.kill()
    start._template.process.wait()
    assert printed(run(["print('again')"], folder=tmp_path)) == "again\n"


def test_a_template_that_dies_meanwhile_takes_its_reports_along(tmp_path):
    cell = (
        "import os, pathlib, signal, time\n"
        "pathlib.Path('pid').write_text(str(os.getpid()))\n"
        "os.kill(os.getppid(), signal.SIGKILL); time.sleep(600)"
    )
    at, kind, _ = error(run([cell], folder=tmp_path))
    assert (at, kind) == ("cell-1", "DeadKernelError")
    assert gone(int((tmp_path / "pid").read_text()))
    assert printed(run(["print('again')"], folder=tmp_path)) == "again\n"


def test_a_template_that_cannot_start_gives_way_to_a_plain_kernel(tmp_path, monkeypatch, capsys):
    def refuse():
        raise start.TemplateError("there is no template")

    engine._say_once.cache_clear()
    monkeypatch.setattr(start, "start_template", refuse)
    executed = run(["print('plain')"], folder=tmp_path)
    assert printed(executed) == "plain\n"
    assert executed.metadata.papermill["engine"]["kernel"] == "plain"
    assert executed.metadata.papermill["engine"]["reason"] == "there is no template"
    assert capsys.readouterr().err == (
        "Reports take longer: each starts a kernel of its own, for there is no template.\n"
    )


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({"toolkit": {"kernel": "plain"}}, "that was asked for"),
        ({"kernelspec": {"name": "other"}}, "the notebook names the kernel 'other'"),
        ({"kernelspec": {"name": "python3"}}, None),
        ({"kernelspec": {"name": "other"}, "toolkit": {"kernel": "forked"}}, None),
    ],
)
def test_a_notebook_may_ask_for_a_kernel_of_its_own(tmp_path, metadata, reason):
    chosen = engine._reason_for_plain(_Holder(metadata), tmp_path, None)
    assert chosen == reason


class _Holder:
    def __init__(self, metadata):
        self.metadata = metadata


def test_where_nothing_can_be_forked_a_plain_kernel_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "can_fork", lambda: False)
    reason = engine._reason_for_plain(_Holder({}), tmp_path, None)
    assert reason == f"processes cannot be forked safely on {sys.platform}"


def test_settings_of_matplotlib_beside_the_notebook_ask_for_a_plain_kernel(tmp_path):
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 9\n")
    cell = "import matplotlib; print(matplotlib.rcParams['lines.linewidth'])"
    assert printed(run([cell], folder=tmp_path)) == "9.0\n"


def test_the_surroundings_are_pinned_whatever_the_caller_has(tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("SEEN", "by the cell")
    cell = "import os; print(*(os.environ[name] for name in ('OMP_NUM_THREADS', 'LC_ALL', 'SEEN')))"
    assert printed(run([cell], folder=tmp_path)) == (
        f"{PINNED['OMP_NUM_THREADS']} {PINNED['LC_ALL']} by the cell\n"
    )


def test_several_reports_run_at_a_time_from_threads_of_one_process(tmp_path):
    with ThreadPoolExecutor(4) as pool:
        cells = [[f"import time; time.sleep(0.3); print({number})"] for number in range(8)]
        done = list(pool.map(lambda cell: printed(run(cell, folder=tmp_path)), cells))
    assert done == [f"{number}\n" for number in range(8)]


def test_a_changed_environment_starts_a_template_and_ends_no_report(tmp_path, monkeypatch):
    with ThreadPoolExecutor(1) as pool:
        cell = (
            "import pathlib, time\npathlib.Path('runs').touch()\n"
            "while not pathlib.Path('other').exists(): time.sleep(0.05)\nprint('whole')"
        )
        first = pool.submit(lambda: printed(run([cell], folder=tmp_path)))
        while not (tmp_path / "runs").exists():
            time.sleep(0.05)
        earlier = start._template.process
        monkeypatch.setenv("CHANGED", "since")
        cell = "import os, pathlib; pathlib.Path('other').touch(); print(os.environ['CHANGED'])"
        assert printed(run([cell], folder=tmp_path)) == "since\n"
        assert first.result() == "whole\n"
    assert start._template.process is not earlier
    earlier.wait(timeout=30)


def test_it_runs_from_within_a_running_event_loop(tmp_path):
    async def cell():
        return printed(run(["print('inside')"], folder=tmp_path))

    assert asyncio.run(cell()) == "inside\n"


def test_what_the_template_imports_does_not_look_for_a_shell(tmp_path):
    """tqdm.auto decides for bars or widgets where it is imported: the report must do so."""
    cell = "import sys; print(sorted({'tqdm.auto', 'papermill', 'jsonschema'} & set(sys.modules)))"
    assert printed(run([cell], folder=tmp_path)) == "[]\n"


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_caller(tmp_path, ended_by):
    cell = (
        "import os, subprocess, pathlib, time\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        "pathlib.Path('part').write_text(f'{os.getpid()} {os.getppid()} {child.pid}')\n"
        "os.rename('part', 'pids'); time.sleep(600)"
    )
    script = f"from tests.report.cells import run; run([{cell!r}], folder={str(tmp_path)!r})"
    caller = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not (tmp_path / "pids").exists():
        assert time.monotonic() < deadline
        assert caller.poll() is None
        time.sleep(0.05)
    caller.send_signal(ended_by)
    try:
        caller.wait(timeout=60)
    finally:
        caller.kill()
        caller.wait()
    assert all(gone(int(number)) for number in (tmp_path / "pids").read_text().split())


def test_many_reports_leave_no_handle_open(tmp_path):
    def handles():
        run(["1"], folder=tmp_path)
        return psutil.Process().num_fds(), template_fds()

    def template_fds():
        return psutil.Process(start._template.process.pid).num_fds()

    run([code("x", "1")], folder=tmp_path)
    first = handles()
    # What is left open adds up; a file that the idle template is importing comes and goes.
    assert first in [handles() for _ in range(4)]
    assert os.getpid() in {
        p.ppid() for p in psutil.process_iter() if p.pid == start._template.process.pid
    }
