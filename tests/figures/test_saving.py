import re
import zlib

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from toolkit.errors import OptionError
from toolkit.figures import intervals
from toolkit.figures.saving import save_figure


@pytest.fixture
def ax():
    frame = pd.DataFrame(
        {"label": ["a", "b"], "estimate": [1, 3], "conf_low": [0, 2], "conf_high": [2, 4]}
    )
    drawn = intervals(frame, label="label", axis="yuan per yuan", title="A ratio")
    yield drawn
    plt.close(drawn.figure)


def points(text, name):
    return [float(number) for number in re.search(rf"{name}=?\s*[\[\"]([^\]\"]+)", text)[1].split()]


@pytest.mark.parametrize(("width", "millimetres"), [("column", 90), ("page", 190), (120, 120)])
def test_a_figure_has_the_width_of_print(ax, tmp_path, width, millimetres):
    text = save_figure(ax, tmp_path / "f.pdf", width=width).read_bytes().decode("latin-1")
    box = points(text, "/MediaBox")
    assert box[2] == pytest.approx(millimetres / 25.4 * 72, abs=0.01)


def test_fonts_are_embedded_as_truetype(ax, tmp_path):
    text = save_figure(ax, tmp_path / "f.pdf").read_bytes()
    streams = [
        zlib.decompress(part)
        for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", text, re.DOTALL)
        if part[:1] == b"x"
    ]
    assert b"/FontFile2" in text or any(b"/FontFile2" in stream for stream in streams)
    assert b"/Type3" not in text


@pytest.mark.parametrize("suffix", ["pdf", "svg", "png"])
def test_the_same_figure_gives_the_same_bytes(ax, tmp_path, suffix):
    first = save_figure(ax, tmp_path / f"a.{suffix}").read_bytes()
    assert save_figure(ax, tmp_path / f"b.{suffix}").read_bytes() == first


def test_a_figure_is_left_as_it_was(ax, tmp_path):
    before = tuple(ax.figure.get_size_inches()), ax.get_title(loc="left")
    save_figure(ax, tmp_path / "f.svg", width="page", height=50)
    assert (tuple(ax.figure.get_size_inches()), ax.get_title(loc="left")) == before


def test_the_title_is_dropped_unless_it_is_asked_for(ax, tmp_path, monkeypatch):
    said = []
    save = type(ax.figure).savefig
    monkeypatch.setattr(
        type(ax.figure),
        "savefig",
        lambda figure, *a, **k: (said.append(ax.get_title(loc="left")), save(figure, *a, **k)),
    )
    save_figure(ax, tmp_path / "a.svg")
    save_figure(ax, tmp_path / "b.svg", title="keep")
    assert said == ["", "A ratio"]


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("f.eps", {}, "f.eps: a figure is written as .pdf, .svg, .png; name the file so."),
        (
            "f.pdf",
            {"width": "colum"},
            "width is one of column, one_and_a_half, page, or in millimetres; got 'colum'. "
            "Did you mean 'column'?",
        ),
        (
            "f.pdf",
            {"width": 3.5},
            "width is in millimetres, 30 or more; got 3.5. Inches times 25.4?",
        ),
    ],
)
def test_what_cannot_be_written_is_refused(ax, tmp_path, name, options, message):
    with pytest.raises(OptionError) as caught:
        save_figure(ax, tmp_path / name, **options)
    assert str(caught.value) == message
    assert not (tmp_path / name).exists()
