"""The run of one report: its notebook with the parameters in it, by papermill and our engine."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from toolkit.report.environment import environment
from toolkit.report.files import as_json_bytes
from toolkit.report.grammar import grammar_when_used
from toolkit.report.inputs import READS_LOG, logged_files
from toolkit.report.manifest import project_root
from toolkit.report.notebooks import (
    Cell,
    Notebook,
    clear_outputs,
    parse_notebook,
    read_notebook,
    tagged_cell,
)
from toolkit.report.outputs import Failure, find_failure, order_key_figures
from toolkit.report.page import prepare_pages
from toolkit.report.parameters import as_source
from toolkit.report.plan import Job

__all__ = ["Execution", "execute", "prepared"]


@dataclass(frozen=True, kw_only=True)
class Execution:
    """A notebook that ran.

    Attributes
    ----------
    notebook : dict
        As far as it got.
    failure : Failure or None
        Why it stopped.
    engine : dict
        How its cells ran.
    read : tuple of Path
        The files of the project that they opened.
    """

    notebook: Notebook
    failure: Failure | None = None
    engine: Mapping[str, Any] = field(default_factory=dict)
    read: tuple[Path, ...] = ()


def prepared(source: bytes, job: Job) -> Notebook:
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


def execute(
    notebook: Notebook,
    *,
    folder: Path,
    timeout: float | None = None,
    scratch: str | Path | None = None,
) -> Execution:
    """Run a notebook by papermill, in a folder, with temporary files in another."""
    from toolkit.report.kernels.start import TemplateError, start_template

    with suppress(TemplateError):  # the engine finds another way
        start_template()  # it imports what it must while this process imports papermill
    with grammar_when_used():
        from papermill import (  # type: ignore[import-untyped, unused-ignore]
            PapermillExecutionError,
            execute_notebook,
        )

        from toolkit.report.kernels.engine import ENGINE
    _get_ready()

    with tempfile.TemporaryDirectory(
        prefix="toolkit-", dir=scratch, ignore_cleanup_errors=True
    ) as place:
        source, target = Path(place, "prepared.ipynb"), Path(place, "executed.ipynb")
        source.write_bytes(as_json_bytes(notebook))
        stopped = False
        try:
            execute_notebook(
                source,
                target,
                engine_name=ENGINE,
                execution_timeout=timeout,
                folder=str(folder),
                progress_bar=False,
                request_save_on_cell_execute=False,
                scratch=place,
            )
        except PapermillExecutionError:
            stopped = True
        except RuntimeError as error:  # the kernel did not start
            failure = Failure(kind=type(error).__name__, message=str(error))
            return Execution(notebook=notebook, failure=failure)
        executed = read_notebook(target)
        engine = executed["metadata"]["papermill"]["engine"]
        order_key_figures(executed, engine.pop("key_figures"))
        return Execution(
            notebook=executed,
            failure=find_failure(executed) if stopped else None,
            engine=engine,
            read=_reads(Path(place), folder),
        )


@cache
def _get_ready() -> None:
    """Import and find out what the first report is written with, while its template still imports.

    It would be done anyhow, after the cells, and by then nothing runs beside it.
    """
    environment()
    prepare_pages()


def _reads(scratch: Path, folder: Path) -> tuple[Path, ...]:
    """Return the files of the project that a kernel opened; what it was started with is none."""
    log = scratch / READS_LOG
    if not log.exists():
        return ()
    found = logged_files(log, root=project_root(folder / "notebook"))
    return tuple(path for path in found if not path.is_relative_to(scratch.resolve()))
