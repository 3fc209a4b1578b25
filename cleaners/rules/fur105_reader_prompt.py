"""Suggests removing a line that asks the reader to click, subscribe or follow.

**What.** ``Click here to read more``, ``Subscribe to our newsletter``, ``Follow us on Facebook``, ``Advertisement``
alone on their lines, or several in a row.

**Mechanism.** Links and banners amid an article are text to the scraper, and to the translator behind it.

**Left alone.** The same words inside a paragraph, and lists that a line with a colon announces. An article must
stand beside the line. A writer may mean it, too, so that the line is not removed unasked.

**Source.** Seen on the pages of newspapers in English.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners import furniture
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_PAPER = r"(?:our|the|this)(?: (?:free|daily|weekly|official|e-?mail|digital|online|paid|full|original)){0,2}"
_PROMPT = lazy(
    r"(?:"
    r"(?:Click|Tap|Press) here(?: (?:to|for) (?:read|see|view|subscribe|register|log in|enlarge|the|more|details|"
    r"related|other|a|an)(?: [\w’'-]+){0,6})?"
    r"|(?:Please )?(?:[Cc]lick|[Tt]ap) (?:on )?the (?:link|image|photo|picture|button)(?: below| above)?"
    r"(?: to (?:read|see|view|enlarge|watch)(?: [\w’'-]+){0,4})?"
    r"|(?:Read|See) (?:more|the (?:full|whole|original) (?:text|story|article)|full (?:story|article))"
    r"(?: here| on [\w ]{1,30})?"
    r"|Continue reading(?: below| here)?|(?:Go )?[Bb]ack to (?:the )?top(?: page)?|Skip to (?:main )?content"
    rf"|Subscribe(?: now| today| here)?(?: to {_PAPER} (?:newsletter|channel|edition|newspaper|magazine))?"
    rf"|Sign up (?:now |today |here )?(?:for|to) {_PAPER} (?:newsletter|mail magazine|edition|updates)"
    r"|(?:Please )?[Ff]ollow us on (?:Facebook|Twitter|X|LINE|WeChat|Weibo|Instagram|Telegram|YouTube)"
    r"(?:(?:,| and|, and) (?:Facebook|Twitter|X|LINE|WeChat|Weibo|Instagram|Telegram|YouTube)){0,4}"
    r"|This article is (?:for|limited to) (?:paid |paying |registered )?(?:members|subscribers)(?: only)?"
    r"|(?:Enlarge|View|Expand) (?:the )?(?:image|photo|picture)s?|Advertisement|ADVERTISEMENT|Sponsored [Ll]ink"
    r")(?: ?(?:[>»›]{1,2}|\.{1,3}|…|!|→))?"
)
_HINTS = (
    "lick ", "Tap ", "Press here", "article is for", "article is limited", "Read more", "Read the ", "Read full",
    "See more", "See the ", "See full", "Continue reading", "ack to ", "Skip to", "Subscribe", "Sign up", "ollow us",
    "nlarge ", "View ", "Expand ", "Advertisement", "ADVERTISEMENT", "Sponsored",
)  # fmt: skip
_PROMPTS = (
    "Click here to read more", "Read more >>", "Subscribe to our newsletter", "Follow us on Facebook and Twitter",
    "Advertisement", "Click here for details", "Back to top", "This article is for paid members only.",
)  # fmt: skip


def find(document: Document) -> Iterator[Finding]:
    """Prompts that stand alone on their lines."""
    text = document.text
    if not furniture.holds(document.short_lines, _HINTS):
        return
    for first, end in furniture.runs(document, lambda line: _PROMPT.fullmatch(line) is not None):
        if furniture.has_article(document, first, end) and not furniture.announced(document, first):
            span = furniture.span_of(document, first, end)
            yield RULE.finding(*span, "", drops=text[span.start : span.end])


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A prompt behind paragraphs of the article."""
    return furniture.behind_paragraphs(document, random, _PROMPTS)


_ARTICLE = "The ministers agreed to meet again in Tokyo in the autumn of next year, officials said."

RULE = Rule(
    code="FUR105",
    name="reader-prompt",
    message="a line asks the reader to click, subscribe or follow",
    level=Level.SUGGEST,
    severity=Severity.MINOR,
    mqm="accuracy/addition",
    confidence=0.9,
    find=find,
    damage=damage,
    bad=(
        Example(_ARTICLE + "\nClick here to read more\n" + _ARTICLE, f"{_ARTICLE}\n{_ARTICLE}"),
        Example("Advertisement\n\n" + _ARTICLE + "\n\nSubscribe\nFollow us on LINE and X\n", _ARTICLE + "\n"),
        Example(_ARTICLE + "\n\nThis article is for paid members only.", _ARTICLE),
        Example(_ARTICLE + "\n\nRead the full story here >>", _ARTICLE),
    ),
    good=(
        "Click here to read more",
        "He wrote on the door, in red letters a hand high: Click here to read more. Nobody understood the joke.",
        _ARTICLE + "\nThe page has three buttons:\nSubscribe\nBack to top",
        _ARTICLE + "\nAdvertisement spending fell",
        _ARTICLE + "\nSubscribe to nothing you have not read.",
        _ARTICLE + "\nRead more books",
        _ARTICLE + "\nFollow us on foot",
    ),
)
