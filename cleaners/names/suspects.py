"""Words that may be garbled names: capitalised, of a name's shape, and known neither as a word nor as a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cleaners.names import gazetteer

# A capitalised word of four letters or more amid a sentence or at its start; a joined one counts whole. The capital
# goes first and what may not stand before it behind: `re` is slow where a pattern begins with a look-behind.
WORD = re.compile(
    r"[A-ZÀ-ÖØ-Þ](?<![\w’'.@/#&-].)[a-zà-öø-ÿ]{3,}(?:(?:['’]|-)[a-z]{2,})?(?=['’]s?\b|[^\w’'-]|['’](?!\w)|\Z)(?!\.\w|@)"
)
_STEM = re.compile(r"(?:s|es|ian|ians|an|ans|ese|er|ers|ist|ists|ism|ish|ite|ites|ic|i|is|ites|ification)\Z")
_TITLE = (
    r"Mrs?\.?|Ms\.?|Dr\.?|Miss|Sir|Lord|Lady|Prof\.?|Professor|Father|Sister|Judge|Captain|Major|Colonel|General|Sergeant"
    r"|Senator|Secretary|President|Minister|Chancellor|Premier|Governor|Mayor|Chairman|Director|Coach|Officer|Inspector"
)
_AFTER_NAME = re.compile(rf"(?:\b(?:{_TITLE})|(?<![.!?:\"“] )\b[A-Z][a-zà-ÿ’'-]+|\b[A-Z]\.) \Z")
_BEFORE_NAME = re.compile(
    r"-?['’]?s? ?-?[A-Z][a-zà-ÿ]|(?:, (?:aged )?\d\d\b)|,? (?:who|whose|said|says|told|added|tweeted)\b"
)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A word that may be a garbled name, at ``text[start:end]``."""

    start: int
    end: int
    word: str


@lru_cache(maxsize=8)
def suspects(text: str) -> tuple[Suspect, ...]:
    """The capitalised words of a text that are neither words of English, nor names of places or people."""
    return tuple(Suspect(*match.span(), match.group()) for match in WORD.finditer(text) if not is_known(match.group()))


@lru_cache(maxsize=65536)
def is_known(word: str) -> bool:
    """Whether English has the word or some place or people is called so, endings apart."""
    known = gazetteer.shipped()
    if known.is_word(word) or known.is_known(word):
        return True
    if "-" in word:  # "Merkel-led" is no name, "Huai-nan" may be one
        return known.is_word(word.split("-")[1]) or known.is_known(word.split("-")[0])
    stem = _STEM.sub("", word)
    return len(stem) > 3 and stem != word and (known.is_word(stem) or known.is_known(stem))


def is_common(name: str) -> bool:
    """Whether a name is a noun besides: the word list has towns, too, but only of nouns the plural."""
    known = gazetteer.shipped()
    return known.is_word(name) and (known.is_word(f"{name}s") or known.is_word(f"{name[:-1]}ies"))


def is_part_of_name(text: str, start: int, end: int) -> bool:
    """Whether a capitalised word, a title or an initial stands before it, or what follows only persons and titles."""
    before = text[max(0, start - 24) : start]
    return _AFTER_NAME.search(before) is not None or _BEFORE_NAME.match(text, end) is not None
