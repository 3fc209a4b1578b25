"""Reports a quotation mark without its partner.

**What.** A quotation that is opened and never closed, or closed and never opened, judged by the paragraph.

**Mechanism.** One of 「」 is lost where a system cuts the sentence, or comes out on the wrong side of the stop
(``in Europe."Let's``).

**Left alone.** Where the source is known, its marks decide: an unpaired source makes an unpaired text. Otherwise:
quotations over several paragraphs, whether each is opened or only the first, and letters, lists and verse within one
pair; a record of one paragraph, whose quotation may have begun before it or may go on behind it; documents that leave
every third mark alone, whose writer follows no rule; inch marks; tables and programs that double their marks; single
quotes. Nothing is repaired: where the mark belongs cannot be proved.

**Source.** 171 of 10,000 human lines are unbalanced when each line is judged alone, so that only whole
paragraphs are judged and nothing is changed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_OPENS_NEXT = lazy(r"\s*[\"“]")
_DOUBLED = lazy(r"(?<=[\s,(\w])\"\"\w[^\"\n]{0,80}\"\"")  # the escapes of tables and programs: ""go""
_LONGEST = 240  # code points; damage to a longer quotation could not be pointed at
_SPAN = 12  # paragraphs over which one pair of marks may run: a letter, a list, a verse
_MANY = 4  # marks that stand alone in a text whose writer follows no rule, at least
_STOPS = (".", "!", "?", "…", ":", ",", ";", "—", "-")
# A paragraph that ends so has left its quotation before it ended.
_ATTRIBUTED = lazy(r"\b(?:said|says|added|explained|noted|wrote|told \w+)\.\s*\Z")
_SOURCE_PAIRS = (("「", "」"), ("『", "』"), ("“", "”"), ("«", "»"), ("〝", "〟"))


def find(document: Document) -> Iterator[Finding]:
    """Marks that stand alone; in place of an unopened one, the glued mark that may be the culprit."""
    quotation = document.quotation
    if not quotation.alone:
        return
    if _DOUBLED.search(document.text):
        return
    balanced = _balanced(document.source_text)
    excused = frozenset[int]() if balanced else _excused(document)
    if balanced is False or excused is None:
        return
    glued = {document.paragraph_at(mark): mark for mark in sorted(quotation.glued, reverse=True)}
    for mark in quotation.unclosed:
        if mark not in excused:
            yield RULE.finding(mark, mark + 1, None, message="this quotation is never closed")
    for mark in quotation.unopened:
        suspect = glued.get(document.paragraph_at(mark))
        if suspect is not None:
            what = "one of the marks of this paragraph has no partner; this one stands between two sentences"
            yield RULE.finding(suspect, suspect + 1, None, message=what)
        elif mark not in excused:
            yield RULE.finding(mark, mark + 1, None, message="this quotation is never opened")


def _balanced(source: str | None) -> bool | None:
    """Whether the marks of the source pair; ``None`` where there is no source."""
    if not source:
        return None
    return source.count('"') % 2 == 0 and all(source.count(a) == source.count(b) for a, b in _SOURCE_PAIRS)


def _excused(document: Document) -> frozenset[int] | None:
    """The lonely marks that good style may leave so; ``None`` where the writer follows no rule."""
    text, quotation = document.text, document.quotation
    if quotation.alone >= _MANY and quotation.alone * 3 > quotation.alone + 2 * len(quotation.pairs):
        return None
    excused = _over_paragraphs(document)
    if len(document.paragraphs) == 1:
        # A record of one paragraph: the first mark may close what an earlier record opened, and the last
        # one open what a later record closes.
        marks = sorted([*quotation.unclosed, *quotation.unopened, *(m for pair in quotation.pairs for m in pair)])
        excused |= {mark for mark in quotation.unopened if mark == marks[0]}
        if text.rstrip().endswith(_STOPS):
            excused |= {mark for mark in quotation.unclosed if mark == marks[-1]}
    return frozenset(excused)


def _over_paragraphs(document: Document) -> set[int]:
    """Marks that pair over a few paragraphs, with no mark between them."""
    quotation, starts = document.quotation, [paragraph.start for paragraph in document.paragraphs]
    marks = sorted(
        [(mark, "open") for mark in quotation.unclosed]
        + [(mark, "close") for mark in quotation.unopened]
        + [(mark, "pair") for pair in quotation.pairs for mark in pair]
    )
    excused: set[int] = set()
    for (first, opens), (second, closes) in pairwise(marks):
        if opens == "open" and closes == "close":
            lines = bisect_right(starts, second) - bisect_right(starts, first)
            left = _ATTRIBUTED.search(document.text, first, document.paragraph_at(first).end)
            if 0 < lines <= _SPAN and not left:
                excused |= {first, second}
    return excused


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Every quotation without its opening or its closing mark.

    The closing mark goes only where no quotation follows: else the text would read as one quotation of
    several paragraphs, which lawfully closes but once. None in a document of one paragraph: see `find`.
    """
    text, quotation = document.text, document.quotation
    if len(document.paragraphs) == 1:
        return
    alone = {document.paragraph_at(mark) for mark in (*quotation.unclosed, *quotation.unopened, *quotation.glued)}
    for index, (start, end) in enumerate(quotation.pairs):
        if document.paragraph_at(start) in alone or end - start > _LONGEST:
            continue
        opening_may_go = not text[end - 1].isdigit()
        paragraph = document.paragraph_at(start)
        following = quotation.pairs[index + 1 : index + 2]
        goes_on = bool(following) and following[0][0] < paragraph.end
        closing_may_go = not goes_on and not _OPENS_NEXT.match(text, paragraph.end)
        kept = [text[start:end]] * closing_may_go + [text[start + 1 : end + 1]] * opening_may_go
        if kept:
            yield Damage(start, end + 1, random.choice(kept))


RULE = Rule(
    code="PUN102",
    name="unpaired-quotation-mark",
    message="the quotation mark has no partner",
    level=Level.REPORT,
    severity=Severity.MINOR,
    mqm="fluency/typography",
    confidence=0.8,
    find=find,
    damage=damage,
    bad=(
        Example("He said, “We will go on. She said, “We stay.”", None),
        Example('The envoy said, "This war is not just a crisis', None),
        Example('It is "a group in Europe."Let us face it with our friends. "', None),
    ),
    good=(
        '"We go on," he said. "We stay."',
        "“It began in May.\n\n“It ended in June.”",
        'The 6" shell and the 12" gun.',
        "The allies' plan of the '90s.",
        'He called it "a start"; she, "an end".',
    ),
)
