"""Where documents go that could not be cleaned: a copy, and beside it why, so that they can be looked at and tried."""

from __future__ import annotations

import contextlib
import json
import posixpath
from hashlib import sha256

from cleaners import jobs
from cleaners.errors import MtcleanError
from cleaners.files import DOCUMENT_LIMIT, Source, atomic_output, open_source
from cleaners.files.places import delete, exists
from cleaners.jobs import Task

FOLDER = "quarantine"
SUFFIX = ".reason.json"
_LONGEST = 255  # bytes that a file's name may have
_ENDING = 16  # characters kept of an ending


def place(output: str, relative: str) -> str:
    """Where the copy of the document lies in quarantine whose clean text would lie at ``relative`` in the output."""
    return jobs.target(output, f"{FOLDER}/{name(relative)}")


def name(relative: str) -> str:
    """What a document is called in quarantine: a digest where its own name leaves no room for the ending of the reason.

    The reason tells the document's path.
    """
    folder, last = posixpath.split(relative)
    if len(last.encode("utf-8", "surrogateescape")) + len(SUFFIX) <= _LONGEST:
        return relative
    short = sha256(last.encode("utf-8", "surrogateescape")).hexdigest()[:16] + posixpath.splitext(last)[1][:_ENDING]
    return posixpath.join(folder, short)


def put(output: str, task: Task, reason: str) -> None:
    """Copy the source of a task that failed, and write why it did.

    What is larger than a document may be is not copied, nor what cannot be read. Raises :class:`MtcleanError` where
    the quarantine cannot be written.
    """
    target = place(output, task.source.relative)
    is_copied = False
    plain = Source(task.source.path, task.source.relative, task.source.format, gzipped=False)
    with contextlib.suppress(_UnreadableError), atomic_output(target) as out:
        out.write(_content(plain))
        is_copied = True
    row = {"path": task.source.path, "reason": reason, "copied": is_copied}
    with atomic_output(target + SUFFIX) as out:
        out.write((json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", "surrogateescape"))


class _UnreadableError(Exception):
    pass


def _content(source: Source) -> bytes:
    try:
        with open_source(source) as stream:
            data = stream.read(DOCUMENT_LIMIT + 1)
    except MtcleanError as error:
        raise _UnreadableError from error
    if len(data) > DOCUMENT_LIMIT:
        raise _UnreadableError
    return data


def is_there(output: str) -> bool:
    """Whether anything was ever put into quarantine."""
    return exists(jobs.target(output, FOLDER))


def lift(output: str, relative: str) -> None:
    """Take a document out of quarantine that has been cleaned since, or is gone; one that is not there is no matter."""
    target = place(output, relative)
    for path in (target, target + SUFFIX):
        with contextlib.suppress(MtcleanError):
            delete(path)
