"""Suggests the English form of a dateline that was carried over in its brackets.

**What.** ``[Tokyo Kyodo] Talks began`` becomes ``TOKYO (Kyodo) -- Talks began``; ``【Beijing Jiji】`` likewise.

**Mechanism.** Japanese papers open an agency report with 【東京共同】 or 【北京時事】: the place and the agency,
nothing between. Systems keep bracket and order.

**Left alone.** English datelines (``TOKYO (Kyodo) --``, ``Oslo, July 11 (Xinhua) --``), brackets inside a paragraph,
and names of organisations in brackets. The name before the agency may be more than a place, so that nothing is
changed unasked.

**Source.** The usage of Japanese newspapers; AP and Kyodo style for English datelines.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners import furniture
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_AGENCY = r"(?:Kyodo(?: News)?|Jiji(?: Press)?|AFP-Jiji|Jiji-AFP|Xinhua(?: News Agency)?|AP-Kyodo)"
_DATELINE = lazy(
    rf"[\[【（(] ?(?P<place>[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){{0,2}})[ ,=＝/]{{1,2}}(?P<agency>{_AGENCY}) ?[\]】）)]"
    r"[ \t\u3000]*(?=[A-Z0-9\"“])"
)
_HINTS = ("Kyodo", "Jiji", "Xinhua")
_OPENING = lazy(r"[\[【（(]")
_PLACES = ("Tokyo", "Beijing", "Seoul", "Washington", "Moscow", "London", "New York", "Taipei", "Brussels")


def find(document: Document) -> Iterator[Finding]:
    """Datelines in brackets at the beginning of a paragraph that goes on."""
    text = document.text
    if not any(hint in text for hint in _HINTS):
        return
    for paragraph in document.paragraphs:
        if not _OPENING.match(text, paragraph.start):
            continue
        match = _DATELINE.match(text, *paragraph)
        if match and match["place"] != match["agency"] and paragraph.end - match.end() > 20:
            fix = f"{match['place'].upper()} ({match['agency']}) -- "
            yield RULE.finding(*match.span(), fix)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A bracket in front of the first paragraph of prose."""
    first = next((line for line in document.paragraphs if furniture.is_prose(document, line)), None)
    if first and (document.text[first.start].isupper() or document.text[first.start] in '"“'):
        agency = random.choice(("Kyodo", "Jiji"))
        place = random.choice(_PLACES)
        head = random.choice(("[{} {}] ", "【{} {}】", "[{} {}]")).format(place, agency)
        yield Damage(first.start, first.start, head)


RULE = Rule(
    code="FUR110",
    name="bracketed-dateline",
    message="a Japanese dateline (【東京共同】) was carried over in its brackets",
    level=Level.SUGGEST,
    severity=Severity.MINOR,
    mqm="fluency/typography",
    confidence=0.9,
    origin="ja",
    find=find,
    damage=damage,
    bad=(
        Example("[Tokyo Kyodo] Talks on the ports began again.", "TOKYO (Kyodo) -- Talks on the ports began again."),
        Example("Talks\n【Beijing Jiji】The talks on fish began.", "Talks\nBEIJING (Jiji) -- The talks on fish began."),
        Example("[New York, Kyodo] “We agree,” the envoy of Peru said.",
                "NEW YORK (Kyodo) -- “We agree,” the envoy of Peru said."),
    ),
    good=(
        "TOKYO (Kyodo) -- Talks on the ports of the north began again on Monday.",
        "Oslo, July 11 (Xinhua) -- Talks on the ports of the north began again on Monday.",
        "[Tokyo Kyodo]",
        "The agencies [Tokyo Kyodo] and two others reported that the talks on the ports had begun again.",
        "(Kyodo) Talks on the ports of the north began again on Monday.",
        "[Tokyo] Talks on the ports of the north began again on Monday, Kyodo said.",
        "[Tokyo Kyodo Hall] Talks on the ports of the north began again on Monday.",
    ),
)  # fmt: skip
