"""Keeps edits made over several passes as one set of disjoint edits of the raw text.

A later pass reads a text that earlier passes changed, but every edit must be told, replayed and undone in
raw offsets. :class:`Patch` carries the mapping. Where a later edit meets text that an earlier one wrote, it
is first cut down to the tokens it really changes; where the two still meet they become one edit.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from cleaners.core import Finding, splice
from cleaners.segment import Span

_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Edit:
    """``raw[start:end]`` becomes ``fix``; ``findings`` are what asked for it, the last one deciding."""

    start: int
    end: int
    fix: str
    findings: tuple[Finding, ...] = ()


class Patch:
    """A raw text and the edits made to it so far; immutable, :meth:`apply` gives a new one."""

    def __init__(self, raw: str, edits: tuple[Edit, ...] = ()) -> None:
        """``edits`` must be sorted and disjoint in raw offsets."""
        self.raw = raw
        self.edits = edits
        self.text = splice(raw, ((e.start, e.end, e.fix) for e in edits)) if edits else raw
        # _shifts[i]: how far text that follows the first i edits has moved; images: where each edit stands now.
        self._shifts = list(accumulate((len(e.fix) - (e.end - e.start) for e in edits), initial=0))
        self._image_starts = [e.start + shift for e, shift in zip(edits, self._shifts, strict=False)]
        self._image_ends = [s + len(e.fix) for e, s in zip(edits, self._image_starts, strict=True)]

    def raw_span(self, start: int, end: int) -> Span:
        """The smallest raw span that ``text[start:end]`` came from; an edit it meets is taken in whole."""
        first, last = self._meets(start, end)
        return self._raw_hull(start, end, first, last)

    def in_raw(self, start: int, end: int, fix: str) -> tuple[Span, str]:
        """A proposed edit of the present text as one of the raw text: what would stand in its raw span.

        Where the span takes an earlier edit in whole, so does the fix.
        """
        first, last = self._meets(start, end)
        head = self.text[min([start, *self._image_starts[first:last][:1]]) : start]
        tail = self.text[end : max([end, *self._image_ends[first:last][-1:]])]
        return self._raw_hull(start, end, first, last), head + fix + tail

    def apply(self, findings: Sequence[Finding]) -> Patch:
        """The patch with the fixes of ``findings`` too; their spans must be disjoint in the present text."""
        replaced: set[int] = set()
        new: list[Edit] = []
        for group, first, last in self._grouped(findings):
            start = min([group[0].start, *self._image_starts[first:last][:1]])
            end = max([group[-1].end, *self._image_ends[first:last][-1:]])
            fix = splice(self.text[start:end], ((e.start - start, e.end - start, e.fix) for e in group))
            met = self.edits[first:last]
            findings_met = tuple(f for edit in (*met, *group) for f in edit.findings)
            new.append(Edit(*self._raw_hull(start, end, first, last), fix, findings_met))
            replaced.update(range(first, last))
        kept = [edit for index, edit in enumerate(self.edits) if index not in replaced]
        return Patch(self.raw, tuple(sorted([*kept, *new], key=lambda e: (e.start, e.end))))

    def _grouped(self, findings: Sequence[Finding]) -> list[tuple[list[Edit], int, int]]:
        """New edits in the present text, those that meet the same earlier edit together, with that range."""
        groups: list[tuple[list[Edit], int, int]] = []
        for finding in sorted(findings, key=lambda f: f.start):
            start, end, fix = finding.start, finding.end, finding.fix or ""
            first, last = self._meets(start, end)
            if first < last:
                start, end, fix = _shrink(self.text, start, end, fix)
                first, last = self._meets(start, end)
            edit = Edit(start, end, fix, (finding,))
            if groups and first < last and first < groups[-1][2]:
                group, group_first, _ = groups.pop()
                groups.append(([*group, edit], group_first, last))
            else:
                groups.append(([edit], first, last))
        return groups

    def _meets(self, start: int, end: int) -> tuple[int, int]:
        """Range of indices of the edits whose written text, or whose gap, lies in ``text[start:end]``."""
        return bisect_right(self._image_ends, start), bisect_left(self._image_starts, end)

    def _raw_hull(self, start: int, end: int, first: int, last: int) -> Span:
        raw_start, raw_end = start - self._shifts[first], end - self._shifts[last]
        if first < last:
            if start >= self._image_starts[first]:
                raw_start = self.edits[first].start
            if end <= self._image_ends[last - 1]:
                raw_end = self.edits[last - 1].end
        return Span(raw_start, raw_end)


def _shrink(text: str, start: int, end: int, fix: str) -> tuple[int, int, str]:
    """Cut the tokens that both sides share off either end, leaving at least one token to replace."""
    old, new = _TOKENS.findall(text[start:end]), _TOKENS.findall(fix)
    while len(old) > 1 and new and old[0] == new[0]:
        start += len(old[0])
        old, new = old[1:], new[1:]
    while len(old) > 1 and new and old[-1] == new[-1]:
        end -= len(old[-1])
        old, new = old[:-1], new[:-1]
    return start, end, "".join(new)
