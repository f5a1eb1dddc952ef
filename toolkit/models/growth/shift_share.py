"""Regional growth in parts: the nation's, that of its mix of sectors, and its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.errors import ModelError
from toolkit.language import say
from toolkit.models.growth.checks import SECTORS_OF_GDP, check_choice, check_window
from toolkit.models.growth.cube import Cube, Vintage, sector_cube
from toolkit.models.growth.shift_share_result import ALL, TOTAL, ShiftShare
from toolkit.results import TIDY_COLUMNS

__all__ = ["ShiftShare", "shift_share", "shift_share_parts"]

Floats = NDArray[np.float64]
Method = Literal["dunn", "dynamic", "esteban_marquillas", "arcelus"]


def shift_share(
    accounts: Any,
    *,
    start: int,
    end: int,
    method: Method = "dunn",
    sectors: Sequence[str] = SECTORS_OF_GDP,
    vintage: Vintage = None,
) -> ShiftShare:
    """Split the change of each region and sector into parts that add up to it.

    With levels ``x`` of region r and sector i at the start, growth rates ``g`` of the provinces
    together, ``g_i`` of a sector, ``g_r`` of a region, ``g_ir`` of both:

    - ``dunn``: national ``x g``, industry mix ``x (g_i - g)``, competitive ``x (g_ir - g_i)``;
    - ``dynamic``: Dunn's parts of every single year, added up;
    - ``esteban_marquillas``: with ``h = X_r X_i / X``, what the region would have with the mix of
      all, competitive ``h (g_ir - g_i)`` and allocation ``(x - h) (g_ir - g_i)``;
    - ``arcelus``: national ``g``, industry mix ``g_i - g``, regional growth ``g_r - g`` and
      regional industry mix ``(g_ir - g_r) - (g_i - g)``, each on ``h`` (``_expected``) and on
      ``x - h`` (``_differential``).

    Parameters
    ----------
    accounts : frame or path
        Columns ``region year indicator value unit vintage``.
    start, end : int
        First and last year; ``dynamic`` needs all between.
    method : {"dunn", "dynamic", "esteban_marquillas", "arcelus"}
    sectors : sequence of str
        Indicators that do not overlap; by default the three sectors of gross regional product.
    vintage : str or mapping, optional

    Returns
    -------
    ShiftShare
        ``region sector term`` and the fixed columns; the terms are the parts and ``change``, in
        the unit of the sectors; sector ``all`` is their sum. Fact ``rate``: the part over the
        level at the start, a fraction. A part is an identity and has no interval.

    Raises
    ------
    OptionError
        If an option cannot be meant.
    DataError
        If no province has all sectors at both ends.
    ModelError
        If a growth rate that the method needs starts from zero.

    References
    ----------
    Dunn (1960), Papers in Regional Science 6, 97-112. Barff and Knight (1988), Growth and Change
    19, 1-10. Esteban-Marquillas (1972), Regional and Urban Economics 2, 249-255. Arcelus (1984),
    Growth and Change 15, 3-8.

    Examples
    --------
    >>> rows = [
    ...     ("110000", 2010, "a", 100.0), ("110000", 2020, "a", 150.0),
    ...     ("110000", 2010, "b", 100.0), ("110000", 2020, "b", 110.0),
    ...     ("120000", 2010, "a", 100.0), ("120000", 2020, "a", 130.0),
    ...     ("120000", 2010, "b", 300.0), ("120000", 2020, "b", 330.0),
    ... ]
    >>> accounts = pd.DataFrame(rows, columns=["region", "year", "indicator", "value"])
    >>> accounts = accounts.assign(unit="CNY", vintage="unstated")
    >>> result = shift_share(accounts, start=2010, end=2020, sectors=["a", "b"])
    >>> result.tidy().query("region == '110000' and sector == 'a'")["estimate"].round(6).tolist()
    [20.0, 20.0, 10.0, 50.0]
    """
    check_choice("method", method, Method)
    check_window(start, end)
    years = range(start, end + 1) if method == "dynamic" else (start, end)
    cube = sector_cube(accounts, sectors=sectors, years=tuple(years), vintage=vintage)
    parts = shift_share_parts(cube.levels, method=method)
    terms = _terms(cube, parts)
    return ShiftShare(
        title=say(
            "Shift-share of {start}-{end} ({method})",
            start=start,
            end=end,
            method=method.replace("_", "-"),
        ),
        unit=cube.unit,
        terms=cube.name_rows(terms),
        facts={
            "method": method,
            "start": start,
            "end": end,
            "regions": len(cube.regions),
            "sectors": len(cube.sectors),
        },
        notes=(*cube.notes, "The reference is the sum of the provinces in the table. Nominal."),
    )


def shift_share_parts(levels: Floats, *, method: Method) -> dict[str, Floats]:
    """Return the parts of the change from the first to the last period.

    Parameters
    ----------
    levels : array of shape (regions, sectors, periods)
    method : str
        As in :func:`shift_share`.

    Returns
    -------
    dict of str to array of shape (regions, sectors)
        Adding up to ``levels[..., -1] - levels[..., 0]``.
    """
    if method == "dynamic":
        steps = [_dunn(levels[..., t], levels[..., t + 1]) for t in range(levels.shape[2] - 1)]
        return {name: np.sum([step[name] for step in steps], axis=0) for name in steps[0]}
    ways: dict[str, Callable[[Floats, Floats], dict[str, Floats]]] = {
        "dunn": _dunn,
        "esteban_marquillas": _esteban_marquillas,
        "arcelus": _arcelus,
    }
    return ways[method](levels[..., 0], levels[..., -1])


def _dunn(first: Floats, last: Floats) -> dict[str, Floats]:
    overall, by_sector = _reference_rates(first, last)
    return {
        "national": first * overall,
        "industry_mix": first * (by_sector - overall),
        "competitive": last - first - first * by_sector,
    }


def _esteban_marquillas(first: Floats, last: Floats) -> dict[str, Floats]:
    overall, by_sector = _reference_rates(first, last)
    advantage = _rates(first, last, "each sector of each region") - by_sector
    alike = _homothetic(first)
    return {
        "national": first * overall,
        "industry_mix": first * (by_sector - overall),
        "competitive": alike * advantage,
        "allocation": (first - alike) * advantage,
    }


def _arcelus(first: Floats, last: Floats) -> dict[str, Floats]:
    overall, by_sector = _reference_rates(first, last)
    own = _rates(first, last, "each sector of each region")
    by_region = _rates(first.sum(1), last.sum(1), "each region")[:, None]
    mix = np.broadcast_to(by_sector - overall, first.shape)
    rates = {
        "national": np.full_like(first, overall),
        "industry_mix": mix,
        "regional_growth": np.broadcast_to(by_region - overall, first.shape),
        "regional_industry_mix": own - by_region - mix,
    }
    alike = _homothetic(first)
    weights = {"expected": alike, "differential": first - alike}
    return {
        f"{name}_{kind}": weight * rate
        for name, rate in rates.items()
        for kind, weight in weights.items()
    }


def _homothetic(first: Floats) -> Floats:
    return np.asarray(np.outer(first.sum(axis=1), first.sum(axis=0)) / first.sum())


def _reference_rates(first: Floats, last: Floats) -> tuple[float, Floats]:
    overall = float(last.sum() / first.sum() - 1)
    return overall, _rates(first.sum(axis=0), last.sum(axis=0), "each sector of all regions")


def _rates(first: Floats, last: Floats, of: str) -> Floats:
    if (first == 0).any():
        raise ModelError(
            f"Shift-share needs the growth rate of {of}, and one starts from zero. Join small "
            "sectors, or move the start."
        )
    return np.asarray(last / first - 1)


def _terms(cube: Cube, parts: dict[str, Floats]) -> pd.DataFrame:
    first, change = cube.levels[..., 0], cube.levels[..., -1] - cube.levels[..., 0]
    named = {**parts, TOTAL: change}
    values = np.stack(list(named.values()), axis=-1)
    with_sum = np.concatenate([values, values.sum(axis=1, keepdims=True)], axis=1)
    start = np.concatenate([first, first.sum(axis=1, keepdims=True)], axis=1)
    index = pd.MultiIndex.from_product(
        [cube.regions, [*cube.sectors, ALL], list(named)], names=["region", "sector", "term"]
    )
    table = pd.DataFrame({"estimate": with_sum.ravel()}, index=index).reset_index()
    for column in TIDY_COLUMNS[2:]:
        table[column] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        table["rate"] = (with_sum / start[..., None]).ravel()
    return table
