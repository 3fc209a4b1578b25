"""How Prefect is to behave; imported before Prefect is, since it reads its settings once."""

from __future__ import annotations

import os

# A cleaner of documents has no business reporting on its users.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
# Prefect waits 20 s for its own server; the first start, which builds a database, takes longer on a busy machine.
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
