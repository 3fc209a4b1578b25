"""Reports a paragraph that stops in mid-sentence.

**What.** A paragraph of prose whose last word cannot end a sentence: a preposition, an article, a
conjunction, with no stop after it.

**Mechanism.** The rest of the sentence was cut off in front of the system, or lost by it.

**Left alone.** Headlines, captions and list items, which end without a stop but hardly ever on such a word:
only paragraphs of several sentences, or long ones, are judged. Sentences that go on in the next line or on the
next page, ``and so on`` without its stop, names like ``Sana’a``. Nothing is invented.

**Source.** 1,332 of 10,000 human lines end without a stop, so that the missing stop alone proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_UNFINISHED = lazy(
    r"(?<![\w’'-])(?:the|a|an|of|in|on|at|to|for|with|by|from|into|and|or|but|that|which|who|whose|as|between|among|"
    r"through|during|toward|towards|regarding|including|is|are|was|were|will|would|has|have|its|their|his)\Z"
)
# The sentence goes on in the next line, or behind the number and symbol of a page.
_WRAPPED = lazy(r"[^\S\f]*\f\s*[a-z]|[^\S\n\r]*(?:\r\n|\n|\r)[^\S\n\r]*(?:[a-z]|[\d][\d /.–-]{0,30}(?:\r\n|\n|\r))")
_DONE = lazy(r"\b(?:so on|later on|early on|go to|and in|live in|log in|sign in|to do with)\Z")  # may close a line
_CLAUSE = lazy(r"; (?:and|or)\Z")  # a clause of a statute
_LONG = 90  # code points; a headline is shorter
_OPEN_WORD = lazy(r"(?<= )(?:the|a|an|of|in|at|to|for|with|by|from|into|and)(?= [\w-]+ [\w-]+)")
_MARKED = lazy(r"[\"“”()\[\]]")


def find(document: Document) -> Iterator[Finding]:
    """Paragraphs whose last word leaves the sentence open."""
    text = document.text
    for paragraph in document.paragraphs:
        if not text[paragraph.end - 1].isalpha() or paragraph.end - paragraph.start < 30:
            continue
        tail = text[max(paragraph.start, paragraph.end - 14) : paragraph.end]
        if not _UNFINISHED.search(tail):
            continue
        if _WRAPPED.match(text, paragraph.end) or _CLAUSE.search(tail) or _DONE.search(tail):
            continue
        sentence = document.sentence_at(paragraph.end - 1)
        if sentence.start > paragraph.start or paragraph.end - paragraph.start >= _LONG:
            yield RULE.finding(sentence.start, sentence.end, None)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """The last sentence of every paragraph, cut behind one of its articles or prepositions."""
    text = document.text
    for paragraph in document.paragraphs:
        sentence = document.sentence_at(paragraph.end - 1)
        long_enough = sentence.start > paragraph.start or sentence.end - sentence.start > _LONG + 40
        if not long_enough or text[paragraph.end - 1] not in ".!?" or _MARKED.search(text, *sentence):
            continue
        earliest = sentence.start + (20 if sentence.start > paragraph.start else _LONG)
        cuts = [m.end() for m in _OPEN_WORD.finditer(text, earliest, sentence.end)]
        if cuts:
            yield Damage(random.choice(cuts), paragraph.end, "")


RULE = Rule(
    code="CUT102",
    name="truncated-paragraph",
    message="the paragraph stops in mid-sentence; what is missing is not invented",
    level=Level.REPORT,
    severity=Severity.MAJOR,
    mqm="accuracy/omission",
    confidence=0.85,
    find=find,
    damage=damage,
    bad=(
        Example("He spoke of the war. It is also important for NATO what happens in", None),
        Example("The ministers agreed on aid. They will meet again in the", None),
        Example(
            "After a long debate that lasted well into the night the members of the committee voted for the plan of",
            None,
        ),
    ),
    good=(
        "What the war is for",
        "The world we live in",
        "The ministers agreed on aid. They will meet again in May",
        "Younger Politicians Prepare to Jump In",
        "Items to bring: a list of",
        "The ministers agreed on aid. They will meet again in the\n12 04-31877\ncapital of the province in May.",
        "The ministers agreed on aid. Troops of both sides fought in the old streets in the middle of Sana’a",
        "The ministers agreed on aid. The fair shows lamps, silk, tea, bamboo and so on",
    ),
)
