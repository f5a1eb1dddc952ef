from __future__ import annotations

import importlib
import sys

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from toolkit.errors import ColumnError, DependencyError, ModelError
from toolkit.models.magnetism import threshold_effect

pytest.importorskip("rdrobust")
pytest.importorskip("rddensity")
mpl.use("Agg")


def firms(*, seed: int = 1, rows: int = 6_000, effect: float = 2.0) -> pd.DataFrame:
    """Draw firms let in from a score of 70, of whom some take up on both sides."""
    rng = np.random.default_rng(seed)
    score = rng.normal(65, 10, rows)
    will = rng.normal(size=rows)
    takeup = (will > np.where(score >= 70, -0.3, 1.0)).astype(float)
    outcome = 0.05 * score + effect * takeup + 0.7 * will + rng.normal(size=rows)
    return pd.DataFrame(
        {
            "score": score,
            "takeup": takeup,
            "bank": outcome,
            "sharp": 0.05 * score + effect * (score >= 70) + rng.normal(size=rows),
            "age": rng.gamma(3.0, size=rows),
            "county": rng.integers(0, 60, rows),
        }
    )


def test_rdsenate_gives_the_published_answers(shared_data) -> None:
    senate = pd.read_csv(shared_data("oracle/rdsenate.csv"))
    result = threshold_effect(senate, outcome="vote", score="margin", cutoff=0)
    rows = result.tidy().set_index("term")
    assert rows.loc["conventional", "estimate"] == pytest.approx(7.4141, abs=5e-5)
    assert rows.loc["conventional", "std_error"] == pytest.approx(1.4587, abs=5e-5)
    assert rows.loc["robust", "conf_low"] == pytest.approx(4.094, abs=5e-4)
    assert rows.loc["robust", "conf_high"] == pytest.approx(10.919, abs=5e-4)
    assert result.facts["bandwidth_left"] == pytest.approx(17.754, abs=5e-4)
    assert result.notes[0] == "93 of 1390 rows left out: a value is missing."
    assert result.sentence() == (
        "Jump of vote where margin reaches 0: 7.414 units of vote (95% robust interval 4.094 to "
        "10.92). The door opens at 0."
    )


def test_a_known_jump_is_found_sharp_and_fuzzy() -> None:
    data = firms()
    sharp = threshold_effect(data, outcome="sharp", score="score", cutoff=70)
    fuzzy = threshold_effect(data, outcome="bank", score="score", cutoff=70, takeup="takeup")
    for result in (sharp, fuzzy):
        row = result.tidy().set_index("term").loc["robust"]
        assert row["conf_low"] < 2.0 < row["conf_high"]
        assert row["std_error"] < 0.6
    stage = fuzzy.tidy().set_index("term").loc["first_stage"]
    # The share willing beyond -0.3 less that beyond 1.0.
    assert stage["conf_low"] < 0.618 - 0.159 < stage["conf_high"]
    assert fuzzy.facts["design"] == "fuzzy"
    assert fuzzy.unit == "units of bank per unit of takeup"


def test_the_fuzzy_effect_is_the_jump_over_the_jump_of_takeup() -> None:
    data = firms(seed=4)
    fuzzy = threshold_effect(data, outcome="bank", score="score", cutoff=70, takeup="takeup")
    assert fuzzy.tidy().loc[0, "estimate"] == pytest.approx(2.0, abs=0.6)
    naive = data.groupby("takeup")["bank"].mean().diff().iloc[-1]
    assert naive > 2.5


def test_checks_of_a_sound_design_and_of_a_manipulated_score() -> None:
    sound = threshold_effect(
        firms(), outcome="sharp", score="score", cutoff=70, covariates=["age"]
    ).checks(donuts=(0.5,), placebos=(60.0, 78.0))
    assert sound["check"].tolist() == ["density", "balance", "donut", "placebo", "placebo"]
    assert sound["at"].tolist() == ["70", "age", "0.5", "60", "78"]
    told = sound.set_index("check")["p_value"]
    assert told["density"] > 0.05
    assert (told["placebo"] > 0.05).all()
    assert told["donut"] < 1e-4
    bunched = firms()
    near = bunched["score"].between(67, 70)
    moved = near & (np.arange(len(bunched)) % 2 == 0)
    bunched.loc[moved, "score"] = 140 - bunched.loc[moved, "score"]
    checks = threshold_effect(bunched, outcome="sharp", score="score", cutoff=70).checks()
    assert checks.set_index("check").loc["density", "p_value"] < 0.01
    assert (checks["check"] == "donut").sum() == 2


def test_mass_points_are_said() -> None:
    data = firms().assign(score=lambda table: table["score"].round())
    result = threshold_effect(data, outcome="sharp", score="score", cutoff=70)
    assert any(note.startswith("The score has mass points: ") for note in result.notes)


def test_covariates_and_clusters_are_taken() -> None:
    data = firms()
    plain = threshold_effect(data, outcome="sharp", score="score", cutoff=70).tidy()
    helped = threshold_effect(
        data.assign(sharp=data["sharp"] + 3 * data["age"]),
        outcome="sharp",
        score="score",
        cutoff=70,
        covariates=["age"],
        cluster="county",
    ).tidy()
    assert helped.loc[0, "std_error"] < 2 * plain.loc[0, "std_error"]


def test_what_cannot_be_meant() -> None:
    data = firms(rows=300)
    with pytest.raises(ModelError) as sides:
        threshold_effect(data, outcome="sharp", score="score", cutoff=700)
    assert str(sides.value) == (
        "A jump at 700 needs 20 rows or more on both sides; there are 300 below and 0 from it on. "
        "Check the cutoff and the unit of the score."
    )
    with pytest.raises(ColumnError, match=r"No column 'scroe'\. Did you mean 'score'"):
        threshold_effect(data, outcome="sharp", score="scroe", cutoff=70)
    with pytest.raises(ColumnError, match="Column 'score' is a number in each row"):
        threshold_effect(data.assign(score="70"), outcome="sharp", score="score", cutoff=70)


def test_without_the_optional_part_the_error_says_how_to_install_it(monkeypatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] in ("rdrobust", "rddensity")]:
        monkeypatch.delitem(sys.modules, name)
    real = importlib.import_module

    def refuse(name: str, package: str | None = None):
        if name in ("rdrobust", "rddensity"):
            raise ImportError(name)
        return real(name, package)

    monkeypatch.setattr(importlib, "import_module", refuse)
    with pytest.raises(DependencyError) as missing:
        threshold_effect(firms(rows=300), outcome="sharp", score="score", cutoff=65)
    assert str(missing.value) == (
        "threshold_effect() needs rdrobust, which is not installed. Install the optional part: "
        "pip install 'regional-techfinance-toolkit[rd]'."
    )


def test_plot_and_key_figures() -> None:
    result = threshold_effect(firms(), outcome="sharp", score="score", cutoff=70)
    axes = result.plot()
    assert axes.get_xlabel() == "score"
    lower, upper = axes.get_lines()[:2]
    gap = upper.get_ydata()[-1] - lower.get_ydata()[-1]
    assert gap == pytest.approx(result.tidy().loc[0, "estimate"], rel=1e-3)
    assert set(result.key_figures()) == {"jump", "95% robust interval"}
