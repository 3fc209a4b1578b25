"""Finds what is left of the middle dot between the parts of a foreign name.

**What.** ``Neil? Blake`` and ``Neil·Blake``, which are ``Neil Blake``.

**Mechanism.** Chinese parts a foreign name with ·. Texts that lost it on their way through another encoding have
``?`` there, and the system translates the name as a question and a new sentence; or it copies the dot.

**Left alone.** Questions: whatever holds a question word or a verb before its subject, and what is followed by a word
that opens sentences. Units (``N·m``), syllables and Catalan (``col·lecció``), menus and lists, which set blanks
around the dot or hold nothing else. Where the source shows the dot, or ``?``, between two characters of a name and
asks nothing, the blank is put in; without a source ``?`` is only reported, and the dot replaced on demand, since a
hyphen may be meant.

**Source.** 3 of 1,000 lines of the WMT 2018 news test, whose Chinese side has ``?`` for ``·``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners import scan
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.segment import SENTENCE_OPENERS, Span

_NAME = r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)?"
_MARK = lazy(rf"(?P<mark>\?)(?<=[A-Za-zß-öø-ÿ]\?) (?P<right>{_NAME})|(?P<dot>[·•‧])(?<=[a-zß-öø-ÿ].)(?P<next>{_NAME})")
_ANCHORS = (lazy(r"\? [A-ZÀ-ÖØ-Þ]"), lazy("·"), lazy("•"), lazy("‧"))
_LEFT = lazy(rf"(?<![\w?-]){_NAME}\Z")
_ASKS = lazy(
    r"\b(?:who|whom|whose|what|which|where|when|why|how|or|really|right|if|whether|anyone|anybody|any|not|n['’]t|you|your)\b",
    re.I,
)
# Questions without a verb: "Too late for London?", "A week in Rome?"
_ELLIPTIC = lazy(
    r"\A[\"“(‘']?(?:too|need|want|fancy|remember|ready|looking|another|so|more|no|got|heard|ever|even|tired|still|never|"
    r"maybe|perhaps|and|but|then|feel|feeling|going|coming|planning|thinking|travelling|traveling|bored|care|mind)\b"
    r"|\b(?:in|at|near) [\w’'-]+\Z",
    re.I,
)
_VERB_FIRST = lazy(
    r"(?:\A|[,;:—–-] |[\"“(‘']|\b(?:and|but|so|then) )(?:is|are|am|was|were|do|does|did|has|have|had|can|could|will|"
    r"would|shall|should|may|might|must)\b",
    re.I,
)
_GOES_ON = lazy(r"['’]s\b|(?: (?:[A-Z][\w.’'-]*))* (?:\(|[a-z])|,")
_SOURCE_DOT = lazy(r"(?<=[\u3400-\u9fff\u30a0-\u30ff])[?·・•‧]\s?(?=[\u3400-\u9fff\u30a0-\u30ff])")
_SOURCE_ASKS = lazy(r"？|[吗呢么吧か][?]|[?](?![\u3400-\u9fff\u30a0-\u30ff])")
# "Baoji·Silk Road Fair": of two parts of a title no blank is proved.
_NAMED_FURTHER = lazy(r" [A-Z]")
_LINE = 1000  # code points of a paragraph that are read for words in lower case
_PROSE = lazy(r"(?<![\w’'])[a-z]{2}")
_TITLES = frozenset(("Dr", "Mr", "Mrs", "Ms", "Prof", "Sir", "Lady", "Judge", "President", "Professor", "Doctor"))
_TWO_NAMES = lazy(rf"(?<=[a-z,] )(?P<left>{_NAME}) (?P<right>{_NAME})(?= [a-z])")


def find(document: Document) -> Iterator[Finding]:
    """Question marks and middle dots between two parts of a name."""
    text = document.text
    source = document.source_text or ""
    shown = bool(_SOURCE_DOT.search(source)) and not _SOURCE_ASKS.search(source)
    for match in scan.around(_MARK, text, 0, *_ANCHORS):
        at = match.start()
        left = _LEFT.search(text, max(0, at - 30), at)
        if left is None or document.is_shielded(at, at + 1):
            continue
        if match["dot"]:
            sure = shown and not _NAMED_FURTHER.match(text, match.end())
            if not sure and not _is_prose(text, document.paragraph_at(at)):
                continue  # a menu, a sign
            level = Level.SAFE if sure else Level.SUGGEST
            yield RULE.finding(at, at + 1, " ", level=level, confidence=0.97 if sure else 0.7)
            continue
        if match["right"] in SENTENCE_OPENERS:
            continue
        if shown and not _starts_anew(text, left.group(), match):
            yield RULE.finding(at, at + 1, "", level=Level.SAFE, confidence=0.97)
        elif shown or (not source and not _is_question(document, at) and _GOES_ON.match(text, match.end("right"))):
            yield RULE.finding(at, at + 1, None)


def _is_prose(text: str, paragraph: Span) -> bool:
    """Whether the paragraph begins with anything but a menu or a sign."""
    return _PROSE.search(text, paragraph.start, min(paragraph.end, paragraph.start + _LINE)) is not None


def _starts_anew(text: str, left: str, match: re.Match[str]) -> bool:
    """Whether the system gave the name a second time, or a title, behind the question mark."""
    following = text[match.start("right") : match.end("right") + 30].split()[:4]
    return match["right"] in _TITLES or left in following


def _is_question(document: Document, mark: int) -> bool:
    """Whether what stands before the question mark may be one."""
    sentence = document.sentence_at(mark)
    before = document.text[sentence.start : mark]
    return (
        " " not in before
        or len(before) > 300
        or _ASKS.search(before) is not None
        or _VERB_FIRST.search(before) is not None
        or _ELLIPTIC.search(before) is not None
    )


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A question mark between two capitalised words in the middle of a statement."""
    text = document.text
    for match in _TWO_NAMES.finditer(text):
        if match["right"] in SENTENCE_OPENERS or match["left"] in SENTENCE_OPENERS:
            continue
        if not _is_question(document, match.end("left")):
            yield Damage(match.end("left"), match.end("left"), "?")


RULE = Rule(
    code="PUN108",
    name="lost-middle-dot",
    message="a question mark stands between two parts of a name",
    level=Level.REPORT,
    severity=Severity.MAJOR,
    mqm="fluency/punctuation",
    confidence=0.8,
    origin="zh",
    find=find,
    damage=damage,
    bad=(
        Example("The trainer Neil? Blake praised the team.", None),
        Example("As Laura? Moore (Laura Moore) put it, they ran well.", None),
        Example("It was the artist Heather? Dunn’s first show.", None),
    ),
    good=(
        "Who trained Neil? Blake did, they say.",
        "Is that Neil? Blake has no idea.",
        "And the trainer was Neil? The others had gone.",
        "You met Neil? Blake asked her twice.",
        "Neil? Blake called up the stairs.",
        "It bears 5 N·m, and col·lecció is Catalan.",
        "Home · News · Weather",
        "They voted for Paris or Rome? Delegates smiled.",
    ),
)
