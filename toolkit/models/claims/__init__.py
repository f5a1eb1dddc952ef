"""What was published: programmes side by side, and figures held against estimates."""

from toolkit.models.claims.bounds import Span
from toolkit.models.claims.check import check_claim
from toolkit.models.claims.claim import Claim
from toolkit.models.claims.many import ClaimsResult, check_claims
from toolkit.models.claims.programmes import ProgrammeResult, programme_table
from toolkit.models.claims.verdict import Evidence, Verdict

__all__ = [
    "Claim",
    "ClaimsResult",
    "Evidence",
    "ProgrammeResult",
    "Span",
    "Verdict",
    "check_claim",
    "check_claims",
    "programme_table",
]
