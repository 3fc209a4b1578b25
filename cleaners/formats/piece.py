"""A piece of a record file, and the lines it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from cleaners.errors import MtcleanError
from cleaners.files import DOCUMENT_LIMIT
from cleaners.formats.records import Record


class Lines(Protocol):
    """What records are read from: a binary stream, or a part of one."""

    def readline(self, limit: int, /) -> bytes:
        """Give the next line with its end, or ``limit`` bytes of it if it is longer; nothing at the end."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of the file: a record, or something between records that is only passed on.

    ``rewritten`` gives these bytes with another text in it, all else the same; it is there
    where ``record`` is. ``counted`` is True for a record, also for one without a text. ``bad`` says
    why a record could not be read.
    """

    raw: bytes
    record: Record | None = None
    rewritten: Callable[[str], bytes] | None = None
    counted: bool = False
    bad: MtcleanError | None = None


def numbered_lines(stream: Lines, place: str, before: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield each line with its 1-based number and its line end; refuses a line over the limit.

    ``before`` is how many lines of the file stand before the stream.
    """
    number = before
    while line := stream.readline(DOCUMENT_LIMIT + 1):
        number += 1
        if len(line) > DOCUMENT_LIMIT:
            raise record_over_limit(f"{place}:{number}")
        yield number, line


def record_over_limit(place: str) -> MtcleanError:
    """Build the error for a record above DOCUMENT_LIMIT."""
    return MtcleanError(place, "this record is over the limit of 64 MiB for one document", "split it")
