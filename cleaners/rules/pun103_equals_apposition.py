"""Rewrites ``EU = European Union`` as ``EU (European Union)``; reports other equals signs in prose.

**What.** An acronym, an equals sign, and the full name the acronym stands for. In a text from Japanese also what
stands there between a person and a place or office, or behind a caption, which is only reported.

**Mechanism.** Japanese news sets an explanation between ＝ signs; the system carries the sign over.

**Left alone.** Formulas (``E = mc²``), assignments, legends, and everything where the initials of the words do
not spell the acronym: that they do is the proof. Only after an article, a preposition or a verb of the news, or at
the start of a sentence, and where the sentence goes on, is it prose; in a text from Japanese after any word but
"where", and at the end of a sentence too.

**Source.** The usage of ＝ in Japanese newspapers and broadcast scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.segment import Span

_SMALL = frozenset(["of", "the", "and", "for", "on", "in", "to", "with"])
_EQUATION = lazy(
    r"(?<![\w=(/-])(?P<acronym>[A-Z][A-Za-z]{0,8}[A-Z]) ?[=＝] ?"
    r"(?P<words>[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]+|of|the|and|for|on|in|to|with))*)"
)
_IN_PROSE = lazy(
    r"\b(?:[Tt]he|[Aa]n?|[Ww]ith|[Oo]f|[Bb]y|[Tt]o|[Ff]rom|[Ff]or|[Bb]etween|[Aa]nd|[Ii]n|[Ii]nto|[Aa]gainst|[Aa]mong|"
    r"[Aa]bout|[Aa]t|on|within|under|through|toward|towards|inside|outside|via|but|or|that|than|because|its|their|"
    r"our|joined|joins|join|left|told|urged|asked|said|says|met|visited|backed|leads?|led|headed|called|warned) \Z"
)
_CLAUSE = lazy(r"\b(?:that|because) \Z")
_IS_OVER = lazy(r"[,)]| (?:on|in|at|by|to|from|for|as|and|but|or|which|who|when|if|because)\b")
_GOES_ON = lazy(r"[,)]? \w")
_ENDS = lazy(r"[.;]")
_AFTER_WORD = lazy(r"(?<![\w.])(?!where )[a-z]+ \Z")
# What ＝ leaves behind other words: a blank on either side, or the full-width sign.
_BARE = lazy(r"[=＝](?:(?<=[^\W_] =)(?= [^\W_“\"(])|(?<=[)”\"] =)(?= [^\W_“\"(])|(?<=[^\s=]＝)(?=[^\s=]))")
_MATHS = lazy(r"[+*/^<>{}|×÷±²³∑√≤≥]|==|[=＝][^=＝\n]{0,40}[=＝]|\b[A-Za-z] ?[=＝]|[=＝] ?[A-Za-z]\b(?!-)")
_LINE = 2000  # code points of a paragraph that are read for signs of reckoning
_PROSE = 6  # words that a line of prose has at least
_BRACKETED = lazy(
    r"(?<![\w=(/-])(?P<acronym>[A-Z][A-Za-z]{0,8}[A-Z]) "
    r"\((?P<words>[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]+|of|the|and|for|on|in|to|with))*)\)"
)


def find(document: Document) -> Iterator[Finding]:
    """Equations whose right side begins with the words the acronym abbreviates."""
    text = document.text
    if "=" not in text and "＝" not in text:
        return
    japanese = document.origin == "ja"
    mended: set[int] = set()
    for match in _EQUATION.finditer(text):
        name = _spelled_out(match["acronym"], match["words"])
        if name is None or not _in_prose(document, match.start(), japanese):
            continue  # a legend, a formula: "Key: EU = European Union", "where GDP = …"
        end = match.start("words") + len(name)
        if _CLAUSE.search(text, max(0, match.start() - 8), match.start()) and _IS_OVER.match(text, end):
            continue  # "taught that EU = European Union on Monday": the sign is the verb
        if not _GOES_ON.match(text, end) and not (japanese and _ENDS.match(text, end)):
            continue
        mended.update(range(match.start(), end))
        yield RULE.finding(match.start(), end, f"{match['acronym']} ({name})")
    verdicts: dict[Span, bool] = {}
    for match in _BARE.finditer(text) if japanese or "＝" in text else ():
        sign = match.start()
        if sign in mended or not (japanese or match.group() == "＝") or document.is_shielded(sign, sign + 1):
            continue
        paragraph = document.paragraph_at(sign)
        if paragraph not in verdicts:
            verdicts[paragraph] = _is_news(text, paragraph)
        if verdicts[paragraph]:
            yield RULE.finding(sign, sign + 1, None, level=Level.REPORT, confidence=0.8, message=_REPORTED)


def _in_prose(document: Document, start: int, japanese: bool) -> bool:
    """Whether what stands before the acronym shows a sentence that is under way, or begins here."""
    if start == document.sentence_at(start).start:
        return True
    before = _IN_PROSE.search(document.text, max(0, start - 9), start)
    return before is not None or (japanese and _AFTER_WORD.search(document.text, max(0, start - 20), start) is not None)


def _is_news(text: str, paragraph: Span) -> bool:
    """Whether the line is one of prose and reckons nothing."""
    line = text[paragraph.start : min(paragraph.end, paragraph.start + _LINE)]
    return len(line.split()) >= _PROSE and not _MATHS.search(line)


def _spelled_out(acronym: str, words: str) -> str | None:
    """The leading words whose initials spell the acronym; small words count or not, as they fit."""
    letters = acronym.upper()
    for small_count in (False, True):
        position = 0
        end = 0
        for word in re.finditer(r"\S+", words):
            if position == len(letters):
                break
            if word.group() in _SMALL and not small_count:
                continue
            if word.group()[0].upper() != letters[position]:
                break
            position += 1
            end = word.end()
        if position == len(letters):
            return words[:end]
    return None


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Every acronym that its full name follows in brackets, with an equals sign in place of the brackets."""
    text = document.text
    for match in _BRACKETED.finditer(text):
        paragraph = document.paragraph_at(match.start())
        whole_line = match.start() == paragraph.start and match.end() >= paragraph.end - 1
        line = text[paragraph.start : paragraph.end]
        if (
            whole_line
            or "=" in line
            or "＝" in line
            or _spelled_out(match["acronym"], match["words"]) != match["words"]
        ):
            continue
        yield Damage(*match.span(), random.choice((" = ", " = ", "＝")).join(match.group("acronym", "words")))


