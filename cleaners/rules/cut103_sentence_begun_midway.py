"""Reports a sentence that begins in lower case with a verb or a preposition: its own beginning is missing.

**What.** ``Cooperate in various aspects. have been strengthened.``, ``… for residents. for the convenience of all,
…``: a stop in the middle of a sentence, and no conjunction behind it that a comma could join.

**Mechanism.** A long sentence is cut at a continuative verb form or a comma, its parts are translated apart, and
the system gives the first part a stop; what was the subject may have become a sentence of its own.

**Left alone.** Text that does not capitalise its sentences (lower-case writers, chat), lists with a, b, c or i, ii,
abbreviations, ellipses, statutes with clauses in lower case, and names that start so. Conjunctions are CUT101's, a
fragment of one to three words at the end of a paragraph is STR103's. Nothing is repaired: whether a comma, a
subject or a capital is missing cannot be proved.

**Source.** Outputs submitted to the WMT news tasks of 2018 to 2021.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.segment import Span, ends_with_abbreviation

_VERBS = "have|has|had|is|are|was|were|will|would|can|could|should|may|might|must|did|does|said|announced|added|called"
_PREPOSITIONS = (
    "of|in|on|at|to|for|by|with|from|into|under|between|among|during|through|against|towards?|over|after|before|since"
)
_OTHERS = "that|where|when|although|so that"
_BEGUN = lazy(rf"\. (?<=[a-zà-ÿ0-9)%”\"’]\. )(?P<first>(?:{_VERBS}|{_PREPOSITIONS}|{_OTHERS}) )(?=[\w\"“(])")
_JOINT = lazy(rf", (?:(?:{_PREPOSITIONS}|{_OTHERS}) )(?=\w+ \w+ )")
_LABEL = lazy(r"[\w .()]{0,30}[:;)] ?[a-z]|\W*[a-z]")  # a list item, or a line that itself starts so
# An ellipsis, or a name with marks of its own that may end in one: "nothing,nowhere." is a singer's.
_OWN_STOP = lazy(r"(?:\.[ .]?|[,.]\w{1,18})\.\Z")
# Abbreviations of recipes, catalogues and grammars that the list of the field lacks.
_ABBREVIATED = lazy(
    r"\b(?:deg|tbsp|tsp|yds|gals|pts|qts|doz|temp|intr|trans|masc|fem|neut|colloq|dial|ibid|illus|incl|excl|diam|cont|"
    r"specs?|comp|fol|marg|dat|gen|nom|acc|abl|ed|eds|tr)\.\Z",
    re.IGNORECASE,
)
_SHORT = 4  # words


def find(document: Document) -> Iterator[Finding]:
    """Sentences that open with a verb or preposition in lower case, amid sentences that open with a capital."""
    text = document.text
    for match in _BEGUN.finditer(text):
        stop = match.start()
        if ends_with_abbreviation(text, stop) or _OWN_STOP.search(text, max(0, stop - 20), stop + 1):
            continue
        if _ABBREVIATED.search(text, max(0, stop - 8), stop + 1):
            continue
        sentence, before = document.sentence_at(match.start("first")), document.sentence_at(stop)
        if sentence.start != match.start("first") or not _is_capitalised(document, before, sentence):
            continue
        if min(len(text[span.start : span.end].split()) for span in (sentence, before)) < _SHORT:
            continue
        yield RULE.finding(stop, sentence.start + len(match["first"]) - 1, None)


def _is_capitalised(document: Document, before: Span, sentence: Span) -> bool:
    """Whether the sentences on either side, in the same paragraph, start with a capital, a figure or a quotation."""
    text, paragraph = document.text, document.paragraph_at(sentence.start)
    if _LABEL.match(text, paragraph.start, paragraph.end) or _opens_low(text, before.start):
        return False
    following = document.sentence_at(min(sentence.end + 1, paragraph.end - 1))
    return following == sentence or not _opens_low(text, following.start)


def _opens_low(text: str, start: int) -> bool:
    return next((c for c in text[start : start + 6] if c.isalnum()), "A").islower()


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A stop for a comma before a preposition, one in a sentence, where both parts are long enough to tell."""
    text, done = document.text, -1
    for match in _JOINT.finditer(text):
        comma, sentence = match.start(), document.sentence_at(match.start())
        if sentence.start == done or not text[comma - 1].isalpha() or text[comma - 1].isupper():
            continue
        paragraph = document.paragraph_at(comma)
        parts = text[sentence.start : comma].split(), text[comma + 2 : sentence.end].split()
        if min(map(len, parts)) < _SHORT or _LABEL.match(text, paragraph.start, paragraph.end):
            continue
        cut = f"{text[sentence.start : comma]}. {text[comma + 2 : comma + 40]}"
        if _opens_low(text, sentence.start) or ends_with_abbreviation(cut, comma - sentence.start):
            continue
        done = sentence.start
        yield Damage(comma, comma + 1, ".")


RULE = Rule(
    code="CUT103",
    name="sentence-begun-midway",
    message="the sentence begins midway: its stop or its small letter is wrong, or its beginning is missing",
    level=Level.REPORT,
    severity=Severity.MAJOR,
    mqm="fluency/grammar",
    confidence=0.85,
    find=find,
    damage=damage,
    bad=(
        Example("Work together in many fields. have been made stronger by the visit.", None),
        Example("The clinics give the vaccine free of charge. for the convenience of the old, they open early.", None),
        Example("The firm renewed its request to all hotels. said that guests must wear masks. It begins today.", None),
    ),
    good=(
        "i went home late. for once it was quiet. in the end i slept.",
        "The ship of Nippon Steel Corp. in Kobe sailed. It will return.",
        "The panel met at 5 p.m. in the hall. It rose at six.",
        "He waited . . . for what? Nobody knew... in the end he left.",
        "a. The court may act. in such a case, b. applies.",
        "The noun is masc. in modern use. The verb is trans. in both.",
        "The sign read: no entry. The door was open. In the hall they found him.",
        "Store it at 5 deg. in a dry place for a week or more. Then eat it.",
        "Add 2 tbsp. of salt and stir for a while. Serve.",
    ),
)
