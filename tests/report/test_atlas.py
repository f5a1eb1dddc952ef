from pathlib import Path

import pytest

from tests.report.test_manifest import a_report
from toolkit.report.atlas import Atlas, Series, find_series
from toolkit.report.plan import Job

OUT = Path("reports")


def of(name, **parameters):
    return a_report(OUT, name=name, parameters=parameters, key_figures={"ratio": f"{len(name)}"})


def series(*reports, notebooks=None):
    jobs = {
        report.name: Job(
            name=report.name, notebook=Path((notebooks or {}).get(report.name, "n.ipynb"))
        )
        for report in reports
    }
    return {
        found.label: {code: report.name for code, report in found.reports.items()}
        for found in find_series(reports, jobs)
    }


def test_reports_that_differ_by_region_alone_are_one_series():
    found = series(of("a", region="Hunan"), of("bb", region="湖北"), of("c", year=2020))
    assert found == {"Provinces": {"430000": "a", "420000": "bb"}}


def test_what_else_differs_tells_series_apart():
    found = series(
        of("a", region="Hunan", year=2020, months=24),
        of("b", region="Hunan", year=2021, months=24),
        of("c", region="Hubei", year=2021, months=24),
    )
    assert found == {
        "Provinces, year: 2020": {"430000": "a"},
        "Provinces, year: 2021": {"430000": "b", "420000": "c"},
    }


def test_notebooks_tell_series_apart():
    reports = of("a", region="Hunan"), of("b", region="Hunan")
    found = series(*reports, notebooks={"b": "other.ipynb"})
    assert found == {"Provinces, n": {"430000": "a"}, "Provinces, other": {"430000": "b"}}


@pytest.mark.parametrize(
    ("figures", "shown"),
    [
        ([{"rank": "3 of 31", "share": "7%"}, {"rank": "9 of 31"}], "share"),
        ([{"位次": "3/31", "比值": "1.2"}], "比值"),
        ([{"score": "3 of 31", "share": "7%"}, {"score": "0.4"}], "score"),
        ([{"rank": "3 of 31"}], "rank"),
        ([{}], None),
    ],
)
def test_the_map_begins_with_the_first_figure_that_is_no_rank(figures, shown):
    reports = [a_report(OUT, name=str(n), key_figures=held) for n, held in enumerate(figures)]
    series = Series("Provinces", {report.name: report for report in reports})
    assert series.first_shown == shown


def test_the_data_tell_how_figures_read_and_which_reports_failed():
    reports = (
        a_report(OUT, parameters={"region": "Hunan"}, key_figures={"share": "7.1%", "said": "no"}),
        a_report(OUT, name="b", parameters={"region": "Hubei"}, status="failed", files=()),
    )
    jobs = {report.name: Job(name=report.name, notebook=Path("n.ipynb")) for report in reports}
    (data,) = Atlas(find_series(reports, jobs), "en").as_data()
    assert data["figures"] == ["share", "said", "R&D ratio"]
    hunan, hubei = data["places"]["430000"], data["places"]["420000"]
    assert hunan["figures"]["said"] == {"text": "no"}
    assert hunan["figures"]["share"] == {
        "text": "7.1%",
        "value": 7.1,
        "written": 7.1,
        "decimals": 1,
        "step": 0.1,
        "scale": "%",
    }
    assert (hunan["link"], hunan["failed"]) == ("a.html", False)
    assert (hubei["link"], hubei["failed"]) == (None, True)
