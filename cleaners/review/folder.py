"""The folder under review: its clean files with their trails, and nothing outside it."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from cleaners import choices, cleaned, files, formats, trail
from cleaners.batch import lock, quarantine
from cleaners.choices import Choice, Choices, Chosen
from cleaners.cleaned import CleanFile, Text
from cleaners.core import Decision, Level, Verdict
from cleaners.errors import MtcleanError
from cleaners.files import Source, atomic_output
from cleaners.files.places import told
from cleaners.formats import Fields, Record
from cleaners.report.html.pages import Tallies, tallies_of
from cleaners.review import mending
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
class Glance:
    """What the list tells of a clean file: its findings, counted, and why it cannot be reviewed, if it cannot."""

    tallies: Tallies
    note: str = ""


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
        self._stamp = choices.stamp(self.root)
        self.choices: Choices = choices.load(self.root)
        self._glances: dict[str, tuple[object, Glance]] = {}

    def entries(self) -> list[Entry]:
        """The clean files that have a trail, by their paths."""
        return sorted((Entry(_id(name), name) for name in self._names()), key=lambda entry: entry.relative)

    def find(self, id_: str) -> Entry:
        """The clean file of this id; raises :class:`StaleError` where there is none."""
        found = next((name for name in self._names() if _id(name) == id_), None)
        if found is not None:
            return Entry(id_, found)
        raise StaleError("there is no such document; go back to the list")

    def path(self, relative: str) -> Path:
        """The path of what lies in the folder; raises :class:`StaleError` for one that leads out of it."""
        path = self.root / relative
        if not self._is_inside(path):
            raise StaleError("this lies outside of the folder")
        return path

    def refresh(self) -> None:
        """Read the decisions again where another program has added to them: the file says what counts."""
        stamp = choices.stamp(self.root)
        if stamp != self._stamp:
            self.choices, self._stamp = choices.load(self.root), stamp

    def glance(self, entry: Entry) -> Glance:
        """What the list tells of a clean file, from its trail alone; read again only when one of the two changes."""
        paths = [f"{self.root / entry.relative}{suffix}" for suffix in ("", trail.SUFFIX)]
        try:
            states = [os.stat(path) for path in paths]  # noqa: PTH116 (a Path for each costs more than the call)
        except OSError:
            return Glance(Counter(), "it is gone")
        key = [(state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns) for state in states]
        known = self._glances.get(entry.id)
        if known is None or known[0] != key:
            known = self._glances[entry.id] = (key, self._glanced(entry))
        return known[1]

    def _glanced(self, entry: Entry) -> Glance:
        try:
            source = self.source(entry)
            found = cleaned.load(source)
            if cleaned.digest(source) != found.header.clean_sha256:
                return Glance(tallies_of(self.open(entry).texts))
            rows = found.trail.rows
            return Glance(
                Counter((row["code"], Level(row["level"]).value, Verdict(row["verdict"]).value) for row in rows)
            )
        except (MtcleanError, StaleError) as error:
            return Glance(Counter(), str(error))
        except (KeyError, TypeError, ValueError):
            return Glance(Counter(), "its trail is not as mtclean writes it; clean the file again")

    def source(self, entry: Entry) -> Source:
        """The clean file as a source; neither it nor its trail may lead out of the folder."""
        self.path(entry.relative + trail.SUFFIX)
        path = self.path(entry.relative)
        with told(str(path)):
            if path.stat().st_size > _LARGEST:
                raise MtcleanError(entry.relative, "over 64 MiB, too large to be reviewed", "split it")
        return replace(files.discover([str(path)])[0], relative=entry.relative)

    def open(self, entry: Entry) -> Opened:
        """Read a clean file; what was decided since it was written is done first.

        Raises :class:`MtcleanError` where it is not as its trail left it.
        """
        self.refresh()
        source = self.source(entry)
        found = cleaned.load(source)
        if cleaned.digest(source) != found.header.clean_sha256:
            self._mend(found, entry)
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
            if cleaned.digest(opened.source) != opened.header.clean_sha256:
                raise StaleError("the file has changed meanwhile; load the page anew")
            self._keep([choices.chosen(opened.entry.relative, home.record, home.raw, decision, choice, text)])
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
            self._keep(new)

    def _keep(self, chosen: Sequence[Chosen]) -> None:
        self.refresh()
        choices.append(self.root, chosen)
        for one in chosen:
            self.choices.add(one)
        self._stamp = choices.stamp(self.root)

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

        # The clean file takes its place before the trail does: mending can tell what happened between the two.
        with atomic_output(path + trail.SUFFIX) as rows, atomic_output(path, mode_from=path,
                                                                       gzipped=source.gzipped) as out:  # fmt: skip
            summary = formats.transform(source, edit, self.fields, out)
            out.flush()
            if summary.raw_sha256 != opened.header.clean_sha256:
                raise StaleError("the file has changed meanwhile; load the page anew")
            header = replace(opened.header, clean_sha256=summary.clean_sha256 or summary.raw_sha256)
            _write_rows(rows, header, texts)
        return Opened(opened.entry, source, header, texts)

    def _mend(self, found: CleanFile, entry: Entry) -> None:
        """Write the trail that a stop of the machine left unwritten, where the decisions prove it."""
        mended = mending.finished(found, entry.relative, self.choices, self.fields)
        if mended is not None:
            with self._alone(), atomic_output(found.source.path + trail.SUFFIX) as rows:
                _write_rows(rows, *mended)

    def _alone(self) -> AbstractContextManager[object]:
        """What keeps a scheduled run out, or tells that one is writing."""
        path = self.root / lock.NAME
        if path.is_symlink():  # it would be written through
            raise MtcleanError(str(path), "is a link, where a run keeps its lock", "remove it")
        return lock.held(str(self.root), f"review-{os.getpid()}")

    def _names(self) -> Iterator[str]:
        """The paths of clean files with a trail, as the folder has them now."""
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if not name.startswith(".") and name != quarantine.FOLDER]
            for name in names:
                if not name.endswith(trail.SUFFIX):
                    continue
                beside = os.path.join(folder, name)  # noqa: PTH118 (thousands of them are asked for with every page)
                path = beside.removesuffix(trail.SUFFIX)
                links = [link for link in (path, beside) if os.path.islink(link)]  # noqa: PTH114 (as above)
                is_file = os.path.isfile(path)  # noqa: PTH113 (as above)
                if is_file and all(self._is_inside(Path(link)) for link in links):
                    yield os.path.relpath(path, self.root)

    def _is_inside(self, path: Path) -> bool:
        try:
            return path.resolve().is_relative_to(self._real)
        except (OSError, RuntimeError):  # links in a circle
            return False


def _write_rows(out: BinaryIO, header: Header, texts: Sequence[Text]) -> None:
    out.write((header.line() + "\n").encode())
    for text in texts:
        for row in trail.trail_rows(header.path, text.record, text.raw, text.decisions):
            out.write((trail.dump(row) + "\n").encode())
    out.flush()  # a full disk must show before anything takes its place


def _id(relative: str) -> str:
    return hashlib.sha256(os.fsencode(relative)).hexdigest()[:16]
