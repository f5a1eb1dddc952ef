"""Tidy files read in pieces: the same rows as line by line, and as many numbers as texts."""

import csv
import io

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clean.ledger_rows import HEADINGS, UNTIL, ledger
from toolkit.clean.ledgers import clean_ledger
from toolkit.clean.rows import tidy
from toolkit.clean.rows.engines import DuckDB
from toolkit.clean.rows.tidy import read_tidy


def read(path, shares=None, skip=1, headings=("a", "b")):
    """Return the rows of a file with the texts of numbered cells; None where it is not tidy."""
    engine = DuckDB.opened()
    found = read_tidy(
        path,
        engine,
        delimiter=",",
        headings=headings,
        skip=skip,
        shares={"a": 0.9} if shares is None else shares,
    )
    if found is None:
        return None
    name, texts = found
    rows = engine.query(f"select * from {name} order by rowid").fetchall()
    held = {place: texts[name].to_pylist() for place, name in enumerate(headings) if name in texts}
    return [
        tuple(held[place][cell] if place in held else cell or "" for place, cell in enumerate(row))
        for row in rows
    ]


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_pieces_of_a_file_give_its_rows_in_their_order(tmp_path, monkeypatch):
    monkeypatch.setattr(tidy, "BLOCK", 64)
    rows = [(f"湖南{number % 7}", f"{number}") for number in range(500)]
    lines = "".join(f"{a},{b}\n" for a, b in rows)
    assert read(write(tmp_path / "t.csv", "a,b\n" + lines)) == rows
    assert read(write(tmp_path / "t.csv", "a,b\n" + lines.rstrip()), shares={}) == rows


def test_a_numbered_column_holds_each_text_once_over_all_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(tidy, "BLOCK", 64)
    engine = DuckDB.opened()
    path = write(tmp_path / "t.csv", "a,b\n" + "".join(f"x{n % 9},\n" for n in range(400)))
    _, texts = read_tidy(
        path, engine, delimiter=",", headings=["a", "b"], skip=1, shares={"a": 0.5, "b": 0.5}
    )
    assert texts["a"].to_pylist() == [f"x{number}" for number in range(9)]
    assert texts["b"].to_pylist() == [""]


def test_a_column_of_too_many_texts_is_left_as_text(tmp_path, monkeypatch):
    monkeypatch.setattr(tidy, "BLOCK", 64)
    monkeypatch.setattr(tidy, "MOST", 50)
    rows = [(f"x{number}", f"{number % 3}") for number in range(300)]
    path = write(tmp_path / "t.csv", "a,b\n" + "".join(f"{a},{b}\n" for a, b in rows))
    assert read(path, shares={"a": 0.9, "b": 0.9}) == rows


def test_a_share_of_distinct_texts_says_what_is_numbered(tmp_path, monkeypatch):
    monkeypatch.setattr(tidy, "FEW", 1)
    path = write(tmp_path / "t.csv", "a,b\n" + "".join(f"x{n},y{n % 2}\n" for n in range(10)))
    reading = tidy._Reading(
        path, delimiter=",", headings=["a", "b"], skip=1, shares={"a": 0.5, "b": 0.5}
    )
    batch = reading.stream().read_all()
    assert batch.schema.types == [pa.string(), pa.int32()]
    assert list(reading.texts) == ["b"]


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n3\n",
        b"a,b\n1,2\n\n3,4\n",
        b'a,b\n1,"2\n3"\n',
        b'a,b\n1,"2\n',
        b'a,b\n1,2"\n3,4\n',
        b"a,b\n1,\xff\n",
        b"a,b\n1,\xba\xfe\xc4\xcf\n",
        "a,b\n1,2\n".encode("utf-16-le"),
        b"a,b\n1,2\r3,4\n",
    ],
)
def test_what_is_not_tidy_is_left_to_the_reader_of_lines(tmp_path, content):
    assert read(write(tmp_path / "t.csv", content)) is None


def test_a_line_break_in_a_cell_on_the_edge_of_a_piece_is_seen(tmp_path, monkeypatch):
    content = 'a,b\n1,"2\n3"\n'
    for size in range(4, 16):
        monkeypatch.setattr(tidy, "BLOCK", size)
        assert read(write(tmp_path / "t.csv", content)) is None


CELLS = st.text(st.sampled_from('x湖 ",;é\t'), max_size=4)


@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=12), size=st.integers(8, 80))
@settings(max_examples=60)
def test_what_is_read_is_what_was_written(tmp_path_factory, rows, size):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("a", "b"), *rows])
    path = write(tmp_path_factory.mktemp("tidy") / "t.csv", text.getvalue())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tidy, "BLOCK", size)
        assert read(path) == rows


def test_numbered_or_not_a_ledger_gives_the_same(tmp_path, monkeypatch):
    path = tmp_path / "loans.csv"
    ledger().to_csv(path, index=False)
    numbered = clean_ledger(path, observed_until=UNTIL)
    monkeypatch.setattr(tidy, "FEW", -1)
    monkeypatch.setattr("toolkit.clean.rows.delimited.NUMBERED", {"name": -1.0, "value": -1.0})
    plain = clean_ledger(path, observed_until=UNTIL)
    assert numbered.table.types == plain.table.types
    assert numbered.table.fetchall() == plain.table.fetchall()
    assert numbered.rejected.fetchall() == plain.rejected.fetchall()
    assert numbered.rejected.columns == ["file", "sheet", "row", *HEADINGS, "reasons"]
    assert numbered.audit.events.equals(plain.audit.events)
    assert numbered.audit.by_rule().equals(plain.audit.by_rule())
