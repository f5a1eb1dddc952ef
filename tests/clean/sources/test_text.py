"""Separated text: encodings, separators, quotation marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.clean.sources.text import read_unmixed, text_grid
from toolkit.errors import DataError, ToolkitError


def write(tmp_path, content, *, name="t.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_any_separator_in_either_encoding(tmp_path, encoding, mark):
    lines = [["企业", "金额"], ["甲公司", "5"], ["乙公司", "7"]]
    content = "\r\n".join(mark.join(line) for line in lines).encode(encoding)
    assert text_grid(write(tmp_path, content)).lines == list(enumerate(lines, start=1))


@pytest.mark.parametrize("name", ["t.tsv", "t.csv"])
def test_commas_in_amounts_part_no_columns(tmp_path, name):
    text = "firm\tamount\tpaid\nA\t1,600\t2,000\nB\t1,600,000\t5\n"
    assert text_grid(write(tmp_path, text, name=name)).lines[1] == (2, ["A", "1,600", "2,000"])


def test_blank_rows_are_counted_and_left_out(tmp_path):
    grid = text_grid(write(tmp_path, "a,b\n\n , \n1,2\n"))
    assert grid.lines == [(1, ["a", "b"]), (4, ["1", "2"])]


def test_a_cell_keeps_separator_and_line_break_within_quotation_marks(tmp_path):
    grid = text_grid(write(tmp_path, 'a,b\n"x,\ny",2\n'))
    assert grid.lines[1] == (2, ["x,\ny", "2"])


def test_two_encodings_in_one_file_are_located(tmp_path):
    content = "企业,地区\n甲,湖南\n".encode("gb18030") + "乙公司甲,北京\n".encode()
    with pytest.raises(DataError) as caught:
        read_unmixed(write(tmp_path, content + b"x,y\n"))
    # Texts of an even number of bytes, so that GB18030 takes them all.
    assert content.decode("gb18030")
    assert str(caught.value) == (
        "t.csv, line 3: this line is UTF-8 ('乙公司甲,北京'), the file as a whole is GB18030: "
        "files of two encodings were joined. Save each part as UTF-8, then join them."
    )


def test_two_encodings_that_make_neither_are_located_too(tmp_path):
    content = "企业名称,地区\n甲,湖南\n".encode() + "乙公司,北京市\n".encode("gb18030")
    with pytest.raises(DataError) as caught:
        read_unmixed(write(tmp_path, content))
    assert str(caught.value) == (
        "t.csv, line 3: most lines are UTF-8, this one is not; as GB18030 it reads "
        "'乙公司,北京市'. Either a byte is damaged, or files of two encodings were joined: fetch "
        "it again, or save each part as UTF-8 and join them then."
    )


def test_an_open_quotation_mark_is_located(tmp_path):
    with pytest.raises(DataError) as caught:
        text_grid(write(tmp_path, 'firm,amount\nA,1\n"B,2\nC,3\n'))
    assert str(caught.value) == (
        "t.csv, line 3: a quotation mark is open or stands inside a cell (unexpected end of data): "
        "'\"B,2'. If the file ends there it was cut short: fetch it again. Else double the mark at "
        "its source."
    )


def test_zero_bytes_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"^t\.csv, line 2: a zero byte, which no text has\."):
        text_grid(write(tmp_path, b"a,b\n1,\x00\n"))


def test_text_in_utf_16_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"^t\.csv, line 1: "):
        text_grid(write(tmp_path, "企业,金额\n甲,5\n".encode("utf-16")))


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("bytes") / "t.csv"
    path.write_bytes(content)
    try:
        lines = text_grid(path).lines
    except ToolkitError:
        return
    assert all(any(cells) for _, cells in lines)


@given(
    st.lists(
        st.lists(st.text(alphabet='甲乙湖南ab1,"；\n', max_size=5), min_size=2, max_size=2),
        min_size=1,
        max_size=6,
    )
)
def test_what_a_csv_writer_writes_comes_back(tmp_path_factory, rows):
    import csv

    path = tmp_path_factory.mktemp("round") / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["企业", "金额"], *rows])
    expected = [[cell.strip() for cell in row] for row in rows]
    # The writer's only separator is a comma; a text full of others may look separated by them.
    if any(mark in cell for row in rows for cell in row for mark in ";|\t"):
        return
    found = [cells for _, cells in text_grid(path).lines[1:]]
    assert found == [row for row in expected if any(row)]
