"""No public function that takes data escapes the tests of this folder."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

import toolkit
from tests.frames.calls import CALLS, Call
from tests.frames.columns import COLUMN_CALLS

TAKES_DATA = re.compile(r"(^|\| )Any($| \|)|DataFrame|\bRates\b|\bExtra\b")
"""Annotations of what may be a frame or a column."""

EXEMPT = {
    "Audit.counts": "cleaning makes it",
    "Audit.events": "cleaning makes it",
    "Cleaned.rejected": "cleaning makes it, in the caller's own kind",
    "Cleaned.table": "cleaning makes it, in the caller's own kind",
    "Result.fitted": "a model makes it",
    "Result.terms": "a model makes it",
    "Table.frame": "a model makes it",
    "check_claim.claim": "one figure: a row, a mapping or a number",
    "decision_time.observed_until": "a day",
}


class AskedError(Exception):
    """Tells how a function would have been called."""


def parameters_of_data(name: str) -> set[str]:
    """Return the parameters of a public function that may be a frame or a column."""
    public = getattr(toolkit, name)
    if not callable(public) or (isinstance(public, type) and issubclass(public, Exception)):
        return set()
    parameters = inspect.signature(public).parameters.values()
    return {
        f"{name}.{parameter.name}"
        for parameter in parameters
        if parameter.kind is not parameter.VAR_KEYWORD
        and TAKES_DATA.search(str(parameter.annotation))
    }


def parameters_given(call: Call) -> set[str]:
    """Return the parameters to which a call gives a frame or a column, without running it."""
    signature, mark = inspect.signature(getattr(toolkit, call.name)), object()

    def record(*args: Any, **options: Any) -> None:
        raise AskedError(signature.bind(*args, **options).arguments)

    with pytest.raises(AskedError) as asked:
        call.ask(record, lambda _: mark)
    return {f"{call.name}.{name}" for name, value in asked.value.args[0].items() if value is mark}


def test_every_public_function_that_takes_data_is_tested_with_every_kind_of_it():
    tested = set().union(*map(parameters_given, [*CALLS, *COLUMN_CALLS]))
    public = set().union(*map(parameters_of_data, toolkit.__all__))
    missing = sorted(public - tested - set(EXEMPT))
    assert not missing, (
        f"{', '.join(missing)}: no test gives it other than pandas. Add a call of the function to "
        "CALLS in tests/frames/calls.py (or to COLUMN_CALLS in tests/frames/columns.py), with "
        "`given` around each frame; if it is no data, add it to EXEMPT with the reason."
    )


def test_no_exemption_outlives_its_reason():
    tested = set().union(*map(parameters_given, [*CALLS, *COLUMN_CALLS]))
    public = set().union(*map(parameters_of_data, toolkit.__all__))
    assert set(EXEMPT) <= public - tested
