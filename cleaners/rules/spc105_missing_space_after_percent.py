"""Puts back the space after a percent sign.

**What.** ``98%of`` becomes ``98% of``.

**Mechanism.** Figures are masked, carried past the system and put back; the blank after them is lost.

**Left alone.** Everything but a lower-case word after the sign, and a plain figure before it: codes, URLs, ``%s``,
``100%ig``, and ``5%age points``, where the sign stands for a part of a word.

**Source.** Seen in web news translated from Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_WORDS = (
    "of|in|to|and|from|for|by|on|at|or|with|the|was|were|is|are|has|have|had|will|more|less|than|"
    "higher|lower|increase|decrease|as|since|over|but|while|between|compared"
)
# A function word, or any word of three letters that goes on or ends its clause.
_NEXT = rf"(?=(?:{_WORDS}) \w|(?!age\b|ile\b|ers\b|ish\b)[a-z]{{3,}}(?:[ ]\w|[,;)]|\.(?![a-z])|\s|\Z))"
_JOINED = lazy(rf"%(?<=\d%){_NEXT}")
_APART = lazy(rf"(?<=\d)% {_NEXT}")
_FIGURE = lazy(r"(?:\A|[\s(\"“‘'~–-]|[a-z]{2})[+±<>]?\d[\d.,]*\Z")


def find(document: Document) -> Iterator[Finding]:
    """Percent signs glued to a function word."""
    for match in _JOINED.finditer(document.text):
        before = document.text[max(0, match.start() - 20) : match.start()]
        if "\\" in before:
            continue  # TeX, where the sign starts a comment
        if not _FIGURE.search(before):
            continue
        yield RULE.finding(match.start(), match.end(), "% ", proof=2)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """The blank behind every percent sign before a function word, gone."""
    for match in _APART.finditer(document.text):
        if _FIGURE.search(document.text, max(0, match.start() - 20), match.start()):
            yield Damage(match.end() - 1, match.end(), "")


RULE = Rule(
    code="SPC105",
    name="missing-space-after-percent",
    message="the percent sign is glued to the next word",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/typography",
    confidence=0.98,
    find=find,
    damage=damage,
    bad=(
        Example("Turnout was 98%of the roll.", "Turnout was 98% of the roll."),
        Example("It rose 4%and fell 2.5%in May.", "It rose 4% and fell 2.5% in May."),
        Example("Some 30%were lost.", "Some 30% were lost."),
        Example(
            "It holds a 70%stake, and duties went to 30%reduced.",
            "It holds a 70% stake, and duties went to 30% reduced.",
        ),
    ),
    good=(
        "Use %s and %d, or 100%ig.",
        "A 5%-of-GDP goal.",
        "Turnout was 98% of the roll.",
        "The query q=50%offer is a URL part.",
        "It is 20%-30% of output.",
        "It grew by 1.6%age points.",
        "The domain 100%off.example is parked; \\hskip 3%the skip",
        "See item=5%off and a&b3%more, or 4%d.",
    ),
)
