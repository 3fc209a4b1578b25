"""Replaces an ideographic space in English text.

**What.** ``Tokyo　will host`` gets a plain blank; an indentation of ideographic spaces before an English paragraph
goes.

**Mechanism.** Chinese and Japanese set U+3000 between words and twice before a paragraph; systems carry it over as
it stands.

**Left alone.** Spaces beside a Chinese, Japanese or Korean character, which belong to a quoted original; runs within
a line, which set columns; lines of a table; the space alone in quotation marks; no-break, thin and hair spaces and
doubled blanks, which are house styles of English.

**Source.** Unicode 16, U+3000 IDEOGRAPHIC SPACE; in 3 million words of edited English it does not occur.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.segment import Span

_LATIN = r"A-Za-z0-9À-ɏ\"“”‘’'(\[$€£"
_BETWEEN = lazy(rf"(?<=[{_LATIN})\].,;:!?%])[ ]?\u3000[ ]?(?=[{_LATIN}])")
_AFTER_STOP = lazy(rf"\u3000(?<=[.!?\"”)]\u3000)\u3000(?=[{_LATIN}])")
_INDENT = lazy(rf"(?m)^\u3000{{1,4}}(?=[{_LATIN}])")
_BLANK = lazy(r"(?<=[a-z]) (?=[a-z])")
_QUOTED = frozenset(('""', "''", "“”", "‘’", "()", "[]"))
_STOPS = tuple('.!?"”)')


def find(document: Document) -> Iterator[Finding]:
    """Ideographic spaces with English on both sides, or before an English paragraph."""
    text = document.text
    if "\u3000" not in text:
        return
    rows = _rows(document)
    for match in _INDENT.finditer(text):
        yield RULE.finding(*match.span(), "", proof=1)
    for pattern in (_BETWEEN, _AFTER_STOP):
        for match in pattern.finditer(text):
            alone = text[match.start() - 1] + text[match.end()] in _QUOTED
            if not alone and document.paragraph_at(match.start()) not in rows:
                yield RULE.finding(*match.span(), " ", proof=2)


def _rows(document: Document) -> frozenset[Span]:
    """Lines that hold the same number of wide blanks as the line beside them, and end no sentence: a table."""
    counts = [document.text.count("\u3000", p.start + 1, p.end) for p in document.paragraphs]
    ends = [document.text.endswith(_STOPS, p.start, p.end) for p in document.paragraphs]
    rows = set()
    for at in range(1, len(counts)):
        if counts[at - 1] == counts[at] > 0 and not (ends[at - 1] or ends[at]):
            rows |= set(document.paragraphs[at - 1 : at + 1])
    return frozenset(rows)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """An ideographic space in place of a blank between two words, or two before a paragraph."""
    text = document.text
    for paragraph in document.paragraphs:
        indented = paragraph.start > 0 and text[paragraph.start - 1] != "\n"
        if not indented and text[paragraph.start].isascii() and text[paragraph.start].isalpha():
            yield Damage(paragraph.start, paragraph.start, "\u3000\u3000")
    for match in _BLANK.finditer(text):
        yield Damage(match.start(), match.end(), "\u3000")


RULE = Rule(
    code="SPC109",
    name="ideographic-space",
    message="a blank of Chinese or Japanese stands in English text",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/typography",
    confidence=0.98,
    find=find,
    damage=damage,
    bad=(
        Example("Tokyo\u3000will host the talks.", "Tokyo will host the talks."),
        Example("\u3000\u3000The minister left.\n\u3000\u3000He is ill.", "The minister left.\nHe is ill."),
        Example("It ended.\u3000\u3000The crowd left.", "It ended. The crowd left."),
    ),
    good=(
        "The headline read 東京\u3000大阪 in black.",
        "Name\u3000\u3000\u3000Age\nAki\u3000\u3000\u300041",
        "Town\u3000Age\nOita\u300041",
        "The string '\u3000' is one blank, “\u3000” too.",
        "The poem 春\u3000and the song 秋 are short.",
        "It cost 10\u00a0000\u202f€ at 5\u2009km.",
        "Two  blanks  may stand.  They do.",
    ),
)
