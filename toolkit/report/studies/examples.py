"""Small simulated files that a new study begins with, as messy as those that offices send.

Unlike the exports of `toolkit simulate`, which spread a ledger over six files, each file here
holds whole firms, so that it can be studied by itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.simulate.draws import generator
from toolkit.simulate.exports.accounts import write_accounts
from toolkit.simulate.exports.faults import FaultDesign, ledger_rows, register_rows
from toolkit.simulate.exports.files import spread, write_rows
from toolkit.simulate.exports.layouts import Layout
from toolkit.simulate.growth import GrowthDesign
from toolkit.simulate.magnetism import MagnetismDesign
from toolkit.simulate.survival import SurvivalDesign

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["write_examples"]

FIRMS = 300
LENDERS = 40
_FAULTS = FaultDesign(conflicts=0.005)
_VINTAGES = ("revised", "unstated")

_LEDGER = Layout(
    file="simulated_loans.csv",
    kind="csv",
    titles=("科技企业放款台账 Ledger of loans to technology firms（模拟数据 simulated）",),
    footers=("注：本表为模拟数据，不代表任何真实企业。Simulated: no row is a real firm.",),
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
    regions=("full", "short", "latin", "code"),
    amounts=("ten_thousands", "yuan", "millions", "full_width", "digits"),
    words={
        "micro": ("小额贷款公司", "小贷公司", "micro-lender"),
        "bank": ("银行", "商业银行", "bank"),
    },
)
_REGISTER = Layout(
    file="simulated_register.csv",
    kind="csv",
    titles=("中试到量产项目登记册 Register of prototypes（模拟数据 simulated）",),
    footers=("注：本表为模拟数据。Simulated: no row is a real project.",),
    headings={
        "unit_id": "项目编号",
        "region": "地区",
        "sector": "行业",
        "start": "立项日期",
        "registered": "入库日期",
        "production": "投产日期",
        "exit": "退出日期",
        "observed_until": "观察截止日",
    },
    days="chinese",
    regions=("full", "short", "latin", "code"),
    words={},
)


def write_examples(folder: Path, *, random_state: int) -> None:
    """Write a loan ledger, a milestone register and regional accounts, all simulated.

    Parameters
    ----------
    folder : Path
        Of the raw data. It gets ``simulated_loans.csv``, ``simulated_register.csv`` and
        ``simulated_accounts/``; the same seed gives the same bytes.
    random_state : int
        The seed.
    """
    rng = generator(random_state, "example files")
    _write_loans(folder, rng, random_state)
    _write_register(folder, rng, random_state)
    accounts = GrowthDesign().draw(random_state=random_state)
    chosen = accounts[accounts["vintage"].isin(_VINTAGES)].reset_index(drop=True)
    (folder / "simulated_accounts").mkdir(parents=True)
    write_accounts(chosen, folder / "simulated_accounts")


def _write_loans(folder: Path, rng: np.random.Generator, random_state: int) -> None:
    design = MagnetismDesign()
    drawn = design.draw(clusters=LENDERS, firms=FIRMS, random_state=random_state)
    rows = ledger_rows(
        drawn.ledger(), rng, faults=_FAULTS, observed_until=str(design.observed_until)
    )
    _write(rows, _LEDGER, rng, folder, key=("firm_id", "funder_id", "date"))


def _write_register(folder: Path, rng: np.random.Generator, random_state: int) -> None:
    design = SurvivalDesign()
    drawn = design.draw(firms=FIRMS, random_state=random_state)
    register = design.milestones(drawn, random_state=random_state)
    rows = register_rows(register, rng, faults=_FAULTS, observed_until=str(design.observed_until))
    _write(rows, _REGISTER, rng, folder, key=("unit_id",))


def _write(
    rows: pd.DataFrame,
    layout: Layout,
    rng: np.random.Generator,
    folder: Path,
    *,
    key: tuple[str, ...],
) -> None:
    write_rows("examples", spread(rows, [layout], rng, key=key), [layout], folder)
