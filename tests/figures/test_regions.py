"""Drawings of regions: what is on the page."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from toolkit import figures
from toolkit.errors import OptionError
from toolkit.tiles import TILES


def _is_bold(text):
    return text.get_text() and text.get_fontweight() == "bold"


def test_every_province_has_a_square_of_its_own():
    assert len(TILES) == 34
    assert len({place[:2] for place in TILES.values()}) == 34
    assert len({place[2] for place in TILES.values()}) == 34


def test_the_tile_map_shows_numbers_and_leaves_unknown_ones_blank():
    table = pd.DataFrame({"region": ["430000", "420000", "110000"], "value": [0.91, 1.31, np.nan]})
    axes = figures.tile_map(
        table, region="region", value="value", scale="multiple", centre=1.0, highlight="430000"
    )
    shown = [text.get_text() for text in axes.texts]
    assert {"HN", "0.91", "1.31"} <= set(shown)
    assert shown.count("–") == 32
    framed = [patch for patch in axes.patches if patch.get_linewidth() == 2]
    assert len(framed) == 1
    assert framed[0].get_xy() == (5, -5)


def test_white_stands_at_the_centre():
    table = pd.DataFrame({"region": ["430000", "420000"], "value": [1.0, 3.0]})
    axes = figures.tile_map(table, region="region", value="value", scale="x", centre=1.0)
    by_place = {patch.get_xy(): patch.get_facecolor() for patch in axes.patches}
    assert min(by_place[(5, -5)][:3]) > 0.95
    assert min(by_place[(5, -4)][:3]) < 0.5


def test_two_rows_for_one_province_are_refused():
    table = pd.DataFrame({"region": ["430000", "430000"], "value": [1.0, 2.0]})
    with pytest.raises(OptionError, match="region '430000' occurs twice"):
        figures.tile_map(table, region="region", value="value", scale="x")


def test_small_multiples_share_their_axes():
    table = pd.DataFrame(
        {
            "year": [2010, 2011] * 8,
            "level": np.arange(16) + 1.0,
            "series": np.repeat(["sector", "GDP"] * 4, 2),
            "region": np.repeat(["a", "b", "c", "d"], 4),
        }
    )
    grid = figures.small_multiples(
        table,
        x="year",
        y="level",
        by="series",
        panel="region",
        x_label="year",
        y_label="level",
        columns=3,
        y_scale="log",
        highlight="b",
    )
    assert grid.shape == (2, 3)
    assert [ax.get_title(loc="left") for ax in grid.flat[:4]] == ["a", "b", "c", "d"]
    assert {ax.get_ylim() for ax in grid.flat[:4]} == {grid[0, 0].get_ylim()}
    bold = [text.get_text() for ax in grid.flat for text in ax.findobj(Text) if _is_bold(text)]
    assert bold == ["b"]
    assert not grid[1, 2].axison


def test_stacked_parts_end_at_their_sum():
    table = pd.DataFrame(
        {
            "label": ["x", "x", "y", "y"],
            "part": ["national", "own", "national", "own"],
            "value": [0.5, -0.2, 0.5, 0.1],
        }
    )
    axes = figures.stacked_parts(table, label="label", part="part", value="value", axis="change")
    sums = axes.collections[-1].get_offsets()
    np.testing.assert_allclose(sums[:, 0], [0.3, 0.6])
    widths = sorted(round(bar.get_width(), 6) for bar in axes.patches if bar.get_width())
    assert widths == [-0.2, 0.1, 0.5, 0.5]
