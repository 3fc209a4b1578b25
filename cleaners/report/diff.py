"""The difference between raw and clean text: a unified diff for ``patch``, a word-level one for people."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from cleaners.cleaned import Text
from cleaners.core import Verdict
from cleaners.report import marks
from cleaners.report.marks import Kind, Piece
from cleaners.report.terminal import printable

UNTOLD = "DIFF"  # the code of a change that no trail explains

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_SENTENCE = re.compile(r"[^.!?]*[.!?]*\s*")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
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


def words(text: Text, *, colour: bool) -> Iterator[str]:
    """The changed lines of a text, each with its number, the rules that changed it, and its words marked."""
    applied = [decision for decision in text.decisions if decision.verdict is Verdict.APPLIED]
    for row in marks.rows(text.raw, applied, longest=None):
        if row.findings:
            codes = ",".join(dict.fromkeys(applied[index].finding.code for index in row.findings))
            margin = f"{row.number}: " + ("" if codes == UNTOLD else f"{codes}  ")
            yield (f"\x1b[2m{margin}\x1b[0m" if colour else margin) + _marked(row.pieces, colour=colour)


def _marked(pieces: Sequence[Piece], *, colour: bool) -> str:
    """A line with its changes; of an edit only the words that differ."""
    parts: list[str] = []
    deleted = ""
    for piece in (*pieces, Piece(Kind.SAME, "")):
        if piece.kind is Kind.DELETED:
            deleted += piece.text.rstrip("\r\n") if piece is pieces[-1] else piece.text
            continue
        inserted = piece.text if piece.kind is Kind.INSERTED else ""
        if deleted or inserted:
            parts += _marked_words(deleted, inserted, colour=colour)
            deleted = ""
        if piece.kind is Kind.SAME:
            parts.append(printable(piece.text.rstrip("\r\n")))
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


def changes(raw: str, clean: str) -> list[tuple[int, int, str]]:
    """The stretches of ``raw`` that differ, word by word, and what ``clean`` has there; disjoint, in order, none empty.

    What was only put in takes the character before it along, or the one behind. An empty ``raw`` has no stretches.
    """
    found: list[tuple[int, int, str]] = []
    for start, end, new in _changed_words(raw, clean) if raw else ():
        if found and found[-1][1] == start:
            first, _, before = found.pop()
            found.append((first, end, before + new))
        elif start < end:
            found.append((start, end, new))
        else:
            found.append((start - 1, start, raw[start - 1] + new) if start else (0, 1, new + raw[0]))
    return found


def _changed_words(raw: str, clean: str) -> Iterator[tuple[int, int, str]]:
    """Lines are aligned first, then sentences, then words, so that neither a long file nor a long line takes long."""
    for line_start, old_line, new_line in _unequal(_LINES.findall(raw), _LINES.findall(clean)):
        for start, old, new in _unequal(_SENTENCE.findall(old_line), _SENTENCE.findall(new_line)):
            for word_start, deleted, inserted in _unequal(_TOKEN.findall(old), _TOKEN.findall(new)):
                at = line_start + start + word_start
                yield at, at + len(deleted), inserted


def _unequal(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """What differs between two runs of pieces: the offset in the first, and both sides."""
    offsets = list(accumulate(map(len, a), initial=0))
    for tag, i1, i2, j1, j2 in _aligned(a, b):
        if tag != "equal":
            yield offsets[i1], "".join(a[i1:i2]), "".join(b[j1:j2])


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
