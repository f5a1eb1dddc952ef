"""The reports of a new study in English, as before, and in Chinese all through."""

import re

import pandas as pd
import pytest

import toolkit as tk
from tests.report.wording import texts_shown, with_latin
from toolkit.report.notebooks import cell_source, read_notebook
from toolkit.report.studies import new_study
from toolkit.schema import LEDGER, MILESTONES

TITLES = {
    "loan-ledger": (
        "A ledger of loans: how much money follows each yuan (simulated data)",
        "放款台账：每元资金带动多少后续资金（模拟数据）",
    ),
    "milestone-register": (
        "A register of milestones: from prototype to production (simulated data)",
        "里程碑登记册：从样机到量产（模拟数据）",
    ),
    "regional-accounts": (
        "Sector growth against gross regional product: Hunan (simulated data)",
        "行业增长与地区生产总值：湖南（模拟数据）",
    ),
}
# What programs read is named alike in every language: files, columns, options, standards.
COLUMNS = {column.name for schema in (LEDGER, MILESTONES) for column in schema.columns}
NAMES = re.compile(
    r"--[a-z-]+|\b\w+\.csv\b|\b[a-z]+(?:_[a-z]+)+\b|\b\w+=(?:\{.*?\})?|\bGB/T\b|\bmicro\b"
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return new_study(tmp_path_factory.mktemp("a study in") / "two-languages")


@pytest.fixture(scope="module")
def batches(study):
    """The plan as it is laid out, and as it is with `language` in each report's parameters."""
    plan = (study / "reports.toml").read_text(encoding="utf-8")
    asked = plan.replace("[report.parameters]\n", '[report.parameters]\nlanguage = "zh"\n')
    assert asked.count('language = "zh"') == len(TITLES)
    (study / "zh.toml").write_text(asked, encoding="utf-8")
    return [
        tk.render_batch(study / f"{name}.toml", out=study / name, jobs=1)
        for name in ("reports", "zh")
    ]


def headings_of(study):
    """Return what stands over the columns of the example files."""
    for path in (study / "data" / "raw").glob("*.csv"):
        for line in path.read_text(encoding="utf-8-sig").splitlines()[:3]:
            yield from line.split(",")


def page_of(batch, name):
    return (batch.out / f"{name}.html").read_text(encoding="utf-8")


def prose_of(study, name):
    cells = read_notebook(study / "notebooks" / f"{name.replace('-', '_')}.ipynb")["cells"]
    return [cell for cell in cells if cell["cell_type"] == "markdown"]


def words_of(markdown):
    """Return Markdown's words in their order, without the marks that a page has tags for."""
    return " ".join(re.sub(r"^#+ |`", "", markdown, flags=re.MULTILINE).split())


@pytest.mark.parametrize("name", TITLES)
def test_the_prose_of_a_report_is_its_cells_in_the_language_asked_for(study, batches, name):
    for batch, language, title in zip(batches, ("en", "zh"), TITLES[name], strict=True):
        page = page_of(batch, name)
        assert f'<html lang="{language}">' in page
        texts = texts_shown(page)
        assert title in texts
        said = " ".join(" ".join(texts).split())
        for cell in prose_of(study, name):
            wanted = {"en": cell_source(cell), "zh": "".join(cell["metadata"]["zh"])}
            for other, markdown in wanted.items():
                # Code in prose stands in tags of its own: what is before it tells enough.
                words = words_of(markdown).partition(" columns=")[0]
                assert (words in said) == (other == language), (cell["id"], other)


@pytest.mark.parametrize("name", TITLES)
def test_no_english_is_left_in_a_chinese_report(study, batches, name):
    texts = texts_shown(page_of(batches[1], name))
    audit = pd.read_csv(batches[1].out / name / "tables/audit.csv")
    # Rules are names; of an example the cell as it stood is quoted, what is said of it is not.
    before = audit["example"].dropna().str.partition(" → ")[0]
    quoted = sorted({*audit["rule"], *before}, key=len, reverse=True)

    def said(text):
        start = next(filter(text.startswith, quoted), "")
        return NAMES.sub("", text.removeprefix(start))

    left = with_latin(map(said, texts))
    assert left - COLUMNS == set()
    assert any("第 1 行" in text for text in texts)


def test_the_english_of_a_report_has_no_chinese_but_what_is_quoted(study, batches):
    for name in TITLES:
        audit = pd.read_csv(batches[0].out / name / "tables/audit.csv", dtype="str").fillna("")
        quoted = {*audit["example"], *audit["meaning"], *headings_of(study)}
        prose = "".join(cell_source(cell) for cell in prose_of(study, name))
        chinese = {
            text for text in texts_shown(page_of(batches[0], name)) if re.search("[一-鿿]", text)
        }
        assert {text for text in chinese - quoted if text not in prose} == set(), name
