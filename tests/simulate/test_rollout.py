import numpy as np
import pytest

from toolkit.errors import OptionError
from toolkit.simulate import RolloutDesign


def _truth(design):
    return {truth.estimand: truth.value for truth in design.truth()}


def _effects(panel, outcome):
    """Return each treated cell against the year before adoption and the never treated."""
    wide = panel.pivot_table(index="region", columns="year", values=outcome)
    adopted = panel.groupby("region")["adopted"].first()
    never = wide[adopted == 0].mean()
    found = {}
    for region, year in adopted[adopted > 0].items():
        base = year - 1
        for now in range(year, panel["year"].max() + 1):
            change = wide.loc[region, now] - wide.loc[region, base]
            found[region, now - year] = change - (never[now] - never[base])
    return found


def test_effects_without_noise_are_the_truth():
    design = RolloutDesign(noise_sd=1e-12)
    panel = design.draw(random_state=1)
    for (_, since), effect in _effects(panel, "log_bank").items():
        assert effect == pytest.approx(design.effect_after(since), abs=1e-9)
    assert np.abs(list(_effects(panel, "log_placebo").values())).max() < 1e-9


def test_averages_by_hand():
    truth = _truth(RolloutDesign())
    # 9, 7 and 5 treated years with mean effects of 0.45, 0.40 and 0.35.
    assert truth["att_simple"] == pytest.approx((9 * 0.45 + 7 * 0.40 + 5 * 0.35) / 21)
    assert truth["att_by_group"] == pytest.approx(0.40)
    assert truth["att_dynamic"] == pytest.approx(0.45)
    assert truth["att_after_3"] == pytest.approx(0.40)
    assert truth["placebo"] == 0


def _average(panel, outcome, design):
    adopted = panel["adopted"].to_numpy().reshape(31, -1)[:, 0]
    values = panel[outcome].to_numpy().reshape(31, -1)
    values = values - values[adopted == 0].mean(axis=0)
    since = [
        (values[place, first:] - values[place, first - 1])
        for place, first in enumerate(adopted - design.start)
        if first > 0
    ]
    return np.concatenate(since).mean()


def test_the_truth_is_found_on_average():
    design = RolloutDesign()
    panels = [design.draw(random_state=seed) for seed in range(1_000, 1_300)]
    for outcome, truth in (("log_bank", _truth(design)["att_simple"]), ("log_placebo", 0.0)):
        found = np.array([_average(panel, outcome, design) for panel in panels])
        assert abs(found.mean() - truth) < 4 * found.std() / np.sqrt(len(found))


def test_provinces_adopt_in_different_years():
    panel = RolloutDesign().draw(random_state=3)
    adopted = panel.groupby("region")["adopted"].first()
    assert adopted.value_counts().to_dict() == {2016: 8, 2018: 8, 2020: 8, 0: 7}
    assert adopted[["340000", "320000", "330000"]].tolist() == [2016, 2018, 2020]
    assert np.allclose(np.exp(panel["log_bank"]), panel["bank_cny"])
    assert not adopted.equals(
        RolloutDesign().draw(random_state=4).groupby("region")["adopted"].first()
    )


def test_errors_are_stationary_and_persistent():
    design = RolloutDesign(region_sd=0, year_sd=0, trend=0, noise_sd=1, persistence=0.6)
    panels = [design.draw(random_state=seed) for seed in range(40)]
    errors = np.concatenate(
        [
            panel.pivot_table(index="region", columns="year", values="log_placebo").to_numpy()
            for panel in panels
        ]
    )
    errors -= design.mean_log
    assert errors.std(axis=0) == pytest.approx(np.ones(13), abs=0.08)
    assert np.corrcoef(errors[:, 5], errors[:, 6])[0, 1] == pytest.approx(0.6, abs=0.06)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"adoption": ((2016, 40),)},
            "adoption counts 1 to 31 regions in all; got 40.",
        ),
        (
            {"adoption": ((2012, 3),)},
            "A year of adoption lies after start and not after end (2012 to 2024); got 2012.",
        ),
        (
            {"persistence": 1.0},
            "persistence lies between -1 and 1; got 1. At 1 the errors would never return.",
        ),
    ],
)
def test_designs_that_cannot_be(options, message):
    with pytest.raises(OptionError) as caught:
        RolloutDesign(**options)
    assert str(caught.value) == message
