"""Puts right a large number whose Chinese or Japanese unit was carried over as another.

**What.** ``4000 ten thousand pounds`` becomes ``40 million pounds``. With the source text, ``2 billion`` for 2億
becomes ``200 million``. Without it, forms that no number has (``26043 billion``, ``30 billion trillion``) are
reported.

**Mechanism.** Chinese and Japanese count in 万 (ten thousand), 億 or 亿 (a hundred million) and 兆 (a million
million), so that every large number must be reckoned anew. Systems keep the digits and take the nearest English
unit, wrong by ten to ten thousand, or translate the unit word for word.

**Left alone.** ``$2,140 million`` and ``1200 billion``, which accounts use; several thousand and other vague
numbers; years, days and labels before a number in words (``In 1917 ten thousand men``); measures that may be
converted (5000万公斤 is 50,000 tons). With a source, a figure is only changed where the source has its digits at
another power of ten and nowhere else, the source's figure has no counterpart in the text, and both are large
numbers.

**Source.** The numeral systems of the three languages. In public system output about 57 slips in 10,000 lines, up
to 700 with the weakest engine; of the values put right 98 % stand in the reference, and the rest in the source. A
few are found in human references, each of them a slip of the translator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners import numerals
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_DIGITS = r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_SCALE = r"(?:million|billion|trillion)"
_LITERAL = lazy(rf"{_DIGITS} (?:ten|hundred)[ -](?:thousand|{_SCALE})\b")
# A year, a day or the number of a thing that a number in words follows: "In 1917 ten thousand men", "On May 5 ten
# thousand", "Group 12 ten thousand cells".
_YEAR = lazy(r"(?:1\d|20)\d\d (?:ten|hundred)")
_SMALL = lazy(r"\d{1,2} ")
_ABOUT = lazy(r"\b(?:about|around|some|nearly|almost|over|than) \Z", re.IGNORECASE)
_DATING = lazy(
    r"\b(?:in|by|since|of|from|(?<!up )to|until|till|before|after|during|and|or|year)(?: (?:late|early|the))?[ ]\Z",
    re.IGNORECASE,
)
_NUMBERED = lazy(r"(?<!\w)(?!(?:About|Over|Some|Nearly|Almost|Around|Only|At|The|A|In|By|Of|For|With)\b)[A-Z]\w* \Z")
_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_IMPOSSIBLE = lazy(
    rf"(?<![\d.,])(?:\d{{5,}}(?:\.\d+)?[ -]{_SCALE}|\d{{2,3}}(?:,\d{{3}})+(?:\.\d+)?[ -](?:billion|trillion))\b"
    rf"|(?<![\d.,])\d[\d,.]{{0,20}} (?:million (?:b|tr)illion|billion (?:m|tr)illion|trillion [mb]illion)\b"
    rf"|(?<![\d.,])\d{{1,3}}(?:\.\d+)? 100[ -]{_SCALE}\b"
    rf"|\b(?:{_WORDS}) (?:100 {_SCALE}|10,000)\b"
)
# The parts of both that are rare and quick to look for, since each begins with a plain string.
_COUNTED = (lazy(r" ten(?<=\d ten)[ -]"), lazy(r" hundred(?<=\d hundred)[ -]"))
_ODD = (
    lazy(
        r"illion(?:(?<=\d{5}[ -][mb]illion)|(?<=\d{5}[ -]trillion)|(?<=,\d{3}[ -]billion)|(?<=,\d{3}[ -]trillion)"
        rf"| {_SCALE})"
    ),
    lazy(rf"\.(?<=\d\d\d\.)\d+[ -]{_SCALE}"),
    lazy(" 10(?:" + "|".join(rf"(?<={word} 10)" for word in (r"\d", *_WORDS.split("|"))) + rf")(?:,000|0[ -]{_SCALE})"),
)
_PLAIN = lazy(r"(?<![\d.,$£€¥] )(?<![\d.,$£€¥-])\b(?P<digits>[1-9]\d{0,2}(?:\.\d)?) million(?= [a-z])")


def find(document: Document) -> Iterator[Finding]:
    """Units translated word for word, forms that no number has, and with a source what it disproves."""
    text = document.text
    told = set()
    if document.source_text:
        for slip in numerals.compare.unit_slips(text, document.source_text):
            told.add(slip.figure.start)
            yield _by_source(text, document.source_text, slip)
    for match in _LITERAL.finditer(text) if any(part.search(text) for part in _COUNTED) else ():
        figure = next((f for f in numerals.english.read(match.group())), None)
        if _is_label(text, match) or text[max(0, match.start() - 1) : match.start()] == ":":
            continue
        right = numerals.english.write(figure.value) if figure and figure.end == len(match.group()) else None
        if match.start() not in told:
            told.add(match.start())
            # "at the age of 20 ten thousand dollars"
            small = _SMALL.match(match.group()) and not _ABOUT.search(text, max(0, match.start() - 10), match.start())
            level = Level.SUGGEST if small else Level.SAFE
            yield RULE.finding(*match.span(), right, level=level if right else Level.REPORT)
    for match in _IMPOSSIBLE.finditer(text) if any(part.search(text) for part in _ODD) else ():
        if match.start() not in told:
            yield RULE.finding(*match.span(), None, level=Level.REPORT, confidence=0.9)


def _is_label(text: str, match: re.Match[str]) -> bool:
    """Whether the digits are a year, a day or a label, and the words behind them a number of their own."""
    low, start = max(0, match.start() - 30), match.start()
    if _NUMBERED.search(text, low, start):
        return True
    return _YEAR.match(match.group()) is not None and _DATING.search(text, low, start) is not None


def _by_source(text: str, source: str, slip: numerals.compare.Slip) -> Finding:
    start, end = slip.figure.start, slip.figure.end
    right = numerals.english.write(slip.source.value, text[start:end]) if slip.sure else None
    quoted = source[slip.source.start : slip.source.end]
    return RULE.finding(
        start,
        end,
        right,
        level=Level.SAFE if right else Level.REPORT,
        confidence=0.98 if right else 0.85,
        message=f"the source has {quoted}; its unit was carried over wrongly",
        proof=8,
    )


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Millions written in units of ten thousand, word for word."""
    for match in _PLAIN.finditer(document.text):
        value = numerals.english.read(match.group())[0].value / 10**4
        yield Damage(*match.span(), f"{value} ten thousand")


