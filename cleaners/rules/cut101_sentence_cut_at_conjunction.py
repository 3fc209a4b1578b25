"""Joins a sentence that was cut in two before a conjunction.

**What.** ``including around Japan. and shared their concerns.`` becomes ``… around Japan, and shared …``. Where the
second part starts with a capital, ``… around Japan. And shared their concerns.``, the same is suggested.

**Mechanism.** A long Japanese sentence is cut at a continuative verb form, its parts are translated apart,
and the second part starts in lower case.

**Left alone.** Abbreviations (``Inc. and``, ``p.m. and``), ellipses, text that does not capitalise its
sentences at all (lower-case writers, chat), and a lower-case start without a conjunction, which is CUT103's.
Before "and" with an article or preposition the edit is only suggested ("2 tbsp. and a pinch"). With a capital
only a past verb and its object tell that the subject stands before the stop; writers do so too, for effect.

**Source.** Seen in public machine translations of Japanese broadcast news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.segment import ends_with_abbreviation

_CONJUNCTIONS = "and|or|but|while|which|who|whom|whose|whereas|because|as well as|such as|including"
_CUT = lazy(rf"\.(?<=[a-zà-ÿ0-9)%]\.)(?= ?(?P<conjunction>{_CONJUNCTIONS}) (?P<next>[a-z]+)(?!\.)\b)")
# After "and" with one of these a noun phrase follows as often as a clause, as in "2 tbsp. and a pinch".
_DETERMINERS = frozenset(
    [
        "a",
        "an",
        "the",
        "his",
        "her",
        "its",
        "their",
        "one",
        "two",
        "three",
        "no",
        "in",
        "of",
        "on",
        "at",
        "for",
        "to",
        "from",
        "then",
        "around",
        "about",
        "by",
        "with",
        "as",
        "over",
        "under",
        "during",
        "between",
        "after",
        "before",
        "what",
        "how",
        "when",
        "where",
        "why",
        "who",
    ]
)
# Abbreviations that no list of the field holds, since they stand in recipes, dictionaries and catalogues.
_ABBREVIATED = lazy(
    r"\b(?:ibid|colloq|dial|canv|tbsp|tsp|yds|gals|pts|qts|Robt|Chas|Wm|Jas|cont|approx|incl|illus|tab|caps|Benth|Willd|Michx|Hants|Wilts|Berks|Bucks|Herts|Cambs|Northants|Assoc)\Z"
)
_FILE = lazy(r"[a-z]{3,}\.[a-z]{2,5}\Z")  # "config.yaml."
_SUBORDINATING = frozenset(("while", "whereas", "because"))
_LABEL = lazy(r"[\w .]{1,30}: [a-z]")
_JOINT = lazy(rf"(?<=[a-zà-ÿ)%]),(?= (?P<conjunction>{_CONJUNCTIONS}) (?P<next>[a-z]+)(?!\.)\b)")

# Words of three letters and less that close a sentence; any other may be an abbreviation that no list holds.
_WORDS = (
    "it|us|war|him|her|aid|law|oil|sea|way|day|men|far|too|now|so|up|out|off|for|to|go|all|one|two|six|ten|air|tax|job|"
    "bus|end|top|new|old|own|yet|ago|did|was|are|is|be|won|cut|hit|let|got|saw|led|fed|age|bid|boy|buy|die|eye|few|"
    "fly|gap|gun|hot|joy|key|low|man|me|not|pay|run|she|son|sun|try|use|we|win|you|big|gas|car|he|who"
)
_SHORT_WORD = lazy(rf"(?<!\w)(?!(?:{_WORDS})\Z)[a-z]{{1,3}}\Z")
# "And shared the…", "But asked for…": a past verb and what it governs, so that the subject must stand before the stop.
_RESTARTED = lazy(
    r"\.(?<=[a-zà-ÿ0-9)%]\.)(?= (?:And|But|Or) (?:[a-z]+ly )?"
    r"(?:[a-z]{2,}ed|said|made|took|gave|held|sent|saw|met|led|kept|left|told|brought|built|began)(?<!eed)(?<!hundred) "
    r"(?:the|an?|its|their|his|her|all|that|for|to|with) )"
)


def find(document: Document) -> Iterator[Finding]:
    """Full stops before a lower-case conjunction."""
    text = document.text
    for match in _CUT.finditer(text):
        stop = match.start()
        if ends_with_abbreviation(text, stop) or not _capitalises(document, stop):
            continue
        if _SHORT_WORD.search(text, max(0, stop - 4), stop):
            continue  # "rec. and": more likely an abbreviation that no list holds
        if _ABBREVIATED.search(text, max(0, stop - 8), stop):
            continue
        if text[stop + 1] != " " and text[stop - 1].isalpha():
            continue  # "object.and(x)", "site.or.jp"
        if _FILE.search(text, max(0, stop - 40), stop):
            continue
        sure = match["conjunction"] != "and" or match["next"] not in _DETERMINERS
        sure = sure and not text[stop - 1].isdigit()  # "questions 1. and 2."
        if match["conjunction"] in _SUBORDINATING and _has_main_clause(document, stop):
            sure = False  # "while we can hope, much is at stake": a sentence that lost its capital
        yield RULE.finding(
            stop,
            stop + 1,
            ",",
            level=Level.SAFE if sure else Level.SUGGEST,
            confidence=0.95 if sure else 0.7,
            proof=4,
        )
    yield from _restarts(document)


def _has_main_clause(document: Document, stop: int) -> bool:
    """Whether a comma parts the clause behind the stop from another one, which then is what it belongs to."""
    end = document.paragraph_at(stop).end
    rest = document.text[stop + 1 : min(end, stop + 400)]
    sentence = re.split(r"[.!?](?:\s|\Z)", rest, maxsplit=1)[0]
    return "," in sentence


def _restarts(document: Document) -> Iterator[Finding]:
    """Stops before a capitalised conjunction whose verb has its subject in the sentence before."""
    if not any(start in document.text for start in (". And ", ". But ", ". Or ")):
        return
    for match in _RESTARTED.finditer(document.text):
        if ends_with_abbreviation(document.text, match.start()):
            continue
        start, end = match.start(), match.start() + 3
        fix = ", " + document.text[end - 1].lower()
        yield RULE.finding(start, end, fix, level=Level.SUGGEST, confidence=0.6, proof=4)


def _capitalises(document: Document, stop: int) -> bool:
    """Whether the paragraph itself starts like a sentence: lower-case writers cut nothing."""
    paragraph = document.paragraph_at(stop)
    line = document.text[paragraph.start : stop]
    first = next((c for c in line if c.isalpha()), "a")
    return first.isupper() and _LABEL.match(line) is None


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A full stop for every comma before a conjunction that has a clause on either side."""
    text = document.text
    for match in _JOINT.finditer(text):
        comma, sentence = match.start(), document.sentence_at(match.start())
        if min(len(text[sentence.start : comma].split()), len(text[comma : sentence.end].split()) - 1) < 3:
            continue
        if match["conjunction"] == "and" and match["next"] in _DETERMINERS:
            continue  # not proof enough: see `find`
        if _capitalises(document, comma) and not _SHORT_WORD.search(text, max(0, comma - 4), comma):
            yield Damage(comma, comma + 1, ".")


