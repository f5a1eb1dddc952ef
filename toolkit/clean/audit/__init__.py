"""What happened to the rows; nothing vanishes unseen.

A cleaning step keeps a :class:`Trail`: one event for each row (or cell) that was dropped, altered
or found doubtful. :class:`Audit` counts the events by rule and keeps them; :class:`Cleaned` holds
the table, the rejected rows and the audit, and cannot be built unless the rows add up.
"""

from toolkit.clean.audit.cleaned import Cleaned
from toolkit.clean.audit.counts import Audit
from toolkit.clean.audit.trail import EVENTS, Outcome, Trail

__all__ = ["EVENTS", "Audit", "Cleaned", "Outcome", "Trail"]
