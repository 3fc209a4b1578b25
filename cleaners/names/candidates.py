"""Which name may be meant by a garble: candidates from gazetteer, glossary and source, ranked by evidence.

Sound comes first (see :mod:`cleaners.names.sound`); what speaks for a candidate besides is that it is well known, that
the text speaks of its country, that it stands elsewhere in the text, that
the garble is shaped like its language, and above all that the source has its characters: with the source there,
what the source can be read as goes before all that merely sounds alike. The weights were set on names that systems
garbled in public test sets.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from cleaners.names import gazetteer, readings, shape, sound
from cleaners.names.demonyms import DEMONYMS
from cleaners.names.filling import PROPER, TRANSLITERATED
from cleaners.names.given import GIVEN_NAMES
from cleaners.names.regions import REGIONS, WITH_CHARACTERS

_CLOSE_LOOK = 60  # spellings that are compared sound by sound
_LEAST = 0.55  # likeness below which nobody would think of the name
_ECHOED = 12  # candidates that are held against the source's sounds
_SURELY_ALIKE = 0.8  # below it, that a name stands elsewhere in the text means little
_SOURCE_HAS = "the source has "
_LARGE = 300_000  # inhabitants of a city that speaks for its country
_CAPITALISED = re.compile(r"(?<![\w’'-])[A-ZÀ-ÖØ-Þ][\wÀ-ÿ’'-]*[\wÀ-ÿ](?:\.[A-Z]\.)?")
_RUN_OF_CAPITALS = re.compile(r"[A-Z][\w’'.-]*\w(?: [A-Z][\w’'.-]*\w|\b of [A-Z]\w+)*")
_POSSESSIVE = re.compile(r"['’]s?$")


_PLACE_WORDS = frozenset(("in", "at", "near", "from", "to", "of", "the", "around", "outside", "into"))
_LENGTHS_APART = 5
_ALIKE_GIVEN, _GIVEN = 0.7, 0.1  # least likeness of a given name, and what its place in the text adds


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence adds to the likeness of sound."""

    inhabitants: float = 0.02
    transliterated: float = -0.03
    other_name: float = -0.15
    country: float = 0.05
    foreign: float = -0.09
    in_text: float = 0.03
    shape: float = 0.01
    glossary: float = 0.15
    in_source: float = 0.35
    heard_in_source: float = 0.25
    reading: float = 0.30
    used: float = -0.37
    transcribed: float = -0.15
    echo: float = 0.32


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that may be meant; ``likeness`` of sound is 0..1, ``score`` adds the evidence, told in ``evidence``."""

    name: str
    kind: str
    likeness: float
    score: float
    country: str | None = None
    evidence: tuple[str, ...] = ()
    population: int = 0
    proper: bool = True

    @property
    def in_source(self) -> bool:
        """Whether the source text has its characters."""
        return any(told.startswith(_SOURCE_HAS) for told in self.evidence)

    @property
    def is_in_kana(self) -> bool:
        """Whether the source has it in katakana."""
        return any(told.startswith(_SOURCE_HAS) and "ァ" <= told[-1] <= "ー" for told in self.evidence)


@dataclass(frozen=True)
class Context:
    """What a text says that bears on its names."""

    countries: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    source: str | None = None
    source_lang: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)  # name → kind, of the glossary
    text: str = ""

    def of_source(self, source: str | None, lang: str | None) -> Context:
        """The same with a source text."""
        return replace(self, source=source, source_lang=lang)


def context(text: str, names: Mapping[str, str] | None = None) -> Context:
    """The countries a text speaks of and the capitalised words it holds."""
    words = frozenset(_CAPITALISED.findall(text))
    found = set(countries(text))
    found |= gazetteer.shipped().countries_of({_POSSESSIVE.sub("", word) for word in words}, _LARGE)
    return Context(frozenset(found), words, names=names or {}, text=text)


def candidates(garble: str, around: Context, limit: int = 5, weights: Weights = WEIGHTS) -> list[Candidate]:
    """The names that ``garble`` may stand for, likeliest first."""
    wanted = _POSSESSIVE.sub("", garble)
    sounding = _best(
        (*_in_gazetteer(wanted, around, weights), *_glossary(wanted, around, weights), *_given(wanted, around)), wanted
    )
    if around.source:
        echoed = _echoed(sounding, wanted, around, weights)
        sounding = _best((*echoed, *_of_source(wanted, around, weights)), wanted)
    return sounding[:limit]


def _best(found: Iterable[Candidate], wanted: str) -> list[Candidate]:
    """Each name once, at its best, the likeliest first; the garble itself is none of them."""
    best: dict[str, Candidate] = {}
    for candidate in found:
        key = sound.plain(candidate.name)
        if not key or candidate.name.casefold() == wanted.casefold():
            continue
        if key not in best or candidate.score > best[key].score:
            best[key] = candidate
    return sorted(best.values(), key=lambda c: (-c.score, c.name))


def _in_gazetteer(wanted: str, around: Context, weights: Weights) -> Iterator[Candidate]:
    plain = sound.plain(wanted)
    likenesses = {spelling: likeness for spelling, likeness in _alike(plain) if likeness >= _LEAST}
    if not likenesses:
        return
    for spelling, quality, place in gazetteer.shipped().spelled(list(likenesses)):
        yield _weighed(place, plain, spelling, likenesses[spelling], quality, around, weights)


@lru_cache(maxsize=4096)
def _alike(plain: str) -> tuple[tuple[str, float], ...]:
    """The spellings of the index that look or sound most like ``plain``, each with its likeness."""
    from rapidfuzz import fuzz, process

    spellings = gazetteer.shipped().sounding_like(plain)
    near = {found for found, _, _ in process.extract(plain, spellings, scorer=fuzz.ratio, limit=_CLOSE_LOOK)}
    folded = [sound.folded(spelling) for spelling in spellings]
    near |= {
        spellings[index]
        for _, _, index in process.extract(sound.folded(plain), folded, scorer=fuzz.ratio, limit=_CLOSE_LOOK)
    }
    return tuple((spelling, sound.likeness(plain, spelling)) for spelling in near)


def _weighed(
    place: gazetteer.Place, plain: str, spelling: str, likeness: float, quality: int,
    around: Context, weights: Weights,
) -> Candidate:  # fmt: skip
    score = likeness
    evidence = [f"sounds like it ({likeness:.2f})"]
    score += weights.inhabitants * math.log10(place.population + 10)
    if quality != PROPER:
        score += weights.transliterated if quality == TRANSLITERATED else weights.other_name
    if place.country and place.country in around.countries:
        score += weights.country
        evidence.append(f"the text speaks of its country ({place.country})")
    elif around.countries and place.country:
        score += weights.foreign
    if likeness > _SURELY_ALIKE and place.name in around.words:
        score += weights.in_text
        evidence.append("stands elsewhere in the text")
    shaped = _shape(plain)
    if shaped and place.country:
        score += weights.shape if shaped == place.country else -weights.shape
    elif place.country == "CN":
        score -= weights.shape
    proper = quality == PROPER
    told = tuple(evidence)
    return Candidate(place.name, place.kind, likeness, score, place.country or None, told, place.population, proper)


@lru_cache(maxsize=1024)
def _shape(plain: str) -> str | None:
    """The country whose names are spelled so."""
    if shape.is_pinyin(plain):
        return "CN"
    return "JP" if shape.is_romaji(plain) else None


def _glossary(wanted: str, around: Context, weights: Weights) -> Iterator[Candidate]:
    plain = sound.plain(wanted)
    for name, kind in around.names.items():
        for part in dict.fromkeys((name, *name.split()[-1:])):
            likeness = sound.likeness(plain, sound.plain(part)) if abs(len(part) - len(wanted)) < 5 else 0.0
            if likeness >= _LEAST + 0.15:
                score = likeness + weights.glossary + (weights.in_text if part in around.words else 0.0)
                yield Candidate(part, kind, likeness, score, None, ("in the glossary",))


def _of_source(wanted: str, around: Context, weights: Weights) -> Iterator[Candidate]:
    if not around.source or around.source_lang not in ("ja", "zh"):
        return
    plain = sound.plain(wanted)
    nearest = {reading.characters: reading for reading in _readings(wanted, around)}
    for characters, place in gazetteer.shipped().standing_in(around.source):
        reading = nearest.get(characters)
        likeness = max(sound.likeness(plain, sound.plain(place.name)), reading.likeness if reading else 0.0)
        if likeness >= _LEAST:
            score = likeness + weights.in_source + weights.heard_in_source * (2 * likeness - 1)
            score += 0.01 * math.log10(place.population + 10) + _used(place.name, characters, around, weights)
            evidence = (f"{_SOURCE_HAS}{characters}",)
            yield Candidate(place.name, place.kind, likeness, score, place.country, evidence, place.population)
    for reading in nearest.values():
        spelled = reading.spelling.capitalize()
        extra = weights.transcribed if reading.is_transcription else weights.reading
        extra += _used(spelled, reading.characters, around, weights)
        evidence = (f"the source's {reading.characters} reads {spelled}",)
        yield Candidate(spelled, "reading", reading.likeness, reading.likeness + extra, None, evidence)


def _used(name: str, characters: str, around: Context, weights: Weights) -> float:
    """Characters that stand in the text as often as in the source, rightly spelled, are not those of the garble."""
    shown = around.text.count(name) if name in around.words else 0
    return weights.used if shown and shown >= (around.source or "").count(characters) else 0.0


def _readings(wanted: str, around: Context) -> tuple[readings.Reading, ...]:
    return readings.nearest(wanted, around.source or "", around.source_lang or "")[:12]


def _echoed(ranked: list[Candidate], wanted: str, around: Context, weights: Weights) -> list[Candidate]:
    """Candidates of the index again, with what the source says: the right one sounds like what was garbled."""
    if around.source_lang not in ("ja", "zh"):
        return ranked
    heard = [reading for reading in _readings(wanted, around) if reading.is_transcription][:3]
    if not heard:
        return ranked
    again = []
    for candidate in ranked[:_ECHOED]:
        plain = sound.plain(candidate.name)
        likeness, reading = max(((sound.likeness(plain, r.spelling), r) for r in heard), key=lambda pair: pair[0])
        told = (*candidate.evidence, f"the source's {reading.characters} reads {reading.spelling.capitalize()}")
        score = candidate.score + weights.echo * (2 * likeness - 1)
        again.append(replace(candidate, score=score, evidence=told if likeness > _SURELY_ALIKE else candidate.evidence))
    return again + ranked[_ECHOED:]


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    from babel import Locale

    found = {name: code for name, code, _ in WITH_CHARACTERS}
    found |= {name: code for code, names in REGIONS.items() for name in names}
    found |= {name: code for code, name in Locale("en").territories.items() if len(code) == 2 and code.isalpha()}
    return found | {word: code for code, words in DEMONYMS.items() for word in words}


def countries(text: str) -> frozenset[str]:
    """The ISO 3166-1 codes of the countries that a text names, by themselves, a region or a demonym."""
    names = _country_names()
    found = set()
    for run in _RUN_OF_CAPITALS.findall(text):
        words = run.split(" ")
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + 3) + 1):
                phrase = _POSSESSIVE.sub("", " ".join(words[start:end]))
                if phrase in names:
                    found.add(names[phrase])
    return frozenset(found)


def _given(wanted: str, around: Context) -> Iterable[Candidate]:
    """Given names, where the garble stands before a surname and behind no word that asks for a place."""
    found = re.search(rf"(?:(?P<before>[\w’'-]+) )?\b{re.escape(wanted)} [A-ZÀ-ÖØ-Þ][\w’'-]+", around.text)
    if not found or (found["before"] or "").lower() in _PLACE_WORDS:
        return
    plain = sound.plain(wanted)
    for name in GIVEN_NAMES:
        if abs(len(name) - len(plain)) < _LENGTHS_APART:
            likeness = sound.likeness(plain, sound.plain(name))
            if likeness >= _ALIKE_GIVEN:
                yield Candidate(name, "given", likeness, likeness + _GIVEN, None, ("a common given name",))


def known_names(entries: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Name → kind, of (term, kind) pairs that are places, persons or organisations."""
    return {term: kind for term, kind in entries if kind in ("place", "person", "organisation")}
