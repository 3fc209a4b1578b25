"""What the spacing rules share: where a text still shows that its punctuation was cut into tokens."""

from __future__ import annotations

import re
from functools import lru_cache

from cleaners.core import Document
from cleaners.lazily import lazy
from cleaners.segment import Span

# A blank before a comma or a full stop, which no style of English sets.
_SET_APART = lazy(r"[,.](?<=[\w)\]\"”’%] .)(?=[ \"”’)]|\s|\Z)")
_CODE = lazy(r"[{};=<>|\\]|\(\)|\t")


def words(text: str) -> frozenset[str]:
    """Cut a list that is written as one string."""
    return frozenset(text.split())


@lru_cache(maxsize=4)  # a paragraph is asked about at each of its marks
def tokenised(document: Document, paragraph: Span) -> bool:
    """Whether the paragraph sets a comma or a full stop apart with a blank, as text cut into tokens does."""
    return _SET_APART.search(document.text, paragraph.start, paragraph.end) is not None


@lru_cache(maxsize=4)
def is_code(document: Document, paragraph: Span) -> bool:
    """Whether the paragraph holds marks of code, formulas or tables, which set blanks by rules of their own."""
    return _CODE.search(document.text, paragraph.start, paragraph.end) is not None


# After one of these a blank before a stop may be a gap: "the address is ."
HANGING = lazy(r"\b(?:is|are|was|at|of|in|to|for|from|by|with|on|the|an?|see|and|or)\Z", re.IGNORECASE)


def tokenised_elsewhere(document: Document, span: tuple[int, int]) -> bool:
    """Whether the paragraph sets another comma or full stop apart than the one at ``span``, and not behind a gap."""
    text, paragraph = document.text, document.paragraph_at(span[0])
    for match in _SET_APART.finditer(text, paragraph.start, paragraph.end):
        mark = match.start()
        if not span[0] <= mark < span[1] and not HANGING.search(text, max(0, mark - 13), mark - 1):
            return True
    return False
