from pathlib import Path

import pytest

from tests.report.making import code
from toolkit.errors import OptionError
from toolkit.report import read_plan, render_report
from toolkit.report.paths import check_paths


@pytest.fixture
def study(tmp_path, write_notebook, monkeypatch):
    write_notebook("notebooks/loans.ipynb", code("p", 'ledger: str = "a"', "parameters"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "台账.csv").write_text("x\n1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_path_seen_from_here_alone_is_refused_before_anything_runs(study):
    with pytest.raises(OptionError) as refused:
        render_report("notebooks/loans.ipynb", {"ledger": "data/台账.csv"}, out="reports")
    assert str(refused.value) == (
        "ledger='data/台账.csv': loans.ipynb looks for files from its own folder, and has none "
        "there. Write '../data/台账.csv'."
    )
    assert not (study / "reports").exists()


def test_a_plan_refuses_it_too(study):
    plan = study / "reports.toml"
    plan.write_text(
        '[[report]]\nnotebook = "notebooks/loans.ipynb"\n[report.parameters]\n'
        'ledger = "data/台账.csv"\n',
        encoding="utf-8",
    )
    with pytest.raises(OptionError, match=r"report 1: ledger='data/台账\.csv': .* Write '\.\./"):
        read_plan(plan)


@pytest.mark.parametrize(
    "value", ["../data/台账.csv", "data", "data/none.csv", "Hunan", "a" * 5000 + "/b", "\0/a", 3]
)
def test_what_leads_to_a_file_or_nowhere_is_left_alone(study, value):
    check_paths({"ledger": value}, notebook=study / "notebooks" / "loans.ipynb", here=Path())
