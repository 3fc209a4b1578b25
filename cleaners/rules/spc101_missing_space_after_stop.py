"""Puts back the space that is missing between two sentences.

**What.** ``Lithuania.Japan will``, ``countries".This is``, ``said."The plan`` become two sentences again.

**Mechanism.** Web engines translate sentence by sentence and join the results without a space, since
Chinese and Japanese have none after 。; scrapers lose it at inline tags.

**Left alone.** Abbreviations and initials (``U.S.``, ``St.Petersburg``, ``J.Smith``), web and file names
(``Booking.Com``, ``Node.js``), dotted identifiers, names that the document glues more than once
(``ABC.The``, ``ABC.Les``), and a figure on the right unless a lower-case word follows it, since it may be the mark
of a note. A quotation mark between the sentences is spaced only where all marks of the paragraph pair, so that its
direction is known. Between two capitalised words that nobody knows ("System.Out", "Cert.Ed") it is only suggested.

**Source.** 18.5 per 10,000 lines of public system output for Chinese and Japanese to English, none in the
human references beside them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from random import Random

from cleaners import scan
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.lexicon import Lexicon
from cleaners.segment import SENTENCE_OPENERS, Span, ends_with_abbreviation
from cleaners.spacing import words

# The left word is whole (blank, bracket or quote before it) and the right one starts a sentence.
_PLAIN = lazy(
    r"(?<![\w.@/\\#’'-])(?P<left>[A-Za-zÀ-ÿ][\w’'-]*[a-zA-Zà-ÿ]|\d{2,})(?P<close>[)\]]?)(?P<stop>[.!?])"
    r"(?P<right>[A-Z][a-zà-ÿ]+|[AI])(?=[\s,’';:])"
)
# The part of _PLAIN that is rare and quick to look for.
_JOINT = lazy(r"[.!?](?:[A-Z][a-zà-ÿ]+|[AI])[\s,’';:]")
_QUOTED_STOP = lazy(r"(?P<mark>[\"”])(?<=[\w)].)(?P<stop>[.!?])(?=(?P<right>[A-Z][a-zà-ÿ]*)[\s,’'])")
_STOP_QUOTED = lazy(r"(?P<stop>[.!?,])(?<=[\w)].)(?P<mark>[\"“”])(?P<right>[A-Z][a-zà-ÿ]*)(?=[\s,’'])")
# Two words of the same line on either side; figures and brackets count.
_WORDS_BEFORE = lazy(r"\S[ \u00a0]+[^\s\u00a0]+[ \u00a0]+[(\"“\[]?\Z")
_WORDS_AFTER = lazy(r"[,’'sreml]{0,3}(?:[ \u00a0,]+[^\s\u00a0]+){2}")
# "in total.10 people came", and not "products.24 Others" (the mark of a note) or "section.5 of".
_FIGURE_RIGHT = lazy(r"[.](?<=[a-z]{4}[.])(?=\d[\d,]*(?:\.\d+)? [a-z]{3,} [a-z])")
_BRACKET_RIGHT = lazy(r"[.!?](?<=[a-z]{2}[.!?])(?=\([A-Z][a-z]* [a-z]+[ ,])")
# Where a mark is what is rare: a quick look for it, and then for what may stand before it.
_BRACKETS = lazy(r"\((?<=[.!?]\()")
_CLOSED = (lazy(r"\"[.!?][A-Z]"), lazy(r"”[.!?][A-Z]"))
_OPENED = tuple(lazy(rf"{mark}(?<=[.!?,]{mark})[A-Z]") for mark in '"“”')
_WHOLE_WORD = lazy(r"(?:\A|[ (“\"\u00a0])([A-Za-z][a-z’'-]*)\Z")
_LABELS = words("section appendix figure table page item chapter release version part para clause annex note")
_CALENDAR = words(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April June July August September "
    "October November December"
)
# Short forms that count with a letter or a Roman figure: "vol.I", "vit.A".
_COUNTED = words(
    "vol vols chap art arts para paras pt bk fig figs eq vit cat apt act scene no nos op str ave hep sec app cl col sch"
)
_VOWEL = lazy("[aeiouy]")
_MEMBER = lazy(r"(?<![\w.-])([a-z]{1,30})\.([A-Za-z][a-z]+)\b")
_CLOSE = 30  # code points: no sentence is so short that its last word is the one before it again
# Ends of web, file and company names.
_GLUED_CAPITALS = lazy(r"\b([A-ZÀ-Þ][A-ZÀ-Þ\d’'-]*)\.[A-Z][a-z]")
_DOMAINS = frozenset(
    ("Com", "Org", "Net", "Gov", "Edu", "Jp", "Cn", "Uk", "Fr", "Ru", "Io", "Ai", "Tv", "Js", "Py", "Co")
)
_LEFT_END = lazy(
    r"(?:(?<![\w.@/\\#-])(?:[A-Za-zÀ-ÿ][\w’'-]*[a-zA-Zà-ÿ]|\d{2,})[)\]]?(?P<stop>[.!?])[\"”]?|[\w)][\"”][.!?])\Z"
)
_RIGHT_START = lazy(r"[\"“]?(?P<word>[A-Z][a-zà-ÿ]+|[AI])(?=[\s,’'])")
_INTRODUCED = lazy(r"\w, [\"“][A-Z][a-zà-ÿ]*[\s,’']")


def build(lexicon: Lexicon) -> Rule:
    """The rule with the names of ``lexicon``."""

    def find(document: Document) -> Iterator[Finding]:
        """Places where a sentence follows another without a space."""
        text = document.text
        members: dict[str, set[str]] = {}
        glued: Counter[str] | None = None
        for match in _plain(text):
            stop = match.start("stop")
            if glued is None:
                glued = Counter(_GLUED_CAPITALS.findall(text))
            if _is_one_name(match) or _is_series(text, match, glued):
                continue
            if match["left"].islower() and match["right"] not in SENTENCE_OPENERS:
                members = members or _members(text)
                if _is_object(match["left"], members):
                    continue
            if _between_sentences(text, match) and not ends_with_abbreviation(text, stop):
                sure = _opens_sentence(match["left"], match["right"], lexicon)
                yield _spaced(rule, text, stop, sure=sure, proof=len(match.group()))
        for match in (*_FIGURE_RIGHT.finditer(text), *scan.around(_BRACKET_RIGHT, text, 1, _BRACKETS)):
            word = _WHOLE_WORD.search(text, max(0, match.start() - 30), match.start())
            if word and word[1].lower() not in _LABELS and not ends_with_abbreviation(text, match.start()):
                yield _spaced(rule, text, match.start(), sure=True, proof=4)
        if '"' in text or "”" in text or "“" in text:
            yield from _beside_quotes(document, rule, lexicon)

    rule = Rule(
        code="SPC101",
        name="missing-space-after-stop",
        message="two sentences are joined without a space",
        level=Level.SAFE,
        severity=Severity.MINOR,
        mqm="fluency/typography",
        confidence=0.98,
        find=find,
        damage=damage,
        bad=(
            Example(
                "The summit was held in Lithuania.Japan was invited.",
                "The summit was held in Lithuania. Japan was invited.",
            ),
            Example(
                'They are called the "four countries".This is new.',
                'They are called the "four countries". This is new.',
            ),
            Example("Kishida met NATO.Reuters reports a deal.", "Kishida met NATO. Reuters reports a deal."),
            Example("It was adopted in 2019.The text is short.", "It was adopted in 2019. The text is short."),
            Example("It was shut (in May).During June 3,000 came.", "It was shut (in May). During June 3,000 came."),
            Example("It began on Friday.Part one was dull.", "It began on Friday. Part one was dull."),
            Example("It closed in May.(The shop is new.) He left.", "It closed in May. (The shop is new.) He left."),
            Example("We saw ten in total.12 people left us.", "We saw ten in total. 12 people left us."),
            Example('"We are ready."He left at once.', '"We are ready." He left at once.'),
            Example('The envoy said,"We are ready."', 'The envoy said, "We are ready."'),
        ),
        good=(
            "U.S. officials met St.Petersburg's mayor and Dr.Smith.",
            "He works for Booking.Com and writes Node.js code in System.Out style.",
            "The Liberals or ABC.The Liberals (ABC.Les Liberaux) won, like Mark EI.London Taylor.",
            "They are fine products.24 Others say so; see section.5 of it, and vol.14 of that.",
            "The will.I.Am concert began at 7 p.m. on Friday.",
            "Use object.Method() or pkg.Type here.",
            "You see that list.Add puts one in and list.Remove takes it out; fmt.Println does not.",
            "In Go you call time.After or time.Since when you ask how long it took.",
            "She quotes it from vol.I of the letters and from art.I as well.",
            "See J.Smith and R.Jones, Vol.II, No.5.",
            "Version 2.Beta is not out; Web2.0.Final neither.",
            'NATO is "a body of Europe."Let\'s face it with our friends. "',
        ),
    )
    return rule


def _plain(text: str) -> Iterator[re.Match[str]]:
    """What ``_PLAIN`` finds, looked for only where it can be: from the blank before a joint."""
    floor = 0
    for joint in _JOINT.finditer(text):
        begin = max(floor, text.rfind(" ", floor, joint.start()) + 1)
        match = _PLAIN.search(text, begin, joint.end())
        floor = match.end() if match else joint.start() + 1  # no stop stands inside a left word
        if match:
            yield match


def _is_one_name(match: re.Match[str]) -> bool:
    left, right = match["left"], match["right"]
    if right in _DOMAINS or left in ("Mc", "Mac"):
        return True
    if len(right) == 1:
        return not left.islower() or left in _COUNTED  # "Grew.A", a label
    # "Yahoo!Japan": a name may end in such a mark, and "?" may be a character that was lost.
    return match["stop"] != "." and not (left[:1].islower() and right in SENTENCE_OPENERS)


def _is_series(text: str, match: re.Match[str], glued: Counter[str]) -> bool:
    """Whether the document glues the same capitals again: "ABC.The" and "ABC.Les" are one name in two languages.

    ``glued``: how often each word in capitals stands so.
    """
    left = match["left"]
    if left.islower():
        again = rf"(?<![\w.-]){re.escape(left)}\.[A-Z][a-z]"
        around = text[max(0, match.start() - _CLOSE) : match.start()] + "|" + text[match.end() : match.end() + _CLOSE]
        return re.search(again, around) is not None
    return left.isupper() and glued[left] > 1


def _members(text: str) -> dict[str, set[str]]:
    """What stands glued behind each lower-case word and its stop."""
    found: dict[str, set[str]] = {}
    for left, right in _MEMBER.findall(text):
        found.setdefault(left, set()).add(right)
    return found


def _is_object(left: str, members: dict[str, set[str]]) -> bool:
    """Whether the document takes several members of one thing: "list.Add ... list.Remove", "data.frame"."""
    names = members.get(left, set())
    return not _VOWEL.search(left) or len(names - SENTENCE_OPENERS) > 1 or any(name.islower() for name in names)


def _between_sentences(text: str, match: re.Match[str]) -> bool:
    """Whether enough words stand on either side: "pkg.Type here" is one name in a sentence."""
    return bool(_WORDS_BEFORE.search(text, max(0, match.start() - 40), match.start())) and bool(
        _WORDS_AFTER.match(text, match.end())
    )


def _beside_quotes(document: Document, rule: Rule, lexicon: Lexicon) -> Iterator[Finding]:
    text, quotation = document.text, document.quotation
    opening = {start for start, _ in quotation.pairs}
    closing = {end for _, end in quotation.pairs}
    alone = {document.paragraph_at(mark) for mark in (*quotation.unclosed, *quotation.unopened)}
    for match in scan.around(_QUOTED_STOP, text, 0, *_CLOSED):
        if match.start("mark") in closing:
            sure = match["right"] in SENTENCE_OPENERS or match["right"] in lexicon.names
            yield _spaced(rule, text, match.start("stop"), sure=sure, proof=4)
    for match in scan.around(_STOP_QUOTED, text, 1, *_OPENED):
        mark, stop = match.start("mark"), match.start("stop")
        if document.paragraph_at(mark) in alone:
            continue
        if mark in closing and match["stop"] != ",":
            yield _spaced(rule, text, mark, sure=True, proof=4)
        elif mark in opening and not text[stop - 1].isdigit():
            yield _spaced(rule, text, stop, sure=True, proof=4)


def _spaced(rule: Rule, text: str, at: int, *, sure: bool, proof: int) -> Finding:
    level, confidence = (Level.SAFE, 0.98) if sure else (Level.SUGGEST, 0.75)
    return rule.finding(at, at + 1, text[at] + " ", level=level, confidence=confidence, proof=proof)


def _opens_sentence(left: str, right: str, lexicon: Lexicon) -> bool:
    """Whether a sentence surely starts: after a common word, with a word that opens sentences, beside a known name.

    Two capitalised words that nobody knows may be one name: "System.Out", "Cert.Ed".
    """
    if not left[0].isupper() or left in _CALENDAR:
        return True
    if right in SENTENCE_OPENERS or left in lexicon.names:
        return True
    return right in lexicon.names and len(left) > 2  # "Mark EI.London", a misread initial


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """The single blank between two sentences, or between a comma and the quotation it introduces, gone."""
    text = document.text
    for left, right in pairwise(document.sentences):
        if text[left.end : right.start] != " " or min(_words(text, left), _words(text, right)) < 4:
            continue
        stop = _LEFT_END.search(text, left.start, left.end)
        start = _RIGHT_START.match(text, right.start, right.end)
        if stop and start and start["word"] not in _DOMAINS and not ends_with_abbreviation(text, stop.start("stop")):
            yield Damage(left.end, right.start, "")
    for opening, _ in document.quotation.pairs:
        if _INTRODUCED.match(text, max(0, opening - 3)):
            yield Damage(opening - 1, opening, "")


def _words(text: str, sentence: Span) -> int:
    return len(text[sentence.start : sentence.end].split())
