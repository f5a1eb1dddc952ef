"""Ledgers in files: encodings, titles, damage, and bytes that are no ledger."""

from __future__ import annotations

import csv
import gzip
import io
import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clean.ledger_rows import HEADINGS, UNTIL, ledger
from toolkit.clean.ledgers import clean_ledger
from toolkit.errors import ColumnError, DataError, OptionError, ToolkitError

ROW = "F1,M1,micro,湖南,battery,2024-03-05,5万元,a"
HEADING = ",".join(HEADINGS)


def write(path, *lines, encoding="utf-8"):
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def clean(path, **options):
    return clean_ledger(path, **{"observed_until": UNTIL, **options})


def message(path, kind=DataError, **options):
    with pytest.raises(kind) as caught:
        clean(path, **options)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_gives_the_rows_of_its_frame_and_where_they_stood(tmp_path, encoding):
    frame = ledger()
    path = tmp_path / "loans.csv"
    path.write_bytes(frame.to_csv(index=False).encode(encoding))
    cleaned, expected = clean(path), clean_ledger(frame, observed_until=UNTIL)
    table = cleaned.table.df()
    assert table["amount_cny"].tolist() == expected.table["amount_cny"].tolist()
    assert table["region"].tolist() == expected.table["region"].tolist()
    assert table["row"].tolist()[:3] == [2, 3, 4]
    rejected = cleaned.rejected.df()
    assert rejected["reasons"].tolist() == expected.rejected["reasons"].tolist()
    assert rejected["row"].tolist() == (expected.rejected["row"] + 1).tolist()
    assert set(rejected["file"]) == {"loans.csv"}


def test_titles_notes_and_blank_lines_are_told_from_data(tmp_path):
    path = write(
        tmp_path / "loans.csv",
        "科技企业放款台账",
        "",
        HEADING,
        ROW,
        "",
        "注：模拟",
        encoding="gb18030",
    )
    cleaned = clean(path)
    assert cleaned.audit.balance() == "1 rows in = 1 passed + 0 duplicates + 0 rejected"
    assert cleaned.table.df()["row"].tolist() == [4]
    events = cleaned.audit.events
    assert events.loc[events["rule"] == "not_data", "row"].tolist() == [1, 3, 6]


def test_two_rows_of_headings_are_read_as_one(tmp_path):
    path = write(
        tmp_path / "loans.csv",
        "企业编号,资金方,,地区,行业,放款,",
        ",编号,类型,,,日期,金额(万元)",
        "F1,M1,小额贷款公司,湖南,battery,2024-03-05,16",
    )
    cleaned = clean(path)
    assert cleaned.table.df()["amount_cny"].tolist() == [160_000.0]
    assert cleaned.table.df()["row"].tolist() == [3]


def test_headings_in_the_middle_of_a_joined_file_are_told(tmp_path):
    cleaned = clean(write(tmp_path / "loans.csv", HEADING, ROW, HEADING))
    assert "repeated_heading" in cleaned.rejected.df()["reasons"].iloc[0]


def test_a_row_with_shifted_cells_is_rejected_with_its_line(tmp_path):
    cleaned = clean(write(tmp_path / "loans.csv", HEADING, ROW, ROW + ",too many", "F2,M1", ROW))
    rejected = cleaned.rejected.df()
    assert rejected["row"].tolist() == [3, 4]
    assert rejected["reasons"].tolist() == ["wrong_number_of_cells"] * 2
    assert cleaned.audit.duplicates == 1


def test_line_breaks_inside_cells_do_not_shift_the_lines(tmp_path):
    quoted = ROW.replace(",a", ',"two\nlines"')
    cleaned = clean(write(tmp_path / "loans.csv", HEADING, quoted, ROW.replace("F1", "F2")))
    assert cleaned.table.df()["row"].tolist() == [2, 4]
    assert cleaned.table.df()["备注"].tolist() == ["two\nlines", "a"]


def test_leading_zeros_stay(tmp_path):
    cleaned = clean(write(tmp_path / "loans.csv", HEADING, ROW.replace("F1", "007")))
    assert cleaned.table.df()["firm_id"].tolist() == ["007"]


