import pytest

from tests.report.making import code
from toolkit.cli import main
from toolkit.errors import DataError, OptionError, ReportError
from toolkit.report.batch import render_batch
from toolkit.report.packages import check_replication, package_replication
from toolkit.report.packages.write import SUMS


@pytest.fixture
def package(study):
    return package_replication("package").folder


def replicate(package, *commands):
    """Put other commands into a package, and say so in its sums."""
    (package / "replicate.sh").write_text("\n".join(["set -e", *commands, ""]))
    import hashlib

    digest = hashlib.sha256((package / "replicate.sh").read_bytes()).hexdigest()
    lines = (package / SUMS).read_text().splitlines()
    lines = [
        f"{digest}  replicate.sh" if line.endswith(" replicate.sh") else line for line in lines
    ]
    (package / SUMS).write_text("\n".join(lines) + "\n")


def test_equal_bytes_are_equal(package):
    replicate(package, "cp -r reports remade")
    said = []
    found = check_replication(package, environment="this", progress=said.append)
    assert found.equal
    assert found.compared == 4
    assert said == ["cp -r reports remade"]
    assert found.summary().startswith(
        "package: equal. 4 files of reports made again in this environment in "
    )
    assert not (package / "remade").exists()


def test_what_is_not_the_same_is_named(package):
    replicate(
        package, "cp -r reports remade", "echo x >> remade/loans.html", "rm remade/loans/tables/*"
    )
    (package / "data/raw/loans.csv").write_text("changed\n")
    found = check_replication(package, environment="this")
    assert not found.equal
    assert found.differing == ("loans.html",)
    assert found.missing == ("loans/tables/ratio.csv",)
    assert found.altered == ("data/raw/loans.csv",)
    first, *rest = found.summary().splitlines()
    assert first.startswith("package: not equal. 4 files")
    assert rest == [
        "  altered since it was written: data/raw/loans.csv",
        "  not made again: loans/tables/ratio.csv",
        "  not the same: loans.html",
    ]


def test_a_command_that_fails_says_why(package):
    replicate(package, "echo half >&2; exit 3")
    with pytest.raises(ReportError) as caught:
        check_replication(package, environment="this")
    assert str(caught.value) == (
        "echo half >&2; exit 3: ended with 3 when the package was made again. It said last:\n"
        "  half\nMend the study, and write the package again."
    )


def test_commands_run_the_toolkit_of_the_package(package):
    (package / "code/toolkit/__main__.py").write_text("import sys; sys.exit('the copy ran')\n")
    replicate(package, "python -m toolkit batch")
    with pytest.raises(ReportError, match="the copy ran"):
        check_replication(package, environment="this")


def test_a_folder_that_is_no_package(tmp_path):
    with pytest.raises(DataError, match=r"is no replication package: it lacks SHA256SUMS or rep"):
        check_replication(tmp_path)
    with pytest.raises(OptionError, match=r"^environment is 'fresh' or 'this'; got 'new'\.$"):
        check_replication(tmp_path, environment="new")


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


def test_the_command_writes_a_package(study, capsys):
    exit_code, out, err = run(capsys, "package", "out", "--archive", "zip")
    assert (exit_code, err) == (0, "")
    assert out.endswith(" files.\nArchive: out.zip\n")
    exit_code, out, err = run(capsys, "package", "out")
    assert exit_code == 2
    assert "holds a replication package already" in err


def test_the_command_ends_with_an_error_where_there_are_errors(study, capsys):
    (study / "data/raw/more.csv").write_text("a\n1\n")
    exit_code, out, err = run(capsys, "package", "out")
    assert (exit_code, out) == (6, "")
    assert err.startswith("toolkit: 1 error, nothing was written to out. Mend each, or accept it.")


def test_the_command_tells_warnings_and_accepts(study, capsys):
    (study / "replication.toml").unlink()
    exit_code, out, err = run(capsys, "package", "out", "--accept", "no-seed:*")
    assert exit_code == 0
    assert "warning [unstated] replication.toml: authors is not stated." in err
    assert " files, 8 warnings." in out


def test_the_command_checks_a_package_that_is_there(package, capsys):
    replicate(package, "cp -r reports remade", "rm remade/loans.html")
    exit_code, out, err = run(capsys, "package", "package", "--check", "--environment", "this")
    assert exit_code == 6
    assert out.startswith("package: not equal.")
    assert err == "cp -r reports remade\nrm remade/loans.html\n"


@pytest.mark.slow
@pytest.mark.parametrize("environment", ["this", "fresh"])
def test_a_study_is_made_again_from_its_package_to_the_byte(study, write_notebook, environment):
    write_notebook(
        "study/notebooks/loans.ipynb",
        code("parameters", "ledger: str = '../data/raw/loans.csv'", "parameters"),
        code("title", "import toolkit as tk\ntk.Prose('# Loans')"),
        code("table", "tk.Table(title='Loans', frame=tk.as_pandas(ledger))"),
    )
    assert not render_batch("reports.toml", out="reports", jobs=1).failed
    found = check_replication(package_replication("package").folder, environment=environment)
    assert found.equal, found.summary()
    assert found.compared >= 3
