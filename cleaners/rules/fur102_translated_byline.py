"""Removes a newspaper's byline that was translated word by word in front of the text.

**What.** ``(Brussels Comprehensive) `` and ``(Tokyo Comprehensive News) `` at the very start.

**Mechanism.** Chinese papers open with （布鲁塞尔综合讯）, "combined dispatches from Brussels"; the system
translates 综合 as "comprehensive".

**Left alone.** Brackets anywhere else, names in them that are no capital or seat of correspondents, and
datelines in English form.

**Source.** The usage of 综合讯 and 综合报道 in Chinese-language newspapers.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners import lexicon
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_BYLINE = lazy(
    r"\A\ufeff?\s*(?P<byline>(?:[(（\[【](?P<place>[A-Z][\w.’'-]+(?:[ ,/]+[A-Z][\w.’'-]+){0,3}) Comprehensive"
    r"(?: (?:News|Reports?|Reporting|Dispatch|Dispatches|Message))?[)）\]】][ \t\u00a0\u3000]*)+)(?=\S)"
)
# Seats of Chinese-language correspondents that are no capitals.
_CITIES = frozenset(
    (
        "New York", "Hong Kong", "Macau", "Shanghai", "Guangzhou", "Shenzhen", "Sydney", "Geneva", "Istanbul",
        "Mumbai", "Kuala Lumpur", "Osaka", "Frankfurt", "Los Angeles", "San Francisco", "Vancouver", "Toronto",
        "Dubai", "Washington",
    )
)  # fmt: skip
_START = lazy(r"\A\ufeff?\s*(?=[A-Z\"“])")
_PLACES = ("Brussels", "Tokyo", "Seoul", "New York", "London", "Paris", "Moscow", "Washington", "Vilnius", "Singapore")


def find(document: Document) -> Iterator[Finding]:
    """A translated byline at the start of the document."""
    match = _BYLINE.match(document.text)
    if match and (match["place"] in _CITIES or match["place"] in lexicon.capitals().values()):
        yield RULE.finding(*match.span("byline"), "", drops=match["byline"])


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A byline in front of a text that starts with a word or a quotation."""
    start = _START.match(document.text)
    if start:
        kind = random.choice(("", " News", " Report", " Dispatch"))
        blank = random.choice((" ", " ", ""))
        yield Damage(start.end(), start.end(), f"({random.choice(_PLACES)} Comprehensive{kind}){blank}")


RULE = Rule(
    code="FUR102",
    name="translated-byline",
    message="a Chinese byline (综合讯, combined dispatches) was translated in front of the text",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="accuracy/addition",
    confidence=0.98,
    origin="zh",
    find=find,
    damage=damage,
    bad=(
        Example("(Brussels Comprehensive) The summit opened.", "The summit opened."),
        Example("(Tokyo Comprehensive News) Talks began.", "Talks began."),
        Example("(New York Comprehensive Report)Talks began.", "Talks began."),
    ),
    good=(
        "(Brussels) The summit opened.",
        "The plan (Tokyo Comprehensive Review) was adopted.",
        "(Comprehensive) insurance is dear.",
        "Brussels, July 11. The summit opened.",
        "(Rutgers Comprehensive) The route is long.",
        "(A Comprehensive Guide) to NATO",
    ),
)
