"""The unit that the heading of a money column states: ``小贷金额（万元）``, ``loans_usd``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.errors import OptionError
from toolkit.language import say
from toolkit.schema import INDICATORS

__all__ = ["HeadingUnit", "bare_heading", "common_unit", "heading_label", "stated_unit"]

_CURRENCIES = {
    "CNY": "人民币元|人民币|元|yuan|cny|rmb|¥",
    "USD": r"美元|us dollars?|dollars?|usd|us\$|\$",
    "HKD": r"港元|港币|hkd|hk\$",
    "EUR": "欧元|euros?|eur|€",
    "JPY": "日元|yen|jpy",
    "GBP": "英镑|gbp|£",
}
_POWERS = {
    2: "hundred|百",
    3: "thousand|'000|000|千|k|1,?000",
    4: "ten thousand|10 ?thousand|万|wan|10k|10,?000",
    5: "十万",
    6: "million|mn|百万|mln",
    7: "ten million|10 million|千万",
    8: "hundred million|100 ?million|亿|yi",
    9: "billion|bn|十亿",
    10: "百亿",
    11: "千亿",
    12: "trillion|万亿|兆",
}
_MONEY = "|".join(f"(?P<{code}>{words})" for code, words in _CURRENCIES.items())
_SCALE = "|".join(
    f"(?P<e{power}>{words})" for power, words in sorted(_POWERS.items(), reverse=True)
)
_UNIT = re.compile(rf"(?:{_SCALE})?\s*(?:of\s+)?(?:{_MONEY})?")
_TURNED = re.compile(rf"(?:{_MONEY})\s*(?:{_SCALE})")
_LABEL = re.compile(
    r"(?:货币)?单位\s*:?|\bunits?\b\s*:?|^\s*in\b|^\s*以|计$|人民币(?=[十百千万亿]+元)"
)
_BRACKETS = re.compile(r"\s*[(\[【]([^()\[\]【】]*)[)\]】]")
_CLOSING = re.compile(r"[十百千]?[万亿]+(?:人民币|美元|港元|欧元|日元|英镑)?元?$")


@dataclass(frozen=True, kw_only=True)
class HeadingUnit:
    """What one number under a heading is worth: a power of ten, of a currency.

    ``currency`` is None where the words name none (``amount_wan``), ``words`` is as written.
    """

    power: int
    currency: str | None
    words: str

    @property
    def worth(self) -> str:
        """The unit in figures: ``10,000 yuan`` in 万元."""
        return f"{10**self.power:,} {_name(self.currency)}"

    def differs(self, other: HeadingUnit) -> bool:
        """Tell whether one number is worth something else here and there."""
        return self.power != other.power or self._money != other._money

    @property
    def _money(self) -> str:
        return self.currency or "CNY"


def stated_unit(heading: str) -> HeadingUnit | None:
    """Read the unit of money in a heading, None where it states none.

    Looked for in brackets, after the last comma, slash, "in" or underscore, and in a closing 万元
    or 亿元. A column of regional accounts is in its indicator's own unit.

    Examples
    --------
    >>> stated_unit("小贷金额（万元）").worth, stated_unit("Loans, US$ million").worth
    ('10,000 yuan', '1,000,000 USD')
    >>> stated_unit("bank") is None, stated_unit("firms (m2)") is None
    (True, True)
    """
    if heading in INDICATORS:
        own = INDICATORS[heading].unit
        return HeadingUnit(power=0, currency="CNY", words="yuan") if own == "CNY" else None
    plain = unicodedata.normalize("NFKC", heading).casefold()
    return next((unit for words in _candidates(plain) if (unit := _read(words))), None)


def bare_heading(heading: str) -> str:
    """Return a heading without the unit that it states in brackets.

    Examples
    --------
    >>> bare_heading("银行贷款（万元）"), bare_heading("bank (new)")
    ('银行贷款', 'bank (new)')
    """
    plain = unicodedata.normalize("NFKC", heading)
    kept = _BRACKETS.sub(lambda found: "" if _read(found[1].casefold()) else found[0], plain)
    return heading if kept == plain else kept.strip()


def heading_label(column: str) -> str:
    """Return the words for a money column: its indicator's, or its heading without the unit."""
    return INDICATORS[column].label if column in INDICATORS else bare_heading(column)


