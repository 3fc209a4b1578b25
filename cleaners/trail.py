"""The trail: one JSON line for every decision, so that each edit can be read, undone and replayed.

The first line is a header with the version, the sha256 of raw and clean text and a fingerprint of what the
run was made with. Applied lines never overlap in the raw text: splicing their fixes into it, in order, gives
the clean text.
"""

from __future__ import annotations

import bisect
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cleaners import resources
from cleaners.core import Decision, Finding, Level, Result, Severity, Stage, Verdict
from cleaners.errors import MtcleanError

SUFFIX = ".trail.jsonl"
_LINE_BREAK = re.compile(r"\r\n|[\n\r]")


class Lines:
    """Finds the line and column of offsets in one text; both count from 1, columns in code points."""

    def __init__(self, text: str) -> None:
        """Scan ``text`` for line breaks once."""
        self._starts = [0, *(m.end() for m in _LINE_BREAK.finditer(text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def finding_rows(result: Result) -> Iterator[dict[str, Any]]:
    """The findings of one document in the wire format, in raw order."""
    if not result.decisions:
        return
    document = result.document
    lines = Lines(document.text)
    for decision in result.decisions:
        yield _row(document.path, document.record, decision, lines)


def trail_rows(
    path: str, record: str | int | None, raw: str, decisions: Sequence[Decision]
) -> Iterator[dict[str, Any]]:
    """The decisions on one text as a trail holds them: findings with verdict and reason.

    A row has a key ``entry`` where a glossary entry is behind it, and ``was`` with fix, verdict and reason of the
    cleaner where a person decided otherwise.
    """
    if not decisions:
        return
    lines = Lines(raw)
    for decision in decisions:
        row = _row(path, record, decision, lines)
        row |= {"verdict": decision.verdict.value, "reason": decision.reason}
        if decision.finding.entry:
            row["entry"] = resources.portable(decision.finding.entry)
        if decision.was:
            was = decision.was
            row["was"] = {"fix": was.fix, "verdict": was.verdict.value, "reason": was.reason}
        yield row


def decision_of(row: dict[str, Any]) -> Decision:
    """The decision that a row of a trail tells of, its finding placed in the raw text.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` for a row that is not as :func:`trail_rows` makes it.
    """
    _check_row(row)
    texts = {key: row[key] for key in ("code", "name", "mqm", "message")}
    if not all(isinstance(value, str) for value in (*texts.values(), row["reason"])):
        raise TypeError("a value is of another kind than mtclean writes")
    finding = Finding(
        start=row["start"],
        end=row["end"],
        fix=row["fix"],
        level=Level(row["level"]),
        severity=Severity(row["severity"]),
        confidence=float(row["confidence"]),
        origin=row["origin"],
        stage=Stage(row["stage"]),
        entry=row.get("entry"),
        **texts,
    )
    decision = Decision(
        finding, Verdict(row["verdict"]), row["reason"], row["start"], row["end"], row["raw"], row["fix"]
    )
    if "was" not in row:
        return decision
    fix, verdict, reason = (row["was"][key] for key in ("fix", "verdict", "reason"))
    if not isinstance(fix, str | None) or not isinstance(reason, str):
        raise TypeError("a value is of another kind than mtclean writes")
    was = replace(decision, finding=replace(finding, fix=fix), verdict=Verdict(verdict), reason=reason, fix=fix)
    return replace(decision, was=was)


def _row(path: str, record: str | int | None, decision: Decision, lines: Lines) -> dict[str, Any]:
    finding = decision.finding
    line, column = lines.place(decision.start)
    return {
        "path": path,
        "record": record,
        "code": finding.code,
        "name": finding.name,
        "stage": finding.stage.value,
        "start": decision.start,
        "end": decision.end,
        "line": line,
        "column": column,
        "raw": decision.raw,
        "fix": decision.fix,
        "level": finding.level.value,
        "severity": finding.severity.value,
        "mqm": finding.mqm,
        "confidence": finding.confidence,
        "message": finding.message,
        "origin": finding.origin,
    }


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a trail; ``fingerprint`` tells settings, glossary and model apart.

    ``guess`` says from which languages the documents seemed to come, and why (see :mod:`cleaners.origin`);
    the line has no such key where nothing was guessed.
    """

    version: str
    path: str
    raw_sha256: str
    clean_sha256: str
    fingerprint: str
    guess: dict[str, Any] = field(default_factory=dict)

    def line(self) -> str:
        """The header as a JSON line without its line break."""
        row = {
            "mtclean": self.version,
            "path": self.path,
            "raw_sha256": self.raw_sha256,
            "clean_sha256": self.clean_sha256,
            "fingerprint": self.fingerprint,
        }
        return dump(row | {"guess": self.guess} if self.guess else row)


@dataclass(frozen=True, slots=True)
class Trail:
    """A trail as read back: its header and its rows, in raw order."""

    header: Header
    rows: tuple[dict[str, Any], ...]

    @property
    def applied(self) -> tuple[dict[str, Any], ...]:
        """The rows that changed the text."""
        return tuple(row for row in self.rows if row["verdict"] == Verdict.APPLIED.value)


def sha256(text: str) -> str:
    """The sha256 of a text's UTF-8 form, as hex; lone surrogates are kept."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def dump(row: dict[str, Any]) -> str:
    """One row as a JSON line without its line break."""
    line = json.dumps(row, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:  # a lone surrogate, lawful in JSON only as an escape
        line = json.dumps(row)
    return line


def read(lines: Iterable[str], place: str) -> Trail:
    """Read a trail; raises :class:`MtcleanError` with the line that is no trail line."""
    header: Header | None = None
    rows: list[dict[str, Any]] = []
    record: Any = None
    done = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if header is None:
                header = _header(row)
                continue
            _check_row(row)
            if row["verdict"] == Verdict.APPLIED.value:
                if row.get("record") != record:
                    record, done = row.get("record"), 0
                if row["start"] < done:
                    if record is not None:
                        raise _shared(f"{place}:{number}", record)
                    raise ValueError("applied rows overlap")
                done = row["end"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            todo = "give the .trail.jsonl file that mtclean clean wrote"
            raise MtcleanError(f"{place}:{number}", "this is no line of a trail", todo) from error
        rows.append(row)
    if header is None:
        raise MtcleanError(place, "the trail is empty", "run mtclean clean again")
    return Trail(header, tuple(rows))


def _shared(place: str, record: Any) -> MtcleanError:
    what = f"rows of the record {record!r} overlap, as where several records have this id"
    return MtcleanError(place, what, "give each its own id, and clean the file again")


def _header(row: dict[str, Any]) -> Header:
    version, *values = (row[key] for key in ("mtclean", "path", "raw_sha256", "clean_sha256", "fingerprint"))
    path, raw, clean, fingerprint = values
    if not all(isinstance(value, str) for value in (version, *values)):
        raise TypeError("the header's values must be texts")
    guess = row.get("guess", {})
    if not isinstance(guess, dict):
        raise TypeError("the guess must be an object")
    return Header(version, path, raw, clean, fingerprint, guess)


def _check_row(row: dict[str, Any]) -> None:
    """Raise for a row that cannot be replayed: a trail may have been edited, or be another kind of file."""
    texts = [row[key] for key in ("code", "raw", "verdict")]
    numbers = [row[key] for key in ("start", "end", "line", "column")]
    if not all(isinstance(value, str) for value in texts) or any(type(value) is not int for value in numbers):
        raise TypeError("a value is of another kind than mtclean writes")
    if not isinstance(row["fix"], str) and (row["fix"] is not None or row["verdict"] == Verdict.APPLIED.value):
        raise TypeError("an applied row needs its fix")
    if row["start"] < 0 or row["end"] - row["start"] != len(row["raw"]):
        raise ValueError("the span is not that of its text")
