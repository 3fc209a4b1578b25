"""Reports a picture's credit and caption glued to the front of a paragraph.

**What.** ``Image copyright Reuters Image caption The harbour in May …``, ``Photo: Getty Images The team won …``.

**Mechanism.** The picture was dropped when the page was turned into text; its credit and caption ran into the text.

**Left alone.** Credits on a line of their own, which another rule suggests to remove, and captions that stay
captions. Where the caption ends and the text begins is not marked, so that nothing is removed.

**Source.** Seen in the test sets of the WMT 2017, 2018 and 2021 news tasks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners import furniture
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_PICTURES = "Getty Images|Reuters|AP|AFP|EPA|Kyodo(?: News)?|Jiji(?: Press)?|Xinhua|AFLO|PA|Shutterstock|iStock"
_CREDIT = lazy(
    rf"(?i:Image (?:copyright|source) (?:[\w'’-]+ ){{1,4}}?Image caption|"
    rf"(?:Photo|Image|Picture)(?: credit)? ?[:：/=＝] ?(?:{_PICTURES}))"
    r"[ \t]+(?=[A-Z\"“][\w’',-]* )"
)
_HINTS = ("mage copyright", "mage source", "Photo", "photo", "Image", "Picture")


def find(document: Document) -> Iterator[Finding]:
    """Credits that open a paragraph and run on into a sentence."""
    text = document.text
    if not furniture.holds(text, _HINTS):
        return
    for paragraph in document.paragraphs:
        if text[paragraph.start] not in "IiPp":
            continue
        match = _CREDIT.match(text, *paragraph)
        if match and paragraph.end - match.end() >= 20:
            yield RULE.finding(match.start(), match.end(), None)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A credit in front of paragraphs that open with a capital and a word of lower case."""
    for line in document.paragraphs:
        if furniture.is_prose(document, line) and re.match(r"[A-Z][a-z]+ [a-z]", document.text[line.start : line.end]):
            credit = random.choice(("Photo: Getty Images ", "Image copyright Reuters Image caption ", "Photo: Kyodo "))
            yield Damage(line.start, line.start, credit)


RULE = Rule(
    code="FUR112",
    name="glued-caption",
    message="a picture's credit and caption run into the text",
    level=Level.REPORT,
    severity=Severity.MINOR,
    mqm="accuracy/addition",
    confidence=0.9,
    find=find,
    damage=damage,
    bad=(
        Example("Image copyright Getty Images Image caption The harbour was closed after the storm.", None),
        Example("Photo: Getty Images The home team won its first game of the season.", None),
        Example("Photo/Kyodo The ministers agreed to meet again in the autumn.", None),
    ),
    good=(
        "Photo: Getty Images",
        "Image copyright is a field of law with few good books.",
        "Photo: the harbour after the storm, seen from the old lighthouse.",
        "Photo Reuters photographers took in May went round the world.",
        "The caption read Photo: Getty Images The harbour, and nothing else.",
        "Picture: AP",
    ),
)
