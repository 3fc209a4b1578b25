"""Suggests removing a photograph's credit that was left without its photograph.

**What.** ``Photo: Kyodo``, ``(Photo by Li Ming)``, ``Image courtesy of the City of Nara`` alone on their lines.

**Mechanism.** The picture was dropped when the page was turned into text, its credit was not.

**Left alone.** Captions with a sentence of their own, credits inside a paragraph, tables of figures (``Source:``),
and names in lower case. An article must stand beside the line. A writer may mean it, so that nothing
removes it unasked.

**Source.** Seen on the pages of newspapers; 写真＝, 提供 and 图/ in the originals.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners import furniture
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_PICTURE = r"(?:File )?(?:Photo(?:graph)?|Image|Picture)s?"
_BY = r"(?:[:：/=＝|]|by|credit ?[:：]|courtesy(?: of)?(?: ?[:：])?|from|(?:is )?provided by|copyright)"
_CREDIT = lazy(
    rf"[(\[【（]?(?:{_PICTURE} ?{_BY}|Provided by|Courtesy of|Photographed by) ?(?:the )?"
    rf"(?:{furniture.NAMES})[.]?[)\]】）]?"
)
_HINT = lazy(r"Photo|Image|Picture|Provided by|Courtesy of")
_CREDITS = ("Photo: Kyodo", "(Photo by Haruka Endo)", "Image courtesy of the City of Nara", "Photo/Li Ming")


def find(document: Document) -> Iterator[Finding]:
    """Credits that stand alone on their lines."""
    text = document.text
    if not _HINT.search(document.short_lines):
        return
    for first, end in furniture.runs(document, lambda line: _CREDIT.fullmatch(line) is not None):
        if furniture.has_article(document, first, end):
            span = furniture.span_of(document, first, end)
            yield RULE.finding(*span, "", drops=text[span.start : span.end])


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A credit behind paragraphs of the article."""
    return furniture.behind_paragraphs(document, random, _CREDITS)


_ARTICLE = "The ministers agreed to meet again in Tokyo in the autumn of next year, officials said."

RULE = Rule(
    code="FUR107",
    name="photo-credit",
    message="a photograph's credit was left without its photograph",
    level=Level.SUGGEST,
    severity=Severity.MINOR,
    mqm="accuracy/addition",
    confidence=0.9,
    find=find,
    damage=damage,
    bad=(
        Example(_ARTICLE + "\nPhoto: Kyodo\n" + _ARTICLE, f"{_ARTICLE}\n{_ARTICLE}"),
        Example("(Photo by Li Ming)\n\n" + _ARTICLE, _ARTICLE),
        Example(_ARTICLE + "\nImage courtesy of the City of Nara\nPhoto = Jiji Press", _ARTICLE),
    ),
    good=(
        "Photo: Kyodo",
        _ARTICLE + "\nPhoto: the harbour after the storm",
        _ARTICLE + "\nPhoto by photo, the album shows how the valley was flooded.",
        _ARTICLE + "\nImage problems of the party",
        _ARTICLE + "\nPicture: A boat leaves the port at dawn, photographed from the old lighthouse.",
        "She signed each print on the back, Photo: Haruka Endo, and gave the date and hour beside her name in pencil.",
    ),
)
