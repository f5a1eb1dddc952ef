"""Records on their way into a ledger: columns found by name or label, units carried along."""

import openpyxl
import pytest

from toolkit.clean.headings import LEDGER_ROLES
from toolkit.clean.ledgers import clean_ledger
from toolkit.clean.sources import find_roles, read_records, role_frame
from toolkit.errors import ColumnError, DataError


def write(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return path


COMPANY = (
    "Firmcd,Lender,Kindcd,PROVINCE,Induscd,Loandt,Amt\n"
    "企业编号,贷款机构,机构类型,所属省份,行业,放款日期,放款金额\n"
    "没有单位,没有单位,没有单位,没有单位,没有单位,没有单位,元\n"
    "1,2,小贷,湖南,软件,2024-03-05,5\n"
)


def test_roles_are_found_by_name_or_label(tmp_path):
    (table,) = read_records(write(tmp_path, COMPANY)).tables
    assert find_roles(table, LEDGER_ROLES) == {
        "firm_id": "Firmcd",
        "funder_id": "Lender",
        "tier": "Kindcd",
        "region": "PROVINCE",
        "sector": "Induscd",
        "date": "Loandt",
        "amount_cny": "Amt",
    }


def test_roles_can_be_said(tmp_path):
    (table,) = read_records(write(tmp_path, COMPANY)).tables
    said = find_roles(table, LEDGER_ROLES, columns={"firm_id": "Lender", "funder_id": "Firmcd"})
    assert (said["firm_id"], said["funder_id"]) == ("Lender", "Firmcd")


def test_a_role_that_is_not_found_is_named(tmp_path):
    (table,) = read_records(write(tmp_path, COMPANY.replace("机构类型", "x"))).tables
    with pytest.raises(ColumnError, match=r"^t\.csv: No column 'tier'\."):
        find_roles(table, LEDGER_ROLES)


HEADINGS = ["企业编号", "资金方编号", "机构类型", "所属省份", "行业", "放款日期", "放款金额"]
LOAN = ["F1", "L1", "小贷公司", "湖南", "软件", "2024-03-05", 500]


def workbook(tmp_path, *, january="单位：万元", february="单位：万元"):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "一月"
    for row in [[january], HEADINGS, LOAN, ["合计", *[None] * 5, 500]]:
        sheet.append(row)
    sheet = book.create_sheet("二月")
    other = ["借款企业", "贷款机构", "资金方类型", "省份", "所属行业", "日期", "金额", "备注"]
    for row in [[february], other, [*LOAN[:5], "2024-04-05", 7.5, "续贷"]]:
        sheet.append(row)
    path = tmp_path / "loans.xlsx"
    book.save(path)
    return path


def test_sheets_with_other_headings_come_together_in_their_unit(tmp_path):
    frame = role_frame(read_records(workbook(tmp_path)), LEDGER_ROLES)
    assert frame.columns.tolist() == [
        "file",
        "sheet",
        "row",
        "firm_id",
        "funder_id",
        "tier",
        "region",
        "sector",
        "date",
        "amount_cny（万元）",
        "备注",
    ]
    cleaned = clean_ledger(frame)
    assert sorted(cleaned.table[["amount_cny", "sheet", "row"]].values.tolist()) == [
        [75_000.0, "二月", 3],
        [5_000_000.0, "一月", 3],
    ]


def test_sheets_in_different_units_are_refused(tmp_path):
    records = read_records(workbook(tmp_path, february="单位：元"))
    with pytest.raises(DataError) as caught:
        role_frame(records, LEDGER_ROLES)
    assert str(caught.value) == (
        "loans.xlsx: 'amount_cny' is in '万元' on sheet '一月' and in '元' on sheet '二月'. "
        "Read each alone, by sheet=."
    )
