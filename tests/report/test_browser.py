"""The pages of a real batch in a real browser."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from dataclasses import asdict

import pytest

from tests.browser import CHROMIUM, open_browser
from tests.report.making import code, notebook, prose
from tests.report.test_page import contrast
from toolkit.report.batch import render_batch
from toolkit.report.readings import read_figure

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]

PARAMETERS = '''from typing import Literal

region: str = "Hunan"
language: Literal["en", "zh"] = "en"'''
FIGURES = '''from IPython.display import display

MONEY = {"Hunan": (6.238, "1.2 billion"), "湖北": (-1.5, "900 million"), "Gansu": (0.4, "0")}
ratio, money = MONEY[region]
display({"text/markdown": f"# {region} 科技金融", "text/plain": ""}, raw=True)
key = {"ratio": f"{ratio}".replace("-", "\\u2212"), "growth": f"{abs(ratio):.1f}%", "money": money}
display({"application/vnd.toolkit.key+json": key, "text/plain": ""}, raw=True)
assert region != "Gansu", "no ledger of Gansu"'''
TABLE = """cells = "".join(f"<td>{number:,}</td>" for number in range(10**9, 10**9 + 30))
heads = "".join(f"<th>year {number}</th>" for number in range(30))
html = f"<table><thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table>"
display({"text/html": html, "text/csv": "a", "text/plain": ""}, raw=True)
print("a line that is far too long for any phone " * 9)"""
FIGURE = """line = '<path d="M0 0L600 90" stroke="black"/>'
svg = '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="90">' + line + "</svg>"
display({"image/svg+xml": svg, "text/plain": ""}, raw=True)"""
PLAN = """
[[report]]
notebook = "study.ipynb"
name = "study-{region}"
group = "Provinces"
grid = {region = ["Hunan", "湖北", "Gansu"]}

