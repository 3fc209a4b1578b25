"""Reports one to three words that stand alone after a finished sentence.

**What.** ``… support each other in daily life. awareness.``, ``… has risen to 31. People.``: the last words of
the sentence, cut off from it, at the end of a paragraph or, in lower case, between two sentences. They mean
something, so they are never deleted; the message says what the source may have had, and shows the end of the
source where it is known.

**Mechanism.** An engine cuts its output before the last phrase of a long segment and translates that phrase
alone: the head of a Chinese noun phrase (…的能力), a unit behind its figure (万, 人, 个月), a closing verb (遇难)
or 等; or the verb at the end of a Japanese sentence (実施した, 呼びかけました).

**Left alone.** In lower case: a tail behind a heading, an abbreviation or a text that does not capitalise at all,
and ``." he said.``, where only the stop is wrong. With a capital: anything with a subject or an auxiliary (``It is
free.``), greetings and thanks, an answer to a question, an echo of the sentence before, what it announces ("one
word"), a text whose writer says "I" or "we", and names; ``Fascinating.`` is a sentence to many writers. The source
is proof where it has no sentence as short as the tail, and protects a tail where it has one. Known-empty endings are
STR101's wherever it may delete them.

**Source.** Submissions to the WMT news tasks of 2018, 2019 and 2021: 38 of 57,988 system lines end in such a tail
in lower case, 1 of 12,679 lines written by people does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from random import Random

from cleaners import stray, tails
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.segment import ends_with_abbreviation
from cleaners.stray import StrayToken
from cleaners.tails import Tail

# With one of these a short sentence is whole, polite or elliptical: closed classes, and what closes a letter.
_WHOLE = frozenset(
    re.findall(
        r"\w+",
        """
        i you he she it we they me him her us them this that these those there who what which nobody everyone
        am is are was were be been do does did has have had will would can could shall should may might must let
        not no nor never nothing none neither only just even but and or so yet then thus else also too
        yes yeah okay ok right correct sure indeed please thanks thank regards sorry amen peace cheers goodbye
        welcome congratulations good great nice fine well very really highly quite enough absolutely maybe
        perhaps here now more less much many most few last next again later after before said says see keep take
        """,
    )
)
_POLITE = frozenset(("thanks", "thank", "regards", "sorry", "cheers", "yes", "no", "yeah", "ok", "okay", "amen"))
# The endings of words that name things: such a word alone is a part of a sentence, and no name of a person.
_NOUN = lazy(r"(?:tion|sion|ment|ity|ness|ance|ence|ency|ship|ture|ism|ics|ures?|sures?)s?\Z")
_ANNOUNCED = lazy(r"\bone (?:thing|word|question|reason|answer|problem|wish)\b|\ba (?:name|word) for\b|\bsomething\b")
_LONG_SENTENCE = 8  # words; a fragment behind a short sentence is style
_SHOWN = 12  # characters of the source in a message


@lru_cache(maxsize=1)
def _known() -> tuple[dict[str, StrayToken], dict[str, StrayToken]]:
    tokens = stray.shipped_tokens()
    content = {t.surface.lower(): t for t in tokens if t.kind == "content"}
    return content, {t.surface: t for t in tokens if t.kind == "tail"}


def find(document: Document) -> Iterator[Finding]:
    """Tails that are no sentence, by their case, their words or the source."""
    found = list(tails.tails(document))
    if not found or tails.source_has_short_sentence(document):
        return
    content, empty = _known()
    proved = tails.source_has_no_short_sentence(document)
    japanese = proved and tails.is_japanese(document)
    personal = tails.says_i(document, [tail.span for tail in found])
    for tail in found:
        words = " ".join(tail.words)
        ending = empty.get(words)
        if ending and (ending.lower_only or ending.after == "quotation" or tails.is_japanese(document)):
            continue  # STR101's, or lawful here
        known = ending or content.get(words.lower())
        if words[0].islower():
            orphan, confidence = tail.words[0] not in (_WHOLE if personal else _POLITE), 0.9
        elif proved:
            orphan, confidence = (japanese and not tail.closing) or _is_fragment(document, tail), 0.9
        else:
            short = len(document.text[tail.before.start : tail.before.end].split()) < _LONG_SENTENCE
            is_noun = known is not None or (_NOUN.search(tail.words[-1]) is not None and _no_name(tail))
            orphan = is_noun and not personal and not short and not tail.quoted and _is_fragment(document, tail)
            confidence = 0.6
        if orphan:
            yield RULE.finding(*tail.span, None, confidence=confidence, message=_message(document, tail, known))


def _is_fragment(document: Document, tail: Tail) -> bool:
    """Whether no word of the tail makes a whole sentence of it, and none echoes the sentence before."""
    words = {word.lower() for word in tail.words}
    before = set(re.findall(r"\w+", document.text[tail.before.start : tail.before.end].lower()))
    if _ANNOUNCED.search(document.text, *tail.before):
        return False  # "only one thing was missing. Evidence."
    return words.isdisjoint(_WHOLE) and words.isdisjoint(before)


def _no_name(tail: Tail) -> bool:
    return all(word.islower() for word in tail.words[1:])


def _message(document: Document, tail: Tail, known: StrayToken | None) -> str:
    message = f"{' '.join(tail.words)!r} {RULE.message}"
    if document.source_text:
        message += f"; the source ends in {document.source_text.strip()[-_SHOWN:]!r}"
    if known:
        message += f"; it may stand for {known.mechanism}"
    return message


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A lower-case tail behind every paragraph that ends in a plain statement."""
    text = document.text
    wordings = sorted(_known()[0])
    for paragraph in document.paragraphs:
        stop = paragraph.end - 1
        if text[stop] != "." or text[stop - 1] == "." or ends_with_abbreviation(text, stop):
            continue
        words = text[document.sentence_at(stop).start : stop].split()
        if len(words) >= 4 and tails.starts_with_capital(words):
            yield Damage(paragraph.end, paragraph.end, f" {random.choice(wordings)}.")


