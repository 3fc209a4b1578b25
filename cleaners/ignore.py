"""Single hits that the user has set aside, kept in ``mtclean-ignore.yaml``.

An entry is keyed by the rule, the words of the hit and the words around it in the same paragraph, never by
a line or an offset: an edit elsewhere in the document does not unhook it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cleaners import yamlsource
from cleaners.core import Decision, Document, Finding
from cleaners.errors import MtcleanError

FILE_NAME = "mtclean-ignore.yaml"
_KEYS = ("code", "text", "before", "after", "path", "reason")
_CONTEXT_WORDS = 4
_WORD = re.compile(r"\S+")
_LINE_BREAK = re.compile("[\n\r\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class IgnoreEntry:
    """One hit: its rule's code, its words, and up to four words on either side; ``path`` narrows it."""

    code: str
    text: str
    before: str = ""
    after: str = ""
    path: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class IgnoreList:
    """The entries of one file, ready to be asked."""

    entries: frozenset[IgnoreEntry] = frozenset()

    def matches(self, document: Document, start: int, end: int, finding: Finding) -> bool:
        """Whether the hit at ``[start, end)`` of the raw ``document`` is set aside."""
        if not any(entry.code == finding.code for entry in self.entries):
            return False
        hit = entry_of(document, start, end, finding.code)
        return any(
            (entry.code, entry.text, entry.before, entry.after) == (hit.code, hit.text, hit.before, hit.after)
            and (entry.path is None or _same_path(entry.path, document.path))
            for entry in self.entries
        )


def load(path: Path) -> IgnoreList:
    """Read an ignore file; raises :class:`MtcleanError` with file, line and column for what is wrong in it."""
    root = yamlsource.load(path)
    if root.value is None:
        return IgnoreList()
    top = root.mapping(("ignore",), "an ignore file")
    entries = []
    for node in top["ignore"].items("ignore") if "ignore" in top and top["ignore"].value else []:
        keys = node.mapping(_KEYS, "an ignore entry")
        if "code" not in keys or "text" not in keys:
            raise node.fail("an ignore entry needs 'code' and 'text'", "write it with mtclean check --write-ignore")
        values = {key: value.string(key) for key, value in keys.items() if value.value not in (None, "")}
        if not {"code", "text"} <= values.keys():
            raise node.fail("'code' and 'text' may not be empty", "name the rule and the words of the hit")
        entries.append(IgnoreEntry(**values))
    return IgnoreList(frozenset(entries))


def write(path: Path, decisions: Iterable[tuple[Document, Decision]]) -> int:
    """Add the hits to the file at ``path`` and give their number; what it held already stays.

    The file is written whole to a temporary name and then renamed.
    """
    import yaml

    from cleaners.files import atomic_output

    old = load(path).entries if path.exists() else frozenset()
    new = [entry_of(doc, d.start, d.end, d.finding.code, path=doc.path or None) for doc, d in decisions]
    added = [entry for entry in dict.fromkeys(new) if entry not in old]
    rows = []
    for entry in (*sorted(old, key=_order), *added):
        row = {key: getattr(entry, key) for key in ("path", "code", "text", "before", "after", "reason")}
        rows.append({key: value for key, value in row.items() if value})
    _refuse_half_characters(path, added)
    head = "# Hits that mtclean leaves alone. One entry a hit: its rule, its words and the words around it.\n"
    body = yaml.safe_dump({"ignore": rows}, allow_unicode=True, sort_keys=False, width=100)
    with atomic_output(str(path)) as stream:
        stream.write((head + body).encode())
    return len(added)


def _refuse_half_characters(path: Path, entries: Iterable[IgnoreEntry]) -> None:
    """YAML can hold neither half a surrogate pair nor a path that is no UTF-8, and could not be read again."""
    for entry in entries:
        try:
            f"{entry.path}{entry.text}{entry.before}{entry.after}".encode()
        except UnicodeEncodeError as error:
            what = f"a hit of {entry.code} cannot be written, its words or its path are no Unicode text"
            raise MtcleanError(str(path), what, "leave that document out") from error


def entry_of(document: Document, start: int, end: int, code: str, path: str | None = None) -> IgnoreEntry:
    """The entry for the hit at ``[start, end)`` of the raw ``document``; with ``path`` for that document alone."""
    text = document.text
    # One line's words at most, and never a scan of a line as long as the document.
    before = _WORD.findall(_LINE_BREAK.split(text[max(0, start - 200) : start])[-1])[-_CONTEXT_WORDS:]
    after = _WORD.findall(_LINE_BREAK.split(text[end : end + 200], maxsplit=1)[0])[:_CONTEXT_WORDS]
    return IgnoreEntry(code, _squeezed(text[start:end]), " ".join(before), " ".join(after), path)


def _squeezed(text: str) -> str:
    """The hit's words; a long hit (a link list) is known by its head."""
    words = " ".join(_WORD.findall(text))
    return words if len(words) <= 120 else words[:119] + "…"


def _same_path(entry: str, path: str) -> bool:
    return entry == path or path.endswith("/" + entry) or entry.endswith("/" + path)


def _order(entry: IgnoreEntry) -> tuple[str, ...]:
    return (entry.path or "", entry.code, entry.before, entry.text)
