"""Ledgers and registers by path in layouts that have to be taken apart first."""

from __future__ import annotations

import datetime as dt
import json

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.clean.ledger_rows import UNTIL, ledger
from toolkit.clean.ledgers import clean_ledger
from toolkit.clean.milestones import clean_milestones
from toolkit.errors import ColumnError, DataError, OptionError

PLACE = ["file", "sheet", "row"]
TOP = ["企业编号", "资金方", None, "地区", "行业", "放款", None]
BELOW = [None, "编号", "类型", None, None, "日期", "金额(万元)"]
LENDER = {"资金方": "资金方编号"}
LISTED = {"funder_id": "资金方 编号", "tier": "资金方 类型", "date": "放款 日期"}


def add_sheet(book, name, rows, *, notes=()):
    sheet = book.create_sheet(name)
    sheet.append(["科技企业放款台账"])
    sheet.append(TOP)
    sheet.append(BELOW)
    for bounds in ("A1:G1", "A2:A3", "B2:C2", "D2:D3", "E2:E3", "F2:G2"):
        sheet.merge_cells(bounds)
    for row in [*rows, *notes]:
        sheet.append(row)


def workbook(path, *, notes=()):
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["金额单位见表头"])
    add_sheet(
        book,
        "一季度",
        [
            ["F1", "M1", "micro", "湖南", "battery", 45356, 5],
            ["F1", "M1", "micro", "湖南", "battery", 45356, 5],
            ["F2", "M1", "micro", "湖喃", "battery", 45357, 5],
        ],
        notes=notes,
    )
    add_sheet(
        book,
        "二季度",
        [
            ["F3", "B1", "银行", "陕西", "retail", dt.date(2024, 4, 1), 1600.5],
            ["F4", "B1", "银行", "陕西", "retail", dt.date(2025, 4, 1), "见合同"],
        ],
    )
    book.save(path)
    return path


def clean(path, **options):
    return clean_ledger(path, **{"observed_until": UNTIL, "columns": LISTED, **options})


def message(path, kind=DataError, **options):
    with pytest.raises(kind) as caught:
        clean(path, **options)
    return str(caught.value)


def test_a_workbook_just_works(tmp_path):
    cleaned = clean(workbook(tmp_path / "loans.xlsx"), columns=None)
    assert cleaned.audit.balance() == "5 rows in = 2 passed + 1 duplicates + 2 rejected"
    table = cleaned.table.df()
    assert table[["firm_id", "tier", "region", "amount_cny", *PLACE]].values.tolist() == [
        ["F1", "micro", "430000", 50_000.0, "loans.xlsx", "一季度", 4],
        ["F3", "bank", "610000", 16_005_000.0, "loans.xlsx", "二季度", 4],
    ]
    assert table["date"].dt.strftime("%Y-%m-%d").tolist() == ["2024-03-05", "2024-04-01"]


def test_rejected_rows_of_a_workbook_say_sheet_and_row_and_stand_as_they_stood(tmp_path):
    rejected = clean(workbook(tmp_path / "loans.xlsx")).rejected.df()
    assert rejected[[*PLACE, "企业编号", "放款 金额(万元)", "reasons"]].values.tolist() == [
        ["loans.xlsx", "一季度", 6, "F2", "5", "unknown_region"],
        [
            "loans.xlsx",
            "二季度",
            5,
            "F4",
            "见合同",
            "date_after_observed_until; not_an_amount",
        ],
    ]


def test_the_audit_of_a_workbook_shows_headings_sheets_and_what_is_no_data(tmp_path):
    note = ["合计", None, None, None, None, None, 15]
    audit = clean(workbook(tmp_path / "loans.xlsx", notes=[note])).audit
    events = audit.events
    read = events[events["rule"] == "column_read_as"]
    assert read.set_index("after")["before"]["amount_cny"] == "放款 金额(万元)"
    aside = events.loc[events["rule"] == "not_data", ["row", "before"]].values.tolist()
    assert [1, "说明, no table: 金额单位见表头"] in aside
    assert [1, "一季度: 科技企业放款台账"] in aside
    assert [7, "一季度, total: 合计,15"] in aside
    assert [4, "一季度, day numbers put as days: 放款 日期"] in aside
    wrong = events[events["rule"] == "unknown_region"].iloc[0]
    assert wrong[["file", "row", "column", "before"]].tolist() == [
        "loans.xlsx, sheet 一季度",
        6,
        "地区",
        "湖喃",
    ]


