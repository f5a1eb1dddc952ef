import json
import shutil

import pytest

from tests.report.making import code
from toolkit.errors import DataError
from toolkit.report.files import as_json_bytes
from toolkit.report.outputs import Failure
from toolkit.report.plan import Job
from toolkit.report.render import make_report
from toolkit.report.tables import Moved, moved_cells
from toolkit.report.verify import Verification, verify_report

TABLE = (
    "from IPython.display import display\n"
    "import csv, pathlib\n"
    "text = pathlib.Path(ledger).read_text()\n"
    "display({'text/csv': text, 'text/plain': 'rows'}, raw=True)"
)
PICTURE = "display({'image/svg+xml': f'<svg>{text}</svg>', 'text/plain': 'figure'}, raw=True)"
CELLS = (
    code("p", "ledger: str = '../data/ledger.csv'\nday: str = ''", "parameters"),
    code("rows", TABLE),
    code("picture", PICTURE),
)


@pytest.fixture
def made(tmp_path, write_notebook):
    notebook = write_notebook("notebooks/a.ipynb", *CELLS)
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ledger.csv").write_text("region,ratio,note\nHunan,6.25,a\nHubei,5,b\n")
    absolute = {"ledger": str(tmp_path / "data" / "ledger.csv")}
    job = Job(name="a", notebook=notebook, parameters=absolute, title="A")
    return make_report(job, out=tmp_path / "out")


@pytest.mark.slow
def test_a_report_is_put_to_the_test(made, tmp_path, write_notebook):
    same = verify_report(made.html)
    assert (same.equal, same.changes, same.error) == (True, (), None)
    assert same.summary() == "a: equal."

    (tmp_path / "data" / "ledger.csv").write_text("region,ratio,note\nHunan,6.5,a\nHubei,5,c\n")
    moved = verify_report(tmp_path / "out" / "a")
    assert not moved.equal
    assert moved.figures == ("a/figures/picture.svg",)
    assert [vars(cell) for cell in moved.tables] == [
        {
            "table": "rows",
            "row": 1,
            "label": "Hunan",
            "column": "ratio",
            "before": "6.25",
            "after": "6.5",
            "difference": 0.25,
        },
        {
            "table": "rows",
            "row": 2,
            "label": "Hubei",
            "column": "note",
            "before": "b",
            "after": "c",
            "difference": None,
        },
    ]
    assert moved.tidy()["column"].tolist() == ["ratio", "note"]
    lines = moved.summary().splitlines()
    assert lines[0] == "a: moved (2 cells of tables, 1 figures). What did it: the data."
    assert lines[1] == "  rows, row 1 (Hunan), ratio: 6.25 -> 6.5 (+0.25)"
    assert lines[-1] == "  changed: data: data/ledger.csv changed"
    assert "  not the same: a.html" in lines

    write_notebook("notebooks/a.ipynb", *CELLS[:2], code("picture", "1/0"))
    broken = verify_report(tmp_path / "out" / "a")
    assert broken.error == Failure(
        kind="ZeroDivisionError", message="division by zero", cell="picture"
    )
    assert "stops at cell 'picture': ZeroDivisionError" in broken.summary()
    assert {change.kind for change in broken.changes} == {"notebook", "data"}


def test_a_folder_that_is_no_report_is_refused(tmp_path):
    with pytest.raises(DataError) as refused:
        verify_report(tmp_path)
    assert str(refused.value) == (
        f"{tmp_path} is no report: it has no manifest.json that can be read. "
        "Give the folder that lies beside a report's page."
    )


def test_a_notebook_that_is_gone_is_named(tmp_path):
    folder = tmp_path / "out" / "a"
    folder.mkdir(parents=True)
    record = {"outputs": [], "notebook": {"path": "notebooks/none.ipynb"}}
    (folder / "manifest.json").write_bytes(as_json_bytes(record))
    with pytest.raises(DataError, match=r"it was made from notebooks/none\.ipynb, which is not in"):
        verify_report(folder)


def test_what_is_said_of_each_outcome(tmp_path):
    def said(**found):
        return Verification(name="a", folder=tmp_path, **found).summary().splitlines()

    assert said(altered=("a.html",)) == [
        "a: equal when made again, but not as it lies there.",
        "  altered since it was made: a.html",
    ]
    assert said(files=("a.html",))[0] == (
        "a: moved (0 cells of tables, 0 figures). What did it: neither data, code, parameters nor "
        "versions: the notebook itself gives something else each time."
    )
    cell = Moved(table="t", row=1, label="x", column="y", before="1", after="2", difference=1.0)
    many = said(files=("a/tables/t.csv",), tables=(cell,) * 25)
    assert many[-1] == "  5 more cells are in tidy()."
    shown = Verification(name="a", folder=tmp_path, altered=("<b>",))._repr_html_()
    assert "<li>altered since it was made: &lt;b&gt;</li>" in shown


def test_cells_are_matched_by_column_and_row(tmp_path):
    before, after = tmp_path / "before.csv", tmp_path / "after.csv"
    before.write_text("region,ratio\nHunan,1\nHubei,2\n")
    after.write_text('ratio,region,rank\n1,Hunan,"1"\n')
    assert [str(moved) for moved in moved_cells(before, after, table="t")] == [
        "t, row 1 (1), rank: absent -> 1",
        "t, row 2 (Hubei), region: Hubei -> absent",
        "t, row 2 (Hubei), ratio: 2 -> absent",
    ]
    shutil.copy(before, after)
    assert moved_cells(before, after, table="t") == []
    assert len(moved_cells(before, tmp_path / "none.csv", table="t")) == 4


def test_numbers_that_are_none_have_no_difference(tmp_path):
    before, after = tmp_path / "before.csv", tmp_path / "after.csv"
    before.write_text("a\nnan\n")
    after.write_text("a\n1\n")
    (moved,) = moved_cells(before, after, table="t")
    assert moved.difference is None
    assert json.dumps(vars(moved))
