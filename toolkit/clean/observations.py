"""Cells of statistical tables to typed observations: the rules that accounts and stocks share.

Each rule looks at the cells that are still in, enters what it finds in the trail and, where a cell
cannot be used, marks it rejected. A cell may be rejected for several reasons; all are kept.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

import pandas as pd

from toolkit.clean.audit import Audit, Cleaned, Trail
from toolkit.clean.regions import read_regions
from toolkit.clean.sources import CELLS, Source
from toolkit.clean.sources.marks import split_mark
from toolkit.clean.units import UNITS, scaled
from toolkit.schema import INDICATORS, NATION, Schema

__all__ = ["Observations"]

MISSING_MARKS = {"", "-", "--", "—", "…", "...", "n/a", "na", "nan", "空", "无"}

MARKS = {
    "preliminary": "The period is marked preliminary (初步, 快报, p, *); that is its vintage.",
    "revised": "The period is marked revised (修订, r); that is its vintage.",
}
"""Vintages that the text of a period may give it, and what each means."""


class Observations:
    """The cells of some sources on their way to a clean table."""

    def __init__(self, sources: Sequence[Source], *, title: str) -> None:
        self.title = title
        self.trail = Trail()
        self.cells = pd.concat([source.cells for source in sources], ignore_index=True)
        self.reasons = pd.Series("", index=self.cells.index, dtype="str")
        headings = pd.concat([source.headings for source in sources], ignore_index=True)
        self.trail.add(
            headings,
            rule="not_data",
            outcome="heading",
            meaning="Title lines, notes and names of sources, read for what they say, not as data.",
            before=headings["text"],
        )
        self._titles = {
            source.file: f"{source.file} {source.title} {' '.join(source.notes)}"
            for source in sources
        }

    @property
    def kept(self) -> pd.DataFrame:
        """The cells that no rule has rejected so far."""
        return self.cells[self.reasons == ""]

    def reject(self, mask: pd.Series, *, rule: str, column: str, meaning: str) -> None:
        """Mark cells as unusable and say why."""
        rows = self.cells[mask]
        self.trail.add(
            rows,
            rule=rule,
            outcome="rejected",
            meaning=meaning,
            column=column,
            before=rows[column],
        )
        joined = (self.reasons + "; " + rule).str.removeprefix("; ")
        self.reasons = self.reasons.mask(mask, joined)

    def flag(self, rows: pd.DataFrame, *, rule: str, meaning: str, **what: object) -> None:
        """Keep rows, but say that they are doubtful."""
        self.trail.add(rows, rule=rule, outcome="flagged", meaning=meaning, **what)  # type: ignore[arg-type]

    def read_regions(self) -> None:
        """Put codes of GB/T 2260 in place of names; the nation gets its own code."""
        bare = self.cells["region"].str.replace(r"\s+", "", regex=True)
        spaced = self.cells[bare != self.cells["region"]]
        self.trail.add(
            spaced,
            rule="spaces_in_name",
            outcome="altered",
            meaning="Spaces inside a region's name, set there to align the printed page, removed.",
            column="region",
            before=spaced["region"],
            after=bare,
        )
        names = pd.Series(bare.unique(), dtype="str")
        reading = read_regions(names, level="province")
        nation = reading["issue"].eq("nation").to_numpy()
        codes = pd.Series(reading["code"].to_numpy(), index=names).mask(nation, NATION)
        self.cells["code"] = bare.map(codes)
        self.reject(
            self.cells["code"].isna(),
            rule="unknown_region",
            column="region",
            meaning="Not a province, nor the nation. Correct the name at its source.",
        )
        national = self.cells[self.cells["code"] == NATION]
        self.flag(
            national,
            rule="nation",
            meaning="The nation as a row among provinces: kept under its own code 100000, "
            "which no provincial total or rank includes.",
            column="region",
            before=national["region"],
            after=NATION,
        )

    def marked_periods(self) -> pd.DataFrame:
        """Return each period without a mark of its vintage, and the mark; flag those marked."""
        texts = self.cells["period"]
        parts = {text: split_mark(text) for text in texts.unique()}
        periods = pd.DataFrame(
            {
                "bare": texts.map({text: bare for text, (bare, _) in parts.items()}),
                "mark": texts.map({text: mark for text, (_, mark) in parts.items()}),
            },
            dtype="str",
        )
        for mark, meaning in MARKS.items():
            rows = self.cells[(periods["mark"] == mark) & (self.reasons == "")]
            self.flag(
                rows,
                rule=f"{mark}_year",
                meaning=meaning,
                column="period",
                before=rows["period"],
                after=mark,
            )
        return periods

    def read_indicators(self, own: Mapping[str, str] | None = None) -> None:
        """Put the names of INDICATORS, or the caller's own, in place of headings."""
        given = {_plain(heading): name for heading, name in (own or {}).items()}
        pairs = self.cells[["file", "indicator"]].drop_duplicates()
        names = {
            (file, heading): given.get(_plain(heading)) or self._indicator(file, heading)
            for file, heading in pairs.itertuples(index=False)
        }
        keys = zip(self.cells["file"], self.cells["indicator"], strict=True)
        self.cells["name"] = pd.Series([names[key] for key in keys], dtype="str")
        self.reject(
            self.cells["name"].isna(),
            rule="unknown_indicator",
            column="indicator",
            meaning="A heading that means no series known here, or that means one only in a file "
            "whose name or title says so. Known series are in toolkit.schema.INDICATORS; name one "
            "of your own by indicators=.",
        )

    def _indicator(self, file: str, heading: str) -> str | None:
        about = self._titles[file].casefold()
        for indicator in INDICATORS.values():
            if heading.casefold() not in (*indicator.headings, indicator.name):
                continue
            named = heading == indicator.name or not indicator.sources
            if named or any(word.casefold() in about for word in indicator.sources):
                return indicator.name
        return None

    def read_values(self) -> None:
        """Turn text with its unit into numbers in base units."""
        unit = self.cells["unit"].str.strip()
        known = unit.isin(UNITS)
        base = unit.map({word: meaning.unit for word, meaning in UNITS.items()})
        expected = self.cells["name"].map({one.name: one.unit for one in INDICATORS.values()})
        self.cells["base_unit"] = base
        self.reject(
            ~known,
            rule="unknown_unit",
            column="unit",
            meaning="No unit, or a unit word that is not known. A number without its unit is "
            "not guessed; name the unit in the heading or in a unit column.",
        )
        self.reject(
            known & expected.notna() & (base != expected),
            rule="wrong_unit",
            column="unit",
            meaning="The unit does not fit the indicator, such as persons for money.",
        )
        text = self.cells["value"].str.strip()
        missing = text.str.casefold().isin(MISSING_MARKS)
        pairs = self.cells.loc[known & ~missing, ["value", "unit"]].drop_duplicates()
        values = {
            (value, word): scaled(value, word.strip())
            for value, word in pairs.itertuples(index=False)
        }
        keys = zip(self.cells["value"], self.cells["unit"], strict=True)
        self.cells["number"] = pd.Series([values.get(key) for key in keys], dtype="float64")
        self.reject(
            missing,
            rule="missing_value",
            column="value",
            meaning="The source prints no value. The cell stays missing; it is not zero.",
        )
        self.reject(
            known & ~missing & self.cells["number"].isna(),
            rule="not_a_number",
            column="value",
            meaning="Text where a number should stand. Correct it at the source.",
        )
        kept = self.kept
        factors = kept["unit"].str.strip().map({word: one.factor for word, one in UNITS.items()})
        rescaled = kept[factors != 1]
        self.trail.add(
            rescaled,
            rule="unit_scaled",
            outcome="altered",
            meaning="Put into the base unit: 万元 and 亿元 into CNY, 万人 into persons, an index "
            "with the previous year at 100 into a fraction.",
            column="value",
            before=rescaled["value"] + " " + rescaled["unit"],
            after=rescaled["number"].map("{:.15g}".format),
        )

    def finish(self, table: pd.DataFrame, schema: Schema) -> Cleaned:
        """Take out repeated keys and build the value; `table` holds the cells still in.

        The table is indexed like the cells. Of rows with the same key and the same value the first
        stays; rows with the same key and different values are all rejected.
        """
        key = list(schema.key)
        repeated = table.duplicated(key, keep=False)
        distinct = table.groupby(key, dropna=False)["value"].transform("nunique")
        conflict = (repeated & (distinct > 1)).reindex(self.cells.index, fill_value=False)
        self.reject(
            conflict,
            rule="conflicting_values",
            column="value",
            meaning="The same region, time and series with different values: neither is taken.",
        )
        again = table.duplicated(key, keep="first") & ~conflict.loc[table.index]
        copies = self.cells.loc[again[again].index]
        self.trail.add(
            copies,
            rule="repeated_value",
            outcome="duplicate",
            meaning="The same region, time, series and value once more; the first is kept.",
            column="value",
            before=copies["value"],
        )
        table = table[~again & ~conflict.loc[table.index]]
        out = self.reasons != ""
        rejected = self.cells.loc[out, list(CELLS)].assign(reasons=self.reasons[out])
        return Cleaned(
            table=table[schema.names].sort_values(key, ignore_index=True),
            rejected=rejected.reset_index(drop=True),
            audit=Audit(
                title=self.title,
                rows_in=len(self.cells),
                passed=len(table),
                duplicates=int(again.sum()),
                rejected=len(rejected),
                events=self.trail.events(),
                meanings=self.trail.meanings(),
            ),
        )


def _plain(heading: str) -> str:
    return unicodedata.normalize("NFKC", heading).strip().casefold()
