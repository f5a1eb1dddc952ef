"""What plain papermill finds under the name of the engine: ``papermill --engine toolkit``.

papermill loads its entry points while it is itself being imported. The engine imports papermill,
so it is fetched only when a notebook is run.
"""

from __future__ import annotations

from typing import Any

__all__ = ["Engine"]


class Engine:
    """Stands for `toolkit.report.kernels.engine.ToolkitEngine` until it is used."""

    @classmethod
    def execute_notebook(cls, *arguments: Any, **options: Any) -> Any:
        """Run a notebook in the running Python."""
        return _engine().execute_notebook(*arguments, **options)

    @classmethod
    def nb_kernel_name(cls, *arguments: Any, **options: Any) -> str:
        """Return the one kernel there is."""
        return str(_engine().nb_kernel_name(*arguments, **options))

    @classmethod
    def nb_language(cls, *arguments: Any, **options: Any) -> str:
        """Return the one language there is."""
        return str(_engine().nb_language(*arguments, **options))


def _engine() -> Any:
    from toolkit.report.kernels.engine import ToolkitEngine

    return ToolkitEngine
