import json

import pytest

from tests.report.making import code, notebook, prose, ran, shown
from toolkit.errors import DataError
from toolkit.report.notebooks import (
    find_notebooks,
    parse_notebook,
    read_notebook,
    strip_outputs,
    thin_violations,
    unclean_notebooks,
)


def refusal(content):
    with pytest.raises(DataError) as refused:
        parse_notebook(content, where="a.ipynb")
    return str(refused.value)


def test_a_missing_notebook_is_named_with_its_neighbour(write_notebook):
    path = write_notebook("regional_report.ipynb")
    with pytest.raises(DataError) as refused:
        read_notebook(path.with_name("regional_reprot.ipynb"))
    assert str(refused.value) == (
        f"{path.parent}/regional_reprot.ipynb does not exist. "
        "Did you mean 'regional_report.ipynb'? Give the path of a notebook (.ipynb)."
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"{",
            "a.ipynb is not a notebook: Expecting property name enclosed in double quotes: "
            "line 1 column 2 (char 1). Open and save it in Jupyter.",
        ),
        (
            b"[]",
            "a.ipynb has no notebook format; format 4 is read. Open and save it in Jupyter.",
        ),
        (
            b'{"nbformat": 3}',
            "a.ipynb has notebook format 3; format 4 is read. Open and save it in Jupyter.",
        ),
        (
            b'{"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"language": "R"}}}',
            "a.ipynb is written in R. Reports run Python; give another.",
        ),
    ],
)
def test_what_is_no_notebook_is_refused(content, message):
    assert refusal(content) == message


def test_two_cells_of_one_name_are_refused():
    content = json.dumps(notebook(code("curve", ""), code("curve", ""))).encode()
    assert refusal(content) == "a.ipynb: two cells have the id 'curve'. Rename one of them."


def test_cells_without_ids_are_numbered():
    cells = [{"cell_type": "code", "source": text} for text in ("a", "b")]
    content = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 2}).encode()
    read = parse_notebook(content, where="a.ipynb")
    assert [cell["id"] for cell in read["cells"]] == ["cell-1", "cell-2"]
    assert read["nbformat_minor"] == 5


def test_notebooks_are_found_in_folders(write_notebook, tmp_path):
    second, first = write_notebook("b.ipynb"), write_notebook("a.ipynb")
    assert find_notebooks([tmp_path, first]) == [first, second, first]


def test_outputs_and_counts_are_noticed_and_stripped(write_notebook, tmp_path):
    clean = write_notebook("clean.ipynb", prose("t", "# 湖南"), code("a", "1"))
    output = write_notebook("output.ipynb", {**ran("a", shown(text_plain="1")), "source": "1"})
    counted = write_notebook("counted.ipynb", {**code("a", ["1\n", "2"]), "execution_count": 3})
    assert unclean_notebooks([tmp_path]) == [str(counted), str(output)]
    for path in (clean, output, counted):
        strip_outputs(path)
    assert unclean_notebooks([tmp_path]) == []
    assert read_notebook(output)["cells"][0]["source"] == "1"
    assert read_notebook(counted)["cells"][0]["source"] == ["1\n", "2"]
    assert "湖南" in clean.read_text(encoding="utf-8")


def test_a_thin_notebook_has_no_faults(write_notebook):
    path = write_notebook(
        "thin.ipynb",
        prose("t", "# Growth\n\nimport pandas"),
        code("p", "from typing import Literal\nimport datetime\nn: int = 1", "parameters"),
        code(
            "fit", "import toolkit as tk\nfrom toolkit import models\nsorted([1], key=lambda x: x)"
        ),
    )
    assert thin_violations(path) == []


def test_definitions_and_foreign_imports_are_named(write_notebook):
    path = write_notebook(
        "thick.ipynb",
        code("load", "import pandas as pd\nfrom numpy.linalg import norm\nfrom . import x"),
        code("define", "def f(x):\n    return x\nclass A: pass"),
        code("late", "from typing import Literal"),
        code("magic", "%matplotlib inline"),
        code("like", "import toolkits"),
    )
    assert thin_violations(path) == [
        f"{path}, cell 'load': imports 'pandas'",
        f"{path}, cell 'load': imports 'numpy.linalg'",
        f"{path}, cell 'load': imports '.'",
        f"{path}, cell 'define': defines 'f'",
        f"{path}, cell 'define': defines 'A'",
        f"{path}, cell 'late': imports 'typing'",
        f"{path}, cell 'magic': line 1 is not plain Python",
        f"{path}, cell 'like': imports 'toolkits'",
    ]
