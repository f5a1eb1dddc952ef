"""What an author asks of the starter notebooks: one report for each region, and groups in one."""

import pytest

import toolkit as tk
from toolkit.report.studies import new_study

pytestmark = pytest.mark.slow

PLAN = """
[[report]]
notebook = "notebooks/regional_accounts.ipynb"
[report.grid]
region = ["Hunan", "Guangdong"]

[[report]]
name = "loans"
notebook = "notebooks/loan_ledger.ipynb"
[report.parameters]
by = "region"

[[report]]
name = "register"
notebook = "notebooks/milestone_register.ipynb"
[report.parameters]
by = "sector"
"""


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    study = new_study(tmp_path_factory.mktemp("grids") / "study")
    (study / "mine.toml").write_text(PLAN)
    return tk.render_batch(study / "mine.toml", out=study / "reports", jobs=2)


def test_each_region_has_its_own_key_figures(batch):
    assert not batch.failed, batch.summary()
    hunan, guangdong = (report.key_figures for report in batch.reports[:2])
    assert hunan.keys() == guangdong.keys()
    assert all(hunan[name] != guangdong[name] for name in hunan)
    page = batch.reports[0].html.read_text(encoding="utf-8")
    assert f"the growth multiple is {hunan['growth multiple']}" in page


def test_groups_are_told_apart_in_tables_and_figures(batch):
    loans, register = batch.reports[2:]
    assert "loans/figures/ratio-plot.svg" in loans.files
    assert "register/figures/incidence-plot.svg" in register.files
    table = (batch.out / "register/tables/reach.csv").read_text(encoding="utf-8")
    assert table.startswith("sector,")
