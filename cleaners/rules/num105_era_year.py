"""Reports a year of a Japanese era that is not translated, cannot be, or contradicts the western year beside it.

**What.** ``Showa 20 (1946)``: Showa 20 is 1945. ``Heisei 35``: Heisei ended in its 31st year. ``in Reiwa 5`` in a
text that names no western year beside it. Where the source text has the era year, a contradicting western year is
put right.

**Mechanism.** Japan counts years from an emperor's accession: 令和5年 is 2023. Systems carry the number over, or
reckon it wrongly.

**Left alone.** Era years with their western year; fiscal years, which end in the next; the eras as such ("the
Heisei era", "early Showa", "Showa Day"), the party Reiwa Shinsengumi, and names of schools, parks and banks;
scores ("Meiji 24 Waseda 17").

**Source.** The eras and their first years: Meiji 1868, Taisho 1912, Showa 1926, Heisei 1989, Reiwa 2019; the last
year of one is the first of the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners import numerals
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

# The year before the first, and how many years there were.
_ERAS = {"meiji": (1867, 45), "taisho": (1911, 15), "showa": (1925, 64), "heisei": (1988, 31), "reiwa": (2018, 99)}
_ERA = r"(?:Meiji|Taish[oō]|Sh[oō]wa|Heisei|Reiwa)"
_WORDS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
_ORDINALS = {word: number for number, word in enumerate(_WORDS.split("|"), 1)}
_YEAR = lazy(
    rf"\b(?:(?P<era>{_ERA})[ -](?P<number>\d{{1,2}})(?!\d|[.,:%-]\d|%|st\b|nd\b|rd\b|th\b| per ?cent| [mb]illion"
    r"| [A-Z][a-z]+ \d)"
    rf"|(?P<ordinal>\d{{1,2}}(?:st|nd|rd|th)|{_WORDS}) year of (?:the )?"
    rf"(?P<reign>{_ERA})\b(?! (?:[Ee]mperor|Restoration)))",
)
_WESTERN = lazy(r"(?<![\d.,])(?:1[89]|20)\d\d(?!,?\d|\.\d)")
_FISCAL = lazy(r"\b(?:fiscal|FY|school|academic|business)\b", re.IGNORECASE)
_AFTER = lazy(r"(?: era)?,? ?[(\[（=＝] ?(?:i\.e\.,? |in |A\.?D\.? ?|CE )?(?P<year>(?:1[89]|20)\d\d)\b")
_BEFORE = lazy(r"(?P<year>(?:1[89]|20)\d\d),? ?[(\[（=＝] ?(?:the )?\Z")
_BESIDE = 60  # code points in which a western year explains the era's


def find(document: Document) -> Iterator[Finding]:
    """Era years that no western year explains or that one contradicts."""
    text = document.text
    if not any(era in document.lowered for era in ("meiji", "taish", "sh\u014dwa", "showa", "heisei", "reiwa")):
        return
    for match in _YEAR.finditer(text):
        era, number = _read(match)
        first, length = _ERAS[era]
        if not 1 <= number <= length:
            yield RULE.finding(*match.span(), None, confidence=0.95, message="the era had no such year")
            continue
        beside = _AFTER.match(text, match.end()) or _BEFORE.search(text, max(0, match.start() - 20), match.start())
        if beside:
            yield from _compared(document, beside, first + number)
        elif not _WESTERN.search(text, max(0, match.start() - _BESIDE), match.end() + _BESIDE):
            yield RULE.finding(*match.span(), None, message=f"a year of a Japanese era: {first + number}")


def _read(match: re.Match[str]) -> tuple[str, int]:
    era = (match["era"] or match["reign"]).lower().replace("\u014d", "o")
    if match["number"]:
        return era, int(match["number"])
    ordinal = match["ordinal"].lower()
    return era, _ORDINALS.get(ordinal) or int(ordinal[:-2])


def _compared(document: Document, beside: re.Match[str], year: int) -> Iterator[Finding]:
    """The western year where it is another; one more is right for the end of a fiscal year."""
    given = int(beside["year"])
    near = document.text[max(0, beside.start() - 40) : beside.end() + 20]
    if given == year or (abs(given - year) == 1 and _FISCAL.search(near)):
        return
    source = document.source_text
    proved = bool(source) and any(year in f.readings for f in numerals.cjk.read(source or ""))
    yield RULE.finding(
        *beside.span("year"),
        str(year) if proved else None,
        level=Level.SUGGEST if proved else Level.REPORT,
        confidence=0.95,
        message=f"the era year beside it is {year}",
        proof=8,
    )


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """The western year beside an era year, wrong by one or two."""
    for match in _YEAR.finditer(document.text):
        era, number = _read(match)
        beside = _AFTER.match(document.text, match.end())
        if beside and int(beside["year"]) == _ERAS[era][0] + number:
            yield Damage(*beside.span("year"), str(int(beside["year"]) + random.choice((-2, 2))))


RULE = Rule(
    code="NUM105",
    name="era-year",
    message="a year of a Japanese era stands untranslated",
    level=Level.REPORT,
    severity=Severity.MAJOR,
    mqm="accuracy/mistranslation",
    confidence=0.85,
    origin="ja",
    find=find,
    damage=damage,
    bad=(
        Example("The bridge was built in Showa 20 (1946).", None),
        Example("The budget for Reiwa 5 was passed on Friday.", None),
        Example("In the second year of Reiwa the games were put off.", None),
        Example("Heisei 35 was mild.", None),
        Example("He was born in 1926 (Taisho 14) in Kobe.", None),
    ),
    good=(
        "The Great Kanto Earthquake of 1923 (Taisho 12) struck at noon.",
        "Reiwa Shinsengumi won 9 seats on Showa Day.",
        "Songs of the Heisei era and of early Showa were played.",
        "In 2023, or Reiwa 5, prices rose.",
        "Fiscal Heisei 30 (2019) ended in March.",
        "The 150th year of the Meiji Restoration was marked in 2018.",
        "Showa 20% and Heisei 3.5 are shares of two banks.",
        "He led Showa University and beat Meiji 20-3.",
    ),
)
