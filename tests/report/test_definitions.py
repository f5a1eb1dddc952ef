import json

import pytest

from tests.report.making import notebook, ran, shown
from toolkit.report.definitions import definitions
from toolkit.report.outputs import KEY_FIGURES


@pytest.fixture
def said_of(tmp_path):
    def said_of(figures, *prose):
        result = shown(text_html="<figcaption>A <b>table</b></figcaption>")
        result["data"][KEY_FIGURES] = figures
        told = [ran(f"said-{n}", shown(text_markdown=text)) for n, text in enumerate(prose)]
        path = tmp_path / "executed.ipynb"
        path.write_text(json.dumps(notebook(*told, ran("table", result))), encoding="utf-8")
        return definitions(path).sentences

    return said_of


def test_a_key_figure_is_told_by_the_sentence_that_it_stands_in(said_of):
    prose = ("# Hunan", "GDP grew 7.8% a year.", "The multiple is 0.91; 0.91 again.")
    said = said_of({"multiple": "0.91", "growth": "7.8%"}, *prose)
    assert said == {"multiple": prose[2], "growth": prose[1]}


@pytest.mark.parametrize("prose", ["It is 10.91.", "It is 0.912.", "In all 1,0.91", "0.91%"])
def test_part_of_another_number_is_none(said_of, prose):
    assert said_of({"multiple": "0.91"}, prose) == {"multiple": "A table"}


@pytest.mark.parametrize("prose", ["It is 0.91.", "(0.91, as said)", "倍数为0.91。"])
def test_what_stands_beside_a_number_is_no_part_of_it(said_of, prose):
    assert said_of({"multiple": "0.91"}, prose) == {"multiple": prose}
