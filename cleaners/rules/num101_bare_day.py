"""Reports a day of the month without its month, and supplies the month where the document's date is known.

**What.** ``will visit Japan from the 30th`` in a text that names no month beside it; the first mention of each
day. With ``--date 2023-07-03`` and a text from Chinese or Japanese, ``on the 30th`` becomes ``on June 30``.

**Mechanism.** Japanese and Chinese news writes 30日 for a day near the day of the report, mostly in the current
month; English readers cannot tell which month.

**Left alone.** Ordinals before a noun ("the 30th anniversary", "the 5th Fleet") and of innings, congresses,
parallels and the like; days "of July", and sentences that name a month; a text of one sentence and no date, whose
month may stand in the sentence before it. The month is only given where the day lies at most ten days before
the date, or ahead of it in a sentence that tells of the future and at most ten days off.

**Source.** The usage of 日 in Japanese and Chinese news.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_BEFORE = r"\b(?:on|from|until|till|since|of|by|before|after|through|night|morning|evening|afternoon) "
_DAY = lazy(
    rf"{_BEFORE}(?P<day>the (?P<number>[12]?\d|3[01])(?:st|nd|rd|th))\b"
    r"(?=[.,;:)\"”]|\s*\Z|\s*[\r\n]"
    r"| (?:and|to|that|at|in|for|with|by|when|as|before|after|it|he|she|they|local)\b(?! the \w+ [a-z]))"
)
_FULL_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_NAMES = _FULL_MONTH.split("|")
_DATE = lazy(
    rf"{_BEFORE}(?P<date>(?:{_FULL_MONTH}) (?P<after>[12]?\d|3[01])|(?P<before>[12]?\d|3[01]) (?:{_FULL_MONTH}))"
    r"\b(?!,? \d{4}|-|–| (?:and|to) \d)"
)
_DAY_FIRST = lazy(rf"\b\d{{1,2}} (?:{_FULL_MONTH})\b")
_MONTH_FIRST = lazy(rf"\b(?:{_FULL_MONTH}) \d{{1,2}}\b")
# The part of _DAY that is quick to look for.
_ORDINAL = lazy(r" the [123]?\d(?:st|nd|rd|th)\b")
_MONTH = lazy(
    rf"\b(?:{_FULL_MONTH}|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|[Mm]onths?|lunar|Ramadan)\b"
)
_OTHER_ORDINAL = lazy(
    r"\b(?:centur(?:y|ies)|floors?|holes?|innings?|minutes?|rounds?|laps?|place|miles?|grades?|parallels?|Congress"
    r"|congress|session|storey|story|birthday|anniversary|Street|Avenue|Amendments?|District|Division)\b"
)
# What the sentence before says is counted.
_TOLD_BEFORE = lazy(r"\b(?:floors|storeys|stories|symphon(?:y|ies)|deciles?|percentiles?|laps|innings|grades|holes)\b")
# What counts in ordinals that are not days, before the ordinal: "the bottom of the 9th".
_COUNTED = lazy(r"\b(?:(?:top|bottom|half|outs?|homers?|runs?) (?:of|in)|ranked|finished|placed|seeded) \Z")
_FUTURE = lazy(r"\b(?:will|to be|plans?|planned|due|scheduled|expected|is to|are to|until|by)\b")
_REACH = 10  # days


def find(document: Document) -> Iterator[Finding]:
    """The first bare mention of each day."""
    text = document.text
    if not _ORDINAL.search(text):
        return
    if document.date is None and len(document.sentences) < 2:
        return
    seen: set[str] = set()
    for match in _DAY.finditer(text):
        if match["number"] in seen or _names_month_or_ordinal(document, match):
            continue
        seen.add(match["number"])
        fix = _dated(document, match)
        level = Level.SUGGEST if fix else Level.REPORT
        yield RULE.finding(*match.span("day"), fix, level=level)


def _names_month_or_ordinal(document: Document, match: re.Match[str]) -> bool:
    text = document.text
    sentence = document.sentence_at(match.start())
    before = document.sentence_at(sentence.start - 1) if sentence.start else sentence
    if _MONTH.search(text, before.start, sentence.end):
        return True
    if document.source_text and not re.search(rf"(?<!\d){_in_source(match['number'])}[日号號]", document.source_text):
        return True  # no day there: a floor, a round
    if _TOLD_BEFORE.search(text, before.start, match.start()):
        return True
    end = match.start("day")
    return bool(
        _COUNTED.search(text, max(sentence.start, end - 30), end)
        or _OTHER_ORDINAL.search(text, match.end(), min(sentence.end, match.end() + 60))
    )


def _in_source(number: str) -> str:
    """The day in plain, full-width and Han digits."""
    wide = number.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    tens, ones = divmod(int(number), 10)
    han = ("", "十", "二十", "三十")[tens] + " 一二三四五六七八九"[ones].strip()
    return f"(?:{number}|{wide}|{han})"


def _dated(document: Document, match: re.Match[str]) -> str | None:
    """The day with its month, where the document's date and origin tell it."""
    if document.date is None or document.origin not in ("ja", "zh"):
        return None
    sentence = document.sentence_at(match.start())
    future = bool(_FUTURE.search(document.text, sentence.start, sentence.end))
    day = _nearest(document.date, int(match["number"]), future=future)
    if day is None:
        return None
    month = _NAMES[day.month - 1]
    british = _DAY_FIRST.search(document.text) and not _MONTH_FIRST.search(document.text)
    return f"{day.day} {month}" if british else f"{month} {day.day}"


def _nearest(date: datetime.date, number: int, *, future: bool) -> datetime.date | None:
    """The one such day within reach on or before ``date``, or ahead of it where the text tells of the future."""
    reach = [date + datetime.timedelta(days=n) for n in range(-_REACH, _REACH + 1)]
    near = [day for day in reach if day.day == number and (future or day <= date)]
    return near[0] if len(near) == 1 else None


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """The first date of each day without its month, where neither its sentence nor the one before names another."""
    text = document.text
    if len(document.sentences) < 2:
        return
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
        Example("He will visit Japan from the 30th and meet the premier. Talks will follow.", None),
        Example("The premier was there. On the evening of the 31st, they held talks.", None),
        Example("The ship left on the 2nd. It had been loaded in haste.", None),
    ),
    good=(
        "On the 30th anniversary of the treaty they met. It was cold.",
        "The parade is on the 4th of July. Nobody works.",
        "In January he left on the 30th. She stayed.",
        "Ships of the 7th Fleet left from the 21st century port. They sailed on.",
        "Paintings of the 19th and 20th centuries. They hang upstairs.",
        "He finished on the 18th hole. She was third.",
        "They scored twice in the bottom of the 9th. It was over.",
        "The premier arrived on the 30th.",
    ),
)
