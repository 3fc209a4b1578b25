"""How a foreign name sounds after its way through Japanese or Chinese: plain spelling, skeleton, distance.

A name loses on the way what the language in between cannot say. By way of katakana l and r fall together, b and v,
s and th; clusters are broken up by u and o, final vowels come in, long vowels go. By way of characters and pinyin l, r
and n change places, f, h and k too, voiced and voiceless stops, x with s and sh, zh with j; codas are dropped and r
becomes -er. What survives nearly always is the order of the consonant classes: the *skeleton* by which candidates are
looked up. How near two spellings are is then an edit distance in which such changes cost little.

Sources: the tables of the Japanese syllabary and of gairaigo spelling (Cabinet Notice 2 of 1991), the Xinhua tables
for rendering foreign names in characters, and the initials of Hanyu Pinyin (ISO 7098:2015).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from cleaners.names import shape

# Letters that no decomposition turns into plain ones.
_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_NO_LETTER = re.compile(r"[^a-z]+")
# Consonants that one sound of the language in between stands for, longest spelling first.
_CLASSES = (
    ("tch", "S"), ("sch", "S"), ("sh", "S"), ("zh", "S"), ("ch", "S"), ("ts", "S"), ("tz", "S"), ("dz", "S"),
    ("ph", "P"), ("kh", "K"), ("gh", "K"), ("th", "T"), ("ck", "K"), ("qu", "K"), ("ng", "N"), ("wh", "P"),
    ("ce", "S"), ("ci", "S"), ("cy", "S"), ("x", "S"), ("s", "S"), ("z", "S"), ("j", "S"), ("b", "P"), ("p", "P"),
    ("f", "P"), ("v", "P"), ("w", "P"), ("k", "K"), ("g", "K"), ("q", "S"), ("c", "K"), ("d", "T"), ("t", "T"),
    ("l", "L"), ("r", "L"), ("n", "N"), ("m", "N"),
)  # fmt: skip
_CLASS_OF = dict(_CLASSES)
_CONSONANT = re.compile("|".join(spelling for spelling, _ in _CLASSES))
_GLIDE = re.compile(r"(?:hu|u|ou|oo)(?=[aeio])")  # hua, wa, ua: one sound
_CODA_R = re.compile(r"(?<=[aeiouy])r(?![aeiouyr])")
_SLAVIC_ENDING = re.compile(r"(?:iy|ij|yi|ii|yy|i|y)\Z")
_DIGRAPHS = {"sh": "s", "ch": "s", "zh": "s", "ts": "s", "tz": "s", "th": "t", "ph": "b", "gh": "k", "kh": "k"}
_DIGRAPH = re.compile("|".join(_DIGRAPHS))
_FOLD = str.maketrans("lvfpwdgcqzxjymoe", "rbbbbtkkksssinua", "h")
_RUN = re.compile(r"(.)\1+")
# Ways to romanise one sound: Kunrei and Hepburn with long vowels for Japanese; for Cyrillic and Georgian those of
# English, French, German and scholars, of Ukrainian and Belarusian names by way of Russian (g for h, -enka, -enko).
_KUNREI = tuple((re.compile(p), to) for p, to in (
    ("shi", "si"), ("chi", "ti"), ("tsu", "tu"), ("fu", "hu"), ("ji|di", "zi"), ("sh", "sy"), ("ch", "ty"), ("j", "zy"),
    ("ou|oh(?![aeiouy])|oo", "o"), ("uu", "u"), ("(?<=[aeou])y(?![aeiou])", "i"), ("du", "zu"), ("m(?=[bp])", "n"),
))  # fmt: skip
_CYRILLIC = tuple((re.compile(p), to) for p, to in (
    ("shch|schtsch|sch", "sh"), ("tsch|tch", "ch"), ("(?<=[aeiou])ch(?=v)|(?<=i)ch(?=vili)", "sh"), ("dj", "zh"),
    ("kh", "h"), ("g", "h"), ("zh|j(?=[aeiou])", "zh"), ("ou", "u"), ("w", "v"), ("ff|v$", "v"), ("[yj]", "i"),
    ("i+", "i"), ("ie|io", "e"), ("enka$", "enko"), ("ss", "s"), ("nn", "n"), ("ll", "l"), ("mm", "m"),
))  # fmt: skip
_VOWELS = frozenset("aeiouy")
# Two letters that are one sound, in one sign each: š sh, č ch, ž zh, ŋ ng before a consonant or at the end.
_ONE_SOUND = (
    ("tch", "č"), ("sch", "š"), ("sh", "š"), ("zh", "ž"), ("ch", "č"), ("ts", "c"), ("tz", "c"), ("th", "þ"),
    ("ph", "f"), ("ck", "k"), ("gh", "g"), ("kh", "h"), ("qu", "kw"), ("x", "x"),
)  # fmt: skip
_SIGNS = dict(_ONE_SOUND)
_DOUBLE = re.compile("|".join(spelling for spelling, _ in _ONE_SOUND) + "|ng(?![aeiouy])")
# Cost of one sound for another: 1 unless the routes confuse them.
_NEAR = {
    **dict.fromkeys(("lr", "bv", "pb", "dt", "gk", "ck", "sz", "mn", "iy", "cs", "fv", "uw", "vw", "jz", "nŋ"), 0.3),
    **dict.fromkeys(("čž", "žj", "čj", "šs", "šx", "sx", "šj", "čš", "čq", "jq", "þs", "þt", "cč", "žz", "hg"), 0.3),
    **dict.fromkeys(("ln", "nr", "fh", "hk", "xč", "cz", "bw", "bf", "pf", "jg", "jy", "xh", "qk", "kč", "xj"), 0.45),
    **dict.fromkeys(("šž", "zj", "qč", "þz", "þd", "sč", "xq", "gč", "žc", "hj", "hx"), 0.45),
    **dict.fromkeys(("ae", "ei", "ou", "ao", "eo", "iu", "eu", "ai", "oa", "ui", "io", "au"), 0.4),
}
_COST = {pair: cost for near, cost in _NEAR.items() for pair in (near, near[::-1])}
_LOST = {**dict.fromkeys("aeiouy", 0.45), "h": 0.35, "r": 0.6, "n": 0.7, "ŋ": 0.8, "g": 0.6, "t": 0.8, "d": 0.8}


@lru_cache(maxsize=65536)
def plain(name: str) -> str:
    """A name in the letters a to z alone: ``Nürnberg`` → ``nurnberg``, ``Huai-nan`` → ``huainan``."""
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    return _NO_LETTER.sub("", folded)


@lru_cache(maxsize=65536)
def skeleton(spelling: str) -> str:
    """The consonant classes of a plain spelling in order, doubled ones once: ``vilnius`` → ``PLNS``."""
    glided = _GLIDE.sub("w", spelling[:1]) + _GLIDE.sub("w", spelling)[1:] if spelling else ""
    classes: list[str] = []
    for match in _CONSONANT.finditer(glided):
        sound = _CLASS_OF[match.group()]
        if not classes or classes[-1] != sound:
            classes.append(sound)
    head = "" if not spelling or spelling[0] not in _VOWELS else "."
    return head + "".join(classes)


def skeletons(spelling: str) -> set[str]:
    """The skeletons that a garbled plain spelling may have come from.

    An r after a vowel may only have lengthened it, and a first h may have been the g or k of another language.
    """
    variants = {spelling, _CODA_R.sub("", spelling)}
    if spelling.startswith("h"):
        variants |= {"k" + variant[1:] for variant in variants}
    return {found for variant in variants if (found := skeleton(variant))}


def is_other_romanisation(one: str, other: str) -> bool:
    """Whether two plain spellings are lawful ways to write one name: Zelenskyy, Zelensky; Kishida, Kisida."""
    if _SLAVIC_ENDING.sub("y", one) == _SLAVIC_ENDING.sub("y", other):
        return True
    if shape.is_romaji(other):
        return _rewritten(one, _KUNREI) == _rewritten(other, _KUNREI)
    return _rewritten(one, _CYRILLIC) == _rewritten(other, _CYRILLIC)


def _rewritten(spelling: str, rows: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    """A plain spelling in which the ways of writing one sound are the same letters."""
    for pattern, letters in rows:
        spelling = pattern.sub(letters, spelling)
    return spelling


@lru_cache(maxsize=262144)
def folded(spelling: str) -> str:
    """A plain spelling in which what the routes confuse is the same letter: to compare fast before comparing well."""
    return _RUN.sub(r"\1", _DIGRAPH.sub(lambda match: _DIGRAPHS[match.group()], spelling).translate(_FOLD))


def distance(one: str, other: str, bound: float = 99.0) -> float:
    """Weighted edit distance of two strings of sounds; once it must exceed ``bound``, ``bound`` or more is given."""
    if one == other:
        return 0.0
    row = [0.0]
    for letter in other:
        row.append(row[-1] + _LOST.get(letter, 1.0))
    before = ""
    for letter in one:
        lost = _LOST.get(letter, 1.0) * (0.4 if letter == before else 1.0)
        left = row[0] + lost
        new = [left]
        best = left
        for index, its in enumerate(other):
            up = row[index + 1] + lost
            across = left + _LOST.get(its, 1.0) * (0.4 if index and other[index - 1] == its else 1.0)
            both = row[index] + (0.0 if its == letter else _COST.get(letter + its, 1.0))
            left = min(up, across, both)
            new.append(left)
            best = min(best, left)
        if best >= bound:
            return best
        row, before = new, letter
    return row[-1]


def likeness(one: str, other: str) -> float:
    """1 for equal plain spellings, towards 0 the farther their sounds lie apart."""
    one, other = _sounds(one), _sounds(other)
    size = max(len(one), len(other)) or 1
    return max(0.0, 1.0 - distance(one, other) / size)


@lru_cache(maxsize=65536)
def _sounds(spelling: str) -> str:
    """A plain spelling with one sign for each sound."""
    return _DOUBLE.sub(lambda match: _SIGNS.get(match.group(), "ŋ"), spelling)
