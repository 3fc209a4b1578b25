"""Joins an apostrophe ending to its word.

**What.** ``Japan 's``, ``the company ' s``, ``I 'm``, ``they ' re``, ``the 90 's`` become one word again.

**Mechanism.** Systems work on tokens, with ``'s`` and ``'m`` as tokens of their own; where the last step is missing
or the apostrophe came as an HTML character reference, the blanks stay.

**Left alone.** A quotation in single marks (``the 's sound'``, ``the suffix 's'``), Dutch names
(``in 's-Hertogenbosch``), ``'s`` after a word that possesses nothing (``of 's``), and plural possessives
(``allies '``), which look like the end of a quotation.

**Source.** 29 per 10,000 lines of the outputs submitted to the WMT news tasks for Chinese to English; in 3 million
words of edited English a handful, each of them a slip.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.spacing import words

_GOES_ON = r"(?=[ ,.;:!?)\"”]|\s|\Z)"
# A Dutch word that begins so, and the end of a file's name.
_NO_ENDING = r"(?! (?:avonds|morgens|ochtends|middags|nachts|zomers|winters|[A-Z]\w+e[nr]hage)\b|\.[a-z])"
_POSSESSIVE = rf"(?P<owner>[^\W_]{{2,}}|\d0)(?P<s> ['’]s| ?['’] s){_GOES_ON}(?! *['’]){_NO_ENDING}"
_SHORTENED = (
    rf"(?P<person>\b(?:[Yy]ou|[Hh]e|[Ss]he|[Ii]t|[Ww]e|[Tt]hey|I|[Tt]hat|[Tt]here|[Ww]ho))"
    rf"(?P<verb> ['’](?:re|ve|ll|m|d)| ?['’] (?:re|ve|ll|m)){_GOES_ON}"
)
_NEGATED = (
    rf"(?P<aux>\b(?:[Dd]o|[Dd]oes|[Dd]id|[Ii]s|[Aa]re|[Ww]as|[Ww]ere|[Hh]ave|[Hh]as|[Hh]ad|[Ww]ould|[Cc]ould|"
    rf"[Ss]hould|[Cc]a|[Ww]o|[Mm]ust|[Nn]eed))(?P<nt> n['’]t|n ['’]t|n ?['’] t){_GOES_ON}"
)
_TORN = lazy(rf"(?<![\w'’-])(?:{_NEGATED}|{_SHORTENED}|{_POSSESSIVE})")
# The part of _TORN that is rare and quick to look for.
_PREFILTER = lazy(r" ['’] ?(?:s|re|ve|ll|m|d|t)\b|['’] (?:s|re|ve|ll|m|t)\b| n['’]t\b")
# A part of that which every such place has, beside the mark, so that nothing is tried where none stands.
_MARK = lazy(r"['’](?:(?<= ['’]) ?(?:s|re|ve|ll|m|d|t)\b| (?:s|re|ve|ll|m|t)\b|(?<= n['’])t\b)")
_OPENING = lazy(r"(?<![\w'’])['‘’](?=\w)(?![smdt]\b|(?:re|ve|ll)\b)")
_CLOSING = lazy(r"(?<=[\w.,!?])['’](?!\w)")
# Before these nothing can own: a single mark behind them opens a quotation or a name.
_NO_OWNER = words(
    "near under over between against into onto upon through without within via like around "
    "the an and or but nor of in on at to from by with for as if than is are was were be been has have had do did does "
    "not no his her its their our my your this these those letter suffix ending plural possessive genitive clitic "
    "marker sound apostrophe called means named says said write writes wrote"
)
_SPEAKS_OF_SPELLING = lazy(
    r"\b(?:token(?:i[sz]\w+|s)?|clitics?|apostrophes?|genitives?|gloss(?:es|ed)?|scribes?|spell(?:s|ings?|ed)|spelt)\b"
)
_WHOLE = lazy(r"(?<=[A-Za-z]{2})['’](?:s|re|ve|ll|m)(?=[ ,.])")


def find(document: Document) -> Iterator[Finding]:
    """Apostrophe endings that stand apart from their word."""
    text = document.text
    if not _MARK.search(text):
        return
    for place in _PREFILTER.finditer(text):
        match = _torn_at(text, place)
        if match is None or _is_quoted(document, match):
            continue
        group = next(name for name in ("s", "verb", "nt") if match[name])
        if group == "verb" and match["verb"].strip("'’ ") == "m" and match["person"] != "I":
            continue
        start, end = match.span(group)
        yield RULE.finding(start, end, match[group].replace(" ", ""), proof=len(match.group()))


def _torn_at(text: str, place: re.Match[str]) -> re.Match[str] | None:
    """The word whose ending is torn off at ``place``."""
    start = place.start()
    while start > 0 and start > place.start() - 40 and (text[start - 1].isalnum()):
        start -= 1
    match = _TORN.match(text, start)
    if match is None or match.end() < place.end():
        return None
    return None if match["owner"] and match["owner"].lower() in _NO_OWNER else match


def _is_quoted(document: Document, match: re.Match[str]) -> bool:
    """Whether the mark may open or close a quotation in single marks, or the sentence speaks of how one writes."""
    sentence = document.sentence_at(match.start())
    low, high = max(sentence.start, match.start() - 300), min(sentence.end, match.end() + 300)
    if _SPEAKS_OF_SPELLING.search(document.lowered, low, high):
        return True
    if _OPENING.search(document.text, max(sentence.start, match.start() - 300), match.start()):
        return True
    return _CLOSING.search(document.text, match.end(), min(sentence.end, match.end() + 300)) is not None


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A blank before, now and then on both sides of, the apostrophe of an ending."""
    text = document.text
    for match in _WHOLE.finditer(text):
        mark, ending = match.group()[0], match.group()[1:]
        bad = random.choice((f" {mark}{ending}", f" {mark}{ending}", f" {mark} {ending}"))
        torn = text[max(0, match.start() - 40) : match.start()] + bad + text[match.end() : match.end() + 1]
        place = _PREFILTER.search(torn, len(torn) - len(bad) - 1)
        found = place and _torn_at(torn, place)
        if found and not _is_quoted(document, match) and (ending != "m" or found["person"] == "I"):
            yield Damage(match.start(), match.end(), bad)


RULE = Rule(
    code="SPC108",
    name="torn-apostrophe",
    message="a blank stands before the apostrophe",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/typography",
    confidence=0.97,
    find=find,
    damage=damage,
    bad=(
        Example("Japan 's exports and China 's imports rose.", "Japan's exports and China's imports rose."),
        Example("The company ' s shares fell.", "The company's shares fell."),
        Example("I 'm sure that they 're ready, and it ’s late.", "I'm sure that they're ready, and it’s late."),
        Example("He grew up in the 90 's in Ohio.", "He grew up in the 90's in Ohio."),
    ),
    good=(
        "The 's sound' and the suffix 's' are hard to hear.",
        "They met in 's-Hertogenbosch and near 's Gravenzande.",
        "The allies ' plan was Japan's own.",
        "She wrote 's' and 'd' on the board, and they 'd' it.",
        "They called it 'the king 's way' there.",
        "Rock 'n' roll of the '90s, and 'tis true.",
        "The sign for seconds is ' s or \".",
        "The tokens are John 's and do n't; 'tis the file data 's.txt, and they sail 's avonds.",
    ),
)
