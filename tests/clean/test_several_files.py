"""Several files, or a folder of them, as one ledger or register."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from tests.clean.ledger_rows import HEADINGS, UNTIL
from toolkit.clean.ledgers import clean_ledger
from toolkit.clean.milestones import clean_milestones
from toolkit.errors import ColumnError, DataError, OptionError, ToolkitError
from toolkit.models.magnetism import capital_magnetism
from toolkit.tables import as_pandas

HEADING = ",".join(HEADINGS)
ROW = "F1,M1,micro,湖南,battery,2024-03-05,5万元,a"
OTHER = "F2,B1,bank,湖南,retail,2024-03-06,70000元,b"
ENGLISH = "Firm ID,Lender ID,Lender type,Province,Sector,Loan date,Loan amount (CNY million)"
IN_ENGLISH = "F1,M1,micro,Hunan,battery,5 March 2024,0.05"


def write(path, *lines, encoding="utf-8"):
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def clean(data, **options):
    return clean_ledger(data, **{"observed_until": UNTIL, **options})


def message(data, kind=DataError, **options):
    with pytest.raises(kind) as caught:
        clean(data, **options)
    return str(caught.value)


def events(cleaned, rule, *names):
    table = cleaned.audit.events
    return table.loc[table["rule"] == rule, list(names)].to_numpy().tolist()


def test_a_row_of_one_file_repeats_a_row_of_another_in_other_words(tmp_path):
    one = write(tmp_path / "hunan.csv", "台账", HEADING, ROW, OTHER, encoding="gb18030")
    two = write(tmp_path / "loans_en.csv", ENGLISH, IN_ENGLISH)
    cleaned = clean([one, two])
    assert cleaned.audit.title == "2 files"
    assert cleaned.audit.balance() == "3 rows in = 2 passed + 1 duplicates + 0 rejected"
    assert events(cleaned, "repeated_row", "file", "row") == [["loans_en.csv", 2]]
    table = cleaned.table.df()
    assert table[["firm_id", "amount_cny", "file", "row"]].to_numpy().tolist() == [
        ["F1", 50_000.0, "hunan.csv", 3],
        ["F2", 70_000.0, "hunan.csv", 4],
    ]
    assert events(cleaned, "file_read", "file", "before") == [
        ["hunan.csv", "2 rows"],
        ["loans_en.csv", "1 rows"],
    ]
    assert [name for name, column in events(cleaned, "column_read_as", "file", "column")
            if column == "date"] == ["hunan.csv", "loans_en.csv"]  # fmt: skip
    assert cleaned.audit.count("file_read") == 2


def test_another_content_under_one_key_is_a_conflict_between_the_files(tmp_path):
    one = write(tmp_path / "hunan.csv", HEADING, ROW, OTHER)
    two = write(tmp_path / "loans_en.csv", ENGLISH, IN_ENGLISH.replace("0.05", "0.06"))
    cleaned = clean([one, two])
    assert cleaned.audit.balance() == "3 rows in = 1 passed + 0 duplicates + 2 rejected"
    rejected = cleaned.rejected.df().fillna("")
    shown = rejected[["file", "row", "放款金额", "Loan amount (CNY million)", "reasons"]]
    assert shown.to_numpy().tolist() == [
        ["hunan.csv", 2, "5万元", "", "conflicting_rows"],
        ["loans_en.csv", 2, "", "0.06", "conflicting_rows"],
    ]
    assert list(rejected)[-1] == "reasons"
    assert events(cleaned, "conflicting_rows", "file", "before") == [
        ["hunan.csv", "F1, M1, 2024-03-05"],
        ["loans_en.csv", "F1, M1, 2024-03-05"],
    ]


@pytest.mark.parametrize(
    ("second", "third", "balance"),
    [
        ("a", None, "2 rows in = 1 passed + 1 duplicates + 0 rejected"),
        ("b", None, "2 rows in = 0 passed + 0 duplicates + 2 rejected"),
        ("a", "a", "3 rows in = 1 passed + 2 duplicates + 0 rejected"),
        ("", "a", "3 rows in = 0 passed + 0 duplicates + 3 rejected"),
    ],
)
def test_only_columns_that_both_files_have_are_compared(tmp_path, second, third, balance):
    """The first file has no remarks (备注), so that it agrees with any."""
    bare, row = HEADING.removesuffix(",备注"), ROW.removesuffix(",a")
    paths = [] if third else [write(tmp_path / "1.csv", HEADING, ROW)]
    if third:
        paths.append(write(tmp_path / "1.csv", bare, row))
    paths.append(write(tmp_path / "2.csv", HEADING, f"{row},{second}"))
    if third:
        paths.append(write(tmp_path / "3.csv", HEADING, f"{row},{third}"))
    assert clean(paths).audit.balance() == balance


def test_an_empty_cell_is_the_same_however_a_file_is_read(tmp_path):
    tidy = write(tmp_path / "tidy.csv", HEADING, ROW.removesuffix("a"))
    slow = write(tmp_path / "slow.csv", HEADING, ROW.removesuffix("a"), encoding="gb18030")
    lines = tmp_path / "lines.jsonl"
    cells = dict(zip(HEADINGS, ROW.split(","), strict=True)) | {"备注": None}
    lines.write_text(json.dumps(cells, ensure_ascii=False), encoding="utf-8")
    assert clean([tidy, slow, lines]).audit.duplicates == 2


def test_a_file_in_another_unit_than_it_says_stands_out_among_the_others(tmp_path):
    def rows(start, amount):
        return [f"F{start + at},B1,bank,湖南,retail,2024-03-05,{amount},x" for at in range(30)]

    write(tmp_path / "2021.csv", HEADING, *rows(0, "120万元"))
    write(tmp_path / "2022.csv", HEADING, *rows(100, "90万元"))
    write(tmp_path / "2023.csv", HEADING, *rows(200, "100")[:25])
    alone = clean(tmp_path / "2023.csv")
    assert "ten_thousandfold" not in set(alone.audit.events["rule"])
    cleaned = clean(tmp_path)
    assert cleaned.audit.count("ten_thousandfold") == 25
    assert {file for (file,) in events(cleaned, "ten_thousandfold", "file")} == {"2023.csv"}


def test_units_and_the_order_of_dates_are_settled_file_by_file(tmp_path):
    bare = HEADING.replace("放款金额", "放款金额(万元)")
    day_first = ROW.replace("2024-03-05", "05/03/2024").replace("5万元", "5")
    write(tmp_path / "a.csv", bare, day_first, day_first.replace("F1", "F2").replace("05/", "25/"))
    month_first = ROW.replace("2024-03-05", "03/05/2024").replace("5万元", "50000")
    write(tmp_path / "b.csv", HEADING, month_first,
          month_first.replace("F1", "F3").replace("/05/", "/25/"))  # fmt: skip
    cleaned = clean(tmp_path)
    assert cleaned.audit.balance() == "4 rows in = 3 passed + 1 duplicates + 0 rejected"
    assert set(cleaned.table.df()["amount_cny"]) == {50_000.0}


def test_a_folder_takes_what_ends_like_a_table_and_says_what_does_not(tmp_path):
    write(tmp_path / "2021" / "loans.csv", HEADING, ROW)
    write(tmp_path / "2022" / "loans.csv", HEADING, OTHER)
    pd.DataFrame([ROW.replace("F1", "F3").split(",")], columns=HEADINGS).to_excel(
        tmp_path / "2022" / "more.xlsx", index=False
    )
    write(tmp_path / "2022" / "letter.docx", "Dear all")
    write(tmp_path / ".hidden.csv", "x")
    write(tmp_path / "2022" / "~$more.xlsx", "x")
    cleaned = clean(tmp_path)
    assert cleaned.audit.title == f"{tmp_path.name} (3 files)"
    assert cleaned.table.df()["file"].tolist() == [
        "2021/loans.csv", "2022/loans.csv", "2022/more.xlsx",
    ]  # fmt: skip
    assert events(cleaned, "not_a_table", "file") == [["2022/letter.docx"]]


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path):
    paths = [write(tmp_path / year / "loans.csv", HEADING, ROW) for year in ("2021", "2022")]
    cleaned = clean([*paths])
    assert events(cleaned, "repeated_row", "file") == [["2022/loans.csv"]]
    write(paths[1], "")
    assert message(paths) == "2022/loans.csv: the file is empty. Fetch it again from its source."


def test_a_list_or_folder_of_one_file_is_that_file(tmp_path):
    path = write(tmp_path / "loans.csv", HEADING, ROW, ROW)
    alone = clean(path)
    for data in ([str(path)], (path,), {path}, tmp_path):
        cleaned = clean(data)
        assert cleaned.audit.events.equals(alone.audit.events)
        assert cleaned.audit.title == "loans.csv"
        assert cleaned.table.df().equals(alone.table.df())


def test_other_columns_are_put_together_by_name(tmp_path):
    frame = pd.DataFrame([ROW.split(",")], columns=HEADINGS)
    frame.assign(rate=0.05, Branch="a", seen=pd.Timestamp("2024-01-01")).to_parquet(
        tmp_path / "a.parquet"
    )
    frame.assign(企业编号="F2", rate=4, branch="b", seen="later").to_parquet(tmp_path / "b.parquet")
    frame.assign(企业编号="F3").to_parquet(tmp_path / "c.parquet")
    table = clean(tmp_path).table.df()
    assert list(table)[7:11] == ["备注", "rate", "Branch", "seen"]
    assert table["rate"].fillna(-1).tolist() == [0.05, 4.0, -1.0]
    assert table["Branch"].fillna("").tolist() == ["a", "b", ""]
    assert table["seen"].fillna("").tolist() == ["2024-01-01 00:00:00", "later", ""]
    assert table["row"].tolist() == [1, 1, 1]


def test_loans_are_known_by_their_numbers_only_if_every_file_has_them(tmp_path):
    numbered = f"{HEADING},合同编号"
    write(tmp_path / "a.csv", numbered, f"{ROW},L1", f"{ROW},L2")
    write(tmp_path / "b.csv", numbered, f"{ROW},L2")
    cleaned = clean(tmp_path)
    assert cleaned.audit.balance() == "3 rows in = 2 passed + 1 duplicates + 0 rejected"
    write(tmp_path / "b.csv", HEADING, ROW)
    assert clean(tmp_path).audit.balance() == "3 rows in = 0 passed + 0 duplicates + 3 rejected"
    by_number = clean(tmp_path, key=["funder_id", "loan_id"])
    assert by_number.rejected.df()["reasons"].tolist() == ["missing_loan_id"]
    assert by_number.table.df()["loan_id"].tolist() == ["L1", "L2"]


def test_a_key_of_a_number_that_is_nowhere_is_refused(tmp_path):
    path = write(tmp_path / "loans.csv", HEADING, ROW)
    assert message(path, ColumnError, key=["funder_id", "loan_id"]) == (
        "loans.csv: key names 'loan_id', and no heading was found that means it. "
        "Name it: columns={'loan_id': heading} in Python, -c loan_id=HEADING on the command line."
    )


def test_options_may_be_said_by_file(tmp_path):
    write(tmp_path / "a.csv", HEADING.replace("放款金额", "实放"), ROW)
    write(tmp_path / "b.csv", HEADING, OTHER)
    with pd.ExcelWriter(tmp_path / "c.xlsx") as book:
        for sheet, firm in (("一", "F8"), ("二", "F9")):
            frame = pd.DataFrame([ROW.replace("F1", firm).split(",")], columns=HEADINGS)
            frame.to_excel(book, sheet_name=sheet, index=False)
    assert message(tmp_path, ColumnError).startswith("a.csv: No column 'amount_cny'.")
    columns = {"a.csv": {"amount_cny": "实放"}}
    cleaned = clean(tmp_path, columns=columns, sheet={"c.xlsx": "二"})
    assert cleaned.table.df()["firm_id"].tolist() == ["F1", "F2", "F9"]
    assert message(tmp_path, OptionError, columns={"a.cvs": {"amount_cny": "实放"}}) == (
        "columns is given by file; 'a.cvs' is none of them. Did you mean 'a.csv'? "
        "They are: a.csv, b.csv, c.xlsx."
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "bad.csv: the file is empty. Fetch it again from its source."),
        (
            f"{HEADING}\n".encode(),
            "bad.csv: there are headings and no rows. Fetch it again from its source.",
        ),
        (
            "地区,2023年\n湖南,1".encode(),
            "bad.csv: no heading row was found in its first 60 lines. A table has a row with "
            "headings such as firm_id, funder_id, tier, region; this file begins with "
            "'地区,2023年'. Name its headings: columns={'firm_id': heading} in Python, "
            "-c firm_id=HEADING on the command line.",
        ),
        (
            f"{HEADING}\n".encode("gb18030") + b"F1,\xff\xff,x\n",
            "bad.csv, line 2: the bytes are neither UTF-8 nor GB18030 (b'F1,\\xff\\xff,x\\n'). "
            "Save the file as UTF-8 at its source.",
        ),
    ],
)
def test_one_bad_file_among_good_ones_is_named(tmp_path, content, expected):
    write(tmp_path / "good.csv", HEADING, ROW)
    (tmp_path / "bad.csv").write_bytes(content)
    assert message(tmp_path) == expected
    assert message([tmp_path / "good.csv", tmp_path / "bad.csv"]) == expected


def test_a_damaged_parquet_file_among_good_ones_is_named(tmp_path):
    write(tmp_path / "good.csv", HEADING, ROW)
    write(tmp_path / "bad.parquet", "no parquet")
    assert message(tmp_path).startswith("bad.parquet: not readable as parquet (")


def test_folders_and_lists_without_a_table_are_refused(tmp_path):
    folder = tmp_path / "loans"
    folder.mkdir()
    asked = (
        "loans: no file in this folder ends like a table (.csv, .tsv, .txt, .xlsx, .xlsm, .xls, "
        ".xlsb, .ods, .dta, .parquet, .json, .jsonl, .ndjson). "
    )
    assert message(folder) == f"{asked}It is empty."
    write(folder / "a.docx", "x")
    assert message(folder) == f"{asked}There are: a.docx."
    assert message([]) == "A list of no files. Give the paths of one or more, or a folder."
    one = write(tmp_path / "a.csv", HEADING, ROW)
    assert message([one, tmp_path / "a.csv"]) == (
        f"{str(one)!r} is given twice. Each row would count twice; give once."
    )
    assert message([one, folder]) == (
        f"{str(folder)!r} is a folder among files. Give one folder, or the files in it."
    )
    assert message([one, tmp_path / "b.csv"]) == (
        f"No file {str(tmp_path / 'b.csv')!r}. Did you mean 'a.csv'?"
    )
    assert message([one, pd.DataFrame()], OptionError) == (
        "Several files are given by their paths; got DataFrame among them. "
        "Join frames before they are cleaned, or give the files that they come from."
    )


REGISTER = "项目编号,地区,行业,立项日期,投产日期,退出日期"


def test_registers_are_put_together(tmp_path):
    one = write(tmp_path / "a.csv", REGISTER, "U1,湖南,battery,2023-01-31,2024-02-29,",
                "U2,湖南,battery,2023-05-01,,")  # fmt: skip
    two = write(
        tmp_path / "b.csv",
        "Unit ID\tRegion\tSector\tStart date\tProduction date\tExit date\tObserved until",
        "U1\tHunan\tbattery\t31 Jan 2023\t2024-02-29\t\t2024-12-31",
        "U2\tHunan\tbattery\t2023-05-01\t\t2024-01-01\t2024-12-31",
        "U3\tHunan\tbattery\t2023-05-01\t\t\t2024-06-30",
    )
    cleaned = clean_milestones([one, two], observed_until=UNTIL)
    assert cleaned.audit.balance() == "5 rows in = 2 passed + 1 duplicates + 2 rejected"
    assert events(cleaned, "conflicting_rows", "file", "row") == [["a.csv", 3], ["b.csv", 3]]
    with pytest.raises(OptionError) as caught:
        clean_milestones([two, one], observed_until=None)
    assert str(caught.value) == (
        "a.csv: observed_until is the last day of observation, without which no spell can be "
        "censored; none was given, and no column says it. Give a day such as '2024-12-31'."
    )


@pytest.mark.slow
def test_sixty_files_are_one_ledger(tmp_path):
    for at in range(60):
        row = ROW.replace("F1", f"F{at % 50}")
        write(tmp_path / f"{at:03}.csv", HEADING, row)
    cleaned = clean(tmp_path)
    assert cleaned.audit.balance() == "60 rows in = 50 passed + 10 duplicates + 0 rejected"
    assert len(cleaned.table.df()) == 50


def test_the_clean_table_goes_into_a_model_as_it_is_and_by_way_of_pandas(tmp_path):
    follow = [
        f"F{at},B{at},bank,{region},retail,2024-04-01,{40 + at}万元,x"
        for at, region in enumerate(["湖南", "湖北", "广东", "浙江"])
    ]
    lead = [row.replace(",B", ",M").replace("bank", "micro").replace("-04-", "-03-")
            for row in follow]  # fmt: skip
    write(tmp_path / "a.csv", HEADING, *lead)
    write(tmp_path / "b.csv", HEADING, *follow)
    table = clean(tmp_path).table
    options = {"window": "complete", "cluster": "region", "months": 3, "observed_until": UNTIL}
    results = [capital_magnetism(data, **options).tidy() for data in (table, as_pandas(table))]
    assert results[0].equals(results[1])
    assert results[0]["estimate"].tolist() == [1.0]


def test_what_goes_wrong_in_a_file_is_an_error_of_the_toolkit(tmp_path):
    write(tmp_path / "good.csv", HEADING, ROW)
    write(tmp_path / "README.txt", "These are loans.")
    assert issubclass(DataError, ToolkitError)
    assert message(tmp_path).startswith("README.txt: ")
