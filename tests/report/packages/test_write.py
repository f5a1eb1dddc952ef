import hashlib
import json
import subprocess
import sys
import tomllib
import zipfile

import pandas as pd
import pytest

from tests.report.making import code
from tests.report.packages.conftest import CELLS, PLAN, make
from toolkit.errors import OptionError, ReportError
from toolkit.report.packages import package_replication
from toolkit.report.packages.codebook import codebook_text
from toolkit.report.packages.source import package_versions, source_files
from toolkit.report.packages.study import read_study


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def refused(**options):
    with pytest.raises(ReportError) as caught:
        package_replication("package", **options)
    return str(caught.value).splitlines()


def test_a_study_without_fault_becomes_a_package(study):
    made = package_replication("package")
    assert made.findings == ()
    assert [name for name in made.files if not name.startswith("code/")] == [
        "CODEBOOK.md",
        "README.md",
        "SHA256SUMS",
        "data/raw/README.md",
        "data/raw/loans.csv",
        "environment.yml",
        "notebooks/loans.ipynb",
        "replicate.sh",
        "replication.toml",
        "reports.toml",
        "reports/loans.html",
        "reports/loans/figures/curve.png",
        "reports/loans/figures/curve.svg",
        "reports/loans/manifest.json",
        "reports/loans/tables/ratio.csv",
        "requirements.lock",
    ]
    assert sorted(contents(made.folder)) == list(made.files)
    assert made.summary() == f"package: {len(made.files)} files."
    assert (study / "package/replicate.sh").read_text() == (
        "set -e\ntoolkit batch reports.toml --out remade\n"
    )


def test_the_sums_are_those_of_the_files(study):
    held = contents(package_replication("package").folder)
    lines = held.pop("SHA256SUMS").decode().splitlines()
    assert lines == [f"{hashlib.sha256(held[name]).hexdigest()}  {name}" for name in sorted(held)]


def test_the_same_study_gives_the_same_bytes_and_the_same_archive(study):
    first = package_replication("package", archive="zip")
    before, packed = contents(first.folder), first.archive.read_bytes()
    again = package_replication("package", archive="zip", existing="replace")
    assert contents(again.folder) == before
    assert again.archive.read_bytes() == packed
    with zipfile.ZipFile(again.archive) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"package/{name}" for name in again.files]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not list(study.glob(".unfinished*"))


def test_the_readme_says_what_the_manifests_and_the_authors_say(study):
    package_replication("package")
    readme = (study / "package/README.md").read_text(encoding="utf-8")
    for line in (
        "# Replication package: Loans",
        "Authors: Li, Na. Contact: na.li@example.org.",
        "To the paper: Li (2026)",
        "- [x] The authors certify that they have permission to redistribute the data in this "
        "package.",
        "- source: the office",
        "| `data/raw/loans.csv` | 22 | the office | yes |",
        "Time to make all reports one after the other, as their manifests tell (700 s):",
        "- [ ] less than 10 minutes",
        "- [x] 10 to 60 minutes",
        "- [x] less than 25 MB",
        f"  - pandas {pd.__version__}",
        "- `notebooks/loans.ipynb` makes `loans` (700 s). Parameters:",
        "  - `ledger` (str): the loans",
        "| table | ratio | `reports/loans/tables/ratio.csv` | `notebooks/loans.ipynb` | `ratio` "
        "|  |",
        "| figure | curve | `reports/loans/figures/curve.svg` | `notebooks/loans.ipynb` | `curve` "
        "|  |",
        "| ratio: 5.5 |  | `reports/loans.html` | `notebooks/loans.ipynb` |  |",
        "- Office (2026). Loans.",
    ):
        assert line in readme.splitlines(), line
    assert "leave open" not in readme
    assert "curve.png" not in readme


def test_nothing_is_written_while_there_are_errors(study):
    (study / "data/raw/more.csv").write_text("姓名\n李娜\n")
    first, *errors = refused()
    assert first == "2 errors, nothing was written to package. Mend each, or accept it."
    assert [line.split(":")[0].strip() for line in errors] == [
        "error [no-provenance] data/raw/more.csv",
        "error [personal-data] data/raw/more.csv, row 1",
    ]
    assert not (study / "package").exists()


