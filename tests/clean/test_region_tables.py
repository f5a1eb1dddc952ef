"""The tables behind the places: every row comes back, and nothing else does."""

import csv
import io
from pathlib import Path
from string import ascii_lowercase

import pandas as pd
import pytest

from toolkit.clean.regions import (
    divisions,
    parse_regions,
    read_regions,
)
from toolkit.clean.regions.gazetteer import squeeze
from toolkit.errors import DataError

RAW = Path(__file__).parents[2] / "data" / "raw"
PLACES = divisions.divisions()
PREFECTURES = [place for place in PLACES if place.level == "prefecture"]
COUNTIES = [place for place in PLACES if place.level == "county"]


def codes_of(places):
    return [place.code for place in places]


def unlike(places, read):
    """Return the names of the places that did not come back to their own code."""
    return [place.name_zh for place, code in zip(places, read, strict=True) if code != place.code]


@pytest.mark.parametrize("places", [PREFECTURES, COUNTIES], ids=["prefectures", "counties"])
def test_every_full_name_comes_back_within_its_parent(places):
    parents = codes_of(place.parent for place in places)
    level = places[0].level
    read = parse_regions([place.name_zh for place in places], level=level, within=parents)
    assert unlike(places, read) == []


@pytest.mark.parametrize("places", [PREFECTURES, COUNTIES], ids=["prefectures", "counties"])
def test_every_code_and_every_address_comes_back(places):
    level = places[0].level
    assert unlike(places, parse_regions(codes_of(places), level=level)) == []
    addresses = [
        "".join(above.name_zh for above in line(place)) + place.name_zh for place in places
    ]
    assert unlike(places, parse_regions(addresses, level=level)) == []


def line(place):
    above = []
    while (place := place.parent) and place.level != "country":
        above.insert(0, place)
    return above


def test_names_that_need_more_than_themselves():
    assert (
        unlike(PREFECTURES, parse_regions([p.name_zh for p in PREFECTURES], level="prefecture"))
        == []
    )
    alone = unlike(COUNTIES, parse_regions([p.name_zh for p in COUNTIES], level="county"))
    names = pd.Series([place.name_zh for place in COUNTIES])
    # Lanzhou New Area is a zone of statistics too, and asked for as an area it is the city's.
    assert sorted(set(alone)) == sorted({*names[names.duplicated()], "兰州新区"})
    homes = [divisions.place_at(place, "province").code for place in COUNTIES]
    provincial = unlike(COUNTIES, parse_regions(names, level="county", within=homes))
    assert sorted(set(provincial)) == [
        *["兰州新区", "向阳区", "城区", "市中区", "新华区", "桥西区", "铁西区", "鼓楼区"]
    ]


def test_every_latin_name_comes_back_within_its_parent():
    for places, shared in (
        (PREFECTURES, []),
        (COUNTIES, ["云安区", "郁南县", "临夏市", "临夏县", "和田县", "伊宁市", "伊宁县"]),
    ):
        parents = codes_of(place.parent for place in places)
        names = [place.name_en for place in places]
        read = parse_regions(names, level=places[0].level, within=parents)
        assert unlike(places, read) == shared


WIDE = sorted({name for p in PLACES if p.level in ("province", "prefecture") for name in p.latin})
SPELLINGS = {
    *(squeeze(name) for name in WIDE),
    *(squeeze(row["name"]) for row in divisions.table("region_variants.csv")),
    *(squeeze(row["name_latin"]) for row in divisions.table("abolished_codes.csv")),
    "xiongan",
}


def slips(name):
    """Yield each text that is one letter left out, put in, changed or swapped away."""
    for at in range(len(name) + 1):
        before, rest = name[:at], name[at:]
        yield before + rest[1:]
        yield before + rest[1:2] + rest[:1] + rest[2:]
        for letter in ascii_lowercase:
            yield before + letter + rest
            yield before + letter + rest[1:]


@pytest.mark.parametrize("step", [50, pytest.param(1, marks=pytest.mark.slow)])
def test_a_slip_is_never_read_as_a_place(step):
    texts = {text for name in WIDE for text in slips(name) if squeeze(text) not in SPELLINGS}
    assert len(texts) > 100_000
    assert parse_regions(sorted(texts)[::step]).isna().all()


def test_former_codes_lead_to_their_successors():
    rows = divisions.table("abolished_codes.csv")
    now = {place.code for place in PLACES}
    former = [row for row in rows if row["code"] not in now]
    assert len(former) > 900
    codes = [row["code"] for row in former]
    read = read_regions(codes)
    assert read["code"].tolist() == [f"{code[:2]}0000" for code in codes]
    assert set(read["issue"]) == {"abolished"}
    for row, code in zip(former, parse_regions(codes, level="any"), strict=True):
        successors = row["successor"].split("|")
        assert now.issuperset(successors)
        assert (code == row["successor"]) if len(successors) == 1 else pd.isna(code)


