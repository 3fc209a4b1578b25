"""How much of a document a rewrite sees: the sentences that a finding is about."""

from __future__ import annotations

from cleaners.core import Document
from cleaners.segment import Span

# Of what was cut, or stands alone, the sentence before is a part.
_WITH_NEIGHBOUR = ("CUT", "STR")
_CUT = "CUT"


def around(document: Document, start: int, end: int, code: str) -> Span:
    """The sentences that ``[start, end)`` touches; at a cut, those on either side of it, within the paragraph."""
    first, last = document.sentence_at(start), document.sentence_at(max(start, end - 1))
    paragraph = document.paragraph_at(first.start)
    if code.startswith(_WITH_NEIGHBOUR) and start - first.start < 2:
        before = document.sentence_at(max(paragraph.start, first.start - 2))
        if paragraph.start <= before.start < first.start:
            first = before
    if code.startswith(_CUT) and end >= last.end:
        after = document.sentence_at(min(last.end + 1, len(document.text)))
        if last.end <= after.start and after.end <= paragraph.end:
            last = after
    return Span(first.start, max(last.end, end))
