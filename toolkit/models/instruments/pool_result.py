"""What a risk pool says of itself: sentence, layers, drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.language import say
from toolkit.models.instruments.wording import chance_text, money_text, years_text
from toolkit.results import Prose, Result, format_number, format_percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["RiskPool"]


@dataclass(frozen=True, kw_only=True, eq=False)
class RiskPool(Result):
    """What a pool pays, when it runs dry, and who bears the loss.

    Behind the fixed columns stand ``unit`` of the row, ``year`` (of ``dry_by_year``) and
    ``bearer`` (of ``borne``).

    Parameters
    ----------
    layer_means : DataFrame
        ``layer begins ends bearer asked``: what each bearer is asked for on average in each
        layer, in CNY; less than asked is paid where the pool is dry.
    name : str
        What the pool is called.
    """

    layer_means: pd.DataFrame
    name: str = ""

    def layers(self) -> pd.DataFrame:
        """Return who is asked for what in each layer on average, in CNY."""
        return self.layer_means.copy()

    def row(self, term: str, **where: object) -> pd.Series[Any]:
        """Return the row of a term, such as ``row("dry_by_year", year=2)``."""
        rows = self.terms[self.terms["term"] == term]
        for name, value in where.items():
            rows = rows[rows[name] == value]
        return rows.iloc[0].copy()

    def sentence(self) -> Prose:
        """Return payout, the probability of running dry, and lending per yuan at the safety."""
        safety = format_percent(self.facts["safety"], decimals=1).replace(".0%", "%")
        dry = self.terms[self.terms["term"] == "dry_by_year"].iloc[-1]
        supported = float(self.row("lending_per_yuan")["estimate"])
        lending = (
            say(
                "each yuan of it supports ¥{supported} of lending",
                supported=format_number(supported),
            )
            if not np.isnan(supported)
            else "fees alone pay the claims"
        )
        payout, tail = (
            money_text(float(self.row(term)["estimate"]))
            for term in ("expected_payout", "tail_payout")
        )
        held = money_text(self.facts["pool"])
        what = (
            say("{name}: a pool of {held}", name=self.name, held=held)
            if self.name
            else say("A pool of {held}", held=held)
        )
        return Prose(
            say(
                "{what} behind {lent} of loans pays {payout} on average and up to {tail} with "
                "{safety} probability; it runs dry within {dry_year} with a probability of "
                "{dry_estimate}; at {safety} safety {lending}.",
                what=what,
                lent=money_text(self.facts["lent"]),
                payout=payout,
                tail=tail,
                safety=safety,
                dry_year=years_text(dry["year"]),
                dry_estimate=chance_text(float(dry["estimate"])),
                lending=lending,
            ),
            key_figures=self.key_figures(),
        )

    def key_figures(self) -> dict[str, str]:
        """Return expected payout, probability of running dry, lending per yuan.

        A pool with a name gives its lending per yuan alone, so that several can stand in one list.
        """
        lending = format_number(float(self.row("lending_per_yuan")["estimate"]))
        if self.name:
            return {say("{name}: lending per yuan", name=self.name): lending}
        dry = self.terms[self.terms["term"] == "dry_by_year"].iloc[-1]
        return {
            "expected payout": money_text(float(self.row("expected_payout")["estimate"])),
            say("dry within {dry_year}", dry_year=years_text(dry["year"])): chance_text(
                float(dry["estimate"])
            ),
            "lending per yuan": lending,
        }

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw who bears which share of the expected loss."""
        from toolkit import figures

        borne = self.terms[self.terms["term"] == "borne"]
        shares = borne["estimate"] / borne["estimate"].sum()
        return figures.stacked_parts(
            borne.assign(label="expected loss", share=shares),
            label="label",
            part="bearer",
            value="share",
            axis="share of the expected loss",
            title=self.title,
            ax=ax,
        )

    def _display_table(self) -> pd.DataFrame:
        rows = self.terms
        lows, highs = (
            [
                _value(row[side], row["unit"]) if pd.notna(row[side]) else ""
                for _, row in rows.iterrows()
            ]
            for side in ("conf_low", "conf_high")
        )
        shown = pd.DataFrame(
            {
                "figure": [_figure(row) for _, row in rows.iterrows()],
                "estimate": [_value(row["estimate"], row["unit"]) for _, row in rows.iterrows()],
                "conf_low": lows,
                "conf_high": highs,
            }
        )
        return shown if any(lows) else shown[["figure", "estimate"]]

    _readable = _display_table


def _figure(row: pd.Series[Any]) -> str:
    """Return what a row is of, in words."""
    if row["term"] == "dry_by_year":
        return say("probability of running dry within {year}", year=years_text(row["year"]))
    if row["term"] == "borne":
        return say("expected loss borne by {bearer}", bearer=row["bearer"])
    return str(row["term"]).replace("_", " ").replace("break even", "break-even")


def _value(value: float, unit: str) -> str:
    if unit == "CNY":
        return money_text(value)
    return chance_text(value) if unit == "share" else format_number(value)
