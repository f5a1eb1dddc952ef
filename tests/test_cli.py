import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.report.making import code, notebook, prose
from toolkit.cli import main
from toolkit.errors import DataError


def run(capsys, *arguments):
    """Run a command in this process; return exit code, stdout, stderr."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


@pytest.fixture
def project(tmp_path, monkeypatch):
    import json

    cells = (
        code("p", 'region: str = "Hunan"  # a province\nmonths: int = 24', "parameters"),
        code("t", 'from IPython.display import Markdown\nMarkdown(f"# {region} {months + 0}")'),
    )
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for name, parts in {"regional": cells, "plain": (prose("t", "# Plain"),)}.items():
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook(*parts)), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_help_is_there_at_once():
    heavy = {"pandas", "numpy", "matplotlib", "papermill", "nbformat", "joblib", "jinja2", "rich"}
    check = (
        "import sys; from toolkit.cli import main\n"
        "try: main(['--help'])\n"
        f"except SystemExit as end: print(end.code, {heavy!r} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("0 set()\n")
    for command in ("clean", "report", "batch", "verify", "list"):
        assert f"\n  {command} " in done.stdout


def test_the_module_runs_as_the_command_does():
    done = subprocess.run(
        [sys.executable, "-m", "toolkit", "list", "absent.ipynb"], capture_output=True, text=True
    )
    assert done.returncode == 3
    assert done.stderr == (
        "toolkit: absent.ipynb does not exist. Give the path of a notebook (.ipynb).\n"
    )


def test_an_unknown_command_is_a_wrong_use(capsys):
    exit_code, out, err = run(capsys, "reprot")
    assert (exit_code, out) == (2, "")
    assert "reprot" in err


def test_notebooks_are_listed_with_their_parameters(project, capsys):
    assert run(capsys, "list") == (
        0,
        "notebooks/plain.ipynb\n"
        "notebooks/regional.ipynb\n"
        "  region: str = 'Hunan'  a province\n"
        "  months: int = 24\n",
        "",
    )


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (
            ["-p", "regoin", "Hunan"],
            2,
            "notebooks/regional.ipynb has no parameter 'regoin'. Did you mean 'region'? "
            "It takes: region, months.",
        ),
        (
            ["-p", "months", "two"],
            2,
            "notebooks/regional.ipynb, parameter 'months': 'two' is not int. "
            "Give a whole number, such as 24.",
        ),
        (["-p", "months"], 2, "months: no value. Write months=VALUE."),
    ],
)
def test_a_report_that_cannot_be_meant_ends_with_one_message(
    project, capsys, arguments, exit_code, message
):
    ended = run(capsys, "report", "notebooks/regional.ipynb", *arguments)
    assert ended == (exit_code, "", f"toolkit: {message}\n")


@pytest.mark.slow
def test_a_report_is_made(project, capsys):
    exit_code, out, err = run(
        capsys, "report", "notebooks/regional.ipynb", "-p", "region", "007", "-p", "months=36"
    )
    assert (exit_code, err) == (0, "")
    assert out.startswith("007 36: reports/regional-007-36.html (")
    assert (project / "reports/regional-007-36.html").is_file()


@pytest.mark.slow
def test_a_batch_shows_progress_and_ends_with_what_failed(project, capsys):
    (project / "reports.toml").write_text(
        '[[report]]\nnotebook = "notebooks/plain.ipynb"\n'
        '[[report]]\nnotebook = "notebooks/bad.ipynb"\n'
    )
    bad = (project / "notebooks/plain.ipynb").read_text().replace('"markdown"', '"code"')
    bad = bad.replace('"# Plain"', '"1/0", "outputs": [], "execution_count": null')
    (project / "notebooks/bad.ipynb").write_text(bad)
    exit_code, out, err = run(capsys, "batch", "--jobs", "1")
    assert exit_code == 6
    first, second, third = out.splitlines()
    assert first.startswith("1 of 2 reports made in ")
    assert second == "  bad, cell 't': ZeroDivisionError: division by zero"
    assert third == "Index: reports/index.html"
    assert "bad: failed: ZeroDivisionError: division by zero\n" in err
    assert "2/2" in err
    assert "plain: made in " in err
    exit_code, out, _ = run(capsys, "batch", "--jobs", "1", "--only", "pl*", "--out", "other")
    assert exit_code == 0
    assert "Index: other/index.html" in out

    exit_code, out, err = run(capsys, "batch", "--why", "--only", "pl*")
    assert (exit_code, err) == (0, "")
    assert out.startswith("0 of 1 reports made in ")
    assert " 1 up to date, 0 failed.\n" in out
    (project / "notebooks/bad.ipynb").write_text(bad.replace("1/0", "1/1"))
    exit_code, out, err = run(capsys, "batch", "--why", "--jobs", "1")
    assert exit_code == 0
    assert out.splitlines()[:2] == [
        "bad: report: failed: ZeroDivisionError",
        "bad: notebook: notebooks/bad.ipynb changed",
    ]
    assert "1/1" in err

    assert run(capsys, "verify", "reports/plain")[:2] == (0, "plain: equal.\n")
    (project / "reports/plain.html").write_text("altered")
    exit_code, out, _ = run(capsys, "verify", "reports/plain.html")
    assert exit_code == 6
    assert out.splitlines()[-1] == "  altered since it was made: plain.html"


def test_a_batch_on_a_backend_that_there_is_not_is_a_wrong_use(project, capsys):
    (project / "reports.toml").write_text('[[report]]\nnotebook = "notebooks/plain.ipynb"\n')
    exit_code, _, err = run(capsys, "batch", "--address", "tcp://host:1")
    assert exit_code == 2
    assert err.endswith("Leave the address out, or choose dask, ray or spark.\n")


def test_what_is_no_report_cannot_be_verified(project, capsys):
    exit_code, out, err = run(capsys, "verify", "notebooks")
    assert (exit_code, out) == (3, "")
    assert err.startswith("toolkit: notebooks is no report: ")


def test_an_absent_plan_ends_with_its_code(project, capsys):
    assert run(capsys, "batch") == (
        3,
        "",
        "toolkit: reports.toml does not exist. Write one, or give the path of a plan (.toml).\n",
    )


@pytest.fixture
def clean_all(monkeypatch):
    """Put a cleaning of two tables in the place of the real one; return what it was called with."""
    calls = []

    def fake(raw, out, *, progress):
        calls.append((str(raw), str(out)))
        tables = {}
        for name, counts in {"accounts": (1200, 1000, 50, 150), "lenders": (31, 31, 0, 0)}.items():
            keys = ("rows_in", "passed", "duplicates", "rejected")
            tables[name] = SimpleNamespace(
                audit=SimpleNamespace(**dict(zip(keys, counts, strict=True)))
            )
            progress(name, tables[name])
        if str(raw) == "absent":
            raise DataError("absent is no folder.")
        return tables

    module = SimpleNamespace(clean_all=fake)
    monkeypatch.setitem(sys.modules, "toolkit.clean.pipelines", module)
    return calls


def test_cleaning_counts_the_rows_of_every_table(clean_all, capsys):
    exit_code, out, err = run(capsys, "clean", "--raw", "raw", "--out", "clean")
    assert exit_code == 0
    assert clean_all == [("raw", "clean")]
    assert out == (
        "accounts      1,200 in      1,000 passed       50 duplicates      150 rejected\n"
        "lenders          31 in         31 passed        0 duplicates        0 rejected\n"
        "2 tables, each with its audit, in clean.\n"
    )
    assert "2table" in err


def test_cleaning_that_fails_ends_with_its_code(clean_all, capsys):
    exit_code, out, err = run(capsys, "clean", "--raw", "absent")
    assert (exit_code, out) == (3, "")
    assert err.endswith("toolkit: absent is no folder.\n")


def test_an_interrupt_ends_with_130(clean_all, capsys, monkeypatch):
    def interrupted(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["toolkit.clean.pipelines"], "clean_all", interrupted)
    assert run(capsys, "clean")[0] == 130


def test_a_study_is_simulated_with_its_truth(tmp_path, capsys):
    arguments = ["simulate", str(tmp_path / "study"), "--random-state", "7", "--firms", "300"]
    code, out, err = run(capsys, *arguments)
    assert code == 0
    assert out.startswith("simulated study of 300 firms, random_state 7: ")
    assert "milestones, limit_finished_only: 0.919982 fraction" in out
    assert "written" in err
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert err.endswith("is not empty. Choose another, or say existing='replace'.\n")
