"""Takes away the second of two closing quotation marks.

**What.** ``"We go on." ”`` and ``“We go on.””`` become ``"We go on."`` and ``“We go on.”``.

**Mechanism.** The closing mark after 。 stands in a segment of its own, so that the system, which has closed the
quotation already, closes it again.

**Left alone.** Paragraphs whose marks are even in number: a quotation that ends with another one closes twice.
Paragraphs with more than one such place, inches (``a 6""``), tables that double their marks, empty quotations.

**Source.** 30 of 10,000 lines of public system output for Chinese to English.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_END = r"(?=[ \t]*(?:[\r\n\u2028\u2029]|\Z))"
# At the end of a line with or without a blank between the marks, elsewhere only where they touch.
_TWICE = lazy(rf"[\"”](?:[ \u00a0]?[\"”]{_END}|[\"”](?=[ .,;:!?)]))")
_MARKS = lazy('["“”„]')
_DOUBLED = lazy('["“”]["“”]')


def find(document: Document) -> Iterator[Finding]:
    """Quotations that were opened once and are closed twice."""
    text = document.text
    if '"' not in text and "”" not in text:
        return
    matches = [(document.paragraph_at(match.start()), match) for match in _TWICE.finditer(text)]
    if not matches:
        return
    doubled = Counter(document.paragraph_at(match.start()) for match in _DOUBLED.finditer(text))
    twice = Counter(paragraph for paragraph, _ in matches)
    for paragraph, match in matches:
        touching = _DOUBLED.match(text, match.start()) is not None
        if twice[paragraph] > 1 or doubled[paragraph] > touching:
            continue
        opener = _opener(document, match.start(), match.end())
        if opener is None or document.is_shielded(*match.span()):
            continue
        start = match.start()
        if text[start - 1] in " \u00a0":
            start -= 1  # "We go on. “”": the blank stands inside the quotation
        closer = '"' if text[opener] == '"' else "”"
        yield RULE.finding(start, match.end(), closer, proof=min(match.start() - opener, 200))


def _opener(document: Document, start: int, end: int) -> int | None:
    """The mark that opens the quotation; ``None`` where the second closing mark may have its own partner."""
    text = document.text
    paragraph = document.paragraph_at(start)
    before = [m.start() for m in _MARKS.finditer(text, paragraph.start, start)]
    after = sum(1 for _ in _MARKS.finditer(text, end, paragraph.end))
    if len(before) % 2 == 0 or after % 2 or text[start - 1].isdigit():
        return None
    opener = before[-1]
    if text[opener] not in '"“' or opener + 1 == start or text[opener + 1].isspace():
        return None
    return opener


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A second closing mark behind every quotation that ends its paragraph."""
    text, quotation = document.text, document.quotation
    alone = {document.paragraph_at(mark) for mark in (*quotation.unclosed, *quotation.unopened)}
    for start, end in quotation.pairs:
        paragraph = document.paragraph_at(end)
        if end + 1 != paragraph.end or paragraph in alone or text[end - 1] not in ".!?":
            continue
        if _DOUBLED.search(text, paragraph.start, paragraph.end):
            continue
        second = random.choice(('"', ' "') if text[start] == '"' else ("”", " ”"))
        if _opener(document, end, end + 1) == start:
            yield Damage(end + 1, end + 1, second)


RULE = Rule(
    code="PUN109",
    name="twice-closed-quotation",
    message="the quotation is closed twice",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/typography",
    confidence=0.96,
    find=find,
    damage=damage,
    bad=(
        Example('He said, "We go on." ”', 'He said, "We go on."'),
        Example("“We go on.””\nShe left.", "“We go on.”\nShe left."),
        Example('The "crisis"" of May is over.', 'The "crisis" of May is over.'),
        Example('"We go on. ""', '"We go on."'),
    ),
    good=(
        'He wrote, "She called it "a start.""',
        "“She called it “a start.””",
        'They sold "a gun of 6"" and went.',
        'Set it to "" and then to "x".',
        '"He said ""yes"" to it","No"',
        '"We go," she said. "We stay."',
    ),
)
