"""Loans of micro-lenders, and the bank money that follows them, with a known ratio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from toolkit.errors import OptionError
from toolkit.simulate.draws import (
    Days,
    Floats,
    Truth,
    at_least,
    check_order,
    check_share,
    days_between,
    generator,
    months_until,
    options,
    pareto_tailed,
    positive,
    truths,
    unit_mean,
)
from toolkit.simulate.loans import LoanDraw, lenders
from toolkit.simulate.places import CODES

__all__ = ["MagnetismDesign"]

YEAR = np.timedelta64(365, "D")


@dataclass(frozen=True, kw_only=True)
class MagnetismDesign:
    r"""How micro-loans and follow-on bank loans come about.

    A firm's micro-loan is log-normal. With some probability banks follow: a first loan and a
    Poisson number of further ones, each after a Weibull delay and of the size

    .. math:: a \, \bar L \, (L / \bar L)^\eta \, S \, K \, B \, \varepsilon,

    with lead :math:`L` of mean :math:`\bar L`, elasticity :math:`\eta`, factors of the sector
    :math:`S`, the entry cohort :math:`K`, lender and region :math:`B`, and noise
    :math:`\varepsilon`, the latter three of mean one. The constant :math:`a` makes expected
    follow-on within `months` over expected lead equal to `ratio`, exactly.

    Parameters
    ----------
    ratio : float
        Yuan of bank money within `months` per yuan of micro-loans; 5 as published
        (``hunan_follow_on``).
    months : float
        The window after the first micro-loan.
    share_with_follow : float
        Share of firms with any bank loan by then; 47% of applications were approved
        (``national_approval_after``).
    further_loans : float
        Mean number of bank loans after the first, where banks follow.
    delay_shape, delay_scale : float
        Weibull delay of each bank loan in months; some 16% arrive after month 24.
    elasticity : float
        Of expected follow-on with respect to lead money.
    technology_share : float
        Share of firms, of micro-loans and of lead money in technology; 67% as published
        (``hunan_zhaofu_share``).
    technology_multiple : float
        How many times as much technology firms draw per yuan as others of the same lead.
    lead_median, lead_sd : float
        Median and log standard deviation of micro-loans; about the geometric middle of 100,000
        yuan (``hunan_preseed_loan``) and 16 million (``hunan_dongzhou_loan``).
    follow_sd : float
        Log standard deviation of bank loans, given all else.
    tail_index : float, optional
        Exponent of a Pareto tail of bank loans: infinite variance at 2 or below. None: no tail.
    tail_share, tail_start : float
        Share of bank loans in that tail, and where it starts, in means of the others.
    lender_sd, region_sd : float
        Log standard deviations of the lender's and the region's effect on bank money. With a
        region effect, lenders of a region are not independent.
    lender_lead_sd : float
        Log standard deviation of the lender's effect on the micro-loan.
    size_sd : float
        Log standard deviation of the lenders' sizes.
    cohort_trend : float
        Log change of the ratio by year of entry. Not zero: late cohorts, which nobody has seen
        for the whole window, differ, and no weighting by the seen can know it.
    first_entry, last_entry : str
        Days between which micro-loans are made, uniformly.
    observed_until : str
        Last day on record.
    prior_share, bank_only_share : float
        Firms with a bank loan before their micro-loan, and firms with bank loans alone, both as
        shares of the firms with a micro-loan; none of it is follow-on.
    regions : tuple of str
        Codes of the regions that lenders are in.

    Raises
    ------
    OptionError
        If a parameter cannot be meant.

    Examples
    --------
    >>> design = MagnetismDesign(ratio=5)
    >>> draw = design.draw(clusters=30, firms=600, random_state=1)
    >>> len(draw.firms()), round(float(design.curve([24])[0]), 12)
    (600, 5.0)
    """

    ratio: float = 5.0
    months: float = 24.0
    share_with_follow: float = 0.47
    further_loans: float = 1.0
    delay_shape: float = 1.5
    delay_scale: float = 16.0
    elasticity: float = 0.8
    technology_share: float = 0.67
    technology_multiple: float = 1.25
    lead_median: float = 1_250_000.0
    lead_sd: float = 1.0
    follow_sd: float = 1.0
    tail_index: float | None = None
    tail_share: float = 0.02
    tail_start: float = 5.0
    lender_sd: float = 0.3
    region_sd: float = 0.0
    lender_lead_sd: float = 0.3
    size_sd: float = 0.5
    cohort_trend: float = 0.0
    first_entry: str = "2019-01-01"
    last_entry: str = "2024-06-30"
    observed_until: str = "2024-12-31"
    prior_share: float = 0.05
    bank_only_share: float = 0.1
    regions: tuple[str, ...] = CODES

    def __post_init__(self) -> None:
        named = partial(options, self)
        positive(
            **named(
                "ratio months delay_shape delay_scale technology_multiple lead_median tail_start"
            )
        )
        at_least(
            0, **named("further_loans lead_sd follow_sd lender_sd region_sd lender_lead_sd size_sd")
        )
        check_share(
            **named("share_with_follow technology_share tail_share prior_share bank_only_share")
        )
        check_order({"first_entry": self.first_entry}, {"last_entry": self.last_entry})
        check_order({"last_entry": self.last_entry}, {"observed_until": self.observed_until})
        if self.tail_index is not None and not self.tail_index > 1:
            raise OptionError(
                f"tail_index is above 1, where the mean is finite; got {self.tail_index:g}."
            )
        if not 0 < self._takes_up <= 1:
            most = self.share_with_follow / self._takes_up if self._takes_up else 0.0
            raise OptionError(
                f"share_with_follow is above 0 and, with these delays, at most {most:.3f}; "
                f"got {self.share_with_follow:g}. Raise further_loans or shorten delay_scale."
            )

    def arrived(self, months: Floats | float) -> Floats:
        """Return the share of all follow-on that has arrived by `months`: the Weibull law."""
        elapsed = np.maximum(np.asarray(months, dtype=float), 0)
        return np.asarray(-np.expm1(-((elapsed / self.delay_scale) ** self.delay_shape)))

    def curve(self, months: Floats | Sequence[float]) -> Floats:
        """Return expected follow-on per lead yuan by `months`: the mean cumulative function."""
        reached = self.arrived(np.asarray(months, dtype=float)) / self.arrived(self.months)
        return np.asarray(self.ratio * reached)

    def months_to(self, ratio: float) -> float:
        """Return the month in which the curve reaches `ratio`; infinite if it never does."""
        share = ratio / self.ratio * float(self.arrived(self.months))
        if share >= 1:
            return np.inf
        return float(self.delay_scale * (-np.log1p(-share)) ** (1 / self.delay_shape))

    def truth(self) -> tuple[Truth, ...]:
        """Return what estimators should find, and the limits of those that should not be used."""
        share, multiple = self.technology_share, self.technology_multiple
        other = self.ratio / (share * multiple + 1 - share)
        complete, ignoring = self._naive_limits
        half, longer = self.months / 2, self.months * 1.5
        yuan, by_time = "yuan per yuan", "ratio H(t) / H(months)"
        return truths(
            "ledger",
            ("ratio", self.ratio, yuan, f"within {self.months:g} months; set by a"),
            (f"ratio_{half:g}_months", self.curve([half])[0], yuan, by_time),
            (f"ratio_{longer:g}_months", self.curve([longer])[0], yuan, by_time),
            ("ratio_technology", multiple * other, yuan, "ratio m / (p m + 1 - p)"),
            ("ratio_other", other, yuan, "ratio / (p m + 1 - p)"),
            ("limit_complete", complete, yuan, "ratio mean[K of cohorts seen so long]"),
            ("limit_ignore", ignoring, yuan, "ratio mean[K H(min(months, seen))] / H(months)"),
            ("share_with_follow", self.share_with_follow, "fraction", "set by the take-up"),
            ("technology_share_of_lead", self.technology_share, "fraction", "p"),
            ("elasticity", self.elasticity, "log over log", "eta"),
            ("months_to_ratio", self.months, "months", "H is increasing: the window itself"),
        )

    def draw(self, *, clusters: int, firms: int, random_state: int) -> LoanDraw:
        """Draw firms of so many lenders, with all their loans, also those after the last day.

        Raises
        ------
        OptionError
            If there are fewer firms than lenders, or no lender.
        """
        if not 1 <= clusters <= firms:
            raise OptionError(
                f"clusters is 1 or more and at most the number of firms; got {clusters} clusters "
                f"and {firms} firms."
            )
        rng = generator(random_state, "magnetism")
        lender = lenders(rng, clusters=clusters, firms=firms, size_sd=self.size_sd)
        home = rng.integers(0, len(self.regions), clusters)
        effect = unit_mean(rng, self.lender_sd, clusters)
        effect *= unit_mean(rng, self.region_sd, len(self.regions))[home]
        entry = days_between(rng, self.first_entry, self.last_entry, firms)
        technology = rng.random(firms) < self.technology_share
        scale = unit_mean(rng, self.lender_lead_sd, clusters)[lender]
        scale *= unit_mean(rng, self.lead_sd, firms)
        loans = np.where(
            rng.random(firms) < self._takes_up, 1 + rng.poisson(self.further_loans, firms), 0
        )
        firm = np.repeat(np.arange(firms), loans)
        expected = self._loan_size * scale**self.elasticity * effect[lender]
        expected *= np.where(technology, self.technology_multiple, 1.0) * self._cohort(entry)
        return LoanDraw(
            design=self,
            random_state=random_state,
            lender=lender,
            region=np.asarray(self.regions)[home][lender],
            technology=technology,
            entry=entry,
            seen=months_until(entry, self.observed_until),
            lead=self._mean_lead * scale,
            bank_firm=firm,
            bank_months=self.delay_scale * rng.weibull(self.delay_shape, len(firm)),
            bank_amount=expected[firm] * self._noise(rng, len(firm)),
        )

    def _noise(self, rng: np.random.Generator, size: int) -> Floats:
        noise = unit_mean(rng, self.follow_sd, size)
        if self.tail_index is None:
            return noise
        return pareto_tailed(
            rng, noise, index=self.tail_index, share=self.tail_share, start=self.tail_start
        )

    def _cohort(self, entry: Days) -> Floats:
        centre = np.datetime64(self.first_entry, "D")
        return np.exp(self.cohort_trend * ((entry - centre) / YEAR)) / self._cohort_mean

    @cached_property
    def entry_days(self) -> Days:
        """The days on which a firm may enter, each as likely."""
        return np.arange(
            np.datetime64(self.first_entry, "D"),
            np.datetime64(self.last_entry, "D") + np.timedelta64(1, "D"),
        )

    @cached_property
    def _cohort_mean(self) -> float:
        return float(
            np.exp(self.cohort_trend * (self.entry_days - self.entry_days[0]) / YEAR).mean()
        )

    @cached_property
    def _takes_up(self) -> float:
        reached = float(self.arrived(self.months))
        missed = (1 - reached) * np.exp(-self.further_loans * reached)
        return float(self.share_with_follow / (1 - missed))

    @property
    def _mean_lead(self) -> float:
        return float(self.lead_median * np.exp(self._lead_variance / 2))

    @property
    def _lead_variance(self) -> float:
        return self.lead_sd**2 + self.lender_lead_sd**2

    @cached_property
    def _loan_size(self) -> float:
        """Expected bank loan at the mean lead, outside technology."""
        eta, share = self.elasticity, self.technology_share
        power = np.exp(self._lead_variance * (eta**2 - eta) / 2)
        sector = share * self.technology_multiple + 1 - share
        loans = self._takes_up * (1 + self.further_loans) * float(self.arrived(self.months))
        return float(self.ratio * self._mean_lead / (power * sector * loans))

    @cached_property
    def _naive_limits(self) -> tuple[float, float]:
        seen = months_until(self.entry_days, self.observed_until)
        factor = self._cohort(self.entry_days)
        whole = seen >= self.months
        complete = float(self.ratio * factor[whole].mean()) if whole.any() else np.nan
        arrived = self.curve(np.minimum(seen, self.months))
        return complete, float((factor * arrived).mean())
