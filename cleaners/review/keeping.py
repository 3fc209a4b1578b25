"""Turns a decision into something that lasts: a hit set aside, or an entry of a glossary.

What else in the folder it would touch is shown first.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaners import choices, cleaned, glossary_edit, glossary_trial, ignore
from cleaners.config import Settings
from cleaners.core import Decision, Document
from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError
from cleaners.glossary_file import KINDS, Entry
from cleaners.ignore import IgnoreList
from cleaners.review.folder import Folder, Opened, StaleError

GLOSSARY_NAME = "mtclean-glossary.yaml"
MOST_SHOWN = 50  # places of a preview that are shown one by one
_AROUND = 40  # code points


@dataclass(frozen=True, slots=True)
class Place:
    """One place that would be touched: where, and the words there."""

    where: str
    before: str
    raw: str
    fix: str | None
    after: str
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What something would touch: how many places in how many documents, and the first of them."""

    count: int
    documents: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where hits are set aside and names are added; both files are settled before the server starts."""

    folder: Folder
    settings: Settings
    ignore_file: Path
    glossary_file: Path

    def ignore_preview(self, opened: Opened, number: int) -> Preview:
        """The findings of the folder that would be left alone together with this one."""
        home, decision = _found(opened, number)
        entry = ignore.entry_of(home, decision.start, decision.end, decision.finding.code)
        return _counted(self._hits(IgnoreList(frozenset([entry])), decision))

    def set_aside(self, opened: Opened, number: int) -> str:
        """Write this finding into the ignore file; gives its path."""
        home, decision = _found(opened, number)
        self._check_place(self.ignore_file)
        entry = ignore.entry_of(home, decision.start, decision.end, decision.finding.code, path=home.path)
        if not all(choices.can_be_written(text) for text in (entry.text, entry.before, entry.after, home.path)):
            what = "its name, or its words here, are no Unicode text, and cannot be kept"
            raise MtcleanError(opened.entry.relative, what, "mend them first")
        ignore.write(self.ignore_file, [(home, decision)])
        return str(self.ignore_file)

    def glossary_preview(self, keys: Mapping[str, Any]) -> Preview:
        """The places in the clean texts of the folder that an entry of these keys would act on."""
        entry = glossary_trial.entry_from(_entry(keys))
        names = [str(self.folder.path(item.relative)) for item in self.folder.entries()]
        cleaner = Cleaner(self.settings)
        return _counted(_place_of(hit, self.folder.root) for name in names for hit in _hits_in(cleaner, entry, name))

    def add(self, keys: Mapping[str, Any]) -> str:
        """Write an entry of these keys into the glossary file; gives its path."""
        self._check_place(self.glossary_file)
        glossary_edit.add(self.glossary_file, [_entry(keys)])
        return str(self.glossary_file)

    def _check_place(self, file: Path) -> None:
        """A file of the folder's own may not be a link out of it; one that the user named may lie anywhere."""
        if file.is_symlink() and file.parent.resolve() == self.folder.root.resolve():
            raise MtcleanError(str(file), "is a link, and nothing outside of the folder is written", "name its target")

    def _hits(self, aside: IgnoreList, like: Decision) -> Iterator[tuple[str, Place]]:
        """The findings of the folder that ``aside`` matches; only texts with one like it are looked at closely."""
        for entry in self.folder.entries():
            try:
                found = cleaned.load(self.folder.source(entry))
                if not any(row["code"] == like.finding.code for row in found.trail.rows):
                    continue
                for text in found.texts(self.folder.fields):
                    document = Document(text.raw, path=found.header.path, record=text.record)
                    for decision in text.decisions:
                        if aside.matches(document, decision.start, decision.end, decision.finding):
                            yield entry.relative, _place(entry.relative, document, decision)
            except (MtcleanError, StaleError):  # it stands in the list with the reason
                continue


def _hits_in(cleaner: Cleaner, entry: Entry, name: str) -> Iterator[glossary_trial.Hit]:
    """What an entry would touch in one file, as far as that can be read."""
    with contextlib.suppress(MtcleanError):
        yield from glossary_trial.try_entry(cleaner, entry, [name])


def _found(opened: Opened, number: int) -> tuple[Document, Decision]:
    index, decision = opened.decision(number)
    text = opened.texts[index]
    return Document(text.raw, path=opened.header.path, record=text.record), decision


def _entry(keys: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a glossary entry from what the page sends; raises :class:`StaleError` for what is none."""
    term, variant, kind = (keys.get(key) for key in ("term", "variant", "kind"))
    if not isinstance(term, str) or not term.strip() or kind not in KINDS:
        raise StaleError("an entry needs a term, and a kind")
    entry: dict[str, Any] = {"term": term.strip(), "kind": kind}
    if keys.get("keep"):
        return entry | {"keep": True}
    if not isinstance(variant, str) or not variant.strip() or variant.strip() == term.strip():
        raise StaleError("an entry needs a variant that is not the term")
    entry["variants"] = [variant.strip()]
    company = keys.get("document") or ""
    if not isinstance(company, str):
        raise StaleError("the words of the document must be a text")
    words = [word.strip() for word in company.split(",") if word.strip()]
    return entry | ({"when": {"document": words}} if words else {})


def _counted(hits: Iterator[tuple[str, Place]]) -> Preview:
    places: list[Place] = []
    documents: set[str] = set()
    count = 0
    for name, place in hits:
        count += 1
        documents.add(name)
        if len(places) < MOST_SHOWN:
            places.append(place)
    return Preview(count, len(documents), tuple(places))


def _place(name: str, document: Document, decision: Decision) -> Place:
    text = document.text
    line = text.count("\n", 0, decision.start) + 1
    before = text[max(0, decision.start - _AROUND) : decision.start].rpartition("\n")[2]
    after = text[decision.end : decision.end + _AROUND].partition("\n")[0]
    return Place(_where(name, document.record, line), before, decision.raw, None, after)


def _place_of(hit: glossary_trial.Hit, root: Path) -> tuple[str, Place]:
    name = Path(hit.path).relative_to(root).as_posix()
    return name, Place(_where(name, hit.record, hit.line), hit.before, hit.raw, hit.fix, hit.after, hit.refused)


def _where(name: str, record: str | int | None, line: int) -> str:
    return f"{name}:{line}" if record is None else f"{name} (record {record})"
