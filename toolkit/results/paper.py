"""A table for a paper, in the four forms that papers are written in; maketables lays it out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolkit.errors import OptionError
from toolkit.language import say
from toolkit.results.exports import PACKAGES, latex_text, packages_line

__all__ = ["PaperTable", "check_label"]

_GENERATED_ID = re.compile(r'<div id="([a-z]+)"')
_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9:_-]*")


@dataclass(frozen=True, kw_only=True, eq=False)
class PaperTable:
    """A table for a paper, in the four forms that papers are written in.

    Parameters
    ----------
    title : str
        The caption.
    label : str
        By which the text refers to it, such as ``"tab:ratio"``; also its id in HTML.
    notes : tuple of str
        What stands below it.
    """

    title: str
    label: str
    notes: tuple[str, ...]
    _lay_out: Callable[[Callable[[str], str]], Any] = field(repr=False)

    def to_latex(self) -> str:
        """Return the table in booktabs style.

        The document loads ``booktabs``, ``threeparttable``, ``makecell``, ``tabularx`` and
        ``array``, as the first line says.
        """
        latex = str(self._lay_out(latex_text).make(type="tex"))
        return f"{packages_line(latex, *PACKAGES, 'makecell', 'tabularx', 'array')}\n{latex}"

    def to_typst(self) -> str:
        """Return the table as a Typst figure."""
        return str(self._lay_out(str).make(type="typst"))

    def to_html(self) -> str:
        """Return the table as HTML; the same table gives the same bytes."""
        page = str(self._lay_out(str).make(type="gt").as_raw_html())
        # maketables renders before an id can be given: the random one is replaced.
        given = _GENERATED_ID.search(page)
        return page.replace(given[1], self.label.replace(":", "-")) if given else page

    def to_word(self, path: str | Path) -> Path:
        """Write the table as a Word document and return its path."""
        target = Path(path)
        document = self._lay_out(str).make(type="docx")
        _number(document)
        document.save(str(target))
        return target

    def __str__(self) -> str:
        cells = self._lay_out(str).df.map(lambda cell: " ".join(str(cell).split()))
        return f"{self.title}\n\n{cells.to_string()}"

    def _repr_html_(self) -> str:
        return self.to_html()


def _number(document: Any) -> None:
    """Write the number that Word would compute only when it is told to update its fields."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    caption = document.paragraphs[0]
    caption.runs[0].text = say("Table ")
    field = caption.runs[1]
    end = field._r.findall(qn("w:fldChar"))[-1]
    between = OxmlElement("w:fldChar")
    between.set(qn("w:fldCharType"), "separate")
    number = OxmlElement("w:t")
    number.text = "1"
    end.addprevious(between)
    end.addprevious(number)


def check_label(label: str) -> None:
    """Refuse a label that LaTeX, Typst or HTML cannot refer to."""
    if not _LABEL.fullmatch(label):
        raise OptionError(
            f"A label begins with a letter and holds letters, digits, colons and dashes; got "
            f"{label!r}. Write label='tab:results'."
        )
