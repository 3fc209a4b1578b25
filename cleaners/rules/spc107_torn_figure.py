"""Puts a figure together that a blank has torn at its decimal point or at its thousands comma.

**What.** ``46. 8%``, ``10. 7 per cent``, ``US$2. 4 trillion``, ``153, 000 people`` become one figure again.

**Mechanism.** Figures are cut into tokens, translated piece by piece, and the point or comma is joined again as if
it ended a clause.

**Left alone.** Anything that may be two figures: years and dates (``in 2019. 5 people``), list markers
(``1. 2 kg``), sections, a figure without a unit, a unit that may open a sentence (``to 9. 8% of them``) and hundreds
after a comma (``4, 360``), unless the source text writes the figure in one piece. What is likely is suggested.

**Source.** 14 and 4 per 10,000 lines of public system output for Chinese and Japanese to English; in 3 million
words of edited English none that was meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from random import Random

from cleaners import scan
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.spacing import words

# What measures and cannot open a sentence together with a bare figure.
_UNITS = (
    r"%|per ?cent\b|percentage points?\b|(?:thousand|million|billion|trillion)\b|times\b|degrees\b|"
    r"(?:seconds|minutes|hours|days|years|months|met(?:re|er)s|kilomet(?:re|er)s|tons|tonnes|yuan|Yuan|yen|euros|"
    r"dollars|points|km|kg|cm|mm|hectares|acres|square)\b"
)
# A figure and its unit end their clause here, so the two are no subject of a sentence.
_PUNCTUATION = r"[ ]?[,;:)]|[ ]?\.(?:\s|\Z|[\"”’])|\s*\Z"
_CLAUSE_ENDS = (
    rf"{_PUNCTUATION}|[ ](?:and|or|but|in|on|at|to|from|by|year|over|compared|respectively|as|"
    rf"higher|lower|more|less|than|this|last|with|when|after|before|since|during|while|ago|per|a)\b"
)
_BEFORE = r"(?:(?<=[a-z] )|(?<=[$€£¥])|(?<=RMB )|(?<=US \$ )|(?<=[a-z] [$€£¥] ))"
_LEFT = r"(?P<left>0|[1-9]\d{0,2})"
_LABELS = words(
    "section sections article articles chapter chapters paragraph paragraphs rule page pages item items step part "
    "version figure fig table no nos number room line grade group item versus vs para paras and January February March "
    "April May June July August September October November December"
)
_FIGURE = lazy(rf"{_BEFORE}{_LEFT}(?P<torn>\. )(?P<right>\d{{1,4}})(?![\d,:/-]|\.\d)(?P<unit>[ ]?(?:{_UNITS}))?")
_WHOLE = lazy(rf"{_BEFORE}{_LEFT}(?P<torn>\.)(?P<right>\d{{1,4}})(?![\d,:/-]|\.\d)(?P<unit>[ ]?(?:{_UNITS}))")
_AFTER_UNIT = lazy(rf"(?:{_CLAUSE_ENDS})|(?<=%)[a-z]", re.MULTILINE)
_STOP = lazy(_PUNCTUATION)
_TIME = lazy(r"second|minute|hour|day|year|month")
_PARTICLES = lazy(r"\b[Pp][Mm]2(?P<torn>\. )5\b(?!%)")
_THOUSANDS = lazy(
    r"(?<![\w.,:/-])(?<!\d, )[1-9]\d{0,2}(?P<torn>, )(?P<right>000|0\d\d\.\d+)(?=[ ][A-Za-z%]|[.,;)]?(?:\s|\Z))(?!, \d)"
)
_TIGHT_THOUSANDS = lazy(r"(?<![\w.,:/-])(?<!\d, )[1-9]\d{0,2},000(?=[ ][a-z])")
_ANY = lazy(r"(?<![\w.,:/-])(?P<left>\d{1,3})(?P<torn>[.,] )(?P<right>\d{1,4})(?![\d/-]|[.,:]\d)")
# Where a figure may be torn at its point or comma; at most three digits of it stand before.
_POINT = lazy(r"\. (?<=\d\. )(?=\d)")
_COMMA = lazy(r", (?<=\d, )(?=\d)")
_ZERO = lazy(r", 0(?<=\d, 0)")  # rarer than _COMMA, which every date has
_LAST_WORD = lazy(r"([A-Za-z]+) (?:[$€£¥] )?\Z")
_LARGE = lazy(r"[ ]?(?:thousand|million|billion|trillion)\b")
# Behind "for $1. 7 million" these make the second figure the subject of a sentence, as a noun in the plural does.
_PREDICATE = lazy(
    r" (?:was|were|is|are|will|would|has|have|had|went|came|did)\b"
    r"|(?! (?:dollars|pounds|euros|was|less|this|across|plus|versus|towards|always|its|his)\b) [a-z]+s\b"
)


def find(document: Document) -> Iterator[Finding]:
    """Figures torn at their point or comma."""
    text = document.text
    taken = set()
    for match in _proved_by_source(document):
        taken.add(match.start("torn"))
        yield _joined(match, sure=True)
    for match in (*scan.around(_PARTICLES, text, 3, _POINT), *scan.around(_THOUSANDS, text, 3, _ZERO)):
        if match.start("torn") not in taken:
            taken.add(match.start("torn"))
            yield _joined(match, sure=True)
    for match in scan.around(_FIGURE, text, 3, _POINT):
        if match.start("torn") in taken or not match["unit"] or _is_labelled(text, match):
            continue
        if len(match["right"]) == 3 and match["right"].endswith("00"):
            continue  # "87. 300 million" is 87.3亿: after the point the unit was carried over as well
        if _is_money(text, match) and not _LARGE.match(match["unit"]):
            continue  # "at 3 for $2. 5 percent of it goes to the school"
        if not text.startswith(" later", match.end()):
            yield _joined(match, sure=_is_one_figure(text, match))


def _joined(match: re.Match[str], *, sure: bool) -> Finding:
    level, confidence = (Level.SAFE, 0.97) if sure else (Level.SUGGEST, 0.8)
    start, end = match.span("torn")
    return RULE.finding(start, end, match["torn"][0], level=level, confidence=confidence, proof=len(match.group()))


def _proved_by_source(document: Document) -> Iterator[re.Match[str]]:
    """Torn figures that the source text writes in one piece."""
    if not document.source_text:
        return
    torn = list(scan.around(_ANY, document.text, 3, _POINT, _COMMA))
    if not torn:
        return
    source = unicodedata.normalize("NFKC", document.source_text)
    figures = frozenset(re.findall(r"\d+(?:[.,]\d+)*", source))
    for match in torn:
        mark, left, right = match["torn"][0], match["left"], match["right"]
        if mark == "," and (len(right) != 3 or left[0] == "0"):
            continue  # "[1, 1]"
        if left + mark + right in figures or (mark == "," and left + right in figures):
            yield match


def _is_one_figure(text: str, match: re.Match[str]) -> bool:
    """Whether what follows shows that figure and unit end a clause, or money stands before them."""
    if _is_money(text, match):
        return _LARGE.match(match["unit"]) is not None and _PREDICATE.match(text, match.end()) is None
    if len(match["right"]) > 1 and match["right"][0] == "0":
        return True  # no figure of its own starts so
    if _TIME.search(match["unit"]):
        return _STOP.match(text, match.end()) is not None  # "3. 5 years ago he left"
    return _AFTER_UNIT.match(text, match.end()) is not None


def _is_money(text: str, match: re.Match[str]) -> bool:
    return text[match.start() - 1] in "$€£¥" or text[max(0, match.start() - 4) : match.start()] == "RMB "


def _is_labelled(text: str, match: re.Match[str]) -> bool:
    """Whether a word before the figure counts something in a row ("section 9"), so that a sentence may end there."""
    word = _LAST_WORD.search(text, max(0, match.start() - 24), match.start())
    return word is not None and word[1] in _LABELS and not (word[1] == "and" and match["unit"].strip() == "%")


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A blank after the point of a figure with its unit, or after the comma of round thousands."""
    text = document.text
    for match in _WHOLE.finditer(text):
        if not _is_labelled(text, match) and _is_one_figure(text, match):
            yield Damage(match.end("torn"), match.end("torn"), " ")
    for match in _TIGHT_THOUSANDS.finditer(text):
        yield Damage(match.end() - 3, match.end() - 3, " ")