[[report]]
notebook = "study.ipynb"
name = "chinese"
group = "中文"
parameters = {region = "湖北", language = "zh"}
"""


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    cells = (
        code("parameters", PARAMETERS, "parameters"),
        code("figures", FIGURES),
        prose("more", "## Money\n\n[A paper](https://example.org)\n\n## Growth\n\n## Ends"),
        code("table", TABLE),
        code("figure", FIGURE),
    )
    (folder / "study.ipynb").write_text(json.dumps(notebook(*cells)), encoding="utf-8")
    (folder / "reports.toml").write_text(PLAN, encoding="utf-8")
    return render_batch(folder / "reports.toml", out=folder / "reports", jobs=2)


@pytest.fixture(scope="module")
def browser():
    with open_browser() as started:
        yield started


@pytest.fixture
def visit(browser, batch):
    """Open a page of the batch; whatever it asks for outside, or complains of, fails the test."""
    complaints, asked, contexts = [], [], []

    def open_page(name, **options):
        context = browser.new_context(**options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto((batch.out / name).as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


@pytest.fixture
def index(visit):
    return visit("index.html")


def first_cells(page, place=0):
    return page.locator(".reports").nth(place).locator("tbody tr:visible td:first-child a")


def tile(page, code_of_province):
    return page.locator(f'.tile[data-code="{code_of_province}"]')


def ground(locator):
    return locator.evaluate("tile => getComputedStyle(tile).backgroundColor")


def as_hex(colour):
    parts = colour.removeprefix("rgb(").removesuffix(")").split(",")
    return "#" + "".join(f"{int(part):02x}" for part in parts)


def scrolls_sideways(page):
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


def test_columns_are_sorted_by_number_in_both_directions(index):
    heading = index.locator("th", has=index.get_by_role("button", name="money")).first
    button = heading.get_by_role("button")
    button.click()
    assert heading.get_attribute("aria-sort") == "ascending"
    assert [text.split()[0] for text in first_cells(index).all_inner_texts()] == [
        "Gansu",
        "湖北",
        "Hunan",
    ]
    button.focus()
    index.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    assert first_cells(index).first.inner_text().startswith("Hunan")


def test_search_finds_words_and_names_in_both_languages(index):
    box = index.get_by_label("Search reports")
    box.fill("hubei")
    assert index.locator("#found").inner_text() == "2 of 4 reports"
    assert first_cells(index).all_inner_texts() == ["湖北 科技金融"]
    box.fill("湖南 made")
    assert first_cells(index).all_inner_texts() == ["Hunan 科技金融"]
    assert index.locator(".group:visible").count() == 1
    box.fill("nowhere")
    assert index.locator(".group:visible").count() == 0
    box.fill("")
    assert index.locator(".group:visible").count() == 2
    assert index.locator("#found").inner_text() == ""


def test_the_map_is_coloured_by_the_figure_chosen(index):
    hunan, hubei, gansu = (tile(index, code_of) for code_of in ("430000", "420000", "620000"))
    blank = ground(tile(index, "110000"))
    assert index.get_by_label("Colour by").input_value() == "0/0"
    # The ratio has both signs: its colours part at zero.
    assert as_hex(ground(hunan)) == "#084594"
    assert int(as_hex(ground(hubei))[1:3], 16) > int(as_hex(ground(hubei))[5:7], 16)
    assert ground(hunan) != ground(hubei) != blank
    assert hubei.get_attribute("title") == "Hubei: ratio \u22121.5"
    assert gansu.get_attribute("title") == "Gansu: ratio 0.4"
    assert index.locator("#low").inner_text() == "\u22121.5"

    index.get_by_label("Colour by").select_option(value="0/2")
    assert as_hex(ground(hunan)) == "#084594"
    assert as_hex(ground(gansu)) == "#edf3fa"
    assert hubei.get_attribute("aria-label") == "Hubei: money 900 million"
    assert index.locator("#high").inner_text() == "1.2 billion"
    assert tile(index, "110000").get_attribute("aria-label") == "Beijing: no report"


def test_squares_can_be_read_whatever_their_colour(visit):
    for scheme in ("light", "dark"):
        page = visit("index.html", color_scheme=scheme)
        for square in page.locator(".tile").all():
            ink = square.evaluate("tile => getComputedStyle(tile).color")
            assert contrast(as_hex(ink), as_hex(ground(square))) >= 4.5


def test_a_square_leads_to_its_report_by_click_and_by_key(index):
    tile(index, "430000").click()
    assert index.title() == "Hunan 科技金融"
    index.go_back()
    tile(index, "420000").focus()
    index.keyboard.press("Enter")
    index.wait_for_url("**/study-*.html")
    assert index.locator("html").get_attribute("lang") == "en"
    index.go_back()
    index.get_by_label("Colour by").select_option(index=3)
    tile(index, "420000").click()
    assert index.locator("html").get_attribute("lang") == "zh"


def test_two_regions_are_compared_side_by_side(index):
    index.get_by_label("First region").select_option(label="Hunan")
    index.get_by_label("Second region").select_option(label="Hubei")
    rows = [
        [cell.inner_text() for cell in row.locator("th, td").all()]
        for row in index.locator("#compared tr").all()
    ]
    assert rows[:4] == [
        ["ratio (Provinces)", "6.238", "\u22121.5", "\u22127.7"],
        ["growth (Provinces)", "6.2%", "1.5%", "\u22124.7 points"],
        ["money (Provinces)", "1.2 billion", "900 million", "\u2212300,000,000"],
        ["ratio (中文)", "", "\u22121.5", ""],
    ]
    assert index.locator("#first-link").get_attribute("href") == "study-hunan.html"
    assert index.locator("#second-link").get_attribute("href") == "study-湖北.html"

    assert index.locator("#first-frame").get_attribute("src") is None
    index.get_by_text("Open both reports side by side").click()
    for side, title in (("first", "Hunan"), ("second", "湖北")):
        heading = index.frame_locator(f"#{side}-frame").locator("h1")
        assert heading.inner_text().startswith(title)


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ("0.4339", "8.413", "+7.979"),
        ("8.413", "0.4339", "\u22127.979"),
        ("6.238", "12", "+6"),
        ("0.1000", "0.1000", "0.0000"),
        ("7.12%", "0.5%", "\u22126.6 points"),
        ("1.24 billion", "1.2 billion", "0.0 billion"),
        ("1.24 billion", "903 million", "\u2212340,000,000"),
        ("900", "1.2 thousand", "+300"),
        ("2.30e-09", "1.1e-09", "\u22120.0000000012"),
        ("n/a", "8.413", ""),
    ],
)
def test_a_difference_has_no_digit_that_its_figures_do_not_have(index, first, second, shown):
    readings = [read_figure(text) for text in (first, second)]
    pair = [asdict(reading) if reading else {} for reading in readings]
    assert index.evaluate("([first, second]) => difference(first, second)", pair) == shown


def test_failures_are_in_the_open(index):
    alert = index.get_by_role("alert")
    assert "AssertionError: no ledger of Gansu" in alert.inner_text()
    assert tile(index, "620000").evaluate("tile => tile.classList.contains('stopped')")
    for label, file in (("log", "study-gansu/log.txt"), ("notebook", "study-gansu.ipynb")):
        link = alert.get_by_role("link", name=label, exact=True)
        assert link.get_attribute("href") == file
    alert.get_by_role("link", name="Gansu 科技金融").click()
    assert (
        index.get_by_role("alert").inner_text().startswith("This report stopped at cell figures.")
    )
    assert index.locator("section.failed pre.code").is_visible()


def test_links_of_the_index_lead_to_files(index, batch):
    for link in index.locator("a[href]").all():
        target = batch.out / link.get_attribute("href")
        assert target.is_file(), target


def test_without_scripts_reports_can_still_be_reached(visit):
    page = visit("index.html", java_script_enabled=False)
    assert page.locator(".reports tbody tr:visible").count() == 4
    assert page.locator(".scripted:visible").count() == 0
    page.locator('.tile[data-code="430000"]').click()
    page.wait_for_url("**/study-hunan.html")


def test_code_is_shown_by_its_switch(visit):
    page = visit("study-hunan.html")
    cells = page.locator("pre.code")
    assert cells.count() == 5
    assert not any(cell.is_visible() for cell in cells.all())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "show-code"
    page.keyboard.press("Space")
    assert all(cell.is_visible() for cell in cells.all())
    page.get_by_label("Show code").uncheck()
    assert not cells.first.is_visible()


def test_paper_has_neither_switch_nor_code(visit, tmp_path):
    page = visit("study-hunan.html")
    page.emulate_media(media="print")
    assert not page.get_by_label("Show code").is_visible()
    assert not page.locator("pre.code").first.is_visible()
    assert not page.locator(".contents").is_visible()
    if shutil.which("pdftotext") is None:
        return
    page.pdf(path=tmp_path / "page.pdf")
    words = subprocess.run(
        ["pdftotext", str(tmp_path / "page.pdf"), "-"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    assert "科技金融" in words
    assert "Show code" not in words
    assert "MONEY" not in words


def test_figures_stand_on_a_light_card_in_the_dark(visit):
    colours = {}
    for scheme in ("light", "dark"):
        page = visit("study-hunan.html", color_scheme=scheme)
        colours[scheme] = ground(page.locator("body"))
        assert ground(page.locator("figure img")) == "rgb(255, 255, 255)"
    assert colours == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 28)"}


@pytest.mark.parametrize("name", ["index.html", "study-hunan.html", "study-gansu.html"])
def test_pages_fit_a_phone(visit, name):
    page = visit(name, viewport={"width": 360, "height": 700})
    assert not scrolls_sideways(page)
    if name == "study-hunan.html":
        page.get_by_label("Show code").check()
        assert not scrolls_sideways(page)
        wide = page.get_by_role("group", name="Ends")
        wide.focus()
        page.keyboard.press("ArrowRight")
        # Asked from outside: the page's policy forbids it to evaluate what a test would wait for.
        for _ in range(100):
            if page.evaluate("document.querySelector('.wide').scrollLeft") > 0:
                break
            page.wait_for_timeout(50)
        else:
            pytest.fail("the table does not scroll by the keys")


@pytest.mark.parametrize(
    "name", ["index.html", "study-hunan.html", "study-gansu.html", "chinese.html"]
)
def test_pages_can_be_walked_through_by_heading_and_by_name(visit, name):
    page = visit(name)
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    for picture in page.locator("img").all():
        assert picture.get_attribute("alt")
    for head in page.locator("table th").all():
        assert head.get_attribute("scope") in ("col", "row")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    for link in page.locator('a[href^="#"]').all():
        assert link.get_attribute("href")[1:] in ids
    for control in page.locator("input, select").all():
        assert control.evaluate("control => control.labels.length") == 1


def test_what_has_the_keyboard_is_outlined(index):
    index.keyboard.press("Tab")
    outline = index.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_a_chinese_report_speaks_chinese(visit):
    page = visit("chinese.html")
    assert page.locator("html").get_attribute("lang") == "zh"
    assert page.get_by_label("显示代码").count() == 1
    page.get_by_text("目录").click()
    assert page.get_by_role("navigation", name="目录").get_by_role("link").count() == 3
