"""A study whose one report was made, without having run."""

import pytest

from tests.report.making import code, prose
from toolkit.report.files import as_json_bytes, publish
from toolkit.report.manifest import report_manifest
from toolkit.report.outputs import Failure
from toolkit.report.parameters import kept_defaults, read_parameters
from toolkit.report.plan import read_plan
from toolkit.report.reports import Report

PLAN = '[[report]]\nname = "loans"\nnotebook = "notebooks/loans.ipynb"\n'
SOURCES = """
| file | what | source | rights |
|---|---|---|---|
| `loans.csv` | loans | the office | free |
"""
STATEMENTS = """
title = "Loans"
authors = ["Li, Na"]
paper = "Li (2026)"
license = "MIT"
contact = "na.li@example.org"
legitimate_access = true
permission_to_redistribute = true
references = ["Office (2026). Loans."]
"""
CELLS = (
    code("parameters", "ledger: str = '../data/raw/loans.csv'  # the loans", "parameters"),
    prose("about", "# Loans"),
    code("ratio", "import toolkit as tk\ntk.clean_ledger(ledger)"),
)


def make(study, *, seconds=700.0, outputs=(), status="made"):
    """Write down the reports of a study as if they had been made."""
    for job in read_plan(study / "reports.toml").jobs:
        files = {
            f"{job.name}/tables/ratio.csv": b"term,estimate\nratio,5.5\n",
            f"{job.name}/figures/curve.svg": b"<svg><text>5.5</text></svg>\n",
            f"{job.name}/figures/curve.png": b"\x89PNG",
            f"{job.name}.html": b"<html><p>The ratio is 5.5.</p></html>\n",
            **dict(outputs),
        }
        report = Report(
            name=job.name,
            title="Loans",
            group="",
            out=study / "reports",
            status=status,
            error=Failure(kind="ValueError", message="no", cell="ratio")
            if status == "failed"
            else None,
            parameters=dict(job.parameters),
            files=tuple(files),
            key_figures={"ratio": "5.5"},
            started="2026-01-01T00:00:00+00:00",
            seconds=seconds,
        )
        record = report_manifest(
            report,
            files=files,
            notebook=job.notebook,
            source=job.notebook.read_bytes(),
            defaults=kept_defaults(read_parameters(job.notebook), job.parameters),
        )
        publish(files | {f"{job.name}/manifest.json": as_json_bytes(record)}, out=study / "reports")


@pytest.fixture
def study(tmp_path, write_notebook, monkeypatch):
    """A study without fault: one file, one notebook, one report."""
    folder = tmp_path / "study"
    write_notebook("study/notebooks/loans.ipynb", *CELLS)
    raw = folder / "data" / "raw"
    raw.mkdir(parents=True)
    (raw / "loans.csv").write_text("firm_id,amount\nF1,100\n")
    (raw / "README.md").write_text(SOURCES)
    (folder / "reports.toml").write_text(PLAN)
    (folder / "replication.toml").write_text(STATEMENTS)
    make(folder)
    monkeypatch.chdir(folder)
    return folder
