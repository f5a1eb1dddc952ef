"""Published figures as numbers and rows."""

import pandas as pd
import pytest

from toolkit.errors import ColumnError, ModelError, OptionError
from toolkit.models.claims import figure_frame, figure_value
from toolkit.schema import FIGURES

FIGURES_HERE = pd.DataFrame(
    {
        "figure_id": ["all", "first", "second", "limit", "over", "range"],
        "low": [10.0, 4.0, 3.0, None, 7.0, 5.0],
        "high": [10.0, 4.0, 3.0, 9.0, None, 25.0],
        "as_published": ["10", "4", "3", "up to 9", "over 7", "5 to 25"],
    }
).reindex(columns=FIGURES.names)


def test_one_number_and_the_sides_of_a_bound():
    assert figure_value(FIGURES_HERE, "all") == 10.0
    assert figure_value(FIGURES_HERE, "limit", side="high") == 9.0
    assert figure_value(FIGURES_HERE, "over", side="low") == 7.0
    assert figure_value(FIGURES_HERE, "range", side="low") == 5.0


@pytest.mark.parametrize(
    ("name", "side", "kind", "message"),
    [
        ("limt", None, OptionError, "No figure 'limt'. Did you mean 'limit'? The table has 6."),
        ("limit", None, ModelError,
         "'limit' is published as 'up to 9', which is not one number. Say which side is meant: "
         "side='low' or side='high'."),
        ("range", None, ModelError,
         "'range' is published as '5 to 25', which is not one number. Say which side is meant: "
         "side='low' or side='high'."),
        ("over", "high", ModelError,
         "'over' is published as 'over 7', which has no high side. Take the other side, or another "
         "figure."),
        ("all", "top", OptionError, "side is 'low' or 'high'; got 'top'."),
    ],
)  # fmt: skip
def test_what_is_not_one_number(name, side, kind, message):
    with pytest.raises(kind) as caught:
        figure_value(FIGURES_HERE, name, side=side)
    assert str(caught.value) == message


def test_groups_and_what_they_leave_of_the_whole():
    names = {"whole": {"n": "all"}, "one": {"n": "first"}, "two": {"n": "second"}}
    plain = figure_frame(FIGURES_HERE, names, name="group")
    assert plain.to_dict("list") == {"group": ["whole", "one", "two"], "n": [10.0, 4.0, 3.0]}
    parts = figure_frame(FIGURES_HERE, names, name="group", whole="whole")
    assert parts.to_dict("list") == {"group": ["one", "two", "others"], "n": [4.0, 3.0, 3.0]}


def test_rows_that_do_not_fit():
    with pytest.raises(OptionError) as uneven:
        figure_frame(FIGURES_HERE, {"a": {"n": "all"}, "b": {"m": "first"}}, name="group")
    assert str(uneven.value) == "Each row has a figure in each column; the columns are: n, m."
    names = {"whole": {"n": "first"}, "part": {"n": "all"}}
    with pytest.raises(ModelError) as larger:
        figure_frame(FIGURES_HERE, names, name="group", whole="whole")
    assert str(larger.value) == (
        "The groups have 10 in 'n', the whole 'whole' 4. Groups are parts of the whole and do not "
        "overlap."
    )
    with pytest.raises(OptionError) as absent:
        figure_frame(FIGURES_HERE, names, name="group", whole="hole")
    assert str(absent.value) == ("No row 'hole'. Did you mean 'whole'? The rows are: whole, part.")
    with pytest.raises(ColumnError, match="No column 'figure_id'"):
        figure_value(pd.DataFrame({"low": [1.0]}), "all")