RULE = Rule(
    code="SPC107",
    name="torn-figure",
    message="a blank tears a figure apart",
    level=Level.SAFE,
    severity=Severity.MAJOR,
    mqm="fluency/typography",
    confidence=0.97,
    find=find,
    damage=damage,
    bad=(
        Example("Output rose 46. 8% in May.", "Output rose 46.8% in May."),
        Example("Prices fell by 10. 7 per cent.", "Prices fell by 10.7 per cent."),
        Example("It cost US$2. 4 trillion of public money.", "It cost US$2.4 trillion of public money."),
        Example("Some 153, 000 people fled.", "Some 153,000 people fled."),
        Example("The level of PM2. 5 fell in winter.", "The level of PM2.5 fell in winter."),
    ),
    good=(
        "It was adopted in 2019. 5 people voted against it.",
        "The score was 3 to 0. 5 minutes later they scored.",
        "See sections 8 and 9. 8 percent, by contrast, is in section 10.",
        "1. 2 kg of rice\n2. 5% vinegar",
        "He came on July 9. 7 million watched him.",
        "It was sold at 3 for $2. 5 percent of that, or $1. 7 minutes of film, are gone.",
        "On July 1, 218 items were cut; in 2017, 630,000 fewer were born.",
        "The colour is 255, 000, 000 and the scores 12, 100, 101.",
        "The ages were 4, 360 and 7. 15 remained.",
    ),
)
