import pytest

from toolkit.clean.sources import CELLS, files_in, read_source
from toolkit.errors import DataError

WIDE = """数据库：分省年度数据
指标：地区生产总值(亿元)
时间：2022-2023
地区,2023年,2022年
湖南省,50012.9,48670.4
注：第五次全国经济普查后修订数。
数据来源：国家统计局
"""


def write(tmp_path, text, *, name="table.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_wide_layout(tmp_path, encoding):
    text = WIDE.replace("\n", "\r\n")
    source = read_source(write(tmp_path, text, encoding=encoding))
    assert source.layout == "wide"
    assert source.notes == ("注：第五次全国经济普查后修订数。", "数据来源：国家统计局")
    assert source.cells.columns.tolist() == list(CELLS)
    assert source.cells.values.tolist() == [
        ["table.csv", 5, "湖南省", "2023", "地区生产总值", "亿元", "50012.9"],
        ["table.csv", 5, "湖南省", "2022", "地区生产总值", "亿元", "48670.4"],
    ]
    assert source.headings["row"].tolist() == [1, 2, 3, 6, 7]


def test_snapshot_layout_takes_the_date_from_the_title(tmp_path):
    text = "统计表（2018年一季度末）\n地区名称,机构数量(家),贷款余额(亿元)\n天津市,95,\n"
    source = read_source(write(tmp_path, text))
    assert source.layout == "snapshot"
    assert source.cells[["period", "indicator", "unit", "value"]].values.tolist() == [
        ["2018年一季度末", "机构数量", "家", "95"],
        ["2018年一季度末", "贷款余额", "亿元", ""],
    ]


def test_long_layout_in_either_language(tmp_path):
    chinese = read_source(write(tmp_path, "地区,年份,指标,数值,单位\n北   京,2023年,合计,5,万元\n"))
    english = read_source(
        write(tmp_path, "year,region,indicator,value,unit\n2023,Beijing,rd_funding_total,5,CNY\n")
    )
    assert chinese.layout == english.layout == "long"
    assert chinese.cells.iloc[0].tolist()[1:] == [2, "北   京", "2023", "合计", "万元", "5"]
    assert english.cells.iloc[0].tolist()[1:] == [
        2,
        "Beijing",
        "2023",
        "rd_funding_total",
        "CNY",
        "5",
    ]


def test_a_table_without_a_heading_row_is_refused(tmp_path):
    with pytest.raises(DataError) as caught:
        read_source(write(tmp_path, "a,b\n1,2\n", name="odd.csv"))
    assert str(caught.value).startswith("odd.csv: no heading row was found. A table of regional")
    assert str(caught.value).endswith("this file begins with 'a,b'.")


def test_a_shifted_row_is_located(tmp_path):
    with pytest.raises(DataError) as caught:
        read_source(write(tmp_path, "地区,2023年,2022年\n湖南省,50012.9\n", name="grp.csv"))
    assert str(caught.value) == (
        "grp.csv, row 2: 2 cells where the heading row has 3. Mend the row at its source; "
        "a shifted cell would be read as another year or indicator."
    )


def test_an_empty_file_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"^table\.csv: the file is empty\."):
        read_source(write(tmp_path, "\n\n"))


def test_a_folder_stands_for_its_files(tmp_path):
    write(tmp_path, WIDE, name="b.csv")
    write(tmp_path, WIDE, name="a.csv")
    (tmp_path / "README.md").touch()
    assert [path.name for path in files_in(tmp_path)] == ["a.csv", "b.csv"]


def test_a_folder_without_files_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"^No file \*\.csv in the folder '"):
        files_in(tmp_path)
