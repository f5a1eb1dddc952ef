import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.report.packages.lint import lint_files
from toolkit.report.packages.lint.persons import is_identity_number, person_findings
from toolkit.report.packages.lint.rows import rows_of

# The example of GB 11643-1999: 11010519491231002 has the check character X.
PUBLISHED = "11010519491231002X"
WEIGHTS = [2 ** (17 - place) % 11 for place in range(17)]


def said(*cells, name="a.csv"):
    rows = [(f"row {number}", [cell]) for number, cell in enumerate(cells, start=1)]
    return [str(finding) for finding in person_findings(name, rows)]


def checked(digits):
    """Complete 17 digits, by the definition of the check: all weights times digits leave 1."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    return digits + next("0123456789X"[c] for c in range(11) if (total + c) % 11 == 1)


def test_the_published_example_is_one():
    assert is_identity_number(PUBLISHED)
    assert is_identity_number(PUBLISHED.lower())
    assert checked(PUBLISHED[:17]) == PUBLISHED


@given(
    place=st.integers(110_000, 659_999),
    born=st.dates(min_value=pd.Timestamp("1900-01-01").date()),
    number=st.integers(0, 999),
    wrong=st.sampled_from("0123456789X"),
)
def test_one_check_character_fits_and_no_other(place, born, number, wrong):
    if born.year > 2100:
        born = born.replace(year=2000, day=1)
    whole = checked(f"{place}{born.year:04}{born.month:02}{born.day:02}{number:03}")
    assert is_identity_number(whole)
    assert is_identity_number(whole[:17] + wrong) == (wrong == whole[17])


@pytest.mark.parametrize(
    "text",
    [
        "110105194913310021",  # no such day
        "910105194912310021",  # no such place
        "11010519491231002",  # too short
        "1" * 18,
    ],
)
def test_other_numbers_of_18_digits_are_not(text):
    assert not is_identity_number(text)


def test_what_is_found_is_told_with_its_place_and_masked():
    assert said("x", f"id {PUBLISHED}", PUBLISHED) == [
        "error [personal-data] a.csv, row 2: number of an identity card 11**************2X, "
        "and 1 more. Take it out, or put a key in its place that only you can resolve."
    ]
    (mail,) = said("write to li.na@bank.com.cn")
    assert "a.csv, row 1: e-mail address li*************cn." in mail
    (mobile,) = said("tel +86 139-1234-5678")
    assert "mobile number 13*********78." in mobile


def test_a_column_of_mobile_numbers_is_told_from_a_column_of_money():
    mobiles = ["13912345678", "15812345679", "18612345670"]
    (found,) = said("phones", *mobiles)
    assert "row 2: mobile number 13*******78, and 2 more" in found
    money = ["13912345678", "2100", "35000", "120000"]
    assert said("amount", *money) == []


@pytest.mark.parametrize(
    "text",
    [
        "F13912345678",  # a key
        "13912345678.50",  # money
        "0.13912345678",
        "about 15,800,000,000 yuan, or 15800000000 yuan",
        "12345678901234567890",
        "12912345678",
        "icon@2x.png",
        "@media print",
    ],
)
def test_keys_and_money_are_nobody_s(text):
    assert said(text) == []


@pytest.mark.parametrize(
    "heading", ["姓名", "身份证号码", "联系 电话", "Phone", "last_name", "E-mail"]
)
def test_a_column_that_holds_persons_is_told_by_its_heading(heading):
    (found,) = said("a title", heading, "somebody")
    assert f"a.csv, row 2: the column {heading!r} holds persons." in found
    assert said(heading, "", "") == []


@pytest.mark.parametrize("heading", ["企业名称", "firm name", "region_name", "电话银行余额"])
def test_names_of_firms_and_places_are_no_persons(heading):
    assert said(heading, "somewhere") == []


TABLE = pd.DataFrame({"firm": ["a", "b"], "owner": ["x", PUBLISHED], "amount": [1.5, 2.0]})


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx", "dta", "jsonl", "csv.gz", "html"])
def test_each_kind_of_file_is_looked_into(tmp_path, kind):
    path = tmp_path / f"table.{kind}"
    write = {
        "csv": lambda: TABLE.to_csv(path, index=False),
        "csv.gz": lambda: TABLE.to_csv(path, index=False),
        "parquet": lambda: TABLE.to_parquet(path),
        "xlsx": lambda: TABLE.to_excel(path, index=False),
        "dta": lambda: TABLE.to_stata(path, write_index=False),
        "jsonl": lambda: TABLE.to_json(path, orient="records", lines=True),
        "html": lambda: path.write_text(TABLE.to_html()),
    }
    write[kind]()
    (found,) = lint_files({f"data/raw/table.{kind}": path.read_bytes()})
    assert found.rule == "personal-data"
    assert "11**************2X" in found.what


def test_chinese_files_in_gb18030_are_read():
    rows = rows_of("a.csv", f"注,姓名\n甲,{PUBLISHED}\n".encode("gb18030"))
    assert len(list(person_findings("a.csv", rows))) == 2


def test_pictures_within_a_page_are_no_text():
    page = f'<img src="data:image/png;base64,/home/{PUBLISHED}==">\n<style>a@b.cn</style>\n'
    assert list(lint_files({"reports/a.html": page.encode()})) == []


def test_a_file_that_cannot_be_read_is_said_to_be_unread():
    (found,) = lint_files({"data/raw/a.sav": b"$FL2"})
    assert str(found) == (
        "warning [not-read] data/raw/a.sav: this kind of file is not read. "
        "Look into the file yourself for personal data."
    )
