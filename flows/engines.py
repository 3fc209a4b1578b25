"""What carries the tasks of a run: threads, a pool of processes, or a cluster of Dask."""

from __future__ import annotations

import logging
from typing import Any

from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

from cleaners.batch.child import end_with_parent
from cleaners.config import Settings
from cleaners.errors import MtcleanError


def runner_of(settings: Settings) -> TaskRunner[Any]:
    """The task runner that the settings ask for, with as many workers as there are ``jobs``.

    Every worker has a cleaning process of its own, so that threads, too, use as many cores. With ``dask`` in
    ``[batch]`` the workers are those of the scheduler at that address. Raises :class:`MtcleanError` where the package
    for Dask is missing, or the scheduler does not answer.
    """
    if settings.engine == "threads":
        return ThreadPoolTaskRunner(max_workers=settings.jobs)
    if settings.engine == "processes":
        return ProcessPoolTaskRunner(max_workers=settings.jobs, initializer=end_with_parent)
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ModuleNotFoundError as error:
        todo = "install it with pip install 'mtclean[flows,dask]'"
        raise MtcleanError("engine", f"the package {error.name!r} is missing", todo) from error
    logging.getLogger("distributed").setLevel(logging.WARNING)  # it tells of every connection
    address = settings.batch.get("dask")
    if address:
        return DaskTaskRunner(address=str(address))
    # The dashboard takes any free port of this machine alone; the usual one may be another's.
    cluster = {"n_workers": settings.jobs, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0",
               "silence_logs": logging.WARNING}  # fmt: skip
    return DaskTaskRunner(cluster_kwargs=cluster)


def renew(runner: TaskRunner[Any]) -> None:
    """Make a pool anew that broke because one of its processes was killed; other runners replace what they lost."""
    executor = getattr(runner, "_executor", None)
    if isinstance(runner, ProcessPoolTaskRunner) and executor is not None and executor._broken:
        runner.__exit__(None, None, None)
        runner.__enter__()
