"""What people decided about single findings: kept in ``decisions.jsonl`` beside the clean files.

The file is a log of JSON lines, the last line about a finding counting, so that a decision costs one line written and
a line lost costs one decision. A decision belongs to a raw text, by its hash, and to a finding in it: cleaning the same
text again, after a change of the glossary, say, keeps it; a text that has changed asks anew.
"""

from __future__ import annotations

import bisect
import contextlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

from cleaners.core import Decision, Verdict, replay
from cleaners.errors import MtcleanError
from cleaners.files.discovery import keeps_decisions
from cleaners.files.places import told
from cleaners.trail import dump, sha256

FILE_NAME = "decisions.jsonl"
BY_HAND = "by hand"  # how the reason of every decision of a person ends

Key: TypeAlias = tuple[str, int, int, str, str | None]
Home: TypeAlias = tuple[str, str | int | None, str]


class Choice(StrEnum):
    """What a person wants of a finding; ``WITHDRAWN``: what the cleaner wanted."""

    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"
    UNDONE = "undone"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Chosen:
    """One line of the file.

    ``path`` is that of the clean file below its folder; ``record`` and ``raw_sha256`` say which text of it; ``code`` to
    ``fix`` say which finding, ``fix`` being what the cleaner proposed. ``verdict`` and ``reason`` are the cleaner's
    own. ``text`` is what an edit by hand puts there, and ``at`` the time, in UTC.
    """

    path: str
    record: str | int | None
    raw_sha256: str
    code: str
    start: int
    end: int
    raw: str
    fix: str | None
    verdict: str
    reason: str
    choice: Choice
    text: str | None = None
    at: str = ""

    @property
    def home(self) -> Home:
        """Which text the decision belongs to."""
        return self.path, self.record, self.raw_sha256

    @property
    def key(self) -> Key:
        """Which finding of that text."""
        return self.code, self.start, self.end, self.raw, self.fix


def key_of(decision: Decision) -> Key:
    """What tells a finding apart from the others of its text, as the cleaner made it."""
    decision = decision.was or decision
    return decision.finding.code, decision.start, decision.end, decision.raw, decision.fix


@dataclass(slots=True)
class Choices:
    """The decisions of one folder, by text and finding; ``written`` are the places whose words people chose."""

    by_home: dict[Home, dict[Key, Chosen]] = field(default_factory=dict)
    written: dict[Home, list[tuple[int, int]]] = field(default_factory=dict)

    def add(self, chosen: Chosen) -> None:
        """Take in a decision; it goes before an earlier one about the same finding."""
        self.by_home.setdefault(chosen.home, {})[chosen.key] = chosen

    def of(self, path: str, record: str | int | None, raw: str) -> Mapping[Key, Chosen]:
        """The decisions about a text, by finding."""
        if not self.by_home:
            return {}
        return self.by_home.get((path, record, sha256(raw)), {})

    def written_in(self, path: str, record: str | int | None, raw: str) -> Sequence[tuple[int, int]]:
        """The places in a text whose words people chose."""
        return self.written.get((path, record, sha256(raw)), ()) if self.written else ()

    def count(self) -> int:
        """How many findings are decided by hand."""
        return sum(c.choice is not Choice.WITHDRAWN for about in self.by_home.values() for c in about.values())


def load(folder: Path) -> Choices:
    """The decisions kept in ``folder``; none where there is no such file.

    A last line that was not written to its end is passed over. Raises :class:`MtcleanError` with the line for any other
    that is no decision.
    """
    path = _file_in(folder)
    if not path.is_file():
        return Choices()
    with told(str(path)):
        *whole, torn = path.read_bytes().split(b"\n")
    choices = Choices()
    for number, line in enumerate(whole, start=1):
        if line.strip():
            choices.add(_read(line, f"{path}:{number}"))
    if torn.strip():
        with contextlib.suppress(MtcleanError):  # the machine may have stopped while it was written
            choices.add(_read(torn, f"{path}:{len(whole) + 1}"))
    return choices


