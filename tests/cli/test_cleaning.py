"""`toolkit clean ledger` and `toolkit clean milestones`: several files, sheets, heading rows."""

import pandas as pd
import pytest

from tests.clean.ledger_rows import HEADINGS
from toolkit import tables
from toolkit.cli import main

ROW = ["F1", "M1", "micro", "湖南", "battery", "2024-03-05", "5万元", "a"]
REGISTER = "项目编号,地区,行业,立项日期,投产日期,退出日期\n{},湖南,battery,2023-01-31,,\n"


@pytest.fixture
def run(capsys):
    def run_it(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["clean", *map(str, arguments)])
        said = capsys.readouterr()
        return ended.value.code, said.out.splitlines(), said.err

    return run_it


@pytest.fixture
def book(tmp_path):
    """A workbook of two sheets, with a line above the headings that is longer than they are."""
    path = tmp_path / "loans.xlsx"
    with pd.ExcelWriter(path) as writer:
        for sheet, firm in (("2022", "F1"), ("2023", "F2")):
            frame = pd.DataFrame([HEADINGS, [firm, *ROW[1:]]], columns=["企业编号 放款金额"] * 8)
            frame.to_excel(writer, sheet_name=sheet, index=False)
    return path


def test_several_files_are_one_ledger(run, tmp_path):
    for name in ("a", "b"):
        pd.DataFrame([ROW], columns=HEADINGS).to_csv(tmp_path / f"{name}.csv", index=False)
    exit_code, out, err = run("ledger", tmp_path / "a.csv", tmp_path / "b.csv")
    assert (exit_code, err) == (0, "")
    assert out[:2] == ["2 files", "2 rows in = 1 passed + 1 duplicates + 0 rejected"]
    exit_code, out, err = run("ledger", tmp_path, "--out", tmp_path / "out" / "ledger")
    assert (exit_code, err) == (0, "")
    assert out[0] == f"{tmp_path.name} (2 files)"
    assert pd.read_parquet(tmp_path / "out" / "ledger.parquet")["file"].tolist() == ["a.csv"]


def test_a_folder_of_registers_is_one_register(run, tmp_path):
    for unit in ("U1", "U2"):
        (tmp_path / f"{unit}.csv").write_text(REGISTER.format(unit), encoding="utf-8")
    exit_code, out, _ = run("milestones", tmp_path, "--observed-until", "2024-12-31")
    assert exit_code == 0
    assert out[1] == "2 rows in = 2 passed + 0 duplicates + 0 rejected"


def test_sheet_and_heading_rows_are_said_by_options(run, book):
    exit_code, out, _ = run("ledger", book, "--sheet", "2023", "--heading-rows", "2")
    assert exit_code == 0
    assert out[1] == "1 rows in = 1 passed + 0 duplicates + 0 rejected"
    exit_code, _, err = run("milestones", book, "--sheet", "2024", "--observed-until", "2024-12-31")
    assert exit_code == 2
    assert err == (
        "toolkit: loans.xlsx: no sheet '2024'. Did you mean '2023'? It has: 2022, 2023.\n"
    )


def test_heading_rows_that_are_no_numbers_are_refused(run, book):
    exit_code, _, err = run("ledger", book, "--heading-rows", "two")
    assert exit_code == 2
    assert err == (
        "toolkit: --heading-rows is the number of a row, or several with commas; got 'two'. "
        "Give such as 3, or 3,4.\n"
    )


@pytest.mark.parametrize("address", ["hdfs://host/loans.csv", "s3://bucket/2024/"])
def test_an_address_reaches_spark_as_it_was_given(run, monkeypatch, address):
    asked = []

    def opened(path, *, master):
        asked.append((path, master))
        return pd.DataFrame([ROW], columns=HEADINGS)

    monkeypatch.setattr(tables, "open_with_spark", opened)
    exit_code, _, _ = run("ledger", address, "--engine", "spark", "--master", "local[1]")
    assert exit_code == 0
    assert asked == [(address, "local[1]")]


def test_spark_takes_one_file(run):
    exit_code, _, err = run("ledger", "a.csv", "b.csv", "--engine", "spark")
    assert exit_code == 2
    assert err == (
        "toolkit: --engine spark takes one file, or a folder of files with the same headings; "
        "got 2. Put them in a folder, or leave the engine out.\n"
    )


