"""Reports a day of the month without its month.

**What.** ``will visit Japan from the 30th`` in a text that names no month beside it; the first mention of each
day.

**Mechanism.** Japanese and Chinese news writes 30日 for a day of the current month; English readers cannot
tell which month.

**Left alone.** Ordinals before a noun ("the 30th anniversary", "the 5th Fleet"), days "of July", and
sentences that name a month.

**Source.** The usage of 日 in Japanese and Chinese news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity

_BEFORE = r"\b(?:on|from|until|till|since|of|by|before|after|through|night|morning|evening|afternoon) "
_DAY = re.compile(
    rf"{_BEFORE}(?P<day>the (?P<number>[12]?\d|3[01])(?:st|nd|rd|th))\b"
    r"(?=[.,;:)\"”]|\s*\Z|\s*[\r\n]"
    r"| (?:and|to|that|at|in|for|with|by|when|as|before|after|it|he|she|they|local)\b(?! the \w+ [a-z]))"
)
_FULL_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(
    rf"{_BEFORE}(?P<date>(?:{_FULL_MONTH}) (?P<after>[12]?\d|3[01])|(?P<before>[12]?\d|3[01]) (?:{_FULL_MONTH}))"
    r"\b(?!,? \d{4}|-|–| (?:and|to) \d)"
)
# The part of _DAY that is quick to look for.
_ORDINAL = re.compile(r" the [123]?\d(?:st|nd|rd|th)\b")
_MONTH = re.compile(
    rf"\b(?:{_FULL_MONTH}|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|month)\b"
)

_OTHER_ORDINAL = re.compile(r"\bcentur(?:y|ies)\b|\bfloors?\b|\bholes?\b|\bStreet\b|\bAvenue\b|\bAmendments?\b")


def find(document: Document) -> Iterator[Finding]:
    """The first bare mention of each day."""
    if not _ORDINAL.search(document.text):
        return
    seen: set[str] = set()
    for match in _DAY.finditer(document.text):
        if match["number"] in seen:
            continue
        sentence = document.sentence_at(match.start())
        before = document.sentence_at(sentence.start - 1) if sentence.start else sentence
        if _MONTH.search(document.text, before.start, sentence.end):
            continue
        if _OTHER_ORDINAL.search(document.text, match.end(), min(sentence.end, match.end() + 60)):
            continue
        seen.add(match["number"])
        yield RULE.finding(*match.span("day"), None)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """The first date of each day without its month, where neither its sentence nor the one before names another."""
    text = document.text
    seen: set[str] = {match["number"] for match in _DAY.finditer(text)}
    for match in _DATE.finditer(text):
        number = match["after"] or match["before"]
        sentence = document.sentence_at(match.start())
        before = document.sentence_at(sentence.start - 1) if sentence.start else sentence
        months = len(_MONTH.findall(text, before.start, sentence.end))
        if months != 1 or number in seen or _OTHER_ORDINAL.search(text, sentence.start, sentence.end):
            continue
        bad = f"the {number}{_suffix(int(number))}"
        if _DAY.match(f"on {bad}{text[match.end() : match.end() + 40]}"):
            seen.add(number)
            yield Damage(*match.span("date"), bad)


def _suffix(day: int) -> str:
    return "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


RULE = Rule(
    code="NUM101",
    name="bare-day",
    message="a day of the month stands without its month; only the document's date can tell which",
    level=Level.REPORT,
    severity=Severity.MINOR,
    mqm="accuracy/omission",
    confidence=0.85,
    find=find,
    damage=damage,
    bad=(
        Example("He will visit Japan from the 30th and meet the premier.", None),
        Example("On the evening of the 31st, they held talks.", None),
        Example("The ship left on the 2nd.", None),
    ),
    good=(
        "On the 30th anniversary of the treaty they met.",
        "The parade is on the 4th of July.",
        "In January he left on the 30th.",
        "Ships of the 7th Fleet left from the 21st century port.",
        "Paintings of the 19th and 20th centuries.",
        "He finished on the 18th hole.",
    ),
)
