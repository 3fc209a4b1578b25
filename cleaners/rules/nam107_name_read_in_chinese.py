"""Puts a Japanese or Korean name in place of the Chinese reading of its characters.

**What.** ``Japan's Foreign Minister Lin Fangzheng`` becomes ``Japan's Foreign Minister Yoshimasa Hayashi``;
``Yin Xiyue`` becomes ``Yoon Suk-yeol``, ``Dongdian`` ``TEPCO``.

**Mechanism.** Japanese and Korean names stand in Chinese text in characters, and the system reads them aloud as if
they were Chinese. The reading follows from the characters, so that none has to be listed.

**Left alone.** Chinese people of that name: the source must have the characters, and it or the text speak of Japan or
Korea, a title stand before the name, or the name be longer than Chinese ones. Where there is no source, a title must
stand before it in a text that speaks of Japan or Korea; a name as short as Chinese ones needs a title of theirs
("Japan's Foreign Minister"), else it is only suggested, and not at all in a sentence that speaks of China.
Places and, without a source, bodies are only suggested. With a source that has other characters nothing is found.

**Source.** Hanyu Pinyin (ISO 7098:2015) by the package pypinyin; characters from the glossary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity, Stage
from cleaners.lazily import lazy
from cleaners.lexicon import Lexicon
from cleaners.names import sound
from cleaners.names.misread import Misread, readings

_NAMES = lazy(r"(?<![\w’'-])[A-Z][a-z]+(?:[ -][A-Za-z][a-z]+){0,2}(?![\w-])")
_ABROAD = lazy(r"\b(?:Japan|Tokyo|Korea|Seoul|Okinawa)")
_TITLE = lazy(
    r"(?:Minister|President|Premier|Secretary|Governor|Chancellor|Ambassador|[Ss]pokesman|[Ss]pokeswoman|[Ll]eader"
    r"|[Mm]inister|[Pp]resident|[Pp]remier),? \Z"
)
# The title of one of these countries: "Japan's Foreign Minister", "In Seoul, President".
_THEIRS = lazy(
    r"(?:\b(?:Japan['’]s|Japanese|Korea['’]s|Korean|Tokyo['’]s|Seoul['’]s)"
    r"|(?P<there>\b[Ii]n (?:Japan|Tokyo|South Korea|Korea|Seoul)),)"
    r" (?:(?:Foreign|Prime|Defen[cs]e|Finance|Trade|Economy|Interior|Justice|Education|Health|Transport|Vice|Deputy"
    r"|Chief|Cabinet|Secretary|General|State|Opposition|Unification|Unity|government|opposition|[Aa]cting|[Ff]ormer"
    r"|then|new|[a-z]+-elect)[ -]){0,4}\Z"
)
_OF_A_BODY = lazy(r",? of (?!Japan\b|South Korea\b|Korea\b)")
_CHINA = lazy(r"\b(?:China|Chinese|Beijing|Taiwan|Taipei|Hong Kong|Macao|Macau|Shanghai|Singapore|Malaysia)")
_ABROAD_IN_SOURCE = lazy("日本|东京|東京|韩|韓")
_SURE = 3  # syllables that no other name has by chance
_LONG = 4  # syllables; Chinese names of people have two or three


def build(lexicon: Lexicon) -> Rule:
    """The rule with the names in characters of ``lexicon``."""

    def find(document: Document) -> Iterator[Finding]:
        """Readings in pinyin of names that are not Chinese."""
        if not document.source_text and not _ABROAD.search(document.text):
            return
        known = readings(lexicon.natives)
        heads = _heads(frozenset(known))
        done = 0
        for match in _WORD.finditer(document.text):
            if match.start() < done or match.group()[:3].lower() not in heads:
                continue
            found = _longest(document.text, match.start(), known)
            if found is None:
                continue
            end, meant = found
            done = end
            level = _level(document, meant, match.start(), end)
            if level:
                word = document.text[match.start() : end]
                yield rule.finding(
                    match.start(),
                    end,
                    meant.name,
                    level=level,
                    confidence=0.97 if level is Level.SAFE else 0.6,
                    message=f"{word!r} is how {meant.forms[0]}, {meant.name}, is read in Chinese",
                    drops=word,
                )

    rule = Rule(
        code="NAM107",
        name="name-read-in-chinese",
        message="the characters of a name were read in Chinese",
        level=Level.SAFE,
        severity=Severity.MAJOR,
        mqm="accuracy/mistranslation",
        confidence=0.97,
        origin="zh",
        find=find,
        damage=lambda document, random: _damage(document, random, lexicon),
        stage=Stage.NAME,
        bad=(
            Example("Japan's spokesman, Songye Boyi, agreed.", "Japan's spokesman, Hirokazu Matsuno, agreed."),
            Example("In Seoul, President Wen Zaiyin agreed.", "In Seoul, President Moon Jae-in agreed."),
            Example("In Japan, Premier Antian Wenxiong spoke.", "In Japan, Premier Fumio Kishida spoke."),
            Example("The power company Dongdian of Japan paid.", None),
        ),
        good=(
            "Lin Fangzheng teaches at Peking University.",
            "Japan's Foreign Minister Yoshimasa Hayashi met Lin Fang in Beijing.",
            "Yoon Suk-yeol of Korea met Yin Xi and Xi Yue.",
            "Dongdian is a village of Hebei.",
            "Tokyo met Wen Jiabao and Moon Jae-in.",
            "The Kongming lanterns flew over Japan.",
            "Lin Fangzheng, a violinist, lives in Tokyo.",
            "The Chinese spokesman, Mu Yuanren, wrote to Japan's Minister of Trade.",
        ),
    )
    return rule


_WORD = lazy(r"(?<![\w’'-])[A-Z][a-z]+")


def _heads(known: frozenset[str]) -> frozenset[str]:
    return frozenset(reading[:3] for reading in known) | frozenset(reading[:2] for reading in known)


def _longest(text: str, start: int, known: dict[str, Misread]) -> tuple[int, Misread] | None:
    """The longest stretch of up to three words from ``start`` that is a reading, and where it ends."""
    match = _NAMES.match(text, start)
    while match:
        meant = known.get(sound.plain(match.group()))
        if meant:
            return match.end(), meant
        cut = max(match.group().rfind(" "), match.group().rfind("-"))
        if cut < 0:
            return None
        match = _NAMES.fullmatch(text, start, start + cut)
    return None


def _level(document: Document, meant: Misread, start: int, end: int) -> Level | None:
    source = document.source_text
    if source and not any(form in source for form in meant.forms):
        return None
    abroad = _ABROAD.search(document.text) or (source and _ABROAD_IN_SOURCE.search(source))
    if meant.kind == "person":
        titled = _TITLE.search(document.text, max(0, start - 40), start) is not None
        if source:
            return Level.SAFE if abroad or titled or meant.syllables >= _LONG else Level.SUGGEST
        if not titled or meant.syllables < _SURE:
            return None
        if _is_theirs(document, meant, start, end):
            return Level.SAFE
        return None if _speaks_of_china(document, start) else Level.SUGGEST
    proved = source and abroad and meant.kind == "organisation" and max(map(len, meant.forms)) >= _SURE
    return Level.SAFE if proved else Level.SUGGEST


def _speaks_of_china(document: Document, start: int) -> bool:
    span = document.sentence_at(start)
    return _CHINA.search(document.text, span.start, span.end) is not None


def _is_theirs(document: Document, meant: Misread, start: int, end: int) -> bool:
    """Whether the title before a name is one of Japan or Korea, or, the name being no Chinese one, not of China."""
    text = document.text
    span = document.sentence_at(start)
    title = _TITLE.search(text, max(span.start, start - 40), start)
    theirs = title and _THEIRS.search(text, max(span.start, title.start() - 60), title.start())
    if not title or _OF_A_BODY.match(text, end):
        return False
    if theirs and not theirs["there"]:
        return True
    if title.group().startswith("Ambassador"):  # in Seoul it is another country's
        return False
    return bool(theirs or meant.syllables >= _LONG) and not _speaks_of_china(document, start)


def _damage(document: Document, random: Random, lexicon: Lexicon) -> Iterator[Damage]:
    """The reading of every full name whose characters are known, in a text that speaks of Japan or Korea."""
    if not _ABROAD.search(document.text):
        return
    for reading, meant in sorted(readings(lexicon.natives).items()):
        if meant.kind != "person" or meant.syllables < _SURE:
            continue
        for match in re.finditer(rf"(?<![\w-]){re.escape(meant.name)}(?![\w-])", document.text):
            if _is_theirs(document, meant, *match.span()):
                yield Damage(*match.span(), reading.capitalize())
