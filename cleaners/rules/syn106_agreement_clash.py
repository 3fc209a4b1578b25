"""Reports words side by side that no number or tense lets agree; a false participle is put right on request.

**What.** ``It has became law`` (``become``, a suggestion); ``because they was late``, ``many country of Asia``,
``one of the largest city in Asia``, ``each countries`` (reported).

**Mechanism.** Chinese and Japanese mark neither number nor person, and mark no tense on the verb; the system takes
each word's form from where it met the word most.

**Left alone.** Speech in quotation marks; questions and subjunctives (``if he were``, ``that he have``): a pronoun
counts only at the start of a sentence or behind "because" and its like; a noun that stands before another one
(``many city officials``, ``a students' union``); nouns that are a plural already or count as one (people, series);
"had" at the end of a relative clause ("the money we had went on rent").

**Source.** English morphology; closed lists of words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from random import Random

from cleaners import scan
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_PARTICIPLES = {
    "became": "become", "began": "begun", "went": "gone", "took": "taken", "wrote": "written", "gave": "given",
    "flew": "flown", "grew": "grown", "threw": "thrown", "drove": "driven", "broke": "broken", "chose": "chosen",
    "knew": "known", "fell": "fallen", "spoke": "spoken",
}  # fmt: skip
_PASTS = {participle: past for past, participle in _PARTICIPLES.items()}
_SURE = "became|began|went|took|wrote|gave|flew|grew|threw|drove|chose|knew"
_TENSE = lazy(
    rf"ha(?<=\bha)(?:s|ve|d|ving)(?: (?:also|already|just|not|never|recently|since|now))? (?P<past>{_SURE})\b(?!-)"
)
_PERFECT = lazy(rf"\b(?:has|have|had)(?: (?:also|already|never))? (?P<done>{'|'.join(_PASTS)})\b(?!-)")
# "the money we had went on rent": the pronoun's clause ends in "had", and the other verb has a subject of its own.
_CONTACT = lazy(
    r"(?:(?<![\w’'-])(?!(?:because|although|though|while|whereas|and|but|or|when|if|as|after|before|since|until|once|that"
    r"|said|says|than|so|where|then|now|later|also|suddenly|say|think|thinks|thought|believes?|believed|reports?|reported)"
    r" )[\w’'-]+|\b(?:all|everything|what|whatever)(?: \w+)?) (?:I|we|you|he|she|it|they)(?: ever)? \Z"
)
_TERM = lazy(r"(?:two|three|four|five|six|ten) (?:year|month)\Z")  # "the two year" is a bond
_NOUNS = {
    "country": "countries", "city": "cities", "company": "companies", "person": "persons", "year": "years",
    "month": "months", "problem": "problems", "province": "provinces", "enterprise": "enterprises",
    "student": "students", "official": "officials", "minister": "ministers", "expert": "experts",
    "reporter": "reporters", "analyst": "analysts", "region": "regions", "nation": "nations", "citizen": "citizens",
    "soldier": "soldiers", "leader": "leaders",
}  # fmt: skip
_SINGULAR, _PLURAL = "|".join(_NOUNS), "|".join(_NOUNS.values())
# Behind the noun, so that it is no attribute of another one.
_NO_NOUN = r"(?=[.,;:!?)]|\s*\Z| (?:of|in|that|which|who|are|were|have|will|can|from|is|was|has)\b)"
# Where a pronoun is a subject: at the start of a sentence, or behind a word that opens a clause.
_SUBJECT = lazy(r"(?:\A|[\n\r]|[.!?] |\b(?:because|although|while|whereas) )\Z")
_COUNTERS = r"[Mm]any|[Ss]everal|[Vv]arious|[Nn]umerous|[Tt]hese|[Tt]hose|two|three|four|five|six|ten"
_CLASHES = lazy(
    r"\b(?P<pronoun>[Ss]?[Hh]e (?:have|are|do|go|say|want|believe|think)"
    r"|(?:[Tt]hey|[Ww]e) (?:was|has|is|does|says|wants))\b"
    rf"|\b(?:{_COUNTERS}) (?:{_SINGULAR}){_NO_NOUN}"
    rf"|\b(?:a|an|each|every|another) (?:{_PLURAL}){_NO_NOUN}"
    r"|\b[Oo]ne of the (?:world's )?(?:most \w+|largest|biggest|best|main|major|richest|poorest|oldest)"
    rf" (?:{_SINGULAR}){_NO_NOUN}"
)
# What is quick to look for, since it begins with a plain string: a pronoun with its verb, a noun with what follows it;
# and what may stand before that noun.
_PRONOUNS = (
    lazy(r"he (?:have|are|do|go|say|want|believe|think)\b"),
    lazy(r"He (?:have|are|do|go|say|want|believe|think)\b"),
    lazy(r"hey (?:was|has|is|does|says|wants)\b"),
    lazy(r"we (?:was|has|is|does|says|wants)\b"),
    lazy(r"We (?:was|has|is|does|says|wants)\b"),
)
_INITIALS = sorted({noun[0] for noun in _NOUNS})
# By their first letters, since every word of a text is tried.
_BY_INITIAL = "|".join(
    initial + "(?:" + "|".join(noun[1:] for pair in _NOUNS.items() for noun in pair if noun[0] == initial) + ")"
    for initial in _INITIALS
)
_NOUN = lazy(rf" (?:{_BY_INITIAL}){_NO_NOUN}")
_LEAD = lazy(
    rf"\b(?:{_COUNTERS}|a|an|each|every|another"
    r"|[Oo]ne of the (?:world's )?(?:most \w+|largest|biggest|best|main|major|richest|poorest|oldest))\Z"
)
_LEAD_REACH = 80  # code points
_COUNTED = lazy(rf"\b(?:[Mm]any|[Ss]everal|[Vv]arious|[Nn]umerous) (?P<noun>{_PLURAL}){_NO_NOUN}")
_SINGULARS = {plural: singular for singular, plural in _NOUNS.items()}


def find(document: Document) -> Iterator[Finding]:
    """Clashes of number and tense outside quotations."""
    pairs = document.quotation.pairs
    for match in _TENSE.finditer(document.text):
        if not _quoted(pairs, match.start()) and not _ends_clause(document.text, match.start()):
            yield RULE.finding(*match.span("past"), _PARTICIPLES[match["past"]], proof=match.end() - match.start())
    for match in _clashes(document.text):
        start = match.start()
        if match["pronoun"] and not _SUBJECT.search(document.text, max(0, start - 10), start):
            continue
        if document.text[max(0, start - 4) : start].lower() == "the " and _TERM.match(match.group()):
            continue
        if not _quoted(pairs, start):
            yield RULE.finding(*match.span(), None, level=Level.REPORT)


def _clashes(text: str) -> Iterator[re.Match[str]]:
    """What ``_CLASHES`` finds, tried only where it can be."""
    yield from scan.around(_CLASHES, text, 1, *_PRONOUNS)
    for noun in _NOUN.finditer(text):
        lead = _LEAD.search(text, max(0, noun.start() - _LEAD_REACH), noun.start())
        match = lead and _CLASHES.match(text, lead.start())
        if match:
            yield match


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """The past for the participle, and the singular behind a word that counts."""
    pairs = document.quotation.pairs
    for match in _PERFECT.finditer(document.text):
        if (
            not _quoted(pairs, match.start())
            and not _ends_clause(document.text, match.start())
            and re.fullmatch(_SURE, _PASTS[match["done"]])
        ):
            yield Damage(*match.span("done"), _PASTS[match["done"]])
    for match in _COUNTED.finditer(document.text):
        if not _quoted(pairs, match.start()):
            yield Damage(*match.span("noun"), _SINGULARS[match["noun"]])


def _ends_clause(text: str, position: int) -> bool:
    """Whether the auxiliary at ``position`` may be the last word of a relative clause."""
    return _CONTACT.search(text, max(0, position - 40), position) is not None


def _quoted(pairs: tuple[tuple[int, int], ...], position: int) -> bool:
    index = bisect_right(pairs, (position, position))
    return any(end > position for _, end in pairs[max(0, index - 2) : index])


RULE = Rule(
    code="SYN106",
    name="agreement-clash",
    message="the words do not agree in number or tense",
    level=Level.SUGGEST,
    severity=Severity.MINOR,
    mqm="fluency/grammar",
    confidence=0.85,
    find=find,
    damage=damage,
    bad=(
        Example("The town has became a port.", "The town has become a port."),
        Example("Prices have also took a turn.", "Prices have also taken a turn."),
        Example("The ships had went home.", "The ships had gone home."),
        Example("The road was closed because they was late.", None),
        Example("It is read in many country of Asia.", None),
        Example("Osaka is one of the largest city in Asia.", None),
        Example("A treaty was sent to each countries.", None),
    ),
    good=(
        "What does he have, and where has she gone?",
        "If he were late, they would insist that he have a seat.",
        "Many city officials in several company towns took a two-year break.",
        "“They was late,” he said, “and he have gone.”",
        "A students' union met at a leaders' summit.",
        "The side facing them was lost, and the man behind you is late.",
        "A few countries and every two years.",
        "One of the largest city parks in Asia is here.",
        "He had known it, and she has become a judge.",
        "All those the minister has saw the door.",
    ),
)
