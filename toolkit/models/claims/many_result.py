"""What many verdicts say together: counts, lists, a drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from toolkit.language import say
from toolkit.models.claims.verdict import Verdict
from toolkit.models.claims.wording import counted
from toolkit.results import Prose, Result, Table, format_number, format_percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ClaimsResult"]


@dataclass(frozen=True, kw_only=True, eq=False)
class ClaimsResult(Result):
    """Published figures with their verdicts, one row per figure.

    Parameters
    ----------
    verdicts : mapping of str to Verdict
        By figure, those that an estimate was given for, before correction.
    """

    verdicts: Mapping[str, Verdict]

    def sentence(self) -> Prose:
        """Return how many claims are supported, contradicted and not decided."""
        rows = self.checked()
        counts = rows["verdict"].value_counts()
        proxies = int((rows["proxy"] != "").sum())
        found = say(", ").join(
            say("{status} {word}", status=counts.get(status, 0), word=word)
            for status, word in (
                ("supported", "supported"),
                ("contradicted", "contradicted"),
                ("not_decided", "not decided"),
            )
        )
        by = ""
        if proxies:
            by = (
                say(", all of them by a proxy")
                if proxies == len(rows)
                else say(", {number} of them by a proxy", number=proxies)
            )
        said = say(
            "Of {figures}, {held} could be held against an estimate{by}: {found}",
            figures=counted(len(self.terms), "published figure"),
            held=len(rows),
            by=by,
            found=found,
        )
        left = len(self.terms) - len(rows)
        others = "figure" if left == 1 else say("{left:,} figures", left=left)
        silent = (
            say("; this data does not speak to the other {others}", others=others) if left else ""
        )
        return Prose(
            say("{said}{silent}.", said=said, silent=silent), key_figures=self.key_figures()
        )

    def key_figures(self) -> dict[str, str]:
        """Return the numbers of supported and contradicted claims."""
        return {
            name: str(int((self.terms["verdict"] == name).sum()))
            for name in ("supported", "contradicted")
        }

    def checked(self) -> pd.DataFrame:
        """Return the rows of the figures that an estimate was given for."""
        return self.terms[self.terms["figure_id"].isin(list(self.verdicts))].reset_index(drop=True)

    def unchecked(self) -> pd.DataFrame:
        """Return the other figures, each with the data that would decide it, ``needed``."""
        rows = self.terms[~self.terms["figure_id"].isin(list(self.verdicts))]
        names = ["figure_id", "term", "as_published", "reason", "needed"]
        return rows[names].reset_index(drop=True)

    def said(self) -> Prose:
        """Return the verdicts as a list, each with its reason and what was compared with what."""
        rows = self.checked()
        lines = []
        for _, row in rows.iterrows():
            status = row["verdict"].replace("_", " ")
            lines.append(
                say(
                    "- {as_published} ({term}): {status}; {reason}. Compared: {compared}.",
                    as_published=row["as_published"],
                    term=row["term"],
                    status=status,
                    reason=row["reason"],
                    compared=row["compared"],
                )
            )
        return Prose("\n".join(lines))

    def open_table(self) -> Table:
        """Return the figures without an estimate as a table to be shown."""
        rows = self.unchecked()
        return Table(
            title=say("{figures} without an estimate", figures=counted(len(rows), "figure")),
            frame=pd.DataFrame(
                {
                    "figure": rows["figure_id"],
                    "said of": rows["term"],
                    "as published": rows["as_published"],
                    "what would decide it": rows["needed"],
                }
            ),
        )

    def power(self, off: Sequence[float] = (0.1, 0.25, 0.5)) -> Table:
        """Return the power to contradict each checked claim if the truth is off by these shares.

        Parameters
        ----------
        off : sequence of float
            How far the truth lies beyond what the claim allows, as shares of its bound: above it
            where it has an upper side, else below it.
        """
        rows = {
            name: {
                "as published": verdict.claim.text,
                **{
                    say("off by {share:g}%", share=100 * share): format_percent(
                        verdict.power(_beyond(verdict, share))
                    )
                    for share in off
                },
                "off by, told with 80% power": format_number(verdict.minimum_detectable),
            }
            for name, verdict in self.verdicts.items()
        }
        frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("figure").reset_index()
        return Table(
            title="Power to contradict each claim",
            frame=frame,
            notes=(
                "Of one claim alone, before correction; the error of the estimate is taken as it "
                "is.",
            ),
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw each estimate with its interval, as multiples of the claimed bound."""
        from toolkit import figures

        rows = self.checked()
        bound = rows["claim_low"].where(rows["claim_low"].fillna(0) != 0, rows["claim_high"])
        scaled = rows[["estimate", "conf_low", "conf_high"]].div(bound, axis=0)
        measure, verdict = rows["term"].str.rsplit(", ", n=1).str[-1], _words(rows["verdict"])
        parts = zip(measure, rows["as_published"], verdict, strict=True)
        labels = [
            say("{measure}: {text} ({verdict})", measure=name, text=text, verdict=word)
            for name, text, word in parts
        ]
        return figures.intervals(
            scaled.assign(label=labels),
            label="label",
            axis="estimate over claim",
            title=self.title,
            reference=(1.0, "as claimed"),
            ax=ax,
        )

    def _display_table(self) -> pd.DataFrame:
        rows = self.checked()
        held = _words(rows["verdict"]) + rows["proxy"].ne("").map({True: " (proxy)", False: ""})
        names = ["figure_id", "as_published", "estimate", "conf_low", "conf_high", "verdict"]
        return self._formatted(rows.assign(verdict=held)[[*names, "q_value"]])

    _readable = _display_table

    def _cut_line(self) -> list[str]:
        left = len(self.terms) - len(self.verdicts)
        are = "is" if left == 1 else "are"
        return (
            [
                say(
                    "{left} without an estimate {are} in unchecked().",
                    left=counted(left, "figure"),
                    are=are,
                )
            ]
            if left
            else []
        )


def _beyond(verdict: Verdict, share: float) -> float:
    span = verdict.claim.span
    if np.isfinite(span.high):
        return span.high + share * abs(span.high)
    return span.low - share * abs(span.low)


def _words(verdicts: pd.Series[str]) -> pd.Series[str]:
    return verdicts.str.replace("_", " ")
