"""CSV and TSV: rows of cells, of which only the text cell is ever rewritten.

The cells are found in the bytes themselves, so that all that is not rewritten stays as it was, also
in a column whose bytes are no UTF-8. Quoting is read as Python's csv module reads it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from cleaners.errors import MtcleanError
from cleaners.files import DOCUMENT_LIMIT, Stretch
from cleaners.formats.piece import Lines, Piece, record_over_limit
from cleaners.formats.records import Fields, Record, identity, text_field_hint
from cleaners.formats.stretches import Surveyor, changed

_QUOTE = b'"'
_LINE_END = re.compile(rb"\r\n|\r|\n")
_REPAIR = "repair the row, or pass --skip-bad to let such rows through unchanged"

_Span = tuple[int, int]


class _Dialect:
    """How cells are set apart. In TSV a cell like ``"Yes," he said`` is plain text, not a quoted cell."""

    def __init__(self, delimiter: bytes, *, is_tsv: bool) -> None:
        self.delimiter, self.is_tsv = delimiter, is_tsv
        self.cell_break = re.compile(b"[" + re.escape(delimiter) + rb"\r\n]")

    def value(self, cell: bytes) -> bytes:
        """Give what a raw cell says."""
        if not cell.startswith(_QUOTE):
            return cell
        end = _closing_quote(cell, 1)
        if end < len(cell) and self.is_tsv:
            return cell
        return cell[1 : end - 1].replace(b'""', _QUOTE) + cell[end:]

    def cell(self, value: bytes, old: bytes, *, alone: bool) -> bytes:
        """Write ``value`` as the raw cell ``old`` was, with quotes added only where it needs them."""
        begins = old.startswith(_QUOTE)
        was_quoted = begins and _closing_quote(old, 1) == len(old)
        breaks = self.cell_break.search(value) is not None or (alone and not value)
        # Only a cell that began with a bare quote before may do so again, and only if it reads the same.
        unclear = value.startswith(_QUOTE) and not (
            begins and _closing_quote(value, 1) > 0 and self.value(value) == value
        )
        if was_quoted or breaks or unclear:
            return _QUOTE + value.replace(_QUOTE, b'""') + _QUOTE
        return value


@dataclass(frozen=True, slots=True)
class _Row:
    """A row's bytes, its 1-based line and the spans of its cells; None where a quote stays open."""

    raw: bytes
    line: int
    spans: list[_Span] | None

    def is_blank(self) -> bool:
        return not self.raw.strip(b"\r\n")


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the fields that count stand in a row of ``width`` cells."""

    width: int
    text: int
    source: int | None
    id: int | None
    date: int | None


def pieces(
    stream: Lines,
    place: str,
    fields: Fields,
    *,
    is_tsv: bool,
    stretch: Stretch | None = None,
    header: Lines | None = None,
) -> Iterator[Piece]:
    """Yield a piece for every row, the header and blank and bad ones too.

    With ``header``, which gives the first ``stretch.header`` bytes of the file, ``stream`` holds only rows of
    ``stretch`` further down, and the header is read but not yielded.

    Raises MtcleanError for a header without the text column: ``fields.skip_bad`` does not help there,
    for no row could be read.
    """
    table = _Table(stream if header is None else header, place, is_tsv=is_tsv)
    number = 0
    if stretch is None or header is None:
        yield from map(Piece, table.head(fields))
    else:
        passed = sum(len(raw) for raw in table.head(fields))
        if table.columns is None or passed != stretch.header:
            raise changed(place)
        table.go_on(stream, stretch.lines)
        number = stretch.records
    for row in table.rows:
        if row.is_blank() or table.columns is None:
            yield Piece(row.raw)
        else:
            yield _piece(row, number, table.columns, table.dialect, f"{place}:{row.line}")
            number += 1


def survey(stream: Lines, place: str, fields: Fields, surveyor: Surveyor, *, is_tsv: bool) -> None:
    """Show the surveyor every row; raises MtcleanError for a header without the text column."""
    table = _Table(stream, place, is_tsv=is_tsv)
    for raw in table.head(fields):
        surveyor.see(raw)
    surveyor.end_header()
    for row in table.rows:
        surveyor.see(row.raw, None if row.is_blank() else row.line)


class _Table:
    """A table while it is read: through its header first, then row by row.

    ``dialect``, ``columns`` and ``rows`` are there once ``head`` has been read to its end; ``columns`` is None
    where there is no header, and then there are no rows.
    """

    def __init__(self, stream: Lines, place: str, *, is_tsv: bool) -> None:
        self._stream, self._place, self._is_tsv = stream, place, is_tsv
        self.dialect = _Dialect(b"\t", is_tsv=is_tsv)
        self.columns: _Columns | None = None
        self.rows: Iterator[_Row] = iter(())

    def head(self, fields: Fields) -> Iterator[bytes]:
        """Yield the bytes up to the end of the header row; raises MtcleanError for a header of no use."""
        first = self._stream.readline(DOCUMENT_LIMIT + 1)
        if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise MtcleanError(self._place, "is UTF-16", "convert the file to UTF-8")
        if first.startswith(codecs.BOM_UTF8):
            yield codecs.BOM_UTF8
            first = first[len(codecs.BOM_UTF8) :]
        line = 1
        while first and not first.strip(b"\r\n"):
            yield first
            line += len(_LINE_END.findall(first))
            first = self._stream.readline(DOCUMENT_LIMIT + 1)
        if not self._is_tsv:
            self.dialect = _Dialect(_csv_delimiter(first), is_tsv=False)
        self.rows = iter(_Rows(self._stream, self._place, first, line, self.dialect))
        for row in self.rows:
            if not row.is_blank():
                self.columns = _columns(row, f"{self._place}:{row.line}", fields, self.dialect)
                yield row.raw
                return
            yield row.raw

    def go_on(self, stream: Lines, lines: int) -> None:
        """Take the rows from another stream, before which ``lines`` lines stand in the file."""
        self.rows = iter(_Rows(stream, self._place, b"", lines + 1, self.dialect))


def _csv_delimiter(header: bytes) -> bytes:
    """Give the semicolon for what a European spreadsheet wrote, else the comma."""
    header = _LINE_END.split(header.strip(b"\r\n"), maxsplit=1)[0]
    return b";" if b"," not in header and b";" in header else b","


class _Rows:
    """Splits a stream into rows, holding no more of it than one row and the line that ends it."""

    def __init__(self, stream: Lines, place: str, first: bytes, line: int, dialect: _Dialect) -> None:
        self._stream, self._place, self._dialect = stream, place, dialect
        self._buffer = bytearray(first)
        self._line = line
        self._check_size()

    def __iter__(self) -> Iterator[_Row]:
        while self._buffer or self._extend():
            spans = self._spans()
            end = len(self._buffer)
            if spans is not None and (match := _LINE_END.match(self._buffer, spans[-1][1])):
                end = match.end()
            raw = bytes(self._buffer[:end])
            del self._buffer[:end]
            yield _Row(raw, self._line, spans)
            self._line += len(_LINE_END.findall(raw)) if b"\r" in raw else raw.count(b"\n")

    def _spans(self) -> list[_Span] | None:
        """Find the cells of the row that the buffer begins with, reading on where a cell spans lines."""
        spans: list[_Span] = []
        start = 0
        while True:
            stop = start
            if self._buffer[start : start + 1] == _QUOTE:
                stop = self._after_quotes(start + 1)
                if stop < 0:
                    return None
            match = self._dialect.cell_break.search(self._buffer, stop)
            stop = match.start() if match else len(self._buffer)
            spans.append((start, stop))
            if self._buffer[stop : stop + 1] != self._dialect.delimiter:
                return spans
            start = stop + 1

    def _after_quotes(self, start: int) -> int:
        """Give the offset behind a cell's closing quote, -1 if the stream ends before it."""
        resume = start
        while (end := _closing_quote(self._buffer, resume)) < 0:
            # What was searched holds pairs of quotes only, so the search goes on where it ended.
            resume = len(self._buffer)
            if not self._extend():
                return -1
        return end

    def _extend(self) -> bool:
        """Read one more line; False at the end of the stream."""
        more = self._stream.readline(DOCUMENT_LIMIT + 1)
        self._buffer += more
        self._check_size()
        return bool(more)

    def _check_size(self) -> None:
        if len(self._buffer) > DOCUMENT_LIMIT:
            raise record_over_limit(f"{self._place}:{self._line}")


