"""What the rules on encoding and script share: which characters are Chinese or Japanese, and how text is respelled.

A respelling is one stretch of text and what it really says: ``&quot;`` for a quotation mark, ``Ã©`` for é. Two
things make such an edit larger than the stretch. A quotation mark comes back together with its partner, since
one alone would leave the quotation open; and a name that is respelled is replaced whole, so that its halves on
either side of the debris do not count as names that were lost.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cleaners.core import Document
from cleaners.lazily import lazy

CJK_LETTERS = "\u3005-\u3007\u3040-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
CJK_LETTERS += "\uff66-\uff9f\U00020000-\U0003ffff"

CJK = lazy(f"[{CJK_LETTERS}]")
_FACE = lazy("[＾＿▽∀ДдωεΦ´｀￣≧≦∇ﾟ◕◡╥┬∩]")
_WORD = lazy(r"\w+")
# Words that count as names or parts of names: those are missed where they are respelled.
_NAME_PART = lazy(r"(?:(?<=['’-])|\b(?=[A-ZÀ-ÖØ-Þ]))\w+")
_DOUBLE_MARKS = lazy('["“”„]')
_NEAR = 6  # code points of blanks and punctuation that are passed on the way to the nearest letter
_LONGEST_WORD = 60
_LONGEST_QUOTATION = 2000


@dataclass(frozen=True, slots=True)
class Respelling:
    """``text[start:end]`` says ``plain``."""

    start: int
    end: int
    plain: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Respellings made one edit; ``drops`` are the garbled names that it replaces."""

    start: int
    end: int
    fix: str
    drops: str


class Mentions:
    """Where a text speaks of writing, so that the characters it shows are meant; looked up in no time."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        """Read ``text`` once; positions are code points."""
        self._starts = [match.start() for match in pattern.finditer(text)]

    def within(self, low: int, high: int) -> bool:
        """Whether a mention begins in ``[low, high)``."""
        index = bisect_left(self._starts, low)
        return index < len(self._starts) and self._starts[index] < high


def beside_cjk(text: str, start: int, end: int) -> bool:
    """Whether the nearest letter or figure on either side of ``[start, end)`` is Chinese, Japanese or Korean."""
    return _is_cjk(text[max(0, start - _NEAR) : start][::-1]) or _is_cjk(text[end : end + _NEAR])


def _is_cjk(stretch: str) -> bool:
    first = next((c for c in stretch if c.isalnum() or c == "ー"), "")
    return bool(first) and CJK.match(first) is not None


def in_face(text: str, start: int, end: int) -> bool:
    """Whether ``[start, end)`` is part of a face drawn of marks: ``（＾０＾）``."""
    return _FACE.search(text, max(0, start - 4), end + 4) is not None


def edits(document: Document, respellings: Iterable[Respelling]) -> Iterator[Edit]:
    """Sorted, disjoint respellings as disjoint edits, each of whole words and with both marks of a quotation."""
    group: list[Respelling] = []
    is_open = False
    for item in respellings:
        if group and not _belongs(document, group, item, is_open):
            yield from _finished(document, group, is_open)
            group, is_open = [], False
        group.append(item)
        is_open ^= _is_odd(item)
    if group:
        yield from _finished(document, group, is_open)


def _is_odd(item: Respelling) -> bool:
    return len(_DOUBLE_MARKS.findall(item.plain)) % 2 == 1


def _belongs(document: Document, group: list[Respelling], item: Respelling, is_open: bool) -> bool:
    """Whether ``item`` lies in the last word of ``group``, or in the quotation that the group opens."""
    text, last = document.text, group[-1]
    if item.end - group[0].start >= _LONGEST_QUOTATION:
        return False
    if item.start - last.end < _LONGEST_WORD and not any(c.isspace() for c in text[last.end : item.start]):
        return True
    return is_open and document.paragraph_at(item.start) == document.paragraph_at(group[0].start)


def _finished(document: Document, group: list[Respelling], is_open: bool) -> Iterator[Edit]:
    """The group as one edit; in parts where its quotation stays open, or what may not be touched lies in it."""
    if len(group) > 1 and (is_open or document.is_shielded(group[0].start, group[-1].end)):
        for part in _words(document, group):
            yield _edit(document.text, part)
    else:
        yield _edit(document.text, group)


def _words(document: Document, group: list[Respelling]) -> Iterator[list[Respelling]]:
    """The group cut wherever there is white space."""
    part = group[:1]
    for item in group[1:]:
        if any(c.isspace() for c in document.text[part[-1].end : item.start]):
            yield part
            part = []
        part.append(item)
    yield part


def _edit(text: str, group: list[Respelling]) -> Edit:
    start, end = group[0].start, group[-1].end
    pieces: list[str] = []
    done = start
    for item in group:
        pieces += (text[done : item.start], item.plain)
        done = item.end
    fix = "".join(pieces)
    before, after = _word_before(text, start), _word_after(text, end)
    old, new = before + text[start:end] + after, before + fix + after
    lost = Counter(_NAME_PART.findall(old)) - Counter(_WORD.findall(new))
    words = [word for word in lost.elements() if not any(c.isdecimal() for c in word)]
    if not words:
        return Edit(start, end, fix, "")
    return Edit(start - len(before), end + len(after), new, " ".join(words))


def _word_before(text: str, position: int) -> str:
    start = position
    while start > 0 and position - start < _LONGEST_WORD and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    return text[start:position]


def _word_after(text: str, position: int) -> str:
    end = position
    while end < len(text) and end - position < _LONGEST_WORD and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return text[position:end]
