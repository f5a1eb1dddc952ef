"""Where the reports of a batch are made: on this machine, or on a cluster, by joblib.

Workers elsewhere need the toolkit and the same files at the same paths: notebooks, data, and the
folder that reports are written to.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Literal, get_args

from toolkit.errors import DependencyError, OptionError, ReportError, did_you_mean

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["Backend", "check_backend", "started"]

# The least that Ray takes, in bytes; what goes through it are the names of reports.
_OBJECT_STORE = 80 * 2**20

Backend = Literal["loky", "dask", "ray", "spark"]


def check_backend(backend: str, address: str | None) -> None:
    """Refuse a backend that there is not, and an address where there is nothing to reach.

    Raises
    ------
    OptionError
    """
    known = get_args(Backend)
    if backend not in known:
        raise OptionError(
            f"backend={backend!r} is no way to run a batch.{did_you_mean(backend, known)} "
            f"Choose one of: {', '.join(known)}."
        )
    if backend == "loky" and address is not None:
        raise OptionError(
            f"address={address!r}: loky runs on this machine. "
            "Leave the address out, or choose dask, ray or spark."
        )


@contextmanager
def started(backend: Backend, *, address: str | None = None) -> Iterator[dict[str, Any]]:
    """Give what joblib's ``Parallel`` needs to run on a backend; end on leaving what it started.

    Parameters
    ----------
    backend : {"loky", "dask", "ray", "spark"}
    address : str, optional
        Of Dask's scheduler (``tcp://host:8786``), Ray's head node or Spark's master; without one,
        a cluster is started on this machine.

    Raises
    ------
    DependencyError
        Where the backend is not installed.
    ReportError
        Where nothing answers at the address.
    """
    check_backend(backend, address)
    with _STARTS[backend](address) as options:
        yield options


@contextmanager
def _loky(address: str | None) -> Iterator[dict[str, Any]]:
    yield {"return_as": "generator_unordered"}


@contextmanager
def _dask(address: str | None) -> Iterator[dict[str, Any]]:
    from joblib import parallel_config

    try:
        from distributed import Client
    except ImportError as error:
        raise _missing("dask", "distributed") from error
    try:
        client: Any = Client(  # type: ignore[no-untyped-call, unused-ignore]
            address, set_as_default=False
        )
    except (OSError, ValueError) as error:
        raise _silent("Dask scheduler", address, error) from error
    with client, parallel_config(backend="dask", client=client):
        yield {"return_as": "generator_unordered"}


@contextmanager
def _ray(address: str | None) -> Iterator[dict[str, Any]]:
    from joblib import parallel_config

    try:
        import ray
        from ray.util.joblib import register_ray
    except ImportError as error:
        raise _missing("ray", "ray") from error
    ours = not ray.is_initialized()
    if ours:
        _start_ray(address)
    register_ray()  # type: ignore[no-untyped-call, unused-ignore]
    try:
        with parallel_config(backend="ray"):
            yield {"return_as": "list"}
    finally:
        if ours:
            ray.shutdown()


def _start_ray(address: str | None) -> None:
    """Reach a head node, or start one here; of that Ray tells nobody outside."""
    import ray

    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    here = {"num_cpus": max(2, os.cpu_count() or 1), "object_store_memory": _OBJECT_STORE}
    options: dict[str, Any] = {} if address else here
    for attempts_left in (0,) if address else (1, 0):
        try:
            ray.init(address=address, include_dashboard=False, log_to_driver=False, **options)
            return
        except Exception as error:  # Ray raises some errors as nothing more than that
            ray.shutdown()
            # Ray gives up on its own processes after half a minute, which a busy machine takes
            # to read them from disk: the second time they are in memory.
            if not attempts_left:
                raise _silent("Ray head node", address, error) from error


@contextmanager
def _spark(address: str | None) -> Iterator[dict[str, Any]]:
    from joblib import parallel_config

    try:
        from joblibspark import (  # type: ignore[import-untyped, unused-ignore]
            register_spark,
        )
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise _missing("spark", "joblibspark and PySpark") from error
    running = SparkSession.getActiveSession()
    session = running or _spark_session(SparkSession, address)
    register_spark()
    try:
        with parallel_config(backend="spark"):
            yield {"return_as": "list"}
    finally:
        if running is None:
            session.stop()


def _spark_session(sessions: type[SparkSession], address: str | None) -> SparkSession:
    # Spark's workers would take whichever Python comes first on their path.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = sessions.builder.appName("toolkit").config("spark.ui.showConsoleProgress", "false")
    try:
        return builder.master(address or "local[*]").getOrCreate()
    except Exception as error:  # Java's errors have no base of their own here
        raise _silent("Spark master", address, error) from error


_STARTS: dict[str, Callable[[str | None], AbstractContextManager[dict[str, Any]]]] = {
    "loky": _loky,
    "dask": _dask,
    "ray": _ray,
    "spark": _spark,
}


def _missing(extra: str, package: str) -> DependencyError:
    return DependencyError(
        f"backend={extra!r} needs {package}. "
        f"Install it: pip install 'regional-techfinance-toolkit[{extra}]'."
    )


def _silent(what: str, address: str | None, error: Exception) -> ReportError:
    where = f" at {address}" if address else " on this machine"
    first = str(error).strip().partition("\n")[0]
    return ReportError(f"No {what} answers{where} ({first}). Start it, or give another address.")
