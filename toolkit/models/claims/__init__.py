"""What was published: programmes side by side, and figures held against estimates."""

from toolkit.models.claims.bounds import Span
from toolkit.models.claims.check import check_claim
from toolkit.models.claims.claim import Claim
from toolkit.models.claims.many import check_claims
from toolkit.models.claims.many_result import ClaimsResult
from toolkit.models.claims.official import official_evidence
from toolkit.models.claims.programmes import ProgrammeResult, programme_table
from toolkit.models.claims.values import figure_frame, figure_value
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
    "figure_frame",
    "figure_value",
    "official_evidence",
    "programme_table",
]
