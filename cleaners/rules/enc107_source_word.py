"""Reports Chinese or Japanese words that stand untranslated in an English sentence.

**What.** Han characters and kana among English words.

**Mechanism.** The system does not know the word, or reads it as a name, and copies it.

**Left alone.** A word in quotation marks or brackets, or one that brackets gloss (``Li Bai 李白 (701–762)``), or that
follows its reading (``Linfu 林甫``); what is to be typed; sentences that speak of language or writing; lines that are
Chinese or Japanese for the most part.

**Source.** Seen in public machine translations of Chinese and Japanese news; the usage of English house styles,
which gloss a foreign word in brackets.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners import script
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.names import readings
from cleaners.script import Mentions

_RUN = lazy(rf"[{script.CJK_LETTERS}]+(?:[・·、, ]{{0,2}}[{script.CJK_LETTERS}]+)*")
_LATIN_WORD = lazy(r"[A-Za-z]{2,}")
_TALK_OF_WORDS = lazy(
    r"\b(?:characters?|kanji|hanzi|kana|hiragana|katakana|hangul|pinyin|romaji|written|writes?|wrote|writing"
    r"|pronounced|spell(?:s|ed|ing)?|means?|meaning|literally|translat(?:es?|ed|ion)|called|reads?|words?|phrases?"
    r"|known as|named?|language|in (?:chinese|japanese|korean)|(?:chinese|japanese|korean)(?=:)|slogan|logo|title[ds]?"
    r"|terms? \w+(?= [\u3400-\u9fff])|tattoo(?:ed)?|hashtag|posters?|banners?|plates?|(?:full|half)-width)\b"
)
# A romanised name with its characters behind it ("Haneda 羽田"), and what is to be typed or pressed.
_NAME_BEFORE = lazy(r"\b(?P<name>[A-Z][a-z]{3,15}) \Z")
_NAMED = lazy(r"\b[A-Z][a-z]{3,15} [\u3400-\u9fff]{2}")
_TYPED = lazy(r"\b(?:[Tt]ypes?|[Ee]nter|[Pp]ress|[Cc]lick|[Tt]ap) \Z")
_OPENERS = "\"“'‘「『《(（[【<＜"
_CLOSERS = "\"”'’」』》)）]】>＞"
_NAME = lazy(r"(?<=[a-z] )[A-Z][a-z]{3,12}(?= [a-z])")
_WORDS = ("贺函", "摘帽", "静岡", "持续战", "古冶区", "テニス", "卧龙区")


def find(document: Document) -> Iterator[Finding]:
    """Runs of source-language characters with English around them that nothing marks as meant."""
    text = document.text
    if not script.CJK.search(document.beyond_ascii):
        return
    mentions = Mentions(_TALK_OF_WORDS, document.lowered)
    for match in _RUN.finditer(text):
        if "鈥" not in match.group() and not _is_meant(document, *match.span(), mentions):
            yield RULE.finding(*match.span(), None)


def _is_meant(document: Document, start: int, end: int, mentions: Mentions) -> bool:
    text = document.text
    before = text[max(0, start - 3) : start].rstrip()[-1:]
    after = text[end : end + 3].lstrip()[:1]
    if _follows_name(document, start, end) or _TYPED.search(text, max(0, start - 10), start):
        return True
    if (before and before in _OPENERS) or (after and after in _CLOSERS + "(（"):
        return True
    sentence = document.sentence_at(start)
    low, high = max(sentence.start, start - 200), min(max(sentence.end, end), end + 200)
    if mentions.within(low, high):
        return True
    around = text[low:start] + " " + text[end:high]
    if around.count("(", 0, start - low) > around.count(")", 0, start - low):
        return True
    foreign = sum(len(run) for run in _RUN.findall(around)) + end - start
    english = len(_LATIN_WORD.findall(around))
    return english < 4 or foreign > 4 * english


def _follows_name(document: Document, start: int, end: int) -> bool:
    """Whether the characters stand behind their reading in pinyin, or the sentence pairs names with characters."""
    name = _NAME_BEFORE.search(document.text, max(0, start - 24), start)
    if not name:
        return False
    sentence = document.sentence_at(start)
    low, high = max(sentence.start, start - 200), min(sentence.end, end + 200)
    if len(_NAMED.findall(document.text, low, high)) > 1:
        return True
    read = readings.nearest(name["name"], document.text[start : min(end, start + 8)], "zh")
    return bool(read) and read[0].spelling == name["name"].lower()


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Names copied from the source."""
    if script.CJK.search(document.text):
        return
    for match in _NAME.finditer(document.text):
        sentence = document.sentence_at(match.start())
        inside = document.text[sentence.start : sentence.end]
        if document.is_shielded(*match.span()) or _TALK_OF_WORDS.search(inside.lower()):
            continue
        if len(inside) < 300 and "(" not in inside and len(_LATIN_WORD.findall(inside)) > 5:
            yield Damage(*match.span(), random.choice(_WORDS))


RULE = Rule(
    code="ENC107",
    name="source-word",
    message="a word of the source language was not translated",
    level=Level.REPORT,
    severity=Severity.MAJOR,
    mqm="accuracy/untranslated",
    confidence=0.9,
    find=find,
    damage=damage,
    bad=(
        Example("The president said in a 贺函 that ties would grow.", None),
        Example("A plant in 古冶区 caught fire on Monday.", None),
        Example("In 2009 年 the firm sold its first car.", None),
        Example("He won the テニス final in May.", None),
    ),
    good=(
        "The hall (東京駅) opened in 1914.",
        "The poet Li Bai 李白 (701–762) drank.",
        "A banner with “加油” hung from the roof.",
        "The kanji 愛 has thirteen strokes.",
        "Her name is written 花子 on the card.",
        "床前明月光，疑是地上霜。",
        "The dish is called 親子丼 there.",
    ),
)