RULE = Rule(
    code="STR103",
    name="orphan-tail",
    message="stands alone after a finished sentence: the end of the sentence may have been cut off and misplaced",
    level=Level.REPORT,
    severity=Severity.MAJOR,
    mqm="fluency/grammar",
    confidence=0.9,
    find=find,
    damage=damage,
    bad=(
        Example("The clinics will teach the young how to stay healthy. awareness.", None),
        Example("The flood has driven out of their homes more than 40 people. Million.", None),
        Example("The new vessel will add to the survey of the northern coast. Ability.", None),
        Example("The fair shows how to teach the young. awareness. It will close in May.", None),
        Example("The quake was felt in all four of the northern towns. missing person.", None),
        Example("The two ministers want to speed up trade between ports and parks. Cooperation.", None),
    ),
    good=(
        "The guide told them where the path began and where it ended. It is free.",
        "The choir sang until the last guest had left the hall. Fascinating.",
        "What does the treaty need most of all after these long years? Cooperation.",
        "The old council had one thing that the new one lacks: cooperation. Cooperation.",
        "The road closed after the storm and opened again on Monday. Thank you.",
        "he came home late. nobody knew. seriously.",
        "Please look at the plan and send me your notes. thanks. It is due on Monday, and I will be away.",
        "The panel will look at prices, wages, rents, etc. and so on. It met in the first week of Sept. last year.",
        'The envoy spoke of "a long road ahead for all of us." he said.',
        "The letter was addressed to the director of the northern station. Karim.",
        "We spent the whole week in the hills without a single drop of rain. Perfection.",
        "The find lies between the older Ardipithecus and Au. afarensis. The two share a jaw.",
        "The firm was sold to Harbor Holdings Inc. shares.",
        "Prices rose by 3.2 percent over the year, the bank said on Friday. Inflation was 2.1.",
    ),
)
