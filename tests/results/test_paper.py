import re

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from docx import Document
from linearmodels import PanelOLS

from toolkit.errors import ColumnError, OptionError
from toolkit.models.magnetism import magnetism_regression
from toolkit.results import regression_table, summary_table


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(2024)
    frame = pd.DataFrame(
        {
            "region": np.repeat([f"{code}" for code in range(30)], 10),
            "year": np.tile(np.arange(2010, 2020), 30),
            "points": rng.normal(size=300),
            "lead": rng.uniform(1, 2, 300),
        }
    )
    frame["follow"] = rng.poisson(np.exp(0.3 + 0.2 * frame["points"]) * frame["lead"]).astype(float)
    return frame.assign(tier=np.where(frame["points"] > 0, "high_points", "low_points"))


@pytest.fixture(scope="module")
def results(data):
    clusters = {"groups": data["region"].astype("int64")}
    panel = PanelOLS.from_formula(
        "follow ~ points + EntityEffects", data.set_index(["region", "year"])
    )
    return {
        "Poisson": magnetism_regression(data, "follow ~ points", exposure="lead", cluster="region"),
        "Least squares": smf.ols("follow ~ points", data).fit(
            cov_type="cluster", cov_kwds=clusters
        ),
        "Within": panel.fit(cov_type="clustered", cluster_entity=True),
    }


def rows(latex):
    lines = [line for line in latex.splitlines() if " & " in line and line.endswith(r"\\")]
    return {line.split(" & ")[0].strip(): line for line in lines}


def test_results_of_several_libraries_stand_side_by_side(results):
    latex = regression_table(results, title="Follow-on money").to_latex()
    cells = re.findall(r"makecell\{([-0-9.]+) \\\\ \(([0-9.]+)\)", rows(latex)["points"])
    ours = results["Poisson"].tidy().set_index("term").loc["points"]
    wanted = [
        (ours["estimate"], ours["std_error"]),
        (results["Least squares"].params["points"], results["Least squares"].bse["points"]),
        (results["Within"].params["points"], results["Within"].std_errors["points"]),
    ]
    assert cells == [(f"{b:.3f}", f"{se:.3f}") for b, se in wanted]
    assert rows(latex)["Observations"] == r"Observations & 300 & 300 & 300 \\"
    assert r"\toprule" in latex
    assert r"\caption{Follow-on money}" in latex


def test_pyfixest_stands_beside_them(data, results):
    pyfixest = pytest.importorskip("pyfixest", reason="needs the extra fixest")
    import warnings

    with warnings.catch_warnings():
        # pyfixest 0.60 still resets an index in place, which pandas 3.1 deprecates.
        warnings.simplefilter("ignore")
        fit = pyfixest.feols("follow ~ points | region", data, vcov={"CRV1": "region"})
        table = regression_table({**results, "Absorbed": fit}, title="Follow-on money")
        line = rows(table.to_latex())["points"]
    assert f"{fit.coef()['points']:.3f}" in line.split(" & ")[-1]


def test_terms_are_kept_in_the_order_asked_and_renamed(results):
    latex = regression_table(
        results, title="T", keep=["points", "Intercept"], names={"points": "Points & more"}
    ).to_latex()
    assert [name for name in rows(latex) if name in (r"Points \& more", "Intercept", "ratio")] == [
        r"Points \& more",
        "Intercept",
    ]


def test_stars_are_explained_where_they_stand_and_absent_by_default(results):
    plain = regression_table(results, title="T").to_latex()
    starred = regression_table(results, title="T", stars="levels").to_latex()
    assert "*" not in plain
    assert re.search(r"makecell\{[0-9.]+\*\*\*", starred)
    assert "* p < 0.1, ** p < 0.05, *** p < 0.01." in starred


def test_notes_of_our_results_follow(results):
    held = {"Poisson": results["Poisson"].labelled("simulated")}
    table = regression_table(held, title="T", notes=["Money in yuan."])
    assert table.notes[0] == "Money in yuan."
    for note in results["Poisson"].notes:
        assert f"Poisson: {note}" in table.notes


def test_what_latex_reads_as_a_command_is_escaped(data, results):
    latex = regression_table(
        {"a_b": results["Poisson"]}, title="50% & more", notes=["See a_b."]
    ).to_latex()
    assert r"\caption{50\% \& more}" in latex
    assert r"a\_b" in latex
    described = summary_table(data.rename(columns={"lead": "lead_cny"}), ["lead_cny"], title="T")
    assert r"lead\_cny" in described.to_latex()


def test_html_repeats_and_carries_the_label_as_its_id(results):
    table = regression_table(results, title="T", label="tab:follow")
    assert table.to_html() == table.to_html()
    assert table._repr_html_().startswith('<div id="tab-follow"')


def test_word_and_typst_hold_the_same_numbers(results, tmp_path):
    table = regression_table(results, title="T")
    number = f"{results['Within'].params['points']:.3f}"
    document = Document(str(table.to_word(tmp_path / "t.docx")))
    cells = {cell.text for row in document.tables[0].rows for cell in row.cells}
    assert any(number in text for text in cells)
    assert number in table.to_typst()
    assert number in str(table)


def test_a_summary_counts_and_describes(data):
    latex = summary_table(data, ["lead"], title="Loans", names={"lead": "Lead"}).to_latex()
    lead = data["lead"]
    wanted = [lead.mean(), lead.std(), lead.min(), lead.median(), lead.max()]
    assert rows(latex)["Lead"] == f"Lead & 300 & {' & '.join(f'{v:.2f}' for v in wanted)} \\\\"


def test_a_summary_by_group_has_columns_for_each(data):
    latex = summary_table(data, ["lead"], title="T", by="tier", statistics=["mean"]).to_latex()
    means = data.groupby("tier")["lead"].mean()
    assert rows(latex)["lead"] == f"lead & {means.iloc[0]:.2f} & {means.iloc[1]:.2f} \\\\"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"keep": ["point"]},
            "keep names the term 'point', which no result has. Did you mean 'points'? "
            "There are: Intercept, points, ratio.",
        ),
        ({"stars": "many"}, "stars is 'none' or 'levels'; got 'many'."),
        (
            {"label": "a b"},
            "A label begins with a letter and holds letters, digits, colons and dashes; got "
            "'a b'. Write label='tab:results'.",
        ),
    ],
)
def test_an_option_that_is_none_is_refused(results, options, message):
    with pytest.raises(OptionError) as caught:
        regression_table({"Poisson": results["Poisson"]}, title="T", **options)
    assert str(caught.value) == message


def test_nothing_to_show_is_refused():
    with pytest.raises(OptionError) as caught:
        regression_table({}, title="T")
    assert str(caught.value) == "regression_table() shows results side by side; got none."


@pytest.mark.parametrize(
    ("columns", "options", "error", "message"),
    [
        (
            ["leed"],
            {},
            ColumnError,
            "No column 'leed'. Did you mean 'lead'? The table has: region, year, points, lead, "
            "follow, tier.",
        ),
        (
            ["tier"],
            {},
            ColumnError,
            "summary_table() describes numbers; column 'tier' holds str. "
            "Leave it out, or turn it into numbers first.",
        ),
        (
            ["lead"],
            {"statistics": ["avg"]},
            OptionError,
            "'avg' is no statistic. There are: count, mean, std, min, median, max, sum.",
        ),
    ],
)
def test_what_cannot_be_described_is_refused(data, columns, options, error, message):
    with pytest.raises(error) as caught:
        summary_table(data, columns, title="T", **options)
    assert str(caught.value) == message
