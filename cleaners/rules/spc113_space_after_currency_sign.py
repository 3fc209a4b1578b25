"""Removes a blank between a currency sign and its figure.

**What.** ``$ 5 million`` becomes ``$5 million``, ``US $ 42bn`` becomes ``US $42bn``.

**Mechanism.** Systems cut the sign and the figure into two tokens; where the last step, joining them, is partial, the
blank stays.

**Left alone.** Tables and lists of figures, command lines (``$ 5`` at the start of a line), signs after a figure
(``5 € 20``), and the euro sign, which several styles set apart. Where nothing else in the document shows that blanks
were lost or added (a comma or stop set apart in the same paragraph, or the same sign tight elsewhere), it is only
suggested, as a document may set all its signs so.

**Source.** 16 per 10,000 lines of the outputs submitted to the WMT news tasks for Chinese to English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.spacing import tokenised

_APART = re.compile(r"(?P<sign>[$£])(?P<blank>[ \u00a0])(?=\d[\d,.]*(?:[ \u00a0]?[A-Za-z]|[,;:.)]|[ ]\.))")
_TIGHT = re.compile(r"(?P<sign>[$£])(?=\d[\d,.]* [a-z])")
_PROSE_BEFORE = re.compile(r"(?:[A-Za-z,:;]|\()[ \u00a0]\Z|[\"“(]\Z|\b(?:US|HK|NZ|A|C|AU|CA|NT|R)\Z")
_TABLE = re.compile(r"\t|  |\||[$£][ \u00a0]?[\d.,]+ [$£]|\d [$£]")


def find(document: Document) -> Iterator[Finding]:
    """Currency signs that stand apart from their figure."""
    text = document.text
    if "$" not in text and "£" not in text:
        return
    tight: dict[str, bool] = {}
    for match in _APART.finditer(text):
        paragraph = document.paragraph_at(match.start())
        if not _is_prose(document, match.start()):
            continue
        sign = match["sign"]
        if sign not in tight:
            tight[sign] = re.search(rf"{re.escape(sign)}\d", text) is not None
        sure = tight[sign] or tokenised(document, paragraph)
        level, confidence = (Level.SAFE, 0.96) if sure else (Level.SUGGEST, 0.85)
        yield RULE.finding(match.start(), match.end(), sign, level=level, confidence=confidence, proof=3)


def _is_prose(document: Document, at: int) -> bool:
    paragraph, text = document.paragraph_at(at), document.text
    if not _PROSE_BEFORE.search(text, max(paragraph.start, at - 4), at):
        return False
    return _TABLE.search(text, max(paragraph.start, at - 200), min(paragraph.end, at + 200)) is None


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A blank behind every second and later sign of a document; the first stays and shows how it should be."""
    seen = set()
    for match in _TIGHT.finditer(document.text):
        if match["sign"] in seen and _is_prose(document, match.start()):
            yield Damage(match.end(), match.end(), " ")
        seen.add(match["sign"])


RULE = Rule(
    code="SPC113",
    name="space-after-currency-sign",
    message="a blank stands between the currency sign and its figure",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/typography",
    confidence=0.96,
    find=find,
    damage=damage,
    bad=(
        Example("It cost $ 5 million, and $3 million more.", "It cost $5 million, and $3 million more."),
        Example("The yen fell , and US $ 42bn was spent.", "The yen fell , and US $42bn was spent."),
        Example("They paid £ 16 billion for it, not £2 billion.", "They paid £16 billion for it, not £2 billion."),
    ),
    good=(
        "$ 5 runs the fifth script, and costs $5.",
        "Sales $ 195,610 $ 31,180 and Q2 $ 27,361 $4",
        "It cost € 46, and € 7 more.",
        "In the shell type ls $ 1 | wc; $4 is free.",
        "It cost 5 $ 20 years ago, or $3.",
    ),
)
