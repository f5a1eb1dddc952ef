import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.report.making import code
from toolkit.errors import DependencyError, OptionError, ReportError
from toolkit.report.backends import check_backend, started
from toolkit.report.batch import render_batch
from toolkit.report.plan import read_plan
from toolkit.report.resume import out_of_date

PLAN = '[[report]]\nnotebook = "n.ipynb"\nname = "report-{number}"\n[report.grid]\nnumber = '


@pytest.fixture
def plan(tmp_path, write_notebook):
    write_notebook(
        "n.ipynb",
        code("p", "number: int", "parameters"),
        code("c", "import time\ntime.sleep(number / 10)\nnumber"),
    )
    path = tmp_path / "reports.toml"
    path.write_text(f"{PLAN}{[1, 20, 21, 22]}")
    return read_plan(path)


@pytest.mark.parametrize(
    ("backend", "address", "message"),
    [
        (
            "dsak",
            None,
            "backend='dsak' is no way to run a batch. Did you mean 'dask'? "
            "Choose one of: loky, dask, ray, spark.",
        ),
        (
            "loky",
            "tcp://host:8786",
            "address='tcp://host:8786': loky runs on this machine. "
            "Leave the address out, or choose dask, ray or spark.",
        ),
    ],
)
def test_a_backend_that_cannot_be_meant_is_refused(backend, address, message):
    with pytest.raises(OptionError) as refused:
        check_backend(backend, address)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("backend", "module", "package"),
    [
        ("dask", "distributed", "distributed"),
        ("ray", "ray", "ray"),
        ("spark", "joblibspark", "joblibspark and PySpark"),
    ],
)
def test_a_backend_that_is_not_installed_says_how_to_get_it(backend, module, package, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(DependencyError) as refused, started(backend):
        pass
    assert str(refused.value) == (
        f"backend={backend!r} needs {package}. "
        f"Install it: pip install 'regional-techfinance-toolkit[{backend}]'."
    )


@pytest.fixture
def cluster(tmp_path):
    """A Dask scheduler on this machine, and two workers of one thread each."""
    pytest.importorskip("distributed")
    where = tmp_path / "scheduler.json"
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    dask = [sys.executable, "-m", "dask"]
    commands = [
        [*dask, "scheduler", *local, "--port", "0", "--scheduler-file", where],
        *[
            [*dask, "worker", *local, "--scheduler-file", where, "--nthreads", "1", "--no-nanny"]
            for _ in range(2)
        ],
    ]
    environment = os.environ | {
        "DASK_TEMPORARY_DIRECTORY": str(tmp_path),
        "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "60s",
    }
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    processes = [
        subprocess.Popen(list(map(str, command)), env=environment, cwd=tmp_path, **silent)
        for command in commands
    ]
    try:
        yield where, processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.slow
# What dask and its event loop leave open at the end is theirs.
@pytest.mark.filterwarnings("default")
def test_a_dask_worker_that_is_killed_in_mid_batch_loses_no_report(plan, tmp_path, cluster):
    from distributed import Client

    scheduler_file, workers = cluster
    deadline = time.monotonic() + 120
    while not scheduler_file.exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    with Client(scheduler_file=str(scheduler_file), set_as_default=False) as client:
        client.wait_for_workers(2, timeout=120)
        address = client.scheduler.address
    made = []

    def kill_one_worker(report):
        made.append(report.name)
        if len(made) == 1:
            os.kill(workers[0].pid, signal.SIGKILL)

    out = tmp_path / "out"
    done = render_batch(plan, out=out, backend="dask", address=address, progress=kill_one_worker)
    assert workers[0].wait(timeout=10) == -signal.SIGKILL
    assert workers[1].poll() is None
    assert [report.name for report in done.made] == [job.name for job in plan.jobs]
    assert sorted(made) == sorted(job.name for job in plan.jobs)
    assert not any(out_of_date(plan, out=out).values())


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    dask = pytest.importorskip("dask")
    pytest.importorskip("distributed")
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(ReportError, match=r"^No Dask scheduler answers at tcp://127\.0\.0\.1:9 \("),
        started("dask", address="tcp://127.0.0.1:9"),
    ):
        pass


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(
    ("backend", "package", "address"), [("ray", "ray", None), ("spark", "joblibspark", "local[2]")]
)
def test_a_cluster_of_another_kind_makes_the_same_reports(
    plan, tmp_path, backend, package, address
):
    pytest.importorskip(package)
    if backend == "spark" and shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    done = render_batch(plan, out=tmp_path / "out", jobs=2, backend=backend, address=address)
    assert [report.name for report in done.made] == [job.name for job in plan.jobs]
    assert not any(out_of_date(plan, out=tmp_path / "out").values())
