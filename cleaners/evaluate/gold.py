"""Reads span gold: what is wrong in a document, and what may stand there instead."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cleaners import files, formats
from cleaners.core import Document
from cleaners.errors import MtcleanError

TIERS = ("fix", "flag", "unsafe")


@dataclass(frozen=True, slots=True)
class GoldRow:
    """One defect: ``text[start:end] == bad``, half-open code points.

    ``tier``: ``fix`` must be repaired, ``flag`` must be found, ``unsafe`` is repaired only among suggestions.
    ``good``: any of these may stand there afterwards; an empty text means that the span is gone.
    """

    doc: str
    start: int
    end: int
    bad: str
    good: tuple[str, ...]
    tier: str
    family: str
    record: str | int | None = None


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A document with its rows, sorted by position; a clean document has none."""

    document: Document
    rows: tuple[GoldRow, ...]


def read(path: str, documents: Iterable[str] = ()) -> list[GoldDocument]:
    """The documents a gold file speaks of, which lie beside it, and ``documents`` that must have no rows.

    Raises :class:`MtcleanError` with file and line for a row that is no gold row or does not fit its text.
    """
    folder = Path(path).parent
    by_document: dict[str, list[GoldRow]] = {name: [] for name in documents}
    for number, line in enumerate(_lines(path), start=1):
        if line.strip():
            row = _row(line, f"{path}:{number}")
            by_document.setdefault(row.doc, []).append(row)
    return [found for name in sorted(by_document) for found in _documents(folder, name, by_document[name], path)]


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise MtcleanError(path, "not UTF-8, so no gold", "give a gold.jsonl file") from error
    except OSError as error:
        raise MtcleanError(path, (error.strerror or "cannot be read").lower(), "give a gold.jsonl file") from error


def _row(line: str, place: str) -> GoldRow:
    try:
        data = json.loads(line)
        row = GoldRow(
            doc=str(data["doc"]),
            start=int(data["start"]),
            end=int(data["end"]),
            bad=str(data["bad"]),
            good=tuple(map(str, data["good"])),
            tier=data["tier"],
            family=str(data["family"]),
            record=data.get("record"),
        )
    except (ValueError, KeyError, TypeError) as error:
        todo = "a row has doc, start, end, bad, good, tier and family"
        raise MtcleanError(place, f"this is no gold row ({error!r})", todo) from error
    if row.tier not in TIERS or not 0 <= row.start <= row.end:
        raise MtcleanError(place, "tier or span of this gold row cannot be", f"tiers are {', '.join(TIERS)}")
    return row


def _documents(folder: Path, name: str, rows: list[GoldRow], gold: str) -> list[GoldDocument]:
    source = files.discover([str(folder / name)])[0]
    records = formats.read_records(source, formats.Fields())
    found = []
    for record in records:
        mine = sorted((r for r in rows if r.record == record.record), key=lambda r: (r.start, r.end))
        for row in mine:
            if not record.text[row.start : row.end].startswith(row.bad[:40]):
                what = f"{name} has {record.text[row.start : row.end][:40]!r} at {row.start}, not {row.bad[:40]!r}"
                raise MtcleanError(gold, what, "gold and document have drifted apart: make the gold anew")
        document = Document(record.text, path=name, record=record.record, markdown=source.format == "markdown")
        found.append(GoldDocument(document, tuple(mine)))
    return found
