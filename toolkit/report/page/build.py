"""The page of an executed notebook."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from toolkit.report.notebooks import Notebook
from toolkit.report.outputs import Failure, key_figures
from toolkit.report.page.cells import Reader
from toolkit.report.page.environment import templates
from toolkit.report.page.markup import Outline
from toolkit.report.parameters import declared_parameters
from toolkit.report.words import words_in

__all__ = ["Page", "build_page", "prepare_pages"]

_TEMPLATE = "report.html.j2"
_CONTENTS_FROM = 3


@dataclass(frozen=True)
class Page:
    """A page, and the first heading on it."""

    title: str
    html: str


def prepare_pages() -> None:
    """Import what pages are made with, and read their template, ahead of the first."""
    importlib.import_module("nbconvert.filters.markdown_mistune")
    templates().get_template(_TEMPLATE)


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

    Its fixed words are in the language of the parameter `language`, as given or as the notebook
    declares it; English without one. A cell of prose whose metadata has a text under the name of
    that language (``"metadata": {"zh": "…"}``) stands in it.

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
    language = _language(notebook, parameters, name)
    words = words_in(language)
    outline = Outline(title, taken={cell["id"] for cell in notebook["cells"]} | {"show-code"})
    reader = Reader(folder, outline, words, language)
    blocks = [reader.block(cell) for cell in notebook["cells"]]
    sections = [heading for heading in outline.headings if heading.level == 2]
    page = (
        templates()
        .get_template(_TEMPLATE)
        .render(
            blocks=blocks,
            contents=sections if len(sections) >= _CONTENTS_FROM else [],
            failure=failure,
            headed=outline.headed,
            key_figures=key_figures(notebook),
            language=language,
            parameters=parameters,
            title=outline.title or name,
            words=words,
        )
    )
    return Page(outline.title or name, page)


def _language(notebook: Notebook, parameters: Mapping[str, object], name: str) -> object:
    if "language" in parameters:
        return parameters["language"]
    declared = declared_parameters(notebook, where=name)
    return next((p.defaults[0] for p in declared if p.name == "language" and p.defaults), "en")
