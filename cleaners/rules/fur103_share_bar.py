"""Removes a row or column of buttons for sharing that was scraped along with the article.

**What.** ``Share Tweet Print`` on a line of its own, or the same as a column of lines.

**Mechanism.** The buttons above and below an article are text to the scraper, and to the translator behind it.

**Left alone.** Buttons named inside a paragraph, and lists that a line with a colon announces: a handbook writes
so. Fewer than three buttons, none of a network, a column that goes on in another word, and buttons beside a
question or a sentence about such buttons are only suggested; a lone word is a headline or an entry.
An article must stand beside them.

**Source.** Seen on the pages of newspapers in English.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners import furniture
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_NETWORKS = "Facebook|Twitter|X|LINE|Line|WhatsApp|LinkedIn|WeChat|Weibo|Hatena|Pinterest|Reddit|Telegram|Pocket"
_BUTTON = (
    rf"(?:Share on (?:{_NETWORKS})|Share(?: this(?: article| story| page)?)?|Tweet|Post|Like|Pin it|E-?mail|Bookmark|"
    rf"Save|Print(?: this(?: article| page)?)?|Copy (?:link|URL)|{_NETWORKS})"
)
_BUTTONS = lazy(_BUTTON)
_BAR = lazy(rf"{_BUTTON}(?:[ \t]*[|/·•]?[ \t]*{_BUTTON}){{0,11}}")
_HINTS = ("Share", "Tweet", "Copy link", "Copy URL")
_NETWORK = lazy(rf"Tweet|Share on (?:{_NETWORKS})|Facebook|Twitter|LINE|WhatsApp|WeChat|Weibo|Hatena")
_SPECIAL = lazy(r"Share|Tweet|Copy (?:link|URL)")
_BARS = (
    "Share Tweet Print",
    "Share | Tweet | Email | Print",
    "Share on Facebook\nTweet\nCopy link",
    "Share\nTweet\nPrint",
)


def find(document: Document) -> Iterator[Finding]:
    """Bars of buttons, as one finding for lines in a row."""
    if not any(hint in document.text for hint in _HINTS):
        return
    text, lines = document.text, document.paragraphs
    for first, end in furniture.runs(document, lambda line: _BAR.fullmatch(line) is not None):
        shown = text[lines[first].start : lines[end - 1].end]
        buttons = set(_BUTTONS.findall(shown))
        if len(buttons) < 2 or not _SPECIAL.search(shown) or furniture.announced(document, first):
            continue
        if not furniture.has_article(document, first, end):
            continue
        sure = len(buttons) >= 3 and _NETWORK.search(shown) is not None
        sure = sure and not (furniture.spoken_of(document, first, end) or _is_part_of_list(document, first, end))
        span = furniture.span_of(document, first, end)
        level = None if sure else Level.SUGGEST
        yield RULE.finding(*span, "", level=level, drops=text[span.start : span.end])


def _is_part_of_list(document: Document, first: int, end: int) -> bool:
    """Whether a column of buttons goes on in a line of one word: a list, or verse."""
    text, lines = document.text, document.paragraphs
    return end - first > 1 and end < len(lines) and text[lines[end].start : lines[end].end].isalpha()


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A bar behind paragraphs of the article."""
    lines, line_break = document.paragraphs, furniture.line_break(document)
    for line in lines:
        if furniture.is_prose(document, line):
            bar = line_break.join(random.choice(_BARS).split("\n"))
            yield Damage(line.end, line.end, line_break + bar)


_ARTICLE = "The ministers agreed to meet again in Tokyo in the autumn of next year, officials said."

RULE = Rule(
    code="FUR103",
    name="share-bar",
    message="buttons for sharing the page stand in the text",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="accuracy/addition",
    confidence=0.98,
    find=find,
    damage=damage,
    bad=(
        Example("Talks to Go On\nShare Tweet Print\n" + _ARTICLE, "Talks to Go On\n" + _ARTICLE),
        Example(_ARTICLE + "\n\nShare\nTweet\nEmail\nPrint\n", _ARTICLE + "\n"),
        Example(f"Facebook | Twitter | Share this article\n\n{_ARTICLE}", _ARTICLE),
        Example(f"{_ARTICLE}\r\nShare on Facebook\r\nTweet\r\nCopy link\r\n{_ARTICLE}", f"{_ARTICLE}\r\n{_ARTICLE}"),
    ),
    good=(
        "Share Tweet Print",
        "Below the article you will find the buttons Share Tweet Print, which nobody ever presses, she said.",
        _ARTICLE + "\nTap one of these:\nShare\nTweet\nCopy link",
        _ARTICLE + "\nShare\nThe word means a plough's blade, too.",
        _ARTICLE + "\nFacebook, Twitter, LINE",
        "Which of these do you use every day, and which did you give up long ago and never missed since?\nFacebook\nX",
        _ARTICLE + "\nPrint Save Email",
    ),
)
