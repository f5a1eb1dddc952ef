"""Many reports: in parallel, only what is out of date, one failure never stops the rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.errors import OptionError
from toolkit.report.backends import Backend, check_backend
from toolkit.report.crate import CRATE, write_batch_crate, write_crate
from toolkit.report.files import as_json_bytes, write_file
from toolkit.report.manifest import batch_manifest, read_report
from toolkit.report.pdf import check_formats
from toolkit.report.plan import Format, Job, Plan, read_plan
from toolkit.report.resume import Change, out_of_date, read_manifest
from toolkit.report.workers import made_by_workers

if TYPE_CHECKING:
    from toolkit.report.reports import Report

__all__ = ["Batch", "render_batch"]


_AGAIN: tuple[Change, ...] = (Change("report", "asked for again"),)


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
    reasons : dict of str to tuple of Change
        Why each report was made this time; empty for one that was up to date.
    """

    plan: Plan
    out: Path
    reports: tuple[Report, ...]
    started: str
    seconds: float
    reasons: dict[str, tuple[Change, ...]] = field(default_factory=dict)

    @property
    def made(self) -> tuple[Report, ...]:
        """The reports that are whole."""
        return tuple(report for report in self.reports if report.status == "made")

    @property
    def failed(self) -> tuple[Report, ...]:
        """The reports that stopped on the way."""
        return tuple(report for report in self.reports if report.status == "failed")

    @property
    def kept(self) -> tuple[Report, ...]:
        """The reports that were up to date, and are as they were."""
        return tuple(report for report in self.reports if not self.reasons.get(report.name, True))

    @property
    def index(self) -> Path:
        """The page that lists all."""
        return self.out / "index.html"

    def summary(self) -> str:
        """Say how many were made, and why the others were not."""
        kept = f"{len(self.kept)} up to date, " if self.kept else ""
        lines = [
            f"{len(self.made) - len(self.kept)} of {len(self.reports)} reports made in "
            f"{self.seconds:.1f} s, {kept}{len(self.failed)} failed."
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
    resume: bool = True,
    backend: Backend = "loky",
    address: str | None = None,
    formats: tuple[Format, ...] = ("html",),
    progress: Callable[[Report], object] | None = None,
) -> Batch:
    """Make the reports of a plan that are out of date, and an index of all.

    Each report runs in a kernel of its own, several at a time in as many processes. Beside them
    are written `index.html`, `manifest.json` and `ro-crate-metadata.json`; a report that fails is
    marked so in all, and kept as far as it got. Each report is there whole once it is finished:
    what was finished when a batch was interrupted is not made again.

    Parameters
    ----------
    plan : Plan, str or Path
        A plan, or the path of a plan file (see `read_plan`).
    out : str or Path
        The folder to write to.
    jobs : int, optional
        How many reports at a time; by default as many as there are processors.
    resume : bool
        Whether to leave what is up to date as it is (see `out_of_date`), or to make all again.
    backend : {"loky", "dask", "ray", "spark"}
        What runs them: processes of this machine, or the workers of a cluster, which need the
        same files at the same paths.
    address : str, optional
        Of the cluster (see `started`); without one, it is started on this machine.
    formats : tuple of {"html", "pdf"}
        With ``"pdf"`` among them, each report is written as `name.pdf` too.
    progress : callable, optional
        Called with each report when it is made, in the order of finishing.

    Returns
    -------
    Batch

    Raises
    ------
    DataError, OptionError
        Where the plan cannot be meant; nothing has run by then.
    DependencyError
        Where the backend is not installed, or PDF is asked for and cannot be written.
    """
    if jobs is not None and jobs < 1:
        raise OptionError(f"jobs is the number of reports at a time; got {jobs}. Give 1 or more.")
    check_backend(backend, address)
    check_formats(formats)
    plan = plan if isinstance(plan, Plan) else read_plan(plan)
    plan = plan.written_as(formats)
    out = Path(out).resolve()
    began, clock = datetime.now(UTC).isoformat(timespec="seconds"), time.perf_counter()
    reasons = out_of_date(plan, out=out) if resume else dict.fromkeys(plan.names, _AGAIN)
    finished = _kept(plan, out, reasons)
    waiting = [job for job in plan.jobs if reasons[job.name]]
    work = made_by_workers(waiting, out, workers=jobs, backend=backend, address=address)

    def so_far() -> Batch:
        batch = Batch(
            plan=plan.split(finished),
            out=out,
            reports=tuple(finished[job.name] for job in plan.jobs if job.name in finished),
            started=began,
            seconds=round(time.perf_counter() - clock, 3),
            reasons=reasons,
        )
        _write_overview(batch)
        return batch

    try:
        with closing(work) as reports:
            for report in reports:
                finished[report.name] = report
                if progress is not None:
                    progress(report)
    except (KeyboardInterrupt, SystemExit):
        # A worker may have written one whole that it had no time to tell of.
        finished = _up_to_date(plan, out) | finished
        if finished:
            so_far()
        raise
    return so_far()


def _up_to_date(plan: Plan, out: Path) -> dict[str, Report]:
    return _kept(plan, out, out_of_date(plan, out=out))


def _kept(plan: Plan, out: Path, reasons: Mapping[str, tuple[Change, ...]]) -> dict[str, Report]:
    """Return the reports that nothing speaks against, as they lie there."""
    return {job.name: _read(job, out / job.name) for job in plan.jobs if not reasons[job.name]}


def _read(job: Job, folder: Path) -> Report:
    if not (folder / CRATE).is_file():  # its worker was ended between the report and the crate
        write_crate(folder)
    # The group is the plan's affair: it stands on the index alone.
    return replace(read_report(folder / "manifest.json"), group=job.group)


def _write_overview(batch: Batch) -> None:
    """Write manifest, index and crate of a batch, unless they say the same already."""
    record = batch_manifest(
        batch.reports,
        plan=batch.plan.path,
        started=batch.started,
        seconds=batch.seconds,
        credit=next((job.credits.as_record() for job in batch.plan.jobs), {}),
    )
    place = batch.out / "manifest.json"
    earlier = read_manifest(place) or {}
    lasting = record.keys() - {"started", "seconds", "git"}
    as_before = all(earlier.get(key) == record[key] for key in lasting)
    if as_before and len(batch.kept) == len(batch.reports) and batch.index.is_file():
        return
    from toolkit.report.site import write_index

    write_file(as_json_bytes(record), place)
    write_index(batch, batch.out)
    write_batch_crate(batch.out)
