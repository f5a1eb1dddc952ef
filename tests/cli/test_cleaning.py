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
