"""What becomes of each kind of row of a ledger."""

from __future__ import annotations

import duckdb
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clean.ledger_rows import BAD, HEADINGS, UNTIL, ledger
from toolkit.clean.amounts import read_amounts
from toolkit.clean.ledgers import clean_ledger
from toolkit.clean.rows.dictionary import with_plain_amounts
from toolkit.errors import DataError, OptionError
from toolkit.schema import LEDGER
from toolkit.simulate import messy_loans


def rows(*cells, headings=HEADINGS):
    return pd.DataFrame([list(row) for row in cells], columns=headings, dtype="str")


def loan(firm="F1", funder="M1", date="2024-03-05", amount="5万元", **other):
    named = {"机构类型": "micro", "地区": "湖南", "行业": "battery", "备注": ""} | other
    return [
        firm,
        funder,
        named["机构类型"],
        named["地区"],
        named["行业"],
        date,
        amount,
        named["备注"],
    ]


def test_every_kind_of_row_becomes_what_it_should():
    cleaned = clean_ledger(ledger(), observed_until=UNTIL)
    assert cleaned.audit.balance() == "53 rows in = 37 passed + 2 duplicates + 14 rejected"
    assert cleaned.table.columns.tolist() == [*LEDGER.names, "备注", "flags"]
    first = cleaned.table.iloc[:6]
    assert first["firm_id"].tolist() == ["F1", "F2", "F3", "F4", "F007", "F8"]
    assert first["funder_id"].tolist() == ["M1", "M1", "B1", "B1", "B2", "B2"]
    assert first["tier"].tolist() == ["micro", "micro", "bank", "bank", "bank", "bank"]
    codes = ["430000", "610000", "370000", "150000", "540000", "430000"]
    assert first["region"].tolist() == codes
    assert first["amount_cny"].tolist() == [16e6, 16e6, 16e5, 16e5, 16e5, 5e6]
    assert first["date"].dt.strftime("%m%d").tolist() == [f"030{day}" for day in range(5, 10)] + [
        "0310"
    ]
    assert first["flags"].tolist() == ["", "", "", "missing_sector", "", "amount_is_about"]
    assert cleaned.rejected["row"].tolist() == list(range(9, 9 + 2 + len(BAD)))
    assert cleaned.rejected["备注"].tolist() == [""] * (2 + len(BAD))


def test_a_near_miss_is_quoted_beside_what_stood_there():
    events = clean_ledger(ledger(), observed_until=UNTIL).audit.events.set_index("rule")
    assert events.loc["unknown_tier", ["before", "after"]].tolist() == [
        "bnak",
        "Did you mean 'bank'?",
    ]
    assert events.loc["conflicting_rows", "before"].tolist() == ["F20, B9, 2024-04-01"] * 2


def test_the_key_is_the_callers_to_say():
    frame = rows(loan(amount="5万元"), loan(amount="6万元"), loan(amount="60,000元"))
    assert clean_ledger(frame).audit.balance() == "3 rows in = 0 passed + 0 duplicates + 3 rejected"
    tranches = clean_ledger(frame, key=["firm_id", "funder_id", "date", "amount_cny"])
    assert tranches.audit.balance() == "3 rows in = 2 passed + 1 duplicates + 0 rejected"
    assert tranches.table["amount_cny"].tolist() == [50_000.0, 60_000.0]


def test_a_number_of_the_loan_makes_the_key_where_there_is_one():
    frame = rows(loan(), loan(), loan()).assign(合同编号=["L1", "L2", ""])
    cleaned = clean_ledger(frame)
    assert cleaned.table["loan_id"].tolist() == ["L1", "L2"]
    assert cleaned.rejected["reasons"].tolist() == ["missing_loan_id"]


def test_an_extra_column_is_content_and_a_running_number_is_not():
    frame = rows(loan(), loan())
    assert clean_ledger(frame.assign(序号=["1", "2"])).audit.duplicates == 1
    assert clean_ledger(frame.assign(备注=["1", "2"])).audit.count("conflicting_rows") == 2


def test_the_unit_of_the_heading_holds_for_bare_numbers():
    frame = rows(loan(amount="1.5"), loan("F2", amount="3亿元")).rename(
        columns={"放款金额": "放款金额（万元）"}
    )
    cleaned = clean_ledger(frame)
    assert cleaned.table["amount_cny"].tolist() == [15_000.0, 3e8]
    assert cleaned.table["flags"].tolist() == ["", "unit_conflict"]


def test_other_currencies_need_rates():
    frame = rows(loan(amount="US$1 million"), loan("F2", date="2024-06-01", amount="US$1 million"))
    assert clean_ledger(frame).rejected["reasons"].tolist() == ["no_rate"] * 2
    fixed = clean_ledger(frame, rates={"USD": 7.0})
    assert fixed.table["amount_cny"].tolist() == [7e6, 7e6]
    dated = pd.DataFrame(
        {"currency": ["USD"] * 2, "date": ["2024-01-01", "2024-05-01"], "rate": [7.1, 7.2]}
    )
    by_day = clean_ledger(frame, rates=dated)
    assert by_day.table["amount_cny"].tolist() == [7.1e6, 7.2e6]
    assert by_day.audit.count("currency_converted") == 2
    early = clean_ledger(rows(loan(date="2023-01-01", amount="US$-1")), rates=dated)
    assert early.rejected["reasons"].tolist() == ["no_rate"]
    below = clean_ledger(rows(loan(amount="US$-1")), rates=dated)
    assert below.rejected["reasons"].tolist() == ["negative_amount"]


