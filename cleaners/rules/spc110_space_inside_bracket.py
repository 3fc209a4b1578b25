"""Removes blanks on the inner side of round brackets.

**What.** ``( GDP )`` becomes ``(GDP)``, ``( Sunday)`` becomes ``(Sunday)``.

**Mechanism.** Systems work on tokens with brackets set apart; the full-width brackets of Chinese and Japanese carry
their blank in the character, which comes out as a real one.

**Left alone.** Brackets without a partner in the paragraph, smileys, empty boxes, formulas and code; and documents
that space all their brackets, several of them, which is a house style: there it is only suggested.

**Source.** 7 per 10,000 lines of the outputs submitted to the WMT news tasks for Chinese and Japanese to English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners import scan
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.spacing import is_code, tokenised

_BRACKETS = lazy(
    r"(?<![:;=8\w-])\((?P<open>[ \u00a0]{0,2})(?P<inner>[^\s()][^()\n\r]{0,300})(?<!\s)(?P<close>[ \u00a0]{0,2})\)"
    r"(?![\w(])"
)
_HANGING = lazy(
    r"\b(?:see|cf\.?|of|in|at|by|from|to|with|and|or|for|on|the|an?|para\.?|no\.?|resolution|document)\Z", re.IGNORECASE
)
_WORDS = lazy(r"[A-Za-z]{2,}|\d{2,}")
# The part of _BRACKETS that is rare and quick to look for.
_HINTS = ("( ", "(\u00a0", " )", "\u00a0)")
_TIGHT = lazy(r"\((?=\w)[^()\n\r]{1,300}\)(?<=\w\))")


def find(document: Document) -> Iterator[Finding]:
    """Brackets with a blank on their inner side."""
    text = document.text
    if not scan.holds(text, _HINTS):
        return
    spaced = [m for m in _BRACKETS.finditer(text) if (m["open"] or m["close"]) and _is_prose(document, m)]
    style = len(spaced) > 2 and not _TIGHT.search(text)
    for match in spaced:
        sure = not style or tokenised(document, document.paragraph_at(match.start()))
        level, confidence = (Level.SAFE, 0.97) if sure else (Level.SUGGEST, 0.8)
        for group in ("open", "close"):
            if match[group]:
                # The bracket goes into the span, since an edit has to leave something.
                start, end = match.span(group)
                start, end, fix = (start - 1, end, "(") if group == "open" else (start, end + 1, ")")
                yield RULE.finding(start, end, fix, level=level, confidence=confidence, proof=4)


def _is_prose(document: Document, match: re.Match[str]) -> bool:
    if match["inner"] == "aq" or "__" in match["inner"]:
        return False  # a state of matter, a gap to fill
    if match["close"] and not match["open"] and _HANGING.search(match["inner"][-12:]):
        return False  # "(see )": what was referred to is lost, and closing the gap would hide it
    if not _WORDS.search(match["inner"]) or match["inner"][-1] == ":" or document.is_shielded(*match.span("inner")):
        return False
    return not is_code(document, document.paragraph_at(match.start()))


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A blank behind the opening, before the closing bracket, or both."""
    for match in _BRACKETS.finditer(document.text):
        if match["open"] or match["close"] or not _is_prose(document, match):
            continue
        opening, closing = random.choice(((" ", " "), (" ", " "), (" ", ""), ("", " ")))
        bad = f"({opening}{match['inner']}{closing})"
        yield Damage(match.start(), match.end(), bad)


RULE = Rule(
    code="SPC110",
    name="space-inside-bracket",
    message="a blank stands on the inner side of the bracket",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/typography",
    confidence=0.97,
    find=find,
    damage=damage,
    bad=(
        Example("Gross domestic product ( GDP ) rose (again).", "Gross domestic product (GDP) rose (again)."),
        Example("They met in Oslo ( on Sunday) and left.", "They met in Oslo (on Sunday) and left."),
        Example("He was born there (in 1974 ).", "He was born there (in 1974)."),
    ),
    good=(
        "I did not get to read it :( and then I slept ;)",
        "Tick one: ( ) yes ( ) no ( x ) maybe.",
        "The sum f( x ) = ( a + b ) is known.",
        "for ( int i = 0; i < 9; i++ ) { run( ); }",
        "Fill in (Name: ) and (Date: ) here.",
        "An open bracket ( stands alone here; NaCl ( aq ) is clear; the year is ( 20__ ).",
        "Gross domestic product (GDP) rose (again).",
    ),
)
