"""From judged rows to a clean table, the rejected rows, and the account of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.clean.audit import Audit, Cleaned
from toolkit.clean.rows.engines import ROW
from toolkit.clean.rows.examples import SOURCE_RULES, examples, source_counts, tally
from toolkit.clean.rows.findings import FOUND, Rulebook
from toolkit.clean.rows.intake import Intake
from toolkit.clean.rows.readers import Advice

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["conclude", "with_later"]


def with_later(
    judged: nw.LazyFrame[Any], intake: Intake, later: Sequence[nw.LazyFrame[Any]]
) -> nw.LazyFrame[Any]:
    """Add findings that came after the rows were judged, given by row."""
    import narwhals as nw

    more = (
        nw.concat(list(later)).group_by(ROW).agg(nw.col(FOUND).sum().cast(nw.Int64).alias("_more"))
    )
    kept = intake.engine.keep(more)
    total = nw.col(FOUND) + nw.col("_more").fill_null(0)
    return judged.join(kept, on=ROW, how="left").with_columns(total.alias(FOUND)).drop("_more")


def conclude(
    marked: nw.LazyFrame[Any],
    intake: Intake,
    rulebook: Rulebook,
    *,
    title: str,
    columns: Sequence[str],
    key: Sequence[str],
    advice: Advice,
) -> Cleaned:
    """Split judged rows by their findings and account for each.

    Parameters
    ----------
    marked : LazyFrame
        ``_row``, ``_found``, the clean columns and the extras.
    intake : Intake
        Where the rows came from.
    rulebook : Rulebook
        What the findings mean.
    title : str
        What was cleaned.
    columns : sequence of str
        Columns of the clean table.
    key : sequence of str
        Columns that make a row unique, which are quoted of a row that repeats them.
    advice : callable
        Says for a rule and its texts what was probably meant.
    """
    import narwhals as nw

    count = tally(marked, rulebook)
    found = count.cells[FOUND]
    copies, wrong = rulebook.from_("duplicate"), rulebook.from_("rejected")
    audit = Audit(
        title=title,
        rows_in=intake.rows,
        passed=count.rows(0, copies),
        duplicates=count.rows(copies, wrong),
        rejected=count.rows(wrong),
        events=examples(marked, intake, count, key=key, advice=advice),
        meanings={rule.name: rule.meaning for rule in rulebook.rules} | SOURCE_RULES,
        counts=pd.concat([count.counts(), source_counts(intake)], ignore_index=True),
    )
    flags = _spelled(found, lambda number: rulebook.words(number, "flagged"))
    passed = marked.filter(nw.col(FOUND) < copies).with_columns(flags.alias("flags"))
    place = [expression.alias(name) for name, expression in intake.place.items()]
    placed = [nw.col(name) for name in (*columns, *intake.extras.values(), "flags")]
    table = passed.select(*placed, *place, ROW)
    reasons = _spelled(found[found >= wrong], lambda number: rulebook.words(number, "rejected"))
    unfit = marked.filter(nw.col(FOUND) >= wrong).select(ROW, reasons.alias("reasons"))
    rejected = _rejected(intake, unfit)
    return Cleaned(
        table=_back(table, intake, [*columns], "extras"),
        rejected=_back(rejected, intake, [], "all"),
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


def _rejected(intake: Intake, unfit: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    import narwhals as nw

    kept = intake.engine.keep(unfit)
    whole = intake.as_stood(kept)
    file = {} if "file" not in intake.place or "file" in intake.names else {
        "file": nw.lit(intake.file), "sheet": nw.lit("")
    }  # fmt: skip
    first = [expression.alias(name) for name, expression in file.items()]
    row = [] if "row" in intake.names else [nw.col(ROW).alias("row")]
    names = [
        name for name in intake.names if name not in ("reasons", *file, *(["row"] if row else []))
    ]
    return whole.sort(ROW).select(*first, *row, *names, "reasons", ROW)


def _back(table: nw.LazyFrame[Any], intake: Intake, columns: list[str], carried: str) -> Any:
    """Return a table in the caller's own kind."""
    if intake.kind in ("duckdb", "spark"):
        return _plain(table.drop(ROW)).to_native()
    table = table.sort(ROW)
    if intake.original is not None:
        return _as_pandas(table, intake.original, intake, columns, carried)
    if intake.kind == "polars_lazy":
        return table.drop(ROW).to_native()
    frame = table.drop(ROW).collect("polars")
    return frame.to_arrow() if intake.kind == "arrow" else frame.to_native()


def _plain(table: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return words that were kept as an ENUM as text."""
    import narwhals as nw

    kept = [name for name, kind in table.collect_schema().items() if kind == nw.Enum]
    return table.with_columns(nw.col(*kept).cast(nw.String)) if kept else table


def _as_pandas(
    table: nw.LazyFrame[Any],
    original: pd.DataFrame,
    intake: Intake,
    columns: list[str],
    carried: str,
) -> pd.DataFrame:
    """Return a pandas frame in which the caller's own columns have their own kinds."""
    frame: pd.DataFrame = table.collect("polars").to_pandas()
    stood = original.iloc[frame.pop(ROW).to_numpy() - 1]
    for name, heading in zip(map(str, stood.columns), stood.columns, strict=True):
        target = intake.extras.get(name) if carried == "extras" else name
        if target in frame and target not in columns:
            frame[target] = stood[heading].array
    days = [name for name in frame if frame[name].dtype.kind == "M" or name in _DAYS]
    return frame.astype(dict.fromkeys((name for name in days if name in columns), "datetime64[us]"))


_DAYS = ("date", "start", "production", "exit", "observed_until")
