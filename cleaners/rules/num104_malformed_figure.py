"""Mends ordinals with a wrong ending, and reports figures that are no figure: cut, masked or grouped wrongly.

**What.** ``on the 1th`` becomes ``on the 1st``. ``18,2429 respondents``, ``100.3.39 million``, ``up <>%`` and
``$number`` are reported.

**Mechanism.** 第1 and 1日 are filled into a template with "th". Chinese and Japanese group digits by four, and a
system that adds the comma counts their groups. Engines that mask numbers now and then leave the mask.

**Left alone.** A comma that lacks its blank behind it (``August 11,2000``), figures grouped by two as in India,
version numbers, lists of figures; a wrong ordinal that follows no word, where the figure may be a misread letter, or
that a text on writing shows; weights (``he is down to 12st``).

**Source.** Seen in public system output; human text has a handful in three million words, all of them slips.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners import scan
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_ORDINAL = lazy(
    r"(?<=[A-Za-z] )(?P<number>\d{0,3}?(?:(?<!1)[123](?=th\b)|1[123](?=(?:st|nd|rd)\b)))(?P<end>th|st|nd|rd)\b"
)
_GROUPED = lazy(r"(?<![\w.,:/-])\d{1,3}(?:,\d{3})*,\d{4,9}(?![\w,:/-]|\.\d)")
_YEAR = lazy(r"\d{1,2},(?:1[5-9]|20)\d\d\Z")
_DOTTED = lazy(r"(?<![\w.,:/-])\d{1,3}(?:\.\d{1,3}){2,3} ?(?:%|percent\b|(?:m|b|tr)illion\b)")
_MASK = lazy(r"<(?:> ?(?:%|percent\b|(?:m|b|tr)illion\b)|(?:num|NUM|number|NUMBER)>)")
_SIGNED_MASK = lazy(r"[$£€¥]number\b")
# An ordinal that the text shows as wrong: "the form prints 21th instead of 21st".
_SHOWN = lazy(r"\b(?:write|writes|wrote|written|prints?|printed|spell(?:s|ed|t)?|types?|typed|instead of)\b")
_STONES = lazy(r"1[1-3]st")  # "he weighs 11st": a weight, and more often so than an ordinal
# What is rare in each of them and quick to look for; of an ordinal, the first figure that its ending contradicts.
_WRONG = tuple(map(re.compile, ("1th(?<!11th)", "2th(?<!12th)", "3th(?<!13th)", "1[123](?:st|nd|rd)")))
_HINTS = (
    (_GROUPED, lazy(r",\d{4}")),
    (_DOTTED, lazy(r"\.\d{1,3}\.\d")),
    (_MASK, lazy("<")),
    (_SIGNED_MASK, lazy(r"number(?<=[$£€¥]number)")),
)
_RIGHT = lazy(r"(?<=[A-Za-z] )(?P<number>\d{0,3}?(?<!1)[123])(?P<end>st|nd|rd)\b(?= [a-z])")


def find(document: Document) -> Iterator[Finding]:
    """Wrong ordinals and malformed figures."""
    text = document.text
    for match in scan.around(_ORDINAL, text, 3, *_WRONG):
        level = None
        if _STONES.fullmatch(match.group()):
            if not text.endswith("the ", 0, match.start()):
                continue
            level = Level.SUGGEST
        if not _SHOWN.search(text, max(0, match.start() - 30), match.end() + 15):
            yield RULE.finding(*match.span(), match["number"] + _ending(int(match["number"])), level=level)
    for pattern, hint in _HINTS:
        for match in pattern.finditer(text) if hint.search(text) else ():
            if pattern is _GROUPED and _YEAR.match(match.group()):
                continue
            yield RULE.finding(*match.span(), None, level=Level.REPORT, message="no figure is written like this")


def _ending(number: int) -> str:
    return "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Every ordinal with "th"."""
    for match in _RIGHT.finditer(document.text):
        yield Damage(*match.span(), f"{match['number']}th")


RULE = Rule(
    code="NUM104",
    name="malformed-figure",
    message="this ordinal has the ending of another",
    level=Level.SAFE,
    severity=Severity.MAJOR,
    mqm="fluency/grammar",
    confidence=0.98,
    find=find,
    damage=damage,
    bad=(
        Example("The envoys arrived on the 1th of May.", "The envoys arrived on the 1st of May."),
        Example("It was the 22th round and the 111st match.", "It was the 22nd round and the 111th match."),
        Example("In the 3th year the mill was closed.", "In the 3rd year the mill was closed."),
        Example("Of 18,2429 respondents one half agreed.", None),
        Example("Prices rose <>% within a month.", None),
        Example("Exports came to 100.3.39 million dollars.", None),
    ),
    good=(
        "It was on the 11th, 12th, 13th, 21st, 22nd, 23rd, 111th and 101st day.",
        "They met on August 11,2000 and on Sept 15,1946.",
        "India counted 12,34,567 votes and version 1.2.3 of the list.",
        "It rose to 14,092, 1,234,567 and 0.5%.",
        "The ratio is 1:2,3456 being the page.",
        "The kernel 5.10.13 has 3 million users; the scale <> says nothing.",
    ),
)
