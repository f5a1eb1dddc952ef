import json
import re
from pathlib import Path

import pytest

from tests.report.test_manifest import a_report
from tests.report.test_page import read
from toolkit.report.batch import Batch
from toolkit.report.manifest import report_manifest
from toolkit.report.outputs import Failure
from toolkit.report.plan import Job, Plan
from toolkit.report.site import write_index

FAILURE = Failure(kind="ValueError", message="no <region>\nmore", cell="boom")


@pytest.fixture
def write(tmp_path):
    def write_batch(*reports, others=()):
        jobs = tuple(Job(name=report.name, notebook=Path("a.ipynb")) for report in reports)
        left = tuple(Job(name=name, notebook=Path("a.ipynb")) for name in others)
        names = (*others, *(report.name for report in reports))
        plan = Plan(path=tmp_path / "reports.toml", jobs=jobs, others=left, names=names)
        batch = Batch(plan=plan, out=tmp_path, reports=reports, started="", seconds=1.0)
        return write_index(batch, tmp_path).read_text(encoding="utf-8")

    return write_batch


def links(page):
    return [
        attributes.get("href")
        for tag, attributes in read(page).tags
        if tag == "a" and attributes.get("role") != "img"
    ]


def test_every_report_is_listed_with_what_it_holds(write, tmp_path):
    page = write(a_report(tmp_path, parameters={"region": "Hunan"}))
    assert "<h2>Provinces</h2>" in page
    assert 'data-text="a 湖南 made hunan"' in page
    assert '<td data-sort="6.238">6.238</td>' in page
    assert links(page) == [
        "manifest.json",
        "a.html",
        None,
        None,
        "a.html",
        "a/tables/t.csv",
        "a/figures/f.png",
        "a/figures/f.svg",
        "a.ipynb",
    ]
    assert page.count("<summary>1</summary>") == 2


def test_failures_stand_first_with_error_and_log(write, tmp_path):
    kept = ("b.html", "b.ipynb", "b/log.txt")
    failed = a_report(tmp_path, name="b", title="B", status="failed", error=FAILURE, files=kept)
    page = write(a_report(tmp_path), failed)
    head = page[: page.index('id="search"')]
    assert "1 of 2 reports are whole." in head
    assert "(b, cell boom): ValueError: no &lt;region&gt; <a" in head
    assert 'href="b/log.txt">log</a> <a href="b.ipynb">notebook</a></li>' in head
    assert head.count("<li>") == 1


def test_a_report_without_files_is_not_linked(write, tmp_path):
    page = write(a_report(tmp_path, status="failed", error=FAILURE, files=()))
    assert links(page) == ["manifest.json"]


def test_groups_have_the_key_figures_of_their_reports_as_columns(write, tmp_path):
    page = write(
        a_report(tmp_path, key_figures={"Ratio": "¥1,674"}),
        a_report(tmp_path, name="b", key_figures={"Rank": "−3rd"}),
        a_report(tmp_path, name="c", group="", key_figures={}),
    )
    provinces, rest = page.split("<h2>Reports</h2>")
    assert provinces.index(">Ratio</button>") < provinces.index(">Rank</button>")
    assert '<td data-sort="1674">¥1,674</td>' in provinces
    assert '<td data-sort="-3">−3rd</td>' in provinces
    assert ">Ratio</button>" not in rest


def test_reports_that_were_left_out_are_listed_as_they_were_made(write, tmp_path):
    earlier = a_report(tmp_path, name="old", title="Older")
    earlier.manifest.parent.mkdir()
    record = report_manifest(
        earlier, files={}, notebook=tmp_path / "a.ipynb", source=b"", defaults={}
    )
    earlier.manifest.write_text(json.dumps(record), encoding="utf-8")
    page = write(a_report(tmp_path), others=("old", "never-made"))
    assert "2 of 2 reports are whole." in page
    assert page.index("Older") < page.index("A 湖南")


def test_the_index_needs_nothing_but_itself(write, tmp_path):
    page = write(a_report(tmp_path))
    assert read(page).fetched == []
    assert "default-src 'none'" in page
    assert not [link for link in links(page) if link and "//" in link]


def data(page):
    return json.loads(
        re.search(r'<script type="application/json" id="data">(.*?)</script>', page)[1]
    )


def test_the_same_reports_give_the_same_page_whenever_they_were_made(write, tmp_path):
    early = a_report(tmp_path, seconds=1.5, started="2024-01-01T00:00:00+00:00")
    late = a_report(tmp_path, seconds=9.5, started="2026-01-01T00:00:00+00:00")
    assert write(early) == write(late)


def test_a_square_of_the_map_leads_to_the_report_of_its_province(write, tmp_path):
    page = write(a_report(tmp_path, parameters={"region": "湖南省"}))
    tiles = {a["data-code"]: a for tag, a in read(page).tags if a.get("class") == "tile"}
    assert len(tiles) == 34
    assert tiles["430000"]["href"] == "a.html"
    assert tiles["430000"]["style"] == "grid-area: 6 / 6"
    assert tiles["420000"]["aria-label"] == "Hubei: no report"
    assert "href" not in tiles["420000"]
    (series,) = data(page)["atlas"]
    assert series["places"]["430000"]["figures"]["R&D ratio"]["value"] == 6.238


def test_reports_of_no_province_have_no_map(write, tmp_path):
    page = write(a_report(tmp_path, parameters={"region": "吉林市"}))
    assert 'class="tile"' not in page
    assert "comparison" not in page


def test_what_reports_say_cannot_break_out_of_the_data(write, tmp_path):
    wicked = {"</script><script>alert(1)</script>": "<!-- 1"}
    page = write(a_report(tmp_path, parameters={"region": "Hunan"}, key_figures=wicked))
    assert page.count("</script>") == 2
    assert data(page)["atlas"][0]["figures"] == list(wicked)


def test_a_pdf_is_linked_where_there_is_one(write, tmp_path):
    files = ("a.html", "a.ipynb", "a.pdf")
    assert '<a href="a.pdf">pdf</a>' in write(a_report(tmp_path, files=files))
    assert ".pdf" not in write(a_report(tmp_path, name="b"))


@pytest.mark.parametrize(
    ("languages", "language", "heading"),
    [(("zh", "zh"), "zh", "报告"), (("zh", "en"), "en", "Reports"), ((), "en", "Reports")],
)
def test_the_index_is_in_the_language_of_all_reports(write, tmp_path, languages, language, heading):
    reports = [
        a_report(tmp_path, name=f"r{number}", parameters={"language": code, "region": "Hunan"})
        for number, code in enumerate(languages)
    ] or [a_report(tmp_path)]
    page = write(*reports)
    assert f'<html lang="{language}">' in page
    assert f"<h1>{heading}</h1>" in page
    assert ("<span>湖南</span>" in page) == (language == "zh")


@pytest.mark.parametrize(
    ("defaults", "given", "language"),
    [("zh", {}, "zh"), ("en", {}, "en"), ("zh", {"language": "en"}, "en"), (None, {}, "en")],
)
def test_a_default_language_counts_where_none_is_given(write, tmp_path, defaults, given, language):
    report = a_report(tmp_path, parameters=given)
    report.manifest.parent.mkdir()
    record = report_manifest(
        report,
        files={},
        notebook=tmp_path / "a.ipynb",
        source=b"",
        defaults={"language": defaults} if defaults else {},
    )
    report.manifest.write_text(json.dumps(record), encoding="utf-8")
    assert f'<html lang="{language}">' in write(report)
