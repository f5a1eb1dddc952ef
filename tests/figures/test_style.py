import io

import matplotlib.image as mpimg
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.layout_engine import ConstrainedLayoutEngine

from toolkit.figures import intervals, save_figure
from toolkit.figures.inline import is_settled

FRAME = pd.DataFrame(
    {"label": ["a", "b"], "estimate": [1, 3], "conf_low": [0, 2], "conf_high": [2, 4]}
)


def drawn(*, title="A ratio", **options):
    return intervals(FRAME, label="label", axis="yuan per yuan", title=title, **options)


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


@pytest.fixture
def inline(monkeypatch):
    monkeypatch.setattr("matplotlib.get_backend", lambda: "inline")


def png(figure, **options):
    content = io.BytesIO()
    figure.savefig(content, format="png", **options)
    return content.getvalue()


def shown(figure):
    """As a notebook shows it."""
    return png(figure, bbox_inches="tight")


def seen(content):
    return mpimg.imread(io.BytesIO(content))


def pixels(content):
    return seen(content).shape[1::-1]


def test_a_figure_in_a_window_is_laid_out_whenever_it_is_drawn():
    assert isinstance(drawn().figure.get_layout_engine(), ConstrainedLayoutEngine)


@pytest.mark.usefixtures("inline")
def test_a_figure_shown_inline_is_laid_out_once(monkeypatch):
    laid_out = []
    execute = ConstrainedLayoutEngine.execute
    monkeypatch.setattr(
        ConstrainedLayoutEngine,
        "execute",
        lambda *given: laid_out.append(given) or execute(*given),
    )
    figure = drawn().figure
    assert not figure.stale
    assert shown(figure) == shown(figure)
    assert len(laid_out) == 1


@pytest.mark.parametrize("title", ["A ratio", "A title that is wider than the figure: " + "m" * 70])
def test_laid_out_once_or_at_each_drawing_it_is_the_same_picture(request, title):
    in_a_window = shown(drawn(title=title).figure)
    request.getfixturevalue("inline")
    # The file may be packed otherwise; what is seen is the same, dot by dot.
    np.testing.assert_array_equal(seen(shown(drawn(title=title).figure)), seen(in_a_window))


@pytest.mark.usefixtures("inline")
def test_what_is_added_to_a_figure_shown_inline_is_shown_whole():
    ax = drawn()
    before = pixels(shown(ax.figure))
    ax.annotate("a note beside it", (1.3, 0.5), xycoords="axes fraction")
    assert pixels(shown(ax.figure)) > before
    assert shown(ax.figure) == shown(ax.figure)


@pytest.mark.usefixtures("inline")
def test_a_figure_of_the_user_is_left_to_the_user():
    theirs = plt.figure(layout="constrained")
    drawn(ax=theirs.subplots())
    assert isinstance(theirs.get_layout_engine(), ConstrainedLayoutEngine)


def test_a_figure_shown_inline_is_laid_out_anew_for_print(tmp_path, request):
    in_a_window = save_figure(drawn(), tmp_path / "window.svg").read_bytes()
    request.getfixturevalue("inline")
    ax = drawn()
    before = ax.get_position().bounds
    assert save_figure(ax, tmp_path / "inline.svg").read_bytes() == in_a_window
    assert ax.get_position().bounds == pytest.approx(before, abs=1e-9)
    assert is_settled(ax.figure)
