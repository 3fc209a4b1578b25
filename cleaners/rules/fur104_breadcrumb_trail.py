"""Removes the path to the page's section that was scraped in front of the article.

**What.** ``Home > World > Asia`` alone on a line before the first sentence.

**Mechanism.** The navigation above the headline is text to the scraper, and to the translator behind it.

**Left alone.** Paths through the menus of a program (``Home > Insert > Table``): the second step must be a section
of a newspaper. Below the first sentence, or beside one that speaks of the line, it is only suggested.

**Source.** Seen on the pages of newspapers in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners import furniture
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_SECTIONS = (
    "News", "World", "Asia", "Asia-Pacific", "International", "Politics", "Business", "Economy", "Society", "National",
    "Japan", "China", "Opinion", "Sports", "Culture", "Science", "Technology", "Diplomacy", "Military", "Finance",
    "Local", "Nation", "Latest News", "Top News", "Breaking News", "Articles", "Columns", "Editorials",
)  # fmt: skip
_STEP = r"[A-Z][\w&’'.-]*(?: [\w&’'.-]+){0,4}"
_TRAIL = lazy(
    rf"(?:Home|HOME|Top|TOP|Homepage|Home [Pp]age|Top [Pp]age) ?(?P<mark>[>»›])[>»›]? ?"
    rf"(?:{'|'.join(map(re.escape, _SECTIONS))})(?: ?(?P=mark)[>»›]? ?{_STEP}){{0,4}}(?: ?(?P=mark))?"
)
_HINT = lazy(r"(?:[Hh]ome ?[Pp]age|Home|HOME|[Pp]age|Top|TOP) ?[>»›]")


def find(document: Document) -> Iterator[Finding]:
    """Paths that stand alone on their lines."""
    text, lines = document.text, document.paragraphs
    if (">" not in text and "»" not in text and "›" not in text) or not _HINT.search(text):
        return
    for first, end in furniture.runs(document, lambda line: _TRAIL.fullmatch(line) is not None):
        if not furniture.has_article(document, first, end):
            continue
        before = any(furniture.is_prose(document, line) for line in lines[:first])
        span = furniture.span_of(document, first, end)
        level = Level.SUGGEST if before or furniture.spoken_of(document, first, end) else None
        yield RULE.finding(*span, "", level=level, drops=text[span.start : span.end])


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A path in front of a text that starts with a word or a quotation."""
    lines = document.paragraphs
    if not lines or not any(furniture.is_prose(document, line) for line in lines) or _HINT.search(document.text):
        return
    start = lines[0].start
    if document.text[start].isupper() or document.text[start] in '"“':
        mark = random.choice((" > ", " » ", ">"))
        trail = mark.join(("Home", *random.sample(_SECTIONS[:10], 2)))
        yield Damage(start, start, trail + furniture.line_break(document))


_ARTICLE = "The ministers agreed to meet again in Tokyo in the autumn of next year, officials said."

RULE = Rule(
    code="FUR104",
    name="breadcrumb-trail",
    message="the path to the page's section stands before the text",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="accuracy/addition",
    confidence=0.98,
    find=find,
    damage=damage,
    bad=(
        Example("Home > World > Asia\nTalks to Go On\n" + _ARTICLE, "Talks to Go On\n" + _ARTICLE),
        Example("Talks to Go On\nTOP » Politics\n" + _ARTICLE, "Talks to Go On\n" + _ARTICLE),
        Example("Home>News>International>Full text\n\n" + _ARTICLE, _ARTICLE),
        Example("Top page > Society > Ports >\r\n\r\n" + _ARTICLE, _ARTICLE),
    ),
    good=(
        "Home > World > Asia",
        "Insert a table\nHome > Insert > Table\nThe table appears where the cursor stood before you opened the menu.",
        "Choose Home > World > Asia in the menu, and the map turns to the continent that you were looking for.",
        "Home > Work > Home\nThat is how the days of most people in this town look, and she had seen enough of them.",
        "World > Asia > Japan\nThe tree shows where each photograph in the archive belongs, from top to bottom.",
        "Home prices > wages\nSo one could sum up what the report has to say about the last ten years in the capital.",
    ),
)
