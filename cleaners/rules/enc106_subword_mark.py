"""Joins the pieces of words that a system cut and did not put together: ``agree@@ ment``, ``▁The▁talks``.

**What.** ``@@`` and the blank after it go; ``▁`` becomes the blank that it stands for; ``@-@`` becomes ``-``.

**Mechanism.** Systems translate pieces of words. subword-nmt marks a piece that goes on with ``@@``,
SentencePiece a blank with ``▁``, Moses a split hyphen with ``@-@``; the last step, which undoes it, was left out.

**Left alone.** ▁ in bars and rules (``▁▂▃``), @ in addresses, handles and faces, ``c▁t`` of riddles, ``##`` of
headings. Reported: ``##ing`` behind a word, a mark of BERT that issue numbers share, and ``@@`` with nothing to
join.

**Source.** The manuals of subword-nmt, SentencePiece, the Moses tokenizer and BERT.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners import scan, script
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.script import Respelling

_JOIN = lazy(r"(?<=[^\W_])@@ (?=[^\W_])")
_HYPHEN = lazy(r"(?<=[^\W_]) @(?P<mark>[-/])@ (?=[^\W_])")
_BLANK = lazy(r"(?<![▁-▏])▁(?=[^\W_]|[\"“(])")
_GAP = lazy(r"(?<!\w)[b-zB-HJ-Z]▁\Z")
_GAPPED = lazy(r"(?<=[a-z]▁)[b-zB-HJ-Z](?!\w)")
# "all night @-@ and missed the bus": a face, since no compound has such a word, but between two hyphens
_FACE = lazy(
    r"(?:and|but|so|because|or|i|you|he|she|it|we|they|this|that|what|why|when|who|how|please|my|is|was)\b(?! @-@)",
    re.IGNORECASE,
)
_LOST = lazy(r"(?<=[^\W_@])@@(?![@\w])|(?<=[a-z] )##(?=[a-z]{1,4}\b)")
_MARKS = ("@@", " @-@ ", " @/@ ", "▁", "##")
_TALK_OF_PIECES = lazy(r"\bsub-?words?\b|\btoken|\bsentencepiece|\bbyte pair|\bbert\b|\bdiff\b")
_LONG_WORD = lazy(r"(?<![\w@'’-])[a-z]{4,7}(?=[a-z]{3,8}(?![\w@'’-]))")


def find(document: Document) -> Iterator[Finding]:
    """Marks of pieces, in texts that do not speak of such."""
    text = document.text
    if not scan.holds(text, _MARKS):
        return
    respellings = [Respelling(*match.span(), "") for match in _JOIN.finditer(text)]
    respellings += [
        Respelling(*match.span(), match["mark"])
        for match in _HYPHEN.finditer(text)
        if not _FACE.match(text, match.end())
    ]
    for match in _BLANK.finditer(text):
        if _GAP.search(text, max(0, match.start() - 2), match.end()) or _GAPPED.match(text, match.end()):
            continue  # "c▁t": a letter to guess
        before = text[match.start() - 1 : match.start()]
        respellings.append(Respelling(*match.span(), " " if before and not before.isspace() else ""))
    lost = [match.span() for match in _LOST.finditer(text) if not _JOIN.match(text, match.start())]
    if not (respellings or lost) or _TALK_OF_PIECES.search(document.lowered):
        return
    for edit in script.edits(document, sorted(respellings, key=lambda item: item.start)):
        yield RULE.finding(edit.start, edit.end, edit.fix, level=_level(document, edit.start), drops=edit.drops)
    for span in lost:
        yield RULE.finding(*span, None, level=Level.REPORT, confidence=0.7)


def _level(document: Document, start: int) -> Level | None:
    """Suggested in a line without capitals that has one mark only: "omg@@ look" has wide eyes."""
    low, high = document.paragraph_at(start)
    text = document.text
    alone = text[low].islower() and text.count("@@", max(low, start - 500), min(high, start + 500)) == 1
    return Level.SUGGEST if alone else None


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Long words cut as subword-nmt does, blanks as SentencePiece writes them, hyphens as Moses does."""
    text = document.text
    if _TALK_OF_PIECES.search(document.lowered):
        return
    for match in _LONG_WORD.finditer(text):
        if random.random() < 0.1 and not document.is_shielded(*match.span()):
            yield Damage(match.end(), match.end(), "@@ ")
    for match in re.finditer(r"(?<=[a-z])(?:-| )(?=[a-z])", text):
        if random.random() < 0.1 and not document.is_shielded(*match.span()):
            yield Damage(*match.span(), " @-@ " if match.group() == "-" else random.choice(("▁", " ▁")))


RULE = Rule(
    code="ENC106",
    name="subword-mark",
    message="the mark of a cut word was left in the text",
    level=Level.SAFE,
    severity=Severity.MAJOR,
    mqm="fluency/spelling",
    confidence=0.98,
    find=find,
    damage=damage,
    bad=(
        Example("The agree@@ ment binds both sides.", "The agreement binds both sides."),
        Example("▁The▁talks ▁went on.", "The talks went on."),
        Example("A long @-@ term plan was made.", "A long-term plan was made."),
        Example("Mr. Stol@@ ten@@ berg spoke.", "Mr. Stoltenberg spoke."),
    ),
    good=(
        "Prices over the year: ▁▂▃▅▇.",
        "A subword is written agree@@ ment in the training data.",
        "Write to desk@example.org or to @desk.",
        "## The talks\nThey went on.",
        "See issue ##12 and the #talks.",
        "▁▁▁▁▁▁ Sign here.",
        "The hunk header reads @@ -1,4 +1,4 @@ in every patch.",
    ),
)
