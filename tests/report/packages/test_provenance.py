import pytest

from tests.project import PROJECT, RAW
from toolkit.errors import DataError, OptionError
from toolkit.report.packages.findings import found, with_accepted
from toolkit.report.packages.provenance import provenance_findings, read_provenance
from toolkit.report.packages.statements import read_statements, statement_findings

HEAD = "| file | what | source | rights |\n|---|---|---|---|\n"


def said(table, files, used=None):
    rows = read_provenance(HEAD + table)
    return [str(one) for one in provenance_findings(rows, files, used=used)]


def test_a_file_needs_a_row():
    assert said("| `a.csv` | a | s | r |", ["data/raw/a.csv", "data/raw/b.csv"]) == [
        "error [no-provenance] data/raw/b.csv: no row of data/raw/README.md says where it came "
        "from. Add a row to data/raw/README.md: file, what, source, obtained, rights, citation."
    ]


def test_a_row_needs_a_file_and_has_to_say_source_and_rights():
    assert said("| `gone.csv` | a | | |", []) == [
        "warning [row-without-file] data/raw/README.md: a row names data/raw/gone.csv, which is "
        "not there. Correct the row in data/raw/README.md, or take it out.",
        "warning [unstated] data/raw/README.md: the source is not said in 1 row of 1, first of "
        "data/raw/gone.csv. State it there.",
        "warning [unstated] data/raw/README.md: the rights are not said in 1 row of 1, first of "
        "data/raw/gone.csv. State it there.",
    ]


def test_rows_that_say_too_little_are_counted():
    rows = "| `a` | a | s | r |\n| `b` | b | s | |\n| c | c | s | |"
    (found,) = (x for x in said(rows, ["data/raw/a", "data/raw/b"]) if "unstated" in x)
    assert "the rights are not said in 2 rows of 3, first of data/raw/b." in found


def test_a_file_that_no_report_opens_is_told_where_that_is_known():
    row, files = "| `*.csv` | a | s | r |", ["data/raw/a.csv", "data/raw/b.csv"]
    (only,) = said(row, files, used=["data/raw/a.csv"])
    assert only.startswith("warning [unused] data/raw/b.csv: no report opens it.")
    assert said(row, files) == []


@pytest.mark.parametrize(
    ("pattern", "file", "held"),
    [
        ("nbs/", "data/raw/nbs/a/b.csv", True),
        ("nbs/", "data/raw/nbsx.csv", False),
        ("nbs/*.csv", "data/raw/nbs/a.csv", True),
        ("v_{a,b}.csv", "data/raw/v_b.csv", True),
        ("v_{a,b}.csv", "data/raw/v_c.csv", False),
        ("[a].csv", "data/raw/[a].csv", True),
    ],
)
def test_what_a_row_stands_for(pattern, file, held):
    (row,) = read_provenance(f"{HEAD}| `{pattern}` | a | s | r |")
    assert row.holds(file) == held


def test_other_tables_are_passed_over():
    text = f"| x | y |\n|---|---|\n| 1 | 2 |\n\n{HEAD}| `a.csv` | a | s | r |\n\ntext\n| b | c |\n"
    (row,) = read_provenance(text)
    assert dict(row.facts) == {"what": "a", "source": "s", "rights": "r"}


def test_the_shipped_data_all_have_a_row_that_says_source_and_rights():
    files = [
        f"data/raw/{path.relative_to(RAW).as_posix()}"
        for path in RAW.rglob("*")
        if path.is_file() and path != RAW / "README.md"
    ]
    rows = read_provenance((RAW / "README.md").read_text(encoding="utf-8"))
    assert list(provenance_findings(rows, files, used=None)) == []


def test_nothing_is_certified_of_the_shipped_data_that_is_not_known():
    statements = read_statements(PROJECT)
    assert [one.what for one in statement_findings(statements)] == [
        "paper is not stated.",
        "contact is not stated.",
        "legitimate_access is not stated.",
        "permission_to_redistribute is not stated.",
    ]


def test_what_the_authors_accept_becomes_a_warning():
    findings = [found("no-seed", "notebooks/a.ipynb, cell 'x'", "?"), found("no-seed", "b.py", "?")]
    first, second = with_accepted(findings, ["no-seed:notebooks/*"])
    assert (first.severity, first.advice) == ("warning", "Accepted by the authors.")
    assert second.severity == "error"


def test_accepting_nothing_that_is_known():
    with pytest.raises(
        OptionError, match=r"^No rule 'no-sed'\. Did you mean 'no-seed'\? The rules"
    ):
        with_accepted([], ["no-sed:a"])
    with pytest.raises(OptionError) as caught:
        with_accepted([], ["no-seed"])
    assert str(caught.value) == (
        "'no-seed' names no place. Write no-seed:PATTERN, such as no-seed:data/*."
    )


def test_statements_are_checked(tmp_path):
    path = tmp_path / "replication.toml"
    assert len(list(statement_findings(read_statements(tmp_path)))) == 8
    path.write_text('autors = ["Li"]')
    with pytest.raises(OptionError, match=r"unknown key 'autors'\. Did you mean 'authors'\?"):
        read_statements(tmp_path)
    path.write_text('authors = "Li"')
    with pytest.raises(OptionError) as caught:
        read_statements(tmp_path)
    assert str(caught.value) == "replication.toml: authors is 'Li'. Give a list of texts."
    path.write_text('legitimate_access = "yes"')
    with pytest.raises(OptionError, match=r"legitimate_access is 'yes'\. Give true or false\.$"):
        read_statements(tmp_path)
    path.write_text("title =")
    with pytest.raises(DataError, match=r"^replication\.toml is not TOML: "):
        read_statements(tmp_path)
