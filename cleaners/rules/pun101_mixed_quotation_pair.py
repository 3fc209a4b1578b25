"""Gives both marks of a quotation the same style.

**What.** A quotation opened with ``"`` and closed with ``”`` (or opened with ``“`` and closed with ``"``).

**Mechanism.** Opening and closing marks of 「…」 are translated in different segments, each with its own style.

**Left alone.** House style as such: a text in curly quotes stays curly, one in straight quotes straight.
Paragraphs in which a mark stands alone, and marks whose direction is a guess.

**Source.** Seen in public machine translations of Japanese broadcast news.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity


def find(document: Document) -> Iterator[Finding]:
    """Pairs of one straight and one curly mark."""
    text = document.text
    if '"' not in text or ("“" not in text and "”" not in text):
        return
    quotation = document.quotation
    alone = {document.paragraph_at(mark) for mark in (*quotation.unclosed, *quotation.unopened)}
    straight = text.count('"')
    curly = text.count("“") + text.count("”")
    for start, end in quotation.pairs:
        opener, closer = text[start], text[end]
        if (opener == '"') == (closer == '"') or opener == "„":
            continue
        if document.paragraph_at(start) in alone or {start, end} & quotation.glued:
            continue
        if _stands_free(text, start) or _stands_free(text, end):
            continue  # the mark itself is spoken of
        # The style of the rest of the document decides; without a majority, the opening mark does.
        to_straight = straight > curly or (straight == curly and opener == '"')
        if to_straight:
            wrong, mark = (end, '"') if closer == "”" else (start, '"')
        else:
            wrong, mark = (start, "“") if opener == '"' else (end, "”")
        yield RULE.finding(wrong, wrong + 1, mark, proof=min(end - start, 200))


def _stands_free(text: str, mark: int) -> bool:
    after = text[mark + 1 : mark + 2]
    return text[mark - 1 : mark].isspace() and (after.isspace() or after in (",", ";"))


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """One mark of every quotation in the other style, in texts that keep to one style.

    The opening mark only where the text has marks enough to tell which style is its own.
    """
    text, quotation = document.text, document.quotation
    straight, curly = text.count('"'), text.count("“") + text.count("”")
    if (straight and curly) or "„" in text:
        return
    alone = {document.paragraph_at(mark) for mark in (*quotation.unclosed, *quotation.unopened)}
    for start, end in quotation.pairs:
        if document.paragraph_at(start) in alone or {start, end} & quotation.glued:
            continue
        if text[start + 1].isspace() or text[end - 1].isspace():
            continue
        opener, closer = "“”" if straight else '""'
        if straight + curly >= 8 and random.random() < 0.3:
            yield Damage(start, start + 1, opener)
        else:
            yield Damage(end, end + 1, closer)


RULE = Rule(
    code="PUN101",
    name="mixed-quotation-pair",
    message="the quotation opens in one style and closes in another",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/typography",
    confidence=0.97,
    find=find,
    damage=damage,
    bad=(
        Example('He said, "Ties were strengthened.”', 'He said, "Ties were strengthened."'),
        Example('“We agree," she said. “We go on.”', "“We agree,” she said. “We go on.”"),
        Example('"Yes," he said. “No," she said.', '"Yes," he said. "No," she said.'),
    ),
    good=(
        '"We agree," she said. "We go on."',
        "“We agree,” she said. “We go on.”",
        '“He called it "a start" and left,” she said.',
        'The 5" gun fired. “A warning,” he said.',
        'They used “curly” here and "straight" there.',
    ),
)