_REPORTED = "the equals sign of Japanese news stands between words"

RULE = Rule(
    code="PUN103",
    name="equals-apposition",
    message="an equals sign stands where English puts the full name in brackets",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/grammar",
    confidence=0.98,
    origin="ja",
    find=find,
    damage=damage,
    bad=(
        Example(
            "NATO = North Atlantic Treaty Organization Secretary General Stoltenberg left.",
            "NATO (North Atlantic Treaty Organization) Secretary General Stoltenberg left.",
        ),
        Example("The EU = European Union agreed.", "The EU (European Union) agreed."),
        Example(
            "He joined the IMF＝International Monetary Fund in May.",
            "He joined the IMF (International Monetary Fund) in May.",
        ),
        Example(
            "Of the EU = European Union and the UN = United Nations he said nothing.",
            "Of the EU (European Union) and the UN (United Nations) he said nothing.",
        ),
        Example("The DOD = Department of Defense said so.", "The DOD (Department of Defense) said so."),
        Example(
            "Norway joined NATO = North Atlantic Treaty Organization in 1949.",
            "Norway joined NATO (North Atlantic Treaty Organization) in 1949.",
        ),
        Example("Children caught eels at the pond on Sunday＝Kosai City.", None),
    ),
    good=(
        "Einstein wrote E = mc² in 1905.",
        "GDP = Gross Domestic Product",
        "Key: EU = European Union, UN = United Nations.",
        "Set PATH = Home and go on.",
        "The UK = Europe's problem, he said.",
        "Divide as shown below, where the mass＝m and the speed＝v are known.",
        "In the script of the report, put the line LT = Long Term at the top.",
    ),
)
