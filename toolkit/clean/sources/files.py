"""Which files are meant, and whether they are there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from toolkit.errors import DataError
from toolkit.tables.files import missing_file

__all__ = ["ending_of", "files_in", "require_file", "unknown_ending"]


def ending_of(path: Path) -> str:
    """Return the ending of a file's name in small letters, without that of gzip.

    Examples
    --------
    >>> ending_of(Path("Loans.CSV.gz")), ending_of(Path("loans.xlsx"))
    ('.csv', '.xlsx')
    """
    plain = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    return plain.suffix.lower()


def files_in(data: str | Path | Iterable[str | Path], *, pattern: str = "*.csv") -> list[Path]:
    """Return the files meant by a path, a folder or several of them, sorted by name.

    Raises
    ------
    DataError
        If a path is not there, or a folder holds no such file.
    """
    if isinstance(data, str | Path):
        place = Path(data)
        if not place.is_dir():
            return [place]
        found = sorted(place.glob(pattern))
        if not found:
            raise DataError(f"No file {pattern} in the folder {place.name!r}.")
        return found
    return [path for entry in data for path in files_in(entry, pattern=pattern)]


def require_file(path: Path) -> None:
    """Refuse a path where no file is, naming the nearest that is there.

    Raises
    ------
    DataError
        If no file is at the path, or it is empty.
    """
    if not path.is_file():
        raise missing_file(path)
    if path.stat().st_size == 0:
        raise DataError(f"{path.name}: the file is empty. Fetch it again from its source.")


def unknown_ending(path: Path, endings: Iterable[str]) -> DataError:
    """Return the error for a file whose name ends like no table, or that is not there at all."""
    if not path.exists():
        return missing_file(path)
    packed = path.suffix.lower() in (".zip", ".rar", ".7z")
    return DataError(
        f"{path.name}: no table can be read from a file with the ending {path.suffix!r}. "
        + ("Unpack it first. " if packed else "")
        + f"Known endings: {', '.join(endings)}."
    )