def test_compressed_json_lines_and_parquet_files_are_read(tmp_path):
    frame = ledger()
    expected = clean_ledger(frame, observed_until=UNTIL).table["amount_cny"].tolist()
    paths = [tmp_path / name for name in ("a.csv.gz", "a.jsonl", "a.parquet", "a.tsv")]
    paths[0].write_bytes(gzip.compress(frame.to_csv(index=False).encode()))
    lines = (json.dumps(row, ensure_ascii=False) for row in frame.to_dict("records"))
    paths[1].write_text("\n".join(lines), encoding="utf-8")
    frame.to_parquet(paths[2])
    frame.to_csv(paths[3], index=False, sep="\t")
    for path in paths:
        assert clean(path).table.df()["amount_cny"].tolist() == expected


def test_a_truncated_gzip_is_refused(tmp_path):
    path = tmp_path / "loans.csv.gz"
    path.write_bytes(gzip.compress(("\n".join([HEADING, *[ROW] * 500])).encode())[:-9])
    assert message(path).startswith("loans.csv.gz: the compressed file is damaged or cut short (")


def test_damage_inside_a_parquet_file_is_said(tmp_path):
    path = tmp_path / "loans.parquet"
    ledger().to_parquet(path, compression=None)
    path.write_bytes(path.read_bytes().replace("湖南".encode(), b"\xff\xff\xff\xff\xff\xff"))
    said = message(path)
    assert said.startswith("loans.parquet: the file cannot be read to its end (Invalid Input Error")
    assert said.endswith("). If it is damaged, fetch it again from its source.")


def test_mixed_encodings_are_located_and_quoted(tmp_path):
    path = tmp_path / "loans.csv"
    path.write_bytes(f"{HEADING}\n{ROW}\n".encode() + ROW.replace("F1", "F2").encode("gb18030"))
    assert message(path) == (
        f"loans.csv: the encodings are mixed. Line 1 is UTF-8 ({HEADING[:40]!r}), "
        "line 3 is GB18030 ('F2,M1,micro,湖南,battery,2024-03-05,5万元,a'). "
        "Save each part as UTF-8 before they are joined."
    )


def test_bytes_in_no_encoding_are_located(tmp_path):
    path = tmp_path / "loans.csv"
    path.write_bytes(f"{HEADING}\n".encode("gb18030") + b"F1,\xff\xff,x\n")
    assert message(path).startswith("loans.csv, line 2: the bytes are neither UTF-8 nor GB18030")


def test_a_file_that_is_no_ledger_is_refused_with_advice(tmp_path):
    path = write(tmp_path / "gdp.csv", "地区,2023年,2022年", "湖南,1,2")
    assert message(path) == (
        "gdp.csv: no heading row was found in its first 60 lines. A table has a row with headings "
        "such as firm_id, funder_id, tier, region; this file begins with '地区,2023年,2022年'. "
        "Name its headings: columns={'firm_id': heading} in Python, -c firm_id=HEADING on the "
        "command line."
    )


def test_an_empty_file_and_one_with_headings_alone_are_refused(tmp_path):
    assert message(write(tmp_path / "a.csv", "")) == (
        "a.csv: the file is empty. Fetch it again from its source."
    )
    assert message(write(tmp_path / "b.csv", " ", "")) == (
        "b.csv: the file is empty. Fetch it again from its source."
    )
    assert message(write(tmp_path / "c.csv", HEADING)) == (
        "c.csv: there are headings and no rows. Fetch it again from its source."
    )


def test_a_column_that_is_not_found_can_be_named_or_renounced(tmp_path):
    lines = [HEADING.replace("放款金额", "实放").replace("行业", "其他"), ROW]
    path = write(tmp_path / "loans.csv", *lines)
    shown = message(path, ColumnError)
    assert shown.startswith(
        "loans.csv: No columns 'sector' and 'amount_cny'. The table has: 企业编号, "
    )
    assert shown.endswith(
        "Name them: columns={'sector': heading, 'amount_cny': heading} in Python, "
        "-c sector=HEADING -c amount_cny=HEADING on the command line. "
        "Where there is no 'sector', say None, or -c sector= with nothing after it."
    )
    cleaned = clean(path, columns={"sector": None, "amount_cny": "实放"})
    assert cleaned.table.df()["amount_cny"].tolist() == [50_000.0]
    assert cleaned.table.df()["sector"].isna().all()


