"""Results by groups, notes, intervals and captions in tables of several results."""

import re

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from docx import Document

from toolkit.errors import OptionError
from toolkit.language import speaking
from toolkit.models.growth import growth_multiple
from toolkit.models.magnetism import magnetism_curve, magnetism_ratio
from toolkit.results import Result, regression_table

FIRMS = pd.DataFrame(
    {
        "county": list("aabbccd"),
        "micro": [1.0, 2, 3, 1, 2, 2, 1],
        "bank": [4.0, 9, 10, 3, 9, 8, 5],
    }
)


def ratio(**options):
    return magnetism_ratio(FIRMS, lead="micro", follow="bank", **options)


def cells(latex):
    lines = [line for line in latex.splitlines() if " & " in line and line.endswith(r"\\")]
    return {line.split(" & ")[0]: line.removesuffix(r" \\").split(" & ")[1:] for line in lines}


def test_a_ratio_by_groups_has_a_row_for_each_group():
    result = ratio(by="county")
    found = cells(regression_table({"R": result}, title="T").to_latex())
    terms = result.tidy()
    known = terms[terms["std_error"].notna()].itertuples()
    for name, row in zip([*"abc", "total"], known, strict=True):
        assert found[name] == [rf"\makecell{{{row.estimate:.3f} \\ ({row.std_error:.3f})}}"]


def test_several_group_columns_and_names_of_regions_stand_in_one_row():
    data = FIRMS.iloc[:6].assign(region=["430000"] * 3 + ["610000"] * 3, year=[1, 2, 1] * 2)
    result = magnetism_ratio(data, lead="micro", follow="bank", by=["region", "year"])
    found = cells(regression_table({"R": result}, title="T").to_latex())
    assert {"Hunan, 1", "Hunan, 2", "Shaanxi, 1", "Shaanxi, 2", "total"} <= set(found)


def test_a_curve_has_a_row_for_each_month():
    ledger = pd.DataFrame(
        {
            "firm_id": ["f1", "f1", "f2", "f3", "f3"],
            "tier": ["micro", "bank", "micro", "micro", "bank"],
            "date": pd.to_datetime(
                ["2020-01-10", "2020-02-01", "2020-03-05", "2020-05-20", "2020-07-01"]
            ),
            "amount_cny": [1e6, 6e6, 1e6, 2e6, 6e6],
        }
    )
    curve = magnetism_curve(ledger, months=2, cluster="firm_id", observed_until="2020-12-31")
    found = cells(regression_table({"Curve": curve}, title="T").to_latex())
    assert found["2"][0].startswith(r"\makecell{3.000")


def test_an_estimate_without_an_error_has_no_brackets_and_the_notes_say_why():
    table = regression_table({"R": ratio(by="county")}, title="T")
    assert cells(table.to_latex())["d"] == ["5.000"]
    assert (
        "R: 1 of 5 ratios rest on a single cluster and have no sampling interval: county d."
        in table.notes
    )
    assert (
        table.notes[-1]
        == "Where an estimate has no brackets, the data cannot tell how far it may be off."
    )
    whole = regression_table({"R": ratio(cluster="county")}, title="T")
    assert not any("no brackets" in note for note in whole.notes)


def test_intervals_may_stand_in_the_place_of_standard_errors():
    least = smf.ols("bank ~ micro", FIRMS).fit()
    results = {"R": ratio(cluster="county"), "OLS": least}
    table = regression_table(results, title="T", uncertainty="interval", digits=2)
    found = cells(table.to_latex())
    row = results["R"].total()
    ends = [f"{row['conf_low']:.2f}, {row['conf_high']:.2f}"]
    ends.append("{:.2f}, {:.2f}".format(*least.conf_int().loc["micro"]))
    # Bare, a bracket after a break of the line would be read as a length.
    assert found["ratio"][0] == rf"\makecell{{4.00 \\ {{[}}{ends[0]}]}}"
    assert rf"\\ {{[}}{ends[1]}]" in found["micro"][1]
    assert f"[{ends[0]}]" in str(table)
    assert table.notes[-1] == "95% intervals in brackets."


