"""How Prefect is to behave; imported before Prefect is, since it reads its settings once."""

from __future__ import annotations

import logging
import os

from cleaners.errors import MtcleanError

# A cleaner of documents has no business reporting on its users.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
# Prefect waits 20 s for its own server; the first start, which builds a database, takes longer on a busy machine.
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")


class _OneLine(logging.Filter):
    """Leaves out the traceback of an error whose one line says it all."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], MtcleanError):
            record.exc_info = None
        return True


logging.getLogger("prefect.task_runs").addFilter(_OneLine())