def test_two_headings_for_one_column_are_refused(tmp_path):
    path = write(tmp_path / "loans.csv", HEADING.replace("备注", "金额"), ROW)
    assert message(path, ColumnError) == (
        "loans.csv: 2 columns may be 'amount_cny': '放款金额', '金额'. "
        "Say which: columns={'amount_cny': '放款金额'} in Python, -c amount_cny=放款金额 on the "
        "command line."
    )


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            {"columns": {"amount": "x"}},
            "columns (-c) gives headings by column of the clean table; 'amount' is none of them. "
            "Did you mean 'amount_cny'? They are: firm_id, funder_id, tier, region, sector, date, "
            "amount_cny, loan_id, serial.",
        ),
        ({"observed_until": "soon"}, "observed_until is a day, such as '2024-12-31'; got 'soon'."),
        (
            {"key": ["firm"]},
            "key names columns of the clean table; 'firm' is none of them. Did you mean 'firm_id'? "
            "They are: firm_id, funder_id, tier, region, sector, date, amount_cny, loan_id.",
        ),
        (
            {"columns": {"date": None}},
            "columns (-c) says that there is no 'date', without which nothing can be said of a "
            "row. Name the column that holds it: columns={'date': heading} in Python, "
            "-c date=HEADING on the command line.",
        ),
    ],
)
def test_options_that_cannot_be_meant_are_refused(tmp_path, options, expected):
    path = write(tmp_path / "loans.csv", HEADING, ROW)
    assert message(path, OptionError, **options) == expected


def test_columns_of_the_wrong_kind_are_quarantined(tmp_path):
    frame = pd.DataFrame({"firm_id": [True], "funder_id": [1.5], "tier": [3], "region": [43],
                          "sector": [None], "date": [1.5], "amount": ["2024-03-05"]})  # fmt: skip
    cleaned = clean_ledger(frame)
    assert cleaned.audit.rejected == 1
    assert cleaned.rejected["reasons"].tolist() == ["unreadable_date; unknown_tier; not_an_amount"]


@pytest.mark.slow
def test_a_million_bad_rows_are_quarantined_and_counted(tmp_path):
    path = tmp_path / "loans.csv"
    body = "".join(f"F{n},M1,micro,湖南,battery,2024-03-05,x{n},a\n" for n in range(1_000_000))
    path.write_text(f"{HEADING}\n{body}", encoding="utf-8")
    cleaned = clean(path)
    assert cleaned.audit.balance() == (
        "1,000,000 rows in = 0 passed + 0 duplicates + 1,000,000 rejected"
    )
    assert cleaned.audit.count("not_an_amount") == 1_000_000
    assert (cleaned.audit.events["rule"] == "not_an_amount").sum() == 1_000


CELLS = st.text(st.sampled_from(list('F1,"\n\r\t;|湖南万元.-(）\0\ufeff2024/ab')), max_size=12)


@settings(max_examples=20)
@given(st.lists(st.lists(CELLS, max_size=9), max_size=5), st.sampled_from(["utf-8", "gb18030"]))
def test_any_cells_under_headings_give_rows_or_a_toolkit_error(tmp_path_factory, rows, encoding):
    path = tmp_path_factory.mktemp("fuzz") / "loans.csv"
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_MINIMAL).writerows(
        [HEADINGS, *(row or [""] for row in rows)]
    )
    path.write_bytes(stream.getvalue().encode(encoding))
    refuse_nothing_but_toolkit_errors(path)


NAMES = ["loans.csv", "loans.csv.gz", "loans.jsonl", "loans.parquet"]
STARTS = [b"", f"{HEADING}\n".encode(), f"{HEADING}\n".encode("gb18030")]


@settings(max_examples=100)
@given(st.binary(max_size=200), st.sampled_from(NAMES), st.sampled_from(STARTS))
def test_any_bytes_give_rows_or_a_toolkit_error(tmp_path_factory, content, name, start):
    path = tmp_path_factory.mktemp("fuzz") / name
    path.write_bytes(gzip.compress(start + content) if name.endswith("gz") else start + content)
    refuse_nothing_but_toolkit_errors(path)


def refuse_nothing_but_toolkit_errors(path):
    try:
        cleaned = clean(path)
    except ToolkitError as error:
        assert str(error).endswith((".", ")"))  # noqa: PT017
    else:
        table = cleaned.table.df()
        assert len(table) == cleaned.audit.passed
        assert (
            table[["firm_id", "funder_id", "tier", "region", "date", "amount_cny"]]
            .notna()
            .all(axis=None)
        )
