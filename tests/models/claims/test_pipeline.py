"""From messy files to verdicts: the truth of a simulated study, found by the three models."""

import numpy as np
import pandas as pd
import pytest

from tests.project import RAW
from toolkit.clean.accounts import clean_accounts
from toolkit.clean.ledgers import clean_ledger
from toolkit.clean.milestones import clean_milestones
from toolkit.clean.programmes import clean_figures
from toolkit.models.claims import Evidence, check_claim, check_claims
from toolkit.models.growth import growth_multiple
from toolkit.models.magnetism import capital_magnetism
from toolkit.models.survival import reach
from toolkit.simulate import make_study

pytestmark = pytest.mark.slow

UNTIL = "2024-12-31"
TRUTH = {
    "hunan_follow_on": ("ledger", "ratio"),
    "hunan_prototype_share": ("milestones", "reach"),
    "hunan_growth_multiple": ("accounts", "multiple"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("study") / "simulated"
    # The study that the reports are made from.
    make_study(place, random_state=2024)
    return place


def cleaned(folder, clean):
    """Clean each file as received, and put together what passed."""
    tables = [clean(path, observed_until=UNTIL).table.df() for path in sorted(folder.iterdir())]
    return pd.concat(tables, ignore_index=True)


@pytest.fixture(scope="module")
def evidence(folder):
    received = cleaned(folder / "raw/loans", clean_ledger)
    loans = received[~received["flags"].str.contains("ten_thousandfold")]
    register = cleaned(folder / "raw/milestones", clean_milestones)
    accounts = clean_accounts(folder / "raw/accounts").table
    growth = growth_multiple(
        accounts,
        sector="high_tech_manufacturing_revenue",
        against="gdp",
        start=2010,
        end=2023,
        by=None,
        method="pooled",
        vintage={"gross_regional_product": "revised"},
    )
    return {
        "hunan_follow_on": Evidence(
            result=capital_magnetism(
                loans, window="adjusted", cluster="funder_id", observed_until=UNTIL
            )
        ),
        "hunan_prototype_share": Evidence(result=reach(register, months=18, exits="compete")),
        "hunan_growth_multiple": Evidence(result=growth, where={"term": "growth_multiple"}),
    }


@pytest.fixture(scope="module")
def truth(folder):
    known = pd.DataFrame(pd.read_json(folder / "truth.json", typ="series")["truth"])
    values = known.set_index(["table", "estimand"])["value"]
    return {name: float(values[key]) for name, key in TRUTH.items()}


@pytest.fixture(scope="module")
def published():
    figures = clean_figures(RAW / "published_figures.csv").table
    return figures[figures["figure_id"].isin(TRUTH)]


def saying(published, numbers):
    """Return the published figures with other numbers in them."""
    said = published["figure_id"].map(numbers)
    return published.assign(low=said, high=said, as_published=said.map("{:g}".format))


def verdicts(figures, evidence):
    return check_claims(figures, evidence).tidy().set_index("figure_id")["verdict"].to_dict()


def test_the_models_find_the_truth(evidence, truth):
    for name, found in evidence.items():
        row = found.row()
        assert abs(row["estimate"] - truth[name]) < 2.5 * row["std_error"], name
        # Found closely enough to matter: within a tenth.
        assert abs(row["estimate"] / truth[name] - 1) < 0.1, name


def test_what_is_true_is_supported(published, evidence, truth):
    assert verdicts(saying(published, truth), evidence) == dict.fromkeys(TRUTH, "supported")


@pytest.mark.parametrize("factor", [0.5, 1.2])
def test_what_is_far_from_true_is_contradicted(published, evidence, truth, factor):
    far = {name: factor * value for name, value in truth.items()}
    assert verdicts(saying(published, far), evidence) == dict.fromkeys(TRUTH, "contradicted")


def test_the_published_share_holds_for_the_finished_alone(published, evidence, truth):
    # The study's ratio and multiple are those published; its share in production is lower.
    found = verdicts(published, evidence)
    assert truth["hunan_prototype_share"] < 0.85
    assert found == dict.fromkeys(TRUTH, "supported") | {"hunan_prototype_share": "contradicted"}


@pytest.mark.parametrize("name", TRUTH)
@pytest.mark.parametrize("side", ["conf_low", "conf_high"])
def test_each_verdict_flips_where_the_interval_crosses_the_claim(published, evidence, name, side):
    edge = float(evidence[name].row()[side])
    outward = -1 if side == "conf_low" else 1
    claim = published[published["figure_id"] == name]
    inside, outside = (
        check_claim(claim.assign(low=value, high=value), evidence[name])
        for value in (edge - outward * 1e-6, edge + outward * 1e-6)
    )
    assert (inside.status, outside.status) == ("supported", "contradicted")
    assert inside.p_value > 0.05 > outside.p_value
    assert np.isclose(inside.p_value, 0.05, atol=1e-3)


def test_bounds_follow_the_same_interval(published, evidence, truth):
    over = published.assign(
        low=published["figure_id"].map(truth) * 0.8, high=np.nan, bound="over", inclusive=False
    )
    assert verdicts(over, evidence) == dict.fromkeys(TRUTH, "supported")
    under = over.assign(low=np.nan, high=over["low"], bound="under")
    assert verdicts(under, evidence) == dict.fromkeys(TRUTH, "contradicted")
