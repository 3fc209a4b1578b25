"""Removes the mark with which an agency closes its report.

**What.** ``(End)``, ``(Finish)``, ``（完）`` alone on the last line. Behind the last sentence the mark is suggested.

**Mechanism.** Chinese agencies close with （完）, Japanese ones with （了） or （おわり）; the mark is translated with
the text.

**Left alone.** Marks without brackets ("The End"), amid the text, and in a text without an article. English words
below a text that reports nothing (a play, a walk, a pattern), and ``(The end)``, are suggested.

**Source.** The usage of China News Service (完) and of Japanese agencies.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners import furniture
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_WORD = (
    r"(?:[Ee]nd|END|[Tt]he end|[Ff]inish(?:ed)?|FINISH|[Ee]nd of (?:the )?(?:text|article|report|full text)"
    r"|完|了|终|終|おわり|終わり)"
)
_MARK = lazy(rf"[(（\[【] ?{_WORD} ?[)）\]】]\.?")
_BEHIND = lazy(rf"(?<=[.!?\"”])[ \t\u3000]*[(（\[【] ?{_WORD} ?[)）\]】]\.?\Z")
_ENGLISH = lazy(r".{0,2}[A-Za-z]")
_AUTHORS = lazy(r".{0,2}[Tt]he end")
_REPORTED = lazy(r"\b(?:said|told|announced|reported|according to|reporters?|per ?cent|officials?|ministry)\b")
_CLOSING = frozenset(")）]】")
_MARKS = ("(End)", "(END)", "(Finish)", "（完）", "(完)")


def find(document: Document) -> Iterator[Finding]:
    """A mark as last line, or at the end of the last line."""
    text, lines = document.text, document.paragraphs
    if not lines or _CLOSING.isdisjoint(text[lines[-1].end - 2 : lines[-1].end]):
        return
    start, end = max(lines[-1].start, lines[-1].end - furniture.LONGEST), lines[-1].end
    last = text[start:end]
    if _MARK.fullmatch(last):
        if furniture.has_article(document, len(lines) - 1, len(lines)):
            span = furniture.span_of(document, len(lines) - 1, len(lines))
            sure = not _ENGLISH.match(last) or (_REPORTED.search(text) is not None and not _AUTHORS.match(last))
            level = None if sure else Level.SUGGEST
            yield RULE.finding(*span, "", level=level, drops=text[span.start : span.end])
        return
    match = _BEHIND.search(last)
    if match and match.start() > 40:
        yield RULE.finding(start + match.start(), end, "", level=Level.SUGGEST, drops=match.group())


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A mark below the last paragraph."""
    lines = document.paragraphs
    if lines and furniture.is_prose(document, lines[-1]):
        marks = _MARKS if _REPORTED.search(document.text) else _MARKS[3:]  # English words only below a report
        yield Damage(lines[-1].end, lines[-1].end, furniture.line_break(document) + random.choice(marks))


_ARTICLE = "The ministers agreed to meet again in Tokyo in the autumn of next year, officials said."

RULE = Rule(
    code="FUR111",
    name="end-mark",
    message="the agency's closing mark (完) was translated with the text",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="accuracy/addition",
    confidence=0.97,
    find=find,
    damage=damage,
    bad=(
        Example(_ARTICLE + "\n(End)", _ARTICLE),
        Example(_ARTICLE + "\r\n\r\n（完）\r\n", _ARTICLE + "\r\n"),
        Example(_ARTICLE + "\n[End of text]\n", _ARTICLE + "\n"),
    ),
    good=(
        "(End)",
        _ARTICLE + "\nThe End",
        _ARTICLE + "\n(End)\n" + _ARTICLE,
        _ARTICLE + "\n(End of the line)",
        "The stop is called Lands End (End)",
        "He closed the book. (The end of it he never read.)",
        "Scene one\nA cellar\n(End)",
    ),
)
