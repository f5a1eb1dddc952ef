"""Messy loans by the million: one CSV, written in pieces, the same bytes every time.

The content of a row is a pure function of its number and the seed, so that a duplicate can repeat
a row of any earlier piece without keeping it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from toolkit.errors import OptionError
from toolkit.simulate.draws import check_share, generator
from toolkit.simulate.rows import LAST_DAY, REASONS, RowMaker

__all__ = ["BULK_COLUMNS", "MessyLoans", "messy_loans"]

BULK_COLUMNS = ("firm_id", "funder_id", "tier", "region", "sector", "date", "amount")

Whole = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class MessyLoans:
    """What a file of :func:`messy_loans` holds, counted while it was written.

    Parameters
    ----------
    path : Path
        The file.
    rows : int
        All rows without the heading: ``clean + duplicates + bad``.
    clean, duplicates, bad : int
        Rows that are right and written first, exact repetitions of such, and bad rows.
    reasons : dict
        Bad rows by reason.
    amount_cny : int
        Sum over clean rows, in yuan.
    observed_until : str
        Last day on record.
    """

    path: Path
    rows: int
    clean: int
    duplicates: int
    bad: int
    reasons: dict[str, int]
    amount_cny: int
    observed_until: str = str(LAST_DAY)


def messy_loans(
    rows: int,
    *,
    random_state: int,
    path: str | Path,
    distinct: int | None = 200_000,
    duplicates: float = 0.02,
    bad: float = 0.01,
    chunk: int = 1_000_000,
    progress: Callable[[str, int, int], None] | None = None,
) -> MessyLoans:
    """Write simulated loans as messy text, fast and with flat memory.

    Columns ``firm_id funder_id tier region sector date amount``, UTF-8 with one heading row;
    regions, dates and amounts in mixed notations of both languages. Duplicates are exact and may
    repeat a row from far above. Firm, funder and date make any other row unique.

    Parameters
    ----------
    rows : int
        Rows to write, duplicates and bad rows among them.
    random_state : int
        The seed: the same arguments and versions make the same bytes.
    path : path
        The file to write; its name should say ``simulated``.
    distinct : int, optional
        How many distinct amounts there are, each in one notation. None: nearly every amount is
        another, in three notations.
    duplicates, bad : float
        Shares of rows.
    chunk : int
        Rows held in memory at a time; part of what makes the bytes.
    progress : callable, optional
        Called as ``progress(step, done, steps)`` with rows.

    Returns
    -------
    MessyLoans
        What was written, for checking what a cleaner finds.

    Raises
    ------
    OptionError
        If a number cannot be meant.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "simulated_loans.csv"
    >>> made = messy_loans(1000, random_state=7, path=file)
    >>> made.duplicates, made.clean + made.duplicates + made.bad
    (20, 1000)
    """
    if rows < 1 or chunk < 1 or (distinct is not None and distinct < 1):
        raise OptionError(
            f"rows, chunk and distinct are 1 or more; got rows={rows}, chunk={chunk}, "
            f"distinct={distinct}."
        )
    check_share(duplicates=duplicates, bad=bad)
    if duplicates + bad >= 1:
        raise OptionError(
            f"duplicates and bad rows are less than all rows; got {duplicates:g} and {bad:g}."
        )
    maker = RowMaker(random_state=random_state, distinct=distinct, bad=bad)
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    counts = np.zeros(len(REASONS), dtype=np.int64)
    repeated = amount = done = 0
    with partial.open("wb") as stream:
        stream.write((",".join(BULK_COLUMNS) + "\n").encode())
        for numbers, copies in _numbers(rows, chunk, duplicates, maker):
            maker.texts(numbers).write_csv(stream, include_header=False)
            kinds = maker.faults(numbers)
            counts += np.bincount(kinds[kinds >= 0], minlength=len(REASONS))
            first = (kinds < 0) & ~copies
            amount += int(maker.amounts(numbers[first]).sum())
            repeated += int(copies.sum())
            done += len(numbers)
            if progress is not None:
                progress("writing loans", done, rows)
    partial.replace(target)
    spoiled = int(counts.sum())
    return MessyLoans(
        path=target,
        rows=rows,
        clean=rows - repeated - spoiled,
        duplicates=repeated,
        bad=spoiled,
        reasons=dict(zip(REASONS, counts.tolist(), strict=True)),
        amount_cny=amount,
    )


def _numbers(
    rows: int, chunk: int, duplicates: float, maker: RowMaker
) -> Iterator[tuple[Whole, NDArray[np.bool_]]]:
    """Yield the row numbers of each piece, shuffled, and which of them repeat an earlier one."""
    fresh = 0
    for piece, start in enumerate(range(0, rows, chunk)):
        size = min(chunk, rows - start)
        rng = generator(maker.random_state, "order", piece)
        copies = round(duplicates * (start + size)) - round(duplicates * start)
        new = np.arange(fresh, fresh + size - copies)
        fresh += len(new)
        again = maker.good(rng.integers(0, fresh, copies), rng, fresh)
        order = rng.permutation(size)
        repeated = np.arange(size) >= len(new)
        yield np.concatenate([new, again])[order], repeated[order]
