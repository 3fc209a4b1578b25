"""Suggests removing a line that names the agency or site an article was taken from.

**What.** ``Source: Xinhua``, ``(Source: CCTV News)``, ``From: Reference News`` alone on their lines.

**Mechanism.** Chinese pages print 来源：新华社 above or below the text; the line is translated with the article.

**Left alone.** Sources of figures and tables, which name an office or a study: only news agencies, papers and
portals count. A writer may credit an agency like this, too, so that nothing removes it unasked.

**Source.** The usual credit lines of Chinese portals.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners import furniture
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_SOURCE = lazy(
    rf"[(\[【（]?(?:(?:Article |News |Original )?[Ss]ource|From|Reprinted from|Originally from)"
    rf" ?(?:[:：/]|(?<=from)) ?(?:the )?(?:{furniture.AGENCIES})"
    r"(?: (?:website|client|app|network|net|Weibo|WeChat|Online))?[.]?[)\]】）]?"
)
_HINT = lazy(r"ource ?[:：/]|From ?[:：/]| from ")
_LINES = ("Source: Xinhua", "(Source: CCTV News)", "Source: China News Service", "[Source: Kyodo]")


def find(document: Document) -> Iterator[Finding]:
    """Source lines that stand alone near either end of a document."""
    text = document.text
    if not _HINT.search(text):
        return
    for first, end in furniture.runs(document, lambda line: line[0] in "([【（SANORF" and _is_source(line)):
        if furniture.at_the_edge(document, first, end) and furniture.has_article(document, first, end):
            span = furniture.span_of(document, first, end)
            yield RULE.finding(*span, "", drops=text[span.start : span.end])


def _is_source(line: str) -> bool:
    return _SOURCE.fullmatch(line) is not None


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A source line below the last paragraph."""
    return furniture.below_the_text(document, random, _LINES)


_ARTICLE = "The ministers agreed to meet again in Tokyo in the autumn of next year, officials said."

RULE = Rule(
    code="FUR109",
    name="agency-source",
    message="a line names the agency or site the text was taken from (来源)",
    level=Level.SUGGEST,
    severity=Severity.MINOR,
    mqm="accuracy/addition",
    confidence=0.9,
    origin="zh",
    find=find,
    damage=damage,
    bad=(
        Example(_ARTICLE + "\nSource: Xinhua", _ARTICLE),
        Example("(Source: CCTV News)\n\n" + _ARTICLE, _ARTICLE),
        Example(_ARTICLE + "\nReprinted from the Global Times website.\n", _ARTICLE + "\n"),
    ),
    good=(
        "Source: Xinhua",
        _ARTICLE + "\nSource: Bureau of Statistics, annual tables",
        "Oslo, July 11 (Xinhua) -- The ministers agreed to meet again in Tokyo in the autumn of next year.",
        _ARTICLE + "\nSource: Reuters poll of forty economists, taken from May 3 to May 9",
        "Nobody knew where the report came from: the source, Xinhua, had taken it from a paper that no longer exists.",
        _ARTICLE + "\nFrom: The Hague",
    ),
)
