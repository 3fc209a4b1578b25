"""Takes out the second of two equal phrases that follow each other.

**What.** ``unity in Asia in Asia`` becomes ``unity in Asia``; ``on suspicion of murder on suspicion of murder``
stands once.

**Mechanism.** The decoder's attention falls back to words it has already translated and renders them again. A
sentence cut in two and joined again does the same at its seam.

**Left alone.** What English repeats on purpose: "more and more", "time to time to time", "hand in hand in hand",
"face to face", "what will be will be", "a deal is a deal is a deal"; names ("New York, New York"); a headline and the
text under it (the copy has its own capital); whatever a comma or a stop sets apart, since orators and poets repeat
phrases. Applied where the phrase opens with a preposition and holds a name or three words or more, where two content
words are linked by prepositions, and for a title before a name; every other pair is suggested, as is one behind which
an open clause may go on ("those who live by the sea by the sea are taken"). Transcripts of speech keep their slips.
Three copies and more are REP104's.

**Source.** Seen in WMT system outputs of recurrent and early Transformer models; repetition in neural decoders:
Mi et al. 2016, Coverage Embedding Models for Neural Machine Translation.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners import repetition
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.repetition import ARTICLES, CONJUNCTIONS, FUNCTION_WORDS, KIN, PREPOSITIONS, PRONOUNS, Run, words

_TITLES = frozenset(
    f"{first} {second}"
    for first in ("prime", "foreign", "defense", "defence", "finance", "vice", "deputy", "interior", "justice")
    for second in ("minister", "president", "secretary", "premier")
) | {"secretary general", "secretary of state", "chief cabinet secretary", "general secretary"}
# Behind one of these a phrase of its own may open with the same word: "the one to the one", "as far as as far as".
_PLACING = words("in on at during since within under along across among between against from for with by")
_CLAUSAL = words("is are was were be do does did that to what who not have has had can will")
_CAPITAL_AFTER = lazy(r"[ \u00a0][A-Z]")
_SET_APART = lazy(r"-|[ \u00a0][–—-]|/")
_NEXT = lazy(r"[ \u00a0](?P<word>[a-z]+)")
_LANGUAGES = words(
    "english french german spanish italian portuguese dutch russian ukrainian polish chinese mandarin japanese "
    "korean arabic persian turkish latin greek hebrew vietnamese thai indonesian malay swedish danish finnish"
)
_PLACE = lazy(
    r"(?<![\w’'.-])(?:in|during|since) (?:the )?[A-Z][a-z]{3,}(?: [A-Z][a-z]+)?"
    r"(?=[,.;]| (?:and|has|have|is|was|will|with|on|by)\b)"
)


def find(document: Document) -> Iterator[Finding]:
    """Phrases of two words and more that stand twice in a row."""
    text = document.text
    hits = [run for run in document.repeats if run.period > 1 and run.copies == 2 and run.plain]
    spoken = bool(hits) and repetition.is_spoken(text)
    for run in hits:
        if not repetition.same_case(text, run) or _is_lawful(run) or _SET_APART.match(text, run.end):
            continue
        if text[run.start - 1 : run.start] in (".", "-", "/"):
            continue
        sure = not spoken and _is_sure(text, run) and not repetition.may_end_clause(text, run)
        rest = run.spans[run.kept - 1].end
        yield RULE.finding(
            run.start,
            run.end,
            text[run.start : rest],
            level=Level.SAFE if sure else Level.SUGGEST,
            confidence=0.97 if sure else 0.75,
            message=f"{' '.join(run.phrase)!r} stands twice",
            drops=text[rest : run.end],
        )


def _is_lawful(run: Run) -> bool:
    """Whether English has the pattern: "more and more", "coast to coast to", "what will be will be"."""
    phrase = run.phrase
    if not CONJUNCTIONS.isdisjoint(run.joints):
        return True  # "worked and worked and", "the Republic of Korea and the Republic of Korea and"
    if run.period == 2:
        if not _CLAUSAL.isdisjoint(phrase) or any(c.isdigit() for word in phrase for c in word):
            return True
        if phrase[1] in PREPOSITIONS or phrase[0] == phrase[1] or phrase[0] in ("by", "upon", "of"):
            return True  # "time to time to", "one by one by one", "of heroes of heroes"
        if phrase == ("new", "york") or (phrase[1] in _LANGUAGES and phrase[0] == "in"):
            return True
    return (
        bool(run.joined)  # "a deal is a deal is a deal"
        or run.content == ("best",)
        or _descends(run)
        or not any(word[0].isalpha() for word in phrase)
        or len(set(phrase)) == 1
    )


def _descends(run: Run) -> bool:
    """Whether the phrase is part of a line of descent: "the son of the sister of the son of the sister of"."""
    return "of" in run.phrase and bool(run.content) and KIN.issuperset(run.content)


def _is_sure(text: str, run: Run) -> bool:
    """Whether nobody would write the phrase twice."""
    phrase, content = run.phrase, run.content
    if not PRONOUNS.isdisjoint(phrase) or len(content) == 0:
        return False
    if " ".join(phrase) in _TITLES:
        return text[run.start].isupper() and _CAPITAL_AFTER.match(text, run.end) is not None
    if phrase[0] in _PLACING and phrase[-1] not in FUNCTION_WORDS:
        after = _NEXT.match(text, run.end)
        if after and FUNCTION_WORDS.isdisjoint((after["word"], run.words[-1])):
            return False  # "in the rain in the rain coats"
        if run.period > 2:
            return True
        return text[run.spans[1].start].isupper() and not _CAPITAL_AFTER.match(text, run.end)
    linked = not PREPOSITIONS.isdisjoint(phrase) or not ARTICLES.isdisjoint(phrase)
    long = sum(len(word) > 2 and word.isalpha() for word in content)
    return run.period > 3 and linked and long > 1 and _CLAUSAL.isdisjoint(phrase)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A place or a season behind its preposition, twice."""
    text = document.text
    if repetition.is_spoken(text):
        return
    for match in _PLACE.finditer(text):
        if text[max(0, match.start() - len(match.group()) - 1) : match.start()].strip() != match.group():
            yield Damage(match.end(), match.end(), f" {match.group()}")


RULE = Rule(
    code="REP103",
    name="doubled-phrase",
    message="a phrase stands twice",
    level=Level.SAFE,
    severity=Severity.MAJOR,
    mqm="accuracy/addition",
    confidence=0.97,
    find=find,
    damage=damage,
    bad=(
        Example("They spoke of the balance of power in Asia in Asia.", "They spoke of the balance of power in Asia."),
        Example(
            "He was held on suspicion of fraud on suspicion of fraud by police.",
            "He was held on suspicion of fraud by police.",
        ),
        Example(
            "The members of the Standing Committee of the Standing Committee of the city met.",
            "The members of the Standing Committee of the city met.",
        ),
        Example("Prime Minister Prime Minister Suga left.", "Prime Minister Suga left."),
        Example("The port inspection port inspection begins.", None),
    ),
    good=(
        "More and more people walk from coast to coast to coast, hand in hand in hand, time to time to time.",
        "What will be will be; what is mine is mine; we have to have to.",
        "He sailed from New York, New York, and sang of New York New York.",
        "I say to you, I say to you again: government of the people, by the people.",
        "The Democratic Republic of Korea and the Republic of Korea and the two envoys met.",
        "They are taught in German in German schools, one by one by one.",
        "Exports of higher prices Higher prices have led the growers to sell.",
        "Was it in the house, in the house that Jack built?",
        "The members of the family of the members of the club came.",
        "A row of heroes of heroes of the war; the best of the best of the best.",
    ),
)
