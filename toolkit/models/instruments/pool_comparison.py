"""Pools side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.errors import OptionError
from toolkit.language import say
from toolkit.models.instruments.pool_result import RiskPool
from toolkit.models.instruments.wording import chance_text, money_text, years_text
from toolkit.results import Prose, Result, format_number, format_percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PoolComparison", "compare_pools"]


@dataclass(frozen=True, kw_only=True, eq=False)
class PoolComparison(Result):
    """The rows of several pools, told apart by the column ``pool``."""

    def sentence(self) -> Prose:
        """Return lending per yuan and the probability of running dry, pool by pool."""
        parts = []
        for name, rows in self.terms.groupby("pool", sort=False):
            dry = rows[rows["term"] == "dry_by_year"].iloc[-1]
            supported = _first(rows, "lending_per_yuan")
            lending = (
                "no limit"
                if pd.isna(supported)
                else say("¥{amount}", amount=format_number(supported))
            )
            parts.append(
                say(
                    "{name}: {lending}, dry within {dry_year} with a probability of {dry_estimate}",
                    name=name,
                    lending=lending,
                    dry_year=years_text(dry["year"]),
                    dry_estimate=chance_text(float(dry["estimate"])),
                )
            )
        safety = format_percent(self.facts["safety"], decimals=1).replace(".0%", "%")
        return Prose(
            say(
                "Lending that each yuan of pool supports at {safety} safety: {parts}.",
                safety=safety,
                parts=say("; ").join(parts),
            )
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the probability of having run dry by each year, pool by pool."""
        from toolkit import figures

        return figures.lines(
            self.terms[self.terms["term"] == "dry_by_year"],
            x="year",
            y="estimate",
            by="pool",
            x_label="years since the lending",
            y_label="probability of having run dry",
            title=self.title,
            ax=ax,
        )

    def _display_table(self) -> pd.DataFrame:
        return pd.DataFrame(
            [_column(str(name), rows) for name, rows in self.terms.groupby("pool", sort=False)]
        )

    _readable = _display_table

    def _cut_line(self) -> list[str]:
        return []


def compare_pools(pools: Mapping[str, RiskPool]) -> PoolComparison:
    """Put pools side by side: payouts, how soon they run dry, lending per yuan, who bears what.

    Parameters
    ----------
    pools : mapping of str to RiskPool
        By name, as :func:`risk_pool` returns them, all at one safety.

    Returns
    -------
    PoolComparison
        The rows of all pools, with the column ``pool`` before ``term``, and ``money`` and ``lent``
        of each pool, in CNY, behind them.

    Raises
    ------
    OptionError
        If there are no pools, or they are of several safeties or levels.

    Examples
    --------
    >>> from toolkit.models.instruments import LoanScenario, risk_pool
    >>> loans = LoanScenario(number=2, size=1e6, default_rate=0.5, loss_given_default=1.0,
    ...     correlation=0.0)
    >>> both = compare_pools(
    ...     {"small": risk_pool(loans, coverage=0.8, pool=1e6),
    ...      "large": risk_pool(loans, coverage=0.8, pool=2e6)}
    ... )
    >>> both.tidy().query("term == 'expected_payout'")["estimate"].tolist()
    [650000.0, 800000.0]
    """
    if not pools:
        raise OptionError("A comparison needs pools; got none. Give them by name.")
    for name, values in (
        ("safety", [pool.facts["safety"] for pool in pools.values()]),
        ("conf_level", [pool.conf_level for pool in pools.values()]),
    ):
        if len(set(values)) > 1:
            listed = ", ".join(f"{value:g}" for value in values)
            raise OptionError(
                f"Pools are compared at one {name}; got {listed}. Work them out with one {name}."
            )
    terms = pd.concat(
        [
            pool.tidy().assign(pool=name, money=pool.facts["pool"], lent=pool.facts["lent"])
            for name, pool in pools.items()
        ],
        ignore_index=True,
    )
    first = next(iter(pools.values()))
    return PoolComparison(
        title="Risk pools side by side",
        unit="money in CNY, chances and rates as shares",
        terms=terms[["pool", *terms.columns.drop("pool")]],
        facts={"pools": len(pools), "safety": first.facts["safety"]},
        conf_level=first.conf_level,
        notes=tuple(dict.fromkeys(note for pool in pools.values() for note in pool.notes)),
    )


def _first(rows: pd.DataFrame, term: str) -> float:
    return float(rows.loc[rows["term"] == term, "estimate"].iloc[0])


def _column(name: str, rows: pd.DataFrame) -> dict[str, Any]:
    """Return one pool as a line of text cells."""
    dry = rows[rows["term"] == "dry_by_year"].iloc[-1]
    cells = {
        "pool": name,
        "money": money_text(float(rows["money"].iloc[0])),
        "lent": money_text(float(rows["lent"].iloc[0])),
        "expected payout": money_text(_first(rows, "expected_payout")),
        "tail payout": money_text(_first(rows, "tail_payout")),
        "runs dry": chance_text(float(dry["estimate"])),
        "lending per yuan": format_number(_first(rows, "lending_per_yuan")),
        "break-even default rate": format_percent(_first(rows, "break_even_default_rate")),
    }
    # An amount and its word stay on one line.
    return {head: say(text).replace(" ", "\N{NO-BREAK SPACE}") for head, text in cells.items()}
