import pandas as pd
import pytest

from tests.project import PROJECT
from toolkit.clean.cohorts import clean_cohorts
from toolkit.errors import ColumnError

PUBLISHED = PROJECT / "data/raw/sba/sba_7a_charge_offs_by_cohort_and_age.csv"


def counts(**changes):
    table = pd.DataFrame(
        {
            "approval_fy": [2019, 2019, 2019, 2020, 2020],
            "age_months": [0, 3, 6, 0, 3],
            "n_at_risk": [100, 100, 100, 50, 50],
            "chargeoffs_in_interval": [0, 4, 6, 1, 2],
            "cum_chargeoffs": [0, 4, 10, 1, 3],
        }
    )
    for column, (row, value) in changes.items():
        table.loc[row, column] = value
    return table


def test_risk_sets_by_hand():
    table = clean_cohorts(counts()).table
    assert table["at_risk"].tolist() == [100, 100, 96, 50, 49]
    assert table["events"].tolist() == [0, 4, 6, 1, 2]
    assert table["censored"].tolist() == [0, 0, 90, 0, 47]
    assert table["exits"].sum() == 0


def test_everybody_who_begins_ends_somewhere():
    table = clean_cohorts(PUBLISHED).table
    for _, cohort in table.groupby("cohort"):
        assert cohort["at_risk"].iloc[0] == cohort[["events", "censored"]].to_numpy().sum()
        left = (cohort["at_risk"] - cohort["events"] - cohort["censored"]).iloc[:-1]
        assert left.tolist() == cohort["at_risk"].iloc[1:].tolist()


def test_the_published_table():
    cleaned = clean_cohorts(PUBLISHED)
    first = cleaned.table.groupby("cohort").first()
    assert first["at_risk"].sum() == 1_674_296
    assert cleaned.audit.rows_in == cleaned.audit.passed == 1245
    assert cleaned.audit.count("event_at_age_zero") == 2
    assert cleaned.audit.count("observed_for_less") == 10


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"cum_chargeoffs": (1, 5)}, "does_not_add_up"),
        ({"n_at_risk": (2, 99)}, "size_changes"),
        ({"chargeoffs_in_interval": (0, -1)}, "impossible_count"),
        ({"age_months": (1, 6)}, "age_repeated"),
        ({"cum_chargeoffs": (2, None)}, "not_a_number"),
    ],
)
def test_a_contradicting_cohort_is_rejected_whole_and_the_other_kept(change, rule):
    cleaned = clean_cohorts(counts(**change))
    assert cleaned.table["cohort"].unique().tolist() == [2020]
    assert len(cleaned.rejected) == 3
    assert cleaned.audit.count(rule) == 3


def test_a_missing_column_is_named():
    with pytest.raises(ColumnError) as caught:
        clean_cohorts(counts().rename(columns={"n_at_risk": "at_risk"}))
    assert str(caught.value).startswith("No column 'n_at_risk'. Did you mean 'at_risk'?")
