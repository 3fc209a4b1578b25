"""The Prefect server that a run reports to: the one that is configured, else a temporary one for all its workers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from prefect.server.api.server import SubprocessASGIServer
from prefect.settings import PREFECT_API_URL, temporary_settings


@contextmanager
def reachable() -> Iterator[None]:
    """Have a server while the block runs, that other processes of this machine reach, too.

    Left to itself Prefect would start one in every process that asks, each beside the database of all.
    """
    if PREFECT_API_URL.value():
        yield
        return
    server = SubprocessASGIServer()
    with _loud_only_when_lost():
        server.start()  # it ends with this process, after what is still to be told to it
    os.environ["PREFECT_API_URL"] = server.api_url
    try:
        with temporary_settings({PREFECT_API_URL: server.api_url}):
            yield
    finally:
        del os.environ["PREFECT_API_URL"]


@contextmanager
def _loud_only_when_lost() -> Iterator[None]:
    """Have the server that is started in the block tell only what is fatal.

    When it is stopped in the middle of a statement, its database pool would print a traceback at the end of a good run.
    """
    level = "PREFECT_LOGGING_ROOT_LEVEL"
    before = os.environ.get(level)
    os.environ.setdefault(level, "CRITICAL")
    try:
        yield
    finally:
        if before is None:
            del os.environ[level]
