"""The columns that cleaning looks for, and the words that offices head them with."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

__all__ = ["LEDGER_ROLES", "MILESTONE_ROLES", "Role", "form_of"]

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
    otherwise : str
        Headings that mean it where none of `words` is there, parted by commas.
    hint : str
        One sentence on what it is, said where it is not found.
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
    otherwise: str = ""
    hint: str = ""
    needed: bool = True
    vital: bool = False
    kind: Literal["name", "value"] = "name"
    holds: Literal["texts", "days"] = "texts"

    @property
    def forms(self) -> set[str]:
        """The headings in the form that they are compared in."""
        return self.first_forms | self.other_forms

    @property
    def first_forms(self) -> set[str]:
        """The headings that mean it wherever they stand."""
        return {form_of(word) for word in self.words.split(",")} | {form_of(self.name)}

    @property
    def other_forms(self) -> set[str]:
        """The headings that mean it where none of the first is there."""
        return {form_of(word) for word in self.otherwise.split(",")} - {""}


def form_of(heading: str) -> str:
    """Return a heading in the form that it is compared in: bare, folded, without brackets."""
    plain = unicodedata.normalize("NFKC", str(heading)).casefold()
    bare = _NOISE.sub("", _BRACKETS.sub("", plain))
    return bare or ("#" if "#" in plain else "")


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
    otherwise="领域,所属领域,技术领域,产业领域,行业领域",
)

LEDGER_ROLES = (
    Role(
        name="firm_id",
        vital=True,
        words="firm id,firm,company id,company,borrower id,borrower,enterprise id,enterprise,"
        "client id,customer id,firm code,firm no,"
        "企业编号,企业代码,企业,企业名称,借款人,借款人编号,借款企业,借款企业编号,客户编号,客户号,"
        "统一社会信用代码,公司代码,公司名称,借款人名称",
        otherwise="借款企业名称",
    ),
    Role(
        name="funder_id",
        words="funder id,funder,lender id,lender,lender code,institution id,institution,"
        "funding source id,bank id,creditor id,creditor,"
        "资金方编号,资金方,贷款机构,贷款机构编号,机构编号,机构代码,机构名称,出借人,出借人编号,"
        "放款机构,放款机构编号,贷款人,贷款人编号,贷款银行,资金方代码,资金方名称,放贷机构编号",
        otherwise="放贷机构,放贷机构名称,放款机构名称",
    ),
    Role(
        name="tier",
        kind="value",
        words="tier,lender type,funder type,institution type,type of lender,type of institution,"
        "funder tier,lender tier,"
        "机构类型,机构类别,资金方类型,资金方类别,贷款机构类型,资金来源类型,放款机构类型,"
        "放贷机构类型,放贷机构类别",
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
        "日期,放款日期,贷款日期,发放日期,贷款发放日期,放款日,放款时间,起息日,发放日,借款日期,"
        "实际放款日期,实际放款日,实际放款时间",
    ),
    Role(
        name="amount_cny",
        kind="value",
        vital=True,
        words="amount,loan amount,principal,loan principal,amount of loan,money,loan size,"
        "金额,放款金额,贷款金额,发放金额,贷款发放金额,本金,借款金额,贷款本金,放款额,贷款额,"
        "实际放款金额,实际放款额",
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
        "prototype id,prototype no,"
        "项目编号,项目,项目名称,项目代码,企业编号,企业代码,企业名称,编号,单位编号",
        otherwise="样机编号,样机号,样机代码",
    ),
    _REGION,
    _SECTOR,
    Role(
        name="start",
        kind="value",
        holds="days",
        vital=True,
        words="start,start date,started,project start,approval date,prototype date,date of start,"
        "date of prototype,prototype completed,prototype completion,prototype completion date,"
        "立项日期,立项时间,开始日期,起始日期,启动日期,获批日期,立项,样机日期,样机时间,样机完成,"
        "样机完成日期,样机完成时间,样机研制完成,样机研制完成日期,原型,原型日期,原型时间,原型完成,"
        "原型完成日期,原型完成时间,研制完成,研制完成日期,研制完成时间",
        hint="'start' is the day that time is counted from, such as 立项日期 or 样机完成日期; "
        "a pilot run (中试, 小试) is not taken for it.",
    ),
    Role(
        name="production",
        kind="value",
        holds="days",
        vital=True,
        words="production,production date,date of production,in production,start of production,"
        "投产日期,投产时间,量产日期,量产时间,投产,达产日期",
        hint="'production' is the day that it was reached, such as 投产日期 or 量产日期; "
        "a pilot run (中试, 小试) is not taken for it.",
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
