"""What was drawn of micro-loans and bank loans: by firm, and as a ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.simulate.draws import Days, Floats, after_months, generator, unit_mean

if TYPE_CHECKING:
    from toolkit.simulate.magnetism import MagnetismDesign

__all__ = ["BANKS", "LEDGER", "SECTORS", "YUAN", "LoanDraw", "labels", "lenders", "sectors"]

LEDGER = ("firm_id", "funder_id", "tier", "region", "sector", "date", "amount_cny")
BANKS = 40
SECTORS = {
    True: ("battery", "smart_manufacturing", "biomedicine", "software"),
    False: ("food_processing", "retail"),
}
"""Sectors that are technology, and those that are not."""

YUAN = 100
"""Amounts are whole hundreds of yuan, which every notation of an export can write exactly."""


def labels(prefix: str, numbers: NDArray[np.int64], *, width: int) -> NDArray[np.object_]:
    """Return identifiers such as ``F000017``.

    Examples
    --------
    >>> labels("F", np.array([17]), width=6)
    array(['F000017'], dtype=object)
    """
    text = pd.Series(numbers).astype("str").str.zfill(width)
    named: NDArray[np.object_] = np.asarray(prefix + text, dtype=object)
    return named


def lenders(
    rng: np.random.Generator, *, clusters: int, firms: int, size_sd: float
) -> NDArray[np.int64]:
    """Give each firm a lender: lenders differ in size, and each has a firm."""
    weights = unit_mean(rng, size_sd, clusters)
    more = rng.choice(clusters, firms - clusters, p=weights / weights.sum())
    return np.concatenate([np.arange(clusters), more]).astype(np.int64)


def sectors(rng: np.random.Generator, technology: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Draw a sector for each firm, inside technology or outside."""
    chosen = rng.random(len(technology))
    inside, outside = (
        np.asarray(SECTORS[kind], dtype=object)[(chosen * len(SECTORS[kind])).astype(int)]
        for kind in (True, False)
    )
    return np.asarray(np.where(technology, inside, outside))


@dataclass(frozen=True, kw_only=True, eq=False)
class LoanDraw:
    """Firms with one micro-loan each, and the bank loans that follow.

    Parameters
    ----------
    design : MagnetismDesign
        What they were drawn from.
    random_state : int
        The seed.
    lender : array, shape (n,)
        Number of each firm's micro-lender, the cluster.
    region : array, shape (n,)
        Codes of GB/T 2260.
    technology : array, shape (n,)
        Whether the firm is in technology.
    entry : array, shape (n,)
        Day of the micro-loan.
    seen : array, shape (n,)
        Months from entry to the last day on record.
    lead : array, shape (n,)
        The micro-loan in yuan.
    bank_firm, bank_months, bank_amount : arrays, shape (m,)
        Each bank loan's firm, months since entry, and yuan, on record or later.
    """

    design: MagnetismDesign
    random_state: int
    lender: NDArray[np.int64]
    region: NDArray[np.str_]
    technology: NDArray[np.bool_]
    entry: Days
    seen: Floats
    lead: Floats
    bank_firm: NDArray[np.int64]
    bank_months: Floats
    bank_amount: Floats

    def firms(self) -> pd.DataFrame:
        """Return one row per firm.

        ``cluster region technology entry seen lead follow follow_seen``: `follow` is bank money
        within the window, whether on record or not, `follow_seen` the part on record; yuan, months.
        """
        inside = self.bank_months < self.design.months
        on_record = inside & (self.bank_months < self.seen[self.bank_firm])
        return pd.DataFrame(
            {
                "cluster": self.lender,
                "region": self.region.astype(object),
                "technology": self.technology,
                "entry": self.entry,
                "seen": self.seen,
                "lead": self.lead,
                "follow": self._sum(inside),
                "follow_seen": self._sum(on_record),
            }
        ).astype({"region": "str"})

    def ledger(self) -> pd.DataFrame:
        """Return the loans on record, one row each, with other bank loans that follow nothing.

        Columns ``firm_id funder_id tier region sector date amount_cny``, sorted by date; firm,
        funder and date make a row unique. Amounts are rounded to whole hundreds of yuan.
        """
        rng = generator(self.random_state, "ledger")
        sector = sectors(rng, self.technology)
        count = len(self.lead)
        micro = self._rows(np.arange(count), sector, "micro", self.entry, self.lead, self.lender)
        recorded = self.bank_months < self.seen[self.bank_firm]
        firm = self.bank_firm[recorded]
        dates = after_months(self.entry[firm], self.bank_months[recorded])
        amounts, banks = self.bank_amount[recorded], rng.integers(0, BANKS, len(firm))
        bank = self._rows(firm, sector, "bank", dates, amounts, banks)
        table = pd.concat([micro, bank, self._before(rng, sector), self._alone(rng)])
        table["amount_cny"] = np.maximum(np.round(table["amount_cny"] / YUAN), 1) * YUAN
        keys = [name for name in LEDGER if name != "amount_cny"]
        merged = table.groupby(keys, sort=False)["amount_cny"].sum().reset_index()
        order = ["date", "firm_id", "funder_id"]
        text = dict.fromkeys(("firm_id", "funder_id", "tier", "region", "sector"), "str")
        return merged.sort_values(order, ignore_index=True).astype(
            {**text, "date": "datetime64[us]"}
        )

    def _sum(self, chosen: NDArray[np.bool_]) -> Floats:
        money = self.bank_amount[chosen]
        sums = np.bincount(self.bank_firm[chosen], weights=money, minlength=len(self.lead))
        return sums.astype(np.float64)

    def _rows(
        self,
        firm: NDArray[np.int64],
        sector: NDArray[np.object_],
        tier: str,
        dates: Days,
        amounts: Floats,
        funder: NDArray[np.int64],
    ) -> pd.DataFrame:
        micro = tier == "micro"
        return pd.DataFrame(
            {
                "firm_id": labels("F", firm + 1, width=7),
                "funder_id": labels("M" if micro else "B", funder + 1, width=4 if micro else 3),
                "tier": tier,
                "region": self.region[firm].astype(object),
                "sector": sector[firm],
                "date": dates,
                "amount_cny": amounts,
            }
        )

    def _before(self, rng: np.random.Generator, sector: NDArray[np.object_]) -> pd.DataFrame:
        """Bank loans that came before the micro-loan."""
        firm = np.flatnonzero(rng.random(len(self.lead)) < self.design.prior_share)
        dates = self.entry[firm] - rng.integers(30, 731, len(firm))
        amounts = self.lead[firm] * rng.lognormal(0.5, 1.0, len(firm))
        banks = rng.integers(0, BANKS, len(firm))
        return self._rows(firm, sector, "bank", dates, amounts, banks)

    def _alone(self, rng: np.random.Generator) -> pd.DataFrame:
        """Bank loans of firms that no micro-lender knows, numbered after the others."""
        count = len(self.lead)
        more = round(self.design.bank_only_share * count)
        like = rng.integers(0, count, more)
        days = rng.integers(0, len(self.design.entry_days), more)
        amounts = self.lead[like] * rng.lognormal(0.5, 1.0, more)
        technology = rng.random(more) < self.design.technology_share
        rows = self._rows(
            like,
            np.full(count, "", dtype=object),
            "bank",
            self.design.entry_days[days],
            amounts,
            rng.integers(0, BANKS, more),
        )
        identity = labels("F", count + 1 + np.arange(more), width=7)
        return rows.assign(firm_id=identity, sector=sectors(rng, technology))
