"""The words of series: what kind of figure an indicator names, and what its unit is worth."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from toolkit.clean.amounts import read_unit
from toolkit.clean.units import UNITS
from toolkit.schema import INDICATORS

__all__ = ["Measure", "SeriesUnit", "measure_of", "number_in", "unit_of"]

_KNOWN = {
    heading.casefold(): indicator.name
    for indicator in INDICATORS.values()
    if not indicator.sources
    for heading in (*indicator.headings, indicator.name)
}
_BETWEEN = r"[\s_:：·,，\-]*"
_TO_DATE = r"累计值|累计额|累计|ytd|year[ -]to[ -]date|accumulated|cumulative"
_SINGLE = r"当期值|当月值|当季值|当年值|本期值|本月值|current period"
_AT_END = r"期末值|period[ -]end"
_MEASURE = re.compile(
    rf"^(?P<base>.+?){_BETWEEN}(?:(?P<to_date>{_TO_DATE})|(?P<at_end>{_AT_END})|{_SINGLE})$",
    re.IGNORECASE,
)
_GROWTH = re.compile(r"增长|增速|同比|环比|growth|yoy|mom|change", re.IGNORECASE)
_GROWTH_TO_DATE = re.compile(r"累计|ytd|year[ -]to[ -]date|accumulated|cumulative", re.IGNORECASE)
_INDEX = re.compile(r".*=\s*100$")
_COUNTED = re.compile(r"^(?P<what>persons?|units?)(?:\s+(?P<scale>th|mn|bn))?$", re.IGNORECASE)
_SCALES = {"": 0, "th": 3, "mn": 6, "bn": 9}


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What an indicator names, and what kind of figure it gives.

    Parameters
    ----------
    name : str
        The series, without the words that say the kind.
    to_date : bool
        Of the year up to the end of the period.
    at_end : bool
        Of the last day of the period: a stock.
    rate : bool
        A rate of growth.
    """

    name: str
    to_date: bool = False
    at_end: bool = False
    rate: bool = False


@dataclass(frozen=True, kw_only=True)
class SeriesUnit:
    """What one number is worth: so many of a base unit, or of a unit as published."""

    base: str
    factor: Decimal
    known: bool = True


def measure_of(text: str) -> Measure:
    """Read the name of an indicator and the words that say what kind of figure it is.

    Examples
    --------
    >>> measure_of("社会消费品零售总额_累计值")
    Measure(name='社会消费品零售总额', to_date=True, at_end=False, rate=False)
    >>> measure_of("社会消费品零售总额累计增长").rate
    True
    """
    if _GROWTH.search(text):
        return Measure(name=text, to_date=bool(_GROWTH_TO_DATE.search(text)), rate=True)
    found = _MEASURE.match(text.strip())
    base = found["base"] if found else text.strip()
    name = _KNOWN.get(base.casefold(), base)
    if found is None:
        return Measure(name=name)
    return Measure(name=name, to_date=bool(found["to_date"]), at_end=bool(found["at_end"]))


def unit_of(word: str) -> SeriesUnit:
    """Read a unit; one that is not known stays as published.

    Examples
    --------
    >>> unit_of("RMB mn").base, unit_of("RMB mn").factor, unit_of("万千瓦时").known
    ('CNY', Decimal('1000000'), False)
    """
    if word in UNITS:
        return SeriesUnit(base=UNITS[word].unit, factor=UNITS[word].factor)
    if _INDEX.match(word):
        return SeriesUnit(base="fraction", factor=Decimal("0.01"))
    counted = _COUNTED.match(word)
    if counted:
        base = "persons" if counted["what"].casefold().startswith("person") else "count"
        return SeriesUnit(
            base=base, factor=Decimal(10) ** _SCALES[(counted["scale"] or "").casefold()]
        )
    money = read_unit(word)
    if money is not None and money.currency is not None:
        return SeriesUnit(base=money.currency, factor=Decimal(10) ** money.power)
    return SeriesUnit(base=word, factor=Decimal(1), known=False)


def number_in(text: str, unit: SeriesUnit) -> float | None:
    """Return a number in its base unit, rounded once; None where the text is none.

    A percent sign stands where the unit is a percentage too, and nowhere else.

    Examples
    --------
    >>> number_in("1,600.5", unit_of("亿元")), number_in("5%", unit_of("亿元"))
    (160050000000.0, None)
    """
    plain = text.replace(",", "").replace(" ", "")
    if unit.base == "fraction":
        plain = plain.removesuffix("%")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return float(number * unit.factor) if number.is_finite() else None
