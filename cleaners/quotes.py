"""Pairs double quotation marks, paragraph by paragraph, and says which stand alone.

Marks are judged in their paragraph, never sentence by sentence: a quotation may run over several
sentences. Straight marks are read by their surroundings (a mark before a letter opens, one after a letter
or stop closes) and by what is open when the surroundings do not tell. Single quotes are left alone: they
cannot be told from apostrophes.

A quotation over several paragraphs opens each of them and closes only in the last (the convention of
English news and book typesetting); such an open mark is not counted as alone when its paragraph ends with
a stop and the next paragraph opens a quotation too, or when the paragraphs were run together and another
mark opens right after a stop. A quotation inside another in the same marks is paired from within.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from cleaners.segment import Span

_MARKS = re.compile('["“”„]')
_OPENING_NEIGHBOUR = frozenset("([{—–-/‘'")
_STOPS = frozenset(".!?…:")


class Look(Enum):
    """What a mark's surroundings say about it."""

    OPENS = auto()
    CLOSES = auto()
    GLUED = auto()  # text on both sides
    ALONE = auto()  # blanks on both sides


@dataclass(frozen=True, slots=True)
class Quotation:
    """The result of pairing, as code point offsets of marks: pairs, and marks that stand alone.

    ``glued`` holds the marks with text on both sides, whose direction is a guess.
    """

    pairs: tuple[tuple[int, int], ...] = ()
    unclosed: tuple[int, ...] = ()
    unopened: tuple[int, ...] = ()
    glued: frozenset[int] = frozenset()

    @property
    def alone(self) -> int:
        """How many marks have no partner."""
        return len(self.unclosed) + len(self.unopened)


def read(text: str, paragraphs: Iterable[Span]) -> Quotation:
    """Pair the double quotation marks of ``text`` within each of its ``paragraphs``."""
    marks = [m.start() for m in _MARKS.finditer(text)]
    if not marks:
        return Quotation()
    pairs: list[tuple[int, int]] = []
    unclosed: list[int] = []
    unopened: list[int] = []
    glued: set[int] = set()
    carried: int | None = None  # an open mark whose quotation may go on in the next paragraph
    for paragraph, inside in _by_paragraph(marks, paragraphs):
        first_opens = bool(inside) and inside[0] == paragraph.start
        if carried is not None and not first_opens:
            unclosed.append(carried)
        carried = None
        open_marks: list[int] = []  # more than one where a quotation holds another in the same marks
        following = _following(text, inside)
        for index, mark in enumerate(inside):
            if open_marks and text[open_marks[-1]] == "“" and following[index] == "”" and _is_inch_mark(text, mark):
                continue  # “A 6" pipe will do”
            look = _look(text, mark, paragraph)
            if look is Look.GLUED:
                glued.add(mark)
            if open_marks and look is not Look.OPENS:
                pairs.append((open_marks.pop(), mark))
            elif open_marks:
                # After a stop: a quotation of several paragraphs that was run together into one.
                # Marks of another style are those of a quotation within it: “Set font: "Gill Sans" in the sheet.”
                if _follows_stop(text, mark) and text[mark] == text[open_marks[-1]]:
                    open_marks.pop()
                open_marks.append(mark)
            elif look is Look.CLOSES:
                if not _is_inch_mark(text, mark):
                    unopened.append(mark)
            else:
                open_marks.append(mark)
        if open_marks and text[paragraph.end - 1] in _STOPS:
            carried = open_marks.pop()
        unclosed += open_marks
    if carried is not None:
        unclosed.append(carried)
    return Quotation(tuple(sorted(pairs)), tuple(sorted(unclosed)), tuple(unopened), frozenset(glued))


def _by_paragraph(marks: list[int], paragraphs: Iterable[Span]) -> Iterator[tuple[Span, list[int]]]:
    index = 0
    for paragraph in paragraphs:
        inside: list[int] = []
        while index < len(marks) and marks[index] < paragraph.end:
            if marks[index] >= paragraph.start:
                inside.append(marks[index])
            index += 1
        yield paragraph, inside


def _look(text: str, mark: int, paragraph: Span) -> Look:
    if text[mark] in "“„":
        return Look.OPENS
    if text[mark] == "”":
        return Look.CLOSES
    before = text[mark - 1] if mark > paragraph.start else " "
    after = text[mark + 1] if mark + 1 < paragraph.end else " "
    blank_before = before.isspace() or before in _OPENING_NEIGHBOUR
    blank_after = not (after.isalnum() or after in "$£€¥“‘'(#[")
    if mark + 1 >= paragraph.end:
        return Look.CLOSES
    if mark == paragraph.start:
        return Look.OPENS
    if blank_before and blank_after and before.isspace() and after.isspace():
        return Look.ALONE
    if blank_before and not after.isspace():
        return Look.OPENS
    if blank_after:
        return Look.CLOSES
    return Look.GLUED


def _follows_stop(text: str, mark: int) -> bool:
    before = text[max(0, mark - 3) : mark].rstrip()
    return before[-1:] in _STOPS


def _following(text: str, marks: list[int]) -> list[str]:
    """For each mark the next one behind it that is no inch mark; an empty string behind the last."""
    following: list[str] = []
    after = ""
    for mark in reversed(marks):
        following.append(after)
        if not _is_inch_mark(text, mark):
            after = text[mark]
    following.reverse()
    return following


def _is_inch_mark(text: str, mark: int) -> bool:
    return mark > 0 and text[mark] == '"' and text[mark - 1].isnumeric()
