"""Finds one name under several spellings in a document.

**What.** ``Steven Nothram … Steven Nortram``: the second is reported; where one of the two is a known name, or
stands there at least twice as often, it is suggested for the other.

**Mechanism.** The system translates sentence by sentence and spells a name that it does not know anew each time.

**Left alone.** Relatives and namesakes: both spellings must sound alike and stand beside the same word, a given name or
"City", "County" and the like, and at least one of them must be neither a word nor a known name. Spellings that
differ in the ending alone ("Roman", "Romano") are names of their own.

**Source.** Sounds as in the tables of the Japanese syllabary and of Hanyu Pinyin.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity, Stage
from cleaners.lazily import lazy
from cleaners.names import spellings


def find(document: Document) -> Iterator[Finding]:
    """Spellings of a name that also stands there spelled otherwise."""
    for other in spellings.several(document.text):
        word = document.text[other.start : other.end]
        yield RULE.finding(
            other.start,
            other.end,
            other.meant if other.proved else None,
            level=Level.SUGGEST if other.proved else Level.REPORT,
            confidence=0.75 if other.proved else 0.6,
            message=f"{word!r} and {other.meant!r} seem to be one name",
            drops=word if other.proved else "",
        )


_FULL = lazy(r"(?<![\w’'-])(?P<given>[A-Z][a-z]+) (?P<surname>[A-Z][a-z]*(?P<sound>[dtgkpb])[a-z]+)(?![\w-]| [A-Z])")
_HEARD = {"d": "t", "t": "d", "g": "k", "k": "g", "p": "b", "b": "p"}


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Another consonant in the second mention of a full name."""
    seen = set()
    for match in _FULL.finditer(document.text):
        if match.group() not in seen:
            seen.add(match.group())
            continue
        at = match.start("sound")
        text = document.text
        changed = text[:at] + _HEARD[match["sound"]] + text[at + 1 :]
        start, end = match.span("surname")
        if any(other.start == start for other in spellings.several(changed)):
            yield Damage(start, end, changed[start:end])


RULE = Rule(
    code="NAM106",
    name="several-spellings",
    message="one name is spelled in several ways",
    level=Level.SUGGEST,
    severity=Severity.MINOR,
    mqm="accuracy/mistranslation",
    confidence=0.75,
    find=find,
    damage=damage,
    stage=Stage.NAME,
    bad=(
        Example(
            "Lucas Alvarado filmed it. It was shown to Lucas Albarrado later.",
            "Lucas Alvarado filmed it. It was shown to Lucas Alvarado later.",
        ),
        Example("Steven Nothram came. Later Steven Nortram left.", None),
        Example("The mayor of Hunningu City met police of Huningu City.", None),
        Example(
            "Steven Nothram came, as Steven Nothram had said. Later Steven Nortram left.",
            "Steven Nothram came, as Steven Nothram had said. Later Steven Nothram left.",
        ),
    ),
    good=(
        "John Smith met John Smyth and John Schmidt.",
        "Anna Romanov and Anna Romanova, Ivan Petrov and Ivan Petrova came.",
        "Cities such as Taizhou City and Suzhou City grew.",
        "Steven Nothram and his sister Karen Nortram left.",
        "The Nothrams and Steven Nothram met.",
        "York City met New York City.",
    ),
)
