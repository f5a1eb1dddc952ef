"""A whole study with a known truth: loans, milestones, accounts, a rollout and a threshold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from toolkit.errors import OptionError
from toolkit.simulate.draws import Truth, generator
from toolkit.simulate.exports.faults import FaultDesign
from toolkit.simulate.growth import GrowthDesign
from toolkit.simulate.magnetism import MagnetismDesign
from toolkit.simulate.rollout import RolloutDesign
from toolkit.simulate.survival import SurvivalDesign
from toolkit.simulate.threshold import ThresholdDesign

__all__ = ["Progress", "Study", "StudyDesign", "simulate_study"]

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many steps are done, and how many there are."""


@dataclass(frozen=True, kw_only=True)
class StudyDesign:
    """The designs of all tables of a study; each default says the published figure behind it."""

    magnetism: MagnetismDesign = field(default_factory=MagnetismDesign)
    survival: SurvivalDesign = field(default_factory=SurvivalDesign)
    growth: GrowthDesign = field(default_factory=GrowthDesign)
    rollout: RolloutDesign = field(default_factory=RolloutDesign)
    threshold: ThresholdDesign = field(default_factory=ThresholdDesign)
    faults: FaultDesign = field(default_factory=FaultDesign)

    def truth(self) -> tuple[Truth, ...]:
        """Return the truths of all tables."""
        parts = (self.magnetism, self.survival, self.growth, self.rollout, self.threshold)
        return tuple(truth for part in parts for truth in part.truth())


@dataclass(frozen=True, kw_only=True, eq=False)
class Study:
    """Clean simulated tables and what is true of them.

    Each table carries ``attrs["simulated"]``.

    Parameters
    ----------
    ledger : DataFrame
        ``firm_id funder_id tier region sector date amount_cny``: loans on record, in yuan.
    milestones : DataFrame
        ``unit_id region sector technology pooled start registered production exit
        observed_until precision``: firms in the register.
    seen_once : DataFrame
        ``unit_id region technology pooled age reached``: firms visited once, age in months.
    accounts : DataFrame
        ``region year indicator value unit vintage``: 31 provinces and the nation.
    rollout : DataFrame
        ``region year adopted bank_cny log_bank placebo_cny log_placebo``.
    threshold : DataFrame
        ``firm score age takeup outcome takeup_sharp outcome_sharp``.
    truth : DataFrame
        ``table estimand value unit formula``.
    design : StudyDesign
        All parameters.
    random_state : int
        The seed.
    firms, lenders : int
        Firms with a micro-loan, and micro-lenders.
    """

    ledger: pd.DataFrame
    milestones: pd.DataFrame
    seen_once: pd.DataFrame
    accounts: pd.DataFrame
    rollout: pd.DataFrame
    threshold: pd.DataFrame
    truth: pd.DataFrame
    design: StudyDesign
    random_state: int
    firms: int
    lenders: int

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name, without the truth."""
        return {name: getattr(self, name) for name in TABLES}

    @property
    def label(self) -> str:
        """What every file and table made from the study says of itself."""
        return _label(self.firms, self.random_state)

    @property
    def parameters(self) -> dict[str, Any]:
        """Every parameter, by design."""
        return asdict(self.design)

    def __repr__(self) -> str:
        return f"<Study: {self.label}; {len(self.ledger):,} loans>"


TABLES = ("ledger", "milestones", "seen_once", "accounts", "rollout", "threshold")


def simulate_study(
    *,
    firms: int = 2_170,
    lenders: int = 100,
    random_state: int,
    design: StudyDesign | None = None,
    progress: Progress | None = None,
) -> Study:
    """Make a study with a known truth, calibrated to the published figures.

    Parameters
    ----------
    firms : int
        Firms with a micro-loan, and as many each in the register, seen once and scored; ten times
        the published 217 (``hunan_cluster_firms``).
    lenders : int
        Micro-lenders, the clusters of the ledger.
    random_state : int
        The seed: the same seed, parameters and versions make the same tables.
    design : StudyDesign, optional
        Other parameters than the defaults.
    progress : callable, optional
        Called as ``progress(step, done, steps)``.

    Returns
    -------
    Study

    Raises
    ------
    OptionError
        If a number cannot be meant.

    Examples
    --------
    >>> study = simulate_study(firms=300, lenders=30, random_state=7)
    >>> study.ledger.attrs["simulated"]
    'simulated study of 300 firms, random_state 7'
    >>> study.truth.set_index("estimand").loc["ratio", "value"]
    np.float64(5.0)
    """
    if firms < 50:
        raise OptionError(f"firms is 50 or more; got {firms}.")
    plan = design or StudyDesign()
    generator(random_state)
    tell = progress or _silent
    makers: dict[str, Callable[[], pd.DataFrame]] = {
        "ledger": lambda: plan.magnetism.draw(
            clusters=lenders, firms=firms, random_state=random_state
        ).ledger(),
        "milestones": lambda: plan.survival.milestones(
            plan.survival.draw(firms=firms, random_state=random_state), random_state=random_state
        ),
        "seen_once": lambda: plan.survival.seen_once(firms=firms, random_state=random_state),
        "accounts": lambda: plan.growth.draw(random_state=random_state),
        "rollout": lambda: plan.rollout.draw(random_state=random_state),
        "threshold": lambda: plan.threshold.draw(firms=firms, random_state=random_state),
    }
    tables = {}
    for step, (name, make) in enumerate(makers.items()):
        tell(f"drawing {name}", step, len(makers))
        tables[name] = make()
        tables[name].attrs["simulated"] = _label(firms, random_state)
    tell("drawn", len(makers), len(makers))
    truth = pd.DataFrame([asdict(one) for one in plan.truth()])
    truth.attrs["simulated"] = _label(firms, random_state)
    return Study(
        **tables,
        truth=truth,
        design=plan,
        random_state=random_state,
        firms=firms,
        lenders=lenders,
    )


def _label(firms: int, random_state: int) -> str:
    return f"simulated study of {firms:,} firms, random_state {random_state}"


def _silent(step: str, done: int, steps: int) -> None:
    """Tell nobody."""
