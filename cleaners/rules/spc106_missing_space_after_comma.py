"""Puts back the space after a comma.

**What.** ``ships,the crews`` becomes ``ships, the crews``.

**Mechanism.** Chinese and Japanese set no space after ， and 、; where clauses are translated apart and joined,
English loses it too.

**Left alone.** Everything but a lower-case word before and a function word after the comma: numbers, pairs in brackets
(``(left,the right)``), lines of keywords, lists of names and codes (``a,b,c``), identifiers, URLs, and paragraphs that
glue other commas or do not capitalise.

**Source.** Seen in web news translated from Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_WORDS = (
    "the|and|but|which|who|with|an|of|to|for|from|it|he|she|they|we|this|that|these|as|by|"
    "on|at|so|while|when|because|including|especially"
)
_JOINED = lazy(rf",(?<=[a-z][a-z],)(?=(?:{_WORDS}) [a-z])")
_APART = lazy(rf"(?<=[a-z][a-z]), (?=(?:{_WORDS}) [a-z])")
# A pair in brackets, a value or an option: "(left,the right)", "uid=user,on", "-o ro,to".
_IN_CODE = lazy(r"(?:[(\[{=]|(?<=\s)-\w )\w{1,20}\Z")
_LABELLED = lazy(r"[A-Z]\w{2,20}: \S")
_OTHER_GLUED = lazy(r"[^\W\d_],[^\W\d_]+(?:,|$)|[A-Z][\w’'-]*,[A-Z]")


def find(document: Document) -> Iterator[Finding]:
    """Commas glued to a function word."""
    text = document.text
    matches = list(_JOINED.finditer(text))
    places = {document.paragraph_at(match.start()) for match in matches}
    lists = {place for place in places if _is_list(text[place.start : place.end])}
    for match in matches:
        pair = _IN_CODE.search(text, max(0, match.start() - 25), match.start())
        if not pair and document.paragraph_at(match.start()) not in lists:
            yield RULE.finding(match.start(), match.end(), ", ", proof=4)


def _is_list(line: str) -> bool:
    """Whether a paragraph does not capitalise, or glues other commas too: tags, a header line, verse."""
    if _LABELLED.match(line) and not line.endswith((".", "!", "?", '"', "”", ")", "…")):
        return True  # "Keywords: trade,the north sea"
    return line == line.lower() or _OTHER_GLUED.search(line) is not None


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """The blank behind every comma before a function word, gone."""
    for match in _APART.finditer(document.text):
        if _IN_CODE.search(document.text, max(0, match.start() - 25), match.start()):
            continue
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
        "The pair (left,the right) and the option -o ro,to are taken.",
        "Keywords: trade,the north sea",
    ),
)
