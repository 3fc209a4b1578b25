"""Parquet: a table of which only the text column is ever rewritten, a batch of rows at a time."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any, BinaryIO

from cleaners.errors import MtcleanError
from cleaners.files import DOCUMENT_LIMIT, Source, is_url, open_source
from cleaners.files.places import told
from cleaners.formats.records import (
    Fields,
    Record,
    Summary,
    absent_source_note,
    identity,
    string_or_none,
    text_field_hint,
)

_CHUNK = 1024 * 1024  # bytes copied, hashed or read ahead at a time
_BATCH_BYTES = 8 * 1024 * 1024  # of one batch, as the file's own statistics count them
_BATCH_ROWS = 8192  # at most, for the statistics do not see how often a repeated text unpacks
_GROUP_BYTES = 64 * 1024 * 1024  # of one written row group, unpacked; a larger one is split

_Edit = Callable[[Record], str]


def transform(source: Source, edit: _Edit, fields: Fields, out: BinaryIO | None) -> Summary:
    """Edit the text column; the same bytes come out if nothing changed.

    A changed file is packed anew, with the schema, metadata and compression it had. Writing starts at
    the first change, and then the batches before it are read a second time: that costs no memory.
    """
    summary = Summary()
    with _opened(source, fields) as table:
        summary.raw_sha256 = table.sha256
        with _written(table, out) as writer:
            for group, position, batch in table.positioned_batches():
                edited = _edited(table, batch, edit, summary)
                if edited is not None and writer is not None:
                    writer.begin(group, position)
                if writer is not None:
                    writer.add(group, batch if edited is None else edited)
            if writer is not None:
                summary.clean_sha256 = writer.finish()
        if fields.source is not None and fields.source not in table.names:
            summary.notes.append(absent_source_note(fields.source))
    return summary


def read_records(source: Source, fields: Fields) -> Iterator[Record]:
    """Yield the records whose text is not null."""
    with _opened(source, fields) as table:
        number = 0
        for _, _, batch in table.positioned_batches(only_fields=True):
            for record in _records(table, batch, number):
                if record is not None:
                    yield record
            number += batch.num_rows


@dataclass(frozen=True, slots=True)
class _Table:
    """An open parquet file, its raw bytes and the columns that count."""

    place: str
    raw: BinaryIO
    sha256: str
    file: Any  # pyarrow.parquet.ParquetFile
    fields: Fields

    @property
    def names(self) -> list[str]:
        return list(self.file.schema_arrow.names)

    def positioned_batches(self, *, only_fields: bool = False) -> Iterator[tuple[int, int, Any]]:
        """Yield every batch with the number of its row group and its number in that group."""
        wanted = [self.fields.text, "id", "date", self.fields.source]
        columns = [name for name in self.names if name in wanted] if only_fields else None
        for group in range(self.file.num_row_groups):
            for position, batch in enumerate(self.batches(group, columns)):
                yield group, position, batch

    def batches(self, group: int, columns: list[str] | None = None) -> Iterator[Any]:
        """Yield one row group in batches small enough to hold several of them."""
        info = self.file.metadata.row_group(group)
        row_bytes = max(1, info.total_byte_size // max(1, info.num_rows))
        rows = min(_BATCH_ROWS, max(1, _BATCH_BYTES // row_bytes))
        with _readable(self.place):
            batches = self.file.iter_batches(batch_size=rows, row_groups=[group], columns=columns)
        while True:
            with _readable(self.place):
                batch = next(batches, None)
            if batch is None:
                return
            yield batch


@contextmanager
def _opened(source: Source, fields: Fields) -> Iterator[_Table]:
    """Open a source and check that it is parquet with a text column of strings."""
    from pyarrow.parquet import ParquetFile

    with _seekable(source) as (raw, digest):
        with _readable(source.path):
            # So the pages of a column are read one by one, not all of a row group at once.
            file = ParquetFile(raw, buffer_size=_CHUNK, pre_buffer=False)
            schema = file.schema_arrow
        _check_text_column(schema, fields.text, source.path)
        yield _Table(source.path, raw, digest, file, fields)


@contextmanager
def _seekable(source: Source) -> Iterator[tuple[BinaryIO, str]]:
    """Give the decompressed bytes as a stream that can be searched, and their SHA-256.

    What is packed, remote or a pipe is first copied to a temporary file.
    """
    with open_source(source) as stream:
        if not source.gzipped and not is_url(source.path) and stream.seekable():
            digest = _copied(stream, None)
            stream.seek(0)
            yield stream, digest
            return
        import tempfile

        with told(tempfile.gettempdir()):
            spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the block below
        with spool:
            with told(tempfile.gettempdir()):
                digest = _copied(stream, spool)
                spool.seek(0)
            yield spool, digest


def _copied(stream: BinaryIO, to: Any) -> str:
    """Copy a stream to its end, or only read it, and give the SHA-256 of its bytes."""
    digest = sha256()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        if to is not None:
            to.write(chunk)
    return digest.hexdigest()


@contextmanager
def _readable(place: str) -> Iterator[None]:
    """Tell what pyarrow says of a broken file in one line."""
    from pyarrow import ArrowException

    try:
        yield
    except (ArrowException, OSError, ValueError) as error:
        what = f"is not a readable parquet file: {error}"
        raise MtcleanError(place, what, "write the file again") from error


def _check_text_column(schema: Any, name: str, place: str) -> None:
    count = schema.names.count(name)
    if count > 1:
        raise MtcleanError(place, f"has two columns named {name!r}", "rename one of them")
    if count == 0:
        strings = [field.name for field in schema if _is_text(field.type)]
        raise MtcleanError(place, f"has no column {name!r}", text_field_hint(name, strings, skip=False))
    kind = schema.field(name).type
    if not _is_text(kind):
        strings = [field.name for field in schema if _is_text(field.type)]
        what = f"the column {name!r} holds {kind}, not text"
        raise MtcleanError(place, what, text_field_hint(name, strings, skip=False))


def _is_text(kind: Any) -> bool:
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _edited(table: _Table, batch: Any, edit: _Edit, summary: Summary) -> Any:
    """Edit the texts of a batch and count them; None if all came back as they were."""
    import pyarrow

    texts: list[str | None] = []
    changed = 0
    for record in _records(table, batch, summary.records):
        new = None if record is None else edit(record)
        changed += record is not None and new != record.text
        texts.append(new)
    summary.records += batch.num_rows
    summary.changed += changed
    if not changed:
        return None
    at = batch.schema.get_field_index(table.fields.text)
    columns = list(batch.columns)
    with _writable(table.place):
        columns[at] = pyarrow.array(texts, type=batch.schema.field(at).type)
        return pyarrow.RecordBatch.from_arrays(columns, schema=batch.schema)


def _records(table: _Table, batch: Any, first: int) -> Iterator[Record | None]:
    """Yield a batch's rows as records, the first one numbered ``first``; None for a null text."""
    texts, ids, dates, sources = (
        _values(table, batch, name) for name in (table.fields.text, "id", "date", table.fields.source)
    )
    for row, text in enumerate(texts):
        if text is None:
            yield None
            continue
        if len(text) * 4 > DOCUMENT_LIMIT and len(text.encode("utf-8")) > DOCUMENT_LIMIT:
            what = f"record {first + row} is over the limit of 64 MiB for one document"
            raise MtcleanError(table.place, what, "split it")
        yield Record(
            text=text,
            record=identity(ids[row], first + row),
            source_text=string_or_none(sources[row]),
            date=string_or_none(dates[row]),
            line=None,
        )


