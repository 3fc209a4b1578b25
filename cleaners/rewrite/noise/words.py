"""Noise within words and between neighbours: what a language without articles, number and tense leaves behind.

Each function takes the tokens of a segment, punctuation and blanks apart, and changes them in place; it gives whether
it found anything to change. The random numbers choose the place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from random import Random

from cleaners.rewrite import vocabulary

Tokens = list[str]
Mechanism = Callable[[Tokens, Random], bool]

_ARTICLES = ("the", "a", "an")
_PREPOSITIONS = ("of", "in", "on", "at", "to", "for", "by", "with", "from", "into", "about", "between", "among",
                 "through", "under", "over", "against", "during", "towards", "within")  # fmt: skip
_CONFUSED = {
    "of": ("for", "in", "to", "from"), "in": ("on", "at", "of", "to"), "on": ("in", "at", "to", "of", "about"),
    "at": ("in", "on", "to"), "to": ("for", "of", "with", "in"), "for": ("to", "of"), "by": ("with", "from", "of"),
    "with": ("to", "of", "by", "and"), "from": ("of", "by", "to"), "into": ("in", "to"), "between": ("of", "among"),
    "among": ("between", "in"), "during": ("in", "on"), "about": ("of", "on", "for"), "against": ("to", "of", "on"),
}  # fmt: skip
_BE = ("is", "are", "was", "were")
_AGREEMENT = {"is": "are", "are": "is", "was": "were", "were": "was", "has": "have", "have": "has", "does": "do",
              "do": "does", "this": "these", "these": "this", "that": "those", "those": "that",
              "much": "many", "many": "much", "its": "their", "their": "its"}  # fmt: skip
_TENSE = {"is": "was", "was": "is", "are": "were", "were": "are", "will": "would", "would": "will", "has": "had",
          "have": "had", "had": "has", "can": "could", "could": "can"}  # fmt: skip
_CASE = {"they": ("them", "themselves"), "them": ("they", "themselves"), "he": ("him", "himself"),
         "him": ("he", "himself"), "she": ("her",), "we": ("us", "ourselves"), "us": ("we", "ourselves"),
         "it": ("itself", "its"), "their": ("they", "them"), "our": ("us",), "his": ("he", "him")}  # fmt: skip
_MODALS = ("will", "would", "can", "could", "should", "must", "may", "might", "to")
_AUXILIARIES = ("is", "was", "are", "were", "has", "have", "had", "will", "will be", "has been", "did", "would", "be")
_CONJUNCTIONS = ("and", "or", "but", "that", "which", "who", "as", "than")


def places(tokens: Sequence[str], fits: Callable[[str], bool]) -> list[int]:
    """Indexes of the tokens that fit."""
    return [i for i, token in enumerate(tokens) if fits(token)]


def leave_out(tokens: Tokens, random: Random, words: Collection[str]) -> bool:
    """One of these words goes."""
    found = places(tokens, words.__contains__)
    if not found:
        return False
    del tokens[random.choice(found)]
    return True


def _replace(tokens: Tokens, random: Random, table: Mapping[str, str] | Mapping[str, tuple[str, ...]]) -> bool:
    found = places(tokens, table.__contains__)
    if not found:
        return False
    at = random.choice(found)
    choices = table[tokens[at]]
    tokens[at] = choices if isinstance(choices, str) else random.choice(choices)
    return True


def lost_article(tokens: Tokens, random: Random) -> bool:
    """Neither Japanese nor Chinese has articles."""
    return leave_out(tokens, random, _ARTICLES)


def wrong_article(tokens: Tokens, random: Random) -> bool:
    """An article of the wrong kind, or the wrong form of "a"."""
    found = places(tokens, _ARTICLES.__contains__)
    if not found:
        return False
    at = random.choice(found)
    tokens[at] = random.choice([word for word in _ARTICLES if word != tokens[at]])
    return True


def added_article(tokens: Tokens, random: Random) -> bool:
    """An article before a word that takes none, or a second one before a possessive."""
    found = places(tokens, lambda t: t.isalpha() and t not in _ARTICLES and t.islower())
    if not found:
        return False
    tokens.insert(random.choice(found), random.choice(_ARTICLES))
    return True


def wrong_preposition(tokens: Tokens, random: Random) -> bool:
    """One particle of the source stands for several prepositions."""
    return _replace(tokens, random, _CONFUSED)


def lost_preposition(tokens: Tokens, random: Random) -> bool:
    """A particle that was not translated."""
    return leave_out(tokens, random, _PREPOSITIONS)


def added_preposition(tokens: Tokens, random: Random) -> bool:
    """A particle that was translated though the English verb takes an object; often beside another one."""
    found = places(tokens, lambda t: t in _PREPOSITIONS or t in _ARTICLES)
    if not found:
        return False
    tokens.insert(random.choice(found) + random.randrange(2), random.choice(_PREPOSITIONS[:10]))
    return True


def wrong_agreement(tokens: Tokens, random: Random) -> bool:
    """The source marks neither number nor person."""
    return _replace(tokens, random, _AGREEMENT)


def wrong_tense(tokens: Tokens, random: Random) -> bool:
    """The source marks tense by an adverb, or not at all."""
    return _replace(tokens, random, _TENSE)


def wrong_number(tokens: Tokens, random: Random) -> bool:
    """Singular for plural, or the reverse; also a verb's -s."""
    return _replace(tokens, random, vocabulary.number_forms())


