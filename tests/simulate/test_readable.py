"""What is simulated as messy is what cleaning says that it reads."""

import pandas as pd
import pytest

from toolkit.clean.accounts import clean_accounts
from toolkit.clean.amounts import parse_amounts
from toolkit.clean.regions import parse_regions
from toolkit.simulate import GrowthDesign
from toolkit.simulate.exports.accounts import write_accounts
from toolkit.simulate.exports.notations import AMOUNTS, NOWHERE, REGIONS, mistyped, negated
from toolkit.simulate.exports.texts import NOT_AMOUNTS
from toolkit.simulate.places import PROVINCES

YUAN = [100, 12_300, 580_000, 1_234_500, 16_000_000, 203_040_500, 100_000_000, 98_765_432_100]


@pytest.mark.parametrize("name", sorted(set(AMOUNTS) - {"heading_unit"}))
def test_amounts_are_read(name):
    texts = pd.Series([AMOUNTS[name](amount) for amount in YUAN])
    assert parse_amounts(texts).tolist() == YUAN
    negative = pd.Series([negated(text, name) for text in texts])
    assert parse_amounts(negative).tolist() == [-amount for amount in YUAN]


def test_what_is_no_amount_is_not_read():
    assert parse_amounts(pd.Series(NOT_AMOUNTS)).isna().all()


@pytest.mark.parametrize("name", sorted(REGIONS))
def test_regions_are_read(name):
    texts = pd.Series([REGIONS[name](place) for place in PROVINCES])
    assert parse_regions(texts).tolist() == [place.code for place in PROVINCES]


def test_typing_errors_and_nowhere_are_not_read():
    wrong = [mistyped(place, latin=latin) for place in PROVINCES for latin in (True, False)]
    assert parse_regions(pd.Series([*wrong, *NOWHERE])).isna().all()


def test_accounts_are_read_cell_for_cell(tmp_path):
    accounts = GrowthDesign().draw(random_state=4)
    write_accounts(accounts, tmp_path)
    table = clean_accounts(tmp_path).table
    keys = ["region", "year", "indicator", "vintage"]
    expected = accounts.sort_values(keys, ignore_index=True)
    found = table.sort_values(keys, ignore_index=True)[expected.columns]
    assert found["value"].tolist() == expected["value"].tolist()
    for name in (*keys, "unit"):
        assert found[name].tolist() == expected[name].tolist()
