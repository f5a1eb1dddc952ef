import os

import pytest

from toolkit.report.files import as_json_bytes, publish, write_file


def listing(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_folder_is_replaced_and_other_files_stay(tmp_path):
    publish({"a/tables/old.csv": b"1", "a.html": b"1", "b.html": b"1"}, out=tmp_path / "out")
    publish({"a/tables/new.csv": b"2", "a.html": b"2"}, out=tmp_path / "out")
    assert listing(tmp_path / "out") == ["a", "a.html", "a/tables", "a/tables/new.csv", "b.html"]
    assert (tmp_path / "out/a.html").read_bytes() == b"2"


def test_an_interrupted_write_leaves_what_was_there(tmp_path, monkeypatch):
    publish({"a/x.csv": b"1", "a.html": b"1"}, out=tmp_path)
    write = type(tmp_path).write_bytes

    def interrupted(path, content):
        if path.name == "a.html":
            raise KeyboardInterrupt
        return write(path, content)

    monkeypatch.setattr(type(tmp_path), "write_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        publish({"a/y.csv": b"2", "a.html": b"2"}, out=tmp_path)
    assert listing(tmp_path) == ["a", "a.html", "a/x.csv"]


def test_the_page_comes_last(tmp_path, monkeypatch):
    moved = []
    replace = type(tmp_path).replace
    monkeypatch.setattr(
        type(tmp_path), "replace", lambda path, to: (moved.append(path.name), replace(path, to))
    )
    publish({"a.html": b"", "a.ipynb": b"", "a/manifest.json": b""}, out=tmp_path)
    assert moved == ["a", "a.ipynb", "a.html"]


def test_files_have_the_rights_that_the_user_gives(tmp_path):
    mask = os.umask(0o022)
    try:
        write_file(b"1", tmp_path / "sub" / "a.json")
    finally:
        os.umask(mask)
    assert (tmp_path / "sub" / "a.json").stat().st_mode & 0o777 == 0o644


def test_json_is_written_for_people():
    assert as_json_bytes({"b": "湖南", "a": 1}) == '{\n "b": "湖南",\n "a": 1\n}\n'.encode()


def test_what_a_killed_process_left_is_cleared_away_with_the_next_attempt(tmp_path):
    for name in (".unfinished-a~x1", ".unfinished-a-b~x2"):
        (tmp_path / name / "new").mkdir(parents=True)
    publish({"a.html": b"page", "a/manifest.json": b"{}"}, out=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".unfinished-a-b~x2", "a", "a.html"]
