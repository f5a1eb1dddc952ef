"""A report on paper: the page as PDF."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

from toolkit.errors import DataError, DependencyError, OptionError, did_you_mean
from toolkit.report.files import write_file
from toolkit.report.plan import Format

__all__ = ["as_pdf", "check_formats", "check_pdf", "write_pdf"]


class _Undrawn(logging.Handler):
    """Collects the letters that WeasyPrint says no font has."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.letters: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg.startswith(".notdef") and isinstance(record.args, tuple):
            letter = str(record.args[0])
            if letter.isalpha():
                self.letters[letter] = None


def check_formats(formats: Iterable[str]) -> None:
    """Refuse, before any report is made, what a report cannot be written as.

    Raises
    ------
    DependencyError
        As `check_pdf`.
    OptionError
        Where there is no such format.
    """
    known = get_args(Format)
    for name in formats:
        if name not in known:
            raise OptionError(
                f"formats: {name!r} is no format of reports.{did_you_mean(name, known)} "
                f"Choose from: {', '.join(known)}."
            )
    if "pdf" in formats:
        check_pdf()


def check_pdf() -> None:
    """Refuse, where PDF cannot be written, before any report is made for it.

    Raises
    ------
    DependencyError
        Where WeasyPrint, or a library that it draws with, is missing.
    """
    _weasyprint()


def write_pdf(html_path: str | Path, pdf_path: str | Path) -> Path:
    """Write a report's page as PDF: tagged, with bookmarks and its fonts within, without code.

    The same page, libraries and fonts give the same bytes. Nothing is fetched: what the page does
    not hold is not on paper.

    Parameters
    ----------
    html_path : str or Path
        The page, as `render_report` writes it.
    pdf_path : str or Path
        The file to write.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    DataError
        Where there is no such page.
    DependencyError
        Where WeasyPrint, a library that it draws with or a font for the letters of the page is
        missing; nothing is written then.
    """
    source, target = Path(html_path), Path(pdf_path)
    if not source.is_file():
        raise DataError(f"{source} does not exist. Give the page of a report (.html).")
    write_file(as_pdf(source.read_text(encoding="utf-8"), where=str(source)), target)
    return target


def as_pdf(page: str, *, where: str) -> bytes:
    """Return the HTML of a page as PDF; `where` names it in messages.

    Raises
    ------
    DependencyError
        As `write_pdf`.
    """
    weasyprint = _weasyprint()
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    with _undrawn() as missing:
        content: bytes = weasyprint.HTML(string=page, url_fetcher=fetcher).write_pdf(pdf_tags=True)
    if missing:
        raise DependencyError(
            f"{where} is not put on paper: no installed font has {''.join(list(missing)[:10])!r}. "
            "Install one that does and run it again; for Chinese: apt-get install fonts-noto-cjk "
            "on Debian and Ubuntu, brew install font-noto-sans-cjk-sc on macOS."
        )
    return content


@contextmanager
def _undrawn() -> Iterator[dict[str, None]]:
    logger, handler = logging.getLogger("weasyprint"), _Undrawn()
    logger.addHandler(handler)
    try:
        yield handler.letters
    finally:
        logger.removeHandler(handler)


def _weasyprint() -> Any:
    try:
        import weasyprint  # type: ignore[import-untyped, unused-ignore]
        import weasyprint.urls  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        raise DependencyError(
            "PDF needs WeasyPrint, which is not installed. "
            "Run: pip install 'regional-techfinance-toolkit[pdf]'"
        ) from None
    except OSError as error:  # the package is there; what it draws with is not
        first = str(error).partition("\n")[0]
        raise DependencyError(
            f"PDF needs the Pango library, which WeasyPrint cannot load: {first}. Install it: "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 on Debian and "
            "Ubuntu, brew install pango on macOS."
        ) from None
    return weasyprint
