"""A folder for a study of one's own: data, notebooks, plan, environment, ready to run."""

from toolkit.report.studies.layout import new_study
from toolkit.report.studies.lock import locked_packages

__all__ = ["locked_packages", "new_study"]
