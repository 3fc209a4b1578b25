"""Shows what an entry would do to a corpus before anybody saves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cleaners import files, formats
from cleaners.core import Document, Finding
from cleaners.engine import Cleaner
from cleaners.glossary import compile_entries
from cleaners.glossary_file import Entry, entry_of
from cleaners.guard import Guards
from cleaners.jobs import document_of
from cleaners.yamlsource import Node

_AROUND = 40  # code points shown on either side


@dataclass(frozen=True, slots=True)
class Hit:
    """One place an entry would touch: where, the words around it, and the guards' reason if they refuse."""

    path: str
    record: str | int | None
    line: int
    column: int
    before: str
    raw: str
    fix: str | None
    after: str
    refused: str | None

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}:{self.column}" + (
            f" (record {self.record})" if self.record is not None else ""
        )
        change = f"[{self.raw} → {self.fix}]" if self.fix is not None else f"[{self.raw}]"
        return f"{where}: {self.before}{change}{self.after}" + (f"  (refused: {self.refused})" if self.refused else "")


def try_entry(cleaner: Cleaner, entry: Entry, paths: Sequence[str]) -> Iterator[Hit]:
    """Every place of the texts at ``paths`` where ``entry`` alone would act, in their order."""
    glossary = compile_entries([entry])
    guards = Guards(cleaner.glossary.protected)
    settings = cleaner.settings
    fields = formats.Fields(settings.text_field, settings.source_field, skip_bad=True)
    for source in files.discover(list(paths)):
        for record in formats.read_records(source, fields):
            document = document_of(source, record, settings)
            found = [f for f in glossary.find(document) if not document.is_shielded(f.start, f.end)]
            for finding in sorted(found, key=lambda f: f.start):
                yield _hit(document, finding, guards(document, finding) if finding.fix is not None else None)


def entry_from(keys: Mapping[str, Any]) -> Entry:
    """The entry that a file with these keys would hold, checked as such; ``command line`` is its place."""
    return entry_of(_node(dict(keys)))


def _node(value: Any) -> Node:
    if isinstance(value, dict):
        value = {key: _node(item) for key, item in value.items()}
    elif isinstance(value, list):
        value = [_node(item) for item in value]
    return Node(value, "command line", 1, 1)


def _hit(document: Document, finding: Finding, refused: str | None) -> Hit:
    text, start, end = document.text, finding.start, finding.end
    line_start = text.rfind("\n", 0, start) + 1
    return Hit(
        path=document.path,
        record=document.record,
        line=text.count("\n", 0, start) + 1,
        column=start - line_start + 1,
        before=_one_line(text[max(line_start, start - _AROUND) : start]),
        raw=text[start:end],
        fix=finding.fix,
        after=_one_line(text[end : end + _AROUND].partition("\n")[0]),
        refused=refused,
    )


def _one_line(text: str) -> str:
    return text.replace("\r", "").replace("\t", " ")
