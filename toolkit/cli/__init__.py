"""Words on a command line to calls.

This package alone knows of arguments, of the terminal and of exit codes. What is heavy is imported
by the command that needs it, so that help is there at once.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

from toolkit.cli import (  # noqa: F401 - each adds its commands
    claims,
    cleaning,
    new,
    packaging,
    reporting,
    studies,
)
from toolkit.cli.terminal import app
from toolkit.errors import ToolkitError

__all__ = ["app", "main"]

_INTERRUPTED = 130
_TERMINATED = 143


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; end with its exit code, and with one message where it cannot be done."""
    # Asked to end, it ends as after an interrupt: with its kernels, not before them.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(_TERMINATED))
    try:
        app(args=None if arguments is None else list(arguments), prog_name="toolkit")
    except ToolkitError as error:
        print(f"toolkit: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
