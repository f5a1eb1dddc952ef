"""One notebook, one report: executed notebook, page, tables, figures and manifest."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from toolkit.errors import OptionError, ReportError
from toolkit.report.files import as_json_bytes, publish
from toolkit.report.manifest import report_manifest
from toolkit.report.notebooks import (
    Cell,
    Notebook,
    clear_outputs,
    parse_notebook,
    read_notebook,
    tagged_cell,
)
from toolkit.report.outputs import (
    Failure,
    collect_files,
    failure_log,
    find_failure,
    key_figures,
    tidy,
)
from toolkit.report.page import build_page
from toolkit.report.parameters import as_json, as_source, check_parameters, declared_parameters
from toolkit.report.plan import Job, default_name, slug
from toolkit.report.reports import Report

__all__ = ["make_report", "render_report"]


def render_report(
    notebook: str | Path,
    parameters: Mapping[str, object] | None = None,
    *,
    out: str | Path,
    name: str | None = None,
    timeout: float | None = None,
) -> Report:
    """Run a notebook with parameters, and write what it says as a report.

    The notebook runs in the running Python, in its own folder. Written are `name.html` (one
    page that needs no network, code behind a switch), `name.ipynb` (as executed) and the folder
    `name` with `tables/*.csv`, `figures/*.png` and `*.svg`, each named by its cell, and
    `manifest.json`.

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

    Returns
    -------
    Report

    Raises
    ------
    OptionError
        Where a parameter is unknown or of the wrong type.
    DataError
        Where the notebook cannot be read.
    ReportError
        Where a cell fails; the report as far as it got is written nevertheless.
    """
    if timeout is not None and timeout <= 0:
        raise OptionError(f"timeout is in seconds, above 0; got {timeout}. Leave it out for none.")
    path = Path(notebook)
    declared = declared_parameters(read_notebook(path), where=str(path))
    checked = check_parameters(declared, parameters or {}, where=str(path))
    job = Job(
        name=default_name(path, checked) if name is None else _file_name(name),
        notebook=path,
        parameters=checked,
        timeout=timeout,
    )
    report = make_report(job, out=out)
    if report.error:
        cell = f" at cell {report.error.cell!r}" if report.error.cell else ""
        raise ReportError(
            f"{path} stopped{cell}: {report.error}. "
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

    executed, failure = _execute(_prepared(source, job), path.parent, job.timeout, scratch)
    engine = executed["metadata"].get("papermill", {}).get("engine")
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
    if failure:
        files[f"{job.name}/log.txt"] = failure_log(executed, failure).encode()
    files[f"{job.name}.ipynb"] = as_json_bytes(executed)
    files[f"{job.name}.html"] = page.html.encode()

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
        since=started.timestamp(),
        title=job.title,
        engine=engine,
    )
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


def _prepared(source: bytes, job: Job) -> Notebook:
    """Put the cell with the given parameters behind the one with the defaults."""
    notebook = parse_notebook(source, where=str(job.notebook))
    clear_outputs(notebook)
    while (earlier := tagged_cell(notebook, "injected-parameters")) is not None:
        notebook["cells"].remove(earlier)
    declaration = tagged_cell(notebook, "parameters")
    if declaration is not None and job.parameters:
        lines = [f"{name} = {as_source(value)}" for name, value in job.parameters.items()]
        cell: Cell = {
            "cell_type": "code",
            "execution_count": None,
            "id": "injected-parameters",
            "metadata": {"tags": ["injected-parameters"]},
            "outputs": [],
            "source": "\n".join(["# Parameters", *lines]),
        }
        notebook["cells"].insert(notebook["cells"].index(declaration) + 1, cell)
    return notebook


def _execute(
    notebook: Notebook, folder: Path, timeout: float | None, scratch: str | Path | None
) -> tuple[Notebook, Failure | None]:
    """Run a notebook by papermill; return it as far as it got, and why it stopped."""
    from toolkit.report.kernels.start import TemplateError, start_template

    with suppress(TemplateError):  # the engine finds another way
        start_template()  # it imports what it must while this process imports papermill
    from papermill import (  # type: ignore[import-untyped, unused-ignore]
        PapermillExecutionError,
        execute_notebook,
    )

    from toolkit.report.kernels.engine import ENGINE

    with tempfile.TemporaryDirectory(
        prefix="toolkit-", dir=scratch, ignore_cleanup_errors=True
    ) as place:
        prepared, target = Path(place, "prepared.ipynb"), Path(place, "executed.ipynb")
        prepared.write_bytes(as_json_bytes(notebook))
        try:
            execute_notebook(
                prepared,
                target,
                engine_name=ENGINE,
                execution_timeout=timeout,
                folder=str(folder),
                progress_bar=False,
                request_save_on_cell_execute=False,
                scratch=place,
            )
        except PapermillExecutionError:
            executed = read_notebook(target)
            return executed, find_failure(executed)
        except RuntimeError as error:  # the kernel did not start
            return notebook, Failure(kind=type(error).__name__, message=str(error))
        return read_notebook(target), None
