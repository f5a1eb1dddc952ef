import csv
import datetime as dt
import hashlib
import io
import json
import time

import openpyxl
import pandas as pd
import pytest
from pyarrow import parquet

from tests.simulate import decode
from toolkit.errors import OptionError
from toolkit.simulate import StudyDesign, make_study, simulate_study, write_study
from toolkit.simulate.exports.faults import FaultDesign
from toolkit.simulate.exports.layouts import LEDGERS, REGISTERS
from toolkit.simulate.exports.notations import REGIONS
from toolkit.simulate.places import PROVINCES

CODES = {write(place): place.code for write in REGIONS.values() for place in PROVINCES}
TIERS = {"小额贷款公司": "micro", "小贷公司": "micro", "银行": "bank", "商业银行": "bank"}
TIERS |= {"micro-lender": "micro", "micro": "micro", "bank": "bank", "Bank": "bank"}
END = dt.date(2024, 12, 31)


@pytest.fixture(scope="module")
def study():
    design = StudyDesign(faults=FaultDesign(bad=0.03, conflicts=0.01))
    return simulate_study(firms=800, lenders=40, random_state=5, design=design)


@pytest.fixture(scope="module")
def folder(study, tmp_path_factory):
    return write_study(study, tmp_path_factory.mktemp("study") / "simulated")


@pytest.fixture(scope="module")
def key(folder):
    return pd.read_parquet(folder / "answer_key.parquet")


def _lines(path, layout):
    """Return the rows of a file or sheet as lists of cells, the first row first."""
    if layout.kind == "sheet":
        sheet = openpyxl.load_workbook(path)[layout.sheet]
        return [list(row) for row in sheet.iter_rows(values_only=True)]
    text = path.read_bytes().decode(layout.encoding)
    if layout.kind == "jsonl":
        return [list(json.loads(line).values()) for line in text.splitlines()]
    separator = "\t" if layout.kind == "tsv" else ","
    return list(csv.reader(io.StringIO(text), delimiter=separator))


def _amount(cell):
    if isinstance(cell, int | float):
        return round(cell * 10_000)
    return decode.amount(cell)


def _day(cell):
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, int):
        return dt.date(1899, 12, 30) + dt.timedelta(days=cell)
    return decode.day(cell) if cell else None


READERS = {
    "amount_cny": _amount,
    "date": _day,
    "region": CODES.get,
    "tier": TIERS.get,
    **dict.fromkeys(("start", "registered", "production", "exit", "observed_until"), _day),
    **dict.fromkeys(("technology", "pooled"), lambda cell: bool(int(cell))),
}


def _read(folder, part, layouts):
    """Return every data row of the files, decoded, with its place."""
    rows = []
    for layout in layouts:
        lines = _lines(folder / "raw" / part / layout.file, layout)
        body = lines[layout.first_row - 1 : len(lines) - len(layout.footers)]
        for number, line in enumerate(body, start=layout.first_row):
            row = {
                name: READERS.get(name, str)(cell)
                for name, cell in zip(layout.headings, line, strict=True)
            }
            rows.append({"file": layout.file, "sheet": layout.sheet, "row": number, **row})
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def loans(folder, key):
    return _read(folder, "loans", LEDGERS).merge(
        key[key["table"] == "ledger"], how="outer", on=["file", "sheet", "row"], indicator=True
    )


@pytest.fixture(scope="module")
def register(folder, key):
    return _read(folder, "milestones", REGISTERS).merge(
        key[key["table"] == "milestones"], how="outer", on=["file", "sheet", "row"], indicator=True
    )


def test_every_written_row_has_its_answer_and_every_answer_its_row(loans, register):
    assert (loans["_merge"] == "both").all()
    assert (register["_merge"] == "both").all()


def test_sizes_add_up(study, loans):
    counts = loans["status"].value_counts()
    rows = len(study.ledger)
    assert counts["clean"] == rows
    assert counts["duplicate"] == round(0.02 * rows)
    assert counts["bad"] == round(0.03 * rows)
    assert counts["conflict"] == 2 * round(0.01 * rows)
    kinds = loans.loc[loans["status"] == "bad", "reason"].value_counts()
    assert len(kinds) == 5
    assert kinds.max() - kinds.min() <= 1


def test_each_cell_of_a_clean_row_reads_as_the_clean_table(study, loans):
    kept = loans[loans["clean_row"].notna()].reset_index(drop=True)
    clean = study.ledger.loc[kept["clean_row"].astype(int)].reset_index(drop=True)
    for name in ("firm_id", "funder_id", "tier", "region", "sector"):
        assert kept[name].tolist() == clean[name].tolist()
    assert kept["date"].tolist() == clean["date"].dt.date.tolist()
    assert kept["amount_cny"].tolist() == clean["amount_cny"].tolist()


