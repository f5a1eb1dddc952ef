"""Chinese text in figures: drawn where a font has it, never as boxes where none has."""

from __future__ import annotations

import re
import warnings
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib import font_manager

from toolkit import figures
from toolkit.figures import fonts
from toolkit.figures.fonts import FontWarning, chinese_font

needs_font = pytest.mark.skipif(
    chinese_font() is None, reason="no Chinese font is installed; fonts-noto-cjk has one"
)
PLACES = pd.DataFrame(
    {"label": ["湖南", "Hubei 湖北"], "estimate": [1.0, 2.0], "conf_low": 0.5, "conf_high": 2.5}
)


@pytest.fixture(autouse=True)
def _look_again():
    chinese_font.cache_clear()
    yield
    chinese_font.cache_clear()


@pytest.fixture
def no_font(monkeypatch):
    monkeypatch.setattr(fonts, "CHINESE_FONTS", ())


def draw(title="各省比率"):
    return figures.intervals(PLACES, label="label", axis="比率", title=title)


def pixels(text):
    with figures.style():
        figure = plt.figure(figsize=(1, 1))
        figure.text(0.1, 0.4, text, fontsize=20)
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., 0] < 128


@needs_font
def test_chinese_text_is_drawn_where_a_font_has_it():
    axes = draw()
    # A missing glyph warns, and a warning is an error here.
    axes.figure.canvas.draw()
    assert axes.get_title(loc="left") == "各省比率"
    # Every box for a missing glyph looks the same; characters do not.
    assert not np.array_equal(pixels("湖"), pixels("南"))
    assert pixels("湖").sum() > pixels("一").sum() > 0


def test_chinese_text_is_left_out_where_no_font_has_it(no_font):
    with pytest.warns(FontWarning) as caught:
        axes = draw("Ratios 各省比率 by province")
    assert len(caught) == 1
    axes.figure.canvas.draw()
    assert [label.get_text() for label in axes.get_yticklabels()] == ["…", "Hubei …"]
    assert axes.get_xlabel() == "…"
    assert axes.get_title(loc="left") == "Ratios … by province"


def test_the_warning_says_how_to_get_a_font_and_names_no_machine(no_font):
    with pytest.warns(FontWarning) as caught:
        draw()
    assert str(caught[0].message) == (
        "Chinese text is left out of a figure (…): no font for it is installed. Install one: "
        "apt-get install fonts-noto-cjk on Debian and Ubuntu, brew install "
        "font-noto-sans-cjk-sc on macOS, Noto Sans CJK SC from fonts.google.com/noto elsewhere; "
        "then start Python anew."
    )
    assert caught[0].filename == "toolkit.figures"


def test_figures_without_chinese_text_need_no_font(no_font):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        axes = figures.intervals(PLACES.assign(label=["a", "b"]), label="label", axis="x")
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]


def test_text_in_a_font_of_the_users_own_stays(no_font):
    figure = plt.figure()
    own = figure.text(0.5, 0.5, "湖南", fontfamily="serif")
    with pytest.warns(UserWarning, match=re.escape("(…)")):
        draw()
    assert own.get_text() == "湖南"


def test_fonts_installed_since_matplotlib_last_looked_are_found(monkeypatch):
    deja = font_manager.findfont("DejaVu Sans")
    manager = SimpleNamespace(ttflist=[])
    manager.addfont = lambda path: manager.ttflist.append(
        SimpleNamespace(name="Noto Sans CJK SC", fname=path)
    )
    monkeypatch.setattr(font_manager, "fontManager", manager)
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [deja])
    assert chinese_font() == "Noto Sans CJK SC"


def test_fonts_removed_since_matplotlib_last_looked_are_passed_over(monkeypatch, tmp_path):
    gone = SimpleNamespace(name="Noto Sans CJK SC", fname=str(tmp_path / "gone.ttc"))
    monkeypatch.setattr(font_manager, "fontManager", SimpleNamespace(ttflist=[gone]))
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    assert chinese_font() is None


def test_a_damaged_font_is_passed_over(monkeypatch, tmp_path):
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"not a font")
    monkeypatch.setattr(fonts, "_known", lambda: None)
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(broken)])
    assert chinese_font() is None
