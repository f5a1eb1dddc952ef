"""What every command shares: the application, and how it speaks on a terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from toolkit.errors import OptionError

__all__ = ["Out", "app", "bar", "pair", "shown"]

app = typer.Typer(
    add_completion=False,
    help="Clean regional financing data, fit models to it, report what they say.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Out = Annotated[Path, typer.Option(help="Folder to write to.")]


def bar(**options: Any) -> Any:
    """Return a progress bar on stderr."""
    from tqdm import tqdm

    return tqdm(file=sys.stderr, dynamic_ncols=True, **options)


def shown(path: Path) -> Path:
    """Return a path as seen from here, where it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def pair(text: str) -> tuple[str, str]:
    """Split NAME=VALUE."""
    name, equals, value = text.partition("=")
    if not equals:
        raise OptionError(f"{text}: no value. Write {name}=VALUE.")
    return name, value
