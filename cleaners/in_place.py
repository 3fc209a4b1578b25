"""What people decided about a file that is cleaned in place, where a folder above it keeps decisions.

Such a file is raw text only once. Cleaned again, it is what became of that text, and a decision, which belongs to the
raw text, would not be found: what was rejected would come back, and what a person wrote would be edited. The trail
beside the file leads back to the raw text, so each place that was decided about is known again in the clean one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from cleaners import choices, cleaned
from cleaners.choices import Choice, Choices, Chosen
from cleaners.core import Decision, Verdict
from cleaners.errors import MtcleanError
from cleaners.files import Source
from cleaners.files.places import local_part
from cleaners.formats import Fields, read_records
from cleaners.trail import SUFFIX, sha256


def decided(source: Source, text_field: str) -> Choices:
    """The decisions about the texts of a file as it is now, under the name that ``source`` has for it.

    There are none where no folder above the file keeps any. Raises :class:`MtcleanError` where they cannot be read.
    """
    local = local_part(source.path)
    home = choices.home_of(local) if local else None
    found = Choices()
    if local is None or home is None:
        return found
    folder, name = home
    for chosen in _by_path(folder, choices.stamp(folder)).get(name, ()):
        found.add(replace(chosen, path=source.relative))
    if cleaned.has_trail(Path(local)) and _tells_of_people(Path(local + SUFFIX)):
        # Where it was changed since, or its trail does not lead back, it is a new text.
        with contextlib.suppress(MtcleanError):
            _carry_over(source, Fields(text_field, skip_bad=True), found)
    return found


class Names:
    """The names of a file's records, held against each other: no trail could say of which of two alike it tells."""

    def __init__(self) -> None:
        """Begin with the first record."""
        self._seen: set[str | int] = set()
        self._twice: set[str | int] = set()
        self._told: dict[str | int, None] = {}

    def see(self, name: str | int | None, *, is_told: bool) -> None:
        """Take in the next record; ``is_told`` where the trail tells of it."""
        if name is None:
            return
        if name in self._seen:
            self._twice.add(name)
        self._seen.add(name)
        if is_told:
            self._told[name] = None

    def check(self, place: str) -> None:
        """Raise :class:`MtcleanError` where the raw text of a record would be lost."""
        for name in self._told:
            if name in self._twice:
                what = f"several records have the id {name!r}, so that no trail could lead back to the raw text"
                raise MtcleanError(place, what, "give each its own id, or clean into a folder with -o DIR")


@lru_cache(maxsize=4)
def _by_path(folder: Path, stamp: object) -> Mapping[str, Sequence[Chosen]]:
    """The decisions of a folder by file; read once for all of its files, until ``stamp`` tells that they changed."""
    found: dict[str, list[Chosen]] = {}
    for (path, *_), about in choices.load(folder).by_home.items():
        found.setdefault(path, []).extend(about.values())
    return found


def _tells_of_people(path: Path) -> bool:
    """Whether a trail has any decision of a person: most have none, and need not be read whole."""
    with path.open("rb") as rows:
        return any(choices.BY_HAND.encode() in row for row in rows)


def _carry_over(source: Source, fields: Fields, found: Choices) -> None:
    """Add what the trail tells of people to the decisions ``found``, each at its place in the text as it is now."""
    for record, text, decisions in _texts(source, fields):
        for decision in _moved(decisions):
            if decision.verdict is Verdict.APPLIED:
                place = (decision.start, decision.start + len(decision.fix or ""))
                found.written.setdefault((source.relative, record, sha256(text)), []).append(place)
            elif text[decision.start : decision.end] == decision.raw:
                choice = Choice.UNDONE if choices.choice_of(decision) is Choice.UNDONE else Choice.REJECTED
                own = replace(decision.was or decision, start=decision.start, end=decision.end)
                found.add(choices.chosen(source.relative, record, text, own, choice))


def _texts(source: Source, fields: Fields) -> Iterator[tuple[str | int | None, str, Sequence[Decision]]]:
    """Each text as it is now, with its name and decisions; none of them applied where it still is the raw text.

    That is so where the machine stopped when the trail was in place, and the clean text was not.
    """
    file = cleaned.load(source)
    if cleaned.digest(source) != file.header.raw_sha256:
        yield from ((text.record, text.clean, text.decisions) for text in file.texts(fields))
        return
    told = cleaned.by_record(file.trail, source.path + SUFFIX, source, fields)
    for record in read_records(source, fields):
        rows = [decision for _, decision in told.get(record.record, ()) if decision.verdict is not Verdict.APPLIED]
        yield record.record, record.text, rows


def _moved(decisions: Sequence[Decision]) -> Iterator[Decision]:
    """What people decided, each with the place that it has in the clean text."""
    shift = 0
    for decision in decisions:
        if choices.is_by_hand(decision):
            yield replace(decision, start=decision.start + shift, end=decision.end + shift)
        if decision.verdict is Verdict.APPLIED:
            shift += len(decision.fix or "") - (decision.end - decision.start)
