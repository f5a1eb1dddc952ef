"""What every result can do: tidy, glance, plot, sentence, export.

A :class:`Result` is frozen. Asking it a question never changes it, and every table that it
hands out is a copy. Each model has a subclass of its own that says how its numbers are drawn
and put into a sentence; the table, the exports and the display in a notebook are shared here.
"""

from toolkit.results.labels import group_labels
from toolkit.results.numbers import check_conf_level, format_number, format_percent
from toolkit.results.paper import PaperTable
from toolkit.results.prose import KEY_FIGURES, Prose
from toolkit.results.regressions import regression_table
from toolkit.results.result import TIDY_COLUMNS, Result
from toolkit.results.summaries import summary_table
from toolkit.results.tables import Table, html_table, said_table

__all__ = [
    "KEY_FIGURES",
    "TIDY_COLUMNS",
    "PaperTable",
    "Prose",
    "Result",
    "Table",
    "check_conf_level",
    "format_number",
    "format_percent",
    "group_labels",
    "html_table",
    "regression_table",
    "said_table",
    "summary_table",
]
