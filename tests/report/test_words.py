import re
from pathlib import Path

import pytest

import toolkit.report
from toolkit.report.words import LANGUAGES, words_in

TEMPLATES = Path(toolkit.report.__file__).parent / "templates"
USED = set(re.findall(r"words\.(\w+)", "".join(p.read_text() for p in TEMPLATES.glob("*.j2"))))


def test_every_language_has_every_word():
    english, chinese = map(words_in, LANGUAGES)
    assert english.keys() == chinese.keys()
    assert all(english.values())
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in chinese.values())


def test_a_word_takes_the_same_values_in_every_language():
    english, chinese = map(words_in, LANGUAGES)
    for name, text in english.items():
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", chinese[name]))


def test_the_catalogue_holds_what_pages_use_and_nothing_else():
    in_python = {"figure", "reports", "table"}
    assert USED | in_python == set(words_in("en"))


@pytest.mark.parametrize("language", ["fr", None, 3])
def test_other_languages_have_english_words(language):
    assert words_in(language) == words_in("en")
