"""Arrays: Cox on risk sets, discrete hazards, accelerated failure times, Fine and Gray.

Everything here takes and returns NumPy arrays and knows no column name.
"""

from toolkit.models.hazards.aft import AftFit, Form, aft_fit, aft_survival, form_names
from toolkit.models.hazards.cox import CoxFit, Ties, cox_fit
from toolkit.models.hazards.discrete import DiscreteFit, Link, discrete_fit, discrete_survival
from toolkit.models.hazards.fine_gray import fine_gray_fit
from toolkit.models.hazards.newton import Floats, Maximum, NoMaximumError, maximize

__all__ = [
    "AftFit",
    "CoxFit",
    "DiscreteFit",
    "Floats",
    "Form",
    "Link",
    "Maximum",
    "NoMaximumError",
    "Ties",
    "aft_fit",
    "aft_survival",
    "cox_fit",
    "discrete_fit",
    "discrete_survival",
    "fine_gray_fit",
    "form_names",
    "maximize",
]
