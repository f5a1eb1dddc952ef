import csv

import polars as pl
import pytest

from tests.simulate import decode
from toolkit.errors import OptionError
from toolkit.simulate import messy_loans
from toolkit.simulate.bulk import BULK_COLUMNS
from toolkit.simulate.exports.notations import REGIONS
from toolkit.simulate.places import PROVINCES

CODES = {write(place): place.code for write in REGIONS.values() for place in PROVINCES}
KEY = ["firm_id", "funder_id", "date"]


def _read(path):
    with path.open(encoding="utf-8", newline="") as stream:
        lines = csv.reader(stream)
        assert next(lines) == list(BULK_COLUMNS)
        return [tuple(line) for line in lines]


def _fault(line):
    """Return what is wrong with a row, as a reader would find it."""
    amount = decode.amount(line[6])
    return {
        "negative_amount": amount is not None and amount < 0,
        "not_an_amount": amount is None,
        "unknown_region": line[3] not in CODES,
        "date_after_observed_until": str(decode.day(line[5])) > "2024-12-31",
    }


@pytest.mark.parametrize("distinct", [500, None])
def test_the_file_holds_what_was_counted(tmp_path, distinct):
    made = messy_loans(
        20_000, random_state=3, path=tmp_path / "simulated.csv", distinct=distinct, chunk=6_000
    )
    lines = _read(made.path)
    assert len(lines) == made.rows == 20_000
    assert made.clean + made.duplicates + made.bad == made.rows
    assert made.duplicates == len(lines) - len(set(lines)) == 400
    faults = [_fault(line) for line in set(lines)]
    assert max(sum(fault.values()) for fault in faults) == 1
    assert made.reasons == {name: sum(fault[name] for fault in faults) for name in made.reasons}
    assert made.bad == pytest.approx(200, abs=60)
    right = [line for line in set(lines) if not any(_fault(line).values())]
    assert len(right) == made.clean
    assert sum(decode.amount(line[6]) for line in right) == made.amount_cny
    places = [(line[0], line[1], decode.day(line[5])) for line in right]
    assert len(set(places)) == made.clean
    if distinct:
        assert len({decode.amount(line[6]) for line in right}) <= distinct
    else:
        assert len({line[6] for line in right}) > 0.95 * made.clean


def test_a_firm_keeps_its_region_and_sector(tmp_path):
    made = messy_loans(5_000, random_state=1, path=tmp_path / "simulated.csv")
    firms = {}
    for line in _read(made.path):
        if line[3] in CODES:
            firms.setdefault(line[0], set()).add((CODES[line[3]], line[4]))
    assert {len(places) for places in firms.values()} == {1}
    assert len(firms) > 900


def test_every_duplicate_is_of_a_good_row(tmp_path):
    made = messy_loans(10_000, random_state=2, path=tmp_path / "simulated.csv", bad=0.2)
    lines = _read(made.path)
    seen, twice = set(), []
    for line in lines:
        (twice.append(line) if line in seen else seen.add(line))
    assert len(twice) == made.duplicates == 200
    assert not any(any(_fault(line).values()) for line in twice)


def test_pieces_change_the_order_and_not_the_rows(tmp_path):
    whole, pieces = (
        messy_loans(4_000, random_state=1, path=tmp_path / f"{chunk}.csv", chunk=chunk)
        for chunk in (4_000, 700)
    )
    assert set(_read(whole.path)) == set(_read(pieces.path))
    assert (whole.clean, whole.amount_cny) == (pieces.clean, pieces.amount_cny)


def test_the_same_arguments_write_the_same_bytes(tmp_path):
    first, again, other = (
        messy_loans(3_000, random_state=seed, path=tmp_path / f"{place}.csv").path.read_bytes()
        for place, seed in enumerate((1, 1, 2))
    )
    assert first == again != other


def test_engines_read_it(tmp_path):
    made = messy_loans(2_000, random_state=1, path=tmp_path / "simulated.csv")
    assert pl.read_csv(made.path, infer_schema=False).shape == (2_000, 7)


def test_progress_is_told_in_rows(tmp_path):
    told = []
    messy_loans(
        2_500,
        random_state=1,
        path=tmp_path / "simulated.csv",
        chunk=1_000,
        progress=lambda *step: told.append(step),
    )
    assert told == [("writing loans", done, 2_500) for done in (1_000, 2_000, 2_500)]


@pytest.mark.slow
def test_memory_stays_flat(tmp_path):
    import subprocess
    import sys

    def peak(rows):
        code = (
            "import resource; from toolkit.simulate import messy_loans;"
            f"messy_loans({rows}, random_state=1, path={str(tmp_path / 'simulated.csv')!r},"
            "chunk=100_000);"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        shown = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        return int(shown.stdout)

    assert peak(2_000_000) < 1.3 * peak(200_000)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"rows": 0},
            "rows, chunk and distinct are 1 or more; got rows=0, chunk=1000000, distinct=200000.",
        ),
        (
            {"rows": 10, "duplicates": 0.6, "bad": 0.4},
            "duplicates and bad rows are less than all rows; got 0.6 and 0.4.",
        ),
        (
            {"rows": 10, "bad": 1.5},
            "bad is a fraction from 0 to 1; got 1.5. Did you mean 0.015?",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, options, message):
    with pytest.raises(OptionError) as caught:
        messy_loans(random_state=1, path=tmp_path / "simulated.csv", **options)
    assert str(caught.value) == message
    assert list(tmp_path.iterdir()) == []
