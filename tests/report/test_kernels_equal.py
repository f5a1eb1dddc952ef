"""A fork says what a kernel of its own says, cell by cell."""

import pytest

from tests.report.cells import error, printed, run, said
from tests.report.making import code, prose
from toolkit.report.kernels.start import can_fork

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_fork(), reason="nothing can be forked here"),
]

RICH = """
class Rich:
    def _repr_html_(self):
        return "<b>rich</b>"
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/csv": "a,b", "application/vnd.toolkit.key+json": {"n": "1"}}
    def __repr__(self):
        return "Rich()"
Rich()
"""
STREAMS = """
import sys, warnings
print("one"); print("two", file=sys.stderr); print("three")
sys.stdout.write("four\\rfive\\n"); sys.stdout.flush()
warnings.warn("careful")
print("abc\\b\\bd")
"""
UPDATES = """
from IPython.display import clear_output, display, update_display
print("gone"); clear_output()
handle = display("first", display_id="same")
display({"text/plain": "both"}, raw=True, metadata={"alt": "x"})
display("twice", display_id="same")
update_display("last", display_id="same")
print("kept"); clear_output(wait=True); print("instead")
"""
HOOKS = """
ip = get_ipython()
ip.events.register("post_run_cell", lambda result: print("after", result.success))
print(type(ip).__name__, ip.execution_count, "IPKernelApp" in ip.config)
"""
TQDM = """
import io
from tqdm import tqdm
held = io.StringIO()
for _ in tqdm(range(3), file=held, mininterval=0): pass
print("3/3" in held.getvalue(), tqdm.__module__)
"""
FRAME = """
import numpy as np, pandas as pd
frame = pd.DataFrame({"region": ["湖南", "湖北"], "ratio": np.random.random(2)}); frame
"""
FIGURE = """
from matplotlib import pyplot as plt
fig, ax = plt.subplots(); ax.plot([1, 3, 2]); ax.set_title("Curve");
"""
POLARS = """
import polars as pl, duckdb, random
print(pl.DataFrame({"a": [3, 1, 2]}).lazy().sort("a").select(pl.col("a").sum()).collect().item())
print(duckdb.connect().sql("select sum(i) from range(1000) t(i)").fetchall(), random.random())
"""
FINE = (
    prose("about", "# Title"),
    code("parameters", 'region: str = "Hunan"', "parameters"),
    "1 + 1",
    "x = _; 'no output'; x = 2",
    RICH,
    STREAMS,
    UPDATES,
    "update_display('later', display_id='same')",
    HOOKS,
    "%matplotlib inline\n%precision 3\n2 / 3",
    "%%capture held\nprint('caught')",
    "print(held.stdout, end=''); held.outputs",
    "!echo shell $x\n!echo wrong >&2",
    "files = !printf 'a\\nb\\n'\nfiles",
    "import subprocess; _ = subprocess.run(['true'])",
    "import asyncio\nawait asyncio.sleep(0.01)\nasync def f(): return 'awaited'\nawait f()",
    "task = asyncio.create_task(f())",
    "await task",
    "import contextvars; var = contextvars.ContextVar('v'); _ = var.set(1)",
    "var.get()",
    TQDM,
    FRAME,
    FIGURE,
    "plt.plot([2, 1]); plt.show(); print('shown')",
    "fig",
    POLARS,
    "from comm import create_comm\nchannel = create_comm(target_name='nobody')\nchannel.send({})",
    "import os, sys; os.environ['TZ'], sys.flags.hash_randomization, sys.path[0], __name__",
    "pd.get_option('display.width'), plt.get_backend(), os.getcwd(), sys.stdin.read()",
    "?print",
    code("allowed", "1 / 0", "raises-exception"),
    "In[1], Out[2], __name__",
    "",
    "# nothing but a comment",
)
FAILING = {
    "error": "def deep():\n    raise ValueError('no\\nregion')\ndeep()",
    "chained": "try:\n    {}['a']\nexcept KeyError as e:\n    raise RuntimeError('second') from e",
    "syntax": "print('never')\n1 +",
    "indent": "if True:\nx = 1",
    "exit": "import sys; print('before'); sys.exit(3)",
    "interrupt": "raise KeyboardInterrupt",
    "input": "input('name? ')",
    "getpass": "import getpass; getpass.getpass()",
    "magic": "%no_such_magic",
    "in-repr": "class Bad:\n    def __repr__(self): raise OSError('repr')\nBad()",
    "async": "import asyncio\nasync def g(): raise LookupError('late')\nawait g()",
    "nested-loop": "import asyncio\nasyncio.run(asyncio.sleep(0))",
}


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("equal")
    return [run(FINE, folder=folder, kernel=kind) for kind in ("forked", "plain")]


def test_outputs_are_those_of_a_plain_kernel(both):
    forked, plain = map(said, both)
    assert forked.keys() == plain.keys()
    for name, heard in forked.items():
        assert heard == plain[name], name
    assert [c["id"] for c in both[0].cells if c.metadata.papermill["status"] != "completed"] == []


def test_the_notebook_around_them_is_the_same(both):
    metadata = [dict(executed.metadata) for executed in both]
    engines = [kept.pop("papermill")["engine"] for kept in metadata]
    assert metadata[0] == metadata[1]
    assert metadata[0]["language_info"]["name"] == "python"
    assert engines[0]["random_state"] == engines[1]["random_state"]
    assert [engine["kernel"] for engine in engines] == ["forked", "plain"]
    assert [engine["reason"] for engine in engines] == [None, "that was asked for"]


@pytest.mark.parametrize("name", FAILING)
def test_failures_are_those_of_a_plain_kernel(tmp_path, name):
    cells = ["print('first')", FAILING[name], "print('never')"]
    forked, plain = (run(cells, folder=tmp_path, kernel=kind) for kind in ("forked", "plain"))
    assert said(forked) == said(plain)
    assert error(forked) is not None
    assert "never" not in printed(forked)
