"""Every text that the toolkit and its notebooks say has its Chinese, and no other text has."""

import ast
import json
import string
import tomllib

import pytest

from tests.project import PROJECT
from toolkit.schema import INDICATORS

CATALOGUES = sorted((PROJECT / "toolkit/language/zh").glob("*.toml"))
SOURCES = sorted((PROJECT / "toolkit").rglob("*.py"))
STARTERS = PROJECT / "toolkit/report/studies/template/notebooks"
NOTEBOOKS = sorted(
    path for place in (PROJECT / "notebooks", STARTERS) for path in place.glob("*.ipynb")
)
OTHER_UNITS = {"wan", "yi"}
"""Amounts in ten thousands and hundred millions, in which Chinese counts money."""


def cells(notebook, kind):
    content = json.loads(notebook.read_text(encoding="utf-8"))
    return [cell for cell in content["cells"] if cell["cell_type"] == kind]


def trees():
    for path in SOURCES:
        yield path.relative_to(PROJECT), ast.parse(path.read_text(encoding="utf-8"))
    for path in NOTEBOOKS:
        for cell in cells(path, "code"):
            yield f"{path.name}, {cell['id']}", ast.parse("".join(cell["source"]).replace(";", ""))


def is_say(node):
    if not isinstance(node, ast.Call) or not node.args:
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name == "say" and isinstance(node.args[0], ast.Constant)


TREES = list(trees())
SAID = [
    (node.args[0].value, {word.arg for word in node.keywords}, where)
    for where, tree in TREES
    for node in ast.walk(tree)
    if is_say(node)
]
LITERALS = {
    node.value
    for _, tree in TREES
    for node in ast.walk(tree)
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
} | {indicator.label for indicator in INDICATORS.values()}


def catalogue():
    return {
        english: (chinese, path.name)
        for path in CATALOGUES
        for english, chinese in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


def places(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("template", sorted({text for text, _, _ in SAID}))
def test_every_text_that_is_said_has_its_chinese(template):
    assert template in catalogue(), [str(where) for text, _, where in SAID if text == template]


def test_chinese_puts_the_same_values_in_its_places():
    for english, (chinese, where) in catalogue().items():
        assert places(chinese) - OTHER_UNITS <= places(english), (where, english)
        missing = places(english) - places(chinese)
        # An amount in other units stands for the amount; what English inflects, Chinese does not.
        assert missing <= {"amount", "billions", "are"}, (where, english)


def test_what_is_put_in_is_what_was_given():
    known = catalogue()
    for text, given, where in SAID:
        assert places(text) <= given, (where, text)
        assert places(known[text][0]) <= given, (where, text)
        assert given <= places(text) | places(known[text][0]), (where, text)


def test_no_text_is_translated_twice():
    seen = {}
    for path in CATALOGUES:
        for english in tomllib.loads(path.read_text(encoding="utf-8")):
            assert english not in seen, (english, path.name, seen[english])
            seen[english] = path.name


# Of `shown` the names are put together by results, or held by data.
WRITTEN = [path for path in CATALOGUES if path.stem != "shown"]


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_every_translation_is_of_a_text_that_there_is(path):
    for english in tomllib.loads(path.read_text(encoding="utf-8")):
        # Chinese needs no plural: one text stands for both, and nouns are counted with an s.
        assert english in LITERALS or english.removesuffix("s") in LITERALS, english


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_prose_of_a_notebook_has_its_chinese(path):
    for cell in cells(path, "markdown"):
        chinese = "".join(cell["metadata"].get("zh", ""))
        assert any(letter >= "\u4e00" for letter in chinese), cell["id"]
        headings = [line.split(" ")[0] for line in "".join(cell["source"]).splitlines()]
        translated = [line.split(" ")[0] for line in chinese.splitlines()]
        assert [mark for mark in translated if set(mark) == {"#"}] == [
            mark for mark in headings if set(mark) == {"#"}
        ], cell["id"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_speaks_the_language_that_it_is_asked_for(path):
    parameters, title = cells(path, "code")[:2]
    assert 'language: Literal["en", "zh"] = "en"' in "".join(parameters["source"])
    assert "tk.speak(language)\n" in "".join(title["source"])


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=lambda indicator: indicator.name)
def test_every_indicator_has_its_chinese(indicator):
    assert indicator.label in catalogue()
