import json
import tomllib
from pathlib import Path

import pytest

import toolkit as tk
from toolkit.cli import main
from toolkit.errors import OptionError
from toolkit.report.notebooks import find_notebooks, read_notebook, thin_violations
from toolkit.report.packages.provenance import read_provenance
from toolkit.report.packages.statements import read_statements
from toolkit.report.plan import read_plan
from toolkit.report.studies import lock, new_study


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return new_study(tmp_path_factory.mktemp("a") / "battery-finance")


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_it_has_what_a_study_needs(study):
    assert list(files_of(study)) == [
        ".gitignore",
        "README.md",
        "data/processed/.gitkeep",
        "data/raw/README.md",
        "data/raw/simulated_accounts/simulated_gross_regional_product_revised.csv",
        "data/raw/simulated_accounts/simulated_high_tech_manufacturing_revenue_unstated.csv",
        "data/raw/simulated_loans.csv",
        "data/raw/simulated_register.csv",
        "environment.yml",
        "notebooks/loan_ledger.ipynb",
        "notebooks/milestone_register.ipynb",
        "notebooks/regional_accounts.ipynb",
        "replication.toml",
        "reports.toml",
        "requirements.lock",
    ]


def test_nothing_is_left_to_fill_in(study):
    for name, content in files_of(study).items():
        assert b"<<" not in content, name


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_data(study, tmp_path):
    again = files_of(new_study(tmp_path / "battery-finance"))
    assert again == files_of(study)
    other = files_of(new_study(tmp_path / "other" / "battery-finance", random_state=1))
    changed = {name for name, content in other.items() if content != again[name]}
    assert changed == {name for name in again if name.endswith(".csv")}


def test_the_folder_gives_the_title_unless_one_is_given(study, tmp_path):
    assert (study / "README.md").read_text().startswith("# Battery finance\n")
    named = new_study(tmp_path / "My study!", title='Who "follows"\nwhom?')
    assert (named / "README.md").read_text().startswith('# Who "follows" whom?\n')
    assert read_statements(named).title == 'Who "follows" whom?'
    assert "name: my-study\n" in (named / "environment.yml").read_text()


def test_a_folder_in_use_is_left_as_it_is(tmp_path):
    (tmp_path / "mine.csv").write_text("a\n")
    with pytest.raises(OptionError) as caught:
        new_study(tmp_path)
    assert str(caught.value) == (
        f"The folder {tmp_path} is not empty, and nothing in it was touched. "
        "Choose a folder that is new or empty."
    )
    with pytest.raises(OptionError) as caught:
        new_study(tmp_path / "mine.csv")
    assert str(caught.value) == (
        f"A study is laid out in a folder; {tmp_path / 'mine.csv'} is a file. Choose another."
    )
    assert files_of(tmp_path) == {"mine.csv": b"a\n"}


def test_the_command_says_what_comes_next(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["new", "s", "--title", "Ours"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == (
        "s: laid out, with small simulated files in s/data/raw.\nNext: cd s && toolkit batch\n"
    )
    with pytest.raises(SystemExit) as ended:
        main(["new", "s"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("toolkit: The folder ")


def test_an_empty_folder_will_do(tmp_path):
    assert new_study(tmp_path) == tmp_path.resolve()
    assert (tmp_path / "reports.toml").is_file()


def test_the_plan_names_each_notebook_with_files_that_are_there(study):
    plan = read_plan(study / "reports.toml")
    assert plan.names == ("loan-ledger", "milestone-register", "regional-accounts")
    for job in plan.jobs:
        assert (job.notebook.parent / next(iter(job.parameters.values()))).exists()


def test_the_notebooks_are_thin_and_never_ran(study):
    for path in find_notebooks([study / "notebooks"]):
        assert thin_violations(path) == []
        for cell in read_notebook(path)["cells"]:
            assert not cell.get("outputs"), cell["id"]
            assert cell["id"].replace("-", "").isalpha()


def test_every_example_file_says_that_it_is_simulated_and_where_it_came_from(study):
    rows = read_provenance((study / "data/raw/README.md").read_text(encoding="utf-8"))
    for name, content in files_of(study / "data/raw").items():
        if name.endswith(".csv"):
            assert "simulated" in Path(name).name
            assert b"simulated" in content
            assert any(row.holds(f"data/raw/{name}") for row in rows), name
    assert all(row.source and row.rights for row in rows)


def test_the_ledger_holds_whole_firms_and_each_kind_of_fault(study):
    cleaned = tk.clean_ledger(study / "data/raw/simulated_loans.csv", observed_until="2024-12-31")
    audit = cleaned.audit
    assert (audit.rows_in, audit.passed) == (643, 620)
    rules = set(audit.counts["rule"])
    assert {"not_an_amount", "negative_amount", "unknown_region", "conflicting_rows"} <= rules
    loans = tk.as_pandas(cleaned.table)
    # The micro-loan of each firm is there, none was left to another file.
    assert loans.loc[loans["tier"] == "micro", "firm_id"].nunique() == 300
    ratio = tk.capital_magnetism(
        cleaned.table, window="adjusted", cluster="funder_id", observed_until="2024-12-31"
    )
    row = ratio.tidy().iloc[0]
    # Simulated with a ratio of 5.
    assert row["conf_low"] < 5 < row["conf_high"]


def test_the_register_and_the_accounts_are_read(study):
    register = tk.clean_milestones(
        study / "data/raw/simulated_register.csv", observed_until="2024-12-31"
    )
    assert (register.audit.rows_in, register.audit.passed) == (309, 300)
    accounts = tk.clean_accounts(study / "data/raw/simulated_accounts")
    assert (accounts.audit.rows_in, accounts.audit.rejected) == (960, 0)


def test_the_lock_holds_what_the_toolkit_needs_and_what_that_needs():
    packages = lock.locked_packages()
    assert {"pandas", "jupyterlab", "python-dateutil", "pyzmq", "maketables"} <= packages.keys()
    # Extras that a requirement asks for are followed, optional parts of the toolkit are not.
    assert "webcolors" in packages
    assert not {"pyspark", "ray", "ruff", "regional-techfinance-toolkit"} & packages.keys()
    also = lock.locked_packages(["hypothesis"])
    assert {"hypothesis", "sortedcontainers"} & (also.keys() - packages.keys())


def test_the_lock_is_written_as_pip_reads_it(study):
    lines = (study / "requirements.lock").read_text().splitlines()
    names = [line.partition("==")[0] for line in lines]
    assert names == sorted(names)
    assert all(line.count("==") == 1 for line in lines)


def test_the_statements_of_a_new_study_are_to_be_made(study):
    stated = tomllib.loads((study / "replication.toml").read_text())
    assert stated["legitimate_access"] is False
    assert stated["authors"] == []


@pytest.mark.slow
def test_its_reports_are_made_straight_away(tmp_path):
    folder = new_study(tmp_path / "s")
    batch = tk.render_batch(folder / "reports.toml", out=folder / "reports", jobs=1)
    assert [report.status for report in batch.reports] == ["made"] * 3, batch.summary()
    for report in batch.reports:
        assert "(simulated data)" in report.title, report.title
        assert len(report.tables) >= 2
        assert report.figures
    loans = json.loads((folder / "reports/loan-ledger/manifest.json").read_text())
    assert loans["inputs"][0]["path"] == "data/raw/simulated_loans.csv"
