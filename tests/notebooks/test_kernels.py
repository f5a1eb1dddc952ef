"""Each shipped notebook says in a warm, forked kernel what it says in a plain one."""

import nbformat
import pytest

from tests.project import PROJECT
from tests.report.cells import error, run, said

NAMES = sorted(path.name for path in (PROJECT / "notebooks").glob("*.ipynb"))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_shipped_notebooks_say_the_same(project, name):
    path = project / "notebooks" / name
    cells = [dict(cell) for cell in nbformat.read(path, as_version=4).cells]
    forked, plain = (run(cells, folder=path.parent, kernel=kind) for kind in ("forked", "plain"))
    assert said(forked) == said(plain)
    assert error(forked) is None
