"""Files that are a run of records in bytes (JSON lines, CSV, TSV): read and write them piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from cleaners.errors import MtcleanError
from cleaners.files import DOCUMENT_LIMIT, Source, open_source
from cleaners.formats.records import Fields, Record, Summary, absent_source_note, skipped_note


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the file: a record, or something between records that is only passed on.

    ``rewritten`` gives the stretch's bytes with another text in it, all else the same; it is there
    where ``record`` is. ``counted`` is True for a record, also for one without a text. ``bad`` says
    why a record could not be read.
    """

    raw: bytes
    record: Record | None = None
    rewritten: Callable[[str], bytes] | None = None
    counted: bool = False
    bad: MtcleanError | None = None


def transform(source: Source, edit: Callable[[Record], str], fields: Fields, out: BinaryIO | None) -> Summary:
    """Stream the pieces of ``source`` through ``edit``; see ``cleaners.formats.transform``."""
    summary = Summary()
    raw_hash, clean_hash = sha256(), sha256()
    for piece in _noted(_pieces(source, fields), fields, summary):
        raw_hash.update(piece.raw)
        written = piece.raw
        if piece.record is not None and piece.rewritten is not None:
            new = edit(piece.record)
            if new != piece.record.text:
                summary.changed += 1
                if out is not None:
                    written = piece.rewritten(new)
        if out is not None:
            out.write(written)
            clean_hash.update(written)
    summary.raw_sha256 = raw_hash.hexdigest()
    summary.clean_sha256 = clean_hash.hexdigest() if out is not None else None
    return summary


def read_records(source: Source, fields: Fields) -> Iterator[Record]:
    """Yield the records that have a text."""
    for piece in _noted(_pieces(source, fields), fields, Summary()):
        if piece.record is not None:
            yield piece.record


def numbered_lines(stream: BinaryIO, place: str) -> Iterator[tuple[int, bytes]]:
    """Yield each line with its 1-based number and its line end; refuses a line over the limit."""
    number = 0
    while line := stream.readline(DOCUMENT_LIMIT + 1):
        number += 1
        if len(line) > DOCUMENT_LIMIT:
            raise record_over_limit(f"{place}:{number}")
        yield number, line


def record_over_limit(place: str) -> MtcleanError:
    """Build the error for a record above DOCUMENT_LIMIT."""
    return MtcleanError(place, "this record is over the limit of 64 MiB for one document", "split it")


def _pieces(source: Source, fields: Fields) -> Iterator[Piece]:
    from cleaners.formats import delimited, jsonlines

    with open_source(source) as stream:
        if source.format == "jsonl":
            yield from jsonlines.pieces(stream, source.path, fields)
        else:
            yield from delimited.pieces(stream, source.path, fields, is_tsv=source.format == "tsv")


def _noted(pieces: Iterator[Piece], fields: Fields, summary: Summary) -> Iterator[Piece]:
    """Pass the pieces on, counting them and raising the first bad one unless these are to be skipped."""
    first_bad: MtcleanError | None = None
    source_seen = False
    for piece in pieces:
        if piece.bad is not None:
            if not fields.skip_bad:
                raise piece.bad
            first_bad = first_bad or piece.bad
            summary.skipped_bad += 1
        elif piece.counted:
            summary.records += 1
            source_seen |= piece.record is not None and piece.record.source_text is not None
        yield piece
    if first_bad is not None:
        summary.notes.append(skipped_note(summary.skipped_bad, first_bad))
    if fields.source is not None and summary.records and not source_seen:
        summary.notes.append(absent_source_note(fields.source))
