"""What the files of a simulated study look like: titles, headings, words and notations."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LEDGERS", "REGISTERS", "Layout"]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One file or sheet of an export.

    Parameters
    ----------
    file, sheet : str
        Name of the file, and of the sheet in a workbook.
    kind : str
        csv, tsv, jsonl or sheet.
    encoding : str
        Of a text file.
    titles, footers : tuple of str
        Lines above the headings and below the data.
    headings : dict
        Heading by column of the clean table, in the order of the file.
    days : str
        Notation of every day in the file, or serial or date in a sheet.
    regions, amounts : tuple of str
        Notations that the rows of the file mix.
    words : dict
        What stands for the values of `tier`, several where the file mixes them.
    """

    file: str
    kind: str
    titles: tuple[str, ...] = ()
    footers: tuple[str, ...] = ()
    headings: dict[str, str]
    days: str
    regions: tuple[str, ...]
    amounts: tuple[str, ...] = ()
    encoding: str = "utf-8"
    sheet: str = ""
    words: dict[str, tuple[str, ...]]

    @property
    def first_row(self) -> int:
        """Row of the first data in the file or sheet, counted from 1."""
        heading = {"jsonl": 0, "sheet": 2}.get(self.kind, 1)
        return len(self.titles) + heading + 1

    @property
    def latin(self) -> bool:
        """Whether the file is in English."""
        return "latin" in self.regions


CHINESE = ("full", "short", "code", "letter")
ENGLISH = ("latin", "capitals", "province", "code")
Words = dict[str, tuple[str, ...]]
TIERS_ZH: Words = {"micro": ("小额贷款公司", "小贷公司"), "bank": ("银行", "商业银行")}
TIERS_EN: Words = {"micro": ("micro-lender", "micro"), "bank": ("bank", "Bank")}
SHEET_HEADINGS = {
    "firm_id": "企业编号",
    "funder_id": "资金方/编号",
    "tier": "资金方/类型",
    "region": "地区",
    "sector": "行业",
    "date": "放款/日期",
    "amount_cny": "放款/金额(万元)",
}
"""A stroke parts the merged heading above from the one below."""

LEDGERS = (
    Layout(
        file="simulated_loans_zh.csv",
        kind="csv",
        encoding="gb18030",
        titles=("科技企业放款台账（模拟数据 simulated）", "统计口径：放款金额为人民币"),
        footers=("注：本表为模拟数据（simulated），不代表任何真实企业。", "数据来源：模拟"),
        headings={
            "firm_id": "企业编号",
            "funder_id": "资金方编号",
            "tier": "机构类型",
            "region": "地区",
            "sector": "行业",
            "date": "放款日期",
            "amount_cny": "放款金额",
        },
        days="chinese",
        regions=CHINESE,
        amounts=("ten_thousands", "full_width", "yuan", "numerals", "hundred_millions"),
        words=TIERS_ZH,
    ),
    Layout(
        file="simulated_loans_en.tsv",
        kind="tsv",
        headings={
            "firm_id": "Firm ID",
            "region": "Province",
            "sector": "Sector",
            "funder_id": "Lender ID",
            "tier": "Lender type",
            "date": "Loan date",
            "amount_cny": "Loan amount",
        },
        days="slashes",
        regions=ENGLISH,
        amounts=("millions", "rmb", "scientific", "digits"),
        words=TIERS_EN,
    ),
    Layout(
        file="simulated_loans_compact.csv",
        kind="csv",
        encoding="utf-8-sig",
        headings={
            "date": "Date",
            "firm_id": "firm_id",
            "funder_id": "funder_id",
            "tier": "tier",
            "region": "region",
            "sector": "sector",
            "amount_cny": "amount",
        },
        days="compact",
        regions=ENGLISH,
        amounts=("digits", "ten_thousands", "millions"),
        words=TIERS_EN,
    ),
    Layout(
        file="simulated_loans.jsonl",
        kind="jsonl",
        headings={
            "firm_id": "firm_id",
            "funder_id": "funder_id",
            "tier": "tier",
            "region": "region",
            "sector": "sector",
            "date": "date",
            "amount_cny": "amount",
        },
        days="iso",
        regions=("code",),
        amounts=("yuan", "digits"),
        words=TIERS_EN,
    ),
    Layout(
        file="simulated_loans.xlsx",
        kind="sheet",
        sheet="台账一",
        titles=("科技企业放款台账（模拟数据 simulated）",),
        headings=SHEET_HEADINGS,
        days="serial",
        regions=CHINESE,
        amounts=("heading_unit",),
        words=TIERS_ZH,
    ),
    Layout(
        file="simulated_loans.xlsx",
        kind="sheet",
        sheet="台账二",
        titles=("科技企业放款台账（模拟数据 simulated）", "续表"),
        headings=SHEET_HEADINGS,
        days="date",
        regions=CHINESE,
        amounts=("heading_unit",),
        words=TIERS_ZH,
    ),
)
"""The files and sheets that a ledger is spread over."""

REGISTERS = (
    Layout(
        file="simulated_register_zh.csv",
        kind="csv",
        encoding="gb18030",
        titles=("中试到量产项目登记册（模拟数据 simulated）",),
        footers=("注：本表为模拟数据（simulated）。",),
        headings={
            "unit_id": "项目编号",
            "region": "地区",
            "sector": "行业",
            "technology": "高新技术",
            "pooled": "风险池覆盖",
            "start": "立项日期",
            "registered": "入库日期",
            "production": "投产日期",
            "exit": "退出日期",
            "observed_until": "观察截止日",
        },
        days="chinese",
        regions=CHINESE,
        words={},
    ),
    Layout(
        file="simulated_register_en.tsv",
        kind="tsv",
        headings={
            "unit_id": "Unit ID",
            "region": "Region",
            "sector": "Sector",
            "technology": "Technology",
            "pooled": "Pooled",
            "start": "Start date",
            "registered": "Registered",
            "production": "Production date",
            "exit": "Exit date",
            "observed_until": "Observed until",
        },
        days="slashes",
        regions=ENGLISH,
        words={},
    ),
)
"""The files that a register of milestones is spread over."""
