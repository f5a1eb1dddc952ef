"""The work of a batch, spread over workers; a worker that is lost takes one report with it."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing import current_process
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.report.backends import Backend, started
from toolkit.report.kernels.start import borrowed_template, share_template
from toolkit.report.manifest import read_report
from toolkit.report.outputs import Failure
from toolkit.report.plan import Job, Plan
from toolkit.report.resume import out_of_date

if TYPE_CHECKING:
    from toolkit.report.reports import Report

__all__ = ["made_by_workers"]


def made_by_workers(
    jobs: Sequence[Job],
    out: Path,
    *,
    workers: int | None = None,
    backend: Backend = "loky",
    address: str | None = None,
) -> Generator[Report]:
    """Yield reports as they are finished; also for jobs that were lost with their worker.

    Parameters
    ----------
    jobs : sequence of Job
    out : Path
        The folder that reports are written to, the same for every worker.
    workers : int, optional
        How many reports at a time; by default as many as there are processors.
    backend, address
        See `started`.
    """
    if not jobs:
        return
    # Processes may have another working directory than ours.
    waiting = {job.name: replace(job, notebook=job.notebook.resolve()) for job in jobs}
    with (
        tempfile.TemporaryDirectory(prefix="toolkit-", ignore_cleanup_errors=True) as scratch,
        started(backend, address=address) as options,
    ):
        near = backend == "loky"
        run = _Runner(
            out,
            scratch if near else None,
            share_template(scratch) if near else None,
            workers,
            options,
        )
        while waiting:
            try:
                for report in run.together(list(waiting.values())):
                    del waiting[report.name]
                    yield report
            except Exception as error:
                # A worker went, and took with it what it was at: whichever of those reports
                # ended it, the others are not to go with it a second time.
                for job in run.suspects(list(waiting.values())):
                    del waiting[job.name]
                    yield run.alone(job, error)


@dataclass(frozen=True)
class _Runner:
    """Runs jobs by joblib, and knows which were running when a worker was lost."""

    out: Path
    scratch: str | None
    template: str | None
    workers: int | None
    options: dict[str, Any]

    def together(self, jobs: list[Job]) -> Iterator[Report]:
        from joblib import cpu_count

        yield from self._run(jobs, min(self.workers or cpu_count(), len(jobs)))

    def alone(self, job: Job, error: Exception) -> Report:
        """Make one report with no other beside it; another loss is its own."""
        if (report := self._finished(job)) is not None:
            return report
        try:
            # One worker would be this very process.
            return next(iter(self._run([job], 2)))
        except Exception as again:
            message = (str(again) or str(error)).partition("\n")[0]
            return _unmade(job, self.out, Failure(kind=type(again).__name__, message=message))

    def suspects(self, jobs: list[Job]) -> list[Job]:
        """Return the jobs that were begun and not ended; all, where that is not known."""
        begun = [job for job in jobs if self.scratch and _mark(job, self.scratch).exists()]
        for job in begun:
            _mark(job, self.scratch or "").unlink()
        return begun or jobs

    def _run(self, jobs: list[Job], workers: int) -> Iterator[Report]:
        from joblib import Parallel, delayed

        parallel = Parallel(n_jobs=workers, batch_size=1, **self.options)
        work = [delayed(_make)(job, self.out, self.scratch, self.template) for job in jobs]
        return iter(parallel(work))

    def _finished(self, job: Job) -> Report | None:
        """Return the report of a job whose worker was lost after it was written."""
        plan = Plan(path=job.notebook, jobs=(job,), names=(job.name,))
        if self.scratch or any(out_of_date(plan, out=self.out).values()):
            return None
        return read_report(self.out / job.name / "manifest.json")


def _mark(job: Job, scratch: str) -> Path:
    return Path(scratch, f"{job.name}.running")


def _make(job: Job, out: Path, scratch: str | None, template: str | None) -> Report:
    if scratch is None:
        return _attempt(job, out, None)
    mark = _mark(job, scratch)
    with _interruptible(), borrowed_template(template):
        mark.touch()
        report = _attempt(job, out, scratch)
        mark.unlink()
    return report


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let an interrupt reach a worker at a report, and not between two.

    A terminal sends it to workers too; the one that waits would print where it was, and the batch
    ends its workers anyhow.
    """
    if current_process().name == "MainProcess":
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _attempt(job: Job, out: Path, scratch: str | None) -> Report:
    from toolkit.report.crate import write_crate
    from toolkit.report.render import make_report

    try:
        report = make_report(job, out=out, scratch=scratch)
        write_crate(report.manifest.parent)
        return report
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
