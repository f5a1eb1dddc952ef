"""One notebook, one report: executed notebook, page, tables, figures and manifest."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from toolkit.errors import DependencyError, OptionError, ReportError
from toolkit.report.crate import write_crate
from toolkit.report.execution import execute, prepared
from toolkit.report.files import as_json_bytes, publish
from toolkit.report.manifest import report_manifest
from toolkit.report.notebooks import parse_notebook, read_notebook
from toolkit.report.outputs import Failure, collect_files, failure_log, key_figures, tidy
from toolkit.report.page import build_page
from toolkit.report.parameters import as_json, check_parameters, declared_parameters
from toolkit.report.paths import check_paths
from toolkit.report.pdf import as_pdf, check_formats
from toolkit.report.plan import Format, Job, default_name, slug
from toolkit.report.reports import Report

__all__ = ["make_report", "render_report"]


def render_report(
    notebook: str | Path,
    parameters: Mapping[str, object] | None = None,
    *,
    out: str | Path,
    name: str | None = None,
    timeout: float | None = None,
    formats: tuple[Format, ...] = ("html",),
) -> Report:
    """Run a notebook with parameters, and write what it says as a report.

    The notebook runs in the running Python, in its own folder. Written are `name.html` (one
    page that needs no network, code behind a switch), `name.ipynb` (as executed) and the folder
    `name` with `tables/*.csv`, `figures/*.png` and `*.svg`, each named by its cell, and
    `manifest.json` and `ro-crate-metadata.json`, which say where all of it came from.

    Parameters
    ----------
    notebook : str or Path
        Its parameters are the assignments in the cell tagged `parameters`.
    parameters : mapping, optional
        Values by name, checked against the annotations before anything runs.
    out : str or Path
        The folder to write to.
    name : str, optional
        Names the files; by default the notebook's name and the values given.
    timeout : float, optional
        Seconds that one cell may take; no limit by default.
    formats : tuple of {"html", "pdf"}
        With ``"pdf"`` among them, `name.pdf` is the page on paper.

    Returns
    -------
    Report

    Raises
    ------
    OptionError
        Where a parameter is unknown or of the wrong type, or is a path that leads to a file from
        the current folder only: a notebook looks from its own.
    DataError
        Where the notebook cannot be read.
    DependencyError
        Where PDF is asked for and cannot be written; nothing has run by then.
    ReportError
        Where a cell fails; the report as far as it got is written nevertheless.
    """
    if timeout is not None and timeout <= 0:
        raise OptionError(f"timeout is in seconds, above 0; got {timeout}. Leave it out for none.")
    check_formats(formats)
    path = Path(notebook)
    declared = declared_parameters(read_notebook(path), where=str(path))
    checked = check_parameters(declared, parameters or {}, where=str(path))
    check_paths(checked, notebook=path, here=Path())
    job = Job(
        name=default_name(path, checked) if name is None else _file_name(name),
        notebook=path,
        parameters=checked,
        timeout=timeout,
        formats=formats,
    )
    report = make_report(job, out=out)
    write_crate(report.manifest.parent)
    if report.error:
        cell = f" at cell {report.error.cell!r}" if report.error.cell else ""
        raise ReportError(
            f"{path} stopped{cell}: {str(report.error).rstrip('.')}. "
            f"What it said until then is in {report.html}, the notebook in {report.notebook}."
        )
    return report


def _file_name(name: str) -> str:
    if not (safe := slug(name)):
        raise OptionError(f"{name!r} cannot name a report. Use letters or digits.")
    return safe


def make_report(job: Job, *, out: str | Path, scratch: str | Path | None = None) -> Report:
    """Make the report of a checked job; a failure is told by its `status`, not raised.

    Temporary files lie in `scratch`, so that a caller that ends this process can remove them.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    out, path = Path(out).resolve(), job.notebook.resolve()
    source = path.read_bytes()
    given = {name: as_json(value) for name, value in job.parameters.items()}

    run = execute(prepared(source, job), folder=path.parent, timeout=job.timeout, scratch=scratch)
    executed, failure = run.notebook, run.failure
    tidy(executed, given)
    page = build_page(
        executed,
        name=job.name,
        folder=path.parent,
        parameters=given,
        title=job.title,
        failure=failure,
    )
    files = {f"{job.name}/{file}": held for file, held in collect_files(executed).items()}
    files[f"{job.name}.ipynb"] = as_json_bytes(executed)
    files[f"{job.name}.html"] = page.html.encode()
    if "pdf" in job.formats:
        try:
            files[f"{job.name}.pdf"] = as_pdf(page.html, where=job.name)
        except DependencyError as error:  # a font is missing: the page is there all the same
            failure = failure or Failure(kind=type(error).__name__, message=str(error))
    if failure:
        files[f"{job.name}/log.txt"] = failure_log(executed, failure).encode()

    report = Report(
        name=job.name,
        title=page.title,
        group=job.group,
        out=out,
        status="failed" if failure else "made",
        parameters=given,
        files=tuple(files),
        key_figures=key_figures(executed),
        error=failure,
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - clock, 3),
    )
    record = report_manifest(
        report,
        files=files,
        notebook=path,
        source=source,
        defaults=_defaults(source, job),
        read=run.read,
        since=started.timestamp(),
        title=job.title,
        engine=run.engine,
        credit=job.credits.as_record(),
    )
    if f"{job.name}.pdf" not in files:  # one of an earlier run would contradict the page
        (out / f"{job.name}.pdf").unlink(missing_ok=True)
    publish(files | {f"{job.name}/manifest.json": as_json_bytes(record)}, out=out)
    return report


def _defaults(source: bytes, job: Job) -> dict[str, object]:
    where = str(job.notebook)
    declared = declared_parameters(parse_notebook(source, where=where), where=where)
    return {
        parameter.name: as_json(parameter.defaults[0])
        for parameter in declared
        if parameter.defaults and parameter.name not in job.parameters
    }
