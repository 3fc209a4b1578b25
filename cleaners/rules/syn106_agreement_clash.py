"""Reports words side by side that no number or tense lets agree; a false participle is put right on request.

**What.** ``It has became law`` (``become``, a suggestion); ``because they was late``, ``many country of Asia``,
``one of the largest city in Asia``, ``each countries`` (reported).

**Mechanism.** Chinese and Japanese mark neither number nor person, and mark no tense on the verb; the system takes
each word's form from where it met the word most.

**Left alone.** Speech in quotation marks; questions and subjunctives (``if he were``, ``that he have``): a pronoun
counts only at the start of a sentence or behind "because" and its like; a noun that stands before another one
(``many city officials``, ``a students' union``); nouns that are a plural already or count as one (people, series).

**Source.** English morphology; closed lists of words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity

_PARTICIPLES = {
    "became": "become", "began": "begun", "went": "gone", "took": "taken", "wrote": "written", "gave": "given",
    "flew": "flown", "grew": "grown", "threw": "thrown", "drove": "driven", "broke": "broken", "chose": "chosen",
    "knew": "known", "fell": "fallen", "spoke": "spoken",
}  # fmt: skip
_PASTS = {participle: past for past, participle in _PARTICIPLES.items()}
_SURE = "became|began|went|took|wrote|gave|flew|grew|threw|drove|chose|knew"
_TENSE = re.compile(
    rf"\b(?:has|have|had|having)(?: (?:also|already|just|not|never|recently|since|now))? (?P<past>{_SURE})\b(?!-)"
)
_PERFECT = re.compile(rf"\b(?:has|have|had)(?: (?:also|already|never))? (?P<done>{'|'.join(_PASTS)})\b(?!-)")
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
_SUBJECT = re.compile(r"(?:\A|[\n\r]|[.!?] |\b(?:because|although|while|whereas) )\Z")
_COUNTERS = r"[Mm]any|[Ss]everal|[Vv]arious|[Nn]umerous|[Tt]hese|[Tt]hose|two|three|four|five|six|ten"
_CLASHES = re.compile(
    r"\b(?P<pronoun>[Ss]?[Hh]e (?:have|are|do|go|say|want|believe|think)"
    r"|(?:[Tt]hey|[Ww]e) (?:was|has|is|does|says|wants))\b"
    rf"|\b(?:{_COUNTERS}) (?:{_SINGULAR}){_NO_NOUN}"
    rf"|\b(?:a|an|each|every|another) (?:{_PLURAL}){_NO_NOUN}"
    r"|\b[Oo]ne of the (?:world's )?(?:most \w+|largest|biggest|best|main|major|richest|poorest|oldest)"
    rf" (?:{_SINGULAR}){_NO_NOUN}"
)
_COUNTED = re.compile(rf"\b(?:[Mm]any|[Ss]everal|[Vv]arious|[Nn]umerous) (?P<noun>{_PLURAL}){_NO_NOUN}")
_SINGULARS = {plural: singular for singular, plural in _NOUNS.items()}


def find(document: Document) -> Iterator[Finding]:
    """Clashes of number and tense outside quotations."""
    pairs = document.quotation.pairs
    for match in _TENSE.finditer(document.text):
        if not _quoted(pairs, match.start()):
            yield RULE.finding(*match.span("past"), _PARTICIPLES[match["past"]], proof=match.end() - match.start())
    for match in _CLASHES.finditer(document.text):
        start = match.start()
        if match["pronoun"] and not _SUBJECT.search(document.text, max(0, start - 10), start):
            continue
        if not _quoted(pairs, start):
            yield RULE.finding(*match.span(), None, level=Level.REPORT)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """The past for the participle, and the singular behind a word that counts."""
    pairs = document.quotation.pairs
    for match in _PERFECT.finditer(document.text):
        if not _quoted(pairs, match.start()) and re.fullmatch(_SURE, _PASTS[match["done"]]):
            yield Damage(*match.span("done"), _PASTS[match["done"]])
    for match in _COUNTED.finditer(document.text):
        if not _quoted(pairs, match.start()):
            yield Damage(*match.span("noun"), _SINGULARS[match["noun"]])


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
