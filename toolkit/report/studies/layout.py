"""Lay out the folder of a new study; nothing that is there already is written over."""

from __future__ import annotations

import json
import platform
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from toolkit.errors import OptionError
from toolkit.report.environment import DISTRIBUTION
from toolkit.report.files import publish
from toolkit.report.plan import slug
from toolkit.report.studies.examples import write_examples
from toolkit.report.studies.lock import lock_text, locked_packages

__all__ = ["new_study"]

_TEMPLATE = Path(__file__).with_name("template")
_SUFFIX = ".template"
_EMPTY = ("data/processed/.gitkeep",)


def new_study(folder: str | Path, *, title: str | None = None, random_state: int = 2024) -> Path:
    """Lay out a study folder that makes its reports straight away, for data of your own.

    It holds ``data/raw`` (a table of sources to fill in, and small example files, all of them
    simulated), ``data/processed``, ``notebooks``, ``reports.toml``, the environment as
    ``requirements.lock`` and ``environment.yml``, ``replication.toml`` and a ``README.md`` with
    the commands.

    Parameters
    ----------
    folder : str or Path
        Where to; made if it is not there.
    title : str, optional
        Of the study; by default from the folder's name.
    random_state : int
        Seed of the example files.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OptionError
        Where the folder is a file, or is not empty.

    Examples
    --------
    >>> import tempfile
    >>> folder = new_study(Path(tempfile.mkdtemp()) / "battery-finance")
    >>> sorted(entry.name for entry in folder.iterdir())  # doctest: +NORMALIZE_WHITESPACE
    ['.gitignore', 'README.md', 'data', 'environment.yml', 'notebooks', 'replication.toml',
     'reports.toml', 'requirements.lock']
    """
    place = _free(Path(folder).resolve())
    with tempfile.TemporaryDirectory() as scratch:
        write_examples(Path(scratch), random_state=random_state)
        examples = {
            f"data/raw/{path.relative_to(scratch).as_posix()}": path.read_bytes()
            for path in sorted(Path(scratch).rglob("*.csv"))
        }
    packages = locked_packages()
    said = " ".join((title or _title(place.name)).split())
    facts = {
        "title": said,
        "title as text": json.dumps(said, ensure_ascii=False),
        "name": slug(place.name),
        "python": ".".join(platform.python_version_tuple()[:2]),
        "toolkit": f"{DISTRIBUTION}=={_toolkit()}",
    }
    publish(
        {
            **_filled(facts),
            **examples,
            **dict.fromkeys(_EMPTY, b""),
            "requirements.lock": lock_text(packages).encode(),
        },
        out=place,
    )
    return place


def _free(folder: Path) -> Path:
    if folder.exists() and not folder.is_dir():
        raise OptionError(f"A study is laid out in a folder; {folder} is a file. Choose another.")
    if folder.is_dir() and any(folder.iterdir()):
        raise OptionError(
            f"The folder {folder} is not empty, and nothing in it was touched. "
            "Choose a folder that is new or empty."
        )
    return folder


def _title(name: str) -> str:
    """Make a title of a folder's name.

    Examples
    --------
    >>> _title("battery-finance")
    'Battery finance'
    """
    words = name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _toolkit() -> str:
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "0"


def _filled(facts: dict[str, str]) -> dict[str, bytes]:
    """Return the files of the template; those named `.template` have facts to fill in."""
    files = {}
    for path in sorted(_TEMPLATE.rglob("*")):
        if not path.is_file() or "__pycache__" in path.parts:
            continue
        name = path.relative_to(_TEMPLATE).as_posix()
        if path.suffix == _SUFFIX:
            text = path.read_text(encoding="utf-8")
            for key, value in facts.items():
                text = text.replace(f"<<{key}>>", value)
            files[_placed(name.removesuffix(_SUFFIX))] = text.encode()
        else:
            files[_placed(name)] = path.read_bytes()
    return files


def _placed(name: str) -> str:
    # A file that begins with a dot in the package itself would rule what is packed.
    return ".gitignore" if name == "gitignore" else name
