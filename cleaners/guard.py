"""What every edit must keep, whoever proposes it: an edit that fails is refused whole, and told why.

A guard compares what stands in the edit's span with what would stand there, widened to whole words. What a
finding declares in ``drops`` (the second of two equal words, a link list) is taken out of the comparison,
and must really be there: an edit may leave out what it names, and nothing else.

The guards are deliberately blunt. They know nothing of the rule behind an edit, so that a mistake in a rule
cannot talk them round.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cleaners import numerals, quotes, segment, shield
from cleaners.core import Document, Finding, Stage
from cleaners.segment import Span

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*|\b(?:hundred|thousand|million|billion|trillion)(?=s?\b)", re.IGNORECASE)
_TORN = re.compile(r"(?<=\d)([.,])[ \u00a0\u2009\u3000]+(?=\d)")
_NEGATION = re.compile(
    r"\b(?:not|never|no|nor|neither|none|nobody|nothing|nowhere|without|cannot)\b"
    # "n't", also torn off, and with an apostrophe that went wrong on the way
    r"|n ?(?:['’\x92]|&(?:amp;){0,3}#?\w{2,6};|â€™)t\b|n鈥檛\b",
    re.IGNORECASE,
)
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w’'-]*[^\W_]")
_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")  # of a name; its digits are numbers, and guarded as such
_MARKS = frozenset('"“”„')

# An insertion is a word or two of a known name, never a new sentence.
_GROWTH = 80
_GROWTH_FACTOR = 3
# Code points on either side of an edit that are read for quotation marks at least, paragraphs permitting.
_REACH = 2000
# Code points on either side that hold a figure with its unit.
_FIGURE = 120


@dataclass(frozen=True, slots=True)
class Guards:
    """The guards as one callable; ``protected`` finds keep-terms in a text (by default there are none)."""

    protected: Callable[[str], Iterable[str]] = lambda text: ()

    def __call__(self, document: Document, finding: Finding) -> str | None:
        """The reason to refuse the edit, or ``None`` when everything that must survive it does."""
        if finding.fix is None:
            return "there is nothing to apply"
        head, span, tail = _in_context(document.text, finding)
        rest = _without(span, finding.drops)
        if rest is None:
            return "it declares words as dropped that do not stand in its span"
        before, kept, after = head + span + tail, head + rest + tail, head + finding.fix + tail
        for refusal in (
            self._changed_terms(kept, after),
            _changed_numbers(kept, after, finding) and _unproved_numbers(kept, after, document, finding),
            _missing(shield.inline(kept), shield.inline(after), "change"),
            # What is dropped may be a part of "n't", garbled; a negation that is still there was not lost.
            _changed_negation(kept, after) and _changed_negation(before, after),
            _lost_names(kept, after, finding),
            _missing(_CJK.findall(after), _CJK.findall(before), "add the character"),
            _outgrown(finding),
            _worse_quotation(document, finding),
            _empties(document, finding),
        ):
            if refusal:
                return refusal
        return None

    def _changed_terms(self, before: str, after: str) -> str | None:
        """Protected terms survive; one that a repaired compound takes in ("China-Russia") does so, too."""
        expected = list(self.protected(before))
        if not expected:
            return None
        refusal = _missing(expected, self.protected(after), "change the protected term")
        return refusal and _missing(expected, self.protected(_HYPHEN.sub(" ", after)), "change the protected term")


def _in_context(text: str, finding: Finding) -> tuple[str, str, str]:
    """The span of the edit with what stands on either side up to white space, so that no word is cut."""
    start, end = finding.start, finding.end
    while start > 0 and not text[start - 1].isspace() and finding.start - start < 200:
        start -= 1
    while end < len(text) and not text[end].isspace() and end - finding.end < 200:
        end += 1
    return text[start : finding.start], text[finding.start : finding.end], text[finding.end : end]


def _without(span: str, dropped: str) -> str | None:
    """``span`` less the dropped words, each taken out once and whole; ``None`` where one does not stand there."""
    wanted = Counter(_WORD.findall(dropped))
    if not wanted:
        return span

    def take(match: re.Match[str]) -> str:
        word = match.group()
        if not wanted[word]:
            return word
        wanted[word] -= 1
        return " "

    rest = _WORD.sub(take, span)
    return rest if not wanted.total() else None


def _missing(expected: Iterable[str], present: Iterable[str], what: str) -> str | None:
    wanted = list(expected)
    if not wanted:
        return None  # as in most edits; counting is the dear part
    missing = Counter(wanted) - Counter(present)
    return f"it would {what} {next(iter(missing))!r}" if missing else None


def _changed_numbers(before: str, after: str, finding: Finding) -> str | None:
    """Every figure survives as it is, or put together where a blank had torn it at its point or comma."""
    new = _numbers(after)
    # A term of the glossary may bring its own: "G7", "F-35".
    brought = _numbers(finding.fix or "") if finding.stage is Stage.GLOSSARY else []
    first = None
    for old in (_numbers(before), _numbers(_TORN.sub(r"\1", before))):
        refusal = _missing(old, new, "lose the number") or _missing(new, old + brought, "add the number")
        if not refusal:
            return None
        first = first or refusal
    return first


def _numbers(text: str) -> list[str]:
    """The figures of ``text``; full-width digits and HTML character references are read as what they stand for."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return [n.lower() for n in _NUMBER.findall(html.unescape(text) if "&" in text else text)]


