"""The layouts that data comes in, read as text: statistical tables and tables of records.

Nothing is interpreted here but the layout: which lines are titles, headings and notes, which cell
belongs to which region, period, indicator and unit, or to which record and column. Every cell keeps
the file, the sheet and the row where it stood.
"""

from toolkit.clean.sources.files import files_in
from toolkit.clean.sources.records import Records, read_records
from toolkit.clean.sources.roles import find_roles, role_frame
from toolkit.clean.sources.statistics import CELLS, Source, read_source, read_sources
from toolkit.clean.sources.tables import RecordTable

__all__ = [
    "CELLS",
    "RecordTable",
    "Records",
    "Source",
    "files_in",
    "find_roles",
    "read_records",
    "read_source",
    "read_sources",
    "role_frame",
]
