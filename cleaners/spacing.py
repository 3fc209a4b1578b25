"""What the spacing rules share: where a text still shows that its punctuation was cut into tokens."""

from __future__ import annotations

import re
from functools import lru_cache

from cleaners.core import Document
from cleaners.segment import Span

# A blank before a comma or a full stop, which no style of English sets.
_SET_APART = re.compile(r"[,.](?<=[\w)\]\"”’%] .)(?=[ \"”’)]|\s|\Z)")
_CODE = re.compile(r"[{};=<>|\\]|\(\)|\t")


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


def tokenised_elsewhere(document: Document, span: tuple[int, int]) -> bool:
    """Whether the paragraph sets another comma or full stop apart than the one at ``span``."""
    paragraph = document.paragraph_at(span[0])
    found = (m.start() for m in _SET_APART.finditer(document.text, paragraph.start, paragraph.end))
    return any(not span[0] <= mark < span[1] for mark in found)
