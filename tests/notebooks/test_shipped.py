"""The shipped notebooks: thin, kept without outputs, and whole on the shipped data."""

import json
import re

import pandas as pd
import pytest

from tests.project import PROJECT, RAW
from tests.report.wording import texts_shown, with_latin
from toolkit.report import (
    read_plan,
    render_batch,
    render_report,
    thin_violations,
    unclean_notebooks,
)

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))


def test_notebooks_are_kept_without_outputs():
    assert unclean_notebooks(NOTEBOOKS) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_import_the_toolkit_alone_and_define_nothing(path):
    assert list(thin_violations(path)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_have_names_that_can_name_files(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    names = [cell["id"] for cell in cells]
    assert all(name.replace("-", "").isalpha() for name in names)
    assert len(set(names)) == len(names)


def test_the_plan_has_a_report_for_each_province_and_each_notebook():
    plan = read_plan(PROJECT / "reports.toml")
    provincial = [job for job in plan.jobs if job.group == "Provinces"]
    assert len(provincial) == 31
    assert {job.notebook.stem for job in plan.jobs} == {path.stem for path in NOTEBOOKS}


@pytest.fixture(scope="module")
def batch(project):
    """Render one report of each kind."""
    plan = (PROJECT / "reports.toml").read_text(encoding="utf-8")
    of_hunan = re.sub(r"region = \[.*?\]", 'region = ["Hunan"]', plan, flags=re.DOTALL)
    (project / "reports.toml").write_text(of_hunan, encoding="utf-8")
    return render_batch(project / "reports.toml", out=project / "reports")


def table(batch, report, name):
    return pd.read_csv(batch.out / report / "tables" / f"{name}.csv", dtype={"region": "str"})


@pytest.mark.slow
def test_every_kind_of_report_is_whole(batch):
    assert [report.name for report in batch.reports] == [
        "national-overview",
        "sector-growth",
        "published-figures",
        "published-claims",
        "policy-instruments",
        "start-here",
        "capital-magnetism",
        "prototype-survival",
        "loan-survival",
        "regional-hunan",
    ]
    assert batch.failed == ()
    for report in batch.reports:
        page = (batch.out / f"{report.name}.html").read_text(encoding="utf-8")
        assert "http://" not in page.replace("http://www.w3.org", "")
        assert list((batch.out / report.name / "tables").glob("*.csv"))
        figures = {path.suffix for path in (batch.out / report.name / "figures").iterdir()}
        assert figures == {".png", ".svg"}
    assert (batch.out / "index.html").exists()


@pytest.mark.slow
def test_the_report_on_hunan_says_what_the_statistics_say(batch):
    page = (batch.out / "regional-hunan.html").read_text(encoding="utf-8")
    assert "Hunan, 2023: 6.238 yuan per yuan" in page
    assert "grew 7.1% a year, gross regional product 7.8%; the growth multiple is 0.91" in page
    ranks = table(batch, "regional-hunan", "magnetism-ranks").set_index("year")
    assert ranks.loc[2023, "estimate"] == pytest.approx(10_862_504 / 1_741_259, rel=1e-12)
    growth = table(batch, "regional-hunan", "growth")
    hunan = growth[growth["region"] == "430000"].set_index("term")["estimate"]
    assert hunan["growth_sector"] == pytest.approx((5077 / 2564.9) ** 0.1 - 1, rel=1e-12)
    assert "No province has main revenue of high-tech manufacturing in 2017" in page


@pytest.mark.slow
def test_what_is_made_from_simulated_data_says_so(batch):
    page = (batch.out / "capital-magnetism.html").read_text(encoding="utf-8")
    assert page.count("simulated study of 2,170 firms, random_state 2024") >= 5
    manifest = (batch.out / "capital-magnetism/manifest.json").read_text(encoding="utf-8")
    assert "simulated study" in manifest
    ratio = table(batch, "capital-magnetism", "ratio").iloc[0]
    assert ratio["conf_low"] < 5 < ratio["conf_high"]
    survival = (batch.out / "prototype-survival.html").read_text(encoding="utf-8")
    assert survival.count("simulated data") >= 5


@pytest.mark.slow
def test_the_share_that_drops_unfinished_projects_flatters(batch):
    sheet = table(batch, "prototype-survival", "assumptions").set_index("term")["estimate"]
    assert sheet["exits compete"] < sheet["exits censored"] < sheet["unfinished dropped"]


@pytest.mark.slow
def test_survival_by_cohort_equals_the_counts(batch):
    published = pd.read_csv(RAW / "sba/sba_7a_charge_offs_by_cohort_and_age.csv")
    share = 1 - published["cum_chargeoffs"] / published["n_at_risk"]
    counted = published.assign(share=share).set_index(["approval_fy", "age_months"])["share"]
    curves = table(batch, "loan-survival", "survival-by-cohort")
    assert len(curves) > 1000
    for row in curves.itertuples():
        assert row.estimate == pytest.approx(counted[row.cohort, row.age], abs=1e-12)


@pytest.mark.slow
def test_a_report_in_chinese_is_chinese_all_through(project):
    report = render_report(
        project / "notebooks/regional_report.ipynb",
        {"region": "Hunan", "language": "zh"},
        out=project / "reports-zh",
    )
    page = (report.out / f"{report.name}.html").read_text(encoding="utf-8")
    assert '<html lang="zh">' in page
    assert "湖南：科技如何融资</h1>" in page
    # What was published is quoted in the words in which it was, with its name and its source.
    figures = pd.read_parquet(project / "data/processed/figures.parquet")
    quoted = figures[["figure_id", "programme", "as_published", "source"]].to_numpy().ravel()
    english = with_latin(texts_shown(page))
    assert {text for text in english if not any(str(one) in text for one in quoted)} == set()