def test_words_for_tiers_can_be_added():
    frame = rows(loan(机构类型="典当行"))
    assert clean_ledger(frame).audit.rejected == 1
    assert clean_ledger(frame, tiers={"典当行": "pawnshop"}).table["tier"].tolist() == ["pawnshop"]
    with pytest.raises(OptionError, match=r"^tiers maps the words of the source to kinds"):
        clean_ledger(frame, tiers={"典当行": ""})


def test_days_and_months_are_never_guessed():
    frame = rows(loan(date="05/03/2024"), loan("F2", date="05/03/2024"))
    assert clean_ledger(frame).rejected["reasons"].tolist() == ["ambiguous_date"] * 2
    asked = clean_ledger(frame, date_order="day_first")
    assert asked.table["date"].dt.month.tolist() == [3, 3]
    assert asked.audit.count("date_settled") == 2


SLIP = "ten_thousandfold"


@pytest.mark.parametrize(
    ("amount", "flag"),
    [("1,500,000万元", SLIP), ("95,000,000万元", SLIP), ("150元", SLIP), ("1500万元", "")],
)
def test_an_amount_ten_thousand_times_off_its_group_is_flagged(amount, flag):
    usual = [loan(f"G{number}", amount=f"{140 + number}万元") for number in range(25)]
    others = [loan(f"H{number}", amount=f"{number + 1}元", 机构类型="bank") for number in range(25)]
    cleaned = clean_ledger(rows(*usual, *others, loan("X", amount=amount)))
    flags = cleaned.table.set_index("firm_id")["flags"]
    assert flags.pop("X") == flag
    assert set(flags) == {""}


def test_an_extra_column_does_not_take_a_name_of_the_clean_table():
    frame = rows(loan()).rename(columns={"备注": "flags"})
    assert clean_ledger(frame).table.columns.tolist() == [*LEDGER.names, "flags_source", "flags"]


def test_rows_keep_the_place_that_a_frame_gives_them():
    frame = rows(loan(), loan("F2", amount="x")).assign(file="a.xlsx", sheet="台账", row=[7, 8])
    cleaned = clean_ledger(frame)
    assert cleaned.table[["file", "sheet", "row"]].to_numpy().tolist() == [["a.xlsx", "台账", 7]]
    event = cleaned.audit.events.set_index("rule").loc["not_an_amount"]
    assert (event["file"], event["row"]) == ("a.xlsx, sheet 台账", 8)
    assert cleaned.rejected[["file", "sheet", "row"]].to_numpy().tolist() == [["a.xlsx", "台账", 8]]


def test_counts_are_exact_where_events_are_examples():
    frame = rows(*(loan(f"F{number}", amount="x") for number in range(1_500)))
    audit = clean_ledger(frame).audit
    assert audit.count("not_an_amount") == 1_500
    assert (audit.events["rule"] == "not_an_amount").sum() == 1_000
    assert audit.by_rule().set_index("rule").loc["not_an_amount", "rows"] == 1_500


def test_a_frame_without_rows_is_refused():
    with pytest.raises(DataError) as caught:
        clean_ledger(rows(loan()).iloc[:0])
    assert str(caught.value) == (
        "The table: there are headings and no rows. Fetch it again from its source."
    )


def test_a_cleaned_relation_is_written_as_it_is_computed(tmp_path):
    made = messy_loans(5_000, random_state=3, path=tmp_path / "simulated.csv")
    cleaned = clean_ledger(made.path, observed_until=made.observed_until)
    assert isinstance(cleaned.table, duckdb.DuckDBPyRelation)
    names = [path.name for path in cleaned.write(tmp_path / "out" / "loans")]
    assert names == ["loans.parquet", "loans.rejected.csv", "loans.audit.csv", "loans.audit.txt"]
    table = pd.read_parquet(tmp_path / "out" / "loans.parquet")
    assert len(table) == made.clean
    assert table["amount_cny"].sum() == made.amount_cny
    assert table["row"].is_monotonic_increasing
    assert cleaned.audit.duplicates == made.duplicates
    assert cleaned.audit.count("unknown_region") == made.reasons["unknown_region"]
    late = made.reasons["date_after_observed_until"]
    assert cleaned.audit.count("date_after_observed_until") == late


def test_amounts_that_are_nearly_all_distinct_are_read_alike(tmp_path, monkeypatch):
    made = messy_loans(4_000, random_state=3, path=tmp_path / "simulated.csv", distinct=None)
    by_texts = clean_ledger(made.path, observed_until=UNTIL)
    monkeypatch.setattr("toolkit.clean.rows.dictionary.SAMPLE", 1_000)
    by_expressions = clean_ledger(made.path, observed_until=UNTIL)
    assert by_expressions.table.df().equals(by_texts.table.df())
    assert by_expressions.audit.by_rule().equals(by_texts.audit.by_rule())


PLAIN = st.from_regex(r"\A[0-9]{1,12}(\.[0-9]{1,3})?(元|万元|亿元)?\Z")


@given(st.lists(PLAIN, min_size=1, max_size=20))
def test_expressions_read_plain_amounts_to_the_last_bit(texts):
    import narwhals as nw

    expected = read_amounts(texts)["value"].tolist()
    frame = nw.from_native(pl.DataFrame({"text": texts})).lazy()
    read = with_plain_amounts(frame, "text").collect().to_pandas()
    assert read["_plain"].all()
    assert read["_yuan"].tolist() == expected
