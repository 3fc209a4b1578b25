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
_VOWELS = frozenset("aeiouy")
# Cost of one letter for another: 1 unless the routes confuse them.
_NEAR = {
    **dict.fromkeys(("lr", "bv", "pb", "dt", "gk", "ck", "cq", "sz", "mn", "iy", "cs", "fv", "uw", "vw", "jz"), 0.3),
    **dict.fromkeys(("ln", "nr", "fh", "hk", "gh", "xs", "jq", "cz", "bw", "bf", "pf", "jg", "jy", "xh", "qk"), 0.45),
    **dict.fromkeys(("ae", "ei", "ou", "ao", "eo", "iu", "eu", "ai", "oa", "ui", "io", "au"), 0.4),
}
_COST = {pair: cost for near, cost in _NEAR.items() for pair in (near, near[::-1])}
_LOST = {**dict.fromkeys("aeiouy", 0.45), "h": 0.35, "r": 0.6, "n": 0.7, "g": 0.6, "t": 0.8, "d": 0.8}


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


def distance(one: str, other: str, bound: float = 99.0) -> float:
    """Weighted edit distance of two plain spellings; once it must exceed ``bound``, ``bound`` or more is given."""
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
    size = max(len(one), len(other)) or 1
    return max(0.0, 1.0 - distance(one, other) / size)
