"""Cells and their outputs as parts of a page."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from toolkit.report.notebooks import Cell, cell_source
from toolkit.report.outputs import as_text, plain
from toolkit.report.page.markup import Outline, text_of, with_scopes, without_outside

__all__ = ["Block", "Reader"]

_CAPTION = re.compile(r"<(caption|figcaption)\b[^>]*>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_LONGEST_ALT = 300


@dataclass(frozen=True)
class Block:
    """One cell as it stands on the page; `heads` where the page's first heading is in it."""

    id: str
    source: str = ""
    parts: tuple[Markup, ...] = ()
    failed: bool = False
    heads: bool = False


class Reader:
    """Turns cells into blocks, in their order.

    Parameters
    ----------
    folder : Path
        Where pictures that the prose names are looked for.
    outline : Outline
        Takes the headings up.
    words : mapping
        The words of the page's language.
    language : object
        Its name: prose that a cell has in that language in its metadata stands for the cell's own.
    """

    def __init__(
        self, folder: Path, outline: Outline, words: Mapping[str, str], language: object
    ) -> None:
        self.folder = folder
        self.outline = outline
        self.words = words
        self.language = language
        self._sentence = ""

    def block(self, cell: Cell) -> Block:
        """Return a cell as it stands on the page."""
        headed = self.outline.headed
        failed = False
        source = ""
        parts: tuple[Markup, ...] = ()
        if cell["cell_type"] == "markdown":
            parts = (self._prose(self._written(cell), cell.get("attachments", {})),)
        elif cell["cell_type"] == "code":
            source = cell_source(cell)
            parts = tuple(filter(None, (self._output(output) for output in cell["outputs"])))
            failed = any(output["output_type"] == "error" for output in cell["outputs"])
        return Block(cell["id"], source, parts, failed, self.outline.headed and not headed)

    def _written(self, cell: Cell) -> str:
        translated = cell.get("metadata", {}).get(self.language)
        return as_text(translated) if translated else cell_source(cell)

    def _output(self, output: dict[str, Any]) -> Markup:
        if output["output_type"] == "stream":
            return self._printed(output["name"], plain(as_text(output["text"])))
        if output["output_type"] == "error":
            return self._printed("error", plain("\n".join(output["traceback"])))
        data = {
            mime: as_text(value) for mime, value in output["data"].items() if "json" not in mime
        }
        if "text/html" in data:
            return self._table(data["text/html"])
        for mime in ("image/svg+xml", "image/png", "image/jpeg"):
            if mime in data:
                return self._figure(mime, data[mime], output.get("metadata", {}))
        if "text/markdown" in data:
            prose = self._prose(data["text/markdown"], {})
            # What a result says of itself stands for its figure where that cannot be seen.
            self._sentence = " ".join(text_of(prose).split()) if "<h" not in prose else ""
            return prose
        return self._printed("plain", data["text/plain"]) if "text/plain" in data else Markup()

    def _printed(self, kind: str, text: str) -> Markup:
        if not text.strip():
            return Markup()
        # What scrolls must be within reach of the keyboard.
        return Markup('<pre class="{}" tabindex="0">{}</pre>').format(kind, text)

    def _prose(self, text: str, attachments: Mapping[str, Any]) -> Markup:
        before = len(self.outline.headings)
        prose = self._markup(_markdown(text, dict(attachments), self.folder))
        if len(self.outline.headings) > before:
            self._sentence = ""
        return prose

    def _table(self, text: str) -> Markup:
        markup = with_scopes(self._markup(text))
        caption = _CAPTION.search(markup)
        label = text_of(caption[2]) if caption else self._nearest or self.words["table"]
        return Markup(
            '<div class="wide" tabindex="0" role="group" aria-label="{}">{}</div>'
        ).format(" ".join(label.split()), Markup(markup))

    def _markup(self, text: str) -> Markup:
        return Markup(self.outline.place(without_outside(text)))

    @property
    def _nearest(self) -> str:
        return self.outline.headings[-1].text if self.outline.headings else ""

    def _figure(self, mime: str, content: str, metadata: Mapping[str, Any]) -> Markup:
        alt = metadata.get("alt") or metadata.get(mime, {}).get("alt")
        if not alt:
            said = self._sentence[:_LONGEST_ALT]
            alt = ". ".join(filter(None, (self._nearest, said))) or self.words["figure"]
        if mime == "image/svg+xml":
            content = base64.b64encode(content.encode()).decode()
        return Markup('<figure><img src="data:{};base64,{}" alt="{}"></figure>').format(
            mime, content.replace("\n", ""), alt
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
