"""Reads a clean file back with the trail beside it: each of its texts, raw and clean, with every decision on it.

The raw text is had from the clean one by the way back that the trail tells; no raw file is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from cleaners import trail
from cleaners.core import Decision, Verdict, splice
from cleaners.errors import MtcleanError
from cleaners.files import Source, open_source
from cleaners.formats import Fields, read_records
from cleaners.trail import Header, Trail

_CHUNK = 1024 * 1024  # bytes


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
        place = self.source.path
        if digest(self.source) != self.header.clean_sha256:
            todo = "clean it again; what was changed by hand stays only in the file itself"
            raise MtcleanError(place, "this is not the clean text of its trail (its hash differs)", todo)
        groups = groupby(_decisions(self.trail, place), key=lambda pair: pair[0])
        if self.source.format in ("text", "markdown"):
            (record,) = read_records(self.source, fields)
            text = _text(place, None, record.text, [decision for _, decision in _all(groups, place)])
            if trail.sha256(text.raw) != self.header.raw_sha256:
                raise _no_way_back(place)
            yield text
            return
        group = next(groups, None)
        for record in read_records(self.source, fields):
            if group is not None and group[0] == record.record:
                yield _text(place, record.record, record.text, [decision for _, decision in group[1]])
                group = next(groups, None)
        if group is not None:
            raise MtcleanError(place, f"there is no record {group[0]!r}, which its trail tells of", "clean it again")


def load(source: Source) -> CleanFile:
    """Read the trail beside a clean file; raises :class:`MtcleanError` where there is none, or it is broken."""
    path = source.path + trail.SUFFIX
    try:
        with open_source(Source(path, path, "text", False)) as stream:
            lines = (line.decode() for line in stream)
            return CleanFile(source, trail.read(lines, path))
    except UnicodeDecodeError as error:
        raise MtcleanError(path, "not UTF-8, so no trail", "clean the file again") from error


def digest(source: Source) -> str:
    """The hex SHA-256 of a clean file's bytes, unzipped."""
    found = sha256()
    with open_source(source) as stream:
        while chunk := stream.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def has_trail(path: Path) -> bool:
    """Whether a trail lies beside a local file."""
    return Path(f"{path}{trail.SUFFIX}").is_file()


def _decisions(read: Trail, place: str) -> Iterator[tuple[str | int | None, Decision]]:
    for number, row in enumerate(read.rows, start=2):
        try:
            yield row.get("record"), trail.decision_of(row)
        except (KeyError, TypeError, ValueError) as error:
            todo = "clean the file again"
            raise MtcleanError(f"{place}{trail.SUFFIX}:{number}", "this is no line of a trail", todo) from error


def _all(
    groups: Iterable[tuple[str | int | None, Iterable[tuple[str | int | None, Decision]]]], place: str
) -> Iterator[tuple[str | int | None, Decision]]:
    for record, group in groups:
        if record is not None:
            raise MtcleanError(place, "its trail tells of records, and it has none", "clean the file again")
        yield from group


def _text(place: str, record: str | int | None, clean: str, decisions: Sequence[Decision]) -> Text:
    raw = raw_of(clean, decisions)
    if raw is None or any(raw[d.start : d.end] != d.raw for d in decisions):
        raise _no_way_back(place if record is None else f"{place} (record {record})")
    return Text(record, raw, clean, tuple(decisions))


def _no_way_back(place: str) -> MtcleanError:
    return MtcleanError(place, "its trail does not lead back to the raw text", "clean the file again")


def raw_of(clean: str, decisions: Iterable[Decision]) -> str | None:
    """The raw text that the applied decisions were made in; ``None`` where ``clean`` is not what they made."""
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
        return splice(clean, back)
    except ValueError:
        return None
