"""The tidy table of a risk pool."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from toolkit.language import say
from toolkit.models.instruments.pool_answers import Answer, Terms
from toolkit.models.instruments.pool_result import RiskPool
from toolkit.models.instruments.wording import money_text
from toolkit.models.proportions import wilson_interval
from toolkit.results import TIDY_COLUMNS, format_percent

__all__ = ["pool_result"]

METHOD_NAMES = {
    "exact": "exact, one common normal factor",
    "beta_binomial": "exact, beta-binomial",
    "limit": "Vasicek's limit of very many loans",
    "simulate": "simulated, one common normal factor",
}
FACTS = ("unit", "year", "bearer")


def pool_result(
    answer: Answer,
    terms: Terms,
    *,
    method: str,
    notes: tuple[str, ...],
    conf_level: float,
    name: str,
) -> RiskPool:
    """Put the figures into rows, and say what a reader must know."""
    table = pd.DataFrame(_rows(answer, terms, conf_level), columns=[*TIDY_COLUMNS, *FACTS])
    table["year"] = table["year"].astype("Int64")
    held = money_text(terms.pool)
    return RiskPool(
        title=say("{name}: risk pool of {held}", name=name, held=held)
        if name
        else say("Risk pool of {held}", held=held),
        unit="money in CNY, chances and rates as shares",
        terms=table,
        facts={
            "pool": terms.pool,
            "lent": answer.lent,
            "safety": terms.safety,
            "fee": terms.fee,
            "rounds": terms.rounds,
            "method": METHOD_NAMES[method],
        },
        conf_level=conf_level,
        notes=(*notes, *_notes(answer, terms)),
        fitted=answer.outcomes,
        layer_means=_layers(answer, terms),
        name=name,
    )


def _rows(answer: Answer, terms: Terms, level: float) -> list[dict[str, Any]]:
    errors = [np.nan] * (1 + len(answer.borne)) if answer.errors is None else answer.errors.tolist()
    supported = _supported(answer)
    return [
        _row("expected_loss", answer.expected_loss, "CNY", level=level, error=errors[0]),
        _row("expected_payout", answer.borne[0], "CNY", level=level, error=errors[1]),
        _row("tail_payout", answer.tail_payout, "CNY", level=level),
        *(
            _dry(
                year,
                share,
                draws=None if answer.errors is None else len(answer.outcomes),
                level=level,
            )
            for year, share in enumerate(answer.dry.tolist(), start=1)
        ),
        _row("lending_per_yuan", supported, "CNY per CNY of pool", level=level),
        _row("break_even_default_rate", answer.break_even, "share", level=level),
        *(
            _row("borne", value, "CNY", level=level, error=error) | {"bearer": bearer}
            for bearer, value, error in zip(terms.bearers, answer.borne, errors[1:], strict=True)
        ),
    ]


def _supported(answer: Answer) -> float:
    if answer.need <= 0:
        return float("nan")
    return answer.lent / answer.first_lent / answer.need


def _row(
    term: str, value: float, unit: str, *, level: float, error: float = float("nan")
) -> dict[str, Any]:
    half = float(ndtri((1 + level) / 2)) * error
    return {
        "term": term,
        "estimate": float(value),
        "std_error": error,
        "conf_low": value - half,
        "conf_high": value + half,
        "unit": unit,
    }


def _dry(year: int, share: float, *, draws: int | None, level: float) -> dict[str, Any]:
    row = _row("dry_by_year", share, "share", level=level) | {"year": year}
    if draws is None:
        return row
    low, high = wilson_interval(share * draws, draws, conf_level=level)
    error = float(np.sqrt(share * (1 - share) / draws))
    return row | {"std_error": error, "conf_low": float(low), "conf_high": float(high)}


def _notes(answer: Answer, terms: Terms) -> list[str]:
    notes = []
    if answer.need <= 0:
        notes.append(
            say(
                "Claims are nothing, or fees alone pay them, with {safety} safety, so that lending "
                "per yuan of pool has no limit and no number.",
                safety=format_percent(terms.safety),
            )
        )
    if np.isnan(answer.break_even):
        many = len(terms.layers.detachments) > 1
        notes.append(
            say(
                "The break-even default rate has no number: {why}",
                why="either no rate uses up pool and fees, or the layers have no formula for these "
                "loans."
                if many
                else "pool and fees would pay the expected claims even if every loan defaulted.",
            )
        )
    if answer.errors is not None:
        notes.append("The intervals are for the error of simulation alone, not for the rates.")
    return notes


def _layers(answer: Answer, terms: Terms) -> pd.DataFrame:
    begins = [0.0, *terms.layers.detachments[:-1].tolist()]
    return pd.DataFrame(
        [
            {
                "layer": number + 1,
                "begins": begins[number],
                "ends": float(terms.layers.detachments[number]),
                "bearer": bearer,
                "asked": float(mean * terms.layers.shares[number, place]),
            }
            for number, mean in enumerate(answer.layer_means)
            for place, bearer in enumerate(terms.bearers)
        ]
    )
