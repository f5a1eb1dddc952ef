"""The same bytes, however many at a time and whatever the caller's surroundings are."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.report.making import code, prose

PROJECT = Path(__file__).parents[2]
SHIPPED = PROJECT / "notebooks" / "capital_magnetism.ipynb"
ESTIMATE = """
import locale, random, time
import numpy as np
import pandas as pd
import toolkit as tk

drawn = np.random.default_rng(scale).normal(size=(400, 400))
frame = pd.DataFrame(
    {
        "draw": np.random.random(4),
        "other": [random.random() for _ in range(4)],
        "norm": np.linalg.svd(drawn @ drawn.T, compute_uv=False)[:4],
        "word": list({"a", "b", "c", "d"}),
        "hour": time.localtime(0).tm_hour,
        "locale": locale.setlocale(locale.LC_ALL),
    }
)
tk.Table(title="Drawn", frame=frame)
"""
FIGURE = """
from matplotlib import pyplot as plt
plt.plot(frame["norm"], label="norm"); plt.title("Norms"); plt.legend();
"""
PLAN = """
[[report]]
notebook = "notebooks/small.ipynb"
name = "small-{scale}"
[report.grid]
scale = [1, 2]

[[report]]
notebook = "notebooks/prose.ipynb"
name = "prose"
"""
SURROUNDINGS = {
    1: {},
    2: {"OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "4", "TZ": "Asia/Shanghai"},
    4: {"LC_ALL": "POSIX", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "7", "TZ": "America/Lima"},
}


def made(project, jobs, surroundings):
    """Render a plan by the command; return the files by name, but for what tells of times."""
    out = f"out-{jobs}"
    command = [sys.executable, "-m", "toolkit", "batch", "--jobs", str(jobs), "--out", out]
    done = subprocess.run(
        command,
        cwd=project,
        env=os.environ | surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {
        path.relative_to(project / out).as_posix(): path.read_bytes()
        for path in sorted((project / out).rglob("*"))
        if path.is_file() and path.name not in ("manifest.json", "ro-crate-metadata.json")
    }


@pytest.mark.slow
def test_jobs_threads_locale_zone_and_hash_seed_change_no_byte(tmp_path, write_notebook):
    write_notebook(
        "notebooks/small.ipynb",
        code("p", "scale: int = 1", "parameters"),
        code("title", 'import toolkit as tk\ntk.Prose(f"# Scale {scale}")'),
        code("estimate", ESTIMATE),
        code("norms", FIGURE),
    )
    write_notebook(
        "notebooks/prose.ipynb",
        prose("t", "# 湖南 and words"),
        code("hashes", "print(hash('word'), sorted({'b', 'a'}), {'x', 'y', 'z'})"),
        code("curve", "from matplotlib import pyplot as plt\nplt.plot([1, 3, 2]);"),
        code(
            "table",
            "import pandas as pd\nimport toolkit as tk\n"
            "tk.Table(title='T', frame=pd.DataFrame({'a': [0.1 + 0.2]}))",
        ),
    )
    plan = PLAN
    if (PROJECT / "data" / "processed").is_dir():
        shutil.copy(SHIPPED, tmp_path / "notebooks")
        (tmp_path / "data").symlink_to(PROJECT / "data")
        plan += f'[[report]]\nnotebook = "notebooks/{SHIPPED.name}"\nname = "shipped"\n'
    (tmp_path / "reports.toml").write_text(plan)
    first, *others = [made(tmp_path, jobs, told) for jobs, told in SURROUNDINGS.items()]
    kinds = {Path(name).suffix for name in first}
    assert kinds == {".csv", ".html", ".ipynb", ".png", ".svg"}
    assert {"index.html", "prose.html", "small-2/tables/estimate.csv"} <= first.keys()
    for other in others:
        assert other.keys() == first.keys()
        assert [name for name, held in other.items() if held != first[name]] == []
    (frame,) = [held for name, held in first.items() if name == "small-1/tables/estimate.csv"]
    assert b"C.UTF-8" in frame
    assert first["small-1/tables/estimate.csv"] != first["small-2/tables/estimate.csv"]
    records = [
        json.loads((tmp_path / f"out-{jobs}" / "prose" / "manifest.json").read_text())
        for jobs in SURROUNDINGS
    ]
    for record in records:
        del record["started"], record["seconds"]
    assert records[0] == records[1] == records[2]
