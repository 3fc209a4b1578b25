"""What language a spelling looks like: pinyin and romaji have so few syllables that a word of them shows its origin."""

from __future__ import annotations

import re

_PINYIN = re.compile(
    r"(?:(?:[bpmf]|[dtnl]|[gkh]|[jqx]|[zcs]h?|r)?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ao|an|ei|en|er|ia|ie|iu|in|ou|ua|uo|ui|un|ue|a|e|i|o|u)"
    r"|y(?:ang|ong|ing|uan|ao|an|ou|in|ue|un|a|e|i|u)|w(?:ang|eng|ai|an|ei|en|a|o|u))+\Z"
)
_ROMAJI = re.compile(
    r"(?:(?:[kgnhbpmr]y|ch|sh|ts|j|[kgsztdnhbpfmyrw])?[aeiou]{1,2}|n(?![aeiouy])|m(?=[bpm])|kk|ss|tt|pp|(?<=[aeiou])(?:k|s|p)(?=[ksp]))+\Z"
)


def is_pinyin(spelling: str) -> bool:
    """Whether a plain spelling is made of syllables of Hanyu Pinyin."""
    return len(spelling) > 3 and _PINYIN.match(spelling) is not None


def is_romaji(spelling: str) -> bool:
    """Whether a plain spelling is made of Japanese syllables in Hepburn romaji."""
    return len(spelling) > 3 and _ROMAJI.match(spelling) is not None
