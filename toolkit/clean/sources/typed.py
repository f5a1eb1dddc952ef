"""Files that bring their own columns: Stata, Parquet, JSON; as text, with their labels."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.clean.amounts import heading_unit
from toolkit.clean.sources.excel import cell_text
from toolkit.clean.sources.files import require_file
from toolkit.clean.sources.grids import Grid, Line, shown
from toolkit.clean.sources.tables import RecordTable, record_table
from toolkit.clean.sources.text import read_unmixed
from toolkit.errors import DataError

__all__ = ["json_records", "parquet_records", "stata_records"]

_FIRST_IN_UNICODE = 118
_Headings = list[tuple[str, str, str, str, str]]


def stata_records(path: Path) -> RecordTable:
    """Read a Stata file (.dta): labels of variables and of values, dates as ISO dates.

    A coded value comes as its label where it has one and no other has the same. Files of Stata 13
    and before do not say their encoding; their texts are read as UTF-8, strictly, then as GB18030.

    Raises
    ------
    DataError
        If the file is missing, damaged, or no Stata file.
    """
    require_file(path)
    try:
        with pd.read_stata(path, iterator=True) as reader:
            labels = reader.variable_labels()
        table = _stata_table(path)
    except (ValueError, OSError, KeyError, struct.error, UnicodeError) as error:
        raise _damaged(path, "a Stata file", error) from error
    before_unicode = _stata_release(path) < _FIRST_IN_UNICODE

    def text(value: object) -> str:
        found = cell_text(value)
        return _reread(found, path) if before_unicode else found

    columns = [[text(value) for value in table[name].tolist()] for name in table.columns]
    headings: _Headings = [
        (name, name, label, heading_unit(label) or "", "")
        for name in table.columns
        for label in [text(labels.get(name, ""))]
    ]
    grid = Grid(file=path.name)
    lines = _lines(zip(*columns, strict=True))
    return record_table(grid, lines, headings, layout="stata", aside=[])


def _stata_table(path: Path) -> pd.DataFrame:
    try:
        return pd.read_stata(path)
    except ValueError as error:
        if "not unique" not in str(error):
            raise
        # Two codes of one label cannot be told apart by it; the codes can.
        return pd.read_stata(path, convert_categoricals=False)


def _stata_release(path: Path) -> int:
    """Return the release of the format: a number in a tag since 117, the first byte before."""
    with path.open("rb") as stream:
        head = stream.read(64)
    tagged = re.search(rb"<release>(\d+)</release>", head)
    return int(tagged[1]) if tagged else head[0]


def parquet_records(path: Path) -> RecordTable:
    """Read a Parquet file as text; what its columns hold is decided where the text is read.

    Raises
    ------
    DataError
        If the file is missing, damaged, or no Parquet file.
    """
    import pyarrow as pa
    from pyarrow import parquet

    require_file(path)
    try:
        table = parquet.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, "a Parquet file", error) from error
    columns = [[cell_text(value) for value in column.to_pylist()] for column in table.columns]
    lines = _lines(zip(*columns, strict=True))
    return record_table(
        Grid(file=path.name), lines, _plain(table.column_names), layout="parquet", aside=[]
    )


def json_records(path: Path) -> RecordTable:
    """Read JSON lines, or a list of objects, as text: numbers as they are written.

    The columns are all keys in the order of their first appearance; a value that is itself a list
    or an object comes as its JSON.

    Raises
    ------
    DataError
        If a line is no JSON object, was cut short, or says a key twice.
    """
    require_file(path)
    objects = _json_objects(path, read_unmixed(path))
    names = list(dict.fromkeys(name for _, entry in objects for name in entry))
    lines: list[Line] = [
        (number, [_json_text(entry.get(name)) for name in names]) for number, entry in objects
    ]
    return record_table(Grid(file=path.name), lines, _plain(names), layout="json", aside=[])


def _json_objects(path: Path, text: str) -> list[tuple[int, dict[str, Any]]]:
    if text.lstrip().startswith("["):
        try:
            entries = list(enumerate(json.loads(text, **_AS_WRITTEN), start=1))
        except ValueError as error:
            raise DataError(
                f"{path.name}: not a JSON list of objects ({error}). If it ends early it was cut "
                "short: fetch it again from its source."
            ) from error
    else:
        entries = []
        # A record may hold what else Python takes for the end of a line, such as U+2028.
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.strip():
                continue
            try:
                entries.append((number, json.loads(line, **_AS_WRITTEN)))
            except ValueError as error:
                raise DataError(
                    f"{path.name}, line {number}: {shown(line)} is not a JSON object ({error}). "
                    "Correct the line at its source; if it is the last, the file was cut short."
                ) from error
    for number, entry in entries:
        if not isinstance(entry, dict):
            raise DataError(
                f"{path.name}, line {number}: {shown(json.dumps(entry, ensure_ascii=False))} is "
                'no object of names and values. Write each record as {"name": value, …}.'
            )
    if not entries:
        raise DataError(f"{path.name}: there is no record in it. Fetch it again from its source.")
    return entries


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the key {name!r} stands there twice")
        found[name] = value
    return found


_AS_WRITTEN: dict[str, Any] = {
    "parse_float": str,
    "parse_int": str,
    "object_pairs_hook": _distinct,
}


def _json_text(value: Any) -> str:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return cell_text(value)


def _plain(names: Iterable[str]) -> _Headings:
    return [(name, name, "", heading_unit(name) or "", "") for name in names]


def _lines(records: Iterable[Iterable[str]]) -> list[Line]:
    return [(number, list(cells)) for number, cells in enumerate(records, start=1)]


def _reread(text: str, path: Path) -> str:
    """Return a text of an old Stata file in the encoding that its bytes are in."""
    if text.isascii():
        return text
    stored = text.encode("latin-1")
    for encoding in ("utf-8", "gb18030"):
        try:
            return stored.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError(
        f"{path.name}: {shown(text)} is neither UTF-8 nor GB18030. Save the file in Stata 14 or "
        "later, after `unicode translate`."
    )


def _damaged(path: Path, kind: str, error: Exception) -> DataError:
    reason = " ".join(str(error).split()) or type(error).__name__
    return DataError(
        f"{path.name}: not readable as {kind} ({reason}). It is damaged, cut short or of another "
        "kind: fetch it again from its source."
    )
