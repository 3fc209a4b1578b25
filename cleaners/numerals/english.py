"""Reads the numbers of English text as exact values: ``1,200``, ``26043 billion``, ``two hundred million``, ``1.2bn``.

One pass over number tokens; tokens that only a blank, a hyphen or "and" keeps apart are read as one number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from cleaners.lazily import lazy
from cleaners.numerals.figure import Figure, Kind, decimal

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: Fraction(i) for i, word in enumerate(_ONES)}
_WORDS |= {word: Fraction(10 * i) for i, word in enumerate(_TENS, 2)}
SCALES = {
    "thousand": Fraction(10**3),
    "million": Fraction(10**6),
    "billion": Fraction(10**9),
    "trillion": Fraction(10**12),
}
_SHORT = {"k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "b": 10**9, "bn": 10**9, "bln": 10**9}
_SHORT |= {"tn": 10**12, "trn": 10**12}
_SURE_SHORT = frozenset(("mn", "mln", "bn", "bln", "tn", "trn"))
_TOKEN = lazy(
    r"(?P<digits>(?<![\d.,])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?)"
    r"(?: ?(?P<short>(?:[kmb]|bn|mn|tn|bln|mln|trn)\b(?!['’])))?"
    rf"|(?:\b|(?<=\d))(?P<word>{'|'.join([*_WORDS, 'hundred', *SCALES])})s?\b",
    re.IGNORECASE,
)
# The figure goes on, though not as a figure does: "8,9100", "150, 000".
_TORN = lazy(r",\d|, ?\d{3}(?!\d)|\.\d|[.．] \d|\. ?(?:million|billion|trillion)")
_TORN_OFF = lazy(r"\d[.,．] ?\Z")
_TEN_THOUSAND = lazy(r"ten[ -](?:thousand|million|billion)\b")
_PARTED = lazy(r" ?[:：] ?\d|/\d")
_PARTED_OFF = lazy(r"\d ?[:：] ?\Z")
_HYPHENED = lazy(r"[\dA-Za-z]-(?:million|billion|trillion|thousand)\b", re.IGNORECASE)
_AMOUNT = lazy(r"(?:[$£€¥]|RMB|Rmb|CNY|KRW|JPY|EUR|USD|HKD|won) ?\Z")
_CURRENCY = lazy(r"[$£€¥] ?\Z")
_JOINT = lazy(r"[ \u00a0]{1,2}|-|[ \u00a0]?-[ \u00a0]?| and ")
_RANGE = lazy(r" ?(?:[-–~]|to|or|and) ?")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTH = lazy(
    rf"\b(?P<month>{'|'.join(_MONTHS)}|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b(?P<dot>\.?)", re.IGNORECASE
)
_BEFORE_MONTH = lazy(rf"(?:st|nd|rd|th)?,? (?:of )?(?:{'|'.join(m[:3] for m in _MONTHS)})[a-z]*\b", re.IGNORECASE)
_PERCENT = lazy(r"[ -]?(?:%|percent|per cent|pct|percentage point)", re.IGNORECASE)
_ORDINAL = lazy(r"(?:st|nd|rd|th)\b")
_TIME = lazy(r" ?[ap]\.?m\b|:\d|[ -]o['’]clock|[ -]years?[ -]old|[ -]?s\b", re.IGNORECASE)


@lru_cache(maxsize=16)
def read(text: str) -> tuple[Figure, ...]:
    """The figures of an English text in order, months by name among them."""
    found = [*_months(text), *_ranges(text, list(_numbers(text)))]
    return tuple(sorted(found, key=lambda f: f.start))


def _months(text: str) -> Iterator[Figure]:
    for match in _MONTH.finditer(text):
        index = next(i for i, name in enumerate(_MONTHS, 1) if name.lower().startswith(match["month"][:3].lower()))
        yield Figure(*match.span("month"), (Fraction(index),), Kind.DATE, sure=False)


class _Number:
    """The number being read."""

    def __init__(self, match: re.Match[str]) -> None:
        self.start = self.end = match.start()
        self.total = self.section = Fraction(0)
        self.scale = Fraction(0)  # the largest so far
        self.last = ""  # kind of the last token
        self.digits = self.scaled = False
        self.doubtful: Fraction | None = None
        self.broken = self.plural = self.torn = False
        self.take(match, "")

    def take(self, match: re.Match[str], gap: str) -> bool:
        """Read on; ``False`` where the token starts another number."""
        kind = _token_kind(match)
        if self.last and not self._may_follow(kind, gap, match):
            return False
        if kind == "digits":
            self._take_digits(match)
        elif kind in ("ones", "tens"):
            word = match["word"].lower()
            if word == "ten" and self.last == "digits":
                self.section *= 10  # 500 ten thousand: 500万, word for word
            else:
                self.section += _WORDS[word]
        elif kind == "hundred":
            self.section = (self.section or Fraction(1)) * 100
        else:
            self._take_scale(SCALES[match["word"].lower()])
        self.last, self.end = kind, match.end()
        self.plural = match.group()[-1] in "sS" and kind in ("scale", "hundred")
        return True

    def _may_follow(self, kind: str, gap: str, match: re.Match[str]) -> bool:
        if self.plural:
            return False
        if kind in ("scale", "hundred"):
            return (not gap.strip() or gap == "-") and not (kind == "hundred" and self.last == "scale")
        if kind == "ones":
            if self.last == "digits" and gap == " ":
                return bool(_TEN_THOUSAND.match(match.string, match.start()))
            return (self.last == "tens" and gap in (" ", "-")) or (self.last in ("hundred", "scale") and gap != "-")
        if kind == "tens":
            return self.last in ("hundred", "scale") and gap != "-" and not self.digits
        return self.last == "scale" and gap == " " and self.scale > 1000

    def _take_digits(self, match: re.Match[str]) -> None:
        value = decimal(match["digits"])
        self.broken |= value is None
        self.section += value or 0
        self.digits = True
        torn = _TORN.match(match.string, match.end()) or _TORN_OFF.search(
            match.string, max(0, match.start() - 3), match.start()
        )
        self.torn |= torn is not None
        short = (match["short"] or "").lower()
        if short in _SURE_SHORT or (short and _CURRENCY.search(match.string, max(0, match.start() - 2), match.start())):
            self._take_scale(Fraction(_SHORT[short]))
        elif short:
            self.doubtful = (value or Fraction(0)) * _SHORT[short]

    def _take_scale(self, scale: Fraction) -> None:
        if self.scale and scale > self.scale:
            self.total = (self.total + self.section) * scale
        else:
            self.total += (self.section or (0 if self.total else 1)) * scale
        self.scale, self.section, self.scaled = max(scale, self.scale), Fraction(0), True


def _token_kind(match: re.Match[str]) -> str:
    if match["digits"]:
        return "digits"
    word = match["word"].lower()
    if word in _WORDS:
        return "tens" if word in _TENS else "ones"
    return "hundred" if word == "hundred" else "scale"


def _numbers(text: str) -> Iterator[Figure]:
    number: _Number | None = None
    for match in _TOKEN.finditer(text):
        if number is not None:
            gap = text[number.end : match.start()] if match.start() - number.end <= 5 else "far"
            if (not gap or _JOINT.fullmatch(gap)) and number.take(match, gap):
                continue
            yield from _finished(text, number)
        number = _Number(match)
    if number is not None:
        yield from _finished(text, number)


def _finished(text: str, number: _Number) -> Iterator[Figure]:
    if number.broken:
        return
    start, end = number.start, number.end
    value = number.total + number.section
    readings = (value,) if number.doubtful is None else (value, number.doubtful)
    kind = _kind(text, number, value)
    sure = (number.digits or (number.scaled and number.last != "ones")) and kind in (Kind.COUNT, Kind.PERCENT)
    doubtful = number.plural or number.torn or number.doubtful is not None
    bare = not number.digits and " " not in text[start:end]  # "hundred", "a million"
    sure = sure and not doubtful and not bare
    yield Figure(start, end, readings, kind, scaled=number.scaled, sure=sure, vague=number.plural)


def _kind(text: str, number: _Number, value: Fraction) -> Kind:
    start, end = number.start, number.end
    if _PERCENT.match(text, end):
        return Kind.PERCENT
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if number.scaled or not number.digits:
        return Kind.COUNT
    if _AMOUNT.search(text, max(0, start - 4), start):
        return Kind.COUNT
    if text[start] == "0" and text[start + 1 : start + 2].isdigit():
        return Kind.LABEL  # a telephone number, a code
    if before.isalpha() or (before in ("-", "_", "/", ":") and text[max(0, start - 2) : start - 1].isalnum()):
        return Kind.LABEL
    if _ORDINAL.match(text, end):
        return Kind.ORDINAL
    if after.isalpha() or _PARTED.match(text, end) or _PARTED_OFF.search(text, max(0, start - 4), start):
        return Kind.LABEL
    if _is_date(text, number, value):
        return Kind.DATE
    return Kind.COUNT


def _is_date(text: str, number: _Number, value: Fraction) -> bool:
    if text[number.start : number.end].isdigit() and 1800 <= value <= 2100:
        return True
    if _TIME.match(text, number.end) or _BEFORE_MONTH.match(text, number.end):
        return True
    words = text[max(0, number.start - 14) : number.start].split()
    return bool(value <= 31 and words and _MONTH.fullmatch(words[-1]))


def _ranges(text: str, figures: list[Figure]) -> list[Figure]:
    """The same figures; the first of "2 to 3 billion" may be billions, too, and of "2-3%" is a percentage."""
    for i in range(len(figures) - 2, -1, -1):
        first, second = figures[i], figures[i + 1]
        if second.start - first.end > 5 or not _RANGE.fullmatch(text, first.end, second.start):
            continue
        scale = _scale_of(text, second)
        if scale and not first.scaled and not _scale_of(text, first):
            figures[i] = replace(first, readings=(*first.readings, first.value * scale), scaled=True, sure=False)
        elif second.kind is Kind.PERCENT and first.kind is Kind.COUNT:
            figures[i] = replace(first, kind=Kind.PERCENT)
    return figures


def _scale_of(text: str, figure: Figure) -> Fraction | None:
    words = re.split(r"[\s-]", text[figure.start : figure.end].lower())
    return SCALES.get(words[-1].rstrip("s")) if len(words) == 2 else None


def write(value: Fraction, like: str = "") -> str | None:
    """``value`` as the news writes it: ``26.043 billion``, ``280,000``; ``None`` where that takes too many places.

    ``like``: the words it stands for, whose hyphen before the unit it keeps.
    """
    joint = "-" if _HYPHENED.search(like) else " "
    for name in ("trillion", "billion", "million"):
        mantissa = value / SCALES[name]
        places = next((n for n in range(4) if (mantissa * 10**n).denominator == 1), None)
        if mantissa >= 1 and places is not None:
            return f"{int(mantissa):,}{_fraction(mantissa, places)}{joint}{name}"
    return f"{int(value):,}" if value.denominator == 1 and value < 10**12 else None


def _fraction(mantissa: Fraction, places: int) -> str:
    return f".{int(mantissa * 10**places) % 10**places:0{places}d}" if places else ""
