"""Aligns a candidate with its segment and keeps what the finding calls for.

A model's candidate may differ from the segment in places that nobody complained of. :func:`changes` cuts the
difference into the smallest runs of tokens, as ERRANT does, and :func:`merged` puts some of them into the segment, so
that a repair can be had without the rest. Tokens carry the blanks before them, so that nothing is lost either way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from cleaners.core import splice
from cleaners.rewrite import masking
from cleaners.rewrite.masking import Masked

_TOKEN = re.compile(r"\s*(?:[\ue000-\ue07f]|\w+(?:-\w+)*|[^\w\s])|\s+\Z")


@dataclass(frozen=True, slots=True)
class Change:
    """``source[start:end]``, in code points of the masked segment, becomes ``new``."""

    start: int
    end: int
    new: str


def changes(source: str, candidate: str) -> list[Change]:
    """The runs of tokens in which the candidate differs, in order."""
    old, new = _TOKEN.findall(source), _TOKEN.findall(candidate)
    starts = [0]
    for token in old:
        starts.append(starts[-1] + len(token))
    found = []
    for step in Levenshtein.opcodes(old, new):
        if step.tag != "equal":
            added = "".join(new[step.dest_start : step.dest_end])
            found.append(Change(starts[step.src_start], starts[step.src_end], added))
    return _joined(source, found)


def _joined(source: str, found: Sequence[Change]) -> list[Change]:
    """Runs that touch each other as one."""
    joined: list[Change] = []
    for change in found:
        if joined and joined[-1].end == change.start:
            last = joined.pop()
            change = Change(last.start, change.end, last.new + change.new)
        joined.append(change)
    return [change for change in joined if source[change.start : change.end] != change.new]


def merged(source: str, chosen: Iterable[Change]) -> str:
    """The segment with the chosen changes made."""
    return splice(source, ((change.start, change.end, change.new) for change in chosen))


@dataclass(frozen=True, slots=True)
class Repair:
    """One edit of the raw segment: ``raw[start:end]`` becomes ``new``, in code points of the segment."""

    start: int
    end: int
    new: str


def repair(masked: Masked, chosen: Sequence[Change]) -> Repair:
    """The chosen changes as one edit of the raw segment, names and figures put back, marks in its own style.

    Raises :class:`~cleaners.rewrite.masking.MaskingError` for a sentinel that stands for nothing.
    """
    pieces, done = [], chosen[0].start
    for change in chosen:
        pieces.append(masked.raw[slice(*masked.raw_span(done, change.start))])
        old = masked.raw[slice(*masked.raw_span(change.start, change.end))]
        pieces.append(_styled(masking.unmask(_dashed(change.new, old), masked.kept), masked.raw))
        done = change.end
    start, end = masked.raw_span(chosen[0].start, done)
    new = "".join(pieces)
    old = masked.raw[start:end]
    # What both sides begin or end with is no part of the edit; a letter of a word is never cut off.
    while end > start and new and old[0] == new[0] == " ":
        start, old, new = start + 1, old[1:], new[1:]
    return _pointed(masked.raw, start, end, new)


def _pointed(raw: str, start: int, end: int, new: str) -> Repair:
    """An edit needs something to point at: one that only puts words in takes the token before with it."""
    if start < end:
        return Repair(start, end, new)
    before = re.search(r"\S+\s*\Z", raw[:start])
    if before:
        return Repair(before.start(), end, raw[before.start() : start] + new)
    after = re.match(r"\s*\S+", raw[end:])
    assert after is not None
    return Repair(start, end + after.end(), new + raw[end : end + after.end()])


def _dashed(new: str, old: str) -> str:
    """Dashes as the words that are exchanged had them."""
    marks = re.findall("[-–—]", old)
    if len(marks) != new.count("-"):
        return new
    rest = iter(marks)
    return re.sub("-", lambda _: next(rest), new)


def _styled(text: str, raw: str) -> str:
    """Straight apostrophes as the segment writes them."""
    return text.replace("'", "’") if "’" in raw and "'" not in raw else text
