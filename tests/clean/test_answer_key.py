"""Both cleaners on the messy exports of a simulated study, against its answer key.

The exports are cleaned each by itself, and all of a folder as one table.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from toolkit.clean.ledgers import clean_ledger
from toolkit.clean.milestones import clean_milestones
from toolkit.schema import LEDGER
from toolkit.simulate.exports.faults import FaultDesign
from toolkit.simulate.study import StudyDesign
from toolkit.simulate.write import make_study

PLACE = ["file", "sheet", "row"]
UNTIL = "2024-12-31"


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study") / "simulated"
    many = FaultDesign(duplicates=0.1, bad=0.15, conflicts=0.05)
    make_study(folder, random_state=5, firms=240, lenders=16, design=StudyDesign(faults=many))
    return folder


@pytest.fixture(scope="module", params=["file by file", "as one"])
def how(request):
    return request.param


def cleaned(study, folder, clean, how):
    place = study / "raw" / folder
    paths = [place] if how == "as one" else sorted(place.iterdir())
    results = [clean(path, observed_until=UNTIL) for path in paths]
    tables = [
        pd.concat([getattr(one, name).df() for one in results]).set_index(PLACE)
        for name in ("table", "rejected")
    ]
    return (*tables, pd.concat([one.audit.events for one in results]), results)


def answers(study, table):
    key = pd.read_parquet(study / "answer_key.parquet")
    clean = pd.read_parquet(study / f"clean/simulated_{table}.parquet")
    return key[key["table"] == table].set_index(PLACE), clean


def first_of_each(key):
    """Return the places of the rows to keep: the first of a clean row and its duplicates."""
    usable = key[key["status"].isin(["clean", "duplicate"])]
    return usable[~usable["clean_row"].duplicated()]


@pytest.fixture(scope="module")
def ledger(study, how):
    return (*cleaned(study, "loans", clean_ledger, how), *answers(study, "ledger"))


@pytest.fixture(scope="module")
def milestones(study, how):
    return (*cleaned(study, "milestones", clean_milestones, how), *answers(study, "milestones"))


def test_every_file_is_accounted_for_row_by_row(ledger, milestones, how):
    for (_, _, events, results, key, _), files in ((ledger, 5), (milestones, 2)):
        rows_in = {one.audit.title: one.audit.rows_in for one in results}
        counts = key.groupby("file").size()
        assert len(counts) == files
        if how == "as one":
            assert list(rows_in.values()) == [counts.sum()]
            read = events[events["rule"] == "file_read"].set_index("file")["before"]
            rows_in = read.str.removesuffix(" rows").astype("int64").to_dict()
        assert rows_in == counts.to_dict()


def test_the_clean_ledger_comes_back_to_the_last_cell(ledger):
    table, _, _, _, key, clean = ledger
    kept = first_of_each(key)
    found = table.loc[kept.index, LEDGER.names]
    expected = clean.iloc[kept["clean_row"].astype(int)].set_axis(found.index)[LEDGER.names]
    assert_frame_equal(found, expected)
    assert len(found) == len(clean)


def test_what_else_passes_is_a_slip_of_ten_thousand(ledger):
    table, _, _, _, key, _ = ledger
    kept, slips = first_of_each(key), key[key["reason"] == "ten_thousand_slip"]
    assert sorted(table.index) == sorted([*kept.index, *slips.index])
    flagged = table["flags"].str.contains("ten_thousandfold")
    assert not flagged[kept.index].any()
    usual = table.loc[kept.index].groupby(["file", "tier"])["amount_cny"].median()
    amounts = table.loc[slips.index].reset_index()
    middle = usual.loc[list(zip(amounts["file"], amounts["tier"], strict=True))].to_numpy()
    far = np.abs(np.log10(amounts["amount_cny"].to_numpy() / middle)) > 3.6
    assert far.sum() > 10
    assert flagged[slips.index][far].all()


def test_every_bad_row_of_a_ledger_is_rejected_for_the_reason_of_the_key(ledger):
    _, rejected, _, _, key, _ = ledger
    bad = key[(key["status"] == "bad") & (key["reason"] != "ten_thousand_slip")]
    conflicts = key[key["status"] == "conflict"]
    assert set(bad["reason"]) == {
        "negative_amount",
        "not_an_amount",
        "date_after_observed_until",
        "unknown_region",
    }
    expected = pd.concat(
        [bad["reason"], conflicts["reason"].replace("conflict", "conflicting_rows")]
    )
    assert rejected["reasons"].sort_index().to_dict() == expected.sort_index().to_dict()


def test_the_audit_quotes_what_was_written_where_it_stood(ledger, milestones):
    for _, _, events, _, key, _ in (ledger, milestones):
        # Of a workbook's day numbers the audit shows the day, and a slip is flagged only near the
        # rest.
        told = (key["status"] == "bad") & ~key["reason"].eq("ten_thousand_slip")
        of_numbers = key["column"].eq("date") & key.index.get_level_values("sheet").isin(["台账一"])
        places = key[told & ~of_numbers].reset_index()
        sheet = places["sheet"].map(lambda name: f", sheet {name}" if name else "")
        written = places["written"].str.removesuffix(".0").where(sheet != "", places["written"])
        expected = set(zip(places["file"] + sheet, places["row"], written, strict=True))
        quoted = set(zip(events["file"], events["row"], events["before"], strict=True))
        assert len(expected) > 20
        assert expected <= quoted


def test_the_clean_register_comes_back(milestones):
    table, _, _, _, key, clean = milestones
    kept = first_of_each(key)
    assert sorted(table.index) == sorted(kept.index)
    found = table.loc[kept.index]
    truth = clean.iloc[kept["clean_row"].astype(int)].set_axis(found.index)
    names = ["unit_id", "region", "sector", "start", "exit", "observed_until"]
    assert_frame_equal(found[names], truth[names])
    by_day = truth["precision"] == "day"
    assert_frame_equal(found.loc[by_day, ["production"]], truth.loc[by_day, ["production"]])
    quarters = [frame.loc[~by_day, "production"].dt.to_period("Q") for frame in (found, truth)]
    assert quarters[0].tolist() == quarters[1].tolist()
    assert found["flags"].str.contains("production_not_a_day").tolist() == (~by_day).tolist()
    assert len(found) == len(clean)
    ended = truth["production"].notna().map({True: "production", False: "exit"})
    outcome = ended.mask(truth["production"].isna() & truth["exit"].isna(), "censored")
    assert found["outcome"].tolist() == outcome.tolist()


def test_every_bad_row_of_a_register_is_rejected_for_the_reason_of_the_key(milestones):
    _, rejected, _, _, key, _ = milestones
    bad = key.loc[key["status"] == "bad", "reason"]
    assert sorted(rejected.index) == sorted(bad.index)
    reasons = rejected["reasons"].str.split("; ")
    assert all(bad[place] in reasons[place] for place in bad.index)
    assert bad.nunique() == 3
