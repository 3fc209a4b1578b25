"""Takes out of a segment what no model may touch, and puts it back.

Names, figures, dates, addresses and protected terms become *sentinels*, one private-use character each: equal strings
get the same sentinel, so that a doubling stays visible. A small model then need not learn to copy rare names, and
cannot invent one; :func:`unmask` fails where a sentinel came back that nobody gave it.

What marks a name is its capital, so masking needs no word list but that of common words, which
may start a sentence; a common word taken for a name is only kept from the model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cleaners import shield
from cleaners.rewrite.vocabulary import common_words
from cleaners.segment import Span

NAMES, FIGURES, DATES, OTHERS = ("\ue000", "\ue040", "\ue060", "\ue070")
CAPACITY = {NAMES: 24, FIGURES: 12, DATES: 8, OTHERS: 4}
SENTINELS = tuple(chr(ord(first) + i) for first, count in CAPACITY.items() for i in range(count))
IS_SENTINEL = re.compile("[\ue000-\ue07f]")
# How a text that reaches the model may write a mark; the segment itself keeps its own.
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "–": "-", "—": "-"})

_MONTH = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan\\.|Feb\\.|Aug\\.|Sept?\\.|Oct\\.|Nov\\.|Dec\\."
)
_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DATE = (
    rf"\b(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?(?:, ?\d{{4}})?\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH})(?:,? \d{{4}})?\b"
    rf"|\b(?:{_MONTH})(?:,? \d{{4}})?(?!\w)|\b{_DAY}s?\b|\b(?:1[5-9]|20)\d\ds?\b(?![.,]?\d)(?! ?%)"
)
_FIGURE = (
    r"(?:US|HK|NT)?[$€£¥]? ?\d+(?:[.,:/-]\d+)*(?:st|nd|rd|th|s)?"
    r"(?: ?(?:%|(?:hundred|thousand|million|billion|trillion)\b))*(?!\w)"
)
_WORD = (
    r"(?:(?:[A-Z]\.){1,4}(?![a-z])|(?:Mr|Mrs|Ms|Dr|St|Gen|Lt|Col|Sgt|Capt|Sen|Rep|Prof|Gov)\."
    r"|[A-ZÀ-ÖØ-Þ](?:\w|(?![’']s\b)[-’'](?=\w))*)"
)
_CODE = r"\b(?=\w*\d)(?=\w*[A-Za-z])[\w-]+\b"
_NAME = rf"\b{_WORD}(?:[ -](?:(?:of|de|al|bin|von|van|del|la) (?:the )?)?{_WORD})*"
_TOKEN = re.compile(rf"(?P<date>{_DATE})|(?P<figure>(?<![\w.-]){_FIGURE})|(?P<name>{_CODE}|{_NAME})")
_POSSESSIVE = re.compile(r"(?:['’]s|['’])\Z")
_STARTS = re.compile(r"(?:\A|[.!?:;][\"”')\]]*\s+|[\"“‘(\[]\s*)\Z")
_PRONOUN = re.compile(r"I(?:['’](?:m|ve|d|ll))?\Z")


class MaskingError(ValueError):
    """The segment holds more names, figures or dates than there are sentinels, or a sentinel of its own."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A segment as the model reads it.

    ``text[i]`` stands for ``raw[starts[i]:starts[i + 1]]``, in code points; ``kept`` says what each sentinel stands
    for. Curly marks are straight in ``text``, so that the model need not know both.
    """

    raw: str
    text: str
    starts: tuple[int, ...]
    kept: dict[str, str]

    def raw_span(self, start: int, end: int) -> Span:
        """The part of the raw segment that ``text[start:end]`` stands for."""
        return Span(self.starts[start], self.starts[end])


def mask(raw: str, protected: Iterable[tuple[int, int]] = ()) -> Masked:
    """Mask a segment; ``protected`` are spans of it that the model must not see besides.

    Raises :class:`MaskingError`.
    """
    return Masker().mask(raw, protected)


class Masker:
    """Gives equal strings the same sentinel; one masker for texts that belong together, a sentence and its repair."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], str] = {}
        self._used = dict.fromkeys(CAPACITY, 0)

    def mask(self, raw: str, protected: Iterable[tuple[int, int]] = ()) -> Masked:
        """Mask one text; raises :class:`MaskingError`."""
        if IS_SENTINEL.search(raw):
            raise MaskingError("it holds characters of the private use area")
        pieces: list[str] = []
        starts: list[int] = []
        kept: dict[str, str] = {}
        done = 0
        for start, end, kind in _spans(raw, protected):
            pieces.append(plain(raw[done:start]))
            starts += range(done, start)
            sentinel = self._sentinel(kind, raw[start:end])
            kept[sentinel] = raw[start:end]
            pieces.append(sentinel)
            starts.append(start)
            done = end
        pieces.append(plain(raw[done:]))
        starts += range(done, len(raw) + 1)
        return Masked(raw, "".join(pieces), tuple(starts), kept)

    def _sentinel(self, kind: str, surface: str) -> str:
        key = (kind, surface)
        if key not in self._given:
            count = self._used[kind]
            if count >= CAPACITY[kind]:
                raise MaskingError("it holds more names and figures than a rewrite can keep apart")
            self._used[kind] = count + 1
            self._given[key] = chr(ord(kind) + count)
        return self._given[key]


