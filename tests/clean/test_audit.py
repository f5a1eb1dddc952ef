import pandas as pd
import pytest

from toolkit.clean.audit import Audit, Cleaned, Trail
from toolkit.errors import DataError, OptionError
from toolkit.language import speaking

ROWS = pd.DataFrame({"file": ["loans.csv"] * 3, "row": [2, 3, 4], "amount": ["5万", "x", "5万"]})


def make_audit(**options):
    trail = Trail()
    trail.add(
        ROWS.iloc[[1]],
        rule="not_an_amount",
        outcome="rejected",
        meaning="Text where money should stand.",
        column="amount",
        before=ROWS["amount"],
    )
    trail.add(
        ROWS.iloc[[0]],
        rule="unit_scaled",
        outcome="altered",
        meaning="Put into CNY.",
        column="amount",
        before=ROWS["amount"],
        after=pd.Series([50000.0], index=[0]),
    )
    trail.add(ROWS.iloc[:0], rule="found_nothing", outcome="flagged", meaning="Nothing.")
    counts = {"rows_in": 3, "passed": 1, "duplicates": 1, "rejected": 1} | options
    return Audit(title="loans", events=trail.events(), meanings=trail.meanings(), **counts)


def test_rows_must_add_up():
    with pytest.raises(DataError) as caught:
        make_audit(rows_in=4)
    assert str(caught.value) == (
        "loans: 4 rows came in, but 1 passed, 1 were duplicates and 1 were rejected. "
        "A cleaning rule lost or invented rows."
    )


def test_tables_must_have_the_rows_that_the_audit_counts():
    with pytest.raises(DataError) as caught:
        Cleaned(table=ROWS, rejected=ROWS.iloc[[1]], audit=make_audit())
    assert str(caught.value) == (
        "loans: the audit counts 1 passed and 1 rejected rows, the tables hold 3 and 1."
    )


def test_by_rule_counts_and_shows_where_an_example_stood():
    table = make_audit().by_rule()
    assert table["rule"].tolist() == ["not_an_amount", "unit_scaled"]
    assert table.loc[0, ["rows", "example", "where"]].tolist() == [1, "x", "loans.csv, row 3"]
    assert table.loc[1, "example"] == "5万 → 50000.0"


def test_count_is_zero_for_a_rule_that_found_nothing_and_refuses_one_never_applied():
    audit = make_audit()
    assert audit.count("not_an_amount") == 1
    assert audit.count("found_nothing") == 0
    with pytest.raises(OptionError) as caught:
        audit.count("unheard_of")
    assert str(caught.value) == (
        "No rule 'unheard_of' was applied. The rules were: "
        "not_an_amount, unit_scaled, found_nothing."
    )


def test_the_balance_is_a_sentence():
    assert make_audit().balance() == "3 rows in = 1 passed + 1 duplicates + 1 rejected"


def test_an_outcome_that_is_none_is_refused():
    with pytest.raises(OptionError, match=r"^outcome is one of rejected, duplicate, altered"):
        Trail().add(ROWS, rule="r", outcome="lost", meaning="m")


def test_an_empty_trail_has_the_columns_of_events():
    assert Trail().events().columns.tolist() == [
        "rule",
        "outcome",
        "file",
        "row",
        "column",
        "before",
        "after",
    ]


def test_writing_leaves_table_rejected_rows_and_audit(tmp_path):
    cleaned = Cleaned(table=ROWS.iloc[[0]], rejected=ROWS.iloc[[1]], audit=make_audit())
    names = [path.name for path in cleaned.write(tmp_path / "loans")]
    assert names == ["loans.parquet", "loans.rejected.csv", "loans.audit.csv", "loans.audit.txt"]
    assert pd.read_csv(tmp_path / "loans.audit.csv")["rule"].tolist() == [
        "not_an_amount",
        "unit_scaled",
    ]
    text = (tmp_path / "loans.audit.txt").read_text(encoding="utf-8")
    assert text.splitlines()[1] == "3 rows in = 1 passed + 1 duplicates + 1 rejected"


@pytest.mark.parametrize(
    ("stem", "table"),
    [("loans.csv", "loans.csv"), ("loans.parquet", "loans.parquet"), ("v1.2", "v1.2.parquet")],
)
def test_the_ending_of_the_name_says_how_the_table_is_written(tmp_path, stem, table):
    cleaned = Cleaned(table=ROWS.iloc[[0]], rejected=ROWS.iloc[[1]], audit=make_audit())
    base = table.rpartition(".")[0]
    assert [path.name for path in cleaned.write(tmp_path / stem)] == [
        table,
        f"{base}.rejected.csv",
        f"{base}.audit.csv",
        f"{base}.audit.txt",
    ]
    if stem.endswith(".csv"):
        assert (tmp_path / table).read_text(encoding="utf-8") == (
            "file,row,amount\nloans.csv,2,5万\n"
        )


def test_a_rerun_without_rejected_rows_removes_the_old_file(tmp_path):
    (tmp_path / "loans.rejected.csv").write_text("old")
    Cleaned(
        table=ROWS.iloc[:2], rejected=ROWS.iloc[:0], audit=make_audit(passed=2, rejected=0)
    ).write(tmp_path / "loans")
    assert not (tmp_path / "loans.rejected.csv").exists()


def test_shown_in_a_notebook_as_a_panel_and_as_csv():
    bundle = make_audit()._repr_mimebundle_()
    assert "<strong>loans</strong>" in bundle["text/html"]
    assert bundle["text/csv"].startswith("rule,outcome,rows,example,where,meaning\n")
    assert bundle["text/plain"] == str(make_audit())


def test_shown_in_chinese_and_kept_in_english():
    audit = make_audit()
    with speaking("zh"):
        panel = audit._repr_html_()
        kept = audit.by_rule()
    assert "<td class='words'>loans.csv, 第 3 行</td>" in panel
    assert "应为金额处为文字。" in panel
    pd.testing.assert_frame_equal(kept, audit.by_rule())
    assert "loans.csv, row 3" in audit._repr_html_()
