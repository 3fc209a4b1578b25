"""The difference between raw and clean text: a unified diff for ``patch``, a word-level one for people."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

from cleaners.report.terminal import printable

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_SENTENCE = re.compile(r"[^.!?]*[.!?]*\s*")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_LINE_BREAK = re.compile(r"\r\n|[\n\r]")  # the trail counts its lines by the same
_UNSAFE_NAME = re.compile(r'["\\\x00-\x1f\x7f]')
_ESCAPES = {"\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", '"': '"', "\\": "\\"}

# Aligning takes the product of the lengths in the worst case. Up to the first number that is no matter; above
# it difflib may pass over frequent items as anchors; above the second a stretch is shown as replaced whole.
_EXACT = 2_000
_ALIGNED = 20_000

_Opcode = tuple[str, int, int, int, int]


def unified(raw: str, clean: str, name: str) -> str:
    """A unified diff that ``patch`` applies to the raw file byte for byte; empty where nothing changed.

    Lines are cut at line feeds only, so that a carriage return stays part of its line.
    """
    label = name.removeprefix("/")
    old, new = _label(f"a/{label}"), _label(f"b/{label}")
    rows = difflib.unified_diff(_LINES.findall(raw), _LINES.findall(clean), old, new)
    return "".join(row if row.endswith("\n") else row + "\n\\ No newline at end of file\n" for row in rows)


def _label(name: str) -> str:
    """A file name as ``git`` writes it and ``patch`` reads it: in quotes, or with a tab behind one with blanks."""
    if _UNSAFE_NAME.search(name):
        return '"' + _UNSAFE_NAME.sub(lambda m: "\\" + _ESCAPES.get(m.group(), f"{ord(m.group()):03o}"), name) + '"'
    return name + "\t" if " " in name else name


def words(raw: str, clean: str, *, colour: bool) -> Iterator[str]:
    """The changed lines, each with its deleted and inserted words marked; aligned without a trail."""
    before, after = _LINE_BREAK.split(raw), _LINE_BREAK.split(clean)
    for tag, i1, i2, j1, j2 in _aligned(before, after):
        if tag == "equal":
            continue
        pairs = max(i2 - i1, j2 - j1)
        for offset in range(pairs):
            old = before[i1 + offset] if i1 + offset < i2 else ""
            new = after[j1 + offset] if j1 + offset < j2 else ""
            yield f"{i1 + offset + 1}: {_marked(old, new, colour=colour)}"


def _marked(old: str, new: str, *, colour: bool) -> str:
    """One line with its changes; sentences are aligned first, so that a very long line takes no longer."""
    parts: list[str] = []
    a, b = _SENTENCE.findall(old), _SENTENCE.findall(new)
    for tag, i1, i2, j1, j2 in _aligned(a, b):
        if tag == "equal":
            parts.append(printable("".join(a[i1:i2])))
        else:
            parts += _marked_words("".join(a[i1:i2]), "".join(b[j1:j2]), colour=colour)
    return "".join(parts)


def _marked_words(old: str, new: str, *, colour: bool) -> Iterator[str]:
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    for tag, i1, i2, j1, j2 in _aligned(a, b):
        deleted, inserted = printable("".join(a[i1:i2])), printable("".join(b[j1:j2]))
        if tag == "equal":
            yield deleted
            continue
        if deleted:
            yield f"\x1b[9;31m{deleted}\x1b[0m" if colour else f"[-{deleted}-]"
        if inserted:
            yield f"\x1b[1;32m{inserted}\x1b[0m" if colour else f"{{+{inserted}+}}"


def _aligned(a: Sequence[str], b: Sequence[str]) -> list[_Opcode]:
    """What :meth:`difflib.SequenceMatcher.get_opcodes` gives, in bounded time: the ends are matched first."""
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    middle_a, middle_b = a[head : len(a) - tail], b[head : len(b) - tail]
    longest = max(len(middle_a), len(middle_b))
    found: list[_Opcode] = [("equal", 0, head, 0, head)] if head else []
    if min(len(middle_a), len(middle_b)) and longest <= _ALIGNED:
        matcher = difflib.SequenceMatcher(None, middle_a, middle_b, autojunk=longest > _EXACT)
        found += ((tag, head + i1, head + i2, head + j1, head + j2) for tag, i1, i2, j1, j2 in matcher.get_opcodes())
    elif longest:
        found.append(("replace", head, len(a) - tail, head, len(b) - tail))
    if tail:
        found.append(("equal", len(a) - tail, len(a), len(b) - tail, len(b)))
    return found
