"""Read and write the text inside text files, JSON lines, CSV, TSV and parquet, and nothing else in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from cleaners.files import Source
from cleaners.formats import columnar, pieces, plain
from cleaners.formats.records import Fields, Record, Summary

__all__ = ["Fields", "Record", "Summary", "read_records", "transform"]

_PLAIN = ("text", "markdown")


def transform(source: Source, edit: Callable[[Record], str], fields: Fields, out: BinaryIO | None) -> Summary:
    """Stream the records of ``source`` through ``edit`` and write them, changed or not, to ``out``.

    ``edit`` gives a record's new text. Only that text changes in the output: where ``edit`` gives
    back the same text the bytes of the plain file, line or row are written as they were (a parquet
    file as a whole), and elsewhere only the one string literal or cell is replaced. With ``out`` None
    the records are only read. Memory is bounded by the largest record, not by the file.

    Raises MtcleanError for input that cannot be read (``place`` is ``path`` or ``path:line``);
    what ``edit`` or ``out`` raise goes through.
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