LEDGER = (
    "借款企业名称,放贷机构,类别,地区,放款日期,实际放款金额\nF1,M1,典当行,麓谷,05/03/24,1万美元\n"
)


def test_every_option_that_an_audit_names_is_one(run, tmp_path):
    path = tmp_path / "loans.csv"
    path.write_text(LEDGER, encoding="utf-8")
    exit_code, _, err = run("ledger", path)
    assert exit_code == 4
    assert err == (
        "toolkit: loans.csv: No columns 'tier' and 'sector'. The table has: 借款企业名称, "
        "放贷机构, 类别, 地区, 放款日期, 实际放款金额. Name them: columns={'tier': heading, "
        "'sector': heading} in Python, -c tier=HEADING -c sector=HEADING on the command line. "
        "Where there is no 'tier' or 'sector', say None, or -c tier= with nothing after it.\n"
    )
    named = ["ledger", path, "-c", "tier=类别", "-c", "sector="]
    exit_code, out, _ = run(*named)
    assert exit_code == 0
    assert out[1] == "1 rows in = 0 passed + 0 duplicates + 1 rejected"
    said = "\n".join(out)
    options = {
        "--tier": ["--tier", "典当行=pawnshop"],
        "--rate": ["--rate", "USD=7"],
        "--place": ["--place", "麓谷=430104", "--level", "any"],
        "--date-order": ["--date-order", "day_first", "--century-start", "1950"],
    }
    assert "Give rates= in Python, --rate USD=7.1 on the command line." in said
    assert "Say what it means: tiers= in Python, --tier WORD=KIND on the command line." in said
    assert "map it with extra= in Python, --place NAME=CODE on the command line." in said
    assert "century_start=1950 in Python, --century-start 1950 on the command line" in said
    more = [word for words in options.values() for word in words]
    exit_code, out, _ = run(
        *named, *more, "--key", "firm_id, date", "--out", tmp_path / "clean.csv"
    )
    assert exit_code == 0
    assert out[1] == "1 rows in = 1 passed + 0 duplicates + 0 rejected"
    assert out[-3].endswith("clean.csv")
    row = pd.read_csv(tmp_path / "clean.csv", dtype=str).iloc[0]
    assert row[["tier", "region", "date", "amount_cny"]].tolist() == [
        "pawnshop",
        "430104",
        "2024-03-05",
        "70000.0",
    ]


def test_a_rate_that_is_no_number_is_refused(run, tmp_path):
    path = tmp_path / "loans.csv"
    path.write_text(LEDGER, encoding="utf-8")
    exit_code, _, err = run("ledger", path, "--rate", "USD=seven")
    assert exit_code == 2
    assert err == (
        "toolkit: --rate is the yuan for one unit of a currency; got 'seven' for USD. "
        "Give such as USD=7.1.\n"
    )


def test_the_options_of_a_register(run, tmp_path):
    path = tmp_path / "register.csv"
    path.write_text(
        "样机编号,地区,领域,首台日期,中试日期,量产日期\n"
        "P1,城关区,电池,05/03/22,2022-09-01,未投产\n",
        encoding="utf-8",
    )
    exit_code, out, _ = run(
        *("milestones", path, "--observed-until", "2024-12-31", "-c", "start=首台日期"),
        *("--within", "兰州", "--level", "any", "--date-order", "day_first"),
        *("--century-start", "1950", "--key", "unit_id", "--excel", "1900"),
    )
    assert exit_code == 0
    assert out[1] == "1 rows in = 1 passed + 0 duplicates + 0 rejected"
    assert [line.strip() for line in out[-2:]][-1] == "中试日期"


def test_in_a_study_it_says_what_to_do_there(run, tmp_path, monkeypatch):
    (tmp_path / "data" / "raw").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    exit_code, _, err = run()
    assert exit_code == 3
    assert err.splitlines()[-1] == (
        "toolkit: The table 'accounts' is made from nbs/*.csv and science/*.csv; no such file is "
        "in data/raw. This makes the tables of the toolkit's own data anew: name their folder by "
        "--raw. Files of your own, also in a study that toolkit new laid out, are cleaned one "
        "table at a time: toolkit clean ledger FILE --out data/processed/ledger, or toolkit clean "
        "milestones FILE --observed-until DAY; toolkit batch cleans what the reports of a study "
        "read."
    )
