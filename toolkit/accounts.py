"""Regional accounts from long to wide: one row per region and year, one column per indicator.

The two silent errors of such tables are refused here: the nation counted among its provinces,
and two vintages of one series in one column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from toolkit.errors import DataError, OptionError, did_you_mean
from toolkit.language import say
from toolkit.schema import ACCOUNTS, NATION, find_indicator
from toolkit.tables import as_table, column_names, require

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Scope", "accounts_panel"]

Scope = Literal["provinces", "nation", "all"]

SCOPES: tuple[Scope, ...] = ("provinces", "nation", "all")
UNSTATED = "unstated"


def accounts_panel(
    accounts: Any,
    *,
    indicators: Sequence[str],
    vintage: str | Mapping[str, str] | None = None,
    scope: Scope = "provinces",
) -> pd.DataFrame:
    """Lay a long accounts table out as a panel of regions and years.

    Parameters
    ----------
    accounts : frame or path
        Columns ``region year indicator value unit vintage``, as in `toolkit.schema.ACCOUNTS`.
    indicators : sequence of str
        Names of indicators, or short names such as ``"gdp"``.
    vintage : str or mapping, optional
        Which vintage to take, for all or by indicator. It must be given where the table holds
        an indicator in more than one; a series whose only vintage is ``"unstated"`` is taken as
        it is.
    scope : {"provinces", "nation", "all"}
        ``"provinces"`` leaves the nation's row (100000) out; ``"nation"`` keeps it alone.

    Returns
    -------
    DataFrame
        ``region`` (6-digit code), ``region_name`` where the table has it, ``year``, then one
        float column per indicator in the order asked for, in the indicator's unit; a missing
        cell is NaN. Sorted by region and year. ``attrs`` holds ``notes`` (what was left out),
        ``units`` and ``vintages``.

    Raises
    ------
    OptionError
        If an indicator, scope or vintage is unknown, or two vintages would be mixed.
    DataError
        If an indicator has no row, a cell occurs twice, or a column mixes two units.

    Examples
    --------
    >>> import pandas as pd
    >>> accounts = pd.DataFrame(
    ...     {
    ...         "region": ["100000", "430000", "430000"],
    ...         "year": 2023,
    ...         "indicator": ["population", "population", "gross_regional_product"],
    ...         "value": [1.40967e9, 6.568e7, 5.0e12],
    ...         "unit": ["persons", "persons", "CNY"],
    ...         "vintage": "unstated",
    ...     }
    ... )
    >>> accounts_panel(accounts, indicators=["gdp", "population"])
       region  year  gross_regional_product  population
    0  430000  2023            5.000000e+12  65680000.0
    """
    if scope not in SCOPES:
        raise OptionError(
            f"scope is 'provinces', 'nation' or 'all'; got {scope!r}.{did_you_mean(scope, SCOPES)}"
        )
    wanted = [indicators] if isinstance(indicators, str) else list(indicators)
    rows = _rows(accounts, wanted)
    there = set(rows["indicator"].unique())
    names = list(dict.fromkeys(_resolve(name, there) for name in wanted))
    asked = (
        {_resolve(name, there): choice for name, choice in vintage.items()}
        if isinstance(vintage, Mapping)
        else dict.fromkeys(names, vintage)
    )
    vintages = {name: _choose(name, rows, asked.get(name)) for name in names}
    kept = rows[rows["indicator"].map(vintages) == rows["vintage"]]
    units = {name: _unit(name, kept) for name in names}
    _refuse_twice(kept)
    national = kept["region"] == NATION
    notes = []
    if scope == "provinces" and national.any():
        notes.append(
            say("The nation's own row ({nation}) is left out; it is not a province.", nation=NATION)
        )
    inside = {"provinces": ~national, "nation": national, "all": national | ~national}[scope]
    if not inside.any():
        raise DataError(
            f"No row of {', '.join(names)} is left in the scope {scope!r}. Choose another scope."
        )
    panel = _wide(kept[inside], names)
    notes += [
        say("{name}: the {choice} vintage.", name=name, choice=choice)
        for name, choice in vintages.items()
        if choice != UNSTATED
    ]
    panel.attrs = {"notes": notes, "units": units, "vintages": vintages}
    return panel


def _rows(accounts: Any, wanted: list[str]) -> pd.DataFrame:
    """Read the rows of the wanted indicators alone; the engine leaves the others where they are."""
    import narwhals as nw

    table = as_table(accounts)
    require(table, *ACCOUNTS.names)
    names = [*ACCOUNTS.names, *({"region_name"} & set(column_names(table)))]
    canonical = {*wanted, *(found for name in wanted if (found := _canonical(name)))}
    chosen = table.select(names).filter(nw.col("indicator").is_in(sorted(canonical)))
    rows: pd.DataFrame = chosen.collect().to_pandas()
    if unplaced := int(rows[["region", "year"]].isna().any(axis=1).sum()):
        raise DataError(
            f"{unplaced} rows of the accounts have no region or no year. Drop them or fill them in."
        )
    rows["vintage"] = rows["vintage"].fillna(UNSTATED)
    rows["region"] = rows["region"].astype(str)
    rows["year"] = rows["year"].astype("int64")
    rows["value"] = rows["value"].astype("float64")
    return rows


def _canonical(name: str) -> str | None:
    try:
        return find_indicator(name).name
    except OptionError:
        return None


def _resolve(name: str, there: set[str]) -> str:
    if name in there:
        return name
    found = find_indicator(name).name
    if found not in there:
        raise DataError(
            f"No row of the accounts is of the indicator {found!r}. Choose another, or clean the "
            "source that holds it."
        )
    return found


def _choose(name: str, rows: pd.DataFrame, asked: str | None) -> str:
    there = sorted(rows.loc[rows["indicator"] == name, "vintage"].unique())
    if asked in there:
        return str(asked)
    listed = " and ".join(map(repr, there))
    if asked is not None and there != [UNSTATED]:
        raise OptionError(
            f"No vintage {asked!r} of {name}.{did_you_mean(asked, there)} The table has {listed}."
        )
    if len(there) > 1:
        raise OptionError(
            f"The table has {name} in the vintages {listed}, which are never mixed. "
            f"Say which: vintage={{{name!r}: {there[0]!r}}}."
        )
    return str(there[0])


def _unit(name: str, kept: pd.DataFrame) -> str:
    units = sorted(kept.loc[kept["indicator"] == name, "unit"].unique())
    if len(units) != 1:
        raise DataError(
            f"The column {name} would mix the units {' and '.join(map(repr, units))}. "
            "Convert the values to one unit first."
        )
    return str(units[0])


def _refuse_twice(kept: pd.DataFrame) -> None:
    twice = kept[kept.duplicated(list(ACCOUNTS.key))]
    if len(twice):
        first = twice.iloc[0]
        raise DataError(
            f"The accounts hold {first['indicator']} of region {first['region']} in "
            f"{first['year']} more than once ({len(twice)} such rows). Keep one row for each "
            "region, year, indicator and vintage."
        )


def _wide(kept: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    cells = kept.set_index(["region", "year", "indicator"])["value"]
    wide = cells.unstack("indicator")
    panel = wide.reindex(columns=names).reset_index()
    panel.columns.name = None
    if "region_name" in kept:
        display = kept.drop_duplicates("region").set_index("region")["region_name"]
        panel.insert(1, "region_name", panel["region"].map(display))
    return panel
