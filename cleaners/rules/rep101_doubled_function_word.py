"""Collapses a function word that stands twice.

**What.** ``the the Group of Seven`` becomes ``the Group of Seven``.

**Mechanism.** The decoder repeats its last token, or two rules of the system each supply the article.

**Left alone.** Every word that English lawfully doubles: "had had", "that that", "is is" ("what it is is"),
"in in" ("they moved in in May"), "her her", "very very", names ("Bora Bora"), and words set apart by
punctuation or a dash. A transcript of speech ("uh", "um") keeps its slips, since they may be meant. A doubled
preposition or verb that could end one clause and open the next ("looking at at the moment", "what it was was
a start") is only suggested.

**Source.** Seen in WMT system outputs and, as a slip, in human news text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity

_NEVER_DOUBLED = "the|a|an|of|and|or|their|its|our|your|my|into|than|whose|these|every|we|they"
_SELDOM_DOUBLED = "from|by|as|in|on|to|for|with|at|will|was|were|are|be|been|not|this|he|she"
# Any word of up to five letters, in the lower-cased text: a look-up is faster than 35 alternatives. What may
# not stand before the word is asked after its first letter, so that only letters are ever looked at.
_DOUBLED = re.compile(
    r"(?P<word>[a-z](?<![\w’'.-][a-z])[a-z]{0,4}+)(?P<again>(?:[ \u00a0]+(?P=word))+)(?![\w’'-]|,|\s*[–—-])"
)
# The word itself is spoken of, or two words meet: "or or not", "of of all".
_SPOKEN_OF = re.compile(r"[.,;:!?\"”)]| (?:and|or|is|not|(?<=of )all|[b-z])\b")
_LETTER_BEFORE = re.compile(r"(?<![\w’'])[b-z] \Z")
_FILLER = re.compile(r"\b(?:[Uu]h|[Uu]m|[Uu]hm|[Hh]mm|[Mm]hm)\b[,. ]")
_CERTAIN = frozenset(_NEVER_DOUBLED.split("|"))
_KNOWN = _CERTAIN | frozenset(_SELDOM_DOUBLED.split("|"))
_SINGLE = re.compile(rf"(?<![\w’'.-])(?P<word>{_NEVER_DOUBLED})(?= \w)(?! (?P=word)\b)", re.IGNORECASE)


def find(document: Document) -> Iterator[Finding]:
    """Function words that follow themselves."""
    text = document.text
    hits = [match for match in _DOUBLED.finditer(document.lowered) if match["word"] in _KNOWN]
    spoken = bool(hits) and _FILLER.search(text) is not None
    for match in hits:
        word = text[slice(*match.span("word"))]
        dropped = text[slice(*match.span("again"))]
        again = dropped.split()
        if any(copy != word.lower() for copy in again):
            continue  # "a A", "The THE": names, titles, grades
        if word[0].isupper() and document.sentence_at(match.start()).start != match.start():
            continue  # "vitamin A a day"
        if len(again) > 3 or _SPOKEN_OF.match(document.text, match.end()) or _after_letter(document, match):
            continue  # "and and and and", "in “of” of is", "the chords a a b b a"
        if word in ("a", "A") and document.text[match.end() : match.end() + 1] in (")", ".", ":"):
            continue  # a list label
        level = Level.SAFE if word.lower() in _CERTAIN and not spoken else Level.SUGGEST
        yield RULE.finding(
            match.start(),
            match.end(),
            word,
            level=level,
            confidence=0.97 if level is Level.SAFE else 0.7,
            message=f"{word!r} stands {len(again) + 1} times",
            drops=dropped,
        )


def _after_letter(document: Document, match: re.Match[str]) -> bool:
    return _LETTER_BEFORE.search(document.text, max(0, match.start() - 3), match.start()) is not None


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Every function word that English never doubles, twice."""
    text = document.text
    if _FILLER.search(text):
        return
    for match in _SINGLE.finditer(text):
        word = match["word"]
        opens = word[0].isupper() and document.sentence_at(match.start()).start == match.start()
        if word.islower() or (opens and word[1:] == word[1:].lower()):
            yield Damage(match.end(), match.end(), f" {word.lower()}")


RULE = Rule(
    code="REP101",
    name="doubled-function-word",
    message="a function word stands twice",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/grammar",
    confidence=0.97,
    find=find,
    damage=damage,
    bad=(
        Example("He will chair the the Group of Seven summit.", "He will chair the Group of Seven summit."),
        Example("The the talks on the future of of Europe ended.", "The talks on the future of Europe ended."),
        Example("It's a a real start, and they they all came.", "It's a real start, and they all came."),
        Example("Ships and and and planes of their their fleets.", "Ships and planes of their fleets."),
    ),
    good=(
        "He had had enough of the view that that man held.",
        "The greatest of of all; the chords a a b b a.",
        "What it is is a long way off, so so far.",
        "They flew to Bora Bora and Pago Pago with Duran Duran.",
        "Options a, a and an an-hour walk; the The Hague office.",
        "The band The The played; vitamin A a day.",
        "They laid the the — laid the egg. And and, he said, it hatched.",
        "He gave her her book, and you you know what.",
    ),
)
