"""Which name may be meant by a garble: candidates from gazetteer, glossary and source, ranked by evidence.

Sound comes first (see :mod:`cleaners.names.sound`); what speaks for a candidate besides is that people live there, that
the text speaks of its country, that it stands elsewhere in the text, that a capital is asked for, and above all that
the source has its characters. The weights were set on names that systems garbled in public test sets.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from cleaners.names import gazetteer, readings, sound
from cleaners.names.demonyms import DEMONYMS

_CLOSE_LOOK = 150  # spellings that are compared sound by sound
_LEAST = 0.55  # likeness below which nobody would think of the name
_PROPER, _PEOPLE, _COUNTRY, _IN_TEXT, _IN_SOURCE, _READING = 0.06, 0.03, 0.10, 0.20, 0.35, 0.12
_CAPITALISED = re.compile(r"(?<![\w’'-])[A-ZÀ-ÖØ-Þ][\wÀ-ÿ’'-]*[\wÀ-ÿ](?:\.[A-Z]\.)?")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that may be meant; ``likeness`` of sound is 0..1, ``score`` adds the evidence, told in ``evidence``."""

    name: str
    kind: str
    likeness: float
    score: float
    country: str | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Context:
    """What a text says that bears on its names."""

    countries: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    source: str | None = None
    source_lang: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)  # name → kind, of the glossary

    def of_source(self, source: str | None, lang: str | None) -> Context:
        """The same with a source text."""
        return replace(self, source=source, source_lang=lang)


def context(text: str, names: Mapping[str, str] | None = None) -> Context:
    """The countries a text speaks of and the capitalised words it holds."""
    words = frozenset(_CAPITALISED.findall(text))
    found = {code for phrase, code in _country_names().items() if phrase in text and _stands(phrase, text)}
    return Context(frozenset(found), words, names=names or {})


def candidates(garble: str, around: Context, limit: int = 5) -> list[Candidate]:
    """The names that ``garble`` may stand for, likeliest first."""
    wanted = re.sub(r"['’]s?$", "", garble)
    best: dict[str, Candidate] = {}
    for found in (*_places(wanted, around), *_glossary(wanted, around), *_of_source(wanted, around)):
        key = sound.plain(found.name)
        if key and key != sound.plain(wanted) and (key not in best or found.score > best[key].score):
            best[key] = found
    return sorted(best.values(), key=lambda c: (-c.score, c.name))[:limit]


def _places(wanted: str, around: Context) -> Iterable[Candidate]:
    from rapidfuzz import fuzz, process

    by_spelling: dict[str, list[tuple[bool, gazetteer.Place]]] = {}
    for spelling, proper, place in gazetteer.shipped().sounding_like(wanted):
        by_spelling.setdefault(spelling, []).append((proper, place))
    plain = sound.plain(wanted)
    for spelling, _, _ in process.extract(plain, list(by_spelling), scorer=fuzz.ratio, limit=_CLOSE_LOOK):
        likeness = sound.likeness(plain, spelling)
        if likeness >= _LEAST:
            for proper, place in by_spelling[spelling]:
                yield _weighed(place, likeness, proper, around)


def _weighed(place: gazetteer.Place, likeness: float, proper: bool, around: Context) -> Candidate:
    score = likeness + _PEOPLE * math.log10(place.population + 10) + (_PROPER if proper else 0.0)
    evidence = [f"sounds like it ({likeness:.2f})"]
    if place.country in around.countries:
        score += _COUNTRY
        evidence.append(f"the text speaks of its country ({place.country})")
    if place.name in around.words:
        score += _IN_TEXT
        evidence.append("stands elsewhere in the text")
    return Candidate(place.name, "place", likeness, score, place.country, tuple(evidence))


def _glossary(wanted: str, around: Context) -> Iterable[Candidate]:
    plain = sound.plain(wanted)
    for name, kind in around.names.items():
        for part in (name, *name.split()[-1:]):
            likeness = sound.likeness(plain, sound.plain(part)) if abs(len(part) - len(wanted)) < 5 else 0.0
            if likeness >= _LEAST + 0.15:
                score = likeness + 0.15 + (_IN_TEXT if part in around.words else 0.0)
                yield Candidate(part, kind, likeness, score, None, ("in the glossary",))


def _of_source(wanted: str, around: Context) -> Iterable[Candidate]:
    if not around.source or around.source_lang not in ("ja", "zh"):
        return
    for reading in readings.nearest(wanted, around.source, around.source_lang)[:12]:
        for place in gazetteer.shipped().in_characters(reading.characters)[:2]:
            told = _weighed(place, reading.likeness, True, around)
            evidence = (*told.evidence, f"the source has {reading.characters}")
            yield replace(told, score=told.score + _IN_SOURCE, evidence=evidence)
        spelled = reading.spelling.capitalize()
        evidence = (f"the source's {reading.characters} reads {spelled}",)
        yield Candidate(spelled, "reading", reading.likeness, reading.likeness + _READING, None, evidence)


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    from babel import Locale

    found = {name: code for code, name in Locale("en").territories.items() if len(code) == 2 and code.isalpha()}
    return found | {word: code for code, words in DEMONYMS.items() for word in words}


def _stands(phrase: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text) is not None


def known_names(entries: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Name → kind, of (term, kind) pairs that are places, persons or organisations."""
    return {term: kind for term, kind in entries if kind in ("place", "person", "organisation")}
