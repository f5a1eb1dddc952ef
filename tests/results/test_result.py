import json
import re

import maketables
import numpy as np
import pandas as pd
import pytest
from docx import Document

from toolkit.errors import ColumnError, ModelError, OptionError
from toolkit.results import (
    TIDY_COLUMNS,
    Prose,
    Result,
    Table,
    check_conf_level,
    format_number,
    format_percent,
)


def make_terms(rows=2):
    return pd.DataFrame(
        {
            "region": [f"{43 + place}0000" for place in range(rows)],
            "term": "ratio",
            "estimate": np.linspace(6.238, 7, rows),
            "std_error": 0.5,
            "statistic": 12.0,
            "p_value": 0.001,
            "conf_low": 5.2,
            "conf_high": 7.3,
            "units": 31,
        }
    )


def make_result(rows=2, **options):
    settings = {"title": "R&D money", "unit": "yuan per yuan", "facts": {"rows": 31}}
    return Result(terms=make_terms(rows), **(settings | options))


def test_a_result_cannot_be_changed():
    result = make_result()
    with pytest.raises(AttributeError):
        result.title = "other"
    with pytest.raises(TypeError):
        result.facts["rows"] = 1


def test_asking_never_changes_the_result():
    result = make_result()
    table = result.tidy()
    table.loc[0, "estimate"] = 99
    assert result.tidy().loc[0, "estimate"] == 6.238


def test_the_table_that_was_passed_in_stays_the_callers_own():
    terms = make_terms()
    result = Result(title="t", unit="u", terms=terms)
    terms.loc[0, "estimate"] = 99
    assert result.tidy().loc[0, "estimate"] == 6.238


def test_columns_out_of_order_are_refused():
    with pytest.raises(ColumnError) as caught:
        Result(title="t", unit="u", terms=make_terms()[["term", "std_error", "estimate"]])
    assert str(caught.value) == (
        f"A tidy table has the columns {', '.join(TIDY_COLUMNS)} in this order; "
        "got term, std_error, estimate."
    )


def test_groups_stand_before_the_term():
    assert make_result().groups == ("region",)


def test_glance_is_one_row():
    row = make_result().glance()
    assert len(row) == 1
    assert row.loc[0, ["title", "unit", "conf_level", "rows"]].tolist() == [
        "R&D money",
        "yuan per yuan",
        0.95,
        31,
    ]


def test_augment_without_fitted_values_says_so():
    with pytest.raises(ModelError) as caught:
        make_result().augment()
    assert str(caught.value) == (
        "augment() gives rows with fitted values; 'R&D money' is a Result and fits none. "
        "Its estimates are in tidy()."
    )


def test_augment_gives_a_copy():
    result = make_result(fitted=pd.DataFrame({"fitted": [1.0]}))
    table = result.augment()
    table.loc[0, "fitted"] = 2.0
    assert result.augment().loc[0, "fitted"] == 1.0


def test_the_sentence_has_estimate_unit_and_interval():
    assert make_result().sentence() == (
        "R&D money: 6.238 yuan per yuan (95% interval 5.200 to 7.300)."
    )
    assert isinstance(make_result().sentence(), Prose)


def test_a_sentence_without_an_interval_names_none():
    terms = make_terms().assign(conf_low=np.nan, conf_high=np.nan)
    result = Result(title="t", unit="yuan", terms=terms)
    assert result.sentence() == "t: 6.238 yuan."


def test_summary_shows_table_facts_and_notes():
    text = make_result(notes=("few clusters",)).summary()
    assert text.splitlines()[0] == "R&D money"
    assert "rows: 31" in text
    assert "Note: few clusters" in text
    assert str(make_result()) == make_result().summary()


def test_a_long_table_is_cut_and_says_so():
    assert "2 more rows are in tidy()." in make_result(rows=42).summary()


def test_html_has_no_generated_id_and_escapes():
    page = make_result(notes=("a < b",))._repr_html_()
    assert " id=" not in page
    assert "R&amp;D money" in page
    assert "a &lt; b" in page


def test_a_column_with_no_value_at_all_is_not_shown():
    terms = make_terms().assign(std_error=np.nan)
    assert "std_error" not in Result(title="t", unit="u", terms=terms).to_html()


def test_the_mime_bundle_carries_every_digit_as_csv():
    bundle = make_result()._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "text/csv"}
    assert bundle["text/csv"].splitlines()[1] == ("430000,ratio,6.238,0.5,12.0,0.001,5.2,7.3,31")


def test_latex_uses_booktabs_and_escapes():
    text = make_result(notes=("50% of a_b",)).to_latex()
    assert r"\toprule" in text
    assert "Region & Term & Estimate & Standard error & " in text
    assert "& 95\\% interval & Units" not in text
    assert "& 95\\% interval & Number of units" in text
    assert "430000 & ratio & 6.238 & " in text
    assert "& [5.200, 7.300] & 31" in text
    assert r"\caption{R\&D money}" in text
    assert r"\item 50\% of a\_b" in text
    assert text.splitlines()[0] == r"% \usepackage{booktabs}\usepackage{threeparttable}"


def test_a_table_of_chinese_says_what_sets_it():
    head = make_result(title="比值").to_latex().splitlines()[0]
    assert head.endswith(r"\usepackage{ctex}, compiled by XeLaTeX or LuaLaTeX")


