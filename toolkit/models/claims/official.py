"""What official statistics and published counts say of published figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.accounts import accounts_panel
from toolkit.language import say
from toolkit.models.claims.values import figure_frame
from toolkit.models.claims.verdict import Evidence
from toolkit.results import check_conf_level

__all__ = ["official_evidence"]

HUNAN = "430000"
SECTOR = "high_tech_manufacturing_revenue"


def official_evidence(
    figures: Any,
    *,
    accounts: Any,
    start: int,
    end: int,
    vintage: str | Mapping[str, str] | None = None,
    conf_level: float = 0.95,
) -> dict[str, Evidence]:
    """Estimate what official statistics have on published figures: by proxies, each named as such.

    No official statistic shows micro-lending with the bank money behind it, nor loan growth by
    programme. Three figures have an estimate that is near what they say:

    - ``hunan_follow_on``: R&D money from enterprises per yuan from government, Hunan, each year a
      draw;
    - ``hunan_growth_multiple``: trend growth of main revenue of high-tech manufacturing over that
      of gross regional product, Hunan, nominal;
    - ``national_approval_after``: applications granted at the centre for first loans of Xiamen,
      from its published counts.

    Parameters
    ----------
    figures : frame or path
        Clean figures, as :func:`toolkit.clean_figures` returns them.
    accounts : frame or path
        Clean regional accounts, as :func:`toolkit.clean_accounts` returns them.
    start, end : int
        First and last year of the official statistics.
    vintage : str or mapping, optional
        Which vintage of gross regional product to take, where there are several.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    dict of str to Evidence
        By ``figure_id``, for :func:`check_claims`.

    Raises
    ------
    DataError, ModelError
        If the accounts lack a series or the years.
    OptionError
        If a vintage must be chosen, or a published count is not there.
    """
    level = check_conf_level(conf_level)
    years = f"{start}-{end}"
    return {
        "hunan_follow_on": Evidence(
            result=_follow_on(accounts, start=start, end=end, level=level),
            proxy=say(
                "R&D money from enterprises per yuan from government, Hunan {years}", years=years
            ),
        ),
        "hunan_growth_multiple": Evidence(
            result=_growth(accounts, start=start, end=end, vintage=vintage, level=level),
            where={"region": HUNAN, "term": "growth_multiple"},
            proxy=say("main revenue of all high-tech manufacturing, Hunan {years}", years=years),
        ),
        "national_approval_after": Evidence(
            result=_approval(figures, level=level),
            where={"measure": "applications"},
            proxy="applications for first loans and renewals in one city, Xiamen",
        ),
    }


def _follow_on(accounts: Any, *, start: int, end: int, level: float) -> Any:
    from toolkit.models.magnetism import magnetism_ratio

    follow, lead = "rd_funding_enterprise", "rd_funding_government"
    panel = accounts_panel(accounts, indicators=[follow, lead])
    chosen = panel[(panel["region"] == HUNAN) & panel["year"].between(start, end)]
    return magnetism_ratio(chosen, lead=lead, follow=follow, cluster="year", conf_level=level)


def _growth(accounts: Any, *, start: int, end: int, vintage: Any, level: float) -> Any:
    from toolkit.models.growth import growth_multiple

    return growth_multiple(
        accounts,
        sector=SECTOR,
        against="gdp",
        start=start,
        end=end,
        method="trend",
        vintage=vintage,
        conf_level=level,
    )


def _approval(figures: Any, *, level: float) -> Any:
    from toolkit.models.instruments import funnel

    counts = {"all": {"applied": "xiamen_orders", "granted": "xiamen_granted"}}
    return funnel(
        figure_frame(figures, counts, name="applicants"),
        stages=["applied", "granted"],
        conf_level=level,
    )