def test_a_note_of_several_results_is_said_once():
    few = next(note for note in ratio(cluster="county").notes if note.startswith("Few clusters"))
    results = {"A": ratio(cluster="county"), "B": ratio(cluster="county")}
    assert regression_table(results, title="T").notes.count(few) == 1
    assert regression_table(results, title="T").notes == (few, "Standard errors in brackets.")
    beside = results | {"C": smf.ols("bank ~ micro", FIRMS).fit()}
    assert f"A, B: {few}" in regression_table(beside, title="T").notes


def test_words_for_a_term_stand_in_the_notes_too():
    data = FIRMS.rename(columns={"county": "county_id"})
    result = magnetism_ratio(data, lead="micro", follow="bank", by="county_id")
    clustered = magnetism_ratio(data, lead="micro", follow="bank", cluster="county_id")
    names = {"county_id": "County", "ratio": "Yuan"}
    notes = " ".join(regression_table({"A": result, "B": clustered}, title="T", names=names).notes)
    assert "no sampling interval: County d." in notes
    assert "Few clusters by County: 4 in 1 of 1 ratios." in notes


def test_a_statistic_that_no_result_has_is_left_out():
    alone = cells(regression_table({"R": ratio()}, title="T").to_latex())
    assert "$R^2$" not in alone
    beside = {"R": ratio(), "OLS": smf.ols("bank ~ micro", FIRMS).fit()}
    assert cells(regression_table(beside, title="T").to_latex())["$R^2$"][0] == "-"


def test_the_packages_are_said_where_the_table_begins():
    latex = regression_table({"R": ratio()}, title="T").to_latex()
    named = re.findall(r"\\usepackage{(\w+)}", latex.splitlines()[0])
    assert named == ["booktabs", "threeparttable", "makecell", "tabularx", "array"]
    for package, command in [
        ("booktabs", r"\toprule"),
        ("threeparttable", r"\begin{threeparttable}"),
        ("makecell", r"\makecell"),
        ("tabularx", r"\begin{tabularx}"),
        ("array", r"\arraybackslash"),
    ]:
        assert package in named
        assert command in latex


def test_the_caption_in_word_has_its_number(tmp_path):
    path = regression_table({"R": ratio()}, title="Ratios").to_word(tmp_path / "t.docx")
    caption = Document(str(path)).paragraphs[0]
    assert caption.text == "Table 1: Ratios"
    assert "SEQ Table" in caption._p.xml
    with speaking("zh"):
        path = regression_table({"R": ratio()}, title="比值").to_word(tmp_path / "zh.docx")
    assert Document(str(path)).paragraphs[0].text == "表 1: 比值"


def accounts():
    rows = [
        ("430000", year, name, value, "CNY", "unstated")
        for name, values in [("mine", (1.0, 2.0)), ("gross_regional_product", (10.0, 12.0))]
        for year, value in zip((2020, 2023), values, strict=True)
    ]
    columns = ["region", "year", "indicator", "value", "unit", "vintage"]
    return pd.DataFrame(rows, columns=columns)


OTHERS = (
    "Results of magnetism_ratio(), capital_magnetism(), magnetism_regression(), "
    "growth_elasticity(), convergence(), hazard_regression(), rollout_effect() and others with "
    "one row for each term can. This one has a table of its own: to_latex(), to_word()."
)


def test_what_has_no_errors_is_refused_and_what_can_stand_there_is_said():
    multiple = growth_multiple(accounts(), sector="mine", against="gdp", start=2020, end=2023)
    for uncertainty, lacking in (("std_error", "standard errors"), ("interval", "intervals")):
        with pytest.raises(OptionError) as caught:
            regression_table({"M": multiple}, title="T", uncertainty=uncertainty)
        assert str(caught.value) == (
            "regression_table() shows an estimate and its error for each term; the column 'M' is "
            f"a GrowthMultiple, which has no {lacking}. {OTHERS}"
        )
    assert "Growth multiple" in multiple.to_latex()


