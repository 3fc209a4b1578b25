"""Reports a line that repeats the headline of the page an article was taken from.

**What.** ``Original title: …`` as one of the first or last lines of an article.

**Mechanism.** Chinese portals that reprint a text must print its first headline as 原标题：…; the line is translated
with the article.

**Left alone.** The titles of films and books ("Original title: Le Silence"), which are short: the line must be long
enough for a headline, and stand beside no other label (``Director: …``). It may be the only headline that the text
has, so that nothing is removed.

**Source.** Seen in the test set of the WMT 2017 news task (Chinese to English).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners import furniture
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_TITLE = lazy(r"[(\[【（]?Original (?:title|headline) ?[:：] ?(?:\S+ +){5,}\S*[^\s.]", re.IGNORECASE)
_LABELLED = lazy(
    r"(?:Author|Director|Directed by|Year|Publisher|Country|Language|Translator|Genre|Cast|Edition) ?[:：]"
)
_HINTS = ("riginal title", "riginal headline", "riginal Title")
_HEADLINES = (
    "Old Lighthouse Opens Its Doors to Visitors Again", "Ferry Company Orders Two Ships from a Northern Yard",
    "How a Small Village Saved Its Last Bakery",
)  # fmt: skip


def find(document: Document) -> Iterator[Finding]:
    """Lines near either end that name the original headline."""
    if not any(hint in document.text for hint in _HINTS):
        return
    for first, end in furniture.runs(document, lambda line: _TITLE.fullmatch(line) is not None):
        lines = document.paragraphs
        beside = (*lines[max(0, first - 1) : first], *lines[end : end + 1])
        if any(_LABELLED.match(document.text, *line) for line in beside):
            continue
        if furniture.at_the_edge(document, first, end):
            yield RULE.finding(lines[first].start, lines[end - 1].end, None)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """An original headline below the last paragraph."""
    lines = document.paragraphs
    if lines and furniture.is_prose(document, lines[-1]):
        title = f"{furniture.line_break(document)}Original title: {random.choice(_HEADLINES)}"
        yield Damage(lines[-1].end, lines[-1].end, title)


RULE = Rule(
    code="FUR113",
    name="original-title",
    message="the headline of the page the text was taken from (原标题) was translated with the text",
    level=Level.REPORT,
    severity=Severity.MINOR,
    mqm="accuracy/addition",
    confidence=0.85,
    origin="zh",
    find=find,
    damage=damage,
    bad=(
        Example("Original title: Court hears the suit of a doctor against a host\nThe court opened at nine.", None),
        Example("The court opened at nine.\n\nOriginal title: Old Lighthouse Opens Its Doors Again", None),
        Example(
            "(Original title: Ferry Company Orders Two Ships from Oslo)\nThe ferry company of the north said so.", None
        ),
    ),
    good=(
        "Original title: Le Silence\nDirected by a man who never spoke on the set.",
        "The original title: it was longer, and the publisher cut it without asking anybody in the house.",
        "A film\nOriginal title: Tokyo Story\nYear: 1953",
        "He asked what the original title was, and nobody could say.",
        "Titles of land were given back to the original title holders of the valley in 1950.",
    ),
)
