"""Read and write the text inside text files, JSON lines, CSV, TSV and parquet, and nothing else in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from cleaners.files import Source
from cleaners.formats import columnar, pieces, plain, stretches
from cleaners.formats.records import Fields, Record, Summary
from cleaners.formats.stretches import Survey

__all__ = ["Fields", "Record", "Summary", "Survey", "can_be_split", "read_records", "survey", "transform"]

_PLAIN = ("text", "markdown")


def transform(source: Source, edit: Callable[[Record], str], fields: Fields, out: BinaryIO | None) -> Summary:
    """Stream the records of ``source`` through ``edit`` and write them, changed or not, to ``out``.

    ``edit`` gives a record's new text. Only that text changes in the output: where ``edit`` gives
    back the same text the bytes of the plain file, line or row are written as they were (a parquet
    file as a whole), and elsewhere only the one string literal or cell is replaced. With ``out`` None
    the records are only read. Memory is bounded by the largest record, not by the file.

    With ``source.stretch`` only its bytes are read, written and hashed, and the notes tell of it alone;
    records and errors still have the numbers and lines of the whole file.

    Raises MtcleanError for input that cannot be read (``place`` is ``path`` or ``path:line``), and at
    the end for a stretch whose bytes are no longer those surveyed; what ``edit`` or ``out`` raise goes
    through.
    """
    if source.format in _PLAIN:
        return plain.transform(source, edit, out)
    if source.format == "parquet":
        return columnar.transform(source, edit, fields, out)
    return pieces.transform(source, edit, fields, out)


def read_records(source: Source, fields: Fields) -> Iterator[Record]:
    """Yield the records of ``source`` that have a text; raises MtcleanError as ``transform`` does."""
    if source.format in _PLAIN:
        yield plain.read_record(source)
    elif source.format == "parquet":
        yield from columnar.read_records(source, fields)
    else:
        yield from pieces.read_records(source, fields)


def can_be_split(source: Source) -> bool:
    """Tell whether ``source`` is of a kind that ``survey`` can split: records in plain bytes, and a file to seek in."""
    return stretches.can_be_split(source)


def survey(source: Source, fields: Fields, size: int) -> Survey:
    """Split a file into stretches of whole records, of about ``size`` bytes each, in one pass over it.

    A new stretch begins at the first record ``size`` bytes or more after the last one began. The stretches
    cover the file without a gap; there is always at least one, also for an empty file, and only one for a
    file that cannot be sought in. What they give, one after the other, is what the whole file gives.

    Bad records are left for ``transform`` to tell. Raises MtcleanError for what stops it whether or not bad
    records are skipped: a file that cannot be read, a record over the limit, a table without a text column.
    """
    return pieces.survey(source, fields, size)
