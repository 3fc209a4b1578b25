"""What a source text calls a garbled name: its characters or kana, read aloud, beside the spelling in the output.

A Chinese name is read in pinyin (package pypinyin), a Japanese one in Hepburn romaji (kanji by Sudachi's dictionary,
extra ``japanese``; a reading of kanji is a guess). The stretch of the source whose reading sounds most like the garble
is what the system read; if the gazetteer knows those characters, the right name is known, and if they are a person's,
their reading is the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cleaners.names import kana, sound

_HAN = re.compile(r"[\u3400-\u9fff]+(?:[·・][\u3400-\u9fff]+)*")
_KATAKANA = re.compile(r"[ァ-ヺー]{2,}(?:[・＝][ァ-ヺー]+)*")
_KANJI = re.compile(r"[\u4e00-\u9fff々ヶ]{1,6}")
_SHORTEST, _LONGEST = 2, 8  # characters of a name
_AT_LEAST = 0.6  # likeness of reading and garble below which nothing is said


@dataclass(frozen=True, slots=True)
class Reading:
    """A stretch of the source, read aloud: ``source[start:end]`` sounds like ``spelling``; ``likeness`` is 0..1."""

    characters: str
    syllables: tuple[str, ...]
    likeness: float

    @property
    def spelling(self) -> str:
        """The syllables in one plain word."""
        return "".join(self.syllables)


def nearest(garble: str, source: str, lang: str) -> list[Reading]:
    """The stretches of ``source`` (in ``ja`` or ``zh``) that sound most like ``garble``, best first."""
    wanted = sound.plain(garble)
    found: dict[str, Reading] = {}
    for characters, syllables in _stretches(source, lang):
        spelling = "".join(syllables)
        if abs(len(spelling) - len(wanted)) > max(3, len(wanted) // 2):
            continue
        likeness = sound.likeness(wanted, spelling)
        if likeness >= _AT_LEAST and likeness > (found[characters].likeness if characters in found else 0):
            found[characters] = Reading(characters, syllables, likeness)
    return sorted(found.values(), key=lambda reading: (-reading.likeness, len(reading.characters)))


def _stretches(source: str, lang: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if lang == "zh":
        for run in _HAN.finditer(source):
            for part in re.split("[·・]", run.group()):
                syllables = _pinyin(part)
                for start in range(len(part)):
                    for end in range(start + 1, min(len(part), start + _LONGEST) + 1):
                        yield part[start:end], syllables[start:end]
        return
    for run in _KATAKANA.finditer(source):
        for part in re.split("[・＝]", run.group()):
            yield part, _romaji(part)
    for run in _KANJI.finditer(source):
        part = run.group()
        for start in range(len(part)):
            for end in range(start + 1, len(part) + 1):
                yield part[start:end], _romaji(part[start:end])


@lru_cache(maxsize=4096)
def _pinyin(characters: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    return tuple(syllable.replace("ü", "u").replace("v", "u") for syllable in lazy_pinyin(characters))


@lru_cache(maxsize=4096)
def _romaji(text: str) -> tuple[str, ...]:
    written = text if _KATAKANA.fullmatch(text) else "".join(_reader(text))
    return tuple(match.group() for match in re.finditer("[a-z]+", kana.romanised(written)))


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    from sudachipy import Dictionary

    return Dictionary().tokenizer()


def _reader(text: str) -> Iterator[str]:
    """The kana of each word; without the extra ``japanese`` kanji have no reading."""
    try:
        words = _tokenizer().tokenize(text)
    except ImportError:
        return
    for word in words:
        yield word.reading_form()
