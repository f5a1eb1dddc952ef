import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.making import code, notebook
from toolkit.errors import OptionError
from toolkit.report.parameters import (
    as_json,
    as_source,
    check_parameters,
    declared_parameters,
    read_parameters,
    read_words,
)

SOURCE = """
import datetime
from typing import Literal

region: str = "Hunan"  # a province, in English or Chinese
months: int = 12 * 2
against: Literal["gdp", "rest_of_gdp"] = "gdp"
since: datetime.date | None = datetime.date(2013, 1, 1)
vintage: str  # the revision
shares = [0.5, 1]
"""


def declare(source=SOURCE):
    return declared_parameters(notebook(code("p", source, "parameters")), where="growth.ipynb")


def refusal(given, source=SOURCE):
    with pytest.raises(OptionError) as refused:
        check_parameters(declare(source), given, where="growth.ipynb")
    return str(refused.value)


def test_the_parameters_cell_is_read_without_running_it():
    found = [(p.name, str(p.kind), p.source, p.defaults, p.help) for p in declare()]
    assert found == [
        ("region", "str", "'Hunan'", ("Hunan",), "a province, in English or Chinese"),
        ("months", "int", "12 * 2", (), ""),
        ("against", "Literal['gdp', 'rest_of_gdp']", "'gdp'", ("gdp",), ""),
        ("since", "date | None", "datetime.date(2013, 1, 1)", (dt.date(2013, 1, 1),), ""),
        ("vintage", "str", None, (), "the revision"),
        ("shares", "list", "[0.5, 1]", ([0.5, 1],), ""),
    ]


def test_a_notebook_without_parameters_cell_has_no_parameters():
    assert declared_parameters(notebook(code("a", "x = 1")), where="growth.ipynb") == ()


def test_the_last_assignment_of_a_name_counts():
    (found,) = declare("a = 1\na: str = 'x'")
    assert (str(found.kind), found.defaults) == ("str", ("x",))


def test_values_come_in_the_order_and_the_types_that_are_declared():
    values = check_parameters(
        declare(),
        {"vintage": "2024", "shares": (1, 2), "since": "2014-05-06", "region": "湖南"},
        where="growth.ipynb",
    )
    assert list(values.items()) == [
        ("region", "湖南"),
        ("since", dt.date(2014, 5, 6)),
        ("vintage", "2024"),
        ("shares", [1, 2]),
    ]


def test_words_are_read_by_the_annotations():
    words = {"region": "007", "months": "18", "since": "none", "vintage": "1"}
    values = read_words(declare(), words, where="growth.ipynb")
    assert values == {"region": "007", "months": 18, "since": None, "vintage": "1"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"regoin": "Hunan"},
            "growth.ipynb has no parameter 'regoin'. Did you mean 'region'? "
            "It takes: region, months, against, since, vintage, shares.",
        ),
        (
            {"region": "Hunan"},
            "growth.ipynb needs the parameter 'vintage', which has no default. "
            "Give text, in quotes.",
        ),
        (
            {"vintage": "a", "months": "two"},
            "growth.ipynb, parameter 'months': 'two' is not int. Give a whole number, such as 24.",
        ),
        (
            {"vintage": "a", "against": "rest_of_gdb"},
            "growth.ipynb, parameter 'against': 'rest_of_gdb' is not "
            "Literal['gdp', 'rest_of_gdp']. Did you mean 'rest_of_gdp'? "
            "Give one of 'gdp', 'rest_of_gdp'.",
        ),
        (
            {"vintage": "a", "since": "yesterday"},
            "growth.ipynb, parameter 'since': 'yesterday' is not date | None. "
            "Give a date, such as 2024-12-31, or none.",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_in_three_beats(given, message):
    assert refusal(given) == message


def test_parameters_for_a_notebook_without_any_are_refused():
    assert (
        refusal({"a": 1}, source="")
        == "growth.ipynb has no parameter 'a'. It has no parameters cell."
    )


def test_an_untyped_parameter_without_a_kind_takes_no_objects():
    assert refusal({"a": {}}, source="a = None") == (
        "growth.ipynb, parameter 'a': {} cannot be a parameter. "
        "Give text, a number, true, false, none, a date, or a list of these."
    )


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "where: complex = 1",
            "growth.ipynb, parameter 'where': the annotation complex cannot be checked. "
            "Use int, float, str, bool, date, Path, Literal[...], list[...], X | None, "
            "Annotated[int, '1 <= x <= 9'] or Annotated[str, 'province'].",
        ),
        (
            "months: Annotated[int, 'many'] = 24",
            "growth.ipynb, parameter 'months': the annotation 'many' cannot be checked. "
            "Use int, float, str, bool, date, Path, Literal[...], list[...], X | None, "
            "Annotated[int, '1 <= x <= 9'] or Annotated[str, 'province'].",
        ),
        (
            "months: Annotated[int, '1 <= months <= 120'] = 0",
            "growth.ipynb, default of 'months': 0 is not int with 1 <= months <= 120. "
            "Give a whole number, such as 24, with 1 <= months <= 120.",
        ),
        (
            "months: int = 'two'",
            "growth.ipynb, default of 'months': 'two' is not int. Give a whole number, such as 24.",
        ),
        (
            "a = 1\n%matplotlib inline",
            "growth.ipynb: line 2 of the parameters cell is not plain Python. "
            "Write each parameter as name: type = value.",
        ),
    ],
)
def test_a_cell_that_declares_nothing_checkable_is_refused(source, message):
    with pytest.raises(OptionError) as refused:
        declare(source)
    assert str(refused.value) == message


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.dates(),
    st.lists,
    max_leaves=8,
)


@given(VALUES)
def test_a_value_means_the_same_after_it_was_written_as_python(value):
    assert eval(as_source(value)) == value


def test_dates_are_written_for_json_in_iso_8601():
    assert as_json([dt.date(2024, 1, 2), "a", None]) == ["2024-01-02", "a", None]


def test_a_file_is_read(write_notebook):
    path = write_notebook("a.ipynb", code("p", "n: int = 1", "parameters"))
    assert [parameter.name for parameter in read_parameters(path)] == ["n"]


def test_parameters_are_read_without_the_libraries_that_run_notebooks():
    check = (
        "import sys, toolkit.report.parameters, toolkit.report.plan; "
        "print({'papermill', 'nbformat', 'nbclient', 'pandas', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_path_stays_one_in_the_cell_that_is_injected():
    declared = declare("place: Path = Path('../data')\nothers: list[Path] = []")
    assert declared[0].defaults == (Path("../data"),)
    checked = check_parameters(declared, {"place": "湖南/a.csv", "others": ["b"]}, where="n")
    assert checked == {"place": Path("湖南/a.csv"), "others": [Path("b")]}
    assert eval(as_source(checked["others"])) == [Path("b")]
    assert as_json(checked["place"]) == "湖南/a.csv"


def test_a_province_that_is_none_is_refused_with_the_nearest():
    declared = declare("region: Optional[Annotated[str, 'province']] = 'Hunan'")
    assert check_parameters(declared, {"region": None}, where="n") == {"region": None}
    assert check_parameters(declared, {"region": "430000"}, where="n") == {"region": "430000"}
    with pytest.raises(OptionError) as refused:
        check_parameters(declared, {"region": "Hunna"}, where="n.ipynb")
    assert str(refused.value) == (
        "n.ipynb, parameter 'region': 'Hunna' is not province | None. Did you mean 'Hunan'? "
        "Give a province of GB/T 2260, such as 'Hunan', '湖南' or '430000', or none."
    )
