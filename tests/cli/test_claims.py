"""`toolkit claims`: the verdicts of the shipped data, on the terminal and in a file."""

import json

import pandas as pd
import pytest

from tests.project import RAW
from toolkit.clean.accounts import clean_accounts
from toolkit.clean.programmes import clean_figures
from toolkit.cli import main


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("processed")
    files = [*sorted(RAW.glob("science/*.csv")), *sorted(RAW.glob("nbs/grp_*.csv"))]
    clean_accounts(files).write(folder / "accounts")
    clean_figures(RAW / "published_figures.csv").write(folder / "figures")
    return folder


@pytest.fixture
def run(capsys):
    def run_it(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["claims", *map(str, arguments)])
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run_it


def test_verdicts_reasons_and_what_would_decide_the_others(run, data):
    exit_code, out, err = run("--data", data)
    assert (exit_code, err) == (0, "")
    assert out.startswith(
        "Of 111 published figures, 3 could be held against an estimate, all of them by a proxy: 0 "
        "supported, 3 contradicted, 0 not decided; this data does not speak to the other 108 "
        "figures.\n"
    )
    table = next(line for line in out.splitlines() if line.strip().startswith("hunan_follow_on"))
    assert table.split()[1:8] == ["¥1", ":", "¥5", "6.642", "6.335", "6.949", "contradicted"]
    assert "- 47% (Technology SME lending, approval rate): contradicted; the 95% interval" in out
    assert "with a proxy, applications for first loans and renewals in one city, Xiamen" in out
    assert "- the accounts of the pool: hunan_pool_size\n" in out


def test_every_figure_is_written(run, data, tmp_path):
    out = tmp_path / "new" / "claims.csv"
    exit_code, said, _ = run("--data", data, "--out", out)
    assert exit_code == 0
    assert said.endswith(f"written: {out}\n")
    table = pd.read_csv(out)
    assert len(table) == 111
    assert table["verdict"].value_counts().to_dict() == {"not_decided": 108, "contradicted": 3}


def test_the_file_says_the_same_in_json_and_markdown(run, data, tmp_path):
    _, said, _ = run("--data", data, "--out", tmp_path / "c.md")
    written = (tmp_path / "c.md").read_text(encoding="utf-8")
    assert said == written + f"written: {tmp_path / 'c.md'}\n"
    run("--data", data, "--out", tmp_path / "c.json")
    assert len(json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))["terms"]) == 111


def test_one_question_and_other_options(run, data):
    exit_code, out, _ = run(
        "--data", data, "--family", "growth", "--start", 2018, "--conf-level", "0.99",
        "--correction", "benjamini_hochberg",
    )  # fmt: skip
    assert exit_code == 0
    assert "1 could be held against an estimate" in out
    assert "0 contradicted, 1 not decided" in out
    assert "false discovery rate of 1% (Benjamini and Hochberg)" in out


@pytest.mark.parametrize(
    ("options", "exit_code", "message"),
    [
        (
            ["--family", "growht"],
            2,
            "No figure is of the family 'growht'. Did you mean 'growth'? The families are: "
            "concentration, funnel, growth, magnetism, pricing, programme, risk_pool, scoring, "
            "survival.",
        ),
        (["--out", "claims.pdf"], 2,
         "--out is a file that ends in .csv, .json or .md; got 'claims.pdf'."),
        (["--conf-level", "95"], 2,
         "conf_level is a fraction between 0 and 1; got 95. Did you mean 0.95?"),
        (["--margin", "0"], 2, "margin is a share of the claimed number, above 0; got 0."),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_ends_with_one_message(run, data, options, exit_code, message):
    assert run("--data", data, *options) == (exit_code, "", f"toolkit: {message}\n")


def test_years_that_are_not_there_end_with_one_message(run, data):
    exit_code, out, err = run("--data", data, "--start", 1990, "--end", 1995)
    assert exit_code in (3, 5)
    assert out == ""
    assert err.startswith("toolkit: ")
    assert err.count("\n") == 1


def test_without_clean_tables_it_says_what_to_run(run, tmp_path):
    assert run("--data", tmp_path) == (
        3,
        "",
        f"toolkit: {tmp_path / 'figures.parquet'} does not exist. Run `toolkit clean` first, or "
        "give --data.\n",
    )
