"""Reads the numbers of Chinese and Japanese text as exact values: ``3.5万``, ``1億2000万``, ``百分之三十``.

One pass over runs of numeral characters, each run read token by token, so that time is linear in the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from cleaners.lazily import lazy
from cleaners.numerals.figure import Figure, Kind, decimal

_PLAIN = str.maketrans("０１２３４５６７８９，．％〇萬億亿兩", "0123456789,.%零万億億两")
_HAN = {c: Fraction(i) for i, c in enumerate("零一二三四五六七八九")} | {"两": Fraction(2)}
_SMALL = {"十": Fraction(10), "百": Fraction(100), "千": Fraction(1000)}
_LARGE = {"万": Fraction(10**4), "億": Fraction(10**8), "兆": Fraction(10**12)}
_SOME = frozenset("多余餘几幾数數来來")
_RUN = lazy(
    r"[0-9零一二两三四五六七八九十百千万億兆数數几幾]"
    r"(?:[0-9,.零一二两三四五六七八九十百千万億兆多余餘几幾数數来來点]"
    r"|[个個](?=[万億兆])| (?=[十百千万億兆]|[多余餘几幾][十百千万億兆]))*"
)
_TOKEN = lazy(r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|.")
_IN_LABEL = lazy(r"[A-Za-z0-9０-９_/:：・-]\Z")
_FOREIGN = lazy(r"[\uac00-\ud7af]")
_HAN_OR_KANA = lazy(r"[\u3041-\u30ff\u4e00-\u9fff]")
_KANA = lazy(r"[\u3041-\u30ff]")

_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_FIRST_YEAR = lazy(rf"({'|'.join(_ERAS)})元年")


@lru_cache(maxsize=16)
def read(text: str) -> tuple[Figure, ...]:
    """The figures of a Chinese or Japanese text, in order; kana tell Japanese from Chinese."""
    japanese = bool(_KANA.search(text))
    plain = text.translate(_PLAIN)
    found = [f for run in _RUN.finditer(plain) for f in _figures(plain, run.start(), run.group(), japanese)]
    found += [
        Figure(*match.span(), (Fraction(_ERAS[match[1]] + 1), Fraction(1)), Kind.DATE, sure=False)
        for match in _FIRST_YEAR.finditer(plain)
    ]
    return tuple(sorted(found, key=lambda f: f.start))


def reads(text: str) -> bool:
    """Whether ``text`` is in a language whose units are read here."""
    return bool(_HAN_OR_KANA.search(text)) and not _FOREIGN.search(text)


@dataclass
class _Reader:
    """The number being read: ``total`` in large units, ``section`` below ten thousand, ``digit`` still open."""

    start: int
    end: int = 0
    total: Fraction = Fraction(0)
    section: Fraction = Fraction(0)
    digit: Fraction | None = None
    unit: Fraction = Fraction(1)  # the unit just read
    largest: Fraction = Fraction(0)
    arabic: bool = False
    han: int = 0  # Han digits in a row: 二〇一七 is read place by place
    tens: Fraction = Fraction(0)  # the place of the next Han digit behind 点
    digits: bool = False  # any digit at all: a bare 万 is part of a word
    vague: bool = False
    broken: bool = False
    last: str = ""

    @property
    def value(self) -> Fraction:
        return self.total + self.section + (self.digit or 0)

    @property
    def cut_short(self) -> bool:
        """Whether a single Han digit follows a unit of its own."""
        return self.han == 1 and self.unit > 10 and self.last in _HAN and not self.arabic

    def take(self, token: str, japanese: bool) -> bool:
        """Read on; ``False`` where the token starts another number."""
        if token[0].isdigit():
            return self._take_arabic(token)
        if token in _HAN:
            return self._take_han(_HAN[token])
        if token in _SMALL:
            self._take_small(token)
        elif token in _LARGE:
            self._take_large(_LARGE[token])
            self.vague |= token == "兆" and not japanese  # a million on the mainland, 10**12 in Taiwan
        elif token in _SOME:
            self.vague = True
            self.broken |= not self.digits  # 数百万: nobody knows how many
            self.han = 0
        elif token in " 个個" and self.digits:
            self.vague |= token != " "  # 4个亿; 20个亿元项目 are twenty of them
        elif token == "点" and self.han and not self.tens:
            self.tens = Fraction(1, 10)
        else:
            return False
        return True

    def _take_arabic(self, token: str) -> bool:
        value = decimal(token)
        if self.digit is not None or value is None:
            return False
        self.digit, self.arabic, self.digits, self.han = value, True, True, 0
        return True

    def _take_han(self, value: Fraction) -> bool:
        if self.digit is not None and not self.han:
            return False
        if self.tens:
            self.digit = (self.digit or 0) + value * self.tens
            self.tens /= 10
        else:
            self.digit = (self.digit or 0) * 10 + value
        self.han += 1
        self.digits = True
        return True

    def _take_small(self, token: str) -> None:
        unit = _SMALL[token]
        self.broken |= self.han > 1 and not self.tens  # 三四百: three or four hundred
        self.section += unit if self.digit is None else self.digit * unit
        self.digit, self.han, self.tens, self.unit = None, 0, Fraction(0), unit

    def _take_large(self, unit: Fraction) -> None:
        self.broken |= self.han > 1 and not self.tens
        value = self.section + (self.digit or 0)
        if self.largest and unit > self.largest:
            self.total = (self.total + value) * unit  # 3万亿
        else:
            self.total += (value or (0 if self.total else 1)) * unit
        self.section, self.digit, self.han, self.tens = Fraction(0), None, 0, Fraction(0)
        self.largest, self.unit = max(self.largest, unit), unit


def _figures(text: str, offset: int, run: str, japanese: bool) -> Iterator[Figure]:
    reader = _Reader(offset)
    for match in _TOKEN.finditer(run):
        token = match.group()
        if not reader.take(token, japanese):
            if reader.last:
                yield from _finished(text, reader, japanese)
            reader = _Reader(offset + match.start())
            if not reader.take(token, japanese):
                reader = _Reader(offset + match.end())
                continue
        reader.last, reader.end = token, offset + match.end()
    if reader.last:
        yield from _finished(text, reader, japanese)


_YEAR = ("年", "财年", "財年")
_DATE_SUFFIX = ("月", "日", "号", "時", "时", "点", "分", "秒", "世紀", "世纪", "年代", "歳", "岁", ":", "：", "”")
_PERCENT = ("%", "パーセント", "ポイント", "个百分点", "ppt")


def _finished(text: str, reader: _Reader, japanese: bool) -> Iterator[Figure]:
    start, end, value = reader.start, reader.end, reader.value
    if reader.broken or (not reader.digits and text.startswith(("分之", "分点"), end)):
        return
    if reader.cut_short and not japanese and "零" not in text[start:end]:
        value += (reader.digit or 0) * (reader.unit / 10 - 1)  # 两万五 is 25,000
    after, before = text[end : end + 5], text[max(0, start - 3) : start]
    kind, readings = _kind(value, before, after)
    yield Figure(
        start,
        end,
        readings,
        kind,
        scaled=reader.largest > 0,
        sure=kind in (Kind.COUNT, Kind.PERCENT) and _is_sure(reader, before, after, japanese),
        vague=reader.vague,
    )


def _is_sure(reader: _Reader, before: str, after: str, japanese: bool) -> bool:
    if reader.arabic:
        return not _IN_LABEL.search(before) and not after.startswith("・")
    return reader.digits and (reader.largest > 0 or (reader.unit > 1 and not japanese))


def _kind(value: Fraction, before: str, after: str) -> tuple[Kind, tuple[Fraction, ...]]:
    """What the figure counts, with its readings: years of an era and of two digits have more than one."""
    if before.endswith("第"):
        return Kind.ORDINAL, (value,)
    if after.startswith(_PERCENT) or before.endswith("分之"):
        return Kind.PERCENT, (value,)
    if after[:1] in ("成", "割"):
        return Kind.PERCENT, (value * 10, value)
    if after.startswith(_YEAR) and value.denominator == 1:
        era = _ERAS.get(before[-2:])
        if era:
            return Kind.DATE, (value + era, value)
        if value < 100:
            return Kind.DATE, (value, value + 2000, value + 1900)
        return Kind.DATE, (value,)
    if after.startswith(_DATE_SUFFIX):
        return Kind.DATE, (value,)
    return Kind.COUNT, (value,)
