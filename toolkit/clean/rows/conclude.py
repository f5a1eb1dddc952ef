"""From judged rows to a clean table, the rejected rows, and the account of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.clean.audit import Audit, Cleaned
from toolkit.clean.rows.engines import ROW, Engine
from toolkit.clean.rows.examples import examples, tally
from toolkit.clean.rows.findings import FOUND, Rulebook
from toolkit.clean.rows.gathered import Gathered, together
from toolkit.clean.rows.headed import SOURCE_RULES, source_counts, source_events
from toolkit.clean.rows.intake import PLACE, Intake, free_name
from toolkit.clean.rows.readers import Advice
from toolkit.tables import column_names

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["conclude", "with_later"]


def with_later(
    judged: nw.LazyFrame[Any], engine: Engine, later: Sequence[nw.LazyFrame[Any]]
) -> nw.LazyFrame[Any]:
    """Add findings that came after the rows were judged, given by row."""
    import narwhals as nw

    more = (
        nw.concat(list(later)).group_by(ROW).agg(nw.col(FOUND).sum().cast(nw.Int64).alias("_more"))
    )
    kept = engine.keep(more)
    total = nw.col(FOUND) + nw.col("_more").fill_null(0)
    return judged.join(kept, on=ROW, how="left").with_columns(total.alias(FOUND)).drop("_more")


def conclude(
    marked: nw.LazyFrame[Any],
    gathered: Gathered,
    rulebook: Rulebook,
    *,
    columns: Sequence[str],
    key: Sequence[str],
    advice: Sequence[Advice],
) -> Cleaned:
    """Split judged rows by their findings and account for each.

    Parameters
    ----------
    marked : LazyFrame
        ``_row``, ``_found``, the clean columns and the extras.
    gathered : Gathered
        Where the rows came from.
    rulebook : Rulebook
        What the findings mean.
    columns : sequence of str
        Columns of the clean table.
    key : sequence of str
        Columns that make a row unique, which are quoted of a row that repeats them.
    advice : sequence of callable
        Says for a rule and its texts what was probably meant, for each part.
    """
    import narwhals as nw

    count = tally(marked, rulebook)
    found = count.cells[FOUND]
    copies, wrong = rulebook.from_("duplicate"), rulebook.from_("rejected")
    source = source_events(gathered)
    of_rows = examples(marked, gathered, count, key=key, advice=advice)
    audit = Audit(
        title=gathered.title,
        rows_in=gathered.rows,
        passed=count.rows(0, copies),
        duplicates=count.rows(copies, wrong),
        rejected=count.rows(wrong),
        events=pd.concat([source, of_rows], ignore_index=True),
        meanings={rule.name: rule.meaning for rule in rulebook.rules} | SOURCE_RULES,
        counts=pd.concat([count.counts(), source_counts(source)], ignore_index=True),
    )
    flags = _spelled(found, lambda number: rulebook.words(number, "flagged"))
    passed = marked.filter(nw.col(FOUND) < copies).with_columns(flags.alias("flags"))
    place = [expression.alias(name) for name, expression in gathered.place.items()]
    placed = [nw.col(name) for name in (*columns, *gathered.extras, "flags")]
    table = passed.select(*placed, *place, ROW)
    reasons = _spelled(found[found >= wrong], lambda number: rulebook.words(number, "rejected"))
    unfit = marked.filter(nw.col(FOUND) >= wrong).select(ROW, reasons.alias("reasons"))
    kept = gathered.engine.keep(unfit)
    stood = together([_as_stood(part, rows) for part, rows in gathered.divided(kept)])
    last = ("reasons", ROW)
    rejected = stood.select(*(name for name in column_names(stood) if name not in last), *last)
    first = gathered.parts[0]
    return Cleaned(
        table=_back(table, first, own=first.extras, days=columns),
        rejected=_back(rejected.sort(ROW), first, own=_names(first), days=()),
        audit=audit,
    )


def _spelled(found: pd.Series[Any], words: Callable[[int], str]) -> nw.Expr:
    """Return the words of findings as an expression of the column of findings."""
    import narwhals as nw

    by_words: dict[str, list[int]] = {}
    for number in found.tolist():
        by_words.setdefault(words(number), []).append(number)
    by_words.pop("", None)
    spelled: nw.Expr = nw.lit("")
    for text, numbers in by_words.items():
        spelled = nw.when(nw.col(FOUND).is_in(numbers)).then(nw.lit(text)).otherwise(spelled)
    return spelled


def _names(part: Intake) -> dict[str, str]:
    """Return what each column of a source is called among its rejected rows."""
    taken = {"reasons", *PLACE}
    return {name: name if name in part.stood else free_name(name, taken) for name in part.names}


def _as_stood(part: Intake, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return rows of a source as they stood, with where that was."""
    import narwhals as nw

    place = {"row": nw.col(ROW)} | {
        name: expression for name, expression in part.place.items() if name not in part.stood
    }
    first = [place[name].alias(name) for name in PLACE if name in place and name not in part.stood]
    names = [nw.col(name).alias(alias) for name, alias in _names(part).items()]
    return part.as_stood(rows).select(*first, *names, "reasons", ROW)


def _back(
    table: nw.LazyFrame[Any], part: Intake, *, own: Mapping[str, str], days: Sequence[str]
) -> Any:
    """Return a table in the caller's own kind."""
    if part.kind in ("duckdb", "spark"):
        return _plain(table.drop(ROW)).to_native()
    table = table.sort(ROW)
    if part.original is not None:
        return _as_pandas(table, part.original, own, days)
    if part.kind == "polars_lazy":
        return table.drop(ROW).to_native()
    frame = table.drop(ROW).collect("polars")
    return frame.to_arrow() if part.kind == "arrow" else frame.to_native()


def _plain(table: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return words that were kept as an ENUM as text."""
    import narwhals as nw

    kept = [name for name, kind in table.collect_schema().items() if kind == nw.Enum]
    return table.with_columns(nw.col(*kept).cast(nw.String)) if kept else table


def _as_pandas(
    table: nw.LazyFrame[Any], original: pd.DataFrame, own: Mapping[str, str], days: Sequence[str]
) -> pd.DataFrame:
    """Return a pandas frame in which the caller's own columns have their own kinds.

    `own` says what each of them is called here; `days` are clean columns, some of them of days.
    """
    frame: pd.DataFrame = table.collect("polars").to_pandas()
    stood = original.iloc[frame.pop(ROW).to_numpy() - 1]
    for heading in stood.columns:
        if str(heading) in own:
            frame[own[str(heading)]] = stood[heading].array
    dated = [name for name in days if frame[name].dtype.kind == "M" or name in _DAYS]
    return frame.astype(dict.fromkeys(dated, "datetime64[us]"))


_DAYS = ("date", "start", "production", "exit", "observed_until")
