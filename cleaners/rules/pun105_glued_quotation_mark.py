"""Sets a quotation apart from the words it is glued to.

**What.** ``the“Kazan”plant`` becomes ``the “Kazan” plant``, ``said:“We go`` becomes ``said: “We go``.

**Mechanism.** 「」 and “” stand without blanks in Japanese and Chinese; the system copies the marks and sets none.

**Left alone.** Paragraphs in which any mark stands alone, and straight marks where one has a blank on its inner side
or another style for a partner: there the direction is a guess. Endings and beginnings of words (``“um”s``,
``“OK”ed``, ``“e”mail``, ``non“essential”``), inches (``5"x7"``), numbers of notes (``"Tides"²``), code, and what
other rules space (a mark between two sentences).

**Source.** 5 of 1,000 lines of public system output for Chinese and Japanese, one mark in a million words of
human English.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.segment import Span

# The mark goes first, what stands before it in a look-behind: nothing is tried where no mark is.
_GLUED = lazy(r"[\"“”](?:(?<=[\w,:;)][\"“])(?=\w)|(?:(?<=[^\W_][\"”])|(?<=[)!?.,][\"”]))(?=[\w(]))")
_MARKS = lazy('["“”„]')
_CODE = lazy(r"[{}<>|\\=\t]|\(\)|\"[:,][\"\d\[]")
_ENDING = lazy(r"(?:e?s|e?d|ing|e?rs?|ish|ism|ists?|ly|y|th|st|nd|rd|ness|hood|t|ll|m|ve|re|n)\b", re.I)
_BEGINNING = lazy(r"(?<![^\W\d_])(?:un|non|anti|pre|post|pro|ex|mis|dis|semi|quasi|pseudo|mini|super|sub|co)\Z", re.I)
_NOTE = lazy(r"[²³¹⁰⁴-⁹]|\d{1,3}(?!\d)")  # the number of a note: “Tides”12
_QUOTED = lazy(r"(?<=\w) (?=[\"“]\w)|(?<=\w[\"”]) (?=[^\W\d])")
_MOST_MARKS = 200  # in one paragraph; beyond that it is a table or noise
_PIECE = 2  # letters in quotation marks that are part of the word they touch: "Mc"Donald, “e”mail
_SPACED_BY_OTHERS = frozenset(".!?")  # beside these a mark joins two sentences
_FIRST_CJK = "\u2e80"
_LONGEST = 240  # code points of a quotation that a glued straight mark may open or close


def find(document: Document) -> Iterator[Finding]:
    """Marks of pairs that are sure, glued to a word on their outer side."""
    text = document.text
    if '"' not in text and "“" not in text and "”" not in text:
        return
    glued = {match.start() for match in _GLUED.finditer(text)}
    if not glued:
        return
    for paragraph in sorted({document.paragraph_at(mark) for mark in glued}):
        for start, end in _sure_pairs(document, paragraph):
            opens = start in glued and _needs_blank_before(document, start)
            closes = end in glued and _needs_blank_after(document, end)
            if opens != closes and end - start <= _PIECE + 1:
                continue
            if opens and text[start + 1 : start + 2].strip():
                yield RULE.finding(start, start + 1, f" {text[start]}", proof=5)
            if closes and text[end - 1].strip():
                yield RULE.finding(end, end + 1, f"{text[end]} ", proof=5)


def _sure_pairs(document: Document, paragraph: Span) -> list[tuple[int, int]]:
    """The pairs of a paragraph whose marks are sure; the straight ones among them are tight on their inner sides."""
    text, quotation = document.text, document.quotation
    marks = [m.start() for m in _MARKS.finditer(text, paragraph.start, paragraph.end)]
    if len(marks) > _MOST_MARKS:
        return []
    pairs = list(zip(marks[::2], marks[1::2], strict=False))
    if len(marks) % 2 == 0 and all(_is_tight(text, start, end, paragraph) for start, end in pairs):
        if any(text[mark] == '"' for mark in marks) and _CODE.search(text, paragraph.start, paragraph.end):
            return []
        return pairs
    # Curly marks tell their direction by themselves, where none of the paragraph stands alone.
    for alone in (quotation.unclosed, quotation.unopened):
        at = bisect_left(alone, paragraph.start)
        if at < len(alone) and alone[at] < paragraph.end:
            return []
    first, last = (bisect_left(quotation.pairs, (edge,)) for edge in paragraph)
    return [pair for pair in quotation.pairs[first:last] if text[pair[0]] == "“" and text[pair[1]] == "”"]


def _is_tight(text: str, start: int, end: int, paragraph: Span) -> bool:
    """Whether two marks of one style hold words without a blank, and nothing around them speaks against it."""
    if text[start] + text[end] not in ('""', "“”"):
        return False
    first, last = text[start + 1], text[end - 1]
    if end - start < 2 or first.isspace() or last.isspace() or first in ",.;:)":
        return False
    if text[start] == "“":
        return True
    before = text[start - 1] if start > paragraph.start else " "
    after = text[end + 1] if end + 1 < paragraph.end else " "
    return end - start <= _LONGEST and not before.isdigit() and before not in "=\\.!?" and after not in "=\\"


def _needs_blank_before(document: Document, mark: int) -> bool:
    text = document.text
    before = text[mark - 1]
    if before in ",:;" and text[mark + 1].isdigit():
        return False
    if before == "," and text[mark] == '"' and text[mark + 1].isupper():
        return False  # another rule's: the comma that introduces a sentence
    if before == "n" and not text[mark - 2].isalpha():
        return False  # Rock"n"Roll
    if document.is_shielded(mark - 1, mark + 1) or _BEGINNING.search(text, max(0, mark - 8), mark):
        return False
    return before < _FIRST_CJK


def _needs_blank_after(document: Document, mark: int) -> bool:
    text = document.text
    if (
        _NOTE.match(text, mark + 1)
        or document.is_shielded(mark, mark + 2)
        or _ENDING.match(text, mark + 1)
        or text[mark + 1] >= _FIRST_CJK
    ):
        return False
    return not (text[mark - 1] in _SPACED_BY_OTHERS and text[mark + 1].isupper())


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """The blank outside a quotation mark gone, in paragraphs whose marks are sure."""
    text = document.text
    if '"' not in text and "“" not in text:
        return
    pairs = [
        pair
        for paragraph in document.paragraphs
        for pair in _sure_pairs(document, paragraph)
        if pair[1] - pair[0] > _PIECE + 1
    ]
    openers, closers = {start for start, _ in pairs}, {end for _, end in pairs}
    for match in _QUOTED.finditer(text):
        before, after = match.start() - 1, match.end()
        if after in openers:
            straight_inch = text[after] == '"' and text[before].isdigit()
            if not straight_inch and not _BEGINNING.search(text, max(0, before - 7), before + 1):
                yield Damage(match.start(), after, "")
        elif before in closers and not _ENDING.match(text, after):
            yield Damage(match.start(), after, "")


RULE = Rule(
    code="PUN105",
    name="glued-quotation-mark",
    message="the quotation is glued to the word outside it",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/typography",
    confidence=0.97,
    find=find,
    damage=damage,
    bad=(
        Example("Workers of the“Kazan”plant met.", "Workers of the “Kazan” plant met."),
        Example('She wore a "perfect"white dress.', 'She wore a "perfect" white dress.'),
        Example("The mayor said:“We go on.”", "The mayor said: “We go on.”"),
        Example(
            'They backed"skilled migration"and"green growth"in May.',
            'They backed "skilled migration" and "green growth" in May.',
        ),
        Example("It is said that“Ah”means yes “ in full”.", "It is said that “Ah” means yes “ in full”."),
        Example("The“Ruby”,“Opal”and“Onyx”ships left.", "The “Ruby”, “Opal” and “Onyx” ships left."),
    ),
    good=(
        "We heard “ah”s and “um”s, and it was “OK”ed.",
        "It is non“essential”, they say.",
        'A firm of that name would own "Mc"Anything.',
        'A 5"x7" print and an 8"x10" frame.',
        "He said of the” plan “that it failed.",
        'It was the end"and then "start anew.',
        'Call f("a")and g("b")or x="c"+"d".',
        "“One,” she said, “two”—“three”/“four”.",
        'One mark"here and “two” there.',
        'It holds {"a":1,"b":[2,3],"c":"to,from"} on one line.',
        'A row such as "id","name"and so on.',
    ),
)