RULE = Rule(
    code="NUM102",
    name="wrong-number-unit",
    message="a large-number unit of the source language was carried over as it stands",
    level=Level.SAFE,
    severity=Severity.CRITICAL,
    mqm="accuracy/mistranslation",
    confidence=0.97,
    find=find,
    damage=damage,
    bad=(
        Example("The club paid 4000 ten thousand pounds for him.", "The club paid 40 million pounds for him."),
        Example("It cost 2.22 hundred million euros to build.", "It cost 222 million euros to build."),
        Example("About 35 ten thousand people live there.", "About 350,000 people live there."),
        Example("The lender will grant 20000 billion yuan in May.", None),
        Example("Imports are worth $30 billion trillion a year.", None),
        Example("The court fined them $26,043 billion in all.", None),
        Example("Some eleven 100 million acres were entered.", None),
    ),
    good=(
        "The debt rose from $2,140 million to 1200 billion yen.",
        "A hundred million people and two hundred thousand cars took to the roads.",
        "In 2018 100 million cards were sold, and in 2019 10,000 more.",
        "They are worth 2.5 million, 3 billion and 1.2 trillion yen.",
        "Ten thousand marched; one million looked on.",
        "Of the ten, one million-pound house was sold.",
        "The sun emits 400 trillion trillionths of it.",
    ),
)
