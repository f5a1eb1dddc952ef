"""An executed notebook as one HTML page that needs nothing but itself."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from toolkit.report.notebooks import Cell, Notebook, cell_source
from toolkit.report.outputs import Failure, as_text, plain

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["Page", "build_page", "templates"]

_HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
_ALT = re.compile(r"""\balt\s*=\s*(["'])(.*?)\1""", re.DOTALL | re.IGNORECASE)
_OUTSIDE = re.compile(
    r"<(img|script|link|iframe|source|video|audio|embed|object)\b[^>]*?"
    r"""\b(?:src|href|data)\s*=\s*["']?((?:https?:)?//[^"'\s>]+)[^>]*>""",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Page:
    """A page, and the first heading on it."""

    title: str
    html: str


@dataclass(frozen=True)
class _Block:
    """One cell as it stands on the page."""

    id: str
    source: str = ""
    parts: tuple[Markup, ...] = ()
    failed: bool = False


@dataclass
class _Reader:
    """Turns cells into blocks, and remembers the headings it passed."""

    folder: Path
    headings: list[str] = field(default_factory=list)

    def block(self, cell: Cell) -> _Block:
        if cell["cell_type"] == "markdown":
            return _Block(cell["id"], parts=(self._prose(cell_source(cell), cell),))
        if cell["cell_type"] != "code":
            return _Block(cell["id"])
        parts = tuple(self._output(output) for output in cell["outputs"])
        failed = any(output["output_type"] == "error" for output in cell["outputs"])
        return _Block(cell["id"], cell_source(cell), tuple(filter(None, parts)), failed)

    def _output(self, output: dict[str, Any]) -> Markup:
        if output["output_type"] == "stream":
            return Markup('<pre class="{}">{}</pre>').format(output["name"], plain(output["text"]))
        if output["output_type"] == "error":
            return Markup('<pre class="error">{}</pre>').format(
                plain("\n".join(output["traceback"]))
            )
        data = {
            mime: as_text(value) for mime, value in output["data"].items() if "json" not in mime
        }
        if "text/html" in data:
            return Markup('<div class="wide">{}</div>').format(self._markup(data["text/html"]))
        for mime in ("image/svg+xml", "image/png", "image/jpeg"):
            if mime in data:
                return self._figure(mime, data[mime], output.get("metadata", {}))
        if "text/markdown" in data:
            return self._prose(data["text/markdown"], {})
        return (
            Markup("<pre>{}</pre>").format(data["text/plain"]) if "text/plain" in data else Markup()
        )

    def _prose(self, text: str, cell: Cell) -> Markup:
        return self._markup(_markdown(text, cell.get("attachments", {}), self.folder))

    def _markup(self, text: str) -> Markup:
        self.headings += [heading for found in _HEADING.findall(text) if (heading := _words(found))]
        return Markup(_without_outside(text))

    def _figure(self, mime: str, content: str, metadata: Mapping[str, Any]) -> Markup:
        alt = metadata.get("alt") or metadata.get(mime, {}).get("alt")
        nearest = self.headings[-1] if self.headings else "Figure"
        if mime == "image/svg+xml":
            content = base64.b64encode(content.encode()).decode()
        return Markup('<figure><img src="data:{};base64,{}" alt="{}"></figure>').format(
            mime, content.replace("\n", ""), alt or nearest
        )


def build_page(
    notebook: Notebook,
    *,
    name: str,
    folder: Path,
    parameters: Mapping[str, object],
    title: str | None = None,
    failure: Failure | None = None,
) -> Page:
    """Build the page of an executed notebook: prose and outputs, the code behind a switch.

    Parameters
    ----------
    notebook : dict
        The executed notebook.
    name : str
        Stands for the title where the notebook has no heading.
    folder : Path
        Where pictures that the prose names are looked for.
    parameters : mapping
        Named at the foot of the page.
    title : str, optional
        Instead of the first heading.
    failure : Failure, optional
        Said at the head of the page.
    """
    reader = _Reader(folder)
    blocks = [reader.block(cell) for cell in notebook["cells"]]
    title = title or next(iter(reader.headings), name)
    page = (
        templates()
        .get_template("report.html.j2")
        .render(
            blocks=blocks,
            failure=failure,
            language=parameters.get("language", "en"),
            parameters=parameters,
            title=title,
        )
    )
    return Page(title, page)


@cache
def templates() -> Environment:
    """Return the package's templates; they escape what they are given."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        autoescape=True,
        loader=PackageLoader("toolkit.report", "templates"),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )


def _markdown(text: str, attachments: dict[str, Any], folder: Path) -> str:
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(
        escape=False,
        attachments=attachments,
        embed_images=True,
        exclude_anchor_links=True,
        path=str(folder),
    )
    rendered: str = MarkdownWithMath(renderer=renderer).render(text)
    return rendered


def _words(markup: str) -> str:
    return html.unescape(_TAG.sub("", markup)).strip()


def _without_outside(text: str) -> str:
    """Put links where a picture would be fetched from a network; drop what else would be."""

    def link(match: re.Match[str]) -> str:
        if match[1].lower() != "img":
            return ""
        alt = _ALT.search(match[0])
        return f'<a href="{match[2]}">{alt[2] if alt and alt[2] else match[2]}</a>'

    return _OUTSIDE.sub(link, text)
