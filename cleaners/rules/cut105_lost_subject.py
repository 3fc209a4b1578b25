"""Reports a sentence of a report that lost its subject.

**What.** A sentence that starts with a reporting verb in the past and a that-clause (``Announced that…``,
``Revealed the…``), or with an auxiliary and its participle and is no question (``Has reached two million.``).

**Mechanism.** Japanese and Chinese leave a subject out where the sentence before names it, and where a long
sentence is cut, its second part has none of its own. The system translates the part as it stands.

**Left alone.** Texts whose writer says "I" or "we" outside quotations, where a dropped "I" is style (diaries,
reviews, letters); headlines and captions, which have no stop; lists, where several lines start so; questions;
``"…" Said the minister.``, where only the capital is wrong; participles that open a clause (``Told that the road
was closed, they turned back.``, ``Found in 1901, the wreck…``).

**Source.** Outputs submitted to the WMT news tasks of 2018 to 2021.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners import tails
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.segment import Span

_REPORTED = (
    "Announced|Stated|Reported|Added|Noted|Revealed|Declared|Explained|Emphasi[sz]ed|Stressed|Confirmed|Claimed|Argued|"
    "Indicated|Warned|Pointed out|Predicted|Disclosed|Mentioned"
)
_LOST = lazy(
    rf"(?:(?:{_REPORTED}|Said|Believed|Hoped) that|(?:{_REPORTED}) (?:the|it|he|she|they|there)"
    r"|(?:Has|Have|Had|Was|Were)(?: not| also| already)? (?:been|become|reached|[a-z]{2,}ed)) "
)
# What begins with a letter, not with a boundary, is tried only where one of these letters stands.
_ANY = lazy(rf"(?:{_REPORTED}|Said|Believed|Hoped|Has|Have|Had|Was|Were) [a-z]")
_CLAUSE_FIRST = lazy(r"^[^,]{1,160}, (?:he|she|it|they|the|this|a|an|[A-Z])\b")
# "The ministry announced that", "Mr. Mori said that": what the damage takes the subject from.
_SUBJECT = lazy(
    r"(?:The|A|Mr\.|Ms\.|[A-Z][a-z]+)(?: [\w’'-]+){0,3} "
    r"(?P<verb>announced|stated|added|noted|revealed|explained|warned|reported|said|believed|hoped) that "
)
_SHORTEST = 5  # words


def find(document: Document) -> Iterator[Finding]:
    """Sentences without a subject in a text whose writer keeps out of it."""
    text = document.text
    if not _ANY.search(text):
        return
    matches = [(sentence, _LOST.match(text, *sentence)) for sentence in document.sentences]
    opened = [(sentence, match) for sentence, match in matches if match]
    # So many of them are a list, or the writer's way.
    is_style = len(opened) > 1 and len(opened) * 4 >= len(matches)
    if not opened or is_style or tails.says_i(document):
        return
    for sentence, match in opened:
        if _has_lost(text, sentence):
            yield RULE.finding(sentence.start, match.end() - 1, None)


def _has_lost(text: str, sentence: Span) -> bool:
    if not text.endswith((".", '."', ".”"), *sentence):
        return False
    words = text[sentence.start : sentence.end]
    if len(words.split()) < _SHORTEST or text[max(0, sentence.start - 2) : sentence.start].strip() in ("”", '"'):
        return False
    return not _CLAUSE_FIRST.match(words)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """The first report without its subject, where nobody says "I"; more of them would read as a list."""
    text = document.text
    if len(document.sentences) <= _SHORTEST or not _SUBJECT.search(text) or tails.says_i(document):
        return
    for sentence in document.sentences:
        match = _SUBJECT.match(text, *sentence)
        if match is None:
            continue
        verb, rest = match["verb"].capitalize(), text[match.end("verb") : sentence.end]
        if _has_lost(verb + rest, Span(0, len(verb + rest))):
            yield Damage(sentence.start, match.end("verb"), verb)
            return


RULE = Rule(
    code="CUT105",
    name="lost-subject",
    message="the sentence has no subject; the source may have left it to the sentence before",
    level=Level.REPORT,
    severity=Severity.MAJOR,
    mqm="accuracy/omission",
    confidence=0.8,
    find=find,
    damage=damage,
    bad=(
        Example("The firm makes white paint. Announced that it will open a second plant in May.", None),
        Example("The fair drew big crowds this year. Has reached two million visitors in ten days.", None),
        Example("The envoy spoke to the press. Stressed the need for more talks with both sides.", None),
    ),
    good=(
        "I called the shop on Monday. Said that they had plenty. Told me to come by.",
        "Has the plan been dropped? Had they been asked, they would have said no.",
        "Told that the road was closed, they turned back.",
        "Announced the day before, the plan surprised nobody.",
        "Announced that same day, it was dropped within a week.",
        "Announced that it will open a plant in May",
        "Reported that the gate was open. Reported that the light was on. Noted that nobody was there.",
        '"We stay." Said the minister of the northern province.',
        "Was born in Osaka. Was raised in Kobe. Has been a teacher since 1990.",
    ),
)
