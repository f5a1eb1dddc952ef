"""Which column of a source is which, by the words that offices head them with."""

from toolkit.clean.headings.finding import find_columns, heading_row, naming
from toolkit.clean.headings.roles import LEDGER_ROLES, MILESTONE_ROLES, Role

__all__ = ["LEDGER_ROLES", "MILESTONE_ROLES", "Role", "find_columns", "heading_row", "naming"]