def _closing_quote(cell: bytes | bytearray, start: int) -> int:
    """Give the offset behind the first quote from ``start`` that is not doubled, -1 if there is none."""
    while (at := cell.find(_QUOTE, start)) >= 0:
        if cell[at + 1 : at + 2] != _QUOTE:
            return at + 1
        start = at + 2
    return -1


def _columns(header: _Row, place: str, fields: Fields, dialect: _Dialect) -> _Columns:
    if header.spans is None:
        raise MtcleanError(place, "a quote in the header is never closed", "repair the header")
    cells = (dialect.value(header.raw[start:stop]) for start, stop in header.spans)
    names = [cell.decode("utf-8", "replace") for cell in cells]
    if names.count(fields.text) > 1:
        raise MtcleanError(place, f"has two columns named {fields.text!r}", "rename one of them")
    if fields.text not in names:
        raise MtcleanError(place, f"has no column {fields.text!r}", text_field_hint(fields.text, names, skip=False))
    return _Columns(
        width=len(names),
        text=names.index(fields.text),
        source=_position(fields.source, names),
        id=_position("id", names),
        date=_position("date", names),
    )


def _position(name: str | None, names: list[str]) -> int | None:
    return names.index(name) if name is not None and name in names else None


def _piece(row: _Row, number: int, columns: _Columns, dialect: _Dialect, place: str) -> Piece:
    """Read one row, the ``number``-th below the header (from 0)."""
    spans = row.spans
    try:
        if spans is None:
            raise MtcleanError(place, "a quote that opens in this row is never closed", _REPAIR)
        if len(spans) != columns.width:
            what = f"has {len(spans)} cells where the header has {columns.width}"
            raise MtcleanError(place, what, _REPAIR)
        record = Record(
            text=_cell_text(row, columns.text, dialect, place) or "",
            record=identity(_cell_text(row, columns.id, dialect, place), number),
            source_text=_cell_text(row, columns.source, dialect, place),
            date=_cell_text(row, columns.date, dialect, place) or None,
            line=row.line,
        )
    except MtcleanError as bad:
        return Piece(row.raw, bad=bad)
    rewritten = partial(_rewritten, row.raw, spans[columns.text], dialect, columns.width == 1)
    return Piece(row.raw, record, rewritten, counted=True)


def _cell_text(row: _Row, column: int | None, dialect: _Dialect, place: str) -> str | None:
    if column is None or row.spans is None:
        return None
    start, stop = row.spans[column]
    try:
        return dialect.value(row.raw[start:stop]).decode("utf-8")
    except UnicodeDecodeError as error:
        raise MtcleanError(place, f"cell {column + 1} is not UTF-8", "convert the file to UTF-8") from error


def _rewritten(raw: bytes, span: _Span, dialect: _Dialect, alone: bool, new: str) -> bytes:
    """Give the row with another text cell, and every other byte as it was."""
    start, stop = span
    return raw[:start] + dialect.cell(new.encode("utf-8"), raw[start:stop], alone=alone) + raw[stop:]