@pytest.mark.parametrize("kind", ["latex", "html", "word"])
def test_columns_are_those_that_one_reads_all_or_the_ones_named(kind, tmp_path):
    def heads(**options):
        result = make_result()
        if kind == "word":
            document = Document(str(result.to_word(tmp_path / "t.docx", **options)))
            return [cell.text.casefold() for cell in document.tables[0].rows[0].cells]
        if kind == "html":
            return re.findall(r"<th[^>]*>([^<]*)</th>", result.to_html(**options))
        line = next(line for line in result.to_latex(**options).splitlines() if " & " in line)
        return line.removesuffix(r" \\").casefold().split(" & ")

    everything = ["region", "term", "estimate", "standard error", "statistic", "p"]
    assert heads(columns="all") == [*everything, "interval from", "interval to", "number of units"]
    assert heads(columns=["units", "region"]) == ["number of units", "region"]
    assert heads() == heads(columns="main")


@pytest.mark.parametrize(
    ("columns", "error", "message"),
    [
        (
            "every",
            OptionError,
            "columns is 'main' or 'all', or names of columns; got 'every'.",
        ),
        (
            ["unit"],
            ColumnError,
            "columns names 'unit', which tidy() does not have. Did you mean 'units'? It has: "
            "region, term, estimate, std_error, statistic, p_value, conf_low, conf_high, units.",
        ),
    ],
)
def test_columns_that_are_none_are_refused(columns, error, message):
    with pytest.raises(error) as caught:
        make_result().to_latex(columns=columns)
    assert str(caught.value) == message


def test_json_round_trips_and_has_no_nan():
    terms = make_terms().assign(p_value=np.nan)
    content = json.loads(
        make_result(facts={"share": np.float64(np.inf), "n": np.int64(3)}).to_json()
    )
    assert content["facts"] == {"share": None, "n": 3}
    assert content["terms"][0]["estimate"] == 6.238
    assert (
        json.loads(Result(title="t", unit="u", terms=terms).to_json())["terms"][0]["p_value"]
        is None
    )


def test_word_document_holds_the_table(tmp_path):
    path = make_result(notes=("few clusters",)).to_word(tmp_path / "t.docx")
    document = Document(str(path))
    cells = [cell.text for cell in document.tables[0].rows[1].cells]
    assert cells[:3] == ["430000", "ratio", "6.238"]
    assert document.paragraphs[-1].text == "Note: few clusters"


def test_maketables_puts_a_result_into_a_regression_table():
    page = maketables.ETable([make_result()], coef_fmt="b").make(type="tex")
    assert "6.238" in str(page)


def test_plot_draws_one_row_per_term():
    ax = make_result().plot()
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "430000, ratio",
        "440000, ratio",
    ]
    assert ax.get_xlabel() == "yuan per yuan"


@pytest.mark.parametrize(
    ("level", "message"),
    [
        (95, "conf_level is a fraction between 0 and 1; got 95. Did you mean 0.95?"),
        (0, "conf_level is a fraction between 0 and 1; got 0."),
        (1, "conf_level is a fraction between 0 and 1; got 1."),
    ],
)
def test_a_level_that_is_no_fraction_is_refused(level, message):
    with pytest.raises(OptionError) as caught:
        check_conf_level(level)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.000123456, "0.0001235"),
        (-0.0000123456, "-1.23e-05"),
        (-6.2383, "-6.238"),
        (1000.0, "1,000"),
        (4154090000000.0, "4,154,090,000,000"),
        (float("inf"), "unbounded"),
        (1.0, "1.000"),
    ],
)
def test_numbers_are_written_with_four_digits(value, text):
    assert format_number(value) == text


def test_percent_of_nothing():
    assert format_percent(float("nan")) == "n/a"


def test_prose_is_a_string_that_carries_key_figures():
    prose = Prose("6.238 yuan.", key_figures={"ratio": "6.238"})
    assert prose == "6.238 yuan."
    assert prose._repr_mimebundle_() == {
        "text/plain": "6.238 yuan.",
        "text/markdown": "6.238 yuan.",
        "application/vnd.toolkit.key+json": {"ratio": "6.238"},
    }


def test_a_table_shows_title_rows_and_notes_and_keeps_every_digit():
    table = Table(title="A & B", frame=pd.DataFrame({"x": [1.23456789], "n": [2010]}), notes=("n",))
    bundle = table._repr_mimebundle_()
    assert bundle["text/csv"] == "x,n\n1.23456789,2010\n"
    assert "<figcaption>A &amp; B</figcaption>" in bundle["text/html"]
    assert "<td>1.235</td>" in bundle["text/html"]
    assert "<td>2010</td>" in bundle["text/html"]
    assert "<li>n</li>" in bundle["text/html"]
    assert bundle["text/plain"].endswith("Note: n")
    assert repr(table) == "<Table: A & B; 1 rows>"


def test_a_label_stands_in_the_title_of_all_that_is_shown():
    marked = make_result().labelled("simulated study")
    assert marked.title == "R&D money (simulated study)"
    assert marked.sentence().startswith("R&D money (simulated study): ")
    assert marked.plot().get_title(loc="left") == "R&D money (simulated study)"
    assert make_result().labelled("").title == "R&D money"
