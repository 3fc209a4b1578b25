"""The difference between raw and clean text: a unified diff for ``patch``, a word-level one for people."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


def unified(raw: str, clean: str, name: str) -> str:
    """A unified diff that ``patch`` applies to the raw file byte for byte; empty where nothing changed.

    Lines are cut at line feeds only, so that a carriage return stays part of its line.
    """
    label = name.removeprefix("/")
    rows = difflib.unified_diff(_LINES.findall(raw), _LINES.findall(clean), f"a/{label}", f"b/{label}")
    return "".join(row if row.endswith("\n") else row + "\n\\ No newline at end of file\n" for row in rows)


def words(raw: str, clean: str, *, colour: bool) -> Iterator[str]:
    """The changed lines, each with its deleted and inserted words marked; aligned without a trail."""
    before, after = raw.splitlines(), clean.splitlines()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        pairs = max(i2 - i1, j2 - j1)
        for offset in range(pairs):
            old = before[i1 + offset] if i1 + offset < i2 else ""
            new = after[j1 + offset] if j1 + offset < j2 else ""
            yield f"{i1 + offset + 1}: {_marked(old, new, colour=colour)}"


def _marked(old: str, new: str, *, colour: bool) -> str:
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    parts: list[str] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append("".join(a[i1:i2]))
            continue
        deleted, inserted = "".join(a[i1:i2]), "".join(b[j1:j2])
        if deleted:
            parts.append(f"\x1b[9;31m{deleted}\x1b[0m" if colour else f"[-{deleted}-]")
        if inserted:
            parts.append(f"\x1b[1;32m{inserted}\x1b[0m" if colour else f"{{+{inserted}+}}")
    return "".join(parts)
