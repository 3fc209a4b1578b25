"""Stretches of a record file: mark where they begin, and read one of them alone."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from cleaners.errors import MtcleanError
from cleaners.files import Source, Stretch
from cleaners.files.places import local_part, told

_FORMATS = ("jsonl", "csv", "tsv")
_CHUNK = 256 * 1024  # bytes read at a time where only their hash is wanted


@dataclass(frozen=True, slots=True)
class Survey:
    """A file's hex SHA-256 and the stretches that it can be read in, which cover it without a gap."""

    raw_sha256: str
    stretches: tuple[Stretch, ...]


def can_be_split(source: Source) -> bool:
    """Tell whether ``source`` holds records in plain bytes and is not a pipe; a missing file may be either."""
    if source.format not in _FORMATS or source.gzipped or source.path == "-":
        return False
    local = local_part(source.path)
    if local is None:
        return True
    try:
        return stat.S_ISREG(Path(local).stat().st_mode)
    except (OSError, ValueError):
        return True  # whoever opens it tells what is wrong with it


def can_seek(stream: BinaryIO) -> bool:
    """Tell whether a stream that is still at its beginning can be sought in; leaves it there."""
    try:
        # Some remote files call themselves seekable and refuse every move but the one to where they are.
        stream.seek(1)
        stream.seek(0)
    except (MtcleanError, OSError):
        return False
    return True


class Surveyor:
    """Is shown a file from its first byte to its last, and marks a new stretch every ``size`` bytes or so.

    With ``size`` None the whole file is one stretch.
    """

    def __init__(self, size: int | None) -> None:
        self._size = None if size is None else max(size, 1)  # a stretch without a byte would be of no use
        self._whole, self._own = sha256(), sha256()
        self._stretches: list[Stretch] = []
        self._at = self._header = self._records = 0
        self._start, self._records_before, self._lines_before = 0, 0, 0

    def see(self, raw: bytes, line: int | None = None) -> None:
        """Take the next bytes; ``line`` is the 1-based line of the record that they are, None between records."""
        if line is not None:
            if self._size is not None and self._at - self._start >= self._size:
                self._close()
                self._start, self._records_before, self._lines_before = self._at, self._records, line - 1
            self._records += 1
        self._whole.update(raw)
        self._own.update(raw)
        self._at += len(raw)

    def end_header(self) -> None:
        """Note that what was seen so far is needed before any stretch."""
        self._header = self._at

    def survey(self) -> Survey:
        """Give the result, once the whole file has been seen."""
        self._close()
        return Survey(self._whole.hexdigest(), tuple(self._stretches))

    def _close(self) -> None:
        before = (self._records_before, self._lines_before)
        self._stretches.append(Stretch(self._start, self._at, *before, self._header, self._own.hexdigest()))
        self._own = sha256()


class Window:
    """Reads the bytes of one stretch of a file and no others, and hashes them as it goes."""

    def __init__(self, stream: BinaryIO, place: str, stretch: Stretch) -> None:
        self._stream, self._place, self._expected = stream, place, stretch.sha256
        self._left = stretch.end - stretch.start
        self._hash = sha256()
        if stretch.start:  # the first stretch is read without a move, for not every file allows one
            with told(place):
                stream.seek(stretch.start)

    def readline(self, limit: int, /) -> bytes:
        """Give the next line with its end, cut off at ``limit`` bytes and at the stretch's end."""
        return self._passed(self._stream.readline(min(limit, self._left)))

    def check(self) -> None:
        """Read what is left; raises MtcleanError unless all bytes are there and are those surveyed."""
        while self._passed(self._stream.read(min(_CHUNK, self._left))):
            pass
        if self._left or (self._expected and self._hash.hexdigest() != self._expected):
            raise changed(self._place)

    def _passed(self, data: bytes) -> bytes:
        self._left -= len(data)
        self._hash.update(data)
        return data


def changed(place: str) -> MtcleanError:
    """Build the error for a file that is no longer the one that was surveyed."""
    return MtcleanError(place, "changed while it was read", "clean it again")