def test_what_the_authors_stand_by_is_in_the_readme(study):
    (study / "data/raw/loans.csv").write_text("姓名,amount\n李娜,5\n")
    make(study)
    made = package_replication("package", accept=["personal-data:data/raw/loans.csv*"])
    assert [finding.severity for finding in made.findings] == ["warning"]
    assert made.summary().splitlines()[1:] == [f"  {made.findings[0]}"]
    assert (
        "- data/raw/loans.csv, row 1: the column '姓名' holds persons. Accepted by the authors."
    ) in (study / "package/README.md").read_text(encoding="utf-8")


def test_a_report_that_is_not_as_its_sources_are(study):
    (study / "data/raw/loans.csv").write_text("firm_id,amount\nF1,200\n")
    assert refused() == [
        "1 error, nothing was written to package. Mend each, or accept it.",
        "  error [out-of-date] reports/loans: data: data/raw/loans.csv changed. Run toolkit batch.",
    ]
    (study / "reports/loans/manifest.json").unlink()
    assert "  error [out-of-date] reports/loans: report: not made yet. Run toolkit batch." in (
        refused()
    )


def test_a_report_that_failed(study):
    make(study, status="failed")
    assert (
        "  error [failed-report] reports/loans: report: failed: ValueError. Mend the notebook, and "
        "run toolkit batch."
    ) in refused()


def test_a_folder_that_a_report_was_pointed_to_is_used(study, write_notebook):
    source = "ledger: str = '../data/raw'"
    write_notebook("study/notebooks/loans.ipynb", code("p", source, "parameters"), *CELLS[1:])
    make(study)
    assert package_replication("package").findings == ()
    write_notebook("study/notebooks/loans.ipynb", code("p", "n: int = 1", "parameters"))
    make(study)
    (unused,) = package_replication("package", existing="replace").findings
    assert (unused.rule, unused.place) == ("unused", "data/raw/loans.csv")


def test_a_report_that_opened_what_is_not_in_the_study(study, tmp_path, write_notebook):
    (tmp_path / "elsewhere.csv").write_text("a\n1\n")
    source = "ledger: str = '../../elsewhere.csv'"
    write_notebook("study/notebooks/loans.ipynb", code("p", source, "parameters"), *CELLS[1:])
    make(study)
    assert any(
        line.startswith(
            "  error [outside] reports/loans: the report opened elsewhere.csv, which is not in the "
            "study. Move the file into the study's folder."
        )
        for line in refused()
    )


def test_a_notebook_that_lies_elsewhere(study, tmp_path, write_notebook):
    write_notebook("other.ipynb", *CELLS)
    (study / "reports.toml").write_text(PLAN.replace("notebooks/loans", "../other"))
    assert any("[outside] loans: its notebook other.ipynb lies elsewhere." in x for x in refused())


def test_processed_data_go_along_unless_a_command_makes_them(study, write_notebook):
    processed = study / "data/processed/ledger.parquet"
    processed.parent.mkdir()
    table = pd.DataFrame(
        {
            "firm_id": ["F1", "F2"],
            "funder_id": "B1",
            "tier": "bank",
            "region": "430000",
            "sector": [None, "software"],
            "date": pd.to_datetime(["2024-01-01", "2024-03-01"]),
            "amount_cny": [1e6, 2.5e6],
        }
    )
    table.to_parquet(processed)
    source = "ledger: str = '../data/processed/ledger.parquet'"
    write_notebook("study/notebooks/loans.ipynb", code("p", source, "parameters"), *CELLS[1:])
    make(study)
    made = package_replication("package")
    assert [finding.rule for finding in made.findings] == ["unused", "unmade"]
    assert "data/processed/ledger.parquet" in made.files
    codebook = (study / "package/CODEBOOK.md").read_text(encoding="utf-8").splitlines()
    for line in (
        "## `data/processed/ledger.parquet`",
        "2 rows.",
        "Key: `firm_id`, `funder_id`, `date`.",
        "| `sector` | str | line of business, as the source says it | 1 | software |",
        "| `amount_cny` | float64 | in CNY, nominal | 0 | 1000000 to 2500000 |",
    ):
        assert line in codebook, line
    assert any(line.endswith("| 0 | 2024-01-01 to 2024-03-01 |") for line in codebook)
    made = package_replication("package", steps=["toolkit clean"], existing="replace")
    assert made.findings == ()
    assert "data/processed/ledger.parquet" not in made.files
    assert (study / "package/replicate.sh").read_text().splitlines()[1] == "toolkit clean"


