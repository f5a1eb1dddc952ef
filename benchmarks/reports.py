"""Seconds and memory of making the provincial reports, beside what their author would run.

    python benchmarks/reports.py
    python benchmarks/reports.py --reports 4 --only toolkit shell
    python benchmarks/reports.py --memory 1000

Each peer makes HTML of the same notebook for the same provinces, from its first start, in a
process of its own, one after the other on the same cores:

- toolkit: ``toolkit batch`` with as many jobs, index, tables, figures and manifests included
- libraries: papermill and nbconvert called as libraries, in as many processes
- shell: a loop of ``papermill`` and ``jupyter nbconvert``, one report after the other

Nothing is extrapolated: a peer that was timed on fewer reports says so, and is compared with the
toolkit by seconds a report. `--memory` makes that many reports of a notebook with a table and a
figure, and prints the memory of the caller and of its template as it goes.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
NOTEBOOK = PROJECT / "notebooks" / "regional_report.ipynb"
PLAN = tomllib.loads((PROJECT / "reports.toml").read_text(encoding="utf-8"))
PROVINCES: list[str] = PLAN["report"][-1]["grid"]["region"]

NO_BYTE_CODE = "PYTHONDONTWRITEBYTECODE"

SMALL = (
    ("parameters", "n: int = 0", ["parameters"]),
    ("table", "import pandas as pd\npd.DataFrame({'n': range(n % 7 + 1)})", []),
    ("figure", "import matplotlib.pyplot as plt\nplt.plot([n, 1, 2]);", []),
)


def by_toolkit(provinces: list[str], out: Path, jobs: int) -> None:
    """Make the batch by the command line."""
    plan = out / "reports.toml"
    regions = json.dumps(provinces)
    plan.write_text(
        f'[[report]]\nname = "regional-{{region}}"\nnotebook = "{NOTEBOOK}"\n'
        f"[report.grid]\nregion = {regions}\n"
    )
    command = [sys.executable, "-m", "toolkit", "batch", str(plan), "--out", str(out / "out")]
    subprocess.run([*command, "--jobs", str(jobs)], check=True, capture_output=True)


def by_libraries(provinces: list[str], out: Path, jobs: int) -> None:
    """Call papermill and nbconvert as libraries, in some processes."""
    with ProcessPoolExecutor(jobs) as pool:
        list(pool.map(_by_libraries, provinces, [out] * len(provinces)))


def _by_libraries(province: str, out: Path) -> None:
    import papermill
    from nbconvert import HTMLExporter

    executed = out / f"{province}.ipynb"
    papermill.execute_notebook(
        str(NOTEBOOK),
        str(executed),
        {"region": province},
        cwd=str(NOTEBOOK.parent),
        kernel_name="python3",
        progress_bar=False,
    )
    page, _ = HTMLExporter(exclude_input=True).from_filename(str(executed))
    (out / f"{province}.html").write_text(page, encoding="utf-8")


def by_shell(provinces: list[str], out: Path, jobs: int) -> None:
    """Run both commands for one report after the other, whatever `jobs` says."""
    programs = Path(sys.executable).parent
    for province in provinces:
        executed = out / f"{province}.ipynb"
        papermill = [programs / "papermill", NOTEBOOK, executed, "-p", "region", province]
        papermill += ["--cwd", NOTEBOOK.parent, "-k", "python3", "--no-progress-bar"]
        convert = [programs / "jupyter", "nbconvert", "--to", "html", "--no-input", executed]
        for command in (papermill, convert):
            subprocess.run(list(map(str, command)), check=True, capture_output=True)


PEERS = {"toolkit": by_toolkit, "libraries": by_libraries, "shell": by_shell}


def measure(name: str, provinces: list[str], jobs: int) -> tuple[float, float]:
    """Run a peer in a process of its own; return its seconds by the clock and of the processor."""
    with tempfile.TemporaryDirectory(prefix="benchmark_") as folder:
        command = [sys.executable, __file__, "--peer", name, "--folder", folder]
        command += ["--jobs", str(jobs), "--provinces", *provinces]
        # Else every process compiles anew whatever was changed or installed without byte code.
        environ = {name: value for name, value in os.environ.items() if name != NO_BYTE_CODE}
        start, busy = time.perf_counter(), _of_children()
        subprocess.run(command, check=True, env=environ)
        seconds, busy = time.perf_counter() - start, _of_children() - busy
        pages = [page for page in Path(folder).rglob("*.html") if page.name != "index.html"]
    if len(pages) != len(provinces):
        raise SystemExit(f"{name} made {len(pages)} of {len(provinces)} pages")
    return seconds, busy


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def compare(asked: argparse.Namespace) -> None:
    """Time the peers and print a line for each."""
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f} at the start, {asked.jobs} jobs", flush=True)
    pace: dict[str, float] = {}
    for name in asked.only:
        count = len(PROVINCES) if name == "toolkit" else asked.reports
        seconds, busy = measure(name, PROVINCES[:count], asked.jobs)
        pace[name] = seconds / count
        times = f"{pace[name] / pace['toolkit']:5.1f} times toolkit" if "toolkit" in pace else ""
        print(
            f"  {name:<10} {count:>3} reports  {seconds:>7.1f} s  "
            f"{pace[name]:>6.2f} s a report (processor {busy / count:.2f})  {times}",
            flush=True,
        )


def watch_memory(count: int) -> None:
    """Make many small reports in this process; print its memory and its template's."""
    import psutil

    from toolkit.report.plan import Job
    from toolkit.report.render import make_report

    with tempfile.TemporaryDirectory(prefix="benchmark_") as folder:
        notebook = Path(folder, "small.ipynb")
        cells = [
            {
                "cell_type": "code",
                "execution_count": None,
                "id": name,
                "metadata": {"tags": tags},
                "outputs": [],
                "source": source,
            }
            for name, source, tags in SMALL
        ]
        content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        notebook.write_text(json.dumps(content))
        start = time.perf_counter()
        for number in range(1, count + 1):
            job = Job(name=f"small-{number}", notebook=notebook, parameters={"n": number})
            report = make_report(job, out=Path(folder, "out"))
            if report.error:
                raise SystemExit(f"{report.name}: {report.error}")
            if number in {1, 10} or number % max(count // 10, 1) == 0:
                here = psutil.Process()
                sizes = [one.memory_info().rss / 2**20 for one in (here, *here.children())]
                print(
                    f"  {number:>6} reports  {time.perf_counter() - start:>7.1f} s  MiB resident: "
                    + ", ".join(f"{size:.0f}" for size in sizes)
                    + f"  open files {here.num_fds()}",
                    flush=True,
                )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=len(PROVINCES), help="for the peers")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--memory", type=int, metavar="REPORTS")
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--provinces", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.peer:
        PEERS[asked.peer](asked.provinces, asked.folder, asked.jobs)
    elif asked.memory:
        watch_memory(asked.memory)
    else:
        compare(asked)


if __name__ == "__main__":
    main()
