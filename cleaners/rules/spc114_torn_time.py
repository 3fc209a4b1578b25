"""Puts a clock time together that a blank has torn.

**What.** ``at 9: 30 a.m.``, ``9 : 30``, ``from 18: 00 to 24: 00`` become ``9:30``, ``18:00``, ``24:00``.

**Mechanism.** The colon of a time is taken for punctuation: systems cut it off or set the blank that follows a colon.

**Left alone.** Lists and labels (``Part 9: 30 people``), notes, verses, ratios and scores without a word of time beside
them, minutes beyond 59, hours beyond 24.

**Source.** 31 per 10,000 lines of public system output for Chinese and Japanese to English; in 3 million words of
edited English none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners import scan
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_CLOCK = r"(?:[01]?\d|2[0-4])"
_BEFORE = (
    r"(?:(?<=[Aa]t )|(?<=[Ff]rom )|(?<=[Uu]ntil )|(?<=[Bb]y )|(?<=[Tt]o )|(?<=[Bb]etween )|(?<=[Ss]ince )|(?<=and )|"
    r"(?<=[Bb]efore )|(?<=[Aa]fter )|(?<=of )|(?<=[Aa]round )|(?<=[Aa]bout )|(?<=is ))"
)
_DAY = r"(?= ?(?:[ap]\.?m\b|AM\b|PM\b|GMT\b|UTC\b|local time\b|o'clock\b|on (?:the|[A-Z])))"
_TORN = lazy(
    rf"(?:{_BEFORE}(?P<hour>{_CLOCK})(?P<torn>: | : | :)(?P<minute>[0-5]\d)(?![\d%]|[:.,/]\d)"
    rf"|(?<![\w.,:/-]){_CLOCK}(?P<torn2>: | : | :)[0-5]\d{_DAY})"
)
_WHOLE = lazy(rf"{_BEFORE}(?P<hour>{_CLOCK}):(?P<minute>[0-5]\d)(?![\d%]|[:.,/]\d)")
# The colon of a torn time; its hour stands in the three code points before.
_COLON = lazy(r":(?:(?<= :) ?| )[0-5]")
# What follows a clock time; a noun in the plural may follow a colon and its figure ("to 9: 30 men").
_AFTER = lazy(
    r" ?(?:[ap]\.?m\b|AM\b|PM\b)|[.,;)]|\s*\Z| (?:on|in|to|and|until|the|this|that|of|from|for|local|GMT|at|today|"
    r"yesterday|tomorrow|every|each|when|after|before|[A-Z])"
)


# Where two figures with a colon are no time: verses of a book, ratios, scores.
_OTHER_SENSE = lazy(
    r"\b(?:[Rr]atios?|[Ss]cales?|[Mm]aps|[Mm]odels?|[Oo]dds|[Dd]ilut\w+|[Mm]ix|[Aa]ntibod\w+|[Gg]ears?|[Aa]spect|"
    r"[Vv]erses?|[Pp]salms?|[Gg]ospel|[Ss]cripture|[Ss]ur(?:ah?|as|ahs)|Qur.?an|Gita|Bible|Genesis|Exodus|Isaiah|"
    r"Romans|Acts|Corinthians|[Dd]ivided?|[Mm]ultipl\w+|[Rr]ound to|[Oo]dds|[Mm]ajority|[Hh]andball|"
    r"(?:(?!At|From|Until|By|To|Between|Since|Before|After|Around|About|On|[A-Z]\w+(?:day|ry|ber)\b)[A-Z][a-z]+|"
    r"(?:led|won|lost|beat) by|preached(?: on [A-Z][a-z]+,)? from|score (?:was|went from)) "
    r"\d{1,3} ?: ?\d\d)\b"
)
_SURE = lazy(r" ?(?:[ap]\.?m\b|AM\b|PM\b|GMT\b|UTC\b|local time\b|o'clock\b)")


def _is_time(document: Document, match: re.Match[str]) -> bool:
    """Whether a word of time follows, or nothing in the sentence speaks of verses, ratios or scores."""
    text = document.text
    if _SURE.match(text, match.end()):
        return True
    sentence = document.sentence_at(match.start())
    low, high = max(sentence.start, match.start() - 200), min(sentence.end, match.end() + 200)
    return _OTHER_SENSE.search(text, low, high) is None


def find(document: Document) -> Iterator[Finding]:
    """Clock times with a blank beside their colon."""
    text = document.text
    for match in scan.around(_TORN, text, 3, _COLON):
        group = "torn" if match["torn"] else "torn2"
        if (group == "torn" and not _AFTER.match(text, match.end())) or not _is_time(document, match):
            continue
        yield RULE.finding(*match.span(group), ":", proof=len(match.group()))


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A blank behind, now and then before, the colon of a clock time."""
    for match in _WHOLE.finditer(document.text):
        if _AFTER.match(document.text, match.end()) and _is_time(document, match):
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
        "Read Mark 4: 30 on Sunday, from 4: 10 to 4: 20. Mix it at 1 : 10 on the floor. They lost by 9 : 15.",
    ),
)
