"""Collapses a function word that stands twice.

**What.** ``the the Group of Seven`` becomes ``the Group of Seven``.

**Mechanism.** The decoder repeats its last token, or two rules of the system each supply the article.

**Left alone.** Every word that English lawfully doubles: "had had", "that that", "is is" ("what it is is"),
"in in" ("they moved in in May"), "her her", "very very", names ("Bora Bora"), and words set apart by
punctuation or a dash; a particle and the preposition of a date ("voted on on Friday"). A transcript of speech
("uh", "um") keeps its slips, since they may be meant. A doubled preposition or verb that could end one clause
and open the next ("the ones they live with with pride", "what it was was a start") is only suggested.

**Source.** Seen in WMT system outputs and, as a slip, in human news text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners import repetition
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.repetition import Run

_NEVER_DOUBLED = "the|a|an|of|and|or|their|its|our|your|my|into|than|whose|these|every|we|they"
_SELDOM_DOUBLED = (
    "from|by|as|in|on|to|for|with|at|will|was|were|are|be|been|not|this|he|she|would|could|should|has|have|during"
    "|between|among|against|towards|them|those|which|but|if|when|where|while|because|must|may|might|upon|since"
)
# What may not follow: a hyphen or comma, a dash; the word is set apart or spoken of.
_SET_APART = lazy(r"[,-]|\s*[–—-]")
# The word itself is spoken of, or two words meet: "or or not", "of of all".
_SPOKEN_OF = lazy(
    r"[.,;:!?\"”)]"
    r"| (?:and|or|is|not|(?<=of )(?:all|course|late|old|necessity|an? (?:evening|morning|night|sort))|[b-z])\b"
)
_LETTER_BEFORE = lazy(r"(?<![\w’'])[b-z] \Z")
# A particle ends its verb's phrase and the same preposition opens the next: "moved in in 2019", "voted on on Friday".
_PARTICLE = lazy(r"(?:\w(?:ed|ing|s)|\b(?:log|turn|go|went|gone|come|came|move|vote|hit|put|get|got|took|set)) \Z")
_WHEN = lazy(r" (?:the )?(?:\d|[JFMASONDTW][a-z]+(?:day|ary|ch|il|ay|ne|ly|st|ber)\b|moment|time|morning|weekend|day)")
_TO_MISSING = lazy(
    r"\b(?:go|goes|going|went|gone|come|comes|came|coming|return(?:s|ed|ing)?|back|next|due|according|up|close|listen"
    r"|belong(?:s|ed)?|led|sent|moved|turned|travel(?:s|ed|led)?|thanks|prior|contrary) \Z"
)
# What goes before an article, so that nothing else was meant.
_WANTS_ARTICLE = lazy(
    r"(?:\A|[\n.,;:(—–]\s?|\b(?:is|was|be|been|being|has|have|had|of|in|with|for|to|by|at|on|as|and|or|than|from|into"
    r"|under|after|not|made|make|became|become|held|sent|took)\s|['’]s\s)\Z"
)
_LOST_BETWEEN = lazy(r" (?:of|was|is|are|were|be|has|have|had|will|would|and|or)\b")
_COUNTED = lazy(r"\b(?:hundreds|thousands|millions|billions|trillions|tens|dozens) \Z")
_MOST_COPIES = 4
_CERTAIN = frozenset(_NEVER_DOUBLED.split("|"))
_KNOWN = _CERTAIN | frozenset(_SELDOM_DOUBLED.split("|"))
_SINGLE = lazy(rf"(?<![\w’'.-])(?P<word>{_NEVER_DOUBLED})(?= \w)(?! (?P=word)\b)", re.IGNORECASE)


def find(document: Document) -> Iterator[Finding]:
    """Function words that follow themselves."""
    text = document.text
    hits = [run for run in document.repeats if run.period == 1 and run.plain and run.words[0] in _KNOWN]
    spoken = bool(hits) and repetition.is_spoken(text)
    for run in hits:
        word = text[slice(*run.spans[0])]
        if any(text[slice(*span)] != word.lower() for span in run.spans[1:]):
            continue  # "a A", "The THE": names, titles, grades
        if word[0].isupper() and document.sentence_at(run.start).start != run.start:
            continue  # "vitamin A a day"
        if run.copies > _MOST_COPIES or _meant(text, run):
            continue
        level = Level.SAFE if run.words[0] in _CERTAIN and not spoken else Level.SUGGEST
        if level is Level.SAFE and _hides_another(text, run):
            level = Level.SUGGEST
        yield RULE.finding(
            run.start,
            run.end,
            word,
            level=level,
            confidence=0.97 if level is Level.SAFE else 0.7,
            message=f"{word!r} stands {run.copies} times",
            drops=text[run.spans[0].end : run.end],
        )


def _hides_another(text: str, run: Run) -> bool:
    """Whether another word may have been meant for the first one, or one was lost between the two."""
    word = run.words[0]
    if word == "a":  # "her choice a a friend": as a friend
        return _WANTS_ARTICLE.search(text, max(0, run.start - 10), run.start) is None
    if word == "the":  # "had to go the the station": to the
        return _TO_MISSING.search(text, max(0, run.start - 14), run.start) is not None
    if word in ("of", "and") and _LOST_BETWEEN.match(text, run.end):
        return True  # "areas and and of trade"
    return word == "of" and _COUNTED.search(text, max(0, run.start - 14), run.start) is not None


def _meant(text: str, run: Run) -> bool:
    """Whether what stands beside shows a word spoken of, a letter or a label: "in “of” of is", "the chords a a b"."""
    if text[run.start - 1 : run.start] in (".", "/"):
        return True
    if _SET_APART.match(text, run.end) or _SPOKEN_OF.match(text, run.end):
        return True
    if _LETTER_BEFORE.search(text, max(0, run.start - 3), run.start):
        return True
    particle = run.words[0] in ("in", "on", "at", "by") and _WHEN.match(text, run.end)
    if particle and _PARTICLE.search(text, max(0, run.start - 12), run.start):
        return True
    return run.words[0] == "a" and text[run.end : run.end + 1] in (")", ".", ":")


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Every function word that English never doubles, twice."""
    text = document.text
    if repetition.is_spoken(text):
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
        "They moved in in 2019; the bill was voted on on Friday. What are you looking at at the moment?",
    ),
)
