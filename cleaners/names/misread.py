"""Names of Japanese and Korean people and bodies whose characters were read aloud in Chinese.

What the names are in characters comes from the glossary; those that stand here go without saying. The reading in pinyin
is derived (package pypinyin), not listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path

from cleaners import cache
from cleaners.names import sound

_HAN_ONLY = re.compile(r"[\u3400-\u9fff々]{2,6}\Z")
_FEWEST = 2  # syllables
_FEWEST_OF_PLACE = 3  # characters
# What more than one country has, or what is another word in Chinese: WeChat, China News.
_ANYBODYS = frozenset((
    "共产党", "共産党", "民主党", "自由民主党", "社会民主党", "社民党", "国会", "国民会议", "众院", "衆院", "众议院",
    "衆議院", "参议院", "参議院", "最高检", "外交部", "国防部", "维新", "維新", "中国新聞", "中国新闻", "中央社",
))  # fmt: skip
_ALWAYS = (
    ("Yoshimasa Hayashi", "person", "ja", "林芳正"), ("Fumio Kishida", "person", "ja", "岸田文雄"),
    ("Hirokazu Matsuno", "person", "ja", "松野博一"), ("Shinzo Abe", "person", "ja", "安倍晋三"),
    ("Yoshihide Suga", "person", "ja", "菅義偉"), ("Toshimitsu Motegi", "person", "ja", "茂木敏充"),
    ("Taro Kono", "person", "ja", "河野太郎"), ("Nobuo Kishi", "person", "ja", "岸信夫"),
    ("Shigeru Ishiba", "person", "ja", "石破茂"), ("Haruhiko Kuroda", "person", "ja", "黒田東彦"),
    ("Masahiko Komura", "person", "ja", "高村正彦"), ("Natsuo Yamaguchi", "person", "ja", "山口那津男"),
    ("Yoon Suk-yeol", "person", "zh", "尹锡悦"), ("Moon Jae-in", "person", "zh", "文在寅"),
    ("Ban Ki-moon", "person", "zh", "潘基文"), ("Park Geun-hye", "person", "zh", "朴槿惠"),
    ("TEPCO", "organisation", "zh", "东电"), ("Komeito", "organisation", "ja", "公明党"),
    ("Futenma", "place", "ja", "普天間"), ("Sankei Shimbun", "organisation", "ja", "産経新聞"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Misread:
    """A name and what its characters are; ``syllables``: how many were read."""

    name: str
    kind: str
    forms: tuple[str, ...]
    syllables: int


@lru_cache(maxsize=4)
def readings(natives: tuple[tuple[str, str, str, str], ...]) -> dict[str, Misread]:
    """Plain pinyin reading → the name that was meant; a reading that is the name itself or two names' is none.

    Loading pypinyin takes longer than all the rest of a start, so the readings of a glossary are kept.
    """
    key = cache.digest([repr((natives, _ALWAYS)).encode(), Path(__file__).read_bytes()])
    plain = cache.remembered("readings", key, lambda: {r: astuple(m) for r, m in _readings(natives).items()})
    return {reading: Misread(name, kind, tuple(forms), count) for reading, (name, kind, forms, count) in plain.items()}


def _readings(natives: tuple[tuple[str, str, str, str], ...]) -> dict[str, Misread]:
    found: dict[str, Misread] = {}
    twice = set()
    for name, kind, language, form in (*natives, *_ALWAYS):
        if not _HAN_ONLY.match(form) or (kind == "place" and (language != "ja" or len(form) < _FEWEST_OF_PLACE)):
            continue  # places have Chinese names in their own right
        for characters, suffix in _spoken(form):
            syllables = _pinyin(characters)
            reading = "".join(syllables) + suffix
            if len(syllables) < _FEWEST or _is_chinese(name, syllables) or form in _ANYBODYS:
                continue
            before = found.get(reading)
            if before and before.name != name:
                twice.add(reading)
            forms = tuple(dict.fromkeys((*(before.forms if before else ()), form)))
            found[reading] = Misread(name, kind, forms, len(syllables))
    return {reading: meant for reading, meant in found.items() if reading not in twice}


def _is_chinese(name: str, syllables: tuple[str, ...]) -> bool:
    """Whether a name is itself read so, or begins so: Xi Jinping, the Diaoyu Islands, Lai Ching-te."""
    first = sound.plain(name.split()[0])
    reading = "".join(syllables)
    return reading in sound.plain(name) or first == syllables[0] or (len(first) > 4 and reading.startswith(first))


def _spoken(form: str) -> Iterable[tuple[str, str]]:
    """A form as it is, and a party's with its last character translated."""
    yield form, ""
    if form.endswith("党") and len(form) > 2:
        yield form[:-1], "party"


@lru_cache(maxsize=4096)
def _pinyin(characters: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    return tuple(syllable.replace("ü", "u").replace("v", "u") for syllable in lazy_pinyin(characters))