def common_unit(lead: str, follow: str, *, asked: str) -> tuple[str, list[str]]:
    """Return the word for the currency of two columns, and what must be said of their unit.

    Parameters
    ----------
    lead, follow : str
        Headings; a ratio of the two has a meaning where their numbers are worth the same.
    asked : str
        The function that divides, for the message.

    Raises
    ------
    OptionError
        If the two headings state different units.

    Examples
    --------
    >>> common_unit("micro", "bank", asked="magnetism_ratio()")
    ('yuan', [])
    """
    units = {heading: stated_unit(heading) for heading in (lead, follow)}
    stated = {heading: unit for heading, unit in units.items() if unit is not None}
    if not stated:
        return "yuan", []
    first, *others = stated.values()
    if others and first.differs(others[0]):
        raise OptionError(_difference(stated, asked))
    notes = []
    silent = [heading for heading, unit in units.items() if unit is None]
    if silent and (first.power or first.currency not in (None, "CNY")):
        notes.append(
            say(
                "The heading of {silent!r} states no unit; its numbers are taken to be in {unit}, "
                "as those of {stated!r}.",
                silent=silent[0],
                unit=first.words,
                stated=next(iter(stated)),
            )
        )
    elif first.power:
        notes.append(
            say("Sums of money are in {unit}, as the headings say.", unit=first.words),
        )
    return {"CNY": "yuan", "USD": "dollar"}.get(code := first.currency or "CNY", code), notes


def _difference(stated: dict[str, HeadingUnit], asked: str) -> str:
    (lead, one), (follow, other) = stated.items()
    said = (
        f"{asked} divides money by money of the same unit; {lead!r} is in {one.words} "
        f"({one.worth}) and {follow!r} in {other.words} ({other.worth})."
    )
    if (one.currency or "CNY") != (other.currency or "CNY"):
        return f"{said} Turn one into the currency of the other first: parse_amounts(rates=...)."
    large, small, unit = (lead, one, other) if one.power > other.power else (follow, other, one)
    factor = 10 ** (small.power - unit.power)
    return (
        f"{said} Put both into {unit.words} first: multiply {large!r} by {factor:,} and name the "
        f"column for its new unit."
    )


def _candidates(heading: str) -> Iterator[str]:
    for inside in reversed(_BRACKETS.findall(heading)):
        yield inside
        yield from re.split(r"[,;/、]", inside)
    yield from reversed(re.split(r"[,;/、|]|\s-\s|单位|\bin\s", heading)[1:])
    parts = heading.split("_")
    # One letter after an underscore (flag_m, amount_k) is too little to go by.
    yield from (" ".join(parts[at:]) for at in range(1, len(parts)) if len(parts[-1]) > 1)
    if closing := _CLOSING.search(heading):
        yield closing[0]


def _read(words: str) -> HeadingUnit | None:
    said = _LABEL.sub(" ", words).strip(" :")
    found = (_UNIT.fullmatch(said) or _TURNED.fullmatch(said)) if said else None
    if found is None:
        return None
    named = {name for name, text in found.groupdict().items() if text}
    power = next((int(name[1:]) for name in named if name not in _CURRENCIES), 0)
    currency = next((name for name in named if name in _CURRENCIES), None)
    if currency is None and re.fullmatch("[0-9,]+", said):
        return None
    return HeadingUnit(power=power, currency=currency, words=said)


def _name(currency: str | None) -> str:
    return "yuan" if currency in (None, "CNY") else str(currency)
