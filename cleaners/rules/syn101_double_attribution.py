"""Reports a quotation that is attributed before and after it.

**What.** ``The official told NHK, "It is an important step," he said.``; ``She said that “we agree”, she added.``

**Mechanism.** Japanese introduces a quotation with "to NHK" and closes it with と述べました, Chinese opens it with
他说 and goes on with 他表示; the system renders both as a verb of saying.

**Left alone.** A quotation attributed once, and one that follows the next: each is judged by the words
directly before and after it. A verb of the clause before ("Mori says he is not surprised, "…," he said") counts
only where nothing but "that", a time, a place or a listener stands between it and the mark. Which verb should go
cannot be proved, so nothing is changed.

**Source.** Seen in public machine translations of Japanese broadcast news.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_VERB = (
    "said|says|told|stated|states|added|adds|noted|notes|explained|explains|stressed|stresses|emphasi[sz]ed|"
    "pointed out|wrote|commented|answered|replied|declared|announced|recalled|revealed|confirmed"
)
_BEFORE = lazy(rf"\b(?:{_VERB})\b(?P<between>[^.!?\"“”]{{0,60}}),?:?\s*\Z")
# A clause of its own stands between: "says he is not surprised,".
_CLAUSE = lazy(
    r"\b(?:he|she|it|they|we|I|you|there|this|these|is|was|are|were|has|have|had|will|would|can|could|if|what|how|why)\b"
)
_SUBORDINATE = lazy(r"(?:When|As|While|After|Before|If|Although|Though|Once|Since|Asked) ")
_AFTER = lazy(
    rf"\s*(?:,\s*)?(?P<said>(?:(?:he|she|they|it|[A-Z][\w’'-]+) (?:also )?(?:{_VERB})|said (?:he|she|[A-Z][\w’'-]+))\b)"
    r"(?! (?:nothing|something|it|so|that|this|the|a|his|her|[A-Z])\b)(?! ?[:\"“])"
)


def find(document: Document) -> Iterator[Finding]:
    """Quotations with a verb of saying on both sides."""
    text = document.text
    for start, end in document.quotation.pairs:
        after = _AFTER.match(text, end + 1, end + 60)
        if after is None or (text[end - 1] not in ",，" and not text[end + 1 : end + 3].strip().startswith(",")):
            continue
        if _SUBORDINATE.match(text, document.sentence_at(start).start):
            continue  # "When his mother told him, “…,” he said nothing"
        if _introduced(document, start):
            yield RULE.finding(end, after.end("said"), None)


def _introduced(document: Document, start: int) -> bool:
    """Whether a verb of saying opens the quotation."""
    paragraph = document.paragraph_at(start)
    before = _BEFORE.search(document.text, max(paragraph.start, start - 110), start)
    if before is None:
        return False
    between = before["between"].rstrip(" :")
    return not between.endswith(",") or not _CLAUSE.search(between)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A second attribution behind every quotation that is attributed before it and ends its sentence."""
    text = document.text
    for start, end in document.quotation.pairs:
        if _SUBORDINATE.match(text, document.sentence_at(start).start):
            continue
        if _introduced(document, start) and text[end - 1] == "." and text[end + 1 : end + 2] in ("", " ", "\n", "\r"):
            said = random.choice(("he said", "she said", "he added", "she stressed"))
            yield Damage(end - 1, end + 1, f",{text[end]} {said}.")


RULE = Rule(
    code="SYN101",
    name="double-attribution",
    message="the quotation is attributed twice, before and after it",
    level=Level.REPORT,
    severity=Severity.MINOR,
    mqm="fluency/grammar",
    confidence=0.85,
    origin="ja",
    find=find,
    damage=damage,
    bad=(
        Example('The official told NHK, "It is an important step," he said.', None),
        Example("She said to reporters, “We go on. It will last,” she added.", None),
        Example('Mori stated: "We agree," Mori said on Monday.', None),
        Example("He said that “we agree”, he added.", None),
    ),
    good=(
        '"It is an important step," he said.',
        'The official told NHK, "It is an important step."',
        'He said so. "It is a step," he added.',
        'Asked about it, "No comment," he said.',
        'He said "yes" and she said "no" to it.',
        'Ms Berg says she is not surprised, "We saw it coming," she said.',
        'He said the word "peace," she said the word "war".',
    ),
)
