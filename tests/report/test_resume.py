import json

import pytest

from tests.report.making import code
from toolkit.report import environment, resume
from toolkit.report.files import as_json_bytes, publish
from toolkit.report.inputs import input_files
from toolkit.report.manifest import read_report, report_manifest
from toolkit.report.parameters import kept_defaults, read_parameters
from toolkit.report.plan import read_plan
from toolkit.report.reports import Report
from toolkit.report.resume import Change, out_of_date

PLAN = """
[[report]]
notebook = "notebooks/regional.ipynb"
name = "{region}"
[report.parameters]
months = 24
[report.grid]
region = ["Hunan", "Hubei"]
"""
PARAMETERS = (
    "region: str\nmonths: int = 12\nledger: str = '../data/ledger.csv'\nlevel: float = 0.95"
)


@pytest.fixture
def project(tmp_path, write_notebook):
    """A project whose two reports were made, without having run."""
    write_notebook("notebooks/regional.ipynb", code("p", PARAMETERS, "parameters"))
    (tmp_path / "reports.toml").write_text(PLAN)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ledger.csv").write_text("a\n1\n")
    (tmp_path / "data" / "read.csv").write_text("b\n1\n")
    for job in read_plan(tmp_path / "reports.toml").jobs:
        make(job, tmp_path, read=[tmp_path / "data" / "read.csv"])
    return tmp_path


def make(job, project, *, status="made", **options):
    files = {f"{job.name}/tables/t.csv": b"x\n1\n", f"{job.name}.html": job.name.encode()}
    report = Report(
        name=job.name,
        title=job.title or "A title",
        group=job.group,
        out=project / "out",
        status=status,
        parameters=dict(job.parameters),
        files=tuple(files),
        error=resume_failure() if status == "failed" else None,
        started="2024-01-01T00:00:00+00:00",
        seconds=1.0,
    )
    record = report_manifest(
        report,
        files=files,
        notebook=job.notebook,
        source=job.notebook.read_bytes(),
        defaults=kept_defaults(read_parameters(job.notebook), job.parameters),
        **options,
    )
    publish(files | {f"{job.name}/manifest.json": as_json_bytes(record)}, out=project / "out")


def resume_failure():
    from toolkit.report.outputs import Failure

    return Failure(kind="ValueError", message="no", cell="c")


def why(project, name="hunan"):
    plan = read_plan(project / "reports.toml")
    return [str(change) for change in out_of_date(plan, out=project / "out")[name]]


def test_nothing_changed_is_up_to_date(project):
    plan = read_plan(project / "reports.toml")
    assert out_of_date(plan, out=project / "out") == {"hunan": (), "hubei": ()}


def test_a_report_that_is_not_there_is_to_be_made(project):
    assert why(project, "hunan") == []
    (project / "out" / "hunan" / "manifest.json").write_text("{")
    assert why(project) == ["report: not made yet"]
    (project / "out" / "hunan" / "manifest.json").write_text('{"name": "hunan"}')
    assert why(project) == ["report: its manifest is of another version of the toolkit"]


def test_a_report_that_failed_is_to_be_made_again(project):
    (job, _) = read_plan(project / "reports.toml").jobs
    make(job, project, status="failed")
    assert why(project) == ["report: failed: ValueError"]


def test_files_that_were_touched_are_to_be_made_again(project):
    (project / "out" / "hunan.html").write_text("altered")
    (project / "out" / "hunan" / "tables" / "t.csv").unlink()
    assert why(project) == [
        "report: hunan/tables/t.csv is gone",
        "report: hunan.html is not as it was written",
    ]
    assert why(project, "hubei") == []


def test_a_parameter_is_named_with_what_it_was(project):
    plan = project / "reports.toml"
    plan.write_text(PLAN.replace("months = 24", "months = 36\nlevel = 0.9"))
    assert why(project) == [
        "parameters: months is 36, was 24",
        "parameters: level is 0.9, was the default 0.95",
    ]
    plan.write_text(PLAN.replace("months = 24", ""))
    assert why(project) == ["parameters: months is the default 12, was 24"]


def test_a_title_that_is_asked_for_is_a_parameter(project):
    plan = project / "reports.toml"
    plan.write_text(PLAN.replace("[[report]]", '[[report]]\ntitle = "New"'))
    assert why(project) == ["parameters: the title is 'New', was 'A title'"]
    plan.write_text(PLAN.replace("[[report]]", '[[report]]\ntitle = "A title"'))
    assert why(project) == []


def test_credits_that_are_told_otherwise_are_named(project):
    plan = project / "reports.toml"
    plan.write_text(f'{PLAN}\n[credits]\nlicense = "MIT"\n')
    assert why(project) == ["report: its authors, publisher or licence are told otherwise"]


