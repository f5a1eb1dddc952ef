import dataclasses

import pandas as pd
import pytest

from toolkit.errors import OptionError
from toolkit.simulate import MagnetismDesign, StudyDesign, simulate_study

LABEL = "simulated study of 200 firms, random_state 3"


@pytest.fixture(scope="module")
def study():
    return simulate_study(firms=200, lenders=20, random_state=3)


def test_everything_says_that_it_is_simulated(study):
    assert {table.attrs["simulated"] for table in study.tables.values()} == {LABEL}
    assert study.truth.attrs["simulated"] == LABEL
    assert repr(study) == f"<Study: {LABEL}; {len(study.ledger):,} loans>"


def test_sizes_and_truths(study):
    assert (study.ledger["tier"] == "micro").sum() == 200
    assert len(study.milestones) == len(study.seen_once) == len(study.threshold) == 200
    assert len(study.rollout) == 31 * 13
    truth = study.truth.set_index(["table", "estimand"])["value"]
    assert truth["ledger", "ratio"] == 5.0
    assert truth["ledger", "technology_share_of_lead"] == 0.67
    assert truth["accounts", "multiple"] == 2.3
    assert truth["milestones", "limit_finished_only"] == pytest.approx(0.92, abs=1e-3)
    assert truth.index.is_unique
    assert (study.truth["formula"] != "").all()


def test_the_same_seed_makes_the_same_study(study):
    again = simulate_study(firms=200, lenders=20, random_state=3)
    for name, table in study.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name])


def test_another_design_changes_its_table_alone(study):
    design = StudyDesign(magnetism=MagnetismDesign(ratio=3))
    other = simulate_study(firms=200, lenders=20, random_state=3, design=design)
    assert not other.ledger.equals(study.ledger)
    assert other.milestones.equals(study.milestones)
    assert other.parameters["magnetism"]["ratio"] == 3


def test_progress_is_told_in_steps():
    told = []
    simulate_study(firms=60, lenders=10, random_state=1, progress=lambda *step: told.append(step))
    assert told[0] == ("drawing ledger", 0, 6)
    assert told[-1] == ("drawn", 6, 6)
    assert len(told) == 7


def test_a_study_cannot_be_changed(study):
    with pytest.raises(dataclasses.FrozenInstanceError):
        study.firms = 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"firms": 10}, "firms is 50 or more; got 10."),
        (
            {"firms": 100, "lenders": 0},
            "clusters is 1 or more and at most the number of firms; got 0 clusters and 100 firms.",
        ),
    ],
)
def test_sizes_that_cannot_be_meant(options, message):
    with pytest.raises(OptionError) as caught:
        simulate_study(random_state=1, **options)
    assert str(caught.value) == message
