"""Files that are a run of records in bytes (JSON lines, CSV, TSV): read and write them piece by piece."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import BinaryIO

from cleaners.errors import MtcleanError
from cleaners.files import Source, Stretch, open_source
from cleaners.formats import delimited, jsonlines
from cleaners.formats.piece import Piece
from cleaners.formats.records import Fields, Record, Summary, absent_source_note, skipped_note
from cleaners.formats.stretches import Survey, Surveyor, Window, can_seek


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


def survey(source: Source, fields: Fields, size: int) -> Survey:
    """Split a file into stretches; see ``cleaners.formats.survey``."""
    with open_source(source) as stream:
        surveyor = Surveyor(size if can_seek(stream) else None)
        if source.format == "jsonl":
            jsonlines.survey(stream, source.path, surveyor)
        else:
            delimited.survey(stream, source.path, fields, surveyor, is_tsv=source.format == "tsv")
    return surveyor.survey()


def _pieces(source: Source, fields: Fields) -> Iterator[Piece]:
    with open_source(source) as stream:
        if source.stretch is not None:
            yield from _stretch_pieces(stream, source, source.stretch, fields)
        elif source.format == "jsonl":
            yield from jsonlines.pieces(stream, source.path, fields)
        else:
            yield from delimited.pieces(stream, source.path, fields, is_tsv=source.format == "tsv")


def _stretch_pieces(stream: BinaryIO, source: Source, stretch: Stretch, fields: Fields) -> Iterator[Piece]:
    """Yield the pieces of one stretch; raises MtcleanError if its bytes are not those surveyed."""
    place, is_jsonl = source.path, source.format == "jsonl"
    header = io.BytesIO(stream.read(stretch.header)) if stretch.start and not is_jsonl else None
    window = Window(stream, place, stretch)
    if is_jsonl:
        pieces = jsonlines.pieces(window, place, fields, records=stretch.records, lines=stretch.lines)
    else:
        is_tsv = source.format == "tsv"
        pieces = delimited.pieces(window, place, fields, is_tsv=is_tsv, stretch=stretch, header=header)
    for piece in pieces:
        if piece.bad is not None and not fields.skip_bad:
            # A record that is bad only because the file has changed should not be told as a bad one.
            window.check()
        yield piece
    window.check()


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
