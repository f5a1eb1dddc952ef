"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import glob
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

__all__ = ["as_json_bytes", "publish", "write_file"]


def as_json_bytes(content: object) -> bytes:
    """Write JSON for people and for comparison, as Jupyter writes it."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def write_file(content: bytes, path: Path) -> None:
    """Write a file beside its place and move it there, so that no reader sees half of it."""
    publish({path.name: content}, out=path.parent)


def publish(files: Mapping[str, bytes], *, out: Path) -> None:
    """Write files to a folder; a subfolder among them replaces the one that was there.

    All are written to a folder of their own first, and moved when the last of them is whole.
    What an earlier attempt left there when its process was killed is removed.
    """
    out.mkdir(parents=True, exist_ok=True)
    # No name of a report has a tilde in it: one report never clears away for another.
    prefix = f".unfinished-{min(name.partition('/')[0] for name in files)}~"
    leftovers = list(out.glob(f"{glob.escape(prefix)}*"))
    with tempfile.TemporaryDirectory(dir=out, prefix=prefix) as scratch:
        new, old = Path(scratch, "new"), Path(scratch, "old")
        new.mkdir()
        old.mkdir()
        for name, content in files.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        # Folders first: a page never stands beside the tables of an earlier run.
        for path in sorted(
            new.iterdir(), key=lambda path: (path.is_file(), path.suffix == ".html")
        ):
            place = out / path.name
            if path.is_dir():
                with contextlib.suppress(FileNotFoundError):
                    place.rename(old / path.name)
            path.replace(place)
    for leftover in leftovers:
        shutil.rmtree(leftover, ignore_errors=True)
