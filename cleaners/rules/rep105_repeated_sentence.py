"""Takes out a sentence that is said again right after itself.

**What.** ``The ship can make about thirty knots. The ship can make about thirty knots.`` is left once.

**Mechanism.** A system that reads several sentences at once translates one of them twice and another not at all;
and a decoder's loop may be as long as a sentence.

**Left alone.** Short sentences, which are repeated for effect ("Get out of there. Get out of there."), questions
and calls, whatever stands in quotation marks, verses line by line, a headline that the lede repeats, and a
sentence that comes back later. A sentence twice in a row may be a refrain or a slip, and what it displaced is
lost, so that is only suggested; three times in a row, with
other words in the paragraph, is a loop. A paragraph that is repeated whole is reported.

**Source.** Seen in WMT system outputs; sentence-level repetition: Holtzman et al. 2020, The Curious Case of Neural
Text Degeneration.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.segment import Span

_SHORTEST = 35  # code points of a sentence worth looking at
_FEWEST_WORDS = 7
_LOOP = 3
_MARKS = frozenset('"“”„‘*')


def find(document: Document) -> Iterator[Finding]:
    """Sentences that follow themselves within a paragraph, and paragraphs that follow themselves."""
    text = document.text
    for first, last, copies in _repeated(text, document.sentences):
        told = text[first.start : first.end]
        if "\n" in text[first.end : last.start]:
            continue
        paragraph = document.paragraph_at(first.start)
        # A line that holds nothing else may be written so: a refrain, a schoolboy's lines.
        sure = copies >= _LOOP and (paragraph.start < first.start or last.end < paragraph.end)
        yield RULE.finding(
            first.start,
            last.end,
            told,
            level=Level.SAFE if sure else Level.SUGGEST,
            confidence=0.97 if sure else 0.85,
            message=f"the sentence stands {copies} times in a row",
            drops=text[first.end : last.end],
        )
    for above, below in pairwise(document.paragraphs):
        length = above.end - above.start
        alike = length > 2 * _SHORTEST and length == below.end - below.start and _same(text, above, below)
        if alike and _is_told(text[above.start : above.end]):
            message = "the paragraph above is repeated"
            yield RULE.finding(*below, None, level=Level.REPORT, confidence=0.7, message=message)


def _repeated(text: str, sentences: tuple[Span, ...]) -> Iterator[tuple[Span, Span, int]]:
    """First and last of each row of equal sentences that tell something, and how many there are."""
    first = last = None
    copies = 1
    for left, right in pairwise(sentences):
        length = left.end - left.start
        if length > _SHORTEST and length == right.end - right.start and _same(text, left, right):
            first = first or left
            last, copies = right, copies + 1
        elif first and last:
            if _is_told(text[first.start : first.end]):
                yield first, last, copies
            first, last, copies = None, None, 1
    if first and last and _is_told(text[first.start : first.end]):
        yield first, last, copies


def _same(text: str, left: Span, right: Span) -> bool:
    return text.startswith(text[left.start : left.end], right.start)


def _is_told(sentence: str) -> bool:
    """Whether this is a plain statement: no question, call or quotation."""
    words = sentence.split()
    return (
        len(words) >= _FEWEST_WORDS
        and sentence[0].isupper()
        and sentence[-1] == "."
        and _MARKS.isdisjoint(sentence)
        and sum(word[0].isalpha() for word in words) > len(words) // 2
    )


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Every plain statement that another sentence of its paragraph follows, twice or three times."""
    text = document.text
    for left, right in pairwise(document.sentences):
        told = text[left.start : left.end]
        if text[left.end : right.start] == " " and len(told) > _SHORTEST and _is_told(told):
            yield Damage(left.end, left.end, f" {told}" * random.randrange(1, 4))


RULE = Rule(
    code="REP105",
    name="repeated-sentence",
    message="a sentence is repeated right after itself",
    level=Level.SUGGEST,
    severity=Severity.MAJOR,
    mqm="accuracy/addition",
    confidence=0.85,
    find=find,
    damage=damage,
    bad=(
        Example(
            "The new frigate can make about thirty knots. The new frigate can make about thirty knots. It has one gun.",
            "The new frigate can make about thirty knots. It has one gun.",
        ),
        Example(
            "He came. The office in the port will open on Monday. The office in the port will open on Monday. "
            "The office in the port will open on Monday.",
            "He came. The office in the port will open on Monday.",
        ),
        Example(
            "The two ministers agreed to meet again in the autumn, in a place to be named.\n\n"
            "The two ministers agreed to meet again in the autumn, in a place to be named.\n",
            None,
        ),
    ),
    good=(
        "Get your feet off of there. Get your feet off of there. They are not sending you. They are not sending you.",
        "The office will open on Monday at the port\nThe office will open on Monday at the port, he said.",
        "“The sea has taken all that we once had.” “The sea has taken all that we once had.”",
        "Will the old bridge over the river last? Will the old bridge over the river last?",
        "The sea has taken all that we once had.\nThe sea has taken all that we once had.\nSo sing the women.",
        "The sea has taken all that we once had. So they sing. The sea has taken all that we once had.",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16. 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16.",
    ),
)