@pytest.mark.parametrize(
    ("code", "successor"),
    [
        ("371200", "370100"),
        ("371202", "370116"),
        ("110228", "110118"),
        ("110103", "110101"),
        ("310119", "310115"),
        ("130230", "130209"),
        ("320684", "320614"),
        ("340221", "340210"),
        ("142601", "141002"),
        ("422000", None),
        ("130103", None),
    ],
)
def test_former_codes_known_by_hand(code, successor):
    read = parse_regions([code], level="any")[0]
    assert (None if pd.isna(read) else read) == successor


def test_former_names_lead_to_their_successors():
    rows = divisions.table("abolished_codes.csv")
    homes = {}
    for row in rows:
        homes.setdefault((row["name_zh"], row["code"][:2]), set()).add(row["successor"])
    borne = {(place.name_zh, place.code[:2]) for place in PLACES}
    gone = {
        key: successors.pop()
        for key, successors in homes.items()
        if key not in borne and len(successors) == 1 and "|" not in min(successors)
    }
    assert len(gone) > 300
    names, provinces_ = zip(*gone, strict=True)
    read = parse_regions(names, level="any", within=provinces_)
    assert read.tolist() == list(gone.values())


def test_new_areas_have_their_homes():
    rows = divisions.table("new_areas.csv")
    assert sum("state-level new area" in row["note"] for row in rows) == 19
    for row in rows:
        others = filter(None, [*row["aliases_zh"].split("|"), *row["aliases_en"].split("|")])
        names = [row["name_zh"], row["name_en"], *others]
        read = parse_regions(names, level="any")
        assert dict(zip(names, read, strict=True)) == dict.fromkeys(names, row["code"])


def test_every_variant_names_what_it_says():
    rows = pd.DataFrame(divisions.table("region_variants.csv"))
    read = read_regions(rows["name"], level="any")
    clear = rows["reading"] == "is"
    assert read["code"][clear].tolist() == rows["code"][clear].tolist()
    assert read["candidates"][~clear].tolist() == rows["code"][~clear].tolist()
    assert set(read["issue"][~clear]) == {"ambiguous"}


def test_latin_names_belong_to_the_divisions_that_they_are_written_for():
    names = {place.code: place for place in PLACES}
    raw = {row["code"]: row["name_latin"] for row in divisions.table("gb2260_divisions.csv")}
    for row in divisions.table("latin_names.csv"):
        assert names[row["code"]].name_zh == row["name_zh"]
        assert names[row["code"]].name_en == row["name_latin"]
        assert (raw[row["code"]] == "") == (row["note"] == "missing")


def test_published_figures_have_the_codes_written_beside_them():
    figures = pd.read_csv(RAW / "published_figures.csv", dtype="str")
    read = parse_regions(figures["region"], level="any")
    assert read.tolist() == figures["region_code"].tolist()


def first_column(path):
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    cells = [row[0] for row in csv.reader(io.StringIO(text)) if row]
    return cells[next(i for i, cell in enumerate(cells) if cell.startswith("地区")) + 1 :]


@pytest.mark.parametrize(
    "path",
    sorted(path for folder in ("nbs", "pboc", "science") for path in (RAW / folder).glob("*.csv")),
    ids=lambda path: path.name,
)
def test_official_tables_are_read_whole(path):
    column = pd.Series(first_column(path))
    read = read_regions(column)
    left = column[read["code"].isna()]
    assert all(cell.startswith(("全", "数据来源", "注")) for cell in left)
    assert set(read.loc[left.index, "issue"]) <= {"nation", "unknown"}
    assert read["code"].nunique() == (28 if path.name == "micro_lenders_2018Q1.csv" else 31)


def test_the_table_is_found_in_the_package_first_and_missed_in_words(tmp_path, monkeypatch):
    package = tmp_path / "toolkit" / "clean"
    package.mkdir(parents=True)
    monkeypatch.setattr(divisions.resources, "files", lambda name: package)
    checkout = tmp_path / "data" / "raw" / "divisions"
    with pytest.raises(DataError) as error:
        divisions.locate("gb2260_divisions.csv")
    assert str(error.value) == (
        f"gb2260_divisions.csv: the table is neither in the package ({package}) nor in a checkout "
        f"({checkout}). Install the toolkit again, or restore the file from the repository."
    )
    checkout.mkdir(parents=True)
    (checkout / "gb2260_divisions.csv").write_text("code\n")
    assert divisions.locate("gb2260_divisions.csv").parent == checkout
    (package / "gb2260_divisions.csv").write_text("code\n")
    assert divisions.locate("gb2260_divisions.csv").parent == package
