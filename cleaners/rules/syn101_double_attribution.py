"""Reports a quotation that is attributed before and after it.

**What.** ``The official told NHK, "It is an important step," he said.``

**Mechanism.** Japanese introduces a quotation with "to NHK" and closes it with と述べました; the system renders
both as a verb of saying.

**Left alone.** A quotation attributed once, and one that follows the next: each is judged by the words
directly before and after it. Which verb should go cannot be proved, so nothing is changed.

**Source.** Seen in public machine translations of Japanese broadcast news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity

_VERB = (
    "said|says|told|stated|added|noted|explained|stressed|emphasi[sz]ed|pointed out|wrote|commented|answered|replied"
)
_BEFORE = re.compile(rf"\b(?:{_VERB})\b[^.!?\"“”]{{0,60}}[,:]?\s*\Z")
_SUBORDINATE = re.compile(r"(?:When|As|While|After|Before|If|Although|Though|Once|Since|Asked) ")
_AFTER = re.compile(
    rf"\s*(?:,\s*)?(?P<said>(?:he|she|they|it|[A-Z][\w’'-]+) (?:{_VERB})\b)"
    r"(?! (?:nothing|something|it|so|that|this|the|a|his|her)\b)"
)


def find(document: Document) -> Iterator[Finding]:
    """Quotations with a verb of saying on both sides."""
    text = document.text
    for start, end in document.quotation.pairs:
        after = _AFTER.match(text, end + 1, end + 60)
        if after is None or text[end - 1] != ",":
            continue
        paragraph = document.paragraph_at(start)
        if _SUBORDINATE.match(text, document.sentence_at(start).start):
            continue  # "When his mother told him, “…,” he said nothing"
        before = _BEFORE.search(text[max(paragraph.start, start - 110) : start])
        if before:
            yield RULE.finding(end, after.end("said"), None)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A second attribution behind every quotation that is attributed before it and ends its sentence."""
    text = document.text
    for start, end in document.quotation.pairs:
        paragraph = document.paragraph_at(start)
        introduced = _BEFORE.search(text[max(paragraph.start, start - 110) : start])
        if introduced and text[end - 1] == "." and text[end + 1 : end + 2] in ("", " ", "\n", "\r"):
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
    ),
    good=(
        '"It is an important step," he said.',
        'The official told NHK, "It is an important step."',
        'He said so. "It is a step," he added.',
        'Asked about it, "No comment," he said.',
        'He said "yes" and she said "no" to it.',
    ),
)
