"""Noise in the build of sentences: cut, displaced, doubled, and what stands astray.

The same contract as :mod:`cleaners.rewrite.noise.words`.
"""

from __future__ import annotations

from random import Random

from cleaners import stray
from cleaners.rewrite import vocabulary
from cleaners.rewrite.noise.words import Mechanism, Tokens, leave_out, places

_OPENERS = ("and", "or", "but", "which", "who", "that", "to", "in", "for", "with", "by", "from", "on", "of", "where",
            "when", "while", "because", "including", "as", "is", "are", "was", "were", "has", "have", "will", "at",
            "into", "through", "under", "between", "against", "since", "after", "before")  # fmt: skip
_PRONOUNS = ("He", "She", "It", "They", "We", "I", "This", "There", "he", "she", "it", "they", "we", "there")
_ADVERBS = ("also", "already", "only", "still", "now", "not", "never", "often", "again", "together", "therefore")
_STOPS = (".", "!", "?")
_QUOTES = ('"',)


def cut_at_comma(tokens: Tokens, random: Random) -> bool:
    """A long sentence is cut at a comma, its parts are translated apart."""
    found = [i for i in range(3, len(tokens) - 4) if tokens[i] == "," and tokens[i + 1].isalpha()]
    if not found:
        return False
    at = random.choice(found)
    tokens[at] = "."
    if random.random() < 0.35:
        tokens[at + 1] = _capital(tokens[at + 1])
    return True


def cut_before_word(tokens: Tokens, random: Random) -> bool:
    """A long sentence is cut where a continuative verb form stood, and no comma tells."""
    found = [i for i in range(3, len(tokens) - 3) if tokens[i] in _OPENERS and tokens[i - 1].isalpha()]
    if not found:
        return False
    at = random.choice(found)
    if random.random() < 0.35:
        tokens[at] = _capital(tokens[at])
    if random.random() < 0.2:
        _bare_verb(tokens, at)
    tokens.insert(at, ".")
    return True


def joined(tokens: Tokens, random: Random) -> bool:
    """Two sentences run into one: the source's comma does both."""
    found = [i for i in range(3, len(tokens) - 3) if tokens[i] in _STOPS and tokens[i + 1].isalpha()]
    if not found:
        return False
    at = random.choice(found)
    tokens[at] = ","
    if tokens[at + 1] != "I":
        tokens[at + 1] = tokens[at + 1].lower()
    return True


def displaced_tail(tokens: Tokens, random: Random) -> bool:
    """The last words of the sentence, cut off and translated alone."""
    if len(tokens) < 8 or tokens[-1] != "." or not all(t.isalpha() for t in tokens[-4:-1]):
        return False
    at = len(tokens) - 1 - random.randint(1, 3)
    if random.random() < 0.4:
        tokens[at] = _capital(tokens[at])
    tokens.insert(at, ".")
    return True


def stray_tail(tokens: Tokens, random: Random) -> bool:
    """A grammatical ending of the source, translated alone."""
    found = [
        i for i in range(3, len(tokens)) if tokens[i] in _STOPS and not (i + 1 < len(tokens) and tokens[i + 1] == '"')
    ]
    if not found:
        return False
    at = random.choice(found)
    token = random.choice(stray.shipped_tokens())
    surface = token.surface.lower() if random.random() < 0.7 else _capital(token.surface)
    tokens[at + 1 : at + 1] = [*surface.split(" "), "."]
    return True


def doubled_word(tokens: Tokens, random: Random) -> bool:
    """A decoder that repeats itself."""
    found = places(tokens, str.isalpha)
    if not found:
        return False
    at = random.choice(found)
    tokens.insert(at, tokens[at])
    return True


def doubled_phrase(tokens: Tokens, random: Random) -> bool:
    """A phrase translated twice, side by side or with a word between."""
    length = random.randint(2, 5)
    found = [i for i in range(len(tokens) - length) if all(_is_word(t) for t in tokens[i : i + length])]
    if not found:
        return False
    at = random.choice(found)
    phrase = tokens[at : at + length]
    phrase[0] = phrase[0] if at else phrase[0].lower()
    between = random.choice(([], [], [","], ["and"], ["of"], ["of", "the"]))
    tokens[at + length : at + length] = [*between, *phrase]
    return True


def doubled_word_apart(tokens: Tokens, random: Random) -> bool:
    """A word joined to itself: two synonyms of the source that English calls the same."""
    numbers = vocabulary.number_forms()
    found = places(tokens, lambda t: t in numbers and len(t) > 4)
    if not found:
        return False
    at = random.choice(found)
    tokens[at + 1 : at + 1] = [random.choice(("and", ",", "of", "and the")), tokens[at]]
    return True


