"""Reports a number that the source text, or the text itself beside it, contradicts.

**What.** ``Group of Seven (G5)``, ``five (7) contracts``. With the source text: ``1.71 billion yuan`` for 1271亿元,
``61,000 yen`` for 6千円, where the number of the source stands nowhere in the text.

**Mechanism.** Rare digit sequences are cut into pieces that a system drops, doubles or swaps; engines that mask
numbers fill the masks in the wrong order.

**Left alone.** Against a source: numbers that agree when rounded; numbers below ten and those in words, which
stand for "a", "both" and ordinals as often as for a count; years, dates, times, ages, ordinals, names with a number
in them (``G7``); a number that is new or gone on one side only, since a translator may add or leave one out;
converted measures; what differs by a power of ten, which ``NUM102`` tells. In the text itself: ages, years and
notes in brackets.

**Source.** Comparison of public system output with its source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners import numerals
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.numerals import Figure

_SMALL = 10
_LOOKED_AT = 20  # candidates
_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty")
_GROUP = lazy(
    r"\bGroup of (?P<word>Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Fifteen|Twenty|Thirty)"
    r"(?: \w+){0,2} \((?:the )?(?P<figure>G-?(?P<number>\d{1,2}))\)"
)
_LABEL = lazy(
    r"\b(?:room|lane|ward|table|figure|chapter|part|number|player|class|grade|group|team|unit|page|question|step|section|"
    r"article|phase|act|scene|floor|row|column|level|house|platform|track|of)s? \Z",
    re.IGNORECASE,
)
# The part of both that is rare and quick to look for.
_BRACKETED = lazy(r"\((?:the )?(?:G-?)?\d\d?\)")
_TWICE = lazy(
    rf"(?<![\w-])(?<!the )(?P<word>{'|'.join(_WORDS)}) \((?P<figure>(?P<number>\d{{1,2}}))\) "
    r"(?!(?:is|was|has|as|its)\b)[a-z]+s\b",
    re.IGNORECASE,
)


def find(document: Document) -> Iterator[Finding]:
    """Figures that contradict the word before them, and figures without a counterpart in the source."""
    text = document.text
    if _BRACKETED.search(text):
        for pattern in (_GROUP, _TWICE):
            for match in pattern.finditer(text):
                if pattern is _TWICE and _LABEL.search(text, max(0, match.start() - 12), match.start()):
                    continue  # "Room two (12)"
                if numerals.english.read(match["word"])[0].value != int(match["number"]):
                    message = f"the figure contradicts {match['word']!r} before it"
                    yield RULE.finding(*match.span("figure"), None, message=message)
    if document.source_text:
        yield from _against(text, document.source_text)


def _against(text: str, source: str) -> Iterator[Finding]:
    for figure, candidates in numerals.compare.strangers(text, source):
        if not _tells(figure) or not any(map(_tells, candidates[:_LOOKED_AT])):
            continue
        named = ", ".join(source[c.start : c.end] for c in candidates[:3])
        yield RULE.finding(
            figure.start,
            figure.end,
            None,
            confidence=0.85,
            message=f"the source has no such number; it has {named}, which the text lacks",
        )


def _tells(figure: Figure) -> bool:
    return figure.value >= _SMALL or figure.value.denominator > 1


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Another number in the brackets behind a group's name."""
    for match in _GROUP.finditer(document.text):
        number = int(match["number"])
        if numerals.english.read(match["word"])[0].value == number:
            yield Damage(*match.span("number"), str(number + random.choice((-2, 2))))


RULE = Rule(
    code="NUM103",
    name="contradicted-number",
    message="another number stands for the same thing",
    level=Level.REPORT,
    severity=Severity.CRITICAL,
    mqm="accuracy/mistranslation",
    confidence=0.9,
    find=find,
    damage=damage,
    bad=(
        Example("Ministers of the Group of Seven (G5) met in Hiroshima.", None),
        Example("They signed five (7) contracts on Monday.", None),
        Example("The Group of Twenty major economies (G7) agreed.", None),
    ),
    good=(
        "Ministers of the Group of Seven (G7) and the Group of Twenty (G-20) met.",
        "They signed five (5) contracts.",
        "His daughters, aged two (Emi) and five (Rin), watched.",
        "The first of the three (2019) was the best, the second of the two (12) the worst.",
        "Group of Seven members (28 in all with guests) met.",
        "Chapter five (12 pages) is about rice.",
    ),
)