def test_a_notebook_is_named(project, write_notebook):
    write_notebook(
        "notebooks/regional.ipynb", code("p", PARAMETERS, "parameters"), code("new", "1")
    )
    assert why(project) == ["notebook: notebooks/regional.ipynb changed"]


def test_data_is_named_whether_a_parameter_or_the_run_named_it(project):
    (project / "data" / "ledger.csv").write_text("a\n2\n")
    (project / "data" / "read.csv").write_text("b\n2\n")
    assert why(project) == ["data: data/ledger.csv changed", "data: data/read.csv changed"]
    (project / "data" / "ledger.csv").write_text("a\n1\n")
    (project / "data" / "read.csv").unlink()
    assert why(project) == ["data: data/read.csv is gone"]


def test_data_that_changed_during_the_run_is_not_trusted(project):
    (job, _) = read_plan(project / "reports.toml").jobs
    make(job, project, since=0.0)
    assert why(project) == ["data: data/ledger.csv changed while the report was made"]


def test_a_file_outside_of_the_project_cannot_be_vouched_for(project, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "far.csv"
    outside.write_text("c\n")
    (job, _) = read_plan(project / "reports.toml").jobs
    make(job, project, read=[outside])
    assert why(project) == [
        "data: far.csv is gone, or lies outside of the project where no parameter names it"
    ]


def test_source_and_versions_are_named(project, monkeypatch):
    now = environment.environment()
    changed = now | {
        "source": now["source"] | {"models": "other", "new": "n"},
        "packages": now["packages"] | {"numpy": "99.0"},
    }
    monkeypatch.setattr("toolkit.report.manifest.environment", lambda: changed)
    assert why(project) == [
        "toolkit: models, new changed",
        f"versions: numpy 99.0, was {now['packages']['numpy']}",
    ]


def test_the_source_is_hashed_by_its_parts(tmp_path):
    for name, text in {
        "models/a.py": "1",
        "models/b.py": "2",
        "cli/words.py": "3",
        "errors.py": "4",
        "models/__pycache__/a.pyc": "5",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    before = environment._source(tmp_path)
    assert before.keys() == {"models", "errors"}
    (tmp_path / "cli" / "words.py").write_text("changed")
    (tmp_path / "models/__pycache__/a.pyc").write_text("changed")
    assert environment._source(tmp_path) == before
    (tmp_path / "models" / "b.py").rename(tmp_path / "models" / "c.py")
    after = environment._source(tmp_path)
    assert [part for part in before if before[part] != after[part]] == ["models"]


def test_versions_are_those_that_are_installed():
    from importlib import metadata

    packages = environment.environment()["packages"]
    assert {"numpy", "contourpy", "python-dateutil"} <= packages.keys()
    assert "pytest" not in packages
    assert {name: metadata.version(name) for name in packages} == packages


def test_what_a_package_brings_for_itself_is_not_installed(tmp_path, monkeypatch):
    for place in ("kept-1.dist-info", "ray/vendored/brought-2.dist-info"):
        (tmp_path / place).mkdir(parents=True)
    monkeypatch.setattr("sysconfig.get_path", lambda kind: str(tmp_path))
    monkeypatch.setattr("sys.path", [str(tmp_path / "ray" / "vendored"), str(tmp_path)])
    assert environment._installed().keys() == {"kept"}


def test_a_report_without_its_pdf_is_to_be_made_where_that_is_asked_for(project):
    plan = read_plan(project / "reports.toml").written_as(("html", "pdf"))
    found = out_of_date(plan, out=project / "out")
    assert [str(change) for change in found["hunan"]] == ["report: it was not written as PDF"]


def test_a_change_says_what_it_is():
    assert str(Change("data", "a.csv changed")) == "data: a.csv changed"


def test_an_input_is_listed_once(project):
    ledger = project / "data" / "ledger.csv"
    folder = project / "notebooks"
    found = input_files({"a": "../data/ledger.csv"}, folder, [ledger], root=project)
    assert found == [ledger]


def test_a_link_in_the_project_is_the_name_of_what_it_leads_to(project, tmp_path_factory):
    far = tmp_path_factory.mktemp("large") / "far.csv"
    far.write_text("c\n1\n")
    link = project / "data" / "link.csv"
    link.symlink_to(far)
    (job, _) = read_plan(project / "reports.toml").jobs
    make(job, project, read=[link])
    assert why(project) == []
    far.write_text("c\n2\n")
    assert why(project) == ["data: data/link.csv changed"]


def test_a_manifest_that_is_no_object_is_none(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps([1]))
    assert resume.read_manifest(tmp_path / "manifest.json") is None
    assert resume.read_manifest(tmp_path / "absent.json") is None


def test_a_kept_report_is_read_back(project):
    report = read_report(project / "out" / "hunan" / "manifest.json")
    assert (report.name, report.status) == ("hunan", "made")
