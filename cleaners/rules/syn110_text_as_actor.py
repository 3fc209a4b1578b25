"""Reports a text or a meeting that does, or is called, what only people or states can.

**What.** ``The report believes that prices will fall.``; ``The document of 2019 is regarded as a strategic threat.``

**Mechanism.** Chinese lets a report or a meeting think (报告认为, 会议认为), and puts the object of regarding before
the verb (文件将某国视为战略威胁); where the system drops that object, the document itself becomes the threat.

**Left alone.** A text that says, finds, shows, argues or concludes; "paper", which may be a newspaper; a threat or a
challenge *to* something, which a text can be; anything without a word such as "strategic", since a report may well be
called a challenge; and quotations; a text that is no subject ("the man who wrote the report believes"). Who is
regarded as what cannot be read off, so nothing is changed.

**Source.** Seen in public machine translations of Chinese news.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from random import Random

from cleaners import scan
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_TEXT = (
    "report|document|article|study|survey|statement|analysis|editorial|notice|communiqu[eé]|white paper|"
    "resolution|declaration|strategy|guideline|concept|meeting|conference|circular"
)
_THINKS = lazy(r"\b(?:believes?|believed|thinks|thought) that\b(?! (?:day|night|evening|morning|week|year)\b)")
_THOUGHTS = tuple(map(re.compile, ("believe[sd]? that", "thinks that", "thought that")))
_THINKER = lazy(
    r"(?:\A|[.!?:;,—–\n\r][\"”]? ?"
    r"|\b(?:that|but|and|because|although|though|while|whereas|as|if|when|since|so|however) )"
    r"(?P<subject>[Tt]he )"
    rf"(?:\w+ )?(?:{_TEXT}) (?:also |generally )?\Z"
)
_CALLED = "regarded|seen|viewed|considered|described|defined|listed|identified|designated|classified|labelled|labeled"
_ACTOR = (
    r"(?:(?:strategic|systemic|military|geopolitical|potential|long-term|main|major|biggest|greatest) ){0,2}"
    r"(?:enemy|adversary|aggressor|opponent|competitor|rival|(?:strategic|systemic|military|geopolitical)"
    r" (?:threat|challenge|partner|challenger))"
)
_REGARDED = lazy(
    rf"\b(?:{_CALLED}) as (?:an?|the|its|their) {_ACTOR}\b(?! (?:to|of|by|in)\b| for (?!the first time\b))"
)
_AS = lazy(rf" as (?:an?|the|its|their) {_ACTOR}")  # the verb before it has ten letters at most
_SUBJECT = lazy(
    rf"\b(?:{_TEXT})(?: (?:of|in|from|for) [\w’'. -]{{2,40}}?)? (?:is|was|has been|will be) "
    r"(?:also |now |clearly |first )?\Z"
)
_LOOK = 120  # how far a subject is looked for, in code points
_SAYS = lazy(rf"\b[Tt]he (?:{_TEXT}) (?P<verb>says|finds|argues|concludes|suggests|notes) that\b")


def find(document: Document) -> Iterator[Finding]:
    """Texts that think, or are enemies; speech is left alone, where people put it as they like."""
    text, pairs = document.text, document.quotation.pairs
    thinking = scan.around(_THINKS, text, 0, *_THOUGHTS)
    regarded = scan.around(_REGARDED, text, 10, _AS)
    for matches, subject in ((thinking, _THINKER), (regarded, _SUBJECT)):
        for match in matches:
            found = subject.search(text, max(0, match.start() - _LOOK), match.start())
            if found and not _quoted(pairs, match.start()):
                start = found.start("subject") if "subject" in found.groupdict() else found.start()
                yield RULE.finding(start, match.end(), None)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Plants "believes" for what a text lawfully does."""
    text, pairs = document.text, document.quotation.pairs
    for match in _SAYS.finditer(text):
        if _quoted(pairs, match.start()) or not _THINKER.search(
            text, max(0, match.start() - _LOOK), match.start("verb")
        ):
            continue
        yield Damage(*match.span("verb"), "believes")


def _quoted(pairs: tuple[tuple[int, int], ...], position: int) -> bool:
    index = bisect_right(pairs, (position, position))
    return any(end > position for _, end in pairs[max(0, index - 2) : index])


RULE = Rule(
    code="SYN110",
    name="text-as-actor",
    message="a text does, or is called, what only people or states can",
    level=Level.REPORT,
    severity=Severity.MINOR,
    mqm="accuracy/mistranslation",
    confidence=0.85,
    find=find,
    damage=damage,
    bad=(
        Example("The report believes that prices will fall.", None),
        Example("The meeting believed that the harvest was good.", None),
        Example("The alliance's white paper in 2020 was regarded as a systemic challenge for the first time.", None),
        Example("Its new strategy is seen as a strategic competitor.", None),
    ),
    good=(
        "The report says that the minister believes that prices will fall.",
        "The document is regarded as a strategic threat to the smaller firms.",
        "The report was seen as a challenge and a call to arms.",
        "In the document, China is regarded as a strategic threat.",
        "The author of the study believes that prices will fall.",
        "The paper believes that its readers will stay.",
        "The declaration is considered as a milestone.",
        "The strategy is regarded as the work of a rival.",
    ),
)
