"""Whether an output is what cleaning would give again, told from the files alone.

Times of files are not asked: clocks are set back, and copies carry other times than their originals.
"""

from __future__ import annotations

from hashlib import sha256
from typing import BinaryIO

from cleaners import __version__
from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError
from cleaners.files import Source, open_source
from cleaners.formats import plain
from cleaners.jobs import Task, header_of
from cleaners.trail import Header

_CHUNK = 1024 * 1024  # bytes


def is_current(cleaner: Cleaner, task: Task, *, raw_sha256: str | None = None) -> bool:
    """Whether the target was made from the source as it is now, as the cleaner would make it, and is still that.

    ``raw_sha256`` is the source's digest where it is known. Raises :class:`MtcleanError` where the source cannot be
    read.
    """
    header = header_of(task.target)
    if header is None or header.version != __version__ or not _is_made_so(cleaner, header):
        return False
    if header.raw_sha256 != (raw_sha256 or raw_digest(task.source)):
        return False
    return clean_digest(task.target, gzipped=task.source.gzipped) == header.clean_sha256


def _is_made_so(cleaner: Cleaner, header: Header) -> bool:
    if header.fingerprint == cleaner.fingerprint:
        return True
    # It was made without the model that it needed: as long as there is none, it would be made so again.
    rewriter = cleaner.rewriter
    return rewriter is not None and header.fingerprint == cleaner.fingerprint_unrewritten and not rewriter.is_there()


def raw_digest(source: Source) -> str:
    """The hex SHA-256 that a trail tells of a source: of a document's text as UTF-8, of a record file's bytes unzipped.

    Raises :class:`MtcleanError` where it cannot be read.
    """
    if source.format in ("text", "markdown"):
        return sha256(plain.read_record(source).text.encode("utf-8")).hexdigest()
    with open_source(source) as stream:
        if source.stretch is None:
            return _digest(stream)
        stream.seek(source.stretch.start)
        return sha256(stream.read(source.stretch.end - source.stretch.start)).hexdigest()


def clean_digest(target: str, *, gzipped: bool) -> str | None:
    """The hex SHA-256 of a clean file as it lies there, unzipped; ``None`` where it is not there."""
    try:
        with open_source(Source(target, target, "text", gzipped)) as stream:
            return _digest(stream)
    except MtcleanError:
        return None


def _digest(stream: BinaryIO) -> str:
    digest = sha256()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
