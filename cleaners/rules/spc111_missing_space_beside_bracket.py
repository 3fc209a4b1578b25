"""Puts back the space before or after round brackets.

**What.** ``Fair Trade(NAFTA)``, ``(GDP)for``, ``candidate(Brian Kemp)said`` get their blanks.

**Mechanism.** The full-width brackets of Chinese and Japanese carry their blank in the character; the plain ones
that systems set in their place do not.

**Left alone.** Brackets that belong to a word: ``person(s)``, ``(re)build``, ``copper(II)``, ``print(text)``,
chemical names, trade marks, smileys, formulas and code. What is glued must be a common word, and the brackets must
hold a short form in capitals, a name of two words, or several words.

**Source.** 5 per 10,000 lines of public system output for Chinese to English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.spacing import is_code

_INNER = r"(?:[A-Z]{3,8}|[A-Z][\w’'.-]*(?: [\w’'.-]+){1,6}|[a-z][a-z’'-]*(?: [\w’',.-]+){1,12})"
_WORDS = (
    "the|a|an|and|or|but|of|in|to|from|for|by|on|at|with|was|were|is|are|has|have|had|will|said|says|who|which|that|as|"
    "did|does|not|than|when|while|after|before|during|data|officials|issued|announced|expected"
)
_BEFORE = lazy(rf"(?P<at>\()(?<=[a-z]{{3}}\()(?<!\bfile\()(?={_INNER}\))")
_AFTER = lazy(rf"(?P<at>\))(?=(?:{_WORDS}) [\w(\"“'])")
_GLUED = lazy(r"\((?<=\w\()")
_HELD = lazy(rf"\({_INNER}\Z")
_ROMAN = lazy(r"[IVXLCDM]+\)")
_APART_BEFORE = lazy(rf" (?P<at>\()(?<=[a-z]{{3}} \()(?={_INNER}\))")
_APART_AFTER = lazy(rf"(?P<at>\)) (?=(?:{_WORDS}) [\w(\"“'])")
_EDGES = ' “"(\u00a0\n'
_WORD_BEFORE = lazy(rf"(?:\A|[{_EDGES}])[A-Z]?[a-z]{{2,}}\Z")
_SHORT = lazy(r"([A-Z]{3,8})\)")
_CHEMICAL = lazy(r"(?:poly|bis|kis|yl|oxy|amino|imino|chloro|fluoro|bromo)\Z", re.IGNORECASE)
# What introduces a word as a piece of code or of logic: "the macro max(left right)".
_NAMED_AS_CODE = lazy(
    r"\b(?:functions?|macros?|predicates?|operators?|commands?|signatures?|formulas?|verbs?|call|type|select)"
    r"(?: (?:is|such as|called|named|like))?[ “\"]\w+\Z",
    re.IGNORECASE,
)


def find(document: Document) -> Iterator[Finding]:
    """Brackets glued to the word before or behind them."""
    text = document.text
    for match in _BEFORE.finditer(text):
        if _is_before(document, match.start("at")):
            yield RULE.finding(*match.span("at"), " (", proof=4)
    for match in _AFTER.finditer(text):
        if _is_after(document, match.start("at")):
            yield RULE.finding(*match.span("at"), ") ", proof=4)


def _is_before(document: Document, at: int) -> bool:
    text = document.text
    if is_code(document, document.paragraph_at(at)):
        return False
    word = _WORD_BEFORE.search(text, max(0, at - 30), at)
    if word is None or _CHEMICAL.search(word.group()) or _is_code_name(document, at):
        return False
    return _is_aside(text, word.group().lstrip(_EDGES), at + 1)


def _is_code_name(document: Document, at: int) -> bool:
    """Whether the word before the bracket, or that of another bracket in the sentence, is introduced as code."""
    text, sentence = document.text, document.sentence_at(at)
    low, high = max(sentence.start, at - 200), min(sentence.end, at + 200)
    places = (match.start() for match in _GLUED.finditer(text, low, high))
    return any(_NAMED_AS_CODE.search(text, max(low, place - 60), place) for place in places)


def _is_aside(text: str, word: str, inside: int) -> bool:
    """Whether what the brackets hold is no part of the word: of a short form, its last letter starts the word."""
    if _ROMAN.match(text, inside):
        return False
    short = _SHORT.match(text, inside)
    return short is None or short[1][-1].lower() == word[0].lower()


def _is_after(document: Document, at: int) -> bool:
    text = document.text
    opening = text.rfind("(", max(0, at - 90), at)
    if opening < 0 or not _HELD.match(text[opening:at]) or _ROMAN.match(text, opening + 1):
        return False
    return not is_code(document, document.paragraph_at(at))


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """The blank before or behind brackets that hold a short form or words, gone."""
    text = document.text
    for match in _APART_BEFORE.finditer(text):
        blank = match.start()
        word = _WORD_BEFORE.search(text, max(0, blank - 30), blank)
        aside = word is not None and _is_aside(text, word.group().lstrip(_EDGES), match.end())
        if aside and not is_code(document, document.paragraph_at(blank)):
            yield Damage(blank, blank + 1, "")
    for match in _APART_AFTER.finditer(text):
        if _is_after(document, match.start("at")):
            yield Damage(match.end() - 1, match.end(), "")


RULE = Rule(
    code="SPC111",
    name="missing-space-beside-bracket",
    message="the bracket is glued to a word",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/typography",
    confidence=0.96,
    find=find,
    damage=damage,
    bad=(
        Example("The Free Trade Agreement(NAFTA) was kept.", "The Free Trade Agreement (NAFTA) was kept."),
        Example("Gross domestic product (GDP)for the year fell.", "Gross domestic product (GDP) for the year fell."),
        Example("The candidate(Brian Kemp)said he won.", "The candidate (Brian Kemp) said he won."),
        Example("The regions(cities and provinces)are many.", "The regions (cities and provinces) are many."),
    ),
    good=(
        "The person(s) who (re)build it use copper(II) and company(ies).",
        "Call print(hello world); and then f(NAME)of x.",
        "The word (Un)known and (in)to; EnronOnline(TM) is old.",
        "Iron(III) and the king Henry(VIII)of old.",
        "See Section 5(a)of the Act, and sub(MAX) here.",
        "He smiled (a little) and left.",
        "Poly(vinyl chloride) and bis(ethylene diamine) are old; the macro max(left right) and min(left right) too.",
    ),
)
