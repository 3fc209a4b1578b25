"""Writes a report: a page for each document in which something was found, and the index."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from cleaners.cleaned import Text
from cleaners.core import Rule
from cleaners.errors import MtcleanError
from cleaners.files import atomic_output
from cleaners.files.places import delete, told
from cleaners.report.html import pages
from cleaners.report.html.pages import Assets, Page, Tallies

INDEX = "index.html"
_DOCUMENTS = "documents"
_ASSETS = "assets"
_LIST = ".mtclean-report.json"  # the pages that the last report in this folder had
_MOST_FINDINGS = 2_000  # on one page of a file of records; a single text is never split
_LONGEST_NAME = 240  # bytes


@dataclass(slots=True)
class Report:
    """A report that is being written into ``folder``; :meth:`finish` writes the index and makes it whole.

    A page is written when the next one is known, so that each names its neighbours. What a former report left in the
    folder and this one has not is deleted at the end.
    """

    folder: Path
    rules: Mapping[str, Rule]
    index: str = INDEX
    untouched: int = 0
    _listed: list[dict[str, Any]] = field(default_factory=list)
    _tallies: Tallies = field(default_factory=Counter)
    _written: dict[str, None] = field(default_factory=dict)
    _waiting: tuple[Page, str] | None = None
    _last: str | None = None

    def add(self, name: str, texts: Iterable[Text], notes: Sequence[str] = ()) -> None:
        """Add a document by its path below the clean folder; one without findings is only counted."""
        number = 0
        for number, part in enumerate(parts(text for text in texts if text.decisions), start=1):
            label = name if number == 1 else f"{name} (part {number})"
            place = self._place(name, number)
            page = Page(label, part, Assets(_up(place) + f"{_ASSETS}/"), _up(place) + quote(self.index), notes=notes)
            tallies = pages.tallies_of(part)
            self._tallies += tallies
            self._listed.append(pages.index_row(label, _href(place), tallies))
            self._follow((page, place))
        if not number and notes:
            self._listed.append(pages.index_row(name, "", Counter(), "; ".join(notes)))
        self.untouched += not number and not notes

    def finish(self) -> Path:
        """Write the last page, the index and what they need; gives the place of the index."""
        self._follow(None)
        for name in ("report.css", "report.js"):
            self._write(f"{_ASSETS}/{name}", pages.asset(name))
        listed = sorted(self._listed, key=lambda row: str(row["name"]))
        self._write(self.index, pages.index(listed, self._tallies, self.rules, self.untouched))
        self._forget()
        return self.folder / self.index

    def _follow(self, after: tuple[Page, str] | None) -> None:
        """Write the page that waits, now that it is known which one follows."""
        if self._waiting is not None:
            page, place = self._waiting
            page.before = self._last and _up(place) + _href(self._last)
            page.after = after and _up(place) + _href(after[1])
            self._write(place, pages.document(page, self.rules))
            self._last = place
        self._waiting = after

    def _place(self, name: str, part: int) -> str:
        """Where a document's page goes: by its own path, which nobody else has."""
        path = PurePosixPath(*(piece for piece in PurePosixPath(name).parts if piece not in ("/", "..")))
        last = path.name
        if len(last.encode("utf-8", "surrogateescape")) > _LONGEST_NAME:
            last = sha256(last.encode("utf-8", "surrogateescape")).hexdigest()
        suffix = f".part{part}.html" if part > 1 else ".html"
        place = f"{_DOCUMENTS}/{path.with_name(last)}{suffix}"
        number = 1
        while place in self._written or (self._waiting and place == self._waiting[1]):
            number += 1
            place = f"{_DOCUMENTS}/{path.with_name(last)}.{number}{suffix}"
        return place

    def _write(self, place: str, page: str) -> None:
        self._written[place] = None
        with atomic_output(str(self.folder / place)) as out:
            out.write(page.encode("utf-8", "replace"))

    def _forget(self) -> None:
        """Delete the pages of the last report that this one has not, and note which ones this one has."""
        record = self.folder / _LIST
        for place in set(_listed_in(record)) - set(self._written):
            path = self.folder / place
            if path.resolve().is_relative_to(self.folder.resolve()):
                delete(str(path))
        with atomic_output(str(record)) as out:
            out.write(json.dumps([*self._written], indent=0).encode())


def single(path: Path, name: str, texts: Iterable[Text], rules: Mapping[str, Rule], notes: Sequence[str] = ()) -> None:
    """Write the page of one document into one file that needs no other."""
    page = Page(name, list(texts), Assets(), notes=notes)
    with atomic_output(str(path)) as out:
        out.write(pages.document(page, rules).encode("utf-8", "replace"))


def _listed_in(record: Path) -> list[str]:
    if not record.is_file():
        return []
    with told(str(record)):
        data = record.read_bytes()
    try:
        places = json.loads(data)
    except ValueError as error:
        raise MtcleanError(str(record), "this is no list of pages", "delete the folder of the report") from error
    return [place for place in places if isinstance(place, str)] if isinstance(places, list) else []


def parts(texts: Iterable[Text]) -> Iterator[list[Text]]:
    """Texts by the pageful: of a file of records a page holds some, but never a part of one."""
    part: list[Text] = []
    findings = 0
    for text in texts:
        if part and findings + len(text.decisions) > _MOST_FINDINGS:
            yield part
            part, findings = [], 0
        part.append(text)
        findings += len(text.decisions)
    if part:
        yield part


def _up(place: str) -> str:
    """The way from a page to the folder of the report."""
    return "../" * place.count("/")


def _href(place: str) -> str:
    return quote(place, errors="surrogateescape")
