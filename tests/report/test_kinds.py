import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.report.annotations import kind_from, kind_of


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        ("int", 24, 24),
        ("int", np.int64(24), 24),
        ("float", 1, 1.0),
        ("float", np.float64(0.5), 0.5),
        ("bool", np.bool_(1), True),
        ("str", "007", "007"),
        ("str", Path("data/raw"), "data/raw"),
        ("datetime.date", dt.date(2024, 12, 31), dt.date(2024, 12, 31)),
        ("date", "2024-12-31", dt.date(2024, 12, 31)),
        ("date", pd.Timestamp("2024-12-31"), dt.date(2024, 12, 31)),
        ("Literal['gdp', 'rest_of_gdp']", "gdp", "gdp"),
        ("typing.Literal[1, 2]", 2, 2),
        ("list[int]", (1, 2), [1, 2]),
        ("List[str]", [], []),
        ("list", [1, "a", None], [1, "a", None]),
        ("int | None", None, None),
        ("Optional[int]", 3, 3),
        ("Union[int, str]", "a", "a"),
        ("None | list[float]", [1], [1.0]),
        ("'int | None'", 3, 3),
    ],
)
def test_a_value_is_taken_as_the_annotation_says(annotation, value, expected):
    accepted = kind_from(annotation).accept(value)
    assert accepted == expected
    assert type(accepted) is type(expected)


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        ("int", True),
        ("int", 2.5),
        ("int", "24"),
        ("int", None),
        ("float", "0.5"),
        ("float", float("nan")),
        ("float", True),
        ("bool", 1),
        ("str", 7),
        ("date", "31.12.2024"),
        ("date", "2024-02-30"),
        ("date", dt.datetime(2024, 12, 31, 12)),
        ("Literal[1, 2]", True),
        ("Literal['a']", "b"),
        ("list[int]", [1, "a"]),
        ("list[int]", "12"),
        ("int | None", "none"),
    ],
)
def test_a_value_of_another_kind_is_refused(annotation, value):
    with pytest.raises(ValueError):  # noqa: PT011
        kind_from(annotation).accept(value)


@pytest.mark.parametrize(
    ("annotation", "word", "expected"),
    [
        ("str", "007", "007"),
        ("str", "none", "none"),
        ("str | None", "none", None),
        ("int | str", "007", "007"),
        ("int", "-24", -24),
        ("float", "1e3", 1000.0),
        ("bool", "Yes", True),
        ("bool", "0", False),
        ("date", "2024-12-31", dt.date(2024, 12, 31)),
        ("Literal[2023, 2024]", "2024", 2024),
        ("list[str]", "Hunan, 湖北", ["Hunan", "湖北"]),
        ("list[int]", "", []),
        ("list[date] | None", "2024-01-01", [dt.date(2024, 1, 1)]),
    ],
)
def test_a_word_is_read_as_the_annotation_says(annotation, word, expected):
    value = kind_from(annotation).read(word)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("annotation", "word"),
    [("int", "2.5"), ("int", "١٢"), ("float", "nan"), ("bool", "maybe"), ("int | None", "x")],
)
def test_a_word_that_means_nothing_of_the_kind_is_refused(annotation, word):
    with pytest.raises(ValueError):  # noqa: PT011
        kind_from(annotation).read(word)


@given(st.text())
def test_text_on_the_command_line_stays_what_it_is(word):
    assert kind_from("str").read(word) == word


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans())
def test_a_value_is_read_from_the_way_python_writes_it(value):
    kind = kind_of(value)
    assert kind.read(str(value)) == kind.accept(value) == value


@pytest.mark.parametrize(
    "annotation", ["dict", "list[bytes]", "Literal[x]", "int, str", "set[int]"]
)
def test_an_annotation_that_cannot_be_checked_is_named(annotation):
    with pytest.raises(ValueError, match=r"^(dict|bytes|x|\(int, str\)|set\[int\])$"):
        kind_from(annotation)


@pytest.mark.parametrize(
    ("default", "name"), [(24, "int"), (0.5, "float"), (False, "bool"), ("a", "str"), ([1], "list")]
)
def test_a_default_tells_the_kind(default, name):
    assert str(kind_of(default)) == name


def test_a_default_of_none_tells_nothing():
    assert str(kind_of(None)) == ""
    assert [kind_of(None).accept(value) for value in ("a", 1, True, None)] == ["a", 1, True, None]
