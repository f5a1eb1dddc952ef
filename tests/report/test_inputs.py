import subprocess
import sys
from pathlib import Path

import pytest

from toolkit.report.inputs import digest, logged_files

RUN = """
import os, pathlib, sys
from toolkit.report.inputs import record_reads
record_reads(sys.argv[1])
open("read.csv").read()
pathlib.Path("read.csv").read_bytes()
os.close(os.open("low.bin", os.O_RDONLY))
pathlib.Path("written.csv").write_text("new")
with open("appended.csv", "a") as file: file.write("x")
with open("gone.csv") as file: file.read()
os.remove("gone.csv")
os.chdir("sub")
open("read.csv").read()
open("../.hidden/cache").read()
sys.path.insert(0, "..")
import helper
import json.tool
try: open("absent.csv")
except FileNotFoundError: pass
{more}
"""


@pytest.fixture
def study(tmp_path):
    names = "read.csv low.bin appended.csv gone.csv sub/read.csv .hidden/cache sub/table.csv"
    for name in names.split():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("a\n1\n")
    (tmp_path / "helper.py").write_text("")
    return tmp_path


def reads(study, more=""):
    log = study / ".log"
    command = [sys.executable, "-c", RUN.replace("{more}", more), str(log)]
    subprocess.run(command, cwd=study, check=True)
    files = logged_files(log, root=study)
    return [path.relative_to(study).as_posix() for path in files]


def test_files_that_were_read_are_known_and_no_others(study):
    assert reads(study) == ["helper.py", "low.bin", "read.csv", "sub/read.csv"]
    (study / "gone.csv").write_text("a\n")
    # The second time, the module comes from its byte code.
    assert reads(study) == ["helper.py", "low.bin", "read.csv", "sub/read.csv"]


def test_names_of_files_may_hold_what_ends_lines_elsewhere(study):
    odd = "odd\u2028\x85\rname.csv"
    (study / "sub" / odd).write_text("a\n")
    assert f"sub/{odd}" in reads(study, f"open({odd!r})")


def test_what_duckdb_opens_is_told_by_the_door_to_data(study):
    more = 'from toolkit.tables import as_table; as_table("table.csv").collect()'
    assert "sub/table.csv" in reads(study, more)


def test_a_log_of_nothing_is_no_file(tmp_path):
    (tmp_path / "log").write_text("")
    assert logged_files(tmp_path / "log", root=tmp_path) == ()


def test_a_file_is_hashed_again_once_it_changed(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest(path) == digest(Path(path)) == empty
    path.write_bytes(b"a")
    assert digest(path) != empty
