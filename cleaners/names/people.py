"""Given names and surnames of many countries, from the lists of the package Faker (MIT) where it is installed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

_LATIN_END = 0x250  # letters below this code point are Latin
_GIVEN = ("first_names", "first_names_male", "first_names_female", "first_romanized_names")
_FAMILY = ("last_names", "last_romanized_names")


@lru_cache(maxsize=1)
def names() -> tuple[frozenset[str], frozenset[str]]:
    """All given names and all surnames in Latin letters; empty sets without Faker."""
    given: set[str] = set()
    family: set[str] = set()
    found = find_spec("faker")
    if found is None or found.origin is None:
        return frozenset(), frozenset()
    for folder in sorted((Path(found.origin).parent / "providers" / "person").iterdir()):
        if (folder / "__init__.py").is_file():
            provider = import_module(f"faker.providers.person.{folder.name}").Provider
            given.update(*(_names(getattr(provider, kind, ())) for kind in _GIVEN))
            family.update(*(_names(getattr(provider, kind, ())) for kind in _FAMILY))
    return frozenset(given), frozenset(family)


def _names(listed: object) -> Iterable[str]:
    """The single words of a list of names, or of a table of names with their shares."""
    if not isinstance(listed, (list, tuple, dict, set)):
        return ()
    return [name for name in listed if isinstance(name, str) and _is_name(name)]


def _is_name(name: str) -> bool:
    return len(name) > 2 and name[0].isupper() and name.isalpha() and all(ord(letter) < _LATIN_END for letter in name)
