"""What a number of a text is: its place, its exact value, and how surely it is a number at all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

# A run of more digits than this is no figure of the news, and exact arithmetic on it would be slow.
MAX_DIGITS = 24


class Kind(StrEnum):
    """What a figure counts, as far as the words beside it tell."""

    COUNT = "count"
    PERCENT = "percent"
    DATE = "date"
    ORDINAL = "ordinal"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number at ``[start, end)`` of a text.

    ``readings`` are the values it may have, the likeliest first: "2 to 3 billion" begins with 2 or 2,000,000,000.
    ``scaled``: it is written with a large-number unit (万, million). ``sure``: it is a number and nothing else,
    where 一 is part of a hundred words and "one" a pronoun. ``vague``: several, or more than.
    """

    start: int
    end: int
    readings: tuple[Fraction, ...]
    kind: Kind = Kind.COUNT
    scaled: bool = False
    sure: bool = True
    vague: bool = False

    @property
    def value(self) -> Fraction:
        """The likeliest reading."""
        return self.readings[0]


def decimal(digits: str) -> Fraction | None:
    """The value of ``12,345.6``, ``None`` for a run of digits too long to be a figure."""
    if len(digits) > MAX_DIGITS:
        return None
    return Fraction(digits.replace(",", ""))


def tenfold(first: Fraction, second: Fraction) -> int | None:
    """``k`` where ``first == second * 10**k``, ``None`` where no power of ten leads from one to the other."""
    if first <= 0 or second <= 0:
        return None
    ratio, power = first / second, 0
    while ratio >= 10:
        ratio, power = ratio / 10, power + 1
    while ratio < 1:
        ratio, power = ratio * 10, power - 1
    return power if ratio == 1 else None
