import getpass
import hashlib
import json
import platform
import subprocess
from pathlib import Path

import pytest

from toolkit.report.manifest import batch_manifest, read_report, report_manifest
from toolkit.report.outputs import Failure
from toolkit.report.reports import Report


def sha256(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def project(tmp_path):
    for name, content in {
        "pyproject.toml": "",
        "notebooks/a.ipynb": "{}",
        "data/ledger.csv": "a\n1\n",
        "reports.toml": "[[report]]",
    }.items():
        path = tmp_path / "study" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    (tmp_path / "elsewhere.csv").write_text("b\n")
    return tmp_path / "study"


def a_report(out, **changes):
    values = {
        "name": "a",
        "title": "A 湖南",
        "group": "Provinces",
        "out": out,
        "status": "made",
        "parameters": {},
        "files": ("a/tables/t.csv", "a/figures/f.png", "a/figures/f.svg", "a.ipynb", "a.html"),
        "key_figures": {"R&D ratio": "6.238"},
        "started": "2024-01-01T00:00:00+00:00",
        "seconds": 1.5,
    }
    return Report(**values | changes)


def describe(report, project, **defaults):
    files = {name: name.encode() for name in report.files}
    notebook = project / "notebooks" / "a.ipynb"
    source = notebook.read_bytes()
    return report_manifest(report, files=files, notebook=notebook, source=source, defaults=defaults)


def test_a_manifest_tells_where_a_report_came_from(project):
    record = describe(a_report(project / "reports"), project)
    assert record["notebook"] == {"path": "notebooks/a.ipynb", "sha256": sha256(b"{}")}
    assert {"path": "a.html", "sha256": sha256(b"a.html")} in record["outputs"]
    assert record["environment"]["python"] == platform.python_version()
    assert {"papermill", "numpy", "pandas"} <= record["environment"]["packages"].keys()
    assert record["git"] is None
    assert (record["status"], record["seconds"]) == ("made", 1.5)


def test_inputs_are_the_files_that_parameters_name(project):
    parameters = {
        "others": [str(project.parent / "elsewhere.csv"), "absent.csv", "x" * 5000, "nul\0"],
        "folder": "../data",
        "empty": "",
        "months": 24,
    }
    report = a_report(project / "reports", parameters=parameters)
    record = describe(report, project, ledger="../data/ledger.csv")
    assert record["defaults"] == {"ledger": "../data/ledger.csv"}
    assert record["inputs"] == [
        {"path": "data/ledger.csv", "sha256": sha256(b"a\n1\n")},
        {"path": "elsewhere.csv", "sha256": sha256(b"b\n")},
    ]


def test_a_manifest_names_no_machine_and_no_user(project):
    report = a_report(
        project / "reports",
        status="failed",
        parameters={"a": str(project / "data/ledger.csv"), "b": ["/srv/secret/x.csv"]},
        error=Failure(kind="OSError", message=f"{project}/data/x and {Path.home()}/y", cell="c"),
    )
    record = describe(report, project)
    assert record["parameters"] == {"a": "data/ledger.csv", "b": ["x.csv"]}
    assert record["error"] == {"kind": "OSError", "message": "data/x and ~/y", "cell": "c"}
    text = json.dumps(record)
    for word in (str(project), str(Path.home()), platform.node(), f"/{getpass.getuser()}/"):
        assert word not in text


def test_the_commit_is_told_and_whether_files_differ_from_it(project):
    def git(*arguments):
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        done = subprocess.run(
            ["git", *identity, *arguments], cwd=project, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "all")
    (project / "pyproject.toml").write_text("[project]")
    record = describe(a_report(project / "reports"), project)
    assert record["git"] == {"commit": git("rev-parse", "HEAD"), "modified": True}


def test_a_report_is_read_back_from_its_manifest(project):
    failure = Failure(kind="ValueError", message="no", cell="c")
    for report in (
        a_report(project / "reports"),
        a_report(project / "reports", status="failed", error=failure, parameters={"n": [1]}),
    ):
        report.manifest.parent.mkdir(parents=True, exist_ok=True)
        report.manifest.write_text(json.dumps(describe(report, project)), encoding="utf-8")
        assert read_report(report.manifest) == report


def test_the_files_of_a_report_are_told_apart(project):
    report = a_report(project)
    assert report.tables == (project / "a/tables/t.csv",)
    assert report.figures == (project / "a/figures/f.png", project / "a/figures/f.svg")
    assert (report.html, report.notebook) == (project / "a.html", project / "a.ipynb")


def test_a_batch_manifest_counts_and_lists(project):
    reports = [
        a_report(project),
        a_report(project, name="b", status="failed", error=Failure(kind="E", message="m")),
    ]
    record = batch_manifest(reports, plan=project / "reports.toml", started="now", seconds=3.5)
    assert record["plan"] == {"path": "reports.toml", "sha256": sha256(b"[[report]]")}
    assert record["counts"] == {"reports": 2, "made": 1, "failed": 1}
    assert [entry["manifest"] for entry in record["reports"]] == [
        "a/manifest.json",
        "b/manifest.json",
    ]
    assert record["reports"][1]["error"] == {"kind": "E", "message": "m", "cell": None}
