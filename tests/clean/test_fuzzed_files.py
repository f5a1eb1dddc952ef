"""Files of every ending, damaged in any way: rows, or an error of the toolkit; nothing else."""

from __future__ import annotations

import gzip
import io
import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clean.ledger_rows import HEADINGS, UNTIL, ledger
from toolkit.clean.ledgers import clean_ledger
from toolkit.clean.milestones import clean_milestones
from toolkit.errors import ToolkitError

ENDINGS = [
    "csv", "tsv", "txt", "xlsx", "xls", "parquet", "dta", "json", "jsonl", "ndjson",
    "csv.gz", "json.gz", "xlsx.gz",
]  # fmt: skip
ENGLISH = ["firm_id", "funder_id", "tier", "region", "sector", "date", "amount", "remarks"]
CSMAR = "Symbol,Bank\n企业编号,贷款机构\n没有单位,没有单位\n"
WIND = '"公司代码","放款金额\n[单位] 亿元"\n'
CEIC = ",A\nFrequency,Monthly\nUnit,RMB\n"
STARTS = [b"", CSMAR.encode(), WIND.encode("gb18030"), CEIC.encode(), b'[{"firm_id": 1}']


def valid(ending, frame):
    """Return the bytes of a good file of each kind."""
    stream = io.BytesIO()
    if ending.endswith(".gz"):
        return gzip.compress(valid(ending.removesuffix(".gz"), frame), mtime=0)
    if ending in ("xlsx", "xls"):
        frame.to_excel(stream, index=False)
    elif ending == "parquet":
        frame.to_parquet(stream)
    elif ending == "dta":
        frame.set_axis(ENGLISH, axis=1).to_stata(stream, write_index=False, version=118)
    elif ending == "json":
        stream.write(json.dumps(frame.to_dict("records"), ensure_ascii=False).encode())
    elif ending in ("jsonl", "ndjson"):
        lines = (json.dumps(row, ensure_ascii=False) for row in frame.to_dict("records"))
        stream.write("\n".join(lines).encode())
    else:
        mark = "," if ending == "csv" else "\t"
        stream.write(frame.to_csv(index=False, sep=mark).encode())
    return stream.getvalue()


@pytest.fixture(scope="module")
def whole():
    frame = ledger().head(4)
    return {ending: valid(ending, frame) for ending in ENDINGS}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzzed")


def give_rows_or_an_error(path):
    for clean in (clean_ledger, clean_milestones):
        try:
            cleaned = clean(path, observed_until=UNTIL)
        except ToolkitError as error:
            assert len(str(error)) > 20  # noqa: PT017
        else:
            audit = cleaned.audit
            assert len(cleaned.table.df()) == audit.passed
            assert len(cleaned.rejected.df()) == audit.rejected
            assert audit.rows_in == audit.passed + audit.duplicates + audit.rejected


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_good_file_is_read_unless_it_is_no_kind_of_table(folder, whole, ending):
    path = folder / f"loans.{ending}"
    path.write_bytes(whole[ending])
    if ending in ("xls", "xlsx.gz"):
        give_rows_or_an_error(path)
    else:
        assert clean_ledger(path, observed_until=UNTIL).audit.passed == 4


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=6)
@given(start=st.sampled_from(STARTS), content=st.binary(max_size=120))
def test_any_bytes(folder, ending, start, content):
    path = folder / f"any.{ending}"
    packed = ending.endswith("gz") and content[:1] > b"\x40"
    path.write_bytes(gzip.compress(start + content) if packed else start + content)
    give_rows_or_an_error(path)


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=6)
@given(
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4),
    kept=st.floats(0, 1),
)
def test_a_good_file_with_bytes_changed_or_cut_short(folder, whole, ending, changes, kept):
    content = bytearray(whole[ending])
    for place, byte in changes:
        content[place % len(content)] = byte
    path = folder / f"changed.{ending}"
    path.write_bytes(bytes(content[: round(kept * len(content))] if kept < 0.7 else content))
    give_rows_or_an_error(path)


CELL = st.one_of(
    st.none(),
    st.text(st.sampled_from(list('F1,"\n湖南万元.-(）\ufeff2024/ab|')), max_size=8),
    st.sampled_from(["合计", "单位：万元", "注：x", "2024-03-05", "45356", "5万元", "企业编号"]),
)


@pytest.mark.parametrize("ending", ENDINGS[:10])
@settings(max_examples=2)
@given(rows=st.lists(st.lists(CELL, min_size=8, max_size=8), min_size=1, max_size=4))
def test_any_cells_under_good_headings(folder, rows, ending):
    frame = pd.DataFrame(rows, columns=HEADINGS, dtype="str")
    content = valid(ending, frame.fillna("") if ending == "dta" else frame)
    path = folder / f"cells.{ending}"
    path.write_bytes(content)
    give_rows_or_an_error(path)
