"""Reads a clean file back with the trail beside it: each of its texts, raw and clean, with every decision on it.

The raw text is had from the clean one by the way back that the trail tells; no raw file is needed. Edits are taken back
by that way, and made again in the raw file by the trail alone; both for single texts and for files of records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from cleaners import core, trail
from cleaners.core import Decision, Verdict, splice
from cleaners.errors import MtcleanError
from cleaners.files import Source, open_source
from cleaners.formats import Fields, Record, read_records, transform
from cleaners.trail import Header, Trail

_CHUNK = 1024 * 1024  # bytes
_PLAIN = ("text", "markdown")
_AGAIN = "clean the file again"

_Name: TypeAlias = str | int | None
_Numbered: TypeAlias = tuple[int | None, Decision]  # the number is that of an applied one, from 0


@dataclass(frozen=True, slots=True)
class Text:
    """One document, or one record of a file of them; decisions have raw offsets and come in raw order."""

    record: str | int | None
    raw: str
    clean: str
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A clean file and the header of its trail."""

    source: Source
    trail: Trail

    @property
    def header(self) -> Header:
        """The first line of the trail."""
        return self.trail.header

    def texts(self, fields: Fields) -> Iterator[Text]:
        """Each text of the file that has any decision on it, in order; a plain file has one text, decided or not.

        Raises :class:`MtcleanError` when the file is not as the trail left it, or its trail does not lead back.
        """
        told = self._told(fields)
        for record in read_records(self.source, fields):
            if record.record in told:
                yield self._text(record, tuple(decision for _, decision in told[record.record]))

    def without(self, undone: frozenset[int], fields: Fields, out: BinaryIO) -> Trail:
        """Write the file with those applied rows taken back whose numbers (from 0, through the file) are in ``undone``.

        Gives the trail that belongs to it, in which they are open. Raises :class:`MtcleanError` as :meth:`texts` does.
        """
        told = self._told(fields)

        def edit(record: Record) -> str:
            numbered = told.get(record.record)
            if numbered is None:
                return record.text
            text = self._text(record, tuple(decision for _, decision in numbered))
            return core.replay(text.raw, (decision for number, decision in numbered if number not in undone))

        summary = transform(self.source, edit, fields, out)
        taken_back = {id(row) for number, row in enumerate(self.trail.applied) if number in undone}
        rows = tuple(_open_again(row) if id(row) in taken_back else row for row in self.trail.rows)
        return Trail(replace(self.header, clean_sha256=summary.clean_sha256 or ""), rows)

    def _told(self, fields: Fields) -> Mapping[_Name, list[_Numbered]]:
        if digest(self.source) != self.header.clean_sha256:
            todo = "clean it again; what was changed by hand stays only in the file itself"
            raise MtcleanError(self.source.path, "this is not the clean text of its trail (its hash differs)", todo)
        return by_record(self.trail, self.source.path + trail.SUFFIX, self.source, fields)

    def _text(self, record: Record, decisions: tuple[Decision, ...]) -> Text:
        raw = raw_of(record.text, decisions)
        if raw is None or (record.record is None and trail.sha256(raw) != self.header.raw_sha256):
            what = "its trail does not lead back to the raw text"
            raise MtcleanError(_place(self.source, record), what, _todo(record))
        return Text(record.record, raw, record.text, decisions)


def load(source: Source) -> CleanFile:
    """Read the trail beside a clean file; raises :class:`MtcleanError` where there is none, or it is broken."""
    return CleanFile(source, load_trail(source.path + trail.SUFFIX))


def load_trail(path: str) -> Trail:
    """Read a trail; raises :class:`MtcleanError` where there is none, or it is broken."""
    try:
        with open_source(Source(path, path, "text", False)) as stream:
            return trail.read((line.decode() for line in stream), path)
    except UnicodeDecodeError as error:
        raise MtcleanError(path, "not UTF-8, so no trail", "give the .trail.jsonl file") from error


def replay(read: Trail, place: str, raw: Source, fields: Fields, out: BinaryIO) -> None:
    """Make the clean file again from the raw one and a trail, which lies at ``place``.

    Raises :class:`MtcleanError` when ``raw`` is not the file that the trail was made from, or when what was written to
    ``out`` is not the clean file that the trail promises.
    """
    is_plain = raw.format in _PLAIN
    if not is_plain and digest(raw) != read.header.raw_sha256:
        raise not_raw(raw)
    told = by_record(read, place, raw, fields)

    def edit(record: Record) -> str:
        if is_plain and trail.sha256(record.text) != read.header.raw_sha256:
            raise not_raw(raw)
        decisions = [decision for _, decision in told.get(record.record, ())]
        clean = _clean_of(record.text, decisions)
        if clean is None:
            raise MtcleanError(_place(raw, record), "the trail does not lead to its clean text", _todo(record))
        return clean

    summary = transform(raw, edit, fields, out)
    if summary.clean_sha256 != read.header.clean_sha256:
        raise MtcleanError(raw.path, "the trail does not lead to its clean text", _AGAIN)


