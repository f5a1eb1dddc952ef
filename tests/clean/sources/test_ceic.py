"""CEIC: a block of descriptions above or before the series, and multiplier codes.

The files are built as the documentation describes the exports; none is a licensed one.
"""

import pytest

from toolkit.clean.sources import read_records, read_source
from toolkit.clean.sources.ceic import MULTIPLIERS, whole_unit
from toolkit.errors import DataError

DOWN = """,CN: Retail Sales: ytd: Hunan,CN: GDP
Region,China,China
Subnational,Hunan,
Frequency,Monthly,"Quarterly, ending 'Mar, Jun, Sep, Dec'"
Unit,RMB mn,RMB
Multiplier Code,MN,BN
Source,National Bureau of Statistics,National Bureau of Statistics
Status,Active,Active
Series ID,5190701 (CHAAA),1692001 (CABA)
SR Code,SR5084711,SR825100
First Obs. Date,08/2024,06/2024
Last Obs. Date,09/2024,09/2024
Last Update Time,10/18/2024,10/18/2024
Series remarks,,
2024-06-30,,32012.5
2024-08-31,1250010,
2024-09-30,1420050,33291.0
"""
ACROSS = """,Region,Subnational,Frequency,Unit,Source,Status,Series ID,SR Code,08/2024,09/2024
CN: Retail Sales: ytd: Hunan,China,Hunan,Monthly,RMB mn,NBS,Active,5190701,SR5084711,1250010,1420050
CN: Retail Sales: ytd: Hubei,China,Hubei,Monthly,RMB mn,NBS,Active,5190702,SR5084711,,1520050
"""


def write(tmp_path, text, *, name="ceic.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_series_in_columns(tmp_path):
    source = read_source(write(tmp_path, DOWN))
    assert source.layout == "ceic"
    assert source.cells.drop(columns="file").values.tolist() == [
        [16, "Hunan", "2024-08", "Retail Sales:ytd", "RMB mn", "1250010"],
        [17, "Hunan", "2024-09", "Retail Sales:ytd", "RMB mn", "1420050"],
        [15, "China", "2024Q2", "GDP", "RMB bn", "32012.5"],
        [17, "China", "2024Q3", "GDP", "RMB bn", "33291.0"],
    ]
    assert source.headings["row"].tolist() == list(range(1, 15))


def test_series_in_rows(tmp_path):
    source = read_source(write(tmp_path, ACROSS))
    assert source.cells.drop(columns="file").values.tolist() == [
        [2, "Hunan", "2024-08", "Retail Sales:ytd", "RMB mn", "1250010"],
        [2, "Hunan", "2024-09", "Retail Sales:ytd", "RMB mn", "1420050"],
        [3, "Hubei", "2024-09", "Retail Sales:ytd", "RMB mn", "1520050"],
    ]


def test_a_province_named_only_in_the_series_is_not_the_nation(tmp_path):
    lines = [line for line in DOWN.splitlines() if not line.startswith("Subnational")]
    cells = read_source(write(tmp_path, "\n".join(lines))).cells
    assert cells["region"].tolist() == ["Hunan", "Hunan", "China", "China"]


def test_records_carry_units_and_numbers_of_series(tmp_path):
    records = read_records(write(tmp_path, DOWN))
    assert records.rows.iloc[2].drop(["file", "sheet", "row"]).to_dict() == {
        "series": "CN: GDP",
        "region": "China",
        "period": "2024Q2",
        "value": "32012.5",
        "unit": "RMB bn",
        "series_id": "1692001 (CABA)",
        "frequency": "Quarterly, ending 'Mar, Jun, Sep, Dec'",
        "status": "Active",
        "source": "National Bureau of Statistics",
    }


def test_a_year_that_ends_in_another_month_is_not_read_as_a_calendar_year(tmp_path):
    text = DOWN.replace("Monthly", '"Annual, ending ""Mar"" of each year"')
    periods = read_source(write(tmp_path, text)).cells["period"].tolist()
    assert periods[0] == 'Annual, ending "Mar" of each year: 2024-08-31'


@pytest.mark.parametrize(
    ("unit", "code", "whole"),
    [
        ("RMB", "MN", "RMB mn"),
        ("RMB mn", "MN", "RMB mn"),
        ("RMB mn", "NA", "RMB mn"),
        ("RMB mn", "", "RMB mn"),
        ("Person", "TH", "Person th"),
        ("%", "NA", "%"),
    ],
)
def test_multipliers(unit, code, whole):
    assert whole_unit(unit, code, where="x") == whole


def test_the_powers_of_ten():
    assert MULTIPLIERS == {"": 0, "na": 0, "un": 0, "th": 3, "mn": 6, "bn": 9, "tn": 12}


def test_a_multiplier_that_contradicts_its_unit_is_refused(tmp_path):
    with pytest.raises(DataError) as caught:
        read_source(write(tmp_path, DOWN.replace("MN,BN", "BN,BN")))
    assert str(caught.value) == (
        "ceic.csv, series 'CN: Retail Sales: ytd: Hunan': the unit is 'RMB mn', the multiplier "
        "code 'BN': the two contradict each other. Ask CEIC which holds, and correct the other in "
        "the file."
    )


def test_an_unknown_multiplier_is_refused(tmp_path):
    with pytest.raises(DataError) as caught:
        read_source(write(tmp_path, DOWN.replace("MN,BN", "MN,ZZ")))
    assert str(caught.value) == (
        "ceic.csv, series 'CN: GDP': the multiplier code 'ZZ' is not known. "
        "Known codes: NA, UN, TH, MN, BN, TN."
    )
