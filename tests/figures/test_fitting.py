"""Every kind of figure is whole at every width of print, and as it was afterwards."""

import itertools
import warnings

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from tests.figures.kinds import (
    KINDS,
    few_intervals,
    growth_scatter,
    step_curves_by_sector,
    step_curves_by_sector_and_cause,
)
from toolkit import figures
from toolkit.figures.fitting import CutWarning
from toolkit.figures.saving import WIDTHS, save_figure


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


@pytest.fixture
def saved(monkeypatch, tmp_path):
    """Save a figure, and ask something of it as it is when it is written."""
    write = Figure.savefig

    def save(ax, ask, **options):
        answers = []

        def spy(figure, *given, **more):
            answers.append(ask(figure))
            return write(figure, *given, **(more | {"dpi": 40}))

        monkeypatch.setattr(Figure, "savefig", spy)
        save_figure(ax, tmp_path / "figure.png", **options)
        return answers[0]

    return save


def over_the_edge(figure):
    """How far what is drawn reaches over the page on the worst side, in inches.

    matplotlib itself adds up the box of all that it draws.
    """
    box, (wide, high) = figure.get_tightbbox(), figure.get_size_inches()
    return max(-box.x0, -box.y0, box.x1 - wide, box.y1 - high)


def whole(figure):
    return over_the_edge(figure) <= 0.02


@pytest.mark.parametrize("title", ["drop", "keep"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_nothing_is_cut_at_the_width_of_a_column(kind, title, saved):
    with warnings.catch_warnings():
        warnings.simplefilter("error", CutWarning)
        assert saved(kind(), whole, width="column", title=title)


@pytest.mark.slow
@pytest.mark.parametrize("width", ["one_and_a_half", "page"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_nothing_is_cut_at_the_other_widths(kind, width, saved):
    assert set(WIDTHS) == {"column", "one_and_a_half", "page"}
    assert saved(kind(), whole, width=width)


def test_what_is_made_to_fit_would_be_cut_without_it():
    figure = step_curves_by_sector().get_figure()
    figure.set_size_inches(90 / 25.4, 50 / 25.4)
    figure.draw_without_rendering()
    assert not whole(figure)


def test_letters_keep_their_size_where_breaking_lines_is_enough(saved):
    def sizes(figure):
        ax = figure.axes[0]
        return ax.yaxis.label.get_fontsize(), ax.get_yticklabels()[0].get_fontsize()

    ax = step_curves_by_sector()
    first = sizes(ax.get_figure())
    assert saved(ax, sizes, width="column") == first


def test_a_legend_that_crowds_its_axes_goes_below_them(saved):
    def places(figure):
        (legend,) = figure.legends
        return legend.get_window_extent(), figure.axes[0].get_window_extent(), figure.bbox

    ax = step_curves_by_sector_and_cause()
    legend, field, page = saved(ax, places, width="column")
    assert legend.y1 <= field.y0
    assert page.x0 <= legend.x0
    assert legend.x1 <= page.x1
    assert not ax.get_figure().legends
    assert ax.get_legend().get_visible()


def test_numbers_at_risk_do_not_run_into_each_other(saved):
    def numbers(figure):
        counts = [t for t in figure.axes[0].texts if t.get_visible() and t.xycoords[0] == "data"]
        boxes = [t.get_window_extent() for t in counts if t.get_text()]
        return [a.overlaps(b) for a, b in itertools.combinations(boxes, 2)]

    assert not any(saved(step_curves_by_sector_and_cause(), numbers, width="column"))


def test_labels_of_points_do_not_cover_each_other_and_both_that_matter_stay(saved):
    def labels(figure):
        texts = [t for t in figure.axes[0].texts if t.get_visible()]
        boxes = [t.get_window_extent() for t in texts]
        overlaps = any(a.padded(-1).overlaps(b) for a, b in itertools.combinations(boxes, 2))
        return overlaps, {t.get_text() for t in texts}

    overlaps, said = saved(growth_scatter(), labels, width="column")
    assert not overlaps
    assert {"Hunan", "Inner Mongolia", "×0.5", "×1", "×2", "×2.3"} <= said


def test_names_of_rows_stand_clear_of_each_other(saved):
    def rows(figure):
        boxes = [label.get_window_extent() for label in figure.axes[0].get_yticklabels()]
        return [one.overlaps(other) for one, other in itertools.pairwise(boxes)]

    for kind in KINDS:
        if kind.__name__ in ("intervals", "bounds", "stacked_parts"):
            assert not any(saved(kind(), rows, width="column")), kind.__name__


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_figure_is_as_it_was_when_it_has_been_written(kind, saved):
    def state(figure):
        return tuple(figure.get_size_inches()), [
            (text.get_text(), text.get_visible(), text.get_fontsize(), text.get_position())
            for text in figure.findobj(Text)
            if text in {*figure.texts, *(t for ax in figure.axes for t in ax.texts)}
        ]

    ax = kind()
    figure = ax.get_figure()
    figure.draw_without_rendering()
    before, labels = state(figure), [ax.get_xlabel(), ax.get_ylabel(), ax.get_title(loc="left")]
    saved(ax, whole, width="column")
    figure.draw_without_rendering()
    assert state(figure) == before
    assert [ax.get_xlabel(), ax.get_ylabel(), ax.get_title(loc="left")] == labels


def test_a_height_that_is_given_is_kept(saved):
    size = saved(few_intervals(), lambda f: f.get_size_inches() * 25.4, width="column", height=60)
    assert size == pytest.approx((90, 60))


def test_what_cannot_be_helped_is_warned_of(tmp_path):
    ax = plt.figure(layout="constrained").subplots()
    ax.text(0.5, 0.5, "immovable" * 12, transform=ax.transAxes).set_in_layout(False)
    with pytest.warns(CutWarning) as caught:
        save_figure(ax, tmp_path / "f.png", width=30)
    assert str(caught[0].message) == (
        f"A figure 30 mm wide cuts 1 of its texts at the edge: {'immovable' * 12!r}. Make it wider "
        "(width='page'), or shorten them."
    )


def test_a_chinese_name_breaks_between_any_two_characters(saved):
    import pandas as pd

    frame = pd.DataFrame({"x": [1, 2], "y": [1.0, 2.0], "of": "a"})
    ax = figures.lines(frame, x="x", y="y", by="of", x_label="尚未量产的比例" * 8, y_label="y")
    assert saved(ax, lambda figure: figure.axes[0].get_xlabel().count("\n"), width="column") >= 1
