import itertools

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from toolkit import figures


@pytest.fixture
def rows():
    return pd.DataFrame(
        {
            "name": ["Hunan", "Hubei", "Tibet"],
            "estimate": [2.0, np.nan, 1.0],
            "conf_low": [1.5, np.nan, np.nan],
            "conf_high": [2.5, np.nan, np.nan],
        }
    )


def test_style_leaves_the_session_as_it_was():
    before = dict(mpl.rcParams)
    with figures.style():
        assert mpl.rcParams["axes.spines.top"] is False
    assert dict(mpl.rcParams) == before


def test_style_keeps_an_interactive_mode_that_was_turned_on_inside():
    # As a notebook's backend does when the first figure is drawn.
    try:
        with figures.style():
            plt.ion()
        assert plt.isinteractive()
    finally:
        plt.ioff()


def test_intervals_leave_out_rows_without_an_estimate(rows):
    ax = figures.intervals(rows, label="name", axis="yuan", reference=(1.2, "claim"))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Hunan", "Tibet"]
    assert [text.get_text() for text in ax.texts] == ["claim"]


def test_a_highlighted_row_has_the_second_colour(rows):
    ax = figures.intervals(rows, label="name", axis="yuan", highlight="Tibet")
    colours = [mpl.colors.to_hex(colour).upper() for colour in ax.collections[-1].get_facecolor()]
    assert colours == [figures.PALETTE[0].upper(), figures.PALETTE[1].upper()]


def test_drawing_on_given_axes_makes_no_new_figure(rows):
    ax = plt.subplots()[1]
    assert figures.intervals(rows, label="name", axis="yuan", ax=ax) is ax
    assert len(plt.get_fignums()) == 1


def test_lines_put_the_others_behind_in_grey():
    table = pd.DataFrame(
        {"year": [1, 2] * 3, "value": range(6), "who": ["a"] * 2 + ["b"] * 2 + ["c"] * 2}
    )
    ax = figures.lines(
        table, x="year", y="value", by="who", x_label="year", y_label="v", highlight=["b"]
    )
    assert len(ax.lines) == 3
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["b"]


def test_step_curves_write_the_numbers_at_risk_below():
    table = pd.DataFrame(
        {
            "age": [0.0, 10.0, 20.0],
            "estimate": [1.0, 0.9, 0.8],
            "conf_low": [1.0, 0.85, 0.7],
            "conf_high": [1.0, 0.95, 0.9],
            "at_risk": [100, 90, 40],
        }
    )
    ax = figures.step_curves(table, time="age", by=None, x_label="months", y_label="share")
    assert {"at risk", "100", "90", "40"} <= {text.get_text() for text in ax.texts}


def test_growth_scatter_has_a_ray_for_each_multiple_and_no_overlapping_labels():
    table = pd.DataFrame(
        {"gdp": [0.05] * 5 + [0.09], "sector": [0.06] * 5 + [0.2], "name": list("abcdef")}
    )
    ax = figures.growth_scatter(
        table, x="gdp", y="sector", label="name", x_label="x", y_label="y", highlight="c"
    )
    texts = [text.get_text() for text in ax.texts]
    assert {"×0.5", "×1", "×2", "c", "f"} == set(texts)


def test_a_ray_is_named_where_it_leaves_the_axes():
    table = pd.DataFrame({"gdp": [0.05, 0.1], "sector": [0.02, 0.04], "name": ["a", "b"]})
    ax = figures.growth_scatter(
        table, x="gdp", y="sector", label="name", x_label="x", y_label="y", multiples=(0.3, 1, 2)
    )
    rays = {text.get_text(): text for text in ax.texts if text.get_text().startswith("×")}
    assert set(rays) == {"×0.3", "×1", "×2"}
    top, field = ax.get_ylim()[1], ax.get_window_extent()
    for name in ("×1", "×2"):
        across, up = rays[name].xy
        assert up == pytest.approx(top)
        assert across == pytest.approx(top / float(name[1:]))
        box = rays[name].get_window_extent()
        assert field.y0 <= box.y0
        assert box.y1 <= field.y1
    assert rays["×0.3"].xy == pytest.approx((0.115, 0.3 * 0.115))


def test_all_together_are_named_and_drawn_apart():
    table = pd.DataFrame(
        {
            "gdp": [0.05] * 6,
            "sector": [0.06, 0.06, 0.06, 0.06, 0.06, 0.0601],
            "name": list("abcdeT"),
        }
    )
    ax = figures.growth_scatter(
        table,
        x="gdp",
        y="sector",
        label="name",
        x_label="x",
        y_label="y",
        highlight="c",
        total="T",
    )
    bold = {text.get_text(): text for text in ax.texts if text.get_fontweight() == "bold"}
    assert set(bold) == {"c", "T"}
    boxes = [text.get_window_extent() for text in bold.values()]
    assert not boxes[0].padded(-1).overlaps(boxes[1])


def test_per_cents_on_an_axis_are_not_rounded():
    table = pd.DataFrame({"gdp": [0.05, 0.1], "sector": [0.02, 0.04], "name": ["a", "b"]})
    ax = figures.growth_scatter(table, x="gdp", y="sector", label="name", x_label="x", y_label="y")
    written = ax.xaxis.get_major_formatter()
    assert [written(value, 0) for value in (0.025, 0.1, -0.3)] == ["2.5%", "10%", "-30%"]


def test_labels_are_left_out_where_they_would_cover_others_as_drawn():
    spread = np.random.default_rng(7).normal(size=(60, 2))
    table = pd.DataFrame(spread, columns=["gdp", "sector"])
    table["name"] = [f"Province {number}" for number in range(60)]
    ax = figures.growth_scatter(
        table, x="gdp", y="sector", label="name", x_label="x", y_label="y", highlight="Province 7"
    )
    written = [text for text in ax.texts if text.get_text().startswith("Province")]
    boxes = [text.get_window_extent() for text in written]
    assert 20 < len(boxes) < 60
    assert written[0].get_text() == "Province 7"
    apart = [not a.padded(-1).overlaps(b) for a, b in itertools.combinations(boxes, 2)]
    assert all(apart)


def test_bounds_draw_open_sides_as_arrows_on_a_log_scale():
    table = pd.DataFrame({"name": ["over", "range"], "low": [1e6, 1e5], "high": [np.nan, 1e7]})
    ax = figures.bounds(table, label="name", low="low", high="high", axis="CNY")
    assert ax.get_xscale() == "log"
    assert len(ax.get_yticklabels()) == 2


def test_a_long_title_is_broken_into_lines(rows):
    ax = figures.intervals(rows, label="name", axis="yuan", title="growth of revenue " * 8)
    assert "\n" in ax.get_title(loc="left")