def test_all_clean_rows_and_no_other_make_the_clean_table(study, loans):
    clean = loans[loans["status"] == "clean"]
    assert sorted(clean["clean_row"]) == list(range(len(study.ledger)))
    keys = ["firm_id", "funder_id", "date"]
    others = loans[loans["status"].isin(["bad", "conflict"])]
    assert len(others.merge(clean, on=keys)) == 0
    bad = others[others["status"] == "bad"]
    assert not bad.duplicated(keys).any()


def test_bad_rows_are_bad_as_the_key_says(study, loans):
    bad = loans[loans["status"] == "bad"].set_index("reason")
    assert (bad.loc["negative_amount", "amount_cny"] < 0).all()
    assert bad.loc["not_an_amount", "amount_cny"].isna().all()
    assert (bad.loc["date_after_observed_until", "date"] > END).all()
    assert bad.loc["unknown_region", "region"].isna().all()
    slips = bad.loc["ten_thousand_slip", "amount_cny"]
    assert (slips >= 9_999 * study.ledger["amount_cny"].median()).all()
    right = loans[loans["status"] != "bad"]
    assert (right["amount_cny"] > 0).all()
    assert (right["date"] <= END).all()


def test_duplicates_and_conflicts_stand_in_the_file_of_their_row(loans):
    keys = ["file", "sheet", "firm_id", "funder_id", "date"]
    doubled = loans[loans["status"] == "duplicate"].merge(
        loans[loans["status"] == "clean"], on=[*keys, "amount_cny", "clean_row"]
    )
    assert len(doubled) == (loans["status"] == "duplicate").sum()
    pairs = loans[loans["status"] == "conflict"].groupby(keys)["amount_cny"]
    assert (pairs.size() == 2).all()
    assert (pairs.nunique() == 2).all()


def test_duplicates_are_written_alike(folder, loans):
    place = folder / "raw/loans/simulated_loans_en.tsv"
    lines = place.read_text(encoding="utf-8").splitlines()
    part = loans[loans["file"] == place.name]
    twice = part[part["clean_row"].duplicated(keep=False) & part["clean_row"].notna()]
    written = twice.assign(text=[lines[row - 1] for row in twice["row"]])
    assert len(written) > 0
    assert len(written[["clean_row", "text"]].drop_duplicates()) == len(written) / 2


def test_the_register_reads_as_the_clean_table(study, register):
    kept = register[register["clean_row"].notna()].reset_index(drop=True)
    clean = study.milestones.loc[kept["clean_row"].astype(int)].reset_index(drop=True)
    for name in ("unit_id", "region", "sector", "technology", "pooled"):
        assert kept[name].tolist() == clean[name].tolist()
    for name in ("start", "registered", "exit", "observed_until"):
        expected = [None if pd.isna(day) else day.date() for day in clean[name]]
        assert [None if pd.isna(day) else day for day in kept[name]] == expected
    exact = clean["precision"] == "day"
    for day, truth, known in zip(kept["production"], clean["production"], exact, strict=True):
        if pd.isna(truth):
            assert pd.isna(day)
        else:
            quarter = truth.to_period("Q").start_time
            assert day == (truth if known else quarter).date()
    assert (~exact).any()


def test_bad_rows_of_the_register(register):
    bad = register[register["status"] == "bad"].set_index("reason")
    early = bad.loc["production_before_start"]
    assert (early["production"] < early["start"]).all()
    assert (bad.loc["date_after_observed_until", "start"] > END).all()
    assert bad.loc["unknown_region", "region"].isna().all()
    assert bad["unit_id"].str.startswith("U9").all()
    assert (register["status"] == "duplicate").sum() == round(0.02 * 800)


def test_accounts_in_the_layout_of_the_bureau(study, folder, key):
    place = folder / "raw/accounts/simulated_gross_regional_product_revised.csv"
    lines = list(csv.reader(io.StringIO(place.read_bytes().decode("gb18030"))))
    assert "simulated" in lines[0][0]
    assert lines[1] == ["指标：地区生产总值(亿元)"]
    assert lines[3][:3] == ["地区", "2024年", "2023年"]
    rows = key[(key["file"] == place.name)]
    assert len(rows) == 32
    for row, first in zip(rows["row"], rows["clean_row"], strict=True):
        line = lines[row - 1]
        region = study.accounts.loc[first, "region"]
        series = study.accounts.iloc[first : first + 1]
        same = study.accounts[
            (study.accounts["region"] == region)
            & (study.accounts["vintage"] == "revised")
            & (study.accounts["indicator"] == series["indicator"].iloc[0])
        ].sort_values("year", ascending=False)
        assert CODES.get(line[0], "100000") == region
        assert [round(float(cell) * 100) for cell in line[1:]] == [
            round(value / 1e6) for value in same["value"]
        ]


