"""Puts back the space after a comma.

**What.** ``ships,the crews`` becomes ``ships, the crews``.

**Mechanism.** Chinese and Japanese set no space after ， and 、; where clauses are translated apart and joined,
English loses it too.

**Left alone.** Everything but a lower-case word before and a function word after the comma: numbers, lists of
names and codes (``a,b,c``), identifiers, URLs, and paragraphs that glue other commas or do not capitalise.

**Source.** Seen in web news translated from Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity

_WORDS = (
    "the|and|but|which|who|with|an|of|to|for|from|it|he|she|they|we|this|that|these|as|by|"
    "on|at|so|while|when|because|including|especially"
)
_JOINED = re.compile(rf",(?<=[a-z][a-z],)(?=(?:{_WORDS}) [a-z])")
_APART = re.compile(rf"(?<=[a-z][a-z]), (?=(?:{_WORDS}) [a-z])")
_OTHER_GLUED = re.compile(r"[^\W\d_],[^\W\d_]+(?:,|$)|[A-Z][\w’'-]*,[A-Z]")


def find(document: Document) -> Iterator[Finding]:
    """Commas glued to a function word."""
    text = document.text
    matches = list(_JOINED.finditer(text))
    places = {document.paragraph_at(match.start()) for match in matches}
    lists = {place for place in places if _is_list(text[place.start : place.end])}
    for match in matches:
        if document.paragraph_at(match.start()) not in lists:
            yield RULE.finding(match.start(), match.end(), ", ", proof=4)


def _is_list(line: str) -> bool:
    """Whether a paragraph does not capitalise, or glues other commas too: tags, a header line, verse."""
    return line == line.lower() or _OTHER_GLUED.search(line) is not None


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """The blank behind every comma before a function word, gone."""
    for match in _APART.finditer(document.text):
        yield Damage(match.end() - 1, match.end(), "")


RULE = Rule(
    code="SPC106",
    name="missing-space-after-comma",
    message="the comma is glued to the next word",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/typography",
    confidence=0.98,
    find=find,
    damage=damage,
    bad=(
        Example("They sent ships,the crews stayed home.", "They sent ships, the crews stayed home."),
        Example("He agreed,but he asked for time.", "He agreed, but he asked for time."),
        Example("The plan,which was late,and the budget failed.", "The plan, which was late, and the budget failed."),
    ),
    good=(
        "Sort by a,b,the and c.",
        "The path is /usr,bin and x,to=1.",
        "It cost 1,000 and rose 2,5 per cent.",
        "They sent ships, the crews stayed home.",
        "Set keys=one,two,for,three in the file.",
    ),
)
