"""Dates, months, quarters and years in text to spans of days: 2024年三季度, 2025Q3, 1-9月."""

from __future__ import annotations

from toolkit.clean.periods.accumulation import deaccumulate
from toolkit.clean.periods.parse import parse_periods, read_periods
from toolkit.clean.periods.reading import PeriodReading

__all__ = ["PeriodReading", "deaccumulate", "parse_periods", "read_periods"]
