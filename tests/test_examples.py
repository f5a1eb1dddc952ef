"""The example scripts run, as a reader would run them."""

import subprocess
import sys

import pandas as pd
import pytest

from tests.project import PROJECT
from toolkit.simulate import make_study

pytestmark = pytest.mark.slow


def run(script, *words):
    done = subprocess.run(
        [sys.executable, "-W", "error", str(PROJECT / "docs/examples" / script), *map(str, words)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def received(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study") / "simulated"
    make_study(folder, random_state=2024)
    return folder / "raw"


def test_provinces_are_ranked_from_the_published_tables(tmp_path):
    assert "3,456 rows in = 3,456 passed" in run("rank_provinces.py", tmp_path)
    ranking = pd.read_csv(tmp_path / "ranking.csv")
    assert ranking["rank"].tolist() == list(range(1, 32))
    assert (tmp_path / "ratios.pdf").read_bytes().startswith(b"%PDF")


def test_a_ledger_becomes_a_table_for_a_paper(received, tmp_path):
    said = run("ledger_to_table.py", received / "loans/simulated_loans_zh.csv", tmp_path)
    assert "yuan per yuan (95% interval" in said
    latex = (tmp_path / "magnetism.tex").read_text(encoding="utf-8")
    assert latex.count(r"\makecell") == 3
    assert (tmp_path / "magnetism.docx").exists()
    assert (tmp_path / "loans.audit.txt").exists()


def test_a_register_in_polars_gives_shares_by_sector(received, tmp_path):
    said = run("register_in_polars.py", received / "milestones/simulated_register_en.tsv", tmp_path)
    assert "unfinished dropped" in said
    shares = pd.read_csv(tmp_path / "reach.csv")
    assert shares["estimate"].between(0, 1).all()
    assert (tmp_path / "incidence.svg").read_text(encoding="utf-8").count("<svg") == 1
