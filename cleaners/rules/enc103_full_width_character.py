"""Writes full-width letters and digits (ＮＡＴＯ, ２０２２) as English does.

**What.** ``ＮＡＴＯ`` becomes ``NATO``, ``２０２２`` becomes ``2022``, ``６．８％`` becomes ``6.8%``.

**Mechanism.** Japanese and Chinese news sets Latin letters and figures in full-width forms; the system copies
what it does not translate.

**Left alone.** Characters beside Chinese, Japanese or Korean text (``ＮＨＫ総合``); texts that speak of full-width
characters, or tell a word from the same in plain letters; faces drawn of marks. Lower-case words and rows of words,
which designers set so for effect, are only suggested.

**Source.** Unicode 16, Halfwidth and Fullwidth Forms: each is compatibility-equivalent to the ASCII character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from random import Random

from cleaners import script
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.script import Respelling

_WIDE = "０-９Ａ-Ｚａ-ｚ"
_RUN = lazy(rf"[{_WIDE}]+(?:[．，／－＆＋＇][{_WIDE}]+)*[％]?")
_TALK_OF_WIDTH = lazy(
    r"full-? ?width|half-? ?width|zenkaku|unicode|vaporwave|typeface|\bfonts?\b|wide (?:letters|characters)"
)
_COMPARED = lazy(r"\b(?:alike|instead of|rather than|is not|and not|unlike|same as|differs?|equals?|from)\b")
_ROW = lazy(r"[ \u3000][Ａ-Ｚａ-ｚ]")
_ROW_BEFORE = lazy(r"[Ａ-Ｚａ-ｚ][ \u3000]")
_PLAIN = lazy(r"(?<![\w.,/:#@&+'’-])(?:[A-Z]{2,5}|[0-9]{1,4})(?![\w.,/:@&+'’%-]|\. ?\d)")
_TO_WIDE = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}


def find(document: Document) -> Iterator[Finding]:
    """Runs of full-width letters and digits among English words."""
    text = document.text
    if not _RUN.search(document.beyond_ascii) or _TALK_OF_WIDTH.search(document.lowered):
        return
    for match in _RUN.finditer(text):
        start, end = match.span()
        if script.beside_cjk(text, start, end) or script.in_face(text, start, end):
            continue
        plain = unicodedata.normalize("NFKC", match.group())
        if not plain[:1].isdigit() and _stands_beside(document, start, end, plain):
            continue
        styled = plain.islower() and len(plain) > 1
        if not any(c.isdigit() for c in plain):
            styled |= _ROW.match(text, end) is not None or _ROW_BEFORE.match(text, max(0, start - 2), start) is not None
        level = Level.SUGGEST if styled else Level.SAFE
        for edit in script.edits(document, [Respelling(start, end, plain)]):
            yield RULE.finding(edit.start, edit.end, edit.fix, level=level, drops=edit.drops)


def _stands_beside(document: Document, start: int, end: int, plain: str) -> bool:
    """Whether the sentence has the word in plain letters, too: then it tells the two forms apart."""
    sentence = document.sentence_at(start)
    around = (
        document.text[max(sentence.start, start - 80) : start] + " " + document.text[end : min(sentence.end, end + 80)]
    )
    return _COMPARED.search(around) is not None and re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", around) is not None


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Acronyms and short figures in full-width form."""
    if _TALK_OF_WIDTH.search(document.lowered):
        return
    for match in _PLAIN.finditer(document.text):
        start, end = match.span()
        near = document.text[max(0, start - 2) : end + 2]
        if near.isascii() and not document.is_shielded(start, end) and random.random() < 0.5:
            yield Damage(start, end, match.group().translate(_TO_WIDE))


RULE = Rule(
    code="ENC103",
    name="full-width-character",
    message="full-width letters or digits of the source stand in English text",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/character-encoding",
    confidence=0.99,
    find=find,
    damage=damage,
    bad=(
        Example("Ministers of ＮＡＴＯ met in Riga.", "Ministers of NATO met in Riga."),
        Example("It was founded in ２０１２ by two sisters.", "It was founded in 2012 by two sisters."),
        Example("Growth fell to ６．８％, the ＩＭＦ said.", "Growth fell to 6.8%, the IMF said."),
        Example("The Ｆ－３５ and the Ｓｕ－２７ flew past.", "The F-35 and the Su-27 flew past."),
    ),
    good=(
        "He watched ＮＨＫ総合 every evening.",
        "The sign read 第３回 in white.",
        "A full-width Ａ takes the room of one kanji.",
        "The chapter sets ＡＢＣ in a font of its own.",
        "Thank you all （＾０＾） and good night （Ｔ＿Ｔ）.",
        "On the ticket stood 平成 ３０ 年.",
        "NATO, 2012 and 6.8% are written as here.",
    ),
)
