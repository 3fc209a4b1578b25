"""Reports a finite verb where another verb has already taken its place.

**What.** ``in order to is built``, ``he would was late``, ``What refers to is the price``, ``the plan was will be``.

**Mechanism.** A Chinese clause may hold several verbs in a row (将是, 要成为, 指的是); the system translates each
where it stands.

**Left alone.** Speech; stranded prepositions ("the man she spoke to was late", "all it comes down to is"): "to"
counts only behind words that take an infinitive; and "will", "might" and "must", which may be nouns ("the political
will is there"). Words doubled letter by letter belong to REP101.

**Source.** English grammar: a modal verb and "to" take the bare infinitive.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from random import Random

from cleaners import scan
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_FINITE = r"(?:is|was|are|were|has|had|did)"
_DOUBLED = lazy(
    rf"\b(?:would|could|should|cannot)(?: (?:not|also))? (?:{_FINITE}|been)\b"
    r"|\b(?:is|was|are|were) (?:will be|would be|can be|has been|have been|had been)\b"
    r"|\b(?:has|have) been (?:was|were|will|had)\b"
    rf"|\b(?:in order|plans|planned|likely|began|begins|continues|continued|decided|expected) to {_FINITE}\b"
    rf"|\b[Ww]hat (?:refers|referred) to {_FINITE}\b"
)
# The parts of it that are rare and begin with a plain string; "What referred" may stand before them.
_PARTS = (
    lazy(rf"ould (?:(?:not|also) )?(?:{_FINITE}|been)\b"),
    lazy(rf"cannot (?:(?:not|also) )?(?:{_FINITE}|been)\b"),
    lazy(r"s (?:will|would|can|has|have|had) be"),
    lazy(r"re (?:will|would|can|has|have|had) be"),
    lazy(r"been (?:was|were|will|had)\b"),
    lazy(rf" to {_FINITE}\b"),
)
_REACH = len("What referred")
# "What they could was little", "all that is has been": the first verb ends a clause of its own.
_CLAUSE = lazy(
    r"\b(?:[Ww]hat|[Aa]ll|[Aa]s|[Hh]ow|[Ww]ho|[Ww]here|than|whatever|which|that"
    r"|ways?|reasons?|best|least|most|ones?|things?|moment)\b[^.,;:!?\n]*\Z"
)
_PLAIN = lazy(r"\b(?:would|could|should|cannot) (?P<be>be)\b")


def find(document: Document) -> Iterator[Finding]:
    """Two finite verbs in a row outside quotations."""
    text, pairs = document.text, document.quotation.pairs
    for match in scan.around(_DOUBLED, text, _REACH, *_PARTS):
        start = match.start()
        if _quoted(pairs, start) or _CLAUSE.search(text, max(0, start - 40), start):
            continue
        if text[start] in "Ww" and match[0][:4].lower() == "what" and not text[match.end() :].strip():
            continue
        yield RULE.finding(*match.span(), None)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A finite verb for the infinitive behind a modal one."""
    text = document.text
    for match in _PLAIN.finditer(text):
        start = match.start()
        if not _quoted(document.quotation.pairs, start) and not _CLAUSE.search(text, max(0, start - 40), start):
            yield Damage(*match.span("be"), random.choice(("is", "was")))


def _quoted(pairs: tuple[tuple[int, int], ...], position: int) -> bool:
    index = bisect_right(pairs, (position, position))
    return any(end > position for _, end in pairs[max(0, index - 2) : index])


RULE = Rule(
    code="SYN108",
    name="doubled-verb",
    message="a finite verb stands where another verb has taken its place",
    level=Level.REPORT,
    severity=Severity.MINOR,
    mqm="fluency/grammar",
    confidence=0.85,
    find=find,
    damage=damage,
    bad=(
        Example("The bridge was closed in order to is built anew.", None),
        Example("The mayor would was late for the talks.", None),
        Example("The plan was will be sent to the council.", None),
        Example("What refers to is the price of rice.", None),
    ),
    good=(
        "The man she spoke to was her uncle's friend, and the political will is there.",
        "What he could was little, and all that is has been told.",
        "The farm they went to is old.",
        "“He would was late,” she said.",
        "As things are has been told.",
        "Might is right, and free will is a gift.",
    ),
)
