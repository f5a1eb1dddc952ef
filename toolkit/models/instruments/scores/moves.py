"""What moving the threshold of a score does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.errors import DataError
from toolkit.language import say
from toolkit.models.instruments.scenario import check_share
from toolkit.models.instruments.scores.columns import check_outcome, numbers
from toolkit.models.instruments.wording import money_text
from toolkit.models.proportions import wilson_interval
from toolkit.results import TIDY_COLUMNS, Prose, Result, check_conf_level, format_percent
from toolkit.schema import require_columns
from toolkit.tables import as_pandas

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ThresholdMoves", "move_threshold"]

SHARES = {"approved": "firms approved", "defaulted": "of these, in default"}


@dataclass(frozen=True, kw_only=True, eq=False)
class ThresholdMoves(Result):
    """Approvals, defaults and expected losses at each threshold, beside the present one."""

    def sentence(self) -> Prose:
        """Return what the lowest and the highest threshold do to approvals and losses."""
        rows = self.terms[self.terms["term"] == "approved"].sort_values("cutoff")
        texts = [
            say(
                "at {cutoff:g}, {estimate} are approved and {expected_loss} lost",
                cutoff=row["cutoff"],
                estimate=format_percent(row["estimate"]),
                expected_loss=money_text(row["expected_loss"]),
            )
            for _, row in rows.iterrows()
        ]
        return Prose(
            say(
                "Moving the threshold from {current:g}: {texts}.",
                current=self.facts["current"],
                texts=say("; ").join(texts),
            )
        )

    def _display_table(self) -> pd.DataFrame:
        approved, defaulted = (
            self.terms[self.terms["term"] == term].set_index("cutoff")
            for term in ("approved", "defaulted")
        )
        return pd.DataFrame(
            {
                "threshold": [f"{cutoff:g}" for cutoff in approved.index],
                "firms": [f"{firms:,}" for firms in approved["firms"]],
                "approved": approved["estimate"].map(format_percent),
                "in default": defaulted["estimate"].map(format_percent),
                "money": approved["money"].map(money_text),
                "expected loss": approved["expected_loss"].map(money_text),
                "more firms": [f"{more:+,}" for more in approved["more_firms"]],
                "more loss": approved["more_loss"].map(money_text),
            }
        )

    _readable = _display_table

    def _cut_line(self) -> list[str]:
        return []

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the share approved, and the share of those in default, at each threshold."""
        from toolkit import figures

        rows = self.terms.sort_values("cutoff", kind="stable")
        return figures.lines(
            rows.assign(share=rows["term"].map(SHARES)),
            x="cutoff",
            y="estimate",
            by="share",
            x_label="threshold of the score",
            y_label="share",
            title=self.title,
            ax=ax,
        )


def move_threshold(
    data: Any,
    *,
    score: str,
    default: str,
    amount: str,
    loss_given_default: float,
    cutoffs: Sequence[float],
    current: float = 70.0,
    conf_level: float = 0.95,
) -> ThresholdMoves:
    """Work out what a threshold does to approvals, to defaults among them, and to losses.

    The expected loss is money approved times the default rate by money among firms with outcome
    times the loss given default.

    Parameters
    ----------
    data, score, default
        As for :func:`score_discrimination`; the outcome may be missing.
    amount : str
        Column of the money that a firm is lent if approved, in CNY.
    loss_given_default : float
        Share of the money that is lost.
    cutoffs : sequence of float
        Thresholds to compare; a firm is approved from it on. `current` is added.
    current : float
        The present threshold.
    conf_level : float
        Level of Wilson's intervals.

    Returns
    -------
    ThresholdMoves
        Two rows per threshold, ``approved`` (share of firms) and ``defaulted`` (share of those
        approved with outcome), with ``cutoff firms money expected_loss`` and the changes of
        firms and of the loss from the present threshold, ``more_firms more_loss``.

    Raises
    ------
    ColumnError, DataError
        If a column is missing, or does not hold what it should.
    OptionError
        If an option cannot be meant.

    Examples
    --------
    >>> firms = pd.DataFrame({
    ...     "score": [65, 72, 80, 90], "default": [1, 1, 0, 0], "asked": [1e6, 1e6, 2e6, 1e6]
    ... })
    >>> moves = move_threshold(firms, score="score", default="default", amount="asked",
    ...     loss_given_default=0.5, cutoffs=[60])
    >>> moves.tidy().query("term == 'approved'")[["cutoff", "estimate", "more_loss"]]
       cutoff  estimate  more_loss
    0    60.0      1.00   500000.0
    2    70.0      0.75        0.0
    """
    level = check_conf_level(conf_level)
    check_share("loss_given_default", loss_given_default)
    table = as_pandas(data)
    require_columns(table, [score, default, amount])
    values, money = numbers(table, score), numbers(table, amount)
    if (money < 0).any():
        raise DataError(
            f"{amount!r} is money, 0 or more; {int((money < 0).sum()):,} rows have less."
        )
    check_outcome(table, default)
    rows = []
    for cutoff in sorted({float(current), *map(float, cutoffs)}):
        chosen = values >= cutoff
        known = chosen & table[default].notna()
        bad = table[default].where(known, 0).astype(float)
        held = float(money[known].sum())
        rate = float((bad * money).sum()) / held if held else np.nan
        lent = float(money[chosen].sum())
        facts: dict[str, Any] = {
            "cutoff": cutoff,
            "firms": int(chosen.sum()),
            "money": lent,
            "expected_loss": lent * rate * loss_given_default if lent else 0.0,
        }
        rows.append({"term": "approved"} | _share(chosen.sum(), len(table), level) | facts)
        rows.append({"term": "defaulted"} | _share(bad.sum(), known.sum(), level) | facts)
    names = ["cutoff", "firms", "money", "expected_loss"]
    terms = pd.DataFrame(rows, columns=[*TIDY_COLUMNS, *names])
    base = terms[terms["cutoff"] == current].iloc[0]
    terms["more_firms"] = terms["firms"] - int(base["firms"])
    terms["more_loss"] = terms["expected_loss"] - float(base["expected_loss"])
    return ThresholdMoves(
        title="What moving the threshold does",
        unit="share of firms",
        terms=terms,
        facts={"rows": len(table), "current": current, "loss_given_default": loss_given_default},
        conf_level=level,
        notes=_unobserved(table[default], values < current),
    )


def _share(passed: float, number: float, level: float) -> dict[str, Any]:
    low, high = wilson_interval(passed, number, conf_level=level)
    return {
        "estimate": float(passed / number) if number else np.nan,
        "conf_low": float(low) if number else np.nan,
        "conf_high": float(high) if number else np.nan,
    }


def _unobserved(outcome: pd.Series[Any], below: pd.Series[bool]) -> tuple[str, ...]:
    missing = int(outcome.isna().sum())
    if not missing:
        return ()
    low = int((outcome.isna() & below).sum())
    return (
        say(
            "{missing:,} firms have no outcome, {low:,} of them below the present threshold; they "
            "are taken to default as those with an outcome do. Where only approved firms are "
            "followed, that says nothing of a lower threshold.",
            missing=missing,
            low=low,
        ),
    )
