import base64
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.report.making import code, notebook, prose, ran, shown
from toolkit.report.outputs import KEY_FIGURES, Failure
from toolkit.report.page import build_page

PNG = base64.b64encode(b"\x89PNG").decode()
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><title>湖南</title></svg>'


class Resources(HTMLParser):
    """Collects what a browser would fetch, and the tags of a page."""

    FETCHED = ("src", "srcset", "poster", "data", "background")

    def __init__(self):
        super().__init__()
        self.tags, self.fetched = [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append((tag, attributes))
        self.fetched += [attributes[name] for name in self.FETCHED if attributes.get(name)]
        if tag == "link":
            self.fetched.append(attributes.get("href"))


def read(page):
    resources = Resources()
    resources.feed(page)
    return resources


def build(*cells, **options):
    options = {"name": "the-name", "folder": Path(), "parameters": {}} | options
    return build_page(notebook(*cells), **options)


def figures(page):
    return [attributes for tag, attributes in read(page).tags if tag == "img"]


def test_the_title_is_the_first_heading_wherever_it_comes_from():
    printed = ran("t", shown(text_markdown="Some words.\n\n# R&D in *Hunan* 湖南"))
    assert build(printed, prose("later", "# Later")).title == "R&D in Hunan 湖南"
    assert build(prose("p", "no heading"), code("c", "# Comment")).title == "the-name"
    assert build(printed, title="Given").title == "Given"


def test_a_page_says_its_title_language_and_parameters():
    page = build(prose("t", "# A <b>"), parameters={"region": "<湖南>", "language": "zh"}).html
    assert '<html lang="zh">' in page
    assert "<title>A</title>" in page
    assert "<footer>region: &lt;湖南&gt; · language: zh</footer>" in page
    assert '<html lang="en">' in build(prose("t", "# A")).html


def test_figures_are_embedded_as_svg_and_described():
    both = {"image_png": PNG, "image_svg+xml": [SVG]}
    page = build(
        ran("first", shown(**both)),
        prose("h", "## The curve"),
        ran("near", shown(**both), shown(image_png=PNG)),
        ran("own", shown({"alt": 'A "rising" line'}, **both)),
        ran("older", shown({"image/png": {"alt": "Old"}}, image_png=PNG + "\n")),
    ).html
    assert [figure["alt"] for figure in figures(page)] == [
        "Figure",
        "The curve",
        "The curve",
        'A "rising" line',
        "Old",
    ]
    svg = f"data:image/svg+xml;base64,{base64.b64encode(SVG.encode()).decode()}"
    png = f"data:image/png;base64,{PNG}"
    assert [figure["src"] for figure in figures(page)] == [svg, svg, png, svg, png]


def test_code_is_behind_a_switch_and_outputs_take_their_richest_form():
    page = build(
        ran(
            "t",
            shown(text_html="<table></table>", text_csv="a,b", text_plain="plain"),
            source="f(x<1)",
        ),
        ran("m", shown(text_markdown="**bold**", text_plain="plain")),
        ran("p", shown(text_plain="a < b")),
        ran("k", {"output_type": "display_data", "data": {KEY_FIGURES: {"a": "1"}}}),
        ran("s", {"output_type": "stream", "name": "stderr", "text": "\x1b[31mcareful\x1b[0m"}),
    ).html
    assert '<pre class="code"><code>f(x&lt;1)</code></pre>' in page
    assert '<div class="wide"><table></table></div>' in page
    assert "<strong>bold</strong>" in page
    assert "<pre>a &lt; b</pre>" in page
    assert '<pre class="stderr">careful</pre>' in page
    assert "a,b" not in page
    assert "plain" not in page.replace("text/plain", "")
    assert "pre.code { display: none;" in page


def test_a_failure_is_marked_at_the_head_and_at_its_cell():
    trace = ["\x1b[31mTraceback\x1b[0m", "ValueError: <no>"]
    failed = {"output_type": "error", "ename": "ValueError", "evalue": "<no>", "traceback": trace}
    failure = Failure(kind="ValueError", message="<no>", cell="boom")
    page = build(ran("fine"), ran("boom", failed, source="f()"), failure=failure).html
    assert 'stopped at <a href="#boom">cell boom</a>. ValueError: &lt;no&gt;</p>' in page
    assert '<section id="boom" class="failed">' in page
    assert '<pre class="error">Traceback\nValueError: &lt;no&gt;</pre>' in page


def test_nothing_is_fetched_from_a_network(tmp_path):
    (tmp_path / "local.png").write_bytes(b"\x89PNG")
    page = build(
        prose(
            "p", "![A map](https://example.org/map.png) ![](local.png) [link](https://example.org)"
        ),
        prose("q", '<img src="//example.org/x.png"> <IMG alt="Big" SRC=http://example.org/b.png>'),
        ran(
            "h",
            shown(
                text_html='<script src="https://example.org/a.js"></script>'
                '<link rel="stylesheet" href="https://example.org/a.css">'
                '<iframe src="https://example.org"></iframe><p>kept</p>'
            ),
        ),
        folder=tmp_path,
    ).html
    assert read(page).fetched == [f"data:image/png;base64,{PNG}"]
    assert '<a href="https://example.org/map.png">A map</a>' in page
    assert '<a href="//example.org/x.png">//example.org/x.png</a>' in page
    assert '<a href="http://example.org/b.png">Big</a>' in page
    assert "<p>kept</p>" in page
    assert "default-src 'none'; img-src data:;" in page


@pytest.mark.parametrize(
    "wanted", ["prefers-color-scheme: dark", "@media print", "width=device-width"]
)
def test_a_page_is_made_for_the_dark_for_paper_and_for_phones(wanted):
    assert wanted in build(prose("t", "# A")).html


def test_an_attached_picture_is_embedded():
    cell = prose("a", "![map](attachment:map.png)")
    cell["attachments"] = {"map.png": {"image/png": PNG}}
    assert figures(build(cell).html) == [{"src": f"data:image/png;base64,{PNG}", "alt": "map"}]


def test_empty_and_raw_cells_leave_no_trace():
    raw = {"cell_type": "raw", "id": "raw", "metadata": {}, "source": "raw text"}
    page = build(raw, code("empty", "")).html
    assert "<section" not in page
    assert "raw text" not in page
