"""Turns quotation marks in the style of TeX into those of the document.

**What.** A quotation between two backticks and two single marks, or closed with ``"``, is given the marks of the text.

**Mechanism.** Old corpora write quotation marks in this way, and systems trained on them set these for 「 and 」.

**Left alone.** TeX itself (any backslash in the text), code, literals between two pairs of backticks, two single
marks at the beginning of a word (wiki italics), nested marks, derivatives (``f''``), inches and seconds. Where a text
has no other quotation marks the style is its own, as with some news wires, and the change is only suggested.

**Source.** Seen in public machine translations of Japanese news.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_LONGEST = 300  # code points between the marks
_WHOLE = lazy(
    rf"(?<![`\w])``(?=[^\s`'\"])(?P<inner>[^`\"“”\r\n]{{0,{_LONGEST}}}?[\w.,;:!?…)%])(?P<close>''|[\"”])(?![\w'`\"”])"
)
_HALF = lazy(
    rf"(?<![\w\"“”])(?P<open>[\"“])(?=[^\s\"'])(?P<inner>[^`\"“”\r\n]{{0,{_LONGEST}}}?[^\W\d_]{{2}}[.,;:!?…)]?)''(?![\w'`\"”])"
)
_OPENS_SINGLE = lazy(r"(?<!\w)['‘](?=\w)")
_PAIR = lazy(rf"(?<![\w\"“”])[\"“](?P<inner>[A-Za-z][^`'\"“”\r\n]{{0,{_LONGEST}}}?[A-Za-z][.,!?]?)[\"”](?![\w'`\"”])")


def find(document: Document) -> Iterator[Finding]:
    """Quotations that a double backtick opens or two single marks close."""
    text = document.text
    if ("``" not in text and "''" not in text) or "\\" in text:
        return
    matches = [*(_WHOLE.finditer(text) if "``" in text else ()), *(_HALF.finditer(text) if "''" in text else ())]
    straight, curly = text.count('"'), text.count("“") + text.count("”")
    # The halves of mixed pairs are no witnesses of a style.
    others = straight + curly - sum(match.group().count('"') + match.group().count("”") for match in matches)
    opener, closer = ("“", "”") if curly > straight else ('"', '"')
    for match in matches:
        if document.is_shielded(*match.span()):
            continue
        if match.group()[0] != "`" and _OPENS_SINGLE.search(match["inner"]):
            continue  # "on ''Der Spiegel''", "she said, 'to the boys''"
        mixed = match.group()[0] != "`" or match["close"] != "''"
        sure = mixed or others > 0
        yield RULE.finding(
            match.start(),
            match.end(),
            opener + match["inner"] + closer,
            level=Level.SAFE if sure else Level.SUGGEST,
            confidence=0.96 if sure else 0.7,
        )


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A quotation in the marks of TeX, whole or by half, in texts that keep a style by which to restore it."""
    text, quotation = document.text, document.quotation
    straight, curly = text.count('"'), text.count("“") + text.count("”")
    if "``" in text or "''" in text or "\\" in text or (straight and curly) or straight + curly < 4:
        return
    pairs = set(quotation.pairs)
    if quotation.alone:
        return
    for match in _PAIR.finditer(text):
        if (match.start(), match.end() - 1) in pairs:
            shape = random.choice((("``", "''"), ("``", text[match.end() - 1])))
            yield Damage(match.start(), match.end(), match["inner"].join(shape))


RULE = Rule(
    code="PUN106",
    name="tex-quotation-marks",
    message="the quotation stands in the marks of TeX",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/typography",
    confidence=0.96,
    find=find,
    damage=damage,
    bad=(
        Example("He called it ``historic'' and \"rare\".", 'He called it "historic" and "rare".'),
        Example('The ``historic" visit took place.', 'The "historic" visit took place.'),
        Example("“We go,” he said at the ``summit,'' then left.", "“We go,” he said at the “summit,” then left."),
        Example("\"All hell broke loose,'' she said.", '"All hell broke loose," she said.'),
    ),
    good=(
        "In TeX write \\emph{so} and ``so'' for \"so\".",
        'Call ``list.sort`` or ``sorted`` for "order".',
        "The ''Daily News'' is set in italics, \"they\" say.",
        "A 5'' screen and \"a 6'' one\" were shown.",
        "It was the allies' '' mark, \"they\" say.",
        "He wrote \"the boys' and girls'\" on it.",
    ),
)
