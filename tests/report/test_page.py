import base64
import re
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
    assert "<footer><strong>参数</strong> region: &lt;湖南&gt; · language: zh</footer>" in page
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
    assert '<pre class="code" tabindex="0"><code>f(x&lt;1)</code></pre>' in page
    group = '<div class="wide" tabindex="0" role="group" aria-label="Table"><table></table></div>'
    assert group in page
    assert "<strong>bold</strong>" in page
    assert '<pre class="plain" tabindex="0">a &lt; b</pre>' in page
    assert '<pre class="stderr" tabindex="0">careful</pre>' in page
    assert "a,b" not in page
    assert ">plain<" not in page
    assert "pre.code { display: none;" in page


def test_a_failure_is_marked_at_the_head_and_at_its_cell():
    trace = ["\x1b[31mTraceback\x1b[0m", "ValueError: <no>"]
    failed = {"output_type": "error", "ename": "ValueError", "evalue": "<no>", "traceback": trace}
    failure = Failure(kind="ValueError", message="<no>", cell="boom")
    page = build(ran("fine"), ran("boom", failed, source="f()"), failure=failure).html
    assert 'stopped at <a href="#boom">cell boom</a>. ValueError: &lt;no&gt;</p>' in page
    assert '<section id="boom" class="failed">' in page
    assert '<pre class="error" tabindex="0">Traceback\nValueError: &lt;no&gt;</pre>' in page


def test_nothing_is_fetched_from_a_network(tmp_path):
    (tmp_path / "local.png").write_bytes(b"\x89PNG")
    page = build(
        prose(
            "p", "![A map](https://example.org/map.png) ![](local.png) [link](https://example.org)"
        ),
        prose("q", '<img src="//example.org/x.png"> <IMG alt="Big" SRC=http://example.org/b.png>'),
        prose(
            "m", '<meta http-equiv="refresh" content="0;url=https://example.org"><base href="/">'
        ),
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
    assert "base-uri 'none'; form-action 'none'" in page
    tags = [(tag, attributes) for tag, attributes in read(page).tags]
    assert "base" not in dict(tags)
    assert "refresh" not in [attributes.get("http-equiv") for _, attributes in tags]


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
    assert "<pre" not in build(ran("blank", shown(text_plain=" \n"))).html
    assert "raw text" not in page


def headings(page):
    return re.findall(r"<h(\d) id=\"([^\"]+)\">(.*?)</h\d>", page)


def test_there_is_one_first_heading_and_no_level_is_left_out():
    page = build(
        prose("a", "# Title\n\n### Deep\n\n## Wide\n\n#### Deeper"),
        ran("b", shown(text_html="<h1>Again</h1><h3 class='x' id='own'>Below</h3>")),
        prose("c", "## Wide"),
    ).html
    assert re.findall(r"<h(\d)[^>]*>(.*?)</h", page) == [
        ("1", "Title"),
        ("2", "Deep"),
        ("2", "Wide"),
        ("3", "Deeper"),
        ("2", "Again"),
        ("3", "Below"),
        ("3", "Wide"),
    ]
    assert "<h3 id=\"own\" class='x'>Below" in page


def test_ids_are_told_apart():
    page = build(prose("curve", "# Curve\n\n## Curve\n\n## Curve"), prose("d", "## ¥")).html
    assert [name for _, name, _ in headings(page)] == ["curve-2", "curve-3", "curve-4", "heading"]


@pytest.mark.parametrize(
    ("cells", "options", "first"),
    [
        ([prose("a", "no heading")], {}, "the-name"),
        ([prose("a", "## Low")], {}, "Low"),
        ([prose("a", "# First")], {"title": "R&D"}, "R&amp;D"),
        ([prose("a", "## Low")], {"title": "Given"}, "Given"),
        ([], {"failure": Failure(kind="E", message="")}, "the-name"),
    ],
)
def test_a_page_always_has_its_title_as_first_heading(cells, options, first):
    page = build(*cells, **options).html
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page) == [first]


def test_a_title_that_is_given_stands_before_headings_of_the_second_level():
    page = build(prose("a", "## Low"), title="Given").html
    assert page.index("<h1>Given</h1>") < page.index('<h2 id="low">Low</h2>')


