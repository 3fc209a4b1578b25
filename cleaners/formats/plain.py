"""A plain text or markdown file: one document."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import BinaryIO

from cleaners.files import Decoded, Source, decode, open_source, read_document
from cleaners.formats.records import Record, Summary


def transform(source: Source, edit: Callable[[Record], str], out: BinaryIO | None) -> Summary:
    """Edit a whole file as one record; the same bytes come out if nothing changed and it was UTF-8."""
    decoded = _decoded(source)
    new = edit(_record(decoded))
    summary = Summary(records=1, changed=int(new != decoded.text), notes=[decoded.note] if decoded.note else [])
    summary.raw_sha256 = sha256(decoded.text.encode("utf-8")).hexdigest()
    if out is not None:
        written = new.encode("utf-8")
        out.write(written)
        summary.clean_sha256 = sha256(written).hexdigest()
    return summary


def read_record(source: Source) -> Record:
    """Read a whole file as one record."""
    return _record(_decoded(source))


def _decoded(source: Source) -> Decoded:
    with open_source(source) as stream:
        data = read_document(stream, source.path)
    return decode(data, source.path)


def _record(decoded: Decoded) -> Record:
    return Record(decoded.text, record=None, source_text=None, date=None, line=None)
