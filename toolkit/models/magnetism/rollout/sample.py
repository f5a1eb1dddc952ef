"""The balanced sample that all estimators of a rollout share."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.errors import ColumnError, DataError, ModelError
from toolkit.language import say
from toolkit.models.magnetism.units import refuse_nation
from toolkit.models.ratios.paths import Floats
from toolkit.schema import require_columns

__all__ = ["balanced_sample"]


def balanced_sample(
    table: pd.DataFrame, *, outcome: str, unit: str, time: str, adopted: str, cluster: str | None
) -> tuple[pd.DataFrame, list[str]]:
    """Return the balanced sample that all estimators share, and what was left out of it."""
    require_columns(table, [outcome, unit, time, adopted, *([cluster] if cluster else [])])
    for name in (outcome, time, adopted):
        if not pd.api.types.is_numeric_dtype(table[name]):
            raise ColumnError(
                f"Column {name!r} is a number in each row; it holds {table[name].dtype}. "
                "Give years as whole numbers, and outcomes as numbers."
            )
    refuse_nation(table[unit])
    panel = pd.DataFrame(
        {
            "unit": table[unit].astype(str),
            "time": table[time].to_numpy(np.float64, na_value=np.nan),
            "outcome": table[outcome].to_numpy(np.float64, na_value=np.nan),
            "first": _years(table[adopted]),
            "cluster": table[cluster or unit].astype(str),
        }
    )
    _refuse_contradictions(panel, unit=unit, time=time, adopted=adopted)
    notes = []
    panel = panel.dropna(subset=["time"])
    first_year, last_year = panel["time"].min(), panel["time"].max()
    panel.loc[panel["first"] > last_year, "first"] = 0.0
    always = panel.loc[(panel["first"] > 0) & (panel["first"] <= first_year), "unit"].unique()
    if len(always):
        notes.append(
            say(
                "{number} left out, since they adopt in the first year or before: {units}.",
                number=len(always),
                units=say(", ").join(always[:8]),
            )
        )
    usable = panel[np.isfinite(panel["outcome"]) & ~panel["unit"].isin(always)]
    years = usable["time"].nunique()
    whole = usable.groupby("unit")["time"].transform("size") == years
    gaps = usable.loc[~whole, "unit"].unique()
    if len(gaps):
        notes.append(
            say(
                "{number} left out, since they lack a year (the sample is balanced): {units}.",
                number=len(gaps),
                units=say(", ").join(gaps[:8]),
            )
        )
    sample = usable[whole].sort_values(["unit", "time"], ignore_index=True)
    _require_both(sample)
    return sample, notes


def _years(values: pd.Series[Any]) -> Floats:
    years = values.to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isfinite(years), years, 0.0)


def _refuse_contradictions(panel: pd.DataFrame, *, unit: str, time: str, adopted: str) -> None:
    years = panel.groupby("unit")["first"].nunique()
    if (years > 1).any():
        raise DataError(
            f"Column {adopted!r} changes within {unit} {years.index[years > 1][0]!r}. Give one "
            "year of adoption for each, in all its rows."
        )
    twice = panel[panel.duplicated(["unit", "time"])]
    if len(twice):
        row = twice.iloc[0]
        raise DataError(
            f"{unit} {row['unit']!r} has more than one row in {time} {row['time']:g}. "
            "Keep one row for each."
        )
    homes = panel.groupby("unit")["cluster"].nunique()
    if (homes > 1).any():
        raise DataError(
            f"{unit} {homes.index[homes > 1][0]!r} lies in more than one cluster. "
            "Clusters hold whole units."
        )


def _require_both(sample: pd.DataFrame) -> None:
    adopters = int(sample.loc[sample["first"] > 0, "unit"].nunique())
    never = int(sample.loc[sample["first"] == 0, "unit"].nunique())
    if adopters == 0 or never == 0:
        raise ModelError(
            f"A rollout needs units that adopt within the years and units that never do; the "
            f"balanced sample has {adopters} and {never}. Check the years of adoption."
        )