def test_the_sector_in_the_layout_of_the_yearbook(study, folder, key):
    name = "simulated_high_tech_manufacturing_revenue_unstated.csv"
    text = (folder / "raw/accounts" / name).read_text(encoding="utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    rows = key[key["file"] == name]
    assert len(rows) == 32 * 15
    for row, first in zip(rows["row"], rows["clean_row"], strict=True):
        region, year, heading, value, unit = lines[row - 1]
        clean = study.accounts.loc[first]
        assert CODES.get(region.replace(" ", ""), "100000") == clean["region"]
        assert (int(year), heading, unit) == (clean["year"], "主营业务收入", "亿元")
        assert round(float(value) * 100) == round(clean["value"] / 1e6)
    assert any(" " in line[0] for line in lines)


def test_the_workbook_has_merged_headings_and_a_cover(folder):
    book = openpyxl.load_workbook(folder / "raw/loans/simulated_loans.xlsx")
    assert book.sheetnames == ["说明", "台账一", "台账二"]
    sheet = book["台账一"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert merged == {"A1:G1", "A2:A3", "B2:C2", "D2:D3", "E2:E3", "F2:G2"}
    assert [sheet.cell(2, column).value for column in (1, 2, 6)] == ["企业编号", "资金方", "放款"]
    assert [sheet.cell(3, column).value for column in (2, 3, 7)] == ["编号", "类型", "金额(万元)"]
    assert isinstance(sheet.cell(4, 6).value, int)
    assert isinstance(book["台账二"].cell(5, 6).value, dt.datetime)


def test_everything_written_says_that_it_is_simulated(study, folder):
    assert study.label in (folder / "README.md").read_text(encoding="utf-8")
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert truth["simulated"] == study.label
    values = {(row["table"], row["estimand"]): row["value"] for row in truth["truth"]}
    assert values["ledger", "ratio"] == 5.0
    assert truth["parameters"]["faults"]["bad"] == 0.03
    for path in [*folder.glob("clean/*.parquet"), folder / "answer_key.parquet"]:
        assert parquet.read_schema(path).metadata[b"simulated"].decode() == study.label
    for path in [*folder.glob("raw/*/*"), *folder.glob("clean/*")]:
        assert path.name.startswith("simulated_")


def test_clean_tables_come_back(study, folder):
    for name, table in study.tables.items():
        back = pd.read_parquet(folder / "clean" / f"simulated_{name}.parquet")
        pd.testing.assert_frame_equal(back, table)


def _hashes(folder):
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.slow
def test_the_same_study_is_written_in_the_same_bytes(tmp_path):
    told = []
    make_study(
        tmp_path / "a",
        firms=60,
        lenders=5,
        random_state=2,
        progress=lambda *step: told.append(step),
    )
    # Spreadsheets and archives count in steps of two seconds.
    time.sleep(2.1)
    make_study(tmp_path / "b", firms=60, lenders=5, random_state=2)
    make_study(tmp_path / "c", firms=60, lenders=5, random_state=3)
    first, again, other = (_hashes(tmp_path / name) for name in "abc")
    assert first == again
    assert all(other[path] != content for path, content in first.items())
    assert told[-1] == ("written", 4, 4)


def test_a_full_folder_is_refused(study, tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OptionError) as caught:
        write_study(study, tmp_path)
    assert str(caught.value) == (
        f"The folder {str(tmp_path)!r} is not empty. Choose another, or say existing='replace'."
    )
    write_study(study, tmp_path, existing="replace")
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_a_file_is_no_folder(study, tmp_path):
    place = tmp_path / "file"
    place.touch()
    with pytest.raises(OptionError) as caught:
        write_study(study, place)
    assert str(caught.value) == f"A study is written into a folder; {str(place)!r} is a file."


def test_an_unknown_choice_is_refused(study, tmp_path):
    with pytest.raises(OptionError) as caught:
        write_study(study, tmp_path, existing="merge")
    assert str(caught.value) == "existing is 'refuse' or 'replace'; got 'merge'."