RULE = Rule(
    code="CUT101",
    name="sentence-cut-at-conjunction",
    message="one sentence is cut in two before its conjunction",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/grammar",
    confidence=0.95,
    origin="ja",
    find=find,
    damage=damage,
    bad=(
        Example(
            "They noted drills around Japan. and shared their concerns.",
            "They noted drills around Japan, and shared their concerns.",
        ),
        Example("He praised the plan. but asked for time.", "He praised the plan, but asked for time."),
        Example("Aid rose by 4%. while trade fell.", "Aid rose by 4%, while trade fell."),
        Example("They praised the judge. who will retire in May.", "They praised the judge, who will retire in May."),
        Example(
            "The firm grew for a year. because rents were low.", "The firm grew for a year, because rents were low."
        ),
    ),
    good=(
        "Add 2 tbsp. and stir; see ibid. and compare.",
        "Nippon Steel Inc. and its partners met at 5 p.m. and left.",
        "It went on . . . and on... and ended.",
        "i saw it. and then i left. but who cares.",
        "The U.S. and Japan agreed. And so it was.",
        "Rec. and dom. genes; a gene is rec. and another dom. in type.",
        "See vol. ii, pp. iv etc. and so on.",
        "The list grew. Including the annex, it fills a book. Because of that, nobody reads it.",
        "The tests failed. But flaked cereals did well. And accumulated waste was treated.",
    ),
)