def wrong_verb_form(tokens: Tokens, random: Random) -> bool:
    """Another form of the verb, often behind a modal or "to", where only one is right."""
    forms = vocabulary.verb_forms()
    found = places(tokens, forms.__contains__)
    behind = [i for i in found if i and tokens[i - 1] in (*_MODALS, *_BE, "been", "be", "has", "have", "had")]
    pool = behind if behind and random.random() < 0.5 else found
    if not pool:
        return False
    at = random.choice(pool)
    tokens[at] = random.choice(forms[tokens[at]])
    return True


def wrong_word_class(tokens: Tokens, random: Random) -> bool:
    """The noun for the verb or the verb for the noun: the source writes both alike."""
    forms = vocabulary.derived_forms()
    found = places(tokens, lambda t: t in forms or t.lower() in forms)
    if not found:
        return False
    at = random.choice(found)
    other = random.choice(forms[tokens[at].lower()])
    tokens[at] = other.capitalize() if tokens[at][0].isupper() else other
    return True


def doubled_verb(tokens: Tokens, random: Random) -> bool:
    """An auxiliary beside a verb that needs none: each verb of the source was translated where it stands."""
    forms = vocabulary.verb_forms()
    found = places(tokens, lambda t: t in forms or t in _MODALS)
    if not found:
        return False
    tokens.insert(random.choice(found) + random.randrange(2), random.choice(_AUXILIARIES))
    return True


def lost_verb(tokens: Tokens, random: Random) -> bool:
    """A form of "be" that the source leaves unsaid."""
    return leave_out(tokens, random, (*_BE, "be", "been"))


def wrong_pronoun(tokens: Tokens, random: Random) -> bool:
    """The wrong case of a pronoun, or a reflexive one as a subject (自己)."""
    return _replace(tokens, random, _CASE)


def lost_conjunction(tokens: Tokens, random: Random) -> bool:
    """Clauses that the source strings together without a word."""
    return leave_out(tokens, random, _CONJUNCTIONS)


def added_conjunction(tokens: Tokens, random: Random) -> bool:
    """Both halves of 虽然…但是 or 因为…所以, or "that" before a noun."""
    commas = [i for i, token in enumerate(tokens[:-1]) if token == "," and tokens[i + 1].islower()]
    if commas and random.random() < 0.7:
        tokens.insert(random.choice(commas) + 1, random.choice(("but", "so", "and")))
        return True
    found = places(tokens, lambda t: t.isalpha() and t.islower())
    if not found:
        return False
    tokens.insert(random.choice(found), random.choice(("and", "that", "which", "of", "and also")))
    return True


def doubled_comparison(tokens: Tokens, random: Random) -> bool:
    """更 and 最 rendered beside a comparative that already says so."""
    found = places(tokens, lambda t: len(t) > 4 and t.islower() and t.endswith(("er", "est")) and t[:-2] in _known())
    if not found:
        return False
    at = random.choice(found)
    tokens.insert(at, "most" if tokens[at].endswith("est") else "more")
    return True


def _known() -> frozenset[str]:
    return vocabulary.common_words()


MECHANISMS: dict[Mechanism, int] = {
    lost_article: 6,
    wrong_article: 4,
    added_article: 5,
    wrong_preposition: 6,
    lost_preposition: 5,
    added_preposition: 5,
    wrong_agreement: 6,
    wrong_tense: 3,
    wrong_number: 6,
    wrong_verb_form: 9,
    wrong_word_class: 4,
    doubled_verb: 6,
    lost_verb: 4,
    wrong_pronoun: 4,
    lost_conjunction: 3,
    added_conjunction: 4,
    doubled_comparison: 2,
}
"""Each mechanism with its weight: how often it is drawn among all."""
