"""The RO-Crate validator without a network: its cache is filled from the package `rocrate`."""

import io
from importlib import resources
from pathlib import Path

from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
"""The one page that the validator fetches; `rocrate` brings that of 1.3, which adds terms to it."""


class _Bundled(BaseAdapter):
    """Answers every request with the context that `rocrate` brings."""

    def send(self, request, **_options):
        content = (resources.files("rocrate") / "data" / "ro-crate.jsonld").read_bytes()
        raw = HTTPResponse(
            body=io.BytesIO(content),
            headers={"Content-Type": "application/ld+json"},
            preload_content=False,
            request_url=request.url,
            status=200,
        )
        return HTTPAdapter().build_response(request, raw)

    def close(self):
        """Nothing is open."""


def problems(crate, cache, *, severity="REQUIRED"):
    """Return what the validator finds wrong with a crate as a Process Run Crate."""
    from requests_cache import CachedSession
    from rocrate_validator.models import Severity
    from rocrate_validator.services import validate

    with CachedSession(cache_name=str(cache), backend="sqlite", allowable_methods=("GET",)) as web:
        web.mount("https://", _Bundled())
        web.get(CONTEXT)
    result = validate(
        {
            "rocrate_uri": Path(crate),
            "profile_identifier": "process-run-crate",
            "requirement_severity": Severity.get(severity),
            "offline": True,
            "cache_path": Path(cache),
        }
    )
    checked = len(result.context.settings.to_dict()) and result.executed_checks
    return [f"{issue.check.identifier}: {issue.message}" for issue in result.get_issues()], checked
