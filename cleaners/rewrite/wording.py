"""Which words a rewrite may put in or leave out: grammar, not content.

A small model is trusted with endings, articles, prepositions, conjunctions and the order of words. What it does to
the words that carry the content is compared here: a form of a word is the same word, and a word that stands elsewhere
in the segment was not lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from cleaners.rewrite import vocabulary
from cleaners.spacing import words

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_MODALS = words(
    """
    will would can could may might must shall should ought
    """
)
# Words that a rewrite may add, drop and exchange. Negations, modals, pronouns, numerals, and what orders or links
# events ("before", "because", "or", "from") are not among them: each changes what a sentence says.
_GRAMMAR = words(
    """
    a an the of in on at to for with into onto upon as by that which who whom whose this these those and but
    is are was were be been being am do does did doing there such also both more most
    """
)
# Forms of one pronoun; "its" and "their" differ in number alone.
_PRONOUNS = tuple(
    words(family)
    for family in (
        "he him his himself",
        "she her hers herself",
        "they them their theirs themselves its",
        "it its itself their",
        "we us our ours ourselves",
        "i me my mine myself",
    )
)
# What is left of two forms of a word behind the letters that they share is of one of these families.
_ENDINGS = (
    words("s es ed ing ion ions ation ations ment ments ly en") | {""},
    words("e es ed ing ion ions ation ations"),
    words("y ies ied ying ily"),
)
_STEM = 4  # letters that two forms of a word share at least


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of content that came and went between two wordings, in lower case; forms of one word count as one."""

    came: tuple[str, ...]
    went: tuple[str, ...]

    @property
    def is_grammar(self) -> bool:
        """Whether no word of content came or went."""
        return not self.came and not self.went


def difference(before: str, after: str) -> Difference:
    """Compare two wordings of a whole segment.

    A word that went is not counted where it, or a form of it, still stands as often as it is needed: a doubling that
    is undone loses nothing.
    """
    old, new = words_of(before), words_of(after)
    gone, come = list((old - new).elements()), list((new - old).elements())
    for word in list(come):
        twin = next((other for other in gone if is_form(word, other)), None)
        if twin is not None:
            gone.remove(twin)
            come.remove(word)
    left = [word for word in gone if word not in new]
    return Difference(_content(come), _content(left))


def is_form(word: str, other: str) -> bool:
    """Whether two words are forms of one: inflected, or the noun of the verb."""
    if word == other:
        return True
    if any(word in family and other in family for family in _PRONOUNS):
        return True
    tables = (vocabulary.verb_forms(), vocabulary.number_forms(), vocabulary.derived_forms())
    if any(other in table.get(word, ()) for table in tables):
        return True
    shared = 0
    for one, two in zip(word, other, strict=False):
        if one != two:
            break
        shared += 1
    if shared < _STEM or not is_word(word) or not is_word(other):
        return False
    tails = ({word[cut:], other[cut:]} for cut in (shared, shared - 1))
    return any(pair <= family for pair in tails for family in _ENDINGS)


def is_word(word: str) -> bool:
    """Whether a lower-case word is a common English one, so that no model has made it up."""
    return word in vocabulary.counts()


def has_verb(text: str) -> bool:
    """Whether one of the words of a text may be a verb."""
    return any(word in vocabulary.verb_forms() for word in words_of(text))


def modality(text: str) -> Counter[str]:
    """How often each modal verb stands in a text."""
    return Counter(word for word in _WORD.findall(text.lower()) if word in _MODALS)


def brings_words(before: str, after: str) -> bool:
    """Whether a word stands in ``after`` oftener than before."""
    return bool(words_of(after) - words_of(before))


def recased(before: str, after: str) -> int:
    """How many words changed their case and nothing else; a sentence's first letter counts like any other."""
    old, new = (Counter(_WORD.findall(text)) for text in (before, after))
    went = Counter(word.lower() for word in (old - new).elements())
    came = Counter(word.lower() for word in (new - old).elements())
    return (went & came).total()


def content(text: str) -> tuple[str, ...]:
    """The words of content of a text, in lower case."""
    return _content(words_of(text).elements())


def words_of(text: str) -> Counter[str]:
    """How often each word stands in a text, in lower case."""
    return Counter(_WORD.findall(text.lower().replace("’", "'")))


def _content(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(word for word in words if word not in _GRAMMAR))