def _values(table: _Table, batch: Any, name: str | None) -> list[Any]:
    """Give a column as Python values, or as many None where there is no such column."""
    at = batch.schema.get_field_index(name) if name is not None else -1
    if at < 0:
        return [None] * batch.num_rows
    with _readable(table.place):
        return list(batch.column(at).to_pylist())


class _Sink(io.RawIOBase):
    """Hands pyarrow's output on and hashes it; drops it once abandoned."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._size = 0
        self.digest = sha256()
        self.abandoned = False

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._size

    def write(self, data: Any) -> int:
        if not self.abandoned:
            self._out.write(data)
            self.digest.update(data)
        self._size += len(data)
        return len(data)


class _Writer:
    """Writes the table anew from its first change on, or copies its bytes if there is none."""

    def __init__(self, table: _Table, out: BinaryIO) -> None:
        self._table = table
        self._sink = _Sink(out)
        self._packer: Any = None
        self._group = 0
        self._pending: list[Any] = []
        self._pending_bytes = 0

    def begin(self, group: int, position: int) -> None:
        """Start the output with all batches before the given one; does nothing the second time."""
        if self._packer is not None:
            return
        self._packer = _packer(self._table, self._sink)
        for earlier in range(group):
            for batch in self._table.batches(earlier):
                self.add(earlier, batch)
        for batch in islice(self._table.batches(group), position):
            self.add(group, batch)

    def add(self, group: int, batch: Any) -> None:
        """Take the next batch, keeping the row groups apart as they were."""
        if self._packer is None:
            return
        if group != self._group or self._pending_bytes > _GROUP_BYTES:
            self._flush()
        self._group = group
        self._pending.append(batch)
        self._pending_bytes += batch.nbytes

    def _flush(self) -> None:
        import pyarrow

        if self._pending:
            with _writable(self._table.place):
                # A column chunk has one dictionary, while every batch brings its own.
                whole = pyarrow.Table.from_batches(self._pending).unify_dictionaries()
                self._packer.write_table(whole, row_group_size=max(1, whole.num_rows))
        self._pending, self._pending_bytes = [], 0

    def finish(self) -> str:
        """Complete the output and give the SHA-256 of its bytes."""
        if self._packer is None:
            self._table.raw.seek(0)
            return _copied(self._table.raw, self._sink)
        self._flush()
        with _writable(self._table.place):
            self._packer.close()
        return self._sink.digest.hexdigest()

    def abandon(self) -> None:
        """Drop all further output; pyarrow would write a footer even after a failure."""
        self._sink.abandoned = True
        if self._packer is not None:
            with suppress(Exception):
                self._packer.close()


@contextmanager
def _written(table: _Table, out: BinaryIO | None) -> Iterator[_Writer | None]:
    if out is None:
        yield None
        return
    writer = _Writer(table, out)
    try:
        yield writer
    except BaseException:
        writer.abandon()
        raise


@contextmanager
def _writable(place: str) -> Iterator[None]:
    from pyarrow import ArrowException

    try:
        yield
    except ArrowException as error:
        what = f"cannot be written as parquet again: {error}"
        raise MtcleanError(place, what, "turn it into JSON lines") from error


def _packer(table: _Table, sink: _Sink) -> Any:
    """Give a parquet writer with the settings that the file itself was written with."""
    from pyarrow.parquet import ParquetWriter

    info = table.file.metadata
    group = info.row_group(0)
    columns = [group.column(index) for index in range(info.num_columns)]
    with _writable(table.place):
        return ParquetWriter(
            sink,
            table.file.schema_arrow,
            version=info.format_version if info.format_version in ("1.0", "2.4", "2.6") else "2.6",
            compression={column.path_in_schema: _codec(column.compression) for column in columns},
            use_dictionary=[column.path_in_schema for column in columns if column.has_dictionary_page],
            use_deprecated_int96_timestamps=any(column.physical_type == "INT96" for column in columns),
            store_schema=b"ARROW:schema" in (info.metadata or {}),
        )


def _codec(name: str) -> str:
    return "NONE" if name == "UNCOMPRESSED" else name
