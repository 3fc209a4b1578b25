"""Removes a blank between a quotation mark and the words it encloses.

**What.** ``our friends. "`` at the end of a paragraph, ``friends. ”`` and ``“ we`` anywhere.

**Mechanism.** The mark is a token of its own to the system, and the joining step takes it for an opening one.

**Left alone.** A straight mark in mid-paragraph, whose direction the blank hides; inch marks; nested quotation
marks, which typographers set apart with a thin space.

**Source.** Seen in public machine translations of Chinese news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity

# At the end of a line a straight mark can only close. Curly marks tell their direction anywhere.
_BEFORE_CLOSING = re.compile(
    r"[ \u00a0](?:(?<=[^\W\d_.,!?…)%\]].)[ \u00a0]*(?P<curly>”)(?=[.,;:!?)]|\Z|[\r\n])"
    r"|(?<=[.,!?…)%\]].)[ \u00a0]*(?P<mark>”(?!\w)|\"(?=[ \t]*(?:[\r\n\u2028\u2029]|\Z))))"
)
# Behind a comma, colon or stop, or at the start of the line: "use “ to open" names the mark.
_AFTER_OPENING = re.compile(r"“(?:(?<=[,:.;!?] “)|(?<![^\n]“))[ \u00a0]+(?=[\w(])")
# The part of _BEFORE_CLOSING that is rare and quick to look for.
_CLOSING = re.compile(r"[\"”](?:(?<=[ \u00a0]”)|(?<=[ \u00a0]\")(?=[ \t]*(?:[\r\n\u2028\u2029]|\Z)))")
_CODE = frozenset("=(+[")
_CLOSES_AFTER = re.compile(r"(?:[^\W\d_]|[.,!?…)%\]])[\"”]")
_OPENS_BEFORE = re.compile(r"(?:(?<=[,:.;!?] )|^)“[\w(]", re.MULTILINE)


def find(document: Document) -> Iterator[Finding]:
    """Blanks just inside a quotation."""
    text = document.text
    if '"' not in text and "”" not in text and "“" not in text:
        return
    spoken = {mark for pair in document.quotation.pairs if _holds_words(text, pair) for mark in pair}
    for match in _BEFORE_CLOSING.finditer(text) if _CLOSING.search(text) else ():
        mark = match["curly"] or match["mark"]
        opener = "“" if mark == "”" else '"'
        paragraph = document.paragraph_at(match.start())
        at = text.rfind(opener, paragraph.start, match.start())
        in_pair = mark == '"' or match.end() - 1 in spoken
        if at >= 0 and in_pair and text[max(0, at - 2) : at].strip()[-1:] not in _CODE:
            yield RULE.finding(match.start(), match.end(), mark, proof=2)
    for match in _AFTER_OPENING.finditer(text):
        if match.start() in spoken:
            yield RULE.finding(match.start(), match.end(), "“", proof=2)


def _holds_words(text: str, pair: tuple[int, int]) -> bool:
    """Whether words stand between the marks; ``“, ”`` is what two reversed pairs leave."""
    return any(c.isalnum() for c in text[pair[0] + 1 : min(pair[1], pair[0] + 40)])


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A blank inside the marks of every quotation, wherever the mark still tells its direction."""
    text = document.text
    for start, end in document.quotation.pairs:
        if {start, end} & document.quotation.glued or (text[start] == "“") != (text[end] == "”"):
            continue
        at_end = end + 1 == document.paragraph_at(end).end
        if _CLOSES_AFTER.match(text, end - 1) and (text[end] == "”" or (at_end and text[end - 1] in ".,!?…)%]")):
            yield Damage(end, end, " ")
        if text[start] == "“" and _OPENS_BEFORE.match(text, start):
            yield Damage(start + 1, start + 1, " ")


RULE = Rule(
    code="SPC104",
    name="space-inside-quotation",
    message="a blank stands inside the quotation mark",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/typography",
    confidence=0.97,
    find=find,
    damage=damage,
    bad=(
        Example('He said, "We face this with our friends. "', 'He said, "We face this with our friends."'),
        Example("She said, “ We go on. ” Then she left.", "She said, “We go on.” Then she left."),
        Example('"It will pass, "\nhe wrote.', '"It will pass,"\nhe wrote.'),
    ),
    good=(
        'He said, "We go," then "We stay."',
        'He cut it to 6 " and 7 "',
        "“She called it ‘a start.’ ” That was all.",
        'They wrote "yes" and "no" on it.',
        "Of the ” allocation of seats“, ” baggage protection“ he wrote in court, ”she said.",
        "It was misguided.“ However, he stayed.",
        'A line that ends here. "And a quotation starts here."',
    ),
)