def test_one_sheet_can_be_asked_for(tmp_path):
    path = workbook(tmp_path / "loans.xlsx")
    assert clean(path, sheet="二季度").audit.rows_in == 2
    assert clean(path, sheet="一季度").table.df()["date"].dt.day.tolist() == [5]
    assert message(path, OptionError, sheet="三季度") == (
        "loans.xlsx: no sheet '三季度'. It has: 说明, 一季度, 二季度."
    )


def test_another_table_in_the_workbook_is_set_aside_and_said(tmp_path):
    path = workbook(tmp_path / "loans.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("代码表")
    for row in (["代码", "名称"], ["1", "甲"], ["2", "乙"]):
        sheet.append(row)
    book.save(path)
    cleaned = clean(path)
    assert cleaned.audit.rows_in == 5
    assert "代码表, another table: 2 rows" in cleaned.audit.events["before"].tolist()
    assert message(path, ColumnError, sheet="代码表").startswith(
        "loans.xlsx, sheet '代码表': No column '资金方 编号', which columns (-c) says is "
        "'funder_id'."
    )


def test_a_frame_of_all_kinds_of_rows_gives_the_same_from_every_layout(tmp_path):
    frame = ledger()
    expected = clean_ledger(frame, observed_until=UNTIL)
    paths = [tmp_path / name for name in ("a.xlsx", "a.dta", "a.json", "a.txt")]
    frame.to_excel(paths[0], index=False)
    english = ["firm_id", "funder_id", "tier", "region", "sector", "date", "amount", "remarks"]
    frame.set_axis(english, axis=1).to_stata(paths[1], write_index=False, version=118)
    paths[2].write_text(
        json.dumps(frame.to_dict("records"), ensure_ascii=False, indent=1), encoding="utf-8"
    )
    frame.to_csv(paths[3], index=False, sep="\t")
    for path in paths:
        cleaned = clean_ledger(path, observed_until=UNTIL)
        assert cleaned.table.df()["amount_cny"].tolist() == expected.table["amount_cny"].tolist()
        assert cleaned.rejected.df()["reasons"].tolist() == expected.rejected["reasons"].tolist()
        assert cleaned.audit.balance() == expected.audit.balance()


def test_a_csmar_export_with_its_description(tmp_path):
    lines = ["Symbol,Bank,Kind,Prov,Ind,Sdate,Amt", "000001,B1,银行,湖南,电池,2024-03-05,5"]
    (tmp_path / "LOAN_Main.csv").write_text("\n".join(lines), encoding="utf-8")
    described = {
        "Symbol": "企业编号",
        "Bank": "贷款机构",
        "Kind": "机构类型",
        "Prov": "地区",
        "Ind": "行业",
        "Sdate": "放款日期",
        "Amt": "放款金额(万元)",
    }
    text = "\n".join(f"{code} [{label}] - 说明" for code, label in described.items())
    (tmp_path / "LOAN_Main[DES][csv].txt").write_text(text, encoding="gb18030")
    table = clean_ledger(tmp_path / "LOAN_Main.csv").table.df()
    assert table[["firm_id", "funder_id", "region", "amount_cny", "row"]].values.tolist() == [
        ["000001", "B1", "430000", 50_000.0, 2]
    ]


def test_three_heading_rows_of_csmar_in_text(tmp_path):
    rows = [
        ["Symbol", "Bank", "Kind", "Prov", "Ind", "Sdate", "Amt"],
        ["企业编号", "贷款机构", "机构类型", "地区", "行业", "放款日期", "放款金额"],
        [*["没有单位"] * 6, "万元"],
        ["000001", "B1", "银行", "湖南", "电池", "2024-03-05", "5"],
    ]
    path = tmp_path / "loans.csv"
    path.write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    cleaned = clean_ledger(path)
    assert cleaned.table.df()[["amount_cny", "row"]].values.tolist() == [[50_000.0, 4]]
    assert cleaned.audit.rows_in == 1


WIND = (
    '"公司代码","贷款机构","机构类型","地区","行业","放款日期","放款金额\n[单位] 亿元"\n'
    "600000.SH,B1,银行,湖南,电池,2024-03-05,0.5\n"
    "600001.SH,B1,银行\n"
    "数据来源：Wind\n"
)


def test_a_wind_export_with_its_trailing_source_row(tmp_path):
    path = tmp_path / "wind.csv"
    path.write_text(WIND, encoding="gb18030")
    cleaned = clean_ledger(path)
    assert cleaned.table.df()[["firm_id", "amount_cny"]].values.tolist() == [
        ["600000.SH", 50_000_000.0]
    ]
    rejected = cleaned.rejected.df()
    assert rejected[["row", "reasons"]].values.tolist() == [[3, "wrong_number_of_cells"]]
    assert rejected["公司代码"].tolist() == ["600001.SH,B1,银行"]
    assert "数据来源：Wind" in cleaned.audit.events["before"].tolist()


def test_the_series_of_ceic_are_records_whose_columns_can_be_named(tmp_path):
    lines = [
        ",Loans: F1,Loans: F2",
        "Region,China,China",
        "Frequency,Daily,Daily",
        "Unit,RMB,RMB",
        "Multiplier Code,MN,MN",
        "Source,x,x",
        "2024-03-05,5,6",
        "2024-03-06,,7.5",
    ]
    path = tmp_path / "ceic.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    columns = {"firm_id": "series", "date": "period", "amount_cny": "value"}
    absent = dict.fromkeys(["funder_id", "tier", "region", "sector"])
    cleaned = clean_ledger(
        path, columns=columns | absent, key=["firm_id", "date"], rates=None, observed_until=UNTIL
    )
    table = cleaned.table.df()
    assert table[["firm_id", "amount_cny", "row"]].values.tolist() == [
        ["Loans: F1", 5e6, 7],
        ["Loans: F2", 6e6, 7],
        ["Loans: F2", 7.5e6, 8],
    ]
    lines[4] = "Multiplier Code,MN,BN"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert message(path, columns=columns | absent) == (
        "ceic.csv: the series are in several units (RMB mn, RMB bn), which one column cannot hold. "
        "Export those of one unit at a time."
    )


def test_the_unit_in_a_line_above_a_streamed_table_counts(tmp_path):
    body = ["企业,贷款机构,机构类型,地区,行业,放款日期,金额", "F1,B1,银行,湖南,电池,2024-03-05,5"]
    for name, title in (("a.csv", "金额单位：万元"), ("b.csv", "编制单位：万元办"), ("c.csv", "")):
        (tmp_path / name).write_text("\n".join([title, *body]), encoding="utf-8")
    amounts = [
        clean_ledger(tmp_path / name).table.df()["amount_cny"].item()
        for name in ("a.csv", "b.csv", "c.csv")
    ]
    assert amounts == [50_000.0, 5.0, 5.0]


def test_a_register_in_a_workbook(tmp_path):
    frame = pd.DataFrame({
        "项目编号": ["U1", "U2"], "地区": ["湖南", "湖南"], "行业": ["电池", "电池"],
        "立项日期": [dt.date(2023, 1, 31)] * 2, "投产日期": [dt.date(2024, 2, 29), None],
    })  # fmt: skip
    frame.to_excel(tmp_path / "register.xlsx", index=False, sheet_name="登记册")
    table = clean_milestones(tmp_path / "register.xlsx", observed_until=UNTIL).table.df()
    assert table[["unit_id", "duration", "outcome", "sheet", "row"]].values.tolist() == [
        ["U1", 13.0, "production", "登记册", 2],
        ["U2", 23.0, "censored", "登记册", 3],
    ]


def test_sheets_in_two_units_are_refused_with_a_way_out(tmp_path):
    path = workbook(tmp_path / "loans.xlsx")
    book = openpyxl.load_workbook(path)
    book["二季度"]["G3"] = "金额(亿元)"
    book.save(path)
    assert message(path) == (
        "loans.xlsx: 'amount_cny' is in '万元' on sheet '一季度' and in '亿元' on sheet '二季度'. "
        "Read each alone, by sheet=."
    )
    assert clean(path, sheet="二季度").table.df()["amount_cny"].tolist() == [160_050_000_000.0]


def test_a_workbook_without_the_columns_is_refused(tmp_path):
    frame = pd.DataFrame({"代码": ["1", "2"], "名称": ["甲", "乙"]})
    with pd.ExcelWriter(tmp_path / "codes.xlsx") as book:
        for sheet in ("a", "b"):
            frame.to_excel(book, sheet_name=sheet, index=False)
    assert message(tmp_path / "codes.xlsx", columns=None) == (
        "codes.xlsx: none of the sheets 'a', 'b' has headings such as firm_id, funder_id, tier, "
        "region. Name them: columns={'firm_id': heading} in Python, -c firm_id=HEADING on the "
        "command line."
    )


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("loans.xlsx", b"", "loans.xlsx: the file is empty. Fetch it again from its source."),
        (
            "loans.docx",
            b"x",
            "loans.docx: no table can be read from a file with the ending '.docx'. Known endings: "
            ".csv, .tsv, .txt, .xlsx, .xlsm, .xls, .xlsb, .ods, .dta, .parquet, .json, .jsonl, "
            ".ndjson.",
        ),
        (
            "loans.xlsx.gz",
            b"x",
            "loans.xlsx.gz: only text is read from inside gzip. Unpack it first.",
        ),
        (
            "loans.xls",
            b"a\tb\n",
            "loans.xls: separated text by its content, a workbook only by its name. "
            "Rename it to end with .csv.",
        ),
    ],
)
def test_files_that_are_no_table_are_refused(tmp_path, name, content, expected):
    (tmp_path / name).write_bytes(content)
    assert message(tmp_path / name) == expected


