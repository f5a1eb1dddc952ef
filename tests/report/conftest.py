"""What the tests of the report wing share."""

import json

import pytest

from tests.report.making import notebook


@pytest.fixture
def write_notebook(tmp_path):
    """Write a notebook of these cells under a name, below the test's folder."""

    def write(name, *cells):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook(*cells), ensure_ascii=False), encoding="utf-8")
        return path

    return write
