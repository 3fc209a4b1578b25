"""The folder under review: its clean files with their trails, and nothing outside it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from cleaners import choices, cleaned, files, formats, trail
from cleaners.batch import lock, quarantine
from cleaners.choices import Choice, Choices
from cleaners.cleaned import Text
from cleaners.core import Decision, Verdict
from cleaners.errors import MtcleanError
from cleaners.files import Source, atomic_output
from cleaners.formats import Fields, Record
from cleaners.trail import Header

_LARGEST = 64 * 1024 * 1024  # bytes of a clean file


class StaleError(Exception):
    """What was asked for does not fit what lies in the folder now; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A clean file of the folder: what the address of its page calls it, and its path below the folder."""

    id: str
    relative: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A clean file as it is now, and its texts, decided as far as people have."""

    entry: Entry
    source: Source
    header: Header
    texts: tuple[Text, ...]

    def decision(self, number: int) -> tuple[int, Decision]:
        """The finding of this number, counted through the file, and the number of its text."""
        for index, text in enumerate(self.texts):
            if number < len(text.decisions):
                return index, text.decisions[number]
            number -= len(text.decisions)
        raise StaleError("there is no such finding; load the page anew")


class Folder:
    """Reads the clean files of a folder, and writes them again as people decide.

    Every path is taken from the folder's own listing, and looked at again when it is opened: a link that leads out of
    the folder is as if it were not there.
    """

    def __init__(self, path: str, fields: Fields) -> None:
        """Raises :class:`MtcleanError` where there is no such folder, or its decisions cannot be read."""
        self.root = Path(path)
        if not self.root.is_dir():
            raise MtcleanError(path, "there is no such folder", "name the folder that mtclean clean wrote into")
        self._real = self.root.resolve()
        self.fields = fields
        self.choices: Choices = choices.load(self.root)

    def entries(self) -> list[Entry]:
        """The clean files that have a trail, by their paths."""
        return sorted((Entry(_id(name), name) for name in self._names()), key=lambda entry: entry.relative)

    def find(self, id_: str) -> Entry:
        """The clean file of this id; raises :class:`StaleError` where there is none."""
        for name in self._names():
            if _id(name) == id_:
                return Entry(id_, name)
        raise StaleError("there is no such document; go back to the list")

    def path(self, relative: str) -> Path:
        """The path of what lies in the folder; raises :class:`StaleError` for one that leads out of it."""
        path = self.root / relative
        if not path.resolve().is_relative_to(self._real):
            raise StaleError("this lies outside of the folder")
        return path

    def source(self, entry: Entry) -> Source:
        """The clean file as a source; neither it nor its trail may lead out of the folder."""
        self.path(entry.relative + trail.SUFFIX)
        return replace(files.discover([str(self.path(entry.relative))])[0], relative=entry.relative)

    def open(self, entry: Entry) -> Opened:
        """Read a clean file; what was decided since it was written is done first.

        Raises :class:`MtcleanError` where it is not as its trail left it.
        """
        path = self.path(entry.relative)
        if path.stat().st_size > _LARGEST:
            raise MtcleanError(entry.relative, "over 64 MiB, too large to be reviewed", "split it")
        source = self.source(entry)
        found = cleaned.load(source)
        opened = Opened(entry, source, found.header, tuple(found.texts(self.fields)))
        self._adopt(opened)
        made = tuple(self._made(opened, text) for text in opened.texts)
        return opened if made == opened.texts else self._write(opened, made)

    def decide(self, opened: Opened, number: int, choice: Choice, text: str | None) -> Opened:
        """Take a decision about a finding: it is kept first, and then the clean file and its trail follow."""
        index, decision = opened.decision(number)
        self._check(opened.texts[index], decision, choice, text)
        home = opened.texts[index]
        with self._alone():
            chosen = choices.chosen(opened.entry.relative, home.record, home.raw, decision, choice, text)
            choices.append(self.root, [chosen])
            self.choices.add(chosen)
            made = list(opened.texts)
            made[index] = self._made(opened, home)
            return self._write(opened, tuple(made), locked=True)

    def _check(self, home: Text, decision: Decision, choice: Choice, text: str | None) -> None:
        own = decision.was or decision
        if choice is Choice.ACCEPTED and own.fix is None:
            raise StaleError("there is no fix to accept; write one")
        if choice is Choice.UNDONE and own.verdict is not Verdict.APPLIED:
            raise StaleError("this was not applied, so there is nothing to undo; load the page anew")
        if choice is Choice.REJECTED and own.verdict is Verdict.APPLIED:
            raise StaleError("this is applied: undo it; load the page anew")
        if choice is Choice.EDITED and text is None:
            raise StaleError("an edit needs its text")
        if choice in (Choice.ACCEPTED, Choice.EDITED):
            for other in home.decisions:
                taken = choices.is_by_hand(other) and other.verdict is Verdict.APPLIED
                if taken and other is not decision and other.start < decision.end and decision.start < other.end:
                    raise StaleError(f"it overlaps with {other.finding.code}, decided by hand: take that back first")

    def _adopt(self, opened: Opened) -> None:
        """Keep what was undone by the command line as a decision, too, or the next cleaning would forget it."""
        new, path = [], opened.entry.relative
        for text in opened.texts:
            known = self.choices.of(path, text.record, text.raw)
            for decision in text.decisions:
                choice = choices.choice_of(decision)
                if choice is not None and choices.key_of(decision) not in known:
                    edited = decision.fix if choice is Choice.EDITED else None
                    new.append(choices.chosen(path, text.record, text.raw, decision, choice, edited))
        if new:
            choices.append(self.root, new)
            for chosen in new:
                self.choices.add(chosen)

    def _made(self, opened: Opened, text: Text) -> Text:
        about = self.choices.of(opened.entry.relative, text.record, text.raw)
        decisions = choices.made_again(text.decisions, about)
        return replace(text, decisions=decisions, clean=choices.text_of(text.raw, decisions))

    def _write(self, opened: Opened, texts: tuple[Text, ...], *, locked: bool = False) -> Opened:
        """Write the clean file and its trail as ``texts`` have them; both, or neither."""
        if not locked:
            with self._alone():
                return self._write(opened, texts, locked=True)
        source, path = opened.source, opened.source.path
        by_record = {text.record: text for text in texts}

        def edit(record: Record) -> str:
            text = by_record.get(record.record)
            return record.text if text is None else text.clean

        with atomic_output(path, mode_from=path, gzipped=source.gzipped) as out:
            summary = formats.transform(source, edit, self.fields, out)
            out.flush()  # a full disk must show before the trail is in place
            if summary.raw_sha256 != opened.header.clean_sha256:
                raise StaleError("the file has changed meanwhile; load the page anew")
            header = replace(opened.header, clean_sha256=summary.clean_sha256 or summary.raw_sha256)
            with atomic_output(path + trail.SUFFIX) as rows:
                rows.write((header.line() + "\n").encode())
                for text in texts:
                    for row in trail.trail_rows(header.path, text.record, text.raw, text.decisions):
                        rows.write((trail.dump(row) + "\n").encode())
        return Opened(opened.entry, source, header, texts)

    def _alone(self) -> AbstractContextManager[object]:
        """What keeps a scheduled run out, or tells that one is writing."""
        return lock.held(str(self.root), f"review-{os.getpid()}")

    def _names(self) -> Iterator[str]:
        """The paths of clean files with a trail, as the folder has them now."""
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if not name.startswith(".") and name != quarantine.FOLDER]
            for name in names:
                if not name.endswith(trail.SUFFIX):
                    continue
                path = Path(folder, name.removesuffix(trail.SUFFIX))
                is_inside = all(part.resolve().is_relative_to(self._real) for part in (path, Path(folder, name)))
                if is_inside and path.is_file():
                    yield path.relative_to(self.root).as_posix()


def _id(relative: str) -> str:
    return hashlib.sha256(os.fsencode(relative)).hexdigest()[:16]
