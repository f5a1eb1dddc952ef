"""What every test may use."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.project import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Figures are drawn to memory, whatever screen there is.
os.environ["MPLBACKEND"] = "agg"

# The same examples in every run and on every machine, however slow.
settings.register_profile("toolkit", derandomize=True, deadline=None, print_blob=False)
settings.load_profile("toolkit")


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Return the path of a shared data file, or skip the test where it is absent."""
    folder = Path(os.environ.get("TOOLKIT_SHARED_DATA", PROJECT.parent / "shared" / "data"))

    def path_of(relative: str) -> Path:
        path = folder / relative
        if not path.exists():
            pytest.skip(f"{relative} is not in {folder}; TOOLKIT_SHARED_DATA names the folder")
        return path

    return path_of


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
