"""Sector growth against regional gross domestic product."""

from toolkit.models.growth.bartik import BartikInstrument, bartik_instrument
from toolkit.models.growth.convergence import convergence
from toolkit.models.growth.convergence_result import Convergence
from toolkit.models.growth.deflate import chain_index, real_values, rebase
from toolkit.models.growth.disparity import RegionalInequality, regional_inequality
from toolkit.models.growth.elasticity import growth_elasticity
from toolkit.models.growth.elasticity_result import GrowthElasticity
from toolkit.models.growth.exposure import ShiftShareRegression, shift_share_regression
from toolkit.models.growth.identities import AccountingGaps, accounting_gaps
from toolkit.models.growth.location import LocationQuotient, location_quotient
from toolkit.models.growth.multiple import growth_multiple
from toolkit.models.growth.quarters import quarters_from_year_to_date
from toolkit.models.growth.result import GrowthMultiple
from toolkit.models.growth.shift_share import ShiftShare, shift_share
from toolkit.models.growth.specialisation import Specialisation, specialisation

__all__ = [
    "AccountingGaps",
    "BartikInstrument",
    "Convergence",
    "GrowthElasticity",
    "GrowthMultiple",
    "LocationQuotient",
    "RegionalInequality",
    "ShiftShare",
    "ShiftShareRegression",
    "Specialisation",
    "accounting_gaps",
    "bartik_instrument",
    "chain_index",
    "convergence",
    "growth_elasticity",
    "growth_multiple",
    "location_quotient",
    "quarters_from_year_to_date",
    "real_values",
    "rebase",
    "regional_inequality",
    "shift_share",
    "shift_share_regression",
    "specialisation",
]
