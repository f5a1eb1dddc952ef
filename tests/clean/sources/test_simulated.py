"""The messy exports of a simulated study, against the answer key that was written with them."""

import pandas as pd
import pytest

from toolkit.clean.headings import LEDGER_ROLES, MILESTONE_ROLES
from toolkit.clean.sources import read_records, role_frame
from toolkit.simulate.write import make_study


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study") / "simulated"
    make_study(folder, random_state=3, firms=120, lenders=12)
    return folder


@pytest.mark.parametrize(
    ("folder", "table", "roles"),
    [("loans", "ledger", LEDGER_ROLES), ("milestones", "milestones", MILESTONE_ROLES)],
)
def test_every_row_of_the_answer_key_is_a_record_and_nothing_else_is(study, folder, table, roles):
    key = pd.read_parquet(study / "answer_key.parquet")
    place = ["file", "sheet", "row"]
    expected = key.loc[key["table"] == table, place].drop_duplicates().values.tolist()
    frames = [
        role_frame(read_records(path), roles) for path in sorted((study / "raw" / folder).iterdir())
    ]
    found = pd.concat([frame[place] for frame in frames]).values.tolist()
    assert len(expected) > 100
    assert sorted(found) == sorted(expected)


def test_the_unit_of_a_heading_set_across_columns_goes_along(study):
    frame = role_frame(read_records(study / "raw/loans/simulated_loans.xlsx"), LEDGER_ROLES)
    assert frame.columns.tolist()[3:] == [
        "firm_id",
        "funder_id",
        "tier",
        "region",
        "sector",
        "date",
        "amount_cny（万元）",
    ]
