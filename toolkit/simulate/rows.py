"""The content of a messy loan as a pure function of its number and a seed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import cycle, islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from toolkit.simulate.draws import generator
from toolkit.simulate.exports.notations import AMOUNTS, DAYS, NOWHERE, REGIONS, mistyped, negated
from toolkit.simulate.loans import BANKS, SECTORS, YUAN
from toolkit.simulate.places import PROVINCES

if TYPE_CHECKING:
    import polars as pl

__all__ = ["LAST_DAY", "REASONS", "RowMaker"]

FIRST_DAY, LAST_DAY = np.datetime64("2019-01-01"), np.datetime64("2024-12-31")
LOANS_PER_FIRM = 5
GAP = 90
"""Each loan of a firm has a stretch of so many days of its own: no two share a key."""
LENDERS = 2_000
LATE_DAYS = 400
MEDIAN, SPREAD = 3_000_000, 1.2

AMOUNT_NOTATIONS = (
    "ten_thousands",
    "millions",
    "digits",
    "yuan",
    "numerals",
    "scientific",
    "full_width",
)
REGION_NOTATIONS = ("full", "short", "latin", "code", "province")
TIERS = ("小额贷款公司", "micro", "银行", "bank")
ODD_NAMES = 3
"""Names of each province that are none: two mistyped, one of nowhere."""
REASONS = ("negative_amount", "not_an_amount", "unknown_region", "date_after_observed_until")
NEGATIVE, NO_AMOUNT, UNKNOWN, LATE = range(4)
NOT_AMOUNTS = ("1.2.5万元", "见合同", "see contract", "16 mio?")

Whole = NDArray[np.int64]
Bits = NDArray[np.uint64]


@dataclass(frozen=True, kw_only=True)
class RowMaker:
    """Makes the rows of any numbers, at any time, always the same.

    Parameters
    ----------
    random_state : int
        The seed.
    distinct : int or None
        How many amounts there are to choose from; None makes one for each row.
    bad : float
        Share of bad rows.
    """

    random_state: int
    distinct: int | None
    bad: float

    def faults(self, numbers: Whole) -> Whole:
        """Return each row's place in :data:`REASONS`, or -1 where it is right, as row 0 is."""
        bits = self._bits("fault", numbers)
        wrong = (bits >> np.uint64(32)) < np.uint64(round(self.bad * 2**32))
        kind = (bits % np.uint64(len(REASONS))).view(np.int64)
        return np.where(wrong & (numbers > 0), kind, -1)

    def good(self, numbers: Whole, rng: np.random.Generator, below: int) -> Whole:
        """Return the numbers, with others drawn in the place of bad rows."""
        chosen = numbers.copy()
        while len(wrong := np.flatnonzero(self.faults(chosen) >= 0)):
            chosen[wrong] = rng.integers(0, below, len(wrong))
        return chosen

    def amounts(self, numbers: Whole) -> Whole:
        """Return the amounts in yuan, as they are meant."""
        if self.distinct is not None:
            return self._amount_values[self._below("amount", numbers, self.distinct)]
        # A sum of three uniforms is near enough to a bell, and quick.
        parts = [self._bits(f"amount {part}", numbers) * 2.0**-64 for part in range(3)]
        normal = 2 * (sum(parts) - 1.5)
        return _hundreds(MEDIAN * np.exp(SPREAD * normal))

    def texts(self, numbers: Whole) -> pl.DataFrame:
        """Return the rows as text, in the seven columns of the file."""
        import polars as pl

        firm, loan = np.divmod(numbers, LOANS_PER_FIRM)
        bank, fault = loan > 0, self.faults(numbers)
        sizes = self._days - LOANS_PER_FIRM * GAP, LENDERS, len(PROVINCES), 6
        first, lender, province, sector = self._fields("firm", firm, *sizes)
        sizes = GAP, len(DAYS), len(REGION_NOTATIONS), 2
        gap, day_notation, notation, word = self._fields("row", numbers, *sizes)
        lending_bank, late, odd = self._fields("other", numbers, BANKS, LATE_DAYS, ODD_NAMES)
        day = np.where(fault == LATE, self._days + late, first + GAP * loan + gap)
        written = np.where(fault == UNKNOWN, len(REGION_NOTATIONS) + odd, notation)
        funder = np.where(bank, LENDERS + lending_bank, lender)
        pools = self._pools
        return pl.DataFrame(
            {
                "firm_id": "F" + pl.Series(1_000_000_000 + firm).cast(pl.String),
                "funder_id": _pick(pools["funder"], funder),
                "tier": _pick(pools["tier"], 2 * bank + word),
                "region": _pick(
                    pools["region"], province * (len(REGION_NOTATIONS) + ODD_NAMES) + written
                ),
                "sector": _pick(pools["sector"], sector),
                "date": _pick(pools["date"], day_notation * (self._days + LATE_DAYS) + day),
                "amount": self._amount_texts(numbers, fault),
            }
        )

    @cached_property
    def _days(self) -> int:
        return int((LAST_DAY - FIRST_DAY).astype(int)) + 1

    @cached_property
    def _amount_values(self) -> Whole:
        rng = generator(self.random_state, "amounts")
        return _hundreds(MEDIAN * rng.lognormal(0, SPREAD, self.distinct))

    @cached_property
    def _pools(self) -> dict[str, pl.Series]:
        import polars as pl

        regions = [
            text
            for number, place in enumerate(PROVINCES)
            for text in (
                *(REGIONS[name](place) for name in REGION_NOTATIONS),
                mistyped(place, latin=True),
                mistyped(place, latin=False),
                NOWHERE[number % len(NOWHERE)],
            )
        ]
        days = (FIRST_DAY + np.arange(self._days + LATE_DAYS)).astype(object)
        funders = [f"M{number:04}" for number in range(LENDERS)]
        funders += [f"B{number:03}" for number in range(BANKS)]
        texts: dict[str, list[str]] = {
            "funder": funders,
            "tier": list(TIERS),
            "region": regions,
            "sector": [*SECTORS[True], *SECTORS[False]],
            "date": [write(day) for write in DAYS.values() for day in days],
            "no amount": list(NOT_AMOUNTS),
        }
        if self.distinct is not None:
            names = list(islice(cycle(AMOUNT_NOTATIONS), self.distinct))
            pairs = list(zip(names, self._amount_values.tolist(), strict=True))
            texts["amount"] = [AMOUNTS[name](value) for name, value in pairs]
            texts["negative"] = list(map(negated, texts["amount"], names))
        return {name: pl.Series(pool, dtype=pl.String) for name, pool in texts.items()}

    def _amount_texts(self, numbers: Whole, fault: Whole) -> pl.Series:
        import polars as pl

        if self.distinct is not None:
            right, wrong = self._pools["amount"], self._pools["negative"]
            places = self._below("amount", numbers, self.distinct)
        else:
            right, places = self._written(numbers), np.arange(len(numbers))
            wrong = pl.select(pl.format("({})", right)).to_series()
        nothing = self._pools["no amount"]
        negative, unsaid = (np.flatnonzero(fault == kind) for kind in (NEGATIVE, NO_AMOUNT))
        corrections = _pick(wrong, places[negative])
        places[negative] = len(right) + np.arange(len(negative))
        words = self._below("no amount", numbers[unsaid], len(nothing))
        places[unsaid] = len(right) + len(negative) + words
        return _pick(pl.concat([right, corrections, nothing], rechunk=True), places)

    def _written(self, numbers: Whole) -> pl.Series:
        """Write each amount anew, in one of three notations that an engine can make itself."""
        import polars as pl

        amounts = self.amounts(numbers)
        notation = pl.lit(pl.Series(self._below("notation", numbers, 3)))
        yuan = pl.lit(pl.Series(amounts))
        parts = np.divmod(amounts // YUAN, 100)
        whole, rest = (pl.lit(pl.Series(part)).cast(pl.String) for part in parts)
        chosen = (
            pl.when(notation == 0)
            .then(yuan.cast(pl.String))
            .when(notation == 1)
            .then(pl.format("{}元", yuan))
            .otherwise(pl.format("{}.{}万元", whole, rest.str.zfill(2)))
        )
        return pl.select(chosen).to_series()

    def _fields(self, purpose: str, numbers: Whole, *ends: int) -> list[Whole]:
        """Return whole numbers below each of at most four ends, out of one mixing."""
        bits = self._bits(purpose, numbers)
        fields = []
        for end in ends:
            field = bits & np.uint64(0xFFFF)
            field *= np.uint64(end)
            field >>= np.uint64(16)
            fields.append(field.view(np.int64))
            bits >>= np.uint64(16)
        return fields

    def _below(self, purpose: str, numbers: Whole, end: int) -> Whole:
        bits = self._bits(purpose, numbers)
        bits >>= np.uint64(32)
        bits *= np.uint64(end)
        bits >>= np.uint64(32)
        return bits.view(np.int64)

    def _bits(self, purpose: str, numbers: Whole) -> Bits:
        """Mix a number with the seed and the purpose (SplitMix64; Steele et al. 2014)."""
        seed = generator(self.random_state, "rows", purpose).integers(0, 2**64, dtype=np.uint64)
        mixed = numbers.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        mixed += seed
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed ^= mixed >> np.uint64(shift)
            mixed *= np.uint64(factor)
        mixed ^= mixed >> np.uint64(31)
        return mixed


def _pick(pool: pl.Series, places: Whole) -> pl.Series:
    import polars as pl

    return pool.gather(pl.Series(places.astype(np.uint32)))


def _hundreds(amounts: NDArray[np.float64]) -> Whole:
    return (np.maximum(np.round(amounts / YUAN), 1) * YUAN).astype(np.int64)
