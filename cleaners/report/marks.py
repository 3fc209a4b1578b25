"""Lays a text out with its findings: lines of pieces, each piece with the findings it belongs to.

Findings may overlap (an edit inside a sentence that is reported as cut), and markup may not: so the text is cut at
every start and end, and each piece says what covers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from cleaners.core import Decision, Verdict

LONGEST_ROW = 4_000  # code points; a longer line is laid out in several rows, or no browser could pass over it
_BREAK = re.compile(r"\r\n|[\n\r]")


class Kind(StrEnum):
    """What a piece is: text that stays, that was deleted, or that was put in."""

    SAME = "same"
    DELETED = "del"
    INSERTED = "ins"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of one line; ``findings`` are indices of the decisions that cover it.

    ``heads`` are those of them that begin here.
    """

    kind: Kind
    text: str
    findings: tuple[int, ...] = ()
    heads: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the raw text, or a stretch of a very long one; ``number`` counts from 1, 0 for a further stretch."""

    number: int
    pieces: tuple[Piece, ...]

    @property
    def findings(self) -> tuple[int, ...]:
        """The findings that have a piece here, in order."""
        return tuple(dict.fromkeys(index for piece in self.pieces for index in piece.findings))


def rows(raw: str, decisions: Sequence[Decision], *, longest: int | None = LONGEST_ROW) -> Iterator[Row]:
    """The lines of ``raw`` with the decisions on them, which are in raw order; what was put in stands beside.

    A line longer than ``longest`` code points becomes several rows.
    """
    number = number_shown = 1
    line: list[Piece] = []
    last: Row | None = None  # held back, since what was put in at the very end belongs to it
    length = done = 0  # code points of the raw text: of this row, and of all before it
    limit = longest or len(raw) + 1
    for piece in _broken(_pieces(raw, decisions), limit):
        line.append(piece)
        if piece.kind is Kind.INSERTED:  # it does not count, so that rows stay as they are when an edit is taken back
            continue
        length += len(piece.text)
        ends = _ends_line(raw, done + length)
        if ends or length >= limit:
            if last is not None:
                yield last
            last = Row(number_shown, tuple(line))
            number += ends
            number_shown = number if ends else 0
            line, length, done = [], 0, done + length
    if last is not None:
        yield last if length else Row(last.number, (*last.pieces, *line))
    if length:
        yield Row(number_shown, tuple(line))


def _ends_line(raw: str, offset: int) -> bool:
    """Whether a line ends before ``offset``; between the two characters of one line break none does."""
    return raw[offset - 1] == "\n" or (raw[offset - 1] == "\r" and raw[offset : offset + 1] != "\n")


def _pieces(raw: str, decisions: Sequence[Decision]) -> Iterator[Piece]:
    """The whole text in pieces, cut wherever a decision begins or ends."""
    starting: dict[int, list[int]] = {}
    ending: dict[int, list[int]] = {}
    for index, decision in enumerate(decisions):
        starting.setdefault(decision.start, []).append(index)
        ending.setdefault(decision.end, []).append(index)
    covering: dict[int, None] = {}
    for start, end in pairwise(sorted({0, len(raw), *starting, *ending})):
        heads = starting.get(start, [])
        covering.update(dict.fromkeys(heads))
        deleted = any(decisions[index].verdict is Verdict.APPLIED for index in covering)
        kind = Kind.DELETED if deleted else Kind.SAME
        yield Piece(kind, raw[start:end], tuple(covering), tuple(heads))
        for index in ending.get(end, []):
            del covering[index]
            decision = decisions[index]
            if decision.verdict is Verdict.APPLIED and decision.fix:
                yield Piece(Kind.INSERTED, decision.fix, (index,))


def _broken(pieces: Iterable[Piece], limit: int) -> Iterator[Piece]:
    """The pieces cut behind line breaks, and where they are longer than a row; what was put in stays whole."""
    for piece in pieces:
        if piece.kind is Kind.INSERTED:
            yield piece
            continue
        heads = piece.heads
        for part in _parts(piece.text, limit):
            yield Piece(piece.kind, part, piece.findings, heads)
            heads = ()


def _parts(text: str, limit: int) -> Iterator[str]:
    start = 0
    for line_break in _BREAK.finditer(text):
        yield from _chunks(text[start : line_break.end()], limit)
        start = line_break.end()
    if start < len(text):
        yield from _chunks(text[start:], limit)


def _chunks(line: str, limit: int) -> Iterator[str]:
    """A line in stretches of a row at most, cut at blanks where there are any."""
    start = 0
    while len(line) - start > limit:
        cut = line.rfind(" ", start + limit // 2, start + limit) + 1 or start + limit
        yield line[start:cut]
        start = cut
    yield line[start:]