def unmask(text: str, kept: dict[str, str]) -> str:
    """``text`` with every sentinel replaced by what it stands for.

    Raises :class:`MaskingError` for one that stands for nothing.
    """

    def surface(match: re.Match[str]) -> str:
        try:
            return kept[match.group()]
        except KeyError:
            raise MaskingError("it brings a name or figure that the sentence does not have") from None

    return IS_SENTINEL.sub(surface, text)


def plain(text: str) -> str:
    """``text`` with the marks straight that :class:`Masked` has straight; as many code points."""
    return text.translate(_PLAIN)


def kind_of(sentinel: str) -> str:
    """The kind that a sentinel is of, as the first sentinel of that kind."""
    return max(first for first in CAPACITY if first <= sentinel)


def renumbered(source: str, target: str) -> tuple[str, str]:
    """The pair with its sentinels counted anew in the order of the source; those of the target alone follow."""
    fresh: dict[str, str] = {}
    used = dict.fromkeys(CAPACITY, 0)

    def again(match: re.Match[str]) -> str:
        old = match.group()
        if old not in fresh:
            kind = kind_of(old)
            fresh[old] = chr(ord(kind) + used[kind])
            used[kind] += 1
        return fresh[old]

    return IS_SENTINEL.sub(again, source), IS_SENTINEL.sub(again, target)


def _spans(raw: str, protected: Iterable[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """What is masked, sorted and disjoint; what is protected or shielded goes before names."""
    taken = [(start, end, OTHERS) for start, end in shield.spans(raw)]
    for start, end in protected:
        if not _overlaps(taken, start, end):
            taken.append((start, end, NAMES))
    found = list(taken)
    low = 0
    for start, end, _ in sorted([*taken, (len(raw), len(raw), OTHERS)]):
        for match in _TOKEN.finditer(raw, low, start):
            found += _read(raw, match)
        low = end
    return sorted(found)


def _read(raw: str, match: re.Match[str]) -> Iterable[tuple[int, int, str]]:
    start, end = match.span()
    if match.lastgroup != "name":
        lead = len(match.group()) - len(match.group().lstrip())
        return [(start + lead, end, DATES if match.lastgroup == "date" else FIGURES)]
    return [(start, end, NAMES) for start, end in _names(raw, start, end)]


def _names(raw: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    """The run of capitalised words less the common word that only starts the sentence, "I" and a possessive mark."""
    words = raw[start:end].split(" ")
    if _STARTS.search(raw, max(0, start - 6), start) and _is_common(words[0]):
        start += len(words[0]) + 1
        while start < end and raw[start:end].split(" ")[0].islower():
            start += len(raw[start:end].split(" ")[0]) + 1  # "Minister of Japan": the small word is no name
    if start >= end or _PRONOUN.match(raw[start:end]):
        return []
    possessive = _POSSESSIVE.search(raw, start, end)
    if possessive:
        end = possessive.start()
    return [(start, end)] if end > start else []


def _is_common(word: str) -> bool:
    low = word.replace("’", "'").lower()
    return low.removesuffix("'s") in common_words() or _PRONOUN.match(word) is not None


def _overlaps(taken: Sequence[tuple[int, int, str]], start: int, end: int) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end, _ in taken)
