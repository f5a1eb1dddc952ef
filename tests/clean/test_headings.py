"""Headings found by their words, and what is told where they are not."""

import pandas as pd
import pytest

from toolkit.clean.headings import LEDGER_ROLES, MILESTONE_ROLES, find_columns, naming
from toolkit.clean.ledgers import clean_ledger
from toolkit.errors import ColumnError
from toolkit.language import speaking

NEWCOMER = [
    "借款企业名称",
    "放贷机构",
    "机构类型",
    "地区",
    "领域",
    "放款日期",
    "实际放款金额（万元）",
    "经办人",
]
LOAN = ["F1", "M1", "小贷", "湖南", "电池", "2024-03-05", "30", "甲"]


def missing(headings, roles=LEDGER_ROLES, **options):
    with pytest.raises(ColumnError) as caught:
        find_columns(headings, roles, **options)
    return str(caught.value)


def test_the_words_of_offices_are_known():
    found = find_columns(NEWCOMER, LEDGER_ROLES)
    assert list(found.values()) == NEWCOMER[:-1]
    register = ["样机编号", "地区", "领域", "样机完成日期", "量产日期"]
    assert list(find_columns(register, MILESTONE_ROLES).values()) == register


def test_a_number_wins_over_a_name_and_an_industry_over_a_field():
    headings = ["借款企业编号", "行业", *NEWCOMER]
    found = find_columns(headings, LEDGER_ROLES)
    assert (found["firm_id"], found["sector"]) == ("借款企业编号", "行业")


def test_all_that_is_missing_is_told_at_once():
    assert missing(["a", "地区", "行业", "amount_yuan"], source="l.csv") == (
        "l.csv: No columns 'firm_id', 'funder_id', 'tier', 'date' and 'amount_cny'. "
        "Did you mean 'amount_yuan' for 'amount_cny'? The table has: a, 地区, 行业, amount_yuan. "
        "Name them: columns={'firm_id': heading, 'funder_id': heading, 'tier': heading, "
        "'date': heading, 'amount_cny': heading} in Python, -c firm_id=HEADING "
        "-c funder_id=HEADING -c tier=HEADING -c date=HEADING -c amount_cny=HEADING on the command "
        "line. Where there is no 'funder_id' or 'tier', say None, or -c funder_id= with nothing "
        "after it."
    )


def test_what_may_be_several_is_told_beside_what_is_missing():
    headings = ["firm", "lender", "tier", "region", "date", "放款金额", "实际放款金额"]
    assert missing(headings) == (
        "2 columns may be 'amount_cny': '放款金额', '实际放款金额'. Say which: "
        "columns={'amount_cny': '放款金额'} in Python, -c amount_cny=放款金额 on the command line. "
        "No column 'sector'. The table has: firm, lender, tier, region, date, 放款金额, "
        "实际放款金额. Name it: columns={'sector': heading} in Python, -c sector=HEADING on the "
        "command line. Where there is no 'sector', say None, or -c sector= with nothing after it."
    )


def test_a_heading_with_blanks_is_quoted_for_the_shell():
    assert naming({"amount_cny": "Loan (CNY)"}) == (
        "columns={'amount_cny': 'Loan (CNY)'} in Python, -c 'amount_cny=Loan (CNY)' on the command "
        "line"
    )


def test_the_audit_shows_every_heading():
    audit = clean_ledger(pd.DataFrame([LOAN], columns=NEWCOMER)).audit
    lines = audit.summary().splitlines()
    at = lines.index(
        "  heading         7  column_read_as: Which heading was taken for which column. Correct it "
        "with columns= in Python, -c NAME=HEADING on the command line."
    )
    assert [line.strip() for line in lines[at + 1 : at + 10]] == [
        "借款企业名称 → firm_id",
        "放贷机构 → funder_id",
        "机构类型 → tier",
        "地区 → region",
        "领域 → sector",
        "放款日期 → date",
        "实际放款金额（万元） → amount_cny",
        "heading         1  column_not_used: Headings taken for no column; each stays in the table "
        "as it stood.",
        "经办人",
    ]
    panel = audit._repr_html_()
    assert "column_read_as" not in panel
    assert "<td class='words'>借款企业名称</td><td class='words'>firm_id</td>" in panel
    assert "<td class='words'>经办人</td><td class='words'>not used</td>" in panel


def test_dates_that_were_not_used_are_told():
    frame = pd.DataFrame([LOAN], columns=NEWCOMER)
    frame["到期日"], frame["期数"] = ["2026-03-05"], ["12"]
    audit = clean_ledger(frame).audit
    assert audit.count("dates_not_used") == 1
    assert audit.events.set_index("rule").loc["dates_not_used", "before"] == "到期日"
    assert "<td class='words'>not used; holds dates</td>" in audit._repr_html_()


def test_several_files_share_their_headings_and_name_those_of_one(tmp_path):
    other = [name.replace("放款日期", "贷款日期") for name in NEWCOMER]
    for name, headings in (("a", NEWCOMER), ("b", NEWCOMER), ("c", other)):
        pd.DataFrame([LOAN], columns=headings).to_csv(tmp_path / f"{name}.csv", index=False)
    lines = [line.strip() for line in clean_ledger(tmp_path).audit.summary().splitlines()]
    assert "借款企业名称 → firm_id" in lines
    assert "放款日期 → date (a.csv, b.csv)" in lines
    assert "贷款日期 → date (c.csv)" in lines
    assert "经办人" in lines


def test_the_summary_is_in_the_language_spoken():
    audit = clean_ledger(pd.DataFrame([LOAN], columns=NEWCOMER)).audit
    with speaking("zh"):
        lines = audit.summary().splitlines()
        panel = audit._repr_html_()
    said = "各列名读作哪一列。如有误，请以 columns= 更正（命令行：-c 列=列名）。"
    assert any(line.endswith(f"column_read_as: {said}") for line in lines)
    assert any(line.strip() == "例：第 1 行: 30 → 300000" for line in lines)
    assert "<th scope='col' class='words'>读作</th>" in panel
    assert "未采用" in panel
    assert "Which heading was taken" in audit.summary()
