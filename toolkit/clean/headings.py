"""Which column of a source is which, by the words that offices head them with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from toolkit.errors import ColumnError, OptionError, did_you_mean

__all__ = ["LEDGER_ROLES", "MILESTONE_ROLES", "Role", "find_columns", "heading_row"]

_BRACKETS = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
_NOISE = re.compile(r"[\W_]+")


@dataclass(frozen=True, kw_only=True)
class Role:
    """One column that cleaning looks for.

    Parameters
    ----------
    name : str
        Name in the clean table.
    words : str
        Headings that mean it, parted by commas; brackets, spaces, strokes, underscores and
        capitals make no difference.
    needed : bool
        Whether a table without it is refused, unless ``columns`` says that there is none.
    vital : bool
        Whether it is refused even then.
    kind : {"name", "value"}
        Whether its texts are taken as they stand, without the spaces around them, or are read.
    holds : {"texts", "days"}
        What is read of them.
    """

    name: str
    words: str
    needed: bool = True
    vital: bool = False
    kind: Literal["name", "value"] = "name"
    holds: Literal["texts", "days"] = "texts"

    @property
    def forms(self) -> set[str]:
        """The headings in the form that they are compared in."""
        return {_form(word) for word in self.words.split(",")} | {_form(self.name)}


_REGION = Role(
    name="region",
    kind="value",
    words="region,province,place,location,area,region code,region name,province name,firm region,"
    "地区,省份,省市,所在地区,所在省份,所在地,所属地区,所属省份,省,区域,行政区划,行政区划代码,注册地,"
    "地区代码,地区名称,企业所在地",
)
_SECTOR = Role(
    name="sector",
    words="sector,industry,line of business,industry name,firm sector,"
    "行业,所属行业,行业名称,行业类别,产业,行业分类,产业类别",
)

LEDGER_ROLES = (
    Role(
        name="firm_id",
        vital=True,
        words="firm id,firm,company id,company,borrower id,borrower,enterprise id,enterprise,"
        "client id,customer id,firm code,firm no,"
        "企业编号,企业代码,企业,企业名称,借款人,借款人编号,借款企业,借款企业编号,客户编号,客户号,"
        "统一社会信用代码,公司代码,公司名称,借款人名称",
    ),
    Role(
        name="funder_id",
        words="funder id,funder,lender id,lender,lender code,institution id,institution,"
        "funding source id,bank id,creditor id,creditor,"
        "资金方编号,资金方,贷款机构,贷款机构编号,机构编号,机构代码,机构名称,出借人,出借人编号,"
        "放款机构,放款机构编号,贷款人,贷款人编号,贷款银行,资金方代码,资金方名称",
    ),
    Role(
        name="tier",
        kind="value",
        words="tier,lender type,funder type,institution type,type of lender,type of institution,"
        "funder tier,lender tier,"
        "机构类型,机构类别,资金方类型,资金方类别,贷款机构类型,资金来源类型,放款机构类型",
    ),
    _REGION,
    _SECTOR,
    Role(
        name="date",
        kind="value",
        holds="days",
        vital=True,
        words="date,loan date,drawdown date,disbursement date,issue date,origination date,"
        "date of loan,loan start date,funding date,"
        "日期,放款日期,贷款日期,发放日期,贷款发放日期,放款日,放款时间,起息日,发放日,借款日期",
    ),
    Role(
        name="amount_cny",
        kind="value",
        vital=True,
        words="amount,loan amount,principal,loan principal,amount of loan,money,loan size,"
        "金额,放款金额,贷款金额,发放金额,贷款发放金额,本金,借款金额,贷款本金,放款额,贷款额",
    ),
    Role(
        name="loan_id",
        words="loan id,loan no,loan number,contract id,contract no,contract number,"
        "合同编号,合同号,借据号,借据编号,贷款编号,贷款合同编号,贷款合同号",
        needed=False,
    ),
    Role(name="serial", words="no,number,serial,serial no,row no,#,序号,编号,行号", needed=False),
)
"""Columns of a ledger of loans."""

MILESTONE_ROLES = (
    Role(
        name="unit_id",
        vital=True,
        words="unit id,unit,project id,project,project no,firm id,firm,company id,case id,"
        "项目编号,项目,项目名称,项目代码,企业编号,企业代码,企业名称,编号,单位编号",
    ),
    _REGION,
    _SECTOR,
    Role(
        name="start",
        kind="value",
        holds="days",
        vital=True,
        words="start,start date,started,project start,approval date,prototype date,date of start,"
        "立项日期,立项时间,开始日期,起始日期,启动日期,中试日期,获批日期,立项,中试开始日期",
    ),
    Role(
        name="production",
        kind="value",
        holds="days",
        vital=True,
        words="production,production date,date of production,in production,start of production,"
        "投产日期,投产时间,量产日期,量产时间,投产,达产日期",
    ),
    Role(
        name="exit",
        kind="value",
        holds="days",
        words="exit,exit date,date of exit,abandoned,abandoned on,termination date,"
        "退出日期,退出时间,终止日期,终止时间,中止日期,撤销日期,退出",
        needed=False,
    ),
    Role(
        name="observed_until",
        kind="value",
        holds="days",
        words="observed until,last observed,last seen,censoring date,end of observation,"
        "观察截止日,观察截止日期,截止日期,观测截止日,统计截止日,观察截止",
        needed=False,
    ),
    Role(
        name="entered",
        kind="value",
        holds="days",
        words="registered,entry date,date of entry,registration date,entered register,"
        "入库日期,入库时间,登记日期,入册日期,纳入日期",
        needed=False,
    ),
    Role(name="serial", words="no,number,serial,serial no,row no,#,序号,行号", needed=False),
)
"""Columns of a register of milestones."""


def find_columns(
    headings: Sequence[str],
    roles: Sequence[Role],
    *,
    columns: Mapping[str, str | None] | None = None,
    source: str = "",
) -> dict[str, str]:
    """Say which heading stands for which column of the clean table.

    Parameters
    ----------
    headings : sequence of str
        Headings of the source.
    roles : sequence of Role
        What is looked for.
    columns : mapping of str to str or None, optional
        Headings by column of the clean table, which win over the words known here; None says that
        the source has no such column, which then stays empty.
    source : str
        Name of the file, for messages.

    Returns
    -------
    dict
        Headings by column of the clean table, of those that there are.

    Raises
    ------
    ColumnError
        If a needed column is not found, or several may be meant.
    OptionError
        If `columns` names no column of the clean table, or one heading twice.

    Examples
    --------
    >>> none = dict.fromkeys(["funder_id", "tier", "region", "sector"])
    >>> find_columns(["企业编号", "放款日", "放款金额(万元)"], LEDGER_ROLES, columns=none)
    {'firm_id': '企业编号', 'date': '放款日', 'amount_cny': '放款金额(万元)'}
    """
    said = dict(columns or {})
    _check_said(said, headings, roles, source)
    taken = {heading for heading in said.values() if heading is not None}
    found = {}
    for role in roles:
        if role.name in said:
            heading = said[role.name]
        else:
            heading = _by_words(role, [one for one in headings if one not in taken], source)
        if heading is not None:
            found[role.name] = heading
        elif role.needed and role.name not in said:
            raise ColumnError(_not_found(role, headings, source))
    return found


def heading_row(
    cells: Sequence[str], roles: Sequence[Role], columns: Mapping[str, str | None] | None = None
) -> int:
    """Count the columns of the clean table that a row of cells would head.

    Examples
    --------
    >>> heading_row(["Firm ID", "Loan amount", "remarks"], LEDGER_ROLES)
    2
    """
    forms = {_form(cell) for cell in cells} - {""}
    said = {cell.strip() for cell in cells} & {one for one in (columns or {}).values() if one}
    # A cell "No" heads running numbers in some tables, and answers a question in many more.
    return sum(bool(role.forms & forms) for role in roles if role.name != "serial") + len(said)


def _by_words(role: Role, headings: Sequence[str], source: str) -> str | None:
    forms = role.forms
    meant = [heading for heading in headings if _form(heading) in forms]
    exact = [heading for heading in meant if _form(heading) == _form(role.name)]
    if len(exact) == 1 or len(meant) < 2:
        return next(iter(exact or meant), None)
    raise ColumnError(
        f"{_at(source)}{len(meant)} columns may be {role.name!r}: "
        f"{', '.join(map(repr, meant))}. Say which: columns={{{role.name!r}: {meant[0]!r}}}."
    )


def _not_found(role: Role, headings: Sequence[str], source: str) -> str:
    near = did_you_mean(role.name, headings)
    shown = ", ".join(heading for heading in headings if heading) or "no headings"
    return (
        f"{_at(source)}No column {role.name!r}.{near} The table has: {shown}. "
        f"Name it: columns={{{role.name!r}: heading}}, or None where there is none."
    )


def _check_said(
    said: Mapping[str, str | None], headings: Sequence[str], roles: Sequence[Role], source: str
) -> None:
    names = [role.name for role in roles]
    for name, heading in said.items():
        if name not in names:
            raise OptionError(
                f"columns gives headings by column of the clean table; {name!r} is none of them."
                f"{did_you_mean(name, names)} They are: {', '.join(names)}."
            )
        if heading is None and next(role for role in roles if role.name == name).vital:
            raise OptionError(
                f"columns says that there is no {name!r}, without which nothing can be said of a "
                "row. Name the column that holds it."
            )
        if heading is not None and heading not in headings:
            raise ColumnError(
                f"{_at(source)}No column {heading!r}, which columns says is {name!r}."
                f"{did_you_mean(heading, headings)} The table has: {', '.join(headings)}."
            )
    given = [heading for heading in said.values() if heading is not None]
    if len(given) > len(set(given)):
        twice = next(heading for heading in given if given.count(heading) > 1)
        raise OptionError(f"columns gives the heading {twice!r} to two columns. Leave one.")


def _at(source: str) -> str:
    return f"{source}: " if source else ""


def _form(heading: str) -> str:
    plain = unicodedata.normalize("NFKC", str(heading)).casefold()
    bare = _NOISE.sub("", _BRACKETS.sub("", plain))
    return bare or ("#" if "#" in plain else "")