def lost_subject(tokens: Tokens, random: Random) -> bool:
    """Japanese and Chinese leave out a subject that the sentence before names."""
    found = [i for i in range(len(tokens) - 3) if tokens[i] in _PRONOUNS and tokens[i + 1].isalpha()]
    if not found:
        return False
    at = random.choice(found)
    if tokens[at][0].isupper():
        tokens[at + 1] = _capital(tokens[at + 1])
    del tokens[at]
    return True


def displaced_adverb(tokens: Tokens, random: Random) -> bool:
    """An adverb where the source had it."""
    found = places(tokens, _ADVERBS.__contains__)
    if not found:
        return False
    at = random.choice(found)
    low, high = max(1, at - 4), min(len(tokens) - 2, at + 4)
    if high <= low:
        return False
    word = tokens.pop(at)
    tokens.insert(random.randint(low, high), word)
    return True


def swapped_words(tokens: Tokens, random: Random) -> bool:
    """Two neighbours in the order of the source."""
    found = [i for i in range(1, len(tokens) - 2) if tokens[i].isalpha() and tokens[i + 1].isalpha()]
    if not found:
        return False
    at = random.choice(found)
    tokens[at], tokens[at + 1] = tokens[at + 1], tokens[at]
    return True


def moved_clause(tokens: Tokens, random: Random) -> bool:
    """The first clause behind the second, or a closing one in front: the order of the source."""
    commas = places(tokens, ",".__eq__)
    if not commas or tokens[-1] != "." or len(tokens) < 10 or any(t in _STOPS for t in tokens[:-1]):
        return False
    at = random.choice(commas)
    front, back = tokens[:at], tokens[at + 1 : -1]
    if min(len(front), len(back)) < 3:
        return False
    if front[0].lower() in vocabulary.common_words() and front[0] != "I":
        front[0] = front[0].lower()
    tokens[:] = [_capital(back[0]), *back[1:], ",", *front, "."]
    return True


def wrong_case(tokens: Tokens, random: Random) -> bool:
    """A capital inside the sentence or none at its start."""
    if random.random() < 0.5 and tokens[0].isalpha() and tokens[0] != "I":
        tokens[0] = tokens[0].lower()
        return True
    found = places(tokens[1:], lambda t: t.isalpha() and t.islower())
    if not found:
        return False
    at = random.choice(found) + 1
    tokens[at] = _capital(tokens[at])
    return True


def lost_comma(tokens: Tokens, random: Random) -> bool:
    """A comma that the source does not set."""
    return leave_out(tokens, random, (",",))


def added_comma(tokens: Tokens, random: Random) -> bool:
    """A comma where the source has one, in front of what belongs to the words before."""
    found = [i for i in range(2, len(tokens) - 2) if tokens[i].isalpha() and tokens[i - 1].isalpha()]
    if not found:
        return False
    tokens.insert(random.choice(found), random.choice((",", ",", ",", ".", ";", ":")))
    return True


def lost_quotation_mark(tokens: Tokens, random: Random) -> bool:
    """A quotation that is opened and not closed, or the reverse."""
    return leave_out(tokens, random, _QUOTES)


def double_attribution(tokens: Tokens, random: Random) -> bool:
    """A verb of saying on both sides of a quotation: Japanese opens with one and closes with another."""
    if len(tokens) < 6 or (tokens[-2:] != [".", '"'] and tokens[-2:] != [",", '"']):
        return False
    tokens[-2] = ","
    tokens += [random.choice(("he", "she", "they")), random.choice(("said", "added", "stressed")), "."]
    return True


def _bare_verb(tokens: Tokens, before: int) -> None:
    """The verb of the part that was cut off, in its plain form at the start: "Cooperate in various aspects."."""
    nouns = vocabulary.derived_forms()
    if tokens[0].lower() in nouns:
        tokens[0] = _capital(nouns[tokens[0].lower()][0])


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _is_word(token: str) -> bool:
    return token[0].isalnum() or token[0] >= "\ue000"


MECHANISMS: dict[Mechanism, int] = {
    cut_at_comma: 10,
    cut_before_word: 10,
    joined: 3,
    displaced_tail: 7,
    stray_tail: 6,
    doubled_word: 6,
    doubled_phrase: 5,
    doubled_word_apart: 4,
    lost_subject: 5,
    displaced_adverb: 3,
    swapped_words: 4,
    moved_clause: 3,
    wrong_case: 4,
    lost_comma: 3,
    added_comma: 5,
    lost_quotation_mark: 4,
    double_attribution: 3,
}
"""Each mechanism with its weight: how often it is drawn among all."""
