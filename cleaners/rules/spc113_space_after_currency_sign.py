"""Removes a blank between a currency sign and its figure.

**What.** ``$ 5 million`` becomes ``$5 million``, ``US $ 42bn`` becomes ``US $42bn``.

**Mechanism.** Systems cut the sign and the figure into two tokens; where the last step, joining them, is partial, the
blank stays.

**Left alone.** Tables and lists of figures, command lines (``$ 5`` at the start of a line), formulas, signs after a
figure (``5 € 20``), the Brazilian ``R$ 20``, the euro sign, which several styles set apart, and an amount that stands
tight close by (``$5, not $ 5``). Where nothing else in the document shows that blanks were lost or added (a comma or
stop set apart in the same paragraph, or the same sign tight elsewhere), it is only suggested, as a document may set
all its signs so.

**Source.** 16 per 10,000 lines of the outputs submitted to the WMT news tasks for Chinese to English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.spacing import tokenised

_APART = lazy(r"(?P<sign>[$£])(?P<blank>[ \u00a0])(?=\d[\d,.]*(?:[ \u00a0]?[A-Za-z]|[,;:.)]|[ ]\.))")
_TIGHT = lazy(r"(?P<sign>[$£])(?=\d[\d,.]* [a-z])")
_PROSE_BEFORE = lazy(r"(?:[A-Za-z,:;]|\()[ \u00a0]\Z|[\"“(]\Z|\b(?:US|HK|NZ|A|C|AU|CA|NT)\Z")
# Columns, code and formulas: "$ 5 x $" closes with a sign that has no figure.
_TABLE = lazy(r"\t|  |\||\\|[$£][ \u00a0]?[\d.,]+ [$£]|\d [$£]|[\w)] \$(?![ \u00a0]?\d)")
_LETTERS = lazy(r"[A-Z]{1,3}\Z")
_AMOUNT = lazy(r"\d[\d,.]*\d|\d")
# A key to press or a mark to type has times and lines, money has not.
_COUNTED = lazy(r"[$£][ \u00a0]\d[\d,.]* (?:times|rows|lines|spaces)\b")


def find(document: Document) -> Iterator[Finding]:
    """Currency signs that stand apart from their figure."""
    text = document.text
    if "$" not in text and "£" not in text:
        return
    tight: dict[str, bool] = {}
    for match in _APART.finditer(text):
        paragraph = document.paragraph_at(match.start())
        if not _is_prose(document, match.start()) or _is_compared(text, match):
            continue
        sign = match["sign"]
        written = _written(text, match.start(), sign)
        if written not in tight:
            before = r"\b" if written[0].isalpha() else r"(?<![A-Z])"
            tight[written] = re.search(rf"{before}{re.escape(written)}\d", text) is not None
        sure = tight[written] or tokenised(document, paragraph)
        level, confidence = (Level.SAFE, 0.96) if sure else (Level.SUGGEST, 0.85)
        yield RULE.finding(match.start(), match.end(), sign, level=level, confidence=confidence, proof=3)


def _written(text: str, at: int, sign: str) -> str:
    """The sign with the letters before it: how a text sets R$ tells nothing of how it sets $."""
    letters = _LETTERS.search(text, max(0, at - 3), at)
    return (letters.group() if letters else "") + sign


def _is_compared(text: str, match: re.Match[str]) -> bool:
    """Whether the same amount stands close by with its sign tight: "write $5, not $ 5"."""
    amount = _AMOUNT.match(text, match.end())
    tight = re.escape(match["sign"] + amount.group()) if amount else "(?!)"
    return lazy(rf"{tight}(?![\d,.]*\d)").search(text, max(0, match.start() - 40), match.end() + 40) is not None


def _is_prose(document: Document, at: int) -> bool:
    paragraph, text = document.paragraph_at(at), document.text
    if _COUNTED.match(text, at):
        return False
    if not _PROSE_BEFORE.search(text, max(paragraph.start, at - 4), at):
        return False
    return _TABLE.search(text, max(paragraph.start, at - 200), min(paragraph.end, at + 200)) is None


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A blank behind every second and later sign of a document; the first stays and shows how it should be."""
    seen = set()
    for match in _TIGHT.finditer(document.text):
        written = _written(document.text, match.start(), match["sign"])
        if written in seen and _is_prose(document, match.start()):
            yield Damage(match.end(), match.end(), " ")
        seen.add(written)


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
        "In Brazil R$ 20 is about $4. Write $7, not $ 7. Press $ 2 times; the formula is $ 5 x $ there.",
    ),
)
