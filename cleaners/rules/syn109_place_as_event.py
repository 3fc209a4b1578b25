"""Reports a place where only an event can stand: the "outbreak of" a country.

**What.** ``Fear of war on the outbreak of Taiwan``; ``since the outbreak of Ukraine``.

**Mechanism.** In Chinese the place is the topic and the event stands after the verb (台湾爆发战争, in Taiwan breaks
out a war); the system joins the verb with the topic in front of it. What broke out is lost or stands elsewhere.

**Left alone.** A noun after the place ("the outbreak of Japan's war", "the outbreak of Rift Valley fever"), towns (a
disease may be called by one: Marburg, Norwalk), and every other noun before "of": words occur. Which event was meant
is not always there, so nothing is changed.

**Source.** Seen in public machine translations of Chinese news; country names from GeoNames.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners import scan
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.lexicon import Lexicon

_EVENT = lazy(
    r"(?:\b(?:outbreak|onset)|(?<![a-z] )\b(?:Outbreak|Onset)) of (?:the )?(?P<place>[A-Z][\w-]*(?: [A-Z][\w-]*){0,2})"
    r"(?=[.,;:!?)\"”]|\s*\Z|[\n\r]| (?:to|in|on|at|as|by|is|was|are|has|had|have|will|would|could|may|since|before"
    r"|after|but|that|which|there|it|they|he|we|many|people)\b)"
)
_ANCHORS = (lazy("utbreak of "), lazy("nset of "))
_LAWFUL = lazy(
    r"\b(?P<event>[Oo]utbreak of (?:a |the )?(?:civil )?(?:war|fighting|violence|hostilities|conflict)) in "
    r"(?P<place>[A-Z][\w-]*(?: [A-Z][\w-]*){0,2})(?=[.,;])"
)
_SHORT = (
    "United States",
    "United Kingdom",
    "Korea",
    "North Korea",
    "South Korea",
    "Gaza",
    "Crimea",
    "Kosovo",
    "Europe",
)


def build(lexicon: Lexicon) -> Rule:
    """The rule for the lexicon's countries."""
    countries = frozenset(lexicon.capitals) | set(_SHORT) if lexicon.capitals else frozenset()

    def find(document: Document) -> Iterator[Finding]:
        for match in scan.around(_EVENT, document.text, 1, *_ANCHORS):
            if match["place"] in countries:
                yield rule.finding(*match.span(), None)

    def damage(document: Document, random: Random) -> Iterator[Damage]:
        for match in _LAWFUL.finditer(document.text):
            if match["place"] in countries:
                yield Damage(match.start("event"), match.end(), f"{match['event'][:12]}{match['place']}")

    rule = Rule(
        code="SYN109",
        name="place-as-event",
        message="a place stands where only an event can",
        level=Level.REPORT,
        severity=Severity.MAJOR,
        mqm="accuracy/mistranslation",
        confidence=0.9,
        find=find,
        damage=damage,
        bad=(
            Example("They fear a war on the outbreak of Taiwan to be near.", None),
            Example("Since the outbreak of Ukraine, prices have risen.", None),
            Example("He left after the outbreak of Syria.", None),
        ),
        good=(
            "They fear the outbreak of a war in Taiwan.",
            "The outbreak of Marburg in Angola was short.",
            "After the outbreak of Japan's war he left.",
            "The outbreak of Ebola, Sudan, was over by May.",
            "The outbreak of Iran war protests surprised him.",
            "The government of Taiwan is near, and the coast of Ukraine, too.",
        ),
    )
    return rule
