"""What is dear to compute and the same at every start is kept in the user's cache folder, and may be deleted any time.

The folder is ``$MTCLEAN_CACHE``, else ``mtclean`` below ``$XDG_CACHE_HOME`` or ``~/.cache``. A key names everything
the value depends on, so that nothing stale is ever read; where nothing can be written, the value is computed anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any


def folder() -> Path:
    """Where cached files lie; it need not exist yet."""
    told = os.environ.get("MTCLEAN_CACHE")
    if told:
        return Path(told)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "mtclean"


def digest(parts: Iterable[bytes]) -> str:
    """A key of the contents of files: equal parts, equal key."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()[:24]


def remembered(name: str, key: str, compute: Callable[[], Any]) -> Any:
    """The JSON value that ``compute`` gives, read from the cache where it was computed for this ``key`` before."""
    try:
        path = folder() / f"{name}-{key}.json"
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RuntimeError):  # absent, broken, or there is no home folder
        value = compute()
    try:
        path = folder() / f"{name}-{key}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(value, out, ensure_ascii=False, separators=(",", ":"))
        for old in path.parent.glob(f"{name}-*.json"):
            old.unlink(missing_ok=True)
        Path(temporary).replace(path)
    except (OSError, RuntimeError):
        pass  # a read-only machine computes at every start
    return value
