"""Training pairs: a segment as translation would leave it, and as it was.

Two sources of noise feed one pair: the catalogue's own mechanisms run backwards (each rule's ``damage``), and the
translationese of :mod:`cleaners.rewrite.noise.words` and :mod:`cleaners.rewrite.noise.structure`. Three pairs in ten
are left as they are, so that a model learns to leave alone what is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from cleaners.core import Damage, Document, Rule, splice
from cleaners.rewrite import masking
from cleaners.rewrite.noise import structure, words

# How many mechanisms strike one segment, and how often.
_STRIKES = ((0, 30), (1, 42), (2, 19), (3, 9))
# How often the catalogue's mechanisms come before the others, where one has a place in the segment.
_CATALOGUE_SHARE = 0.35
# Mechanisms of the catalogue that leave something to a model: not those of spacing, marks and names.
_FAMILIES = ("CUT", "STR", "SYN", "REP")
# What is lost for good cannot be learnt: the end of a paragraph, the subject that only the source names.
_UNTEACHABLE = frozenset(("CUT102", "CUT105"))
_TOKEN = re.compile(r"\w+(?:['-]\w+)*|'(?:s|re|ve|ll|d|m)\b|[\ue000-\ue07f]|[^\w\s]")
_NO_SPACE_BEFORE = frozenset(".,;:!?)]%")
_NO_SPACE_AFTER = frozenset(("", "(", "["))


@dataclass(frozen=True, slots=True)
class Pair:
    """A masked segment with its noise, and the same without; equal where nothing struck."""

    source: str
    target: str

    @classmethod
    def of(cls, source: str, target: str) -> Pair | None:
        """The pair with its sentinels counted anew; ``None`` where the target has a name that could but be invented."""
        if not set(masking.IS_SENTINEL.findall(target)) <= set(masking.IS_SENTINEL.findall(source)):
            return None
        return cls(*masking.renumbered(source, target))


def masked_together(noisy: str, clean: str) -> tuple[str, str] | None:
    """Both masked, equal names by the same sentinel; ``None`` where one of them cannot be masked."""
    masker = masking.Masker()
    try:
        return masker.mask(noisy).text, masker.mask(clean).text
    except masking.MaskingError:
        return None


@dataclass(frozen=True)
class Noiser:
    """Makes pairs out of clean segments; the same segment and random numbers give the same pair."""

    rules: Sequence[Rule]

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Noiser:
        """A noiser with those of ``rules`` that leave something to a model."""
        return cls([r for r in rules if r.damage and r.code[:3] in _FAMILIES and r.code not in _UNTEACHABLE])

    def pair(self, segment: str, random: Random) -> Pair | None:
        """One pair from one segment; ``None`` where it cannot be masked, or what struck cannot be undone."""
        strikes = random.choices(*zip(*_STRIKES, strict=True))[0]
        noisy = segment
        if strikes and random.random() < _CATALOGUE_SHARE:
            noisy = self._damaged(segment, random)
            strikes -= noisy != segment
        masked = masked_together(noisy, segment)
        if masked is None:
            return None
        source, target = masked
        if joined(tokenised(target)) != target:
            return None  # set with odd blanks: no model of good English
        if strikes:
            source = translationese(source, strikes, random)
        return Pair.of(source, target)

    def _damaged(self, segment: str, random: Random) -> str:
        """The segment with one mechanism of the catalogue run over it; each rule that can strike is as likely."""
        document = Document(segment)
        found: list[list[Damage]] = []
        for rule in self.rules:
            assert rule.damage is not None
            sites = list(rule.damage(document, random))
            if sites:
                found.append(sites)
        if not found:
            return segment
        damage = random.choice(random.choice(found))
        return splice(segment, [(damage.start, damage.end, damage.bad)])


_DRAWN = {**words.MECHANISMS, **structure.MECHANISMS}


def translationese(masked: str, strikes: int, random: Random) -> str:
    """A masked segment with as many mechanisms of translationese run over it, as far as they find a place."""
    tokens = tokenised(masked)
    for _ in range(strikes):
        for mechanism in random.choices(list(_DRAWN), list(_DRAWN.values()), k=4):
            if mechanism(tokens, random):
                break
    return joined(tokens)


class Glued(str):
    """A token that stands without a blank behind the one before it; like any other word in all else."""

    __slots__ = ()


def tokenised(masked: str) -> words.Tokens:
    """The words and marks of a masked segment, in order."""
    found: words.Tokens = []
    done = 0
    for match in _TOKEN.finditer(masked):
        found.append(Glued(match.group()) if match.start() == done else match.group())
        done = match.end()
    return found


def joined(tokens: Iterable[str]) -> str:
    """The segment that the tokens make; words that were put in are set as English sets them."""
    pieces: list[str] = []
    before = ""
    for token in tokens:
        parted = token[0].isalnum() and before[-1:].isalnum()
        is_close = isinstance(token, Glued) or token in _NO_SPACE_BEFORE or before in _NO_SPACE_AFTER
        pieces.append(token if is_close and not parted else f" {token}")
        before = token
    return "".join(pieces).removeprefix(" ")
