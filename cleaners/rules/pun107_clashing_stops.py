"""Leaves one of two stops that stand together.

**What.** ``in the region. .`` and ``in the region..`` at the end of a line become ``in the region.``,
``conflict,. We`` becomes ``conflict. We``, ``farms,, mills`` becomes ``farms, mills``, ``plants. , hotels``
becomes ``plants, hotels``.

**Mechanism.** The system ends a sentence and then translates 。 or ， once more, or its decoder sets the stop twice.

**Left alone.** Ellipses (``...``, ``. . .``), also short ones in texts that write ``..``, ``!!`` or ``...`` elsewhere;
abbreviations (``etc.,``, ``Inc.,``, ``U.S..``); names that keep their mark (``Yahoo!.``); numbers, codes, lists of
empty fields (``a,,b``), file names. Between two sentences, and where a question mark clashes with a stop, it is only
suggested; a stop followed by a comma is only suggested too, since words may be missing between them.

**Source.** Seen in the outputs submitted to the WMT 2019 news task (Chinese to English).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.segment import ends_with_abbreviation

# A word of two letters at least, perhaps closed by a mark, and two stops that do not belong together.
_CLASH = lazy(
    r"[.,!?](?:(?<=[^\W\d_][^\W\d_].)|(?<=[^\W\d_][)\]\"”%].)|(?<=[\d][\d)%].))[ \u00a0]?[.,](?![.,\d\w…])"
    r"(?![ \u00a0][.,])(?P<next>[ \u00a0]*(?P<word>[\"“(]?[^\W\d_]+|$|(?=[\r\n]))?)",
)
_RARE = lazy(r"[.,!?] ?[.,]")
_WHOLE = 6  # words; a shorter line that ends in two dots may trail off
_LOOSE = lazy(r"\.\.|!!|\?\?|…")  # the habits of chat: there two dots are a short ellipsis
_ABBREVIATED = lazy(r"\b(?:[a-z]{1,3}|[A-Z]\w*|ibid|approx|cont|incl|abbr|illus|dept|govt|univ|assn|misc)\Z")
_LONG_WORD = lazy(r"(?:[a-z]{5}|\d{3}|[%)\]\"”])\Z")
_LAST_WORD = lazy(r"[^\W\d_][\w’'-]*\Z")
_JOINTS = lazy(r"(?<=[a-z]{3})(?P<stop>[.,])(?=[ \n]|\Z)")


def find(document: Document) -> Iterator[Finding]:
    """Two stops with at most a blank between them."""
    text = document.text
    if not _RARE.search(text):
        return
    chatty = len(list(islice(_LOOSE.finditer(text), 2))) > 1
    for match in _CLASH.finditer(text):
        start = match.start()
        end = match.start("next")
        if document.is_shielded(start, end):
            continue
        decision = _decide(document, text[start], text[end - 1], start, end, match["word"])
        if decision is None:
            continue
        mark, level = decision
        if text[start:end] == ".." and chatty:
            continue
        yield RULE.finding(start, end, mark, level=level, confidence=0.95 if level is Level.SAFE else 0.7, proof=2)


def _decide(
    document: Document, first: str, second: str, start: int, end: int, word: str | None
) -> tuple[str, Level] | None:
    """The mark that stays, and how sure that is; ``None`` where both may be meant."""
    text = document.text
    if word is None:
        return None
    if first == "." and (ends_with_abbreviation(text, start) or _short(text, start)):
        return None
    at_end, capital = word == "", word.lstrip('"“(')[:1].isupper()
    if first + second in ("..", ",."):
        if at_end or (capital and first == ","):
            short = len(text[document.sentence_at(start).start : start].split()) < _WHOLE
            return ".", Level.SUGGEST if short and first == "." else Level.SAFE  # "Luv always.."
        return (".", Level.SUGGEST) if capital else None
    if first + second == ",,":
        return (",", Level.SUGGEST if capital else Level.SAFE) if not at_end else None
    if first + second == ".,":
        long = _LONG_WORD.search(text, max(0, start - 20), start) is not None  # "marg.," may be an abbreviation
        return (",", Level.SUGGEST) if long and not at_end and not capital else None
    if first in "!?" and second == "." and (at_end or capital) and not _named(text, start):
        return first, Level.SUGGEST
    return None


def _short(text: str, stop: int) -> bool:
    """Whether the word before the stop may be an abbreviation that no list holds."""
    return _ABBREVIATED.search(text, max(0, stop - 20), stop) is not None


def _named(text: str, stop: int) -> bool:
    """Whether the mark may be part of a name: ``Yahoo!``."""
    word = _LAST_WORD.search(text, max(0, stop - 30), stop)
    return word is None or word.group()[0].isupper()


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A stop set twice at the end of a line, or a comma set twice within it."""
    text = document.text
    if _RARE.search(text):
        return
    for match in _JOINTS.finditer(text):
        stop = match.start()
        at_end = text[stop + 1 : stop + 2] in ("", "\n")
        if text[stop] == "." and at_end and not ends_with_abbreviation(text, stop) and not _short(text, stop):
            yield Damage(stop, stop + 1, random.choice((". .", "..", ",.")))
        elif text[stop] == "," and text[stop + 2 : stop + 3].islower() and random.random() < 0.2:
            yield Damage(stop, stop + 1, ",,")


RULE = Rule(
    code="PUN107",
    name="clashing-stops",
    message="two stops stand together where one is meant",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/punctuation",
    confidence=0.95,
    find=find,
    damage=damage,
    bad=(
        Example("Talks on the border had failed. .", "Talks on the border had failed."),
        Example("Talks on the border had failed..\nThey go on.", "Talks on the border had failed.\nThey go on."),
        Example("They backed the treaty,. We did not.", "They backed the treaty. We did not."),
        Example("It has farms,, mills and mines.", "It has farms, mills and mines."),
    ),
    good=(
        "We had bread, eggs, etc., and then left for the U.S., by sea.",
        "He works at Nippon Steel Inc., she at Yahoo!. They met in D.C..",
        "It went on . . . and on. . . and on...",
        "i dont know.. maybe it was him.. or her..",
        "The row a,,b,, has empty fields; see also misc., ibid., and p. 4.,",
        "Open ../src and ./bin or C:.. and go on.",
        "The sum is 1., the rest 2., in all 3..",
    ),
)
