"""Reports a quotation mark without its partner.

**What.** A quotation that is opened and never closed, or closed and never opened, judged by the paragraph.

**Mechanism.** One of 「」 is lost where a system cuts the sentence, or comes out on the wrong side of the stop
(``in Europe."Let's``).

**Left alone.** Quotations over several paragraphs, which open each paragraph and close only the last; inch
marks; single quotes. Nothing is repaired: where the mark belongs cannot be proved.

**Source.** 171 of 10,000 human lines are unbalanced when each line is judged alone, so that only whole
paragraphs are judged and nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity

_OPENS_NEXT = re.compile(r"\s*[\"“]")
_LONGEST = 240  # code points; damage to a longer quotation could not be pointed at


def find(document: Document) -> Iterator[Finding]:
    """Marks that stand alone; in place of an unopened one, the glued mark that may be the culprit."""
    quotation = document.quotation
    glued = {document.paragraph_at(mark): mark for mark in sorted(quotation.glued, reverse=True)}
    for mark in quotation.unclosed:
        yield RULE.finding(mark, mark + 1, None, message="this quotation is never closed")
    for mark in quotation.unopened:
        suspect = glued.get(document.paragraph_at(mark))
        if suspect is None:
            yield RULE.finding(mark, mark + 1, None, message="this quotation is never opened")
        else:
            what = "one of the marks of this paragraph has no partner; this one stands between two sentences"
            yield RULE.finding(suspect, suspect + 1, None, message=what)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Every quotation without its opening or its closing mark.

    The closing mark goes only where no quotation follows: else the text would read as one quotation of
    several paragraphs, which lawfully closes but once.
    """
    text, quotation = document.text, document.quotation
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
