"""What comes of reading a column of periods."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from toolkit.clean.periods.spans import DateOrder

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

DecidedOrder: TypeAlias = DateOrder | Literal["mixed", "undecided", "not_needed"]


@dataclass(frozen=True, kw_only=True, eq=False)
class PeriodReading:
    """A column of periods as it was read, and how its dates were told apart.

    Attributes
    ----------
    table : DataFrame
        As `parse_periods` returns it.
    date_order : str
        ``day_first``, ``month_first`` or ``year_first`` for the whole column; ``mixed`` where
        rows show several, ``undecided`` where none does, ``not_needed`` where no date is numeric
        with its year last.
    decided_by : str
        ``caller``, ``rows`` or ``nothing``.
    witnesses : mapping of str to int
        How many rows can be read in one order only, by that order.
    examples : mapping of str to str
        The first such row of each order.
    open_rows : int
        Rows that are one day in one order and another day in the other.
    """

    table: pd.DataFrame
    date_order: DecidedOrder
    decided_by: Literal["caller", "rows", "nothing"]
    witnesses: Mapping[DateOrder, int] = field(default_factory=dict)
    examples: Mapping[DateOrder, str] = field(default_factory=dict)
    open_rows: int = 0

    @property
    def unread(self) -> pd.DataFrame:
        """The rows that hold something which was not read, with issue and reason."""
        issue = self.table["issue"]
        return self.table[issue.notna() & issue.ne("missing")]

    def sentence(self) -> str:
        """Say in one sentence how day and month were told apart.

        Examples
        --------
        >>> from toolkit.clean.periods import read_periods
        >>> read_periods(["25/03/2020", "05/03/2020"]).sentence()
        "Dates are read day first, as 1 row shows ('25/03/2020'); 1 row turned on it."
        """
        turned = f"{_rows(self.open_rows)} turned on it."
        if self.date_order == "not_needed":
            return "No date had to be told day from month."
        if self.date_order == "undecided":
            return (
                "No row shows whether the day or the month comes first; "
                f"{_rows(self.open_rows)} left unread. Say date_order=."
            )
        shown = " and ".join(
            f"{order.replace('_', ' ')} in {_rows(count)} ({self.examples[order]!r})"
            for order, count in self.witnesses.items()
        )
        if self.date_order == "mixed":
            return (
                f"The column is written {shown}; {_rows(self.open_rows)} that could be either "
                "left unread. Say date_order=."
            )
        words = self.date_order.replace("_", " ")
        if self.decided_by == "caller":
            return f"Dates are read {words}, as was asked; {turned}"
        count, example = self.witnesses[self.date_order], self.examples[self.date_order]
        verb = "shows" if count == 1 else "show"
        return f"Dates are read {words}, as {_rows(count)} {verb} ({example!r}); {turned}"


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