def test_contents_lead_to_the_sections_of_longer_pages():
    short = build(prose("a", "# T\n\n## One\n\n## Two")).html
    long = build(prose("a", "# T\n\n## One\n\n## Two\n\n### In\n\n## R&D *three*")).html
    assert 'class="contents"' not in short
    assert re.findall(r'<li><a href="#(.*?)">(.*?)</a></li>', long) == [
        ("one", "One"),
        ("two", "Two"),
        ("r-d-three", "R&amp;D three"),
    ]


def test_key_figures_stand_below_the_title():
    key = {"output_type": "display_data", "data": {KEY_FIGURES: {"ratio <i>": "6.238"}}}
    page = build(prose("t", "# Title"), prose("b", "Body"), ran("k", key)).html
    shown_at = page.index("<dt>ratio &lt;i&gt;</dt><dd>6.238</dd>")
    assert page.index("</h1>") < shown_at < page.index("Body")
    assert "<dl" not in build(prose("t", "# Title")).html


def test_a_figure_is_described_by_what_its_result_says():
    said = shown(text_markdown="The ratio is **6.2**, rank\n10.")
    png = shown(image_png=PNG)
    page = build(
        prose("h", "## Ratio"), ran("s", said), ran("f", png), prose("i", "## X"), ran("g", png)
    )
    assert [figure["alt"] for figure in figures(page.html)] == [
        "Ratio. The ratio is 6.2, rank 10.",
        "X",
    ]
    long = build(
        ran("s", shown(text_markdown="很长" * 400)), ran("f", png), parameters={"language": "zh"}
    )
    assert len(figures(long.html)[0]["alt"]) == 300
    bare = build(ran("f", png), parameters={"language": "zh"})
    assert figures(bare.html)[0]["alt"] == "图"


def test_tables_say_what_their_headers_head():
    table = (
        "<table><caption>R&amp;D  money</caption>"
        "<thead><tr><th>a</th><th scope='colgroup'>b</th></tr></thead>"
        "<tbody><tr><th class='i'>0</th><td>1</td></tr></tbody></table>"
    )
    page = build(ran("t", shown(text_html=table))).html
    assert "<th scope=\"col\">a</th><th scope='colgroup'>b</th>" in page
    assert "<th scope=\"row\" class='i'>0</th>" in page
    assert 'role="group" aria-label="R&amp;D money"' in page


@pytest.mark.parametrize(
    ("declared", "given", "language", "word"),
    [
        ("'zh'", {}, "zh", "显示代码"),
        ("'zh'", {"language": "en"}, "en", "Show code"),
        ("'en'", {"language": "zh"}, "zh", "显示代码"),
    ],
)
def test_a_page_speaks_the_language_of_its_parameter(declared, given, language, word):
    source = f"from typing import Literal\nlanguage: Literal['en', 'zh'] = {declared}"
    page = build(code("parameters", source, "parameters"), parameters=given).html
    assert f'<html lang="{language}">' in page
    assert f'id="show-code"> {word}</label>' in page


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "paper"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "paper"),
        ("ink", "shade"),
        ("ink", "alarm-shade"),
        ("quiet", "paper"),
        ("quiet", "shade"),
        ("link", "paper"),
        ("link", "alarm-shade"),
        ("alarm", "alarm-shade"),
        ("alarm", "paper"),
    ],
)
def test_words_stand_out_from_their_ground(scheme, ink, ground):
    page = build(prose("t", "# A")).html
    colours = [
        dict(re.findall(r"--([\w-]+): (#\w{6});", part)) for part in page.split(":root {")[1:]
    ]
    assert len(colours) == 3
    assert contrast(colours[scheme][ink], colours[scheme][ground]) >= 4.5


def test_prose_stands_in_the_language_of_the_page():
    cell = prose("p", "## Methods")
    cell["metadata"]["zh"] = ["## 方法\n", "\n", "按总额之比。"]
    chinese = build(cell, parameters={"language": "zh"}).html
    assert ">方法</h" in chinese
    assert "<p>按总额之比。</p>" in chinese
    assert "Methods" not in chinese
    assert ">Methods</h" in build(cell, parameters={"language": "en"}).html
    assert ">Methods</h" in build(cell).html
    assert "other words" in build(prose("p", "other words"), parameters={"language": "zh"}).html