def _unproved_numbers(before: str, after: str, document: Document, finding: Finding) -> str | None:
    """A number may change where its value stays (5000 ten thousand), or where the source text has the new one alone.

    The source proves a value that the text does not show as often as the source does, and disproves one that it
    has nowhere, in whatever reading. Everything is read anew, from the text around the edit, so that a figure of
    which the edit touches a part is judged whole.
    """
    refusal = _changed_numbers(before, after, finding)
    if finding.stage is not Stage.RULE:
        return refusal
    start, end = _clear_of_figures(document.text, finding)
    old = document.text[start:end]
    new = document.text[start : finding.start] + (finding.fix or "") + document.text[finding.end : end]
    if _unread_digits(old) != _unread_digits(new):
        return refusal
    gone, come = numerals.compare.difference(old, new)
    if not gone and not come:
        return None
    source = document.source_text
    if source and come and len(come) <= len(gone) and numerals.compare.proves(source, gone, come):
        shown = numerals.english.read(document.text)
        told = numerals.cjk.read(source)
        if all(_count(shown, f) + _count(come, f) <= _count(told, f) for f in come):
            return None
    return refusal


def _clear_of_figures(text: str, finding: Finding) -> tuple[int, int]:
    """The edit with enough on either side to hold every figure that it touches, cut at blanks."""
    start, end = max(0, finding.start - _FIGURE), min(len(text), finding.end + _FIGURE)
    while 0 < start < finding.start and not text[start - 1].isspace():
        start += 1
    while finding.end < end < len(text) and not text[end].isspace():
        end -= 1
    return start, end


def _unread_digits(text: str) -> list[str]:
    """Digits that are part of no figure: a version, a run too long to be one."""
    pieces, done = [], 0
    for figure in numerals.english.read(text):
        pieces.append(text[done : figure.start])
        done = max(done, figure.end)
    return _numbers("|".join([*pieces, text[done:]]))


def _count(figures: Iterable[numerals.Figure], figure: numerals.Figure) -> int:
    return sum(figure.value in other.readings for other in figures)


def _changed_negation(before: str, after: str) -> str | None:
    expected, count = len(_NEGATION.findall(before)), len(_NEGATION.findall(after))
    if count != expected:
        return f"it would change the number of negations from {expected} to {count}"
    return None


def _lost_names(before: str, after: str, finding: Finding) -> str | None:
    """Capitalised words survive, whatever their case or joining becomes (``Secretary -General``)."""
    if finding.stage in (Stage.GLOSSARY, Stage.NAME):
        return None  # replacing a name is what these stages are for; their own proof and `keep` guard it
    names = [part.lower() for name in _NAME.findall(before) for part in _LETTERS.findall(name)]
    return _missing(names, (word.lower() for word in _LETTERS.findall(after)), "lose the name")


def _outgrown(finding: Finding) -> str | None:
    length = finding.end - finding.start
    if len(finding.fix or "") > max(length + _GROWTH, length * _GROWTH_FACTOR):
        return "it would add more text than an edit may"
    return None


def _worse_quotation(document: Document, finding: Finding) -> str | None:
    new = finding.fix or ""
    if _MARKS.isdisjoint(new) and _whole_pairs(document, finding.start, finding.end):
        return None
    start, end = _quotation_frame(document, finding.start, finding.end)
    before = document.text[start:end]
    after = before[: finding.start - start] + new + before[finding.end - start :]
    if "&" in before:
        before, after = html.unescape(before), html.unescape(after)  # "&quot;" is a mark already
    if _alone(after) > _alone(before):
        return "it would leave a quotation mark without its partner"
    return None


def _whole_pairs(document: Document, start: int, end: int) -> bool:
    """Whether every mark in ``[start, end)`` has its partner there, so that none is left without it."""
    marks = sum(document.text.count(mark, start, end) for mark in _MARKS)
    pairs = document.quotation.pairs
    inside = pairs[bisect_left(pairs, (start,)) : bisect_left(pairs, (end,))]
    return marks == 2 * sum(closing < end for _, closing in inside)


def _quotation_frame(document: Document, start: int, end: int) -> Span:
    """The paragraphs of an edit; of a very long one, the part around it that starts and ends between quotations."""
    first, last = document.paragraph_at(start), document.paragraph_at(end - 1)
    low, high = min(first.start, start), max(last.end, end)
    pairs = document.quotation.pairs
    if start - low > _REACH:
        index = bisect_left(pairs, (start - _REACH,)) - 1
        low = max(low, pairs[index][0]) if index >= 0 else low
    if high - end > _REACH:
        index = bisect_left(pairs, (end + _REACH,))
        high = min(high, pairs[index][0]) if index < len(pairs) else high
    # Where marks stand in thousands and nothing pairs, the rest of the paragraph tells nothing more.
    return Span(max(low, start - 4 * _REACH), min(high, end + 4 * _REACH))


def _alone(text: str) -> int:
    return quotes.read(text, segment.paragraphs(text)).alone


def _empties(document: Document, finding: Finding) -> str | None:
    if finding.fix and not finding.fix.isspace():
        return None
    rest = document.text[: finding.start] + document.text[finding.end :] if finding.end - finding.start > 40 else "x"
    return None if rest.strip() else "it would leave nothing of the document"
