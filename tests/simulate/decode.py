"""Reads what exports write, independently of how they write it."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal

UNITS = {"元": 1, "万元": 10**4, "亿元": 10**8, " million": 10**6, "": 1}
NUMERALS = {character: value for value, character in enumerate("零一二三四五六七八九")}
PLACES = {"十": 10, "百": 100, "千": 1000}


def amount(text):
    """Return yuan, or None where there is no amount."""
    plain = unicodedata.normalize("NFKC", text)
    if plain.startswith("("):
        inside = amount(plain.removeprefix("(").removesuffix(")"))
        return None if inside is None else -inside
    if plain.startswith("-"):
        inside = amount(plain[1:])
        return None if inside is None else -inside
    plain = plain.removeprefix("RMB ").removeprefix("¥")
    if found := re.fullmatch(r"(\d[\d,]*(?:\.\d+)?(?:e\d+)?)(元|万元|亿元| million|)", plain):
        return int(Decimal(found[1].replace(",", "")) * UNITS[found[2]])
    if re.fullmatch("[零一二三四五六七八九十百千万亿]+元", plain):
        return numeral(plain.removesuffix("元"))
    return None


def numeral(text):
    """Return the number that Chinese numerals write."""
    total = part = digit = 0
    for character in text:
        if character in NUMERALS:
            digit = NUMERALS[character]
        elif character in PLACES:
            part, digit = part + (digit or 1) * PLACES[character], 0
        elif character == "万":
            total, part, digit = total + (part + digit) * 10**4, 0, 0
        else:
            total, part, digit = (total + part + digit) * 10**8, 0, 0
    return total + part + digit


def day(text):
    """Return the day of a year-first date, or the first day of a quarter."""
    if found := re.fullmatch(r"(\d{4})年([一二三四])季度", text):
        return dt.date(int(found[1]), 3 * NUMERALS[found[2]] - 2, 1)
    if found := re.fullmatch(r"(\d{4})Q(\d)", text):
        return dt.date(int(found[1]), 3 * int(found[2]) - 2, 1)
    found = re.fullmatch(r"(\d{4})[-/年]?(\d{1,2})[-/月]?(\d{1,2})日?", text)
    return dt.date(*map(int, found.groups()))
