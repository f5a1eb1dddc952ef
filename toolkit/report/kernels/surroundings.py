"""What a report finds around it, the same on every machine and in every kind of kernel."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from toolkit.report.inputs import READS, READS_LOG

__all__ = ["KEY", "PINNED", "Request", "arguments", "environment", "random_state"]

KEY = b"toolkit"
"""Signs messages, which Jupyter warns of leaving out; who can read the socket needs no key."""

# What would make the same notebook give other bytes on the next run, or on another machine:
# the order of sets, sums split over threads, dates and ids in SVG files, the user's settings,
# locale and zone.
PINNED: Mapping[str, str] = MappingProxyType(
    {
        "LC_ALL": "C.UTF-8",
        "MATPLOTLIBRC": str(Path(__file__).with_name("matplotlibrc")),
        "MKL_NUM_THREADS": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "NUMEXPR_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "SOURCE_DATE_EPOCH": "0",
        "TZ": "UTC",
        "VECLIB_MAXIMUM_THREADS": "1",
    }
)


@dataclass(frozen=True, kw_only=True)
class Request:
    """What the caller asks a fork to be.

    Attributes
    ----------
    environ : dict of str to str
        The whole environment.
    folder : str
        To work in.
    random_state : int
        Seeds the global generators of `random` and of NumPy.
    """

    environ: dict[str, str]
    folder: str
    random_state: int

    def as_frame(self) -> bytes:
        """Return the request as it goes over the wire."""
        return json.dumps(vars(self)).encode()


def environment(scratch: Path | None = None) -> dict[str, str]:
    """Return the environment of this process with what is pinned in place of what was there.

    A kernel keeps IPython's settings, and the log of what it reads, in a scratch folder.
    """
    if scratch is None:
        return os.environ | PINNED
    own = {"IPYTHONDIR": str(scratch / "ipython"), READS: str(scratch / READS_LOG)}
    return os.environ | PINNED | own


def random_state(sources: Iterable[str]) -> int:
    """Return the seed of a notebook: another for other code or parameters, else the same.

    Parameters
    ----------
    sources : iterable of str
        The text of its code cells, in order, the given parameters among them.

    Returns
    -------
    int
        From 0 to 2**32 - 1, as NumPy's legacy generator takes it.

    Examples
    --------
    >>> random_state(["region = 'Hunan'"]), random_state(["region = 'Hubei'"])
    (941008806, 2180170305)
    """
    digest = hashlib.sha256()
    for source in sources:
        content = source.encode()
        digest.update(len(content).to_bytes(8, "big") + content)
    return int.from_bytes(digest.digest()[:4], "big")


def arguments(seed: int) -> list[str]:
    """Return what a kernel is told at its start: both forms of figures, and the seed.

    The line that seeds the two global generators leaves no name behind.
    """
    seeding = f"__import__('random').seed({seed}); __import__('numpy').random.seed({seed})"
    return [
        "--InlineBackend.figure_formats={'png', 'svg'}",
        f"--IPKernelApp.exec_lines={seeding}",
        # The tip is drawn by lot whenever a client asks who is there: it would spend the seed.
        "--InteractiveShell.enable_tip=False",
    ]
