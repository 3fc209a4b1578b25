"""Common English words and the forms they take.

``words.txt`` holds the words that stand in lower case ten times or more in the public-domain and CC0 text that the
shipped model is trained on, with their counts, most frequent first; the noise, the masking and so the model rest on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cleaners.wording import plural

_PATH = Path(__file__).parent / "words.txt"
_IRREGULAR = """
be am is are was were been being|have has had having|do does did done doing|go goes went gone going
take takes took taken taking|give gives gave given giving|make makes made making|come comes came coming
become becomes became becoming|begin begins began begun beginning|bring brings brought bringing
hold holds held holding|keep keeps kept keeping|know knows knew known knowing|lead leads led leading
lose loses lost losing|leave leaves left leaving|meet meets met meeting|pay pays paid paying
rise rises rose risen rising|say says said saying|see sees saw seen seeing|seek seeks sought seeking
send sends sent sending|show shows showed shown showing|speak speaks spoke spoken speaking
spend spends spent spending|stand stands stood standing|tell tells told telling|think thinks thought thinking
understand understands understood understanding|win wins won winning|write writes wrote written writing
build builds built building|fall falls fell fallen falling|feel feels felt feeling|find finds found finding
fight fights fought fighting|grow grows grew grown growing|face faces faced facing|draw draws drew drawn drawing
man men|woman women|child children|person people|country countries
"""


@lru_cache(maxsize=1)
def counts() -> Mapping[str, int]:
    """How often each common word stood in lower case in the training text."""
    rows = (line.split() for line in _PATH.read_text(encoding="utf-8").splitlines())
    return {word: int(count) for word, count in rows}


def per_million(word: str) -> float:
    """How often a word stands in lower case among a million words in lower case; 0 for one that is not common."""
    return counts().get(word, 0) * 1e6 / _total()


@lru_cache(maxsize=1)
def _total() -> int:
    return sum(counts().values())


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """The common words, in lower case; a sentence may start with one, so that its capital makes no name of it."""
    return frozenset(counts())


@lru_cache(maxsize=1)
def verb_forms() -> Mapping[str, tuple[str, ...]]:
    """Each form of a verb → the other forms of it that are common; regular ones are recognised by their endings."""
    known = counts()
    families = [line.split() for row in _IRREGULAR.strip().splitlines() for line in row.split("|")]
    irregular = {word for family in families for word in family}
    for base in known:
        if base in irregular or len(base) < 3:
            continue
        found = [form for form in _regular_verb(base) if form in known]
        # All of -s, -ed and -ing: a noun has the first alone.
        if len(found) >= 3:
            families.append([base, *found])
    return _others(families)


@lru_cache(maxsize=1)
def number_forms() -> Mapping[str, tuple[str, ...]]:
    """Each noun, singular or plural → its other form, both common; verbs in -s are among them."""
    known = counts()
    return _others([[base, many] for base in known if len(base) > 2 and (many := plural(base)) in known])


@lru_cache(maxsize=1)
def derived_forms() -> Mapping[str, tuple[str, ...]]:
    """Each verb → its common noun in -ion, -ment or -ance, and back: ``cooperate``, ``cooperation``."""
    known = counts()
    families = []
    for base in known:
        stem = base.removesuffix("e")
        nouns = (stem + "ion", stem + "ation", base + "ment", stem + "ance", stem + "ence", base + "ion")
        found = [noun for noun in nouns if noun in known and noun != base]
        if found and len(base) > 4 and f"{base}s" in known:
            families.append([base, found[0]])
    return _others(families)


def _regular_verb(base: str) -> tuple[str, ...]:
    if base.endswith("e"):
        return base + "s", base + "d", base[:-1] + "ing"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ies", base[:-1] + "ied", base + "ing"
    doubled = base + base[-1]
    if base.endswith(("s", "x", "ch", "sh")):
        return base + "es", base + "ed", base + "ing"
    return base + "s", base + "ed", doubled + "ed", base + "ing", doubled + "ing"


def _others(families: list[list[str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for family in families:
        for word in family:
            found.setdefault(word, set()).update(other for other in family if other != word)
    return {word: tuple(sorted(others)) for word, others in found.items()}
