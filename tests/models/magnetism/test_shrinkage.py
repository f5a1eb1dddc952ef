from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from toolkit.errors import ModelError
from toolkit.models.magnetism import magnetism_ratio, shrink_ratios
from toolkit.models.magnetism.shrinkage import between_variance

mpl.use("Agg")


def cells(*, seed: int, between: float, groups: int = 20) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = 5 + between * rng.normal(size=groups)
    sizes = rng.integers(8, 60, groups)
    of = np.repeat(np.arange(groups), sizes)
    lead = rng.gamma(20.0, 0.05, len(of))
    follow = lead * (truth[of] + rng.normal(size=len(of)) * 3)
    return pd.DataFrame({"region": of, "x": lead, "y": np.maximum(follow, 0)}), truth


def test_variance_between_by_hand() -> None:
    # Two values 1 and 3 with errors 1: (1 + 1)/(t² + 1) = 1, so t² = 1.
    assert between_variance(np.array([1.0, 3.0]), np.ones(2)) == pytest.approx(1.0)
    assert between_variance(np.array([1.0, 1.1]), np.ones(2)) == 0.0


def test_small_cells_are_drawn_to_the_mean_and_large_ones_stay() -> None:
    table, _ = cells(seed=1, between=1.0)
    shrunk = shrink_ratios(magnetism_ratio(table, lead="x", follow="y", by="region"))
    rows = shrunk.tidy()
    mean = shrunk.facts["mean"]
    assert ((rows["estimate"] - mean).abs() <= (rows["raw_ratio"] - mean).abs()).all()
    assert np.corrcoef(rows["kept"], rows["raw_std_error"])[0, 1] < -0.9
    assert rows["kept"].between(0, 1).all()


def test_shrunken_ratios_are_nearer_to_the_truth_and_their_intervals_cover() -> None:
    gains, inside = [], []
    for seed in range(40):
        table, truth = cells(seed=seed, between=0.5)
        result = magnetism_ratio(table, lead="x", follow="y", by="region")
        rows = shrink_ratios(result).tidy()
        gains.append(
            np.square(rows["estimate"] - truth).mean() / np.square(rows["raw_ratio"] - truth).mean()
        )
        inside.append(((rows["conf_low"] < truth) & (truth < rows["conf_high"])).mean())
    assert np.mean(gains) < 0.8
    assert 0.90 < np.mean(inside) < 0.99


def test_groups_without_an_error_are_left_out() -> None:
    table, _ = cells(seed=2, between=1.0, groups=6)
    alone = pd.DataFrame({"region": [99], "x": [1.0], "y": [5.0]})
    result = magnetism_ratio(pd.concat([table, alone]), lead="x", follow="y", by="region")
    shrunk = shrink_ratios(result)
    assert shrunk.notes[0] == "1 groups have no standard error and are left out."
    assert shrunk.facts["rows"] == 6
    assert "cells truly vary" in shrunk.sentence()
    assert len(shrunk.plot().get_yticklabels()) == 6
    with pytest.raises(ModelError, match="Shrinkage needs 4 groups with a standard error"):
        shrink_ratios(magnetism_ratio(table, lead="x", follow="y"))
