"""The attributes by which maketables reads a result that it did not estimate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from toolkit.results.labels import row_labels

__all__ = ["SideBySide"]


class SideBySide:
    """A result that stands in a table beside others, one row for each of its terms."""

    title: str
    terms: pd.DataFrame
    facts: Mapping[str, Any]

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the columns that tell the rows apart, before ``term``."""
        names = list(self.terms.columns)
        return tuple(names[: names.index("term")])

    @property
    def __maketables_coef_table__(self) -> pd.DataFrame:
        names = {
            "b": "estimate",
            "se": "std_error",
            "t": "statistic",
            "p": "p_value",
            "ci95l": "conf_low",
            "ci95u": "conf_high",
        }
        table = pd.DataFrame({name: self.terms[column] for name, column in names.items()})
        labels = row_labels(self.terms, self.groups)
        return table.set_index(pd.Index(labels, name="Coefficient"))

    def __maketables_stat__(self, key: str) -> object:
        return self.facts.get({"N": "rows"}.get(key, key))

    @property
    def __maketables_depvar__(self) -> str:
        return self.title
