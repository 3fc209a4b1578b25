"""What a source text proves about the numbers of its English translation."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cleaners.numerals import cjk, english
from cleaners.numerals.figure import Figure, Kind, tenfold
from cleaners.numerals.units import may_be_converted

_NEAR = Fraction(19, 20)  # what a rounding leaves of a number
_COUNTED = (Kind.COUNT, Kind.PERCENT)
_LARGE = 1000
# How far the places of two figures may differ, as parts of their texts: a part, and as many code points of English.
_ADRIFT, _ADRIFT_POINTS = 0.1, 300
_LIKE = 20  # how many unmatched numbers are looked at for a measure that may have been converted


@dataclass(frozen=True, slots=True)
class Slip:
    """A figure of the English text whose value differs by a power of ten from one of the source.

    ``sure``: both are large numbers at like places, no other figure can be meant, and either every other sure number
    of the segment has its counterpart or slipped likewise, or the digits are more than one.
    """

    figure: Figure
    source: Figure
    power: int
    sure: bool


def unmatched(text: str, source: str) -> tuple[list[Figure], list[Figure]]:
    """The sure counts and percentages of the English text and of its source that the other side does not have."""
    if not cjk.reads(source):
        return [], []
    target, origin = english.read(text), cjk.read(source)
    return _without_counterpart(target, origin), _without_counterpart(origin, target)


def _without_counterpart(figures: Sequence[Figure], others: Sequence[Figure]) -> list[Figure]:
    """The sure ones of which no other figure has the value, rounded or not."""
    known = sorted({value for other in others for value in other.readings})
    return [
        f
        for f in figures
        if f.sure and not f.vague and f.kind in _COUNTED and not any(_is_near(value, known) for value in f.readings)
    ]


def _is_near(value: Fraction, known: Sequence[Fraction]) -> bool:
    place = bisect_left(known, value * _NEAR)
    return place < len(known) and known[place] * _NEAR <= value


def unit_slips(text: str, source: str) -> list[Slip]:
    """Figures wrong by a power of ten that a slip between 万, 億 and the English units explains."""
    target, origin = unmatched(text, source)
    pairs = _pairs(text, target, source, origin)
    slipped, meant = {f.start for f, _ in pairs}, {o.value for _, o in pairs}
    rest = any(f.start not in slipped for f in target) or any(o.value not in meant for o in origin)
    rivals: dict[Fraction, set[Fraction]] = {}
    for figure, counterpart in pairs:
        rivals.setdefault(counterpart.value, set()).add(figure.value)
    found = []
    for figure, counterpart in pairs:
        exact = not rest or (_digits(counterpart.value) > 1 and figure.scaled)
        alone = len(rivals[counterpart.value]) == 1 and _is_beside(text, figure, source, counterpart)
        sure = exact and alone and _is_large(figure) and _is_large(counterpart)
        found.append(Slip(figure, counterpart, tenfold(figure.value, counterpart.value) or 0, sure))
    return found


def _pairs(text: str, target: Sequence[Figure], source: str, origin: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
    """Each figure with the one number of the source that has its digits at another power of ten."""
    alike: dict[Fraction, dict[Fraction, Figure]] = {}
    for figure in origin:
        if figure.kind is Kind.COUNT and figure.value:
            alike.setdefault(_mantissa(figure.value), {}).setdefault(figure.value, figure)
    found = []
    for figure in target:
        if figure.kind is not Kind.COUNT or not figure.value:
            continue
        fitting = [o for o in alike.get(_mantissa(figure.value), {}).values() if o.scaled or figure.scaled]
        if len(fitting) == 1 and not may_be_converted(text, figure.end, source, fitting[0].end):
            found.append((figure, fitting[0]))
    return found


def _mantissa(value: Fraction) -> Fraction:
    while value >= 10:
        value /= 10
    while value < 1:
        value *= 10
    return value


def _is_beside(text: str, figure: Figure, source: str, counterpart: Figure) -> bool:
    """Whether both stand at about the same part of their texts: in a long one digits agree by chance."""
    drift = abs(figure.start / len(text) - counterpart.start / len(source))
    return drift <= _ADRIFT + _ADRIFT_POINTS / len(text)


def _is_large(figure: Figure) -> bool:
    """Written with a unit that can slip, or long enough to have been."""
    return figure.scaled or figure.value >= _LARGE


def _digits(value: Fraction) -> int:
    """How many digits count: 2 in 1,200 and in 0.12."""
    return len(str(value.numerator * 10**6 // value.denominator).strip("0"))


def difference(before: str, after: str) -> tuple[list[Figure], list[Figure]]:
    """The figures of one English text that another has less often, and the other way round, by value and kind."""
    old, new = english.read(before), english.read(after)
    stays = Counter(map(_sense, old)) & Counter(map(_sense, new))
    return _beyond(old, stays), _beyond(new, stays)


def _sense(figure: Figure) -> tuple[tuple[Fraction, ...], bool]:
    return figure.readings, figure.kind is Kind.PERCENT


def _beyond(figures: Iterable[Figure], stays: Counter[tuple[tuple[Fraction, ...], bool]]) -> list[Figure]:
    left, beyond = Counter(stays), []
    for figure in figures:
        if left[_sense(figure)]:
            left[_sense(figure)] -= 1
        else:
            beyond.append(figure)
    return beyond


def proves(source: str, before: Iterable[Figure], after: Iterable[Figure]) -> bool:
    """Whether the source has every figure of ``after`` and none of ``before``, in whatever reading."""
    if not cjk.reads(source):
        return False
    known = {value for figure in cjk.read(source) for value in figure.readings}
    exact = {value for figure in cjk.read(source) if not figure.vague for value in figure.readings}
    new = [figure.value for figure in after]
    return bool(new) and exact.issuperset(new) and all(known.isdisjoint(f.readings) for f in before)


def strangers(text: str, source: str) -> list[tuple[Figure, list[Figure]]]:
    """Sure figures of the text that the source lacks, each with the figures of its kind that the text lacks.

    Unit slips and measures that may be converted are left out.
    """
    slips = unit_slips(text, source)
    slipped, meant = {s.figure.start for s in slips}, {s.source.value for s in slips}
    target, origin = unmatched(text, source)
    by_kind: dict[Kind, list[Figure]] = {}
    for other in origin:
        if other.value not in meant:
            by_kind.setdefault(other.kind, []).append(other)
    found = []
    for figure in target:
        like = by_kind.get(figure.kind, [])
        if figure.start in slipped or not like:
            continue
        if all(may_be_converted(text, figure.end, source, o.end) for o in like[:_LIKE]):
            continue
        found.append((figure, like))
    return found
