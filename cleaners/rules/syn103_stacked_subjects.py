"""Reports two noun phrases, each with its apposition, before one verb.

**What.** ``NATO, the largest alliance, Stoltenberg, its Secretary General, will visit Japan.``

**Mechanism.** A Japanese sentence has a topic (～は) beside its subject, or a relative clause before the noun;
the system sets both down as subjects, one after the other.

**Left alone.** Lists (an "and" or "or" before the last member), and a single subject with one apposition.

**Source.** Seen in public machine translations of Japanese broadcast news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_NAME = r"[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,3}"
_ADVERB = r"(?:Elsewhere|Meanwhile|However|Today|Yesterday|Here|There|Instead|Later|Earlier|Now|Then|Also|Once),"
_STACKED = lazy(
    rf"(?P<first>(?!{_ADVERB}){_NAME}), (?:the|a|an|which|whose) [^,.;:\"“”]{{3,120}}(?:, [a-z][^,.;:\"“”]{{3,80}})?, "
    rf"(?P<second>{_NAME}), (?P<apposition>(?:the |a |an |its |[A-Z])[^,.;:\"“”]{{3,80}}), "
    r"(?:will|would|has|have|had|is|was|are|were|plans|visited|visits|met|said|told|arrived)\b"
)
_SINGLE = lazy(
    rf"(?!{_ADVERB})(?P<subject>{_NAME}, (?:the|an?) [^,.;:\"“”]{{3,80}}), "
    r"(?:will|would|has|had|is|was|said|told|met)\b"
)
_PLACE_BEFORE = lazy(r"\b(?:from|in|of|at|near) [A-Z][\w’'-]*, \Z")
_JOINED = lazy(r"\b(?:and|or|as well as)\b")


def find(document: Document) -> Iterator[Finding]:
    """Sentences that open with two subjects in a row."""
    for sentence in document.sentences:
        match = _STACKED.match(document.text, sentence.start, sentence.end)
        if match is None or _JOINED.match(match["apposition"]) or _follows_place(document.text, match):
            continue
        yield RULE.finding(match.start(), match.end("apposition") + 1, None)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Another sentence's subject, with its apposition, before the one that a sentence opens with."""
    found = [m for s in document.sentences if (m := _SINGLE.match(document.text, s.start, s.end))]
    for match in found:
        others = [other["subject"] for other in found if other["subject"] != match["subject"]]
        if others:
            yield Damage(match.start(), match.start(), f"{random.choice(others)}, ")


def _follows_place(text: str, match: re.Match[str]) -> bool:
    return _PLACE_BEFORE.search(text, match.start(), match.start("second")) is not None


RULE = Rule(
    code="SYN103",
    name="stacked-subjects",
    message="two subjects, each with its apposition, stand before one verb",
    level=Level.REPORT,
    severity=Severity.MAJOR,
    mqm="fluency/grammar",
    confidence=0.8,
    origin="ja",
    find=find,
    damage=damage,
    bad=(
        Example("NATO, the largest alliance, Stoltenberg, its Secretary General, will visit Japan.", None),
        Example("ASEAN, the regional bloc of ten states, Mori, the head of its office, said so.", None),
        Example("Oslo, the city by the fjord, mainly a port, Ms Berg, the mayor, has left.", None),
    ),
    good=(
        "Stoltenberg, the Secretary General of NATO, will visit Japan.",
        "Mori, the chairman, and Abe, the clerk, will come.",
        "Paris, Rome, Berlin and Madrid, the four capitals, will host it.",
        "Tokyo, the capital, Osaka, the port, and Nara, the shrine, are near.",
        "Mori, the chairman, said that Abe, the clerk, had left.",
    ),
)
