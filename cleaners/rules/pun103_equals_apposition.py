"""Rewrites ``EU = European Union`` as ``EU (European Union)``.

**What.** An acronym, an equals sign, and the full name the acronym stands for.

**Mechanism.** Japanese news sets an explanation between ＝ signs; the system carries the sign over.

**Left alone.** Formulas (``E = mc²``), assignments, legends, and everything where the initials of the words do
not spell the acronym: that they do is the proof. Only after an article or preposition, or at the start of a
sentence, and where the sentence goes on, is it prose.

**Source.** The usage of ＝ in Japanese newspapers and broadcast scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity

_SMALL = frozenset(["of", "the", "and", "for", "on", "in", "to", "with"])
_EQUATION = re.compile(
    r"(?<![\w=(/-])(?P<acronym>[A-Z][A-Za-z]{0,8}[A-Z]) ?[=＝] ?"
    r"(?P<words>[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]+|of|the|and|for|on|in|to|with))*)"
)
_IN_PROSE = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Ww]ith|[Oo]f|[Bb]y|[Tt]o|[Ff]rom|[Ff]or|[Bb]etween|[Aa]nd|[Ii]n|[Ii]nto) \Z"
)
_GOES_ON = re.compile(r"[,)]? \w")
_BRACKETED = re.compile(
    r"(?<![\w=(/-])(?P<acronym>[A-Z][A-Za-z]{0,8}[A-Z]) "
    r"\((?P<words>[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]+|of|the|and|for|on|in|to|with))*)\)"
)


def find(document: Document) -> Iterator[Finding]:
    """Equations whose right side begins with the words the acronym abbreviates."""
    text = document.text
    if "=" not in text and "＝" not in text:
        return
    for match in _EQUATION.finditer(text):
        starts = match.start() == document.sentence_at(match.start()).start
        if not starts and not _IN_PROSE.search(text, max(0, match.start() - 9), match.start()):
            continue  # a legend, a formula: "Key: EU = European Union", "where GDP = …"
        name = _spelled_out(match["acronym"], match["words"])
        if name is None:
            continue
        end = match.start("words") + len(name)
        if not _GOES_ON.match(text, end):
            continue
        yield RULE.finding(match.start(), end, f"{match['acronym']} ({name})")


def _spelled_out(acronym: str, words: str) -> str | None:
    """The leading words whose initials spell the acronym; small words count or not, as they fit."""
    letters = acronym.upper()
    for small_count in (False, True):
        position = 0
        end = 0
        for word in re.finditer(r"\S+", words):
            if position == len(letters):
                break
            if word.group() in _SMALL and not small_count:
                continue
            if word.group()[0].upper() != letters[position]:
                break
            position += 1
            end = word.end()
        if position == len(letters):
            return words[:end]
    return None


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Every acronym that its full name follows in brackets, with an equals sign in place of the brackets."""
    text = document.text
    for match in _BRACKETED.finditer(text):
        paragraph = document.paragraph_at(match.start())
        whole_line = match.start() == paragraph.start and match.end() >= paragraph.end - 1
        line = text[paragraph.start : paragraph.end]
        if (
            whole_line
            or "=" in line
            or "＝" in line
            or _spelled_out(match["acronym"], match["words"]) != match["words"]
        ):
            continue
        yield Damage(*match.span(), random.choice((" = ", " = ", "＝")).join(match.group("acronym", "words")))


RULE = Rule(
    code="PUN103",
    name="equals-apposition",
    message="an equals sign stands where English puts the full name in brackets",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/grammar",
    confidence=0.98,
    origin="ja",
    find=find,
    damage=damage,
    bad=(
        Example(
            "NATO = North Atlantic Treaty Organization Secretary General Stoltenberg left.",
            "NATO (North Atlantic Treaty Organization) Secretary General Stoltenberg left.",
        ),
        Example("The EU = European Union agreed.", "The EU (European Union) agreed."),
        Example(
            "He joined the IMF＝International Monetary Fund in May.",
            "He joined the IMF (International Monetary Fund) in May.",
        ),
        Example(
            "Of the EU = European Union and the UN = United Nations he said nothing.",
            "Of the EU (European Union) and the UN (United Nations) he said nothing.",
        ),
        Example("The DOD = Department of Defense said so.", "The DOD (Department of Defense) said so."),
    ),
    good=(
        "Einstein wrote E = mc² in 1905.",
        "GDP = Gross Domestic Product",
        "Key: EU = European Union, UN = United Nations.",
        "Set PATH = Home and go on.",
        "The UK = Europe's problem, he said.",
    ),
)