def append(folder: Path, chosen: Iterable[Chosen]) -> None:
    """Write decisions to the end of the file in ``folder``, safe from a crash once this returns."""
    path = _file_in(folder)
    data = "".join(dump(asdict(line)) + "\n" for line in chosen).encode()
    with told(str(path)), path.open("ab") as stream:
        if stream.tell() and not _ends_whole(path):
            torn = path.read_bytes().rpartition(b"\n")[2]
            if _is_line(torn):
                data = b"\n" + data
            else:  # in the middle of the file it would be an error
                stream.truncate(stream.tell() - len(torn))
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def stamp(folder: Path) -> tuple[int, ...] | None:
    """What changes whenever the file in ``folder`` does; ``None`` where there is none."""
    try:
        status = (folder / FILE_NAME).stat()
    except OSError:  # whoever reads it is told why
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def can_be_written(text: str) -> bool:
    """Whether a text can stand in every kind of file: not half a surrogate pair, nor what marks a file as binary."""
    return not any(char == "\x00" or "\ud800" <= char <= "\udfff" for char in text)


def _file_in(folder: Path) -> Path:
    """Where the decisions of a folder are; raises :class:`MtcleanError` where something else has their place."""
    path = folder / FILE_NAME
    with told(str(path)):
        if path.is_symlink():  # which may lead anywhere
            raise MtcleanError(str(path), "is a link, and decisions are kept in the folder alone", "put the file there")
        if path.exists() and not path.is_file():
            raise MtcleanError(str(path), "is no file, and decisions are kept under this name", "move it away")
    return path


def _is_line(line: bytes) -> bool:
    try:
        _read(line, "")
    except MtcleanError:
        return False
    return True


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) == b"\n"


def _read(line: bytes, place: str) -> Chosen:
    try:
        row: Any = json.loads(line)
        known = {f.name for f in fields(Chosen)}
        chosen = Chosen(**{key: value for key, value in row.items() if key in known})
        chosen = replace(chosen, choice=Choice(chosen.choice))
        _check(chosen)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise MtcleanError(place, "this is no decision", f"delete the line, or the whole {FILE_NAME}") from error
    return chosen


def _check(chosen: Chosen) -> None:
    texts = (chosen.path, chosen.raw_sha256, chosen.code, chosen.raw, chosen.verdict, chosen.reason)
    offsets = (chosen.start, chosen.end)
    if not all(isinstance(value, str) for value in texts) or any(type(offset) is not int for offset in offsets):
        raise TypeError("a value is of another kind than mtclean writes")
    if not isinstance(chosen.record, str | int | None):
        raise TypeError("a record's name is of another kind than mtclean writes")
    if chosen.end - chosen.start != len(chosen.raw) or not isinstance(chosen.fix, str | None):
        raise ValueError("the span is not that of its text")
    if (chosen.choice is Choice.EDITED) != isinstance(chosen.text, str):
        raise ValueError("an edit by hand needs its text")
    if not can_be_written(chosen.text or ""):
        raise ValueError("no file can hold this text")
    Verdict(chosen.verdict)


def home_of(clean: str) -> tuple[Path, str] | None:
    """The nearest folder above a clean file that keeps decisions, and the file's path below it."""
    path = Path(os.path.abspath(clean))  # noqa: PTH100 (a link's own place counts, and no ".." may stay)
    for folder in path.parents:
        if keeps_decisions(folder / FILE_NAME):
            return folder, path.relative_to(folder).as_posix()
    return None


