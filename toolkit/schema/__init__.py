"""What a clean table looks like: columns, units, keys, and the names of indicators.

Units in clean tables are CNY, persons, counts and fractions; a name that is not one of these
(an index, a duration) says its unit itself.
"""

from toolkit.schema.columns import Column, Schema, as_codes, require_columns
from toolkit.schema.indicators import INDICATORS, Indicator, find_indicator
from toolkit.schema.tables import (
    ACCOUNTS,
    COHORTS,
    FIGURES,
    LEDGER,
    LENDERS,
    MILESTONES,
    NATION,
)

__all__ = [
    "ACCOUNTS",
    "COHORTS",
    "FIGURES",
    "INDICATORS",
    "LEDGER",
    "LENDERS",
    "MILESTONES",
    "NATION",
    "Column",
    "Indicator",
    "Schema",
    "as_codes",
    "find_indicator",
    "require_columns",
]
