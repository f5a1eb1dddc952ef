import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.report.annotations import kind_from
from toolkit.report.kinds import SCALARS
from toolkit.report.limits import Bounded


@pytest.mark.parametrize(
    ("annotation", "within", "beyond"),
    [
        ("Annotated[int, '1 <= months <= 120']", [1, 24, 120], [0, 121, "24", True]),
        ("Annotated[float, '0 < level < 1']", [0.95], [0, 1, 95]),
        ("Annotated[float | None, 'x >= 0.5']", [0.5, None], [0.4]),
        ("Annotated[list[int], 'year > 1978']", [[1979, 2024], []], [[1978], [1979, 1]]),
        (
            "Annotated[datetime.date, '2000-01-01 <= day < 2025-01-01']",
            [dt.date(2000, 1, 1), "2024-12-31"],
            ["1999-12-31", dt.date(2025, 1, 1), "soon"],
        ),
        ("Annotated[int, 'x < 9', '2 < x']", [3, 8], [2, 9]),
        ("Annotated[str, 'province']", ["湖南", "hunan", "430000"], ["Atlantis", "", 430000]),
    ],
)
def test_values_within_the_limits_are_taken_and_no_others(annotation, within, beyond):
    kind = kind_from(annotation)
    for value in within:
        kind.accept(value)
    for value in beyond:
        with pytest.raises(ValueError):  # noqa: PT011 - the caller writes the message
            kind.accept(value)


@pytest.mark.parametrize(
    "annotation",
    [
        "Annotated[int, '1 <= 2 <= 3']",
        "Annotated[int, 'x <= y']",
        "Annotated[int, 'x <= 1 <= 2']",
        "Annotated[int, 'x']",
        "Annotated[int, 'x == 1']",
        "Annotated[int, 'x < 2000-13-01']",
        "Annotated[int, 'x < 2000-01-01']",
        "Annotated[date, 'x < 5']",
        "Annotated[str, 'x < 5']",
        "Annotated[int, 'province']",
        "Annotated[int, 5]",
        "Annotated[int]",
    ],
)
def test_what_limits_nothing_is_refused(annotation):
    with pytest.raises(ValueError):  # noqa: PT011 - the caller writes the message
        kind_from(annotation)


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-50, 50))
def test_bounds_mean_what_python_means(low, value, high):
    kind = Bounded(SCALARS["int"], f"{low} <= x < {high}")
    try:
        kind.accept(value)
    except ValueError:
        taken = False
    else:
        taken = True
    assert taken == (low <= value < high)


def test_words_are_read_before_they_are_compared():
    kind = kind_from("Annotated[int, 'x >= 2']")
    assert kind.read("2") == 2
    with pytest.raises(ValueError):  # noqa: PT011
        kind.read("1")
    assert kind.wanted == "a whole number, such as 24, with x >= 2"
