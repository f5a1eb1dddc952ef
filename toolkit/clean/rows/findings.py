"""What was found of each row, as one whole number: a bit for each rule.

The bits stand in the order altered, flagged, duplicate, rejected, so that one comparison tells
what becomes of a row, and adding a bit enters a finding. Counting the numbers counts every rule
exactly, in any engine and at any size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["FOUND", "Rule", "Rulebook", "altered", "duplicate", "flagged", "rejected"]

FOUND = "_found"
"""The column of findings."""

Standing = Literal["altered", "flagged", "duplicate", "rejected"]
ORDER: tuple[Standing, ...] = ("altered", "flagged", "duplicate", "rejected")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule: its name, what becomes of the row, the column that it looks at, and its meaning."""

    name: str
    outcome: Standing
    column: str
    meaning: str


def _maker(outcome: Standing) -> Callable[[str, str, str], Rule]:
    def make(name: str, column: str, meaning: str) -> Rule:
        return Rule(name=name, outcome=outcome, column=column, meaning=meaning)

    return make


altered, flagged, duplicate, rejected = map(_maker, ORDER)


class Rulebook:
    """The rules of a table, each with its bit.

    Examples
    --------
    >>> book = Rulebook([rejected("negative", "amount", ""), altered("scaled", "amount", "")])
    >>> book.bit("scaled"), book.bit("negative"), [rule.name for rule in book.read(3)]
    (1, 2, ['scaled', 'negative'])
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: ORDER.index(rule.outcome)))
        self._bits = {rule.name: 1 << place for place, rule in enumerate(self.rules)}

    def bit(self, name: str) -> int:
        """Return the bit of a rule."""
        return self._bits[name]

    def knows(self, name: str) -> bool:
        """Tell whether there is a rule of that name."""
        return name in self._bits

    def from_(self, outcome: Standing) -> int:
        """Return the number from which on findings have this outcome or a graver one."""
        grave = ORDER.index(outcome)
        milder = sum(ORDER.index(rule.outcome) < grave for rule in self.rules)
        return 1 << milder

    def when(self, name: str, condition: nw.Expr) -> nw.Expr:
        """Return the bit of a rule where a condition holds, and 0 elsewhere."""
        import narwhals as nw

        return nw.when(condition).then(nw.lit(self.bit(name))).otherwise(nw.lit(0)).cast(nw.Int64)

    def read(self, findings: int) -> list[Rule]:
        """Return the rules of a number."""
        return [rule for rule in self.rules if findings & self._bits[rule.name]]

    def words(self, findings: int, outcome: Standing) -> str:
        """Return the names of the rules of one outcome in a number."""
        return "; ".join(rule.name for rule in self.read(findings) if rule.outcome == outcome)
