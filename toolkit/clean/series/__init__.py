"""Monthly and quarterly series: from files as published to one long table of spans of days."""

from toolkit.clean.series.reading import SERIES, clean_series

__all__ = ["SERIES", "clean_series"]