def chosen(
    path: str, record: str | int | None, raw: str, decision: Decision, choice: Choice, text: str | None = None
) -> Chosen:
    """The line for a choice made now about a decision on the text ``raw``; ``text`` is that of an edit by hand."""
    own = decision.was or decision
    return Chosen(
        path=path,
        record=record,
        raw_sha256=sha256(raw),
        code=own.finding.code,
        start=own.start,
        end=own.end,
        raw=own.raw,
        fix=own.fix,
        verdict=own.verdict.value,
        reason=own.reason,
        choice=choice,
        text=text if choice is Choice.EDITED else None,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def made_again(
    decisions: Sequence[Decision], choices: Mapping[Key, Chosen], written: Sequence[tuple[int, int]] = ()
) -> tuple[Decision, ...]:
    """The decisions of the cleaner, with those that people took in their place.

    An edit of what people wrote at the places ``written`` is one that they reject, unless they chose otherwise.
    An edit that a person accepted or wrote goes before the cleaner's own ones that it overlaps; of two by hand that
    overlap, the earlier in the text does. What gives way is open, and its reason says to what.
    """
    own = [decision.was or decision for decision in decisions]
    if not choices and not written:
        return tuple(own)
    wanted = [_wanted(decision, choices.get(key_of(decision))) for decision in own]
    wanted = [_unwritten(decision, written) for decision in wanted]
    by_hand: list[Decision] = []
    for decision in sorted((d for d in wanted if _is_edit_by_hand(d)), key=lambda d: d.start):
        if not by_hand or by_hand[-1].end <= decision.start:
            by_hand.append(decision)
    starts = [decision.start for decision in by_hand]
    return tuple(_beside(decision, by_hand, starts) for decision in wanted)


def _beside(decision: Decision, by_hand: Sequence[Decision], starts: Sequence[int]) -> Decision:
    """The decision as it is beside the edits by hand, which are disjoint and in order."""
    if decision.verdict is not Verdict.APPLIED:
        return decision
    before = bisect.bisect_left(starts, decision.end)
    if not before or by_hand[before - 1].end <= decision.start or by_hand[before - 1] is decision:
        return decision
    reason = f"gives way to {by_hand[before - 1].finding.code} at the same place"
    return replace(decision, verdict=Verdict.OPEN, reason=reason, was=decision.was or decision)


def is_by_hand(decision: Decision) -> bool:
    """Whether a person decided it."""
    return decision.reason.endswith(BY_HAND)


def choice_of(decision: Decision) -> Choice | None:
    """What a person chose, where the decision tells that one did."""
    if decision.was is None or not is_by_hand(decision):
        return None
    word = decision.reason.removesuffix(BY_HAND).strip()
    return Choice(word) if word in tuple(Choice) else None


def _is_edit_by_hand(decision: Decision) -> bool:
    return decision.verdict is Verdict.APPLIED and is_by_hand(decision)


def _wanted(decision: Decision, chosen: Chosen | None) -> Decision:
    if chosen is None or chosen.choice is Choice.WITHDRAWN:
        return decision
    if chosen.choice is Choice.ACCEPTED and decision.fix is None:
        return decision
    made = replace(decision, reason=f"{chosen.choice} {BY_HAND}", was=decision)
    match chosen.choice:
        case Choice.ACCEPTED:
            return replace(made, verdict=Verdict.APPLIED)
        case Choice.EDITED:
            return replace(made, verdict=Verdict.APPLIED, fix=chosen.text)
        case Choice.REJECTED:
            return replace(made, verdict=Verdict.REFUSED)
        case _:
            return replace(made, verdict=Verdict.OPEN)


def _unwritten(decision: Decision, written: Sequence[tuple[int, int]]) -> Decision:
    is_edit = decision.verdict is Verdict.APPLIED and decision.was is None
    if is_edit and any(start < decision.end and decision.start < end for start, end in written):
        return replace(decision, verdict=Verdict.REFUSED, reason=f"{Choice.REJECTED} {BY_HAND}", was=decision)
    return decision


def text_of(raw: str, decisions: Sequence[Decision]) -> str:
    """What a raw text becomes by its decisions."""
    return replay(raw, sorted(decisions, key=lambda decision: decision.start))