def not_raw(raw: Source) -> MtcleanError:
    """The error for a file that a trail was not made from."""
    what = "this is not the raw text of the trail (its hash differs)"
    return MtcleanError(raw.path, what, "give the raw text")


def digest(source: Source) -> str:
    """The hex SHA-256 of a file's bytes, unzipped: what the header of its trail holds, unless it is a raw text.

    For that one the header has the hash of its UTF-8 form.
    """
    found = sha256()
    with open_source(source) as stream:
        while chunk := stream.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def has_trail(path: Path) -> bool:
    """Whether a trail lies beside a local file."""
    return Path(f"{path}{trail.SUFFIX}").is_file()


def by_record(read: Trail, place: str, source: Source, fields: Fields) -> Mapping[_Name, list[_Numbered]]:
    """The decisions of a trail by record, each of which is in the file once; raises :class:`MtcleanError` otherwise.

    A plain file has its one text, decided or not, under ``None``.
    """
    told: dict[_Name, list[_Numbered]] = {None: []} if source.format in _PLAIN else {}
    applied = 0
    for number, row in enumerate(read.rows, start=2):
        try:
            decision, record = trail.decision_of(row), row["record"]
            if not isinstance(record, str | int | None):
                raise TypeError("a record's name is of another kind than mtclean writes")
            if source.format != "jsonl":  # which alone can hold half a surrogate pair
                f"{decision.raw}{decision.fix}".encode()
        except (KeyError, TypeError, ValueError) as error:
            raise MtcleanError(f"{place}:{number}", "this is no line of a trail", _AGAIN) from error
        is_applied = decision.verdict is Verdict.APPLIED
        told.setdefault(record, []).append((applied if is_applied else None, decision))
        applied += is_applied
    if source.format in _PLAIN:
        if len(told) > 1:
            raise MtcleanError(source.path, "its trail tells of records, and it has none", _AGAIN)
    else:
        _check_names(told, source, fields)
    return told


def _check_names(told: Mapping[_Name, object], source: Source, fields: Fields) -> None:
    counts = Counter(record.record for record in read_records(source, fields) if record.record in told)
    for record in told:
        if not counts[record]:
            what = f"there is no record {record!r} with a text in {fields.text!r}, and its trail tells of one"
            raise MtcleanError(source.path, what, "name the field with --text-field, or clean the file again")
        if counts[record] > 1:
            what = f"{counts[record]} records have the id {record!r}, so that its trail fits none of them"
            raise MtcleanError(source.path, what, "give each its own id, and clean the file again")


def _open_again(row: dict[str, Any]) -> dict[str, Any]:
    was = row.get("was", {key: row[key] for key in ("fix", "verdict", "reason")})
    return {**row, "fix": was["fix"], "verdict": Verdict.OPEN.value, "reason": "undone by hand", "was": was}


def _place(source: Source, record: Record) -> str:
    return source.path if record.record is None else f"{source.path} (record {record.record})"


def _todo(record: Record) -> str:
    return _AGAIN if record.record is None else f"check --text-field, or {_AGAIN}"


def _clean_of(raw: str, decisions: Sequence[Decision]) -> str | None:
    """What the decisions make of ``raw``; ``None`` where they were not made in it."""
    if any(raw[d.start : d.end] != d.raw for d in decisions):
        return None
    try:
        return core.replay(raw, decisions)
    except ValueError:  # they overlap
        return None


def raw_of(clean: str, decisions: Sequence[Decision]) -> str | None:
    """The raw text that the decisions were made in; ``None`` where ``clean`` is not what they made of it."""
    back: list[tuple[int, int, str]] = []
    shift = 0
    for decision in decisions:
        if decision.verdict is not Verdict.APPLIED:
            continue
        fix = decision.fix or ""
        start = decision.start + shift
        if clean[start : start + len(fix)] != fix:
            return None
        back.append((start, start + len(fix), decision.raw))
        shift += len(fix) - (decision.end - decision.start)
    try:
        raw = splice(clean, back)
    except ValueError:
        return None
    return raw if all(raw[d.start : d.end] == d.raw for d in decisions) else None