def test_the_codebook_describes_what_notebooks_clean_and_what_indicators_mean(study):
    accounts = study / "data/processed/accounts.parquet"
    accounts.parent.mkdir()
    row = {"region": "430000", "year": 2020, "indicator": "population", "value": 1.0}
    pd.DataFrame([{**row, "unit": "persons", "vintage": "unstated"}]).to_parquet(accounts)
    text = codebook_text([accounts], [study / "notebooks/loans.ipynb"], root=study)
    assert "| `population` | resident population at year end | persons | stock |" in text
    assert "## ledger, made while reports run\n\nBy `notebooks/loans.ipynb`.\n" in text
    assert "| `amount_cny` | number | in CNY, nominal |" in text


def test_a_folder_in_use_is_left_as_it_is(study):
    with pytest.raises(OptionError) as caught:
        package_replication("notebooks", existing="replace")
    assert str(caught.value) == (
        f"{study / 'notebooks'} is there already, and is no replication package; it was left as it "
        "is. Choose another folder."
    )
    package_replication("package")
    with pytest.raises(OptionError, match="holds a replication package already; it was left as"):
        package_replication("package")
    with pytest.raises(OptionError, match=r"^archive is 'none' or 'zip'; got 'tar'\.$"):
        package_replication("other", archive="tar")


def test_a_package_of_a_package_is_the_same(study):
    """A replicator who makes the package anew from what he was given gets what he was given."""
    first = package_replication("package")
    inside = first.folder
    again = package_replication(
        study / "again", plan=inside / "reports.toml", reports=inside / "reports"
    )
    assert contents(again.folder) == contents(inside)


def test_the_source_can_be_installed_from_the_package(study):
    files = source_files()
    declared = tomllib.loads(files["code/pyproject.toml"].decode())
    project = declared["project"]
    assert project["name"] == "regional-techfinance-toolkit"
    assert project["scripts"] == {"toolkit": "toolkit.cli:main"}
    assert "papermill.engine" in project["entry-points"]
    assert any(line.startswith("pandas") for line in project["dependencies"])
    assert not any("__pycache__" in name for name in files)
    assert files["code/LICENSE"].startswith(b"MIT License")
    # What a wheel holds and a checkout keeps elsewhere is there too.
    assert files["code/toolkit/clean/gb2260_divisions.csv"].is_file()
    package_replication("package")
    check = "import toolkit, toolkit.clean.regions as r; print(toolkit.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", check],
        cwd=study / "package/code",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(str((study / "package/code").resolve()))


def test_the_lock_holds_what_programs_import(study, write_notebook):
    path = write_notebook("b.ipynb", code("c", "import hypothesis.strategies\nfrom . import a"))
    assert "hypothesis" in package_versions([path])
    assert "hypothesis" not in package_versions([study / "notebooks/loans.ipynb"])


def test_what_a_study_consists_of(study):
    read = read_study("reports.toml", reports="reports", steps=["toolkit clean"])
    assert read.plan_name == "reports.toml"
    assert read.data == ["data/raw/loans.csv"]
    assert read.statements.authors == ("Li, Na",)
    assert [record["name"] for record in read.records] == ["loans"]
    assert json.loads(read.files["reports/loans/manifest.json"].read_text())["name"] == "loans"
