"""Money as people write it: 1,600万元, ¥16 million, over 210 billion yuan."""

from toolkit.clean.amounts.headings import MoneyUnit, heading_unit, read_unit
from toolkit.clean.amounts.parse import parse_amounts, read_amounts
from toolkit.clean.amounts.quantities import Reading, read_quantity
from toolkit.clean.amounts.reading import Amount, read_amount

__all__ = [
    "Amount",
    "MoneyUnit",
    "Reading",
    "heading_unit",
    "parse_amounts",
    "read_amount",
    "read_amounts",
    "read_quantity",
    "read_unit",
]
