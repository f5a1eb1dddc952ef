"""Many reports: in parallel, one failure never stops the rest."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.errors import OptionError
from toolkit.report.files import as_json_bytes, write_file
from toolkit.report.manifest import batch_manifest
from toolkit.report.outputs import Failure
from toolkit.report.plan import Job, Plan, read_plan
from toolkit.report.site import write_index

if TYPE_CHECKING:
    from toolkit.report.reports import Report

__all__ = ["Batch", "render_batch"]


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What became of a plan.

    Attributes
    ----------
    plan : Plan
    out : Path
        The folder that the reports lie in.
    reports : tuple of Report
        In the order of the plan.
    started : str
        ISO 8601, UTC.
    seconds : float
    """

    plan: Plan
    out: Path
    reports: tuple[Report, ...]
    started: str
    seconds: float

    @property
    def made(self) -> tuple[Report, ...]:
        """The reports that are whole."""
        return tuple(report for report in self.reports if report.status == "made")

    @property
    def failed(self) -> tuple[Report, ...]:
        """The reports that stopped on the way."""
        return tuple(report for report in self.reports if report.status == "failed")

    @property
    def index(self) -> Path:
        """The page that lists all."""
        return self.out / "index.html"

    def summary(self) -> str:
        """Say how many were made, and why the others were not."""
        lines = [
            f"{len(self.made)} of {len(self.reports)} reports made in {self.seconds:.1f} s, "
            f"{len(self.failed)} failed."
        ]
        for report in self.failed:
            assert report.error is not None
            cell = f", cell {report.error.cell!r}" if report.error.cell else ""
            lines.append(f"  {report.name}{cell}: {report.error}")
        return "\n".join(lines)


def render_batch(
    plan: Plan | str | Path,
    *,
    out: str | Path,
    jobs: int | None = None,
    progress: Callable[[Report], object] | None = None,
) -> Batch:
    """Make all reports of a plan, and an index of them.

    Each report runs in a kernel of its own, several at a time in as many processes. Beside them
    are written `index.html` and `manifest.json`; a report that fails is marked so in both, and
    kept as far as it got.

    Parameters
    ----------
    plan : Plan, str or Path
        A plan, or the path of a plan file (see `read_plan`).
    out : str or Path
        The folder to write to.
    jobs : int, optional
        How many reports at a time; by default as many as there are processors.
    progress : callable, optional
        Called with each report when it is finished, in the order of finishing.

    Returns
    -------
    Batch

    Raises
    ------
    DataError, OptionError
        Where the plan cannot be meant; nothing has run by then.
    """
    if jobs is not None and jobs < 1:
        raise OptionError(f"jobs is the number of reports at a time; got {jobs}. Give 1 or more.")
    plan = plan if isinstance(plan, Plan) else read_plan(plan)
    out = Path(out).resolve()
    started, clock = datetime.now(UTC).isoformat(timespec="seconds"), time.perf_counter()
    finished: dict[str, Report] = {}
    for report in _finished(plan.jobs, out, jobs):
        finished[report.name] = report
        if progress is not None:
            progress(report)
    batch = Batch(
        plan=plan,
        out=out,
        reports=tuple(finished[job.name] for job in plan.jobs),
        started=started,
        seconds=round(time.perf_counter() - clock, 3),
    )
    record = batch_manifest(
        batch.reports, plan=plan.path, started=batch.started, seconds=batch.seconds
    )
    write_file(as_json_bytes(record), out / "manifest.json")
    write_index(batch, out)
    return batch


def _finished(jobs: tuple[Job, ...], out: Path, workers: int | None) -> Iterator[Report]:
    """Yield reports as they are finished; also for jobs that were lost with their process."""
    from joblib import (  # type: ignore[import-untyped, unused-ignore]
        Parallel,
        cpu_count,
        delayed,
    )
    from joblib.externals.loky.process_executor import (  # type: ignore[import-untyped, unused-ignore]
        TerminatedWorkerError,
    )

    # Processes may have another working directory than ours.
    waiting = {job.name: replace(job, notebook=job.notebook.resolve()) for job in jobs}
    parallel = Parallel(
        n_jobs=min(workers or cpu_count(), len(jobs)),
        batch_size=1,
        return_as="generator_unordered",
    )
    with tempfile.TemporaryDirectory(prefix="toolkit-", ignore_cleanup_errors=True) as scratch:
        tasks = [delayed(_make)(job, out, scratch) for job in waiting.values()]
        try:
            for report in parallel(tasks):
                del waiting[report.name]
                yield report
        except TerminatedWorkerError as error:
            message = str(error).partition("\n")[0]
            for job in waiting.values():
                yield _unmade(job, out, Failure(kind=type(error).__name__, message=message))


def _make(job: Job, out: Path, scratch: str) -> Report:
    from toolkit.report.render import make_report

    try:
        return make_report(job, out=out, scratch=scratch)
    except Exception as error:
        # A full disk, a notebook changed since it was checked: told, and the next one is made.
        return _unmade(job, out, Failure(kind=type(error).__name__, message=str(error)))


def _unmade(job: Job, out: Path, failure: Failure) -> Report:
    from toolkit.report.parameters import as_json
    from toolkit.report.reports import Report

    return Report(
        name=job.name,
        title=job.title or job.name,
        group=job.group,
        out=out,
        status="failed",
        parameters={name: as_json(value) for name, value in job.parameters.items()},
        error=failure,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=0.0,
    )