def test_what_has_several_rows_of_one_name_is_refused():
    terms = ratio(by="county").tidy().drop(columns="county")
    with pytest.raises(OptionError) as caught:
        regression_table({"M": Result(title="t", unit="u", terms=terms)}, title="T")
    assert str(caught.value) == (
        "regression_table() shows an estimate and its error for each term; the column 'M' is a "
        f"Result, which has several rows 'ratio'. {OTHERS}"
    )


@pytest.mark.parametrize(
    ("results", "options", "message"),
    [
        (
            {"A": 5},
            {},
            "regression_table() shows results side by side; the column 'A' holds int, which is no "
            "result of this toolkit, statsmodels, linearmodels or pyfixest. Pass what their "
            "functions return.",
        ),
        (
            {"A": ratio(conf_level=0.9)},
            {"uncertainty": "interval"},
            "regression_table() shows 95% intervals; those of the column 'A' are of 90%. Estimate "
            "it with conf_level=0.95.",
        ),
        (
            {"A": ratio()},
            {"uncertainty": "intervals"},
            "uncertainty is 'std_error' or 'interval'; got 'intervals'. Did you mean 'interval'?",
        ),
    ],
)
def test_what_cannot_be_shown_is_refused(results, options, message):
    with pytest.raises(OptionError) as caught:
        regression_table(results, title="T", **options)
    assert str(caught.value) == message


def test_a_ratio_shows_what_one_reads_and_all_when_asked():
    result = ratio(by="county")
    heads = re.findall(r"<th[^>]*>([^<]*)</th>", result.to_html())
    assert heads == [
        "county",
        "estimate",
        "standard error",
        "interval from",
        "interval to",
        "lead",
        "follow",
        "number of units",
        "clusters",
    ]
    everything = re.findall(r"<th[^>]*>([^<]*)</th>", result.to_html(columns="all"))
    assert {"share with follow", "largest influence"} <= set(everything)
    assert result.to_csv().startswith("county,term,estimate,std_error,statistic,p_value")
    latex = result.to_latex()
    assert "County & Estimate & Standard error & 95\\% interval & Lead & Follow & " in latex
    assert "total & 4.000 & " in latex
    assert latex.index(r"\bottomrule") < latex.index(r"\item Unit: yuan per yuan.")
    single = re.search(r"\\item 1 of 5 ratios rest on a single cluster", latex)
    assert single is not None


def test_an_interval_below_zero_is_said_with_what_may_be_done():
    wild = FIRMS.assign(bank=[1.0, 900, 3, 2, 1, 1, 1])
    note = (
        "1 of 1 intervals reach below zero, where no ratio of money can lie: the total. They are "
        "symmetric, and clusters are few or unequal; interval='fieller' or interval='bootstrap' "
        "follow the data more closely."
    )
    options = {"lead": "micro", "follow": "bank", "cluster": "county"}
    assert note in magnetism_ratio(wild, **options).notes
    assert note in magnetism_ratio(wild, **options, interval="jackknife").notes
    assert note not in magnetism_ratio(wild, **options, interval="fieller").notes
    assert note not in ratio(cluster="county").notes
    # Repayments may exceed what is drawn: then the ratio itself may be below zero.
    repaid = wild.assign(bank=-np.asarray(wild["bank"]))
    assert note not in magnetism_ratio(repaid, **options).notes


def test_headings_and_facts_are_chinese_where_chinese_is_spoken():
    with speaking("zh"):
        text = ratio(by="county").summary()
    assert "单位数" in text
    assert "个单位" not in text
    assert "区间方法：线性化" in text
