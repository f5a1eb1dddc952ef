"""Reports as PDF, one by one and in a batch, and what a later run makes of them."""

import json
import re

import pytest

from tests.report.making import code, prose
from tests.test_cli import run
from toolkit.errors import DependencyError, OptionError
from toolkit.report import render
from toolkit.report.batch import render_batch
from toolkit.report.plan import Job, read_plan
from toolkit.report.render import make_report, render_report
from toolkit.report.verify import verify_report


@pytest.fixture
def project(tmp_path, write_notebook):
    write_notebook("n.ipynb", prose("t", "# The nation"), code("one", "1 + 1"))
    (tmp_path / "reports.toml").write_text('[[report]]\nnotebook = "n.ipynb"\nname = "nation"\n')
    return tmp_path


@pytest.mark.parametrize("make", [render_report, render_batch])
def test_a_format_that_there_is_not_is_refused(project, make):
    with pytest.raises(OptionError) as refused:
        make(project / "reports.toml", out=project / "out", formats=("html", "pdff"))
    assert str(refused.value) == (
        "formats: 'pdff' is no format of reports. Did you mean 'pdf'? Choose from: html, pdf."
    )


@pytest.mark.parametrize("command", [("report", "n.ipynb"), ("batch",)])
def test_pdf_that_cannot_be_written_is_refused_before_anything_runs(
    project, command, capsys, monkeypatch
):
    monkeypatch.chdir(project)
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    exit_code, _, said = run(capsys, *command, "--pdf", "--out", "out")
    assert exit_code == DependencyError.exit_code
    assert "PDF needs WeasyPrint, which is not installed." in said
    assert not (project / "out").exists()


@pytest.mark.slow
def test_one_report_is_written_as_pdf(project, capsys, monkeypatch):
    pytest.importorskip("weasyprint")
    monkeypatch.chdir(project)
    exit_code, said, _ = run(capsys, "report", "n.ipynb", "--pdf", "--name", "a", "--out", "out")
    assert exit_code == 0, said
    assert (project / "out" / "a.pdf").read_bytes().startswith(b"%PDF-")
    record = json.loads((project / "out" / "a" / "manifest.json").read_text())
    assert "a.pdf" in [output["path"] for output in record["outputs"]]
    assert '"../a.pdf"' in (project / "out" / "a" / "ro-crate-metadata.json").read_text()
    assert verify_report(project / "out" / "a").equal


@pytest.mark.slow
def test_a_batch_makes_the_pdf_that_an_earlier_one_did_not(project, capsys, monkeypatch):
    pytest.importorskip("weasyprint")
    monkeypatch.chdir(project)
    out = project / "out"
    run(capsys, "batch", "--jobs", "1", "--out", "out")
    assert not (out / "nation.pdf").exists()
    page = (out / "nation.html").read_bytes()

    exit_code, said, _ = run(capsys, "batch", "--jobs", "1", "--pdf", "--why", "--out", "out")
    assert exit_code == 0
    assert said.startswith("nation: report: it was not written as PDF\n")
    assert (out / "nation.pdf").read_bytes().startswith(b"%PDF-")
    assert (out / "nation.html").read_bytes() == page
    assert 'href="nation.pdf"' in (out / "index.html").read_text()

    _, said, _ = run(capsys, "batch", "--jobs", "1", "--pdf", "--out", "out")
    assert re.match(r"0 of 1 reports made in .*, 1 up to date, 0 failed\.", said)
    # Without the option, what is there is left; what is made again has no PDF of another run.
    _, said, _ = run(capsys, "batch", "--jobs", "1", "--out", "out")
    assert "1 up to date" in said
    render_batch(read_plan("reports.toml"), out=out, jobs=1, resume=False)
    assert not (out / "nation.pdf").exists()
    assert 'href="nation.pdf"' not in (out / "index.html").read_text()


@pytest.mark.slow
def test_a_page_that_no_font_can_draw_is_kept_and_told(project, monkeypatch):
    def without_font(page, *, where):
        raise DependencyError(f"{where} is not put on paper: no installed font has '湖'.")

    monkeypatch.setattr(render, "as_pdf", without_font)
    job = Job(name="a", notebook=project / "n.ipynb", formats=("html", "pdf"))
    report = make_report(job, out=project / "out")
    assert (report.status, report.error.kind) == ("failed", "DependencyError")
    assert report.html.is_file()
    assert not (project / "out" / "a.pdf").exists()
    log = (project / "out" / "a" / "log.txt").read_text()
    assert log == "DependencyError: a is not put on paper: no installed font has '湖'.\n"
