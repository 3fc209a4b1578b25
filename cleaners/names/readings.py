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
_KANA = frozenset(map(chr, range(0x30A1, 0x30FD)))
_LONGEST = 8  # characters of a name
# Characters that spell foreign names (the Xinhua tables) and hardly ever stand in Chinese ones.
_SPELLS_SOUND = frozenset("尔斯克姆兹茨娅莉蒂丝弗诺塞萨泽谢埃奥拉迪卡佩皮布巴伊特恩欧厄贾伦洛纳瓦普")
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

    @property
    def is_transcription(self) -> bool:
        """Whether the characters spell the sounds of a foreign name, so that their reading is no name."""
        return len(self.syllables) > 3 or self.characters[0] in _KANA or not _SPELLS_SOUND.isdisjoint(self.characters)


@lru_cache(maxsize=512)
def nearest(garble: str, source: str, lang: str) -> tuple[Reading, ...]:
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
    return tuple(sorted(found.values(), key=lambda reading: (-reading.likeness, len(reading.characters))))


def _stretches(source: str, lang: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if lang == "zh":
        for run in _HAN.finditer(source):
            for part in re.split("[·・]", run.group()):
                syllables = _pinyin(part)
                for start in range(len(part)):
                    for end in range(start + 2, min(len(part), start + _LONGEST) + 1):
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
