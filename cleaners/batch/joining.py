"""Large record files: where their stretches are cleaned to, and how these become one file again."""

from __future__ import annotations

import contextlib
import posixpath
import shutil
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from cleaners import __version__, jobs, trail
from cleaners.batch.current import clean_digest, is_current
from cleaners.batch.orders import Join, Shard, Surveyed
from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError
from cleaners.files import Source, atomic_output, open_source
from cleaners.files.places import filesystem, local_part
from cleaners.jobs import FileReport, Task, header_of
from cleaners.origin import Tally
from cleaners.trail import Header

FOLDER = ".mtclean-parts"  # hidden, so that no walk takes parts for documents
_CHUNK = 1024 * 1024  # bytes


def folder_of(output: str, task: Task) -> str:
    """Where the stretches of a file lie while it is not complete."""
    digest = sha256(task.source.relative.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return jobs.target(output, f"{FOLDER}/{digest}")


def shards(output: str, task: Task, found: Surveyed) -> list[Shard]:
    """One shard for each stretch of a surveyed file."""
    folder = folder_of(output, task)
    ending = posixpath.splitext(task.source.relative)[1]
    made = []
    for stretch in found.stretches:
        part = f"{folder}/{stretch.start:015d}{ending}"
        made.append(Shard((Task(replace(task.source, stretch=stretch), part),), stretch.end - stretch.start))
    return made


def join(cleaner: Cleaner, order: Join) -> FileReport:
    """Write the clean stretches of a file one after the other, with one trail, and remove them.

    The same bytes lie there afterwards as after cleaning it in one piece. Where some stretches are gone and the file is
    complete, a worker was lost while it removed them, and the rest is removed. Raises :class:`MtcleanError` where a
    stretch is not as it was left.
    """
    source, target = order.task.source, order.task.target
    parts = posixpath.dirname(order.parts[0].target)
    is_gone = any(header_of(part.target) is None for part in order.parts)
    if is_gone and is_current(cleaner, order.task, raw_sha256=order.raw_sha256):
        remove(parts)
        return FileReport(source.path, target)
    headers = [_header(part) for part in order.parts]
    guesses = Tally()
    for header in headers:
        guesses.add_full(header.guess)
    digest = sha256()
    with atomic_output(target, mode_from=source.path if local_part(source.path) is not None else None) as out:
        for part in order.parts:
            for chunk in _chunks(part.target):
                digest.update(chunk)
                out.write(chunk)
        out.flush()  # a full disk must show before the trail is in place
        # Of stretches that were made without the model that one needed, the whole was.
        fingerprint = next(
            (h.fingerprint for h in headers if h.fingerprint != cleaner.fingerprint), cleaner.fingerprint
        )
        whole = Header(__version__, source.path, order.raw_sha256, digest.hexdigest(), fingerprint, guesses.fields())
        with atomic_output(target + trail.SUFFIX) as rows:
            rows.write((whole.line() + "\n").encode())
            for part in order.parts:
                _copy_rows(part.target + trail.SUFFIX, rows)
    remove(parts)
    return FileReport(source.path, target)


def _header(part: Task) -> Header:
    header = header_of(part.target)
    stretch = part.source.stretch
    is_whole = header is not None and stretch is not None and header.raw_sha256 == stretch.sha256
    if header is None or not is_whole or clean_digest(part.target, gzipped=False) != header.clean_sha256:
        raise MtcleanError(part.source.path, f"its part {part.target} is not as it was left", "run again")
    return header


def _chunks(path: str) -> Iterator[bytes]:
    with open_source(Source(path, path, "text", gzipped=False)) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _copy_rows(path: str, out: BinaryIO) -> None:
    with open_source(Source(path, path, "text", gzipped=False)) as stream:
        stream.readline()  # the part's own header
        while chunk := stream.read(_CHUNK):
            out.write(chunk)


def remove(folder: str) -> None:
    """Remove a folder of stretches, and the folder of all of them where it was the last."""
    local = local_part(folder)
    if local is not None:
        shutil.rmtree(local, ignore_errors=True)
        with contextlib.suppress(OSError):
            Path(local).parent.rmdir()
        return
    store, inside = filesystem(folder)
    with contextlib.suppress(Exception):
        store.rm(inside, recursive=True)
