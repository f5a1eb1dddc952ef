"""Stata, Parquet and JSON: values as text, labels, and files that are damaged."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.clean.sources import read_records
from toolkit.errors import DataError, OptionError, ToolkitError


def stata(tmp_path, table, **options):
    path = tmp_path / "t.dta"
    table.to_stata(path, write_index=False, **options)
    return path


def test_stata_brings_labels_dates_and_missing_values(tmp_path):
    table = pd.DataFrame(
        {
            "firm_id": ["甲", "乙"],
            "tier": [1, 2],
            "amount": [5.5, None],
            "day": pd.to_datetime(["2024-03-05", None]),
        }
    )
    path = stata(
        tmp_path,
        table,
        version=118,
        variable_labels={"firm_id": "企业编号", "amount": "放款金额(万元)"},
        value_labels={"tier": {1: "小贷公司", 2: "银行"}},
        convert_dates={"day": "td"},
    )
    (read,) = read_records(path).tables
    assert read.layout == "stata"
    assert read.rows.drop(columns=["file", "sheet"]).iloc[0].tolist() == [
        1,
        "甲",
        "小贷公司",
        "5.5",
        "2024-03-05",
    ]
    assert read.rows.loc[1, ["amount", "day"]].isna().all()
    assert read.headings["label"].tolist() == ["企业编号", "", "放款金额(万元)", ""]
    assert read.headings["unit"].tolist() == ["", "", "万元", ""]


def test_codes_with_one_label_for_two_stay_codes(tmp_path):
    table = pd.DataFrame({"tier": [1, 2, 3]})
    path = stata(tmp_path, table, value_labels={"tier": {1: "银行", 2: "银行"}}, version=118)
    assert read_records(path).rows["tier"].tolist() == ["1", "2", "3"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_stata_before_14_is_read_in_its_own_encoding(tmp_path, encoding):
    stored = {text: text.encode(encoding).decode("latin-1") for text in ("湖南省", "地区名称")}
    table = pd.DataFrame({"region": [stored["湖南省"], "plain"]})
    path = stata(tmp_path, table, version=114, variable_labels={"region": stored["地区名称"]})
    records = read_records(path)
    assert records.rows["region"].tolist() == ["湖南省", "plain"]
    assert records.headings["label"].tolist() == ["地区名称"]


def test_parquet_comes_as_text(tmp_path):
    path = tmp_path / "t.parquet"
    table = pd.DataFrame(
        {
            "企业": ["甲", None],
            "金额(万元)": [5.0, 1600.25],
            "日期": [dt.date(2024, 3, 5), None],
            "笔数": pd.array([3, None], dtype="Int64"),
        }
    )
    table.to_parquet(path)
    (read,) = read_records(path).tables
    assert read.rows.iloc[0, 2:].tolist() == [1, "甲", "5", "2024-03-05", "3"]
    assert read.rows.iloc[1].isna().tolist() == [False, False, False, True, False, True, True]
    assert read.headings["unit"].tolist() == ["", "万元", "", ""]


def write(tmp_path, text, *, name="t.jsonl"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_json_lines_keep_numbers_as_written(tmp_path):
    text = '{"id": "甲", "amount": 1.10}\n\n{"id": "乙", "note": ["x", 1], "amount": null}\n'
    rows = read_records(write(tmp_path, text)).rows
    assert rows["row"].tolist() == [1, 3]
    assert rows["amount"].iloc[0] == "1.10"
    assert rows["note"].iloc[1] == '["x", "1"]'
    assert rows["amount"].isna().tolist() == [False, True]


def test_a_list_of_objects(tmp_path):
    rows = read_records(write(tmp_path, '[{"a": 1}, {"a": true}]', name="t.json")).rows
    assert rows["a"].tolist() == ["1", "TRUE"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"a": 1}\n{"a": 2',
            "t.jsonl, line 2: '{\"a\": 2' is not a JSON object (Expecting ',' delimiter: line 1 "
            "column 8 (char 7)). Correct the line at its source; if it is the last, the file was "
            "cut short.",
        ),
        (
            '{"a": 1, "a": 2}\n',
            (
                "t.jsonl, line 1: '{\"a\": 1, \"a\": 2}' is not a JSON object (the key 'a' stands "
                "there twice). Correct the line at its source; if it is the last, the file was cut "
                "short."
            ),
        ),
        (
            '{"a": 1}\n7\n',
            "t.jsonl, line 2: '\"7\"' is no object of names and values. "
            'Write each record as {"name": value, …}.',
        ),
    ],
)
def test_a_line_that_is_no_object_is_located(tmp_path, text, message):
    with pytest.raises(DataError) as caught:
        read_records(write(tmp_path, text))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("name", "kind"), [("t.dta", "a Stata file"), ("t.parquet", "a Parquet file")]
)
def test_damaged_files_are_refused(tmp_path, name, kind):
    table = pd.DataFrame({"amount": [1.5] * 50})
    path = tmp_path / name
    table.to_stata(path) if name == "t.dta" else table.to_parquet(path)
    path.write_bytes(path.read_bytes()[:-150])
    with pytest.raises(DataError, match=rf"^{name}: not readable as {kind} \("):
        read_records(path)
    path.write_text("hello", encoding="utf-8")
    with pytest.raises(DataError, match=rf"^{name}: not readable as {kind} \("):
        read_records(path)


def test_they_name_their_columns_themselves(tmp_path):
    with pytest.raises(OptionError, match=r"^heading_rows: t\.jsonl names its columns itself\.$"):
        read_records(write(tmp_path, "{}"), heading_rows=1)


@pytest.mark.parametrize("text", ["[]", "\x1c"])
def test_json_without_a_record_is_refused(tmp_path, text):
    with pytest.raises(DataError) as caught:
        read_records(write(tmp_path, text))
    assert str(caught.value) == (
        "t.jsonl: there is no record in it. Fetch it again from its source."
    )


def test_only_a_new_line_ends_a_record(tmp_path):
    (table,) = read_records(write(tmp_path, '{"a": "x\u2028y"}\n')).tables
    assert table.rows["a"].tolist() == ["x\u2028y"]


@given(
    st.binary(min_size=1, max_size=200),
    st.sampled_from(["t.dta", "t.parquet", "t.jsonl", "t.json", "t.csv", "t.tsv"]),
)
def test_no_bytes_raise_anything_else(tmp_path_factory, content, name):
    path = tmp_path_factory.mktemp("bytes") / name
    path.write_bytes(content)
    try:
        records = read_records(path)
    except ToolkitError:
        return
    assert records.counts().sum() > 0
