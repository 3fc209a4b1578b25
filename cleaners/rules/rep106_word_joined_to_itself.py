"""Takes out the second of two equal words that "and" joins.

**What.** ``strict and strict, said the ministry`` becomes ``strict, said the ministry``; ``Zhejiang and Zhejiang``.

**Mechanism.** Chinese pairs two words of like meaning (严格 and 严厉, 了解 and 理解), Japanese too; the system knows
one English word for both.

**Left alone.** What English joins to itself: comparatives ("better and better"), measures and numbers ("thousands and
thousands", "years and years", "miles and miles"), adverbs ("again and again", "over and over"), what goes on ("worked
and worked", "asking and asking", "they wept and wept"), kinds that differ ("there are lies and lies"), and a second
word that opens another term ("energy and energy security", "crimes and crimes against humanity"): only a second word
at a stop, a comma or a verb counts. Which other word was meant is not known, so that nothing is applied.

**Source.** Seen in WMT system outputs (Chinese to English).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from random import Random

from cleaners import repetition
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.repetition import FUNCTION_WORDS, words

_JOINT = " and "
_WORD = lazy(r"[a-z][\w-]{3,}")
_ENDS = lazy(r"[ \u00a0]?[.,;:](?!\d)|[ \u00a0](?:is|are|was|were|has|have|will|had|said)\b")
_MORE_NAMES = lazy(r", ?[A-Z]")
_LAWFUL = words(
    "again over time more less fewer years miles hours days weeks months decades centuries generations ages months "
    "thousands millions billions dozens hundreds scores lots heaps loads tons piles layers rows pages times many "
    "ever never forever there here then down back through round around about lies people books men women kids "
    "children friends wine fish soup doctors teachers tears words promises nothing something someone this that "
    "five seven eight nine small build worse such other some very really much high long deep cold hot bread home "
    "face hand hands side half part"
)
_GROWING = lazy(r"\w(?:er|ing|ed|[^s]ly)\Z")
# What stands before a verb that goes on, "they wept and wept", and before what there is nothing but.
_DOES = lazy(
    r"\b(?:would|could|will|can|must|should|might|may|did|does|do|they|we|he|she|i|you|it|who|only|but|but to) \Z"
)
_SITE = lazy(r"[ \u00a0](?P<word>[a-z]{6,})(?=\.(?: [A-Z]|\n|\Z))")


def find(document: Document) -> Iterator[Finding]:
    """Words that "and" joins to themselves."""
    text, lowered = document.text, document.lowered
    hits = list(_pairs(lowered))
    if not hits or repetition.is_spoken(text):
        return
    for start, word in hits:
        end = start + 2 * len(word) + len(_JOINT)
        written = text[start : start + len(word)]
        if text[end - len(word) : end] not in (written, word) or not _starts_word(lowered, start):
            continue
        if not _is_lawful(text, start, end, word):
            dropped = text[start + len(word) : end]
            yield RULE.finding(start, end, written, message=f"{written!r} is joined to itself", drops=dropped)


def _pairs(lowered: str) -> Iterator[tuple[int, str]]:
    """Where a word starts that stands on both sides of "and", and the word."""
    pieces = lowered.split(_JOINT)
    at = 0
    for left, right in pairwise(pieces):
        at += len(left) + len(_JOINT)
        # Most pairs differ in the first letter; a whole look at every "and" would cost as much as ten rules.
        if left[left.rfind(" ") + 1 :][:1] == right[:1]:
            match = _WORD.match(right)
            if match and left.endswith(match.group()):
                yield at - len(_JOINT) - match.end(), match.group()


def _starts_word(text: str, start: int) -> bool:
    return start == 0 or not (text[start - 1].isalnum() or text[start - 1] in "-’'_")


def _is_lawful(text: str, start: int, end: int, word: str) -> bool:
    """Whether English joins this word to itself, or the second one opens another term."""
    if word in _LAWFUL or word in FUNCTION_WORDS or _GROWING.search(word):
        return True
    if not _ENDS.match(text, end):
        return True
    if text[start].isupper() and _MORE_NAMES.match(text, end):
        return True  # "Washington and Washington, D.C."
    before = text[max(0, start - 12) : start].lower()
    if _DOES.search(before):
        return True
    # "between men and men", "X and X and X", "there are lies and lies": said on purpose.
    return before.endswith(("and ", "between ", "there are ", "there is ", "both ", "or ", "than ", "-"))


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """The last word of a sentence, joined to itself."""
    text = document.text
    if repetition.is_spoken(text):
        return
    for match in _SITE.finditer(text):
        word = match["word"]
        if not _is_lawful(text, match.start("word"), match.end(), word):
            yield Damage(match.end(), match.end(), f" and {word}")


RULE = Rule(
    code="REP106",
    name="word-joined-to-itself",
    message="a word is joined to itself",
    level=Level.SUGGEST,
    severity=Severity.MINOR,
    mqm="accuracy/mistranslation",
    confidence=0.7,
    find=find,
    damage=damage,
    bad=(
        Example("The rules are strict and strict, said the ministry.", "The rules are strict, said the ministry."),
        Example("They toured Zhejiang and Zhejiang.", "They toured Zhejiang."),
        Example("The market lacks resilience and resilience.", "The market lacks resilience."),
    ),
    good=(
        "It grew better and better, brighter and brighter, for years and years.",
        "Thousands and thousands came, again and again, over and over, for miles and miles.",
        "He worked and worked, asking and asking; there are lies and lies, there are treaties and treaties.",
        "They spoke of energy and energy security, of crimes and crimes against humanity.",
        "The minister and minister of state met; paper and paper products sold.",
        "It lies between nation and nation. There is wine and wine.",
        "Bread and bread, only bread; more and more and more of it.",
        "In Clements and Clements (2016) and in Boom and Boomers they differ.",
    ),
)
