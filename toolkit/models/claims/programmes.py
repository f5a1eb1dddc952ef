"""Published programmes side by side, with what their bounds allow to be reckoned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import ColumnError, OptionError, did_you_mean
from toolkit.language import say
from toolkit.models.claims.bounds import Span
from toolkit.models.claims.claim import figure_span
from toolkit.models.claims.wording import counted
from toolkit.results import TIDY_COLUMNS, Prose, Result
from toolkit.schema import FIGURES, as_codes, require_columns
from toolkit.tables import as_pandas

__all__ = ["ProgrammeResult", "programme_table"]

FIRMS = ("enterprises_supported", "enterprises_signed", "enterprises_scored")
MONEY = ("loan_balance", "loans_cumulative", "financing_cumulative", "credit_granted")

RATIOS = (
    ("money per firm", "CNY per firm", MONEY, (*FIRMS, "enterprises")),
    ("money per transaction", "CNY per transaction", ("equity_subscribed",), ("transactions",)),
    ("lending per yuan of subsidy", "CNY per CNY", ("loans_leveraged",), ("interest_subsidy",)),
    ("funds per yuan of parent fund", "CNY per CNY", ("fund_group_size",), ("fund_size",)),
    ("share of applications granted", "share", ("loans_granted",), ("applications",)),
    ("share of money granted", "share", ("amount_granted",), ("amount_applied",)),
    (
        "share of first-time applications granted",
        "share",
        ("loans_granted_first_time",),
        ("applications_first_time",),
    ),
    (
        "share of first-time money granted",
        "share",
        ("amount_granted_first_time",),
        ("amount_applied_first_time",),
    ),
)
"""Quotients of published figures: name, unit, measures above and below the line."""

AS_PUBLISHED = {
    "cover of losses": ("loss_coverage",),
    "growth": ("loan_growth_yoy", "loan_growth", "financing_growth_yoy", "financing_growth_mom"),
    "growth over GDP growth": ("sector_growth_over_gdp_growth",),
    "interest rate": ("interest_rate",),
    "interest rate gap": ("interest_rate_gap",),
    "approval rate": ("approval_rate",),
}
"""Figures that are shown as they are: name of the cell, and the measures that go there."""

FACTS = ("low", "high", "low_open", "high_open", "unit", "text", "figures")


@dataclass(frozen=True, kw_only=True, eq=False)
class ProgrammeResult(Result):
    """Programmes and what can be said of each; every cell names its figures."""

    def about(self, programme: str) -> ProgrammeResult:
        """Return the cells of one programme alone.

        Raises
        ------
        OptionError
            If no programme has the name.
        """
        there = list(dict.fromkeys(self.terms["programme"]))
        if programme not in there:
            raise OptionError(
                f"No programme {programme!r}.{did_you_mean(programme, there)} The programmes are: "
                f"{', '.join(there)}."
            )
        chosen = self.terms[self.terms["programme"] == programme]
        return replace(
            self,
            title=say("{programme}: what was published", programme=programme),
            terms=chosen,
            facts={},
        )

    def wide(self) -> pd.DataFrame:
        """Return one row per programme and one column per cell, as text."""
        cells = self.terms.assign(place=self.terms["region_name"] + ": " + self.terms["programme"])
        joined = cells.groupby(["place", "term"], sort=False)["text"].agg("; ".join)
        return joined.unstack("term").fillna("").reset_index().rename_axis(columns=None)

    def sentence(self) -> Prose:
        """Return the cells of one programme; of several, how many and how many are bounds."""
        programmes = self.terms["programme"].nunique()
        if programmes == 1:
            cells = [
                say("{term} {shown}", term=row["term"], shown=_shown(row))
                for _, row in self.terms.iterrows()
            ]
            return Prose(
                say(
                    "{programme}: {cells}.",
                    programme=self.terms["programme"].iloc[0],
                    cells=say(", ").join(cells),
                )
            )
        bounds = int(self.terms["estimate"].isna().sum())
        are = "is" if bounds == 1 else "are"
        return Prose(
            say(
                "{programmes} have {cells}; {bounds} of them {are} known by bounds only.",
                programmes=counted(programmes, "programme"),
                cells=counted(len(self.terms), "comparable cell"),
                bounds=bounds,
                are=are,
            )
        )

    def plot(self, *, ax: Any = None) -> Any:
        """Draw money per firm: a point, a range, or a bound with its open side."""
        from toolkit import figures

        rows = self.terms[
            (self.terms["term"] == "money per firm")
            & ((self.terms["low"] > 0) | self.terms["high"].notna())
        ]
        return figures.bounds(
            rows.assign(
                label=rows["region_name"] + ": " + rows["programme"],
                low=rows["low"].where(rows["low"] > 0),
            ),
            label="label",
            low="low",
            high="high",
            axis="CNY per firm, log scale",
            title="Money per firm",
            ax=ax,
        )

    def _display_table(self) -> pd.DataFrame:
        rows = self.terms
        return pd.DataFrame(
            {
                "place": rows["region_name"],
                "programme": rows["programme"],
                "cell": rows["term"],
                "value": [_shown(row) for _, row in rows.iterrows()],
                "unit": rows["unit"],
                "figures": rows["figures"],
            }
        )

    _readable = _display_table

    def _cut_line(self) -> list[str]:
        return []


def programme_table(figures: Any) -> ProgrammeResult:
    """Put published programmes side by side: money per firm, growth, cover, pricing.

    Bounds are carried through the arithmetic: over 210 billion yuan for over 15,000 firms is some
    amount above 0 for each firm, and not 14 million. A quotient takes figures of one programme;
    where a programme has several of a kind, each pair has its row.

    Parameters
    ----------
    figures : frame or path
        Clean figures, as :func:`toolkit.clean_figures` returns them.

    Returns
    -------
    ProgrammeResult
        One row per cell: ``region region_name programme``, ``term``, ``estimate`` where it is one
        number, and behind the fixed columns ``low high low_open high_open`` (an empty bound is
        none), ``unit``, ``text`` and ``figures``, the figures that the cell comes from. Also
        ``wide()``.

    Raises
    ------
    ColumnError
        If a column is missing, or there are no figures to compare.

    References
    ----------
    Moore, R. E., Kearfott, R. B. and Cloud, M. J. (2009). Introduction to Interval Analysis.
        SIAM, ch. 2.
    """
    rows = as_pandas(figures)
    require_columns(rows, FIGURES.names)
    rows = rows.assign(region=as_codes(rows["region"]))
    keys = ["region", "region_name", "programme"]
    cells = [
        dict(zip(keys, key, strict=True)) | cell
        for key, part in rows.groupby(keys, sort=False, dropna=False)
        for cell in _cells(part)
    ]
    if not cells:
        measures = ", ".join(sorted(rows["measure"].astype(str).unique())) or "none"
        raise ColumnError(
            "A table of programmes needs figures on money and firms, growth, cover or pricing; the "
            f"measures are: {measures}."
        )
    return ProgrammeResult(
        title="Published programmes side by side",
        unit="see the column unit",
        terms=pd.DataFrame(cells, columns=[*keys, *TIDY_COLUMNS, *FACTS]),
        facts={"programmes": rows["programme"].nunique(), "figures": len(rows)},
        notes=(
            "Bounds are what the texts say, not intervals of confidence. Money and firms of one "
            "programme may be counted at different dates.",
        ),
    )


def _cells(part: pd.DataFrame) -> Iterator[dict[str, Any]]:
    known = {
        str(row["figure_id"]): (
            str(row["measure"]),
            figure_span({str(name): value for name, value in row.items()}),
            row,
        )
        for _, row in part.iterrows()
        if not (pd.isna(row["low"]) and pd.isna(row["high"]))
    }
    for name, unit, above, below in RATIOS:
        pairs = product(_of(known, above), _of(known, below))
        for upper, lower in pairs:
            span = known[upper][1] / known[lower][1]
            yield _cell(name, span, unit, f"{upper} / {lower}")
    for name, measures in AS_PUBLISHED.items():
        for figure_id in _of(known, measures):
            _, span, row = known[figure_id]
            direction = "" if pd.isna(row["direction"]) else f" {row['direction']}"
            yield _cell(name, span, f"{row['unit']}{direction}".replace("_", " "), figure_id)
    dated = sorted(_of(known, ("approval_rate",)), key=lambda name: known[name][2]["start"])
    if len(dated) > 1:
        first, last = dated[0], dated[-1]
        change = known[last][1] - known[first][1]
        yield _cell(
            "change of the approval rate", change, "difference of shares", f"{last} - {first}"
        )


def _shown(row: pd.Series[Any]) -> str:
    """Return what a cell says, shares in per cent."""
    marks = {"share": "%", "difference of shares": " points"}
    if row["unit"] not in marks:
        return str(row["text"])
    low, high = (
        open_end if pd.isna(row[side]) else 100 * row[side]
        for side, open_end in (("low", -np.inf), ("high", np.inf))
    )
    span = Span(low=low, high=high, low_open=row["low_open"], high_open=row["high_open"])
    return f"{span}{say(marks[row['unit']])}"


def _of(known: dict[str, tuple[str, Span, Any]], measures: tuple[str, ...]) -> list[str]:
    return [name for name, (measure, _, _) in known.items() if measure in measures]


def _cell(name: str, span: Span, unit: str, figures: str) -> dict[str, Any]:
    return {
        "term": name,
        "estimate": span.low if span.is_point else np.nan,
        "low": span.low if np.isfinite(span.low) else np.nan,
        "high": span.high if np.isfinite(span.high) else np.nan,
        "low_open": span.low_open,
        "high_open": span.high_open,
        "unit": unit,
        "text": str(span),
        "figures": figures,
    }