def test_a_missing_workbook_is_refused_with_the_nearest(tmp_path):
    workbook(tmp_path / "loans.xlsx")
    assert message(tmp_path / "loan.xlsx").endswith("Did you mean 'loans.xlsx'?")


def test_where_a_table_stands_is_said_of_files_alone():
    with pytest.raises(OptionError) as caught:
        clean_ledger(ledger(), sheet="一")
    assert str(caught.value) == (
        "sheet and heading_rows look into a file; a frame has none. Omit them."
    )


def test_heading_rows_can_be_named_for_text(tmp_path):
    path = tmp_path / "loans.csv"
    rows = [
        "a,b,c,d,e,f,g",
        "企业,贷款机构,机构类型,地区,行业,放款日期,金额",
        "F1,B1,银行,湖南,电池,2024-03-05,5",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    assert clean_ledger(path, heading_rows=2).table.df()["amount_cny"].tolist() == [5.0]


def test_the_command_line_cleans_a_workbook(tmp_path):
    from toolkit.cli import app

    path = workbook(tmp_path / "loans.xlsx")
    named = [word for name, heading in LISTED.items() for word in ("-c", f"{name}={heading}")]
    until = ["--observed-until", UNTIL]
    call = ["clean", "ledger", str(path), *named, *until, "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(app, call)
    assert done.exit_code == 0
    assert "5 rows in = 2 passed + 1 duplicates + 2 rejected" in done.stdout
    rejected = pd.read_csv(tmp_path / "out.rejected.csv", dtype="str")
    assert rejected[["sheet", "row"]].values.tolist()[0] == ["一季度", "6"]


def test_an_extra_column_may_be_called_like_one_of_the_clean_table_in_capitals(tmp_path):
    heading = "企业,贷款机构,机构类型,Region,行业,放款日期,金额,Date"
    path = tmp_path / "loans.csv"
    path.write_text(f"{heading}\nF1,B1,银行,Wales,电池,2024-03-05,5,x", encoding="utf-8")
    columns = {"region": None, "date": "放款日期"}
    table = clean_ledger(path, columns=columns).table.df()
    assert table[["Region_source", "Date_source"]].values.tolist() == [["Wales", "x"]]
    assert table["region"].isna().all()
