"""Finds "he said." as a sentence of its own behind a quotation that is already finished.

**What.** ``"We are ready." he said.`` at the end of a paragraph: the stop inside the quotation ends it, and the
attribution in lower case follows all the same.

**Mechanism.** In the system's training data nearly every quotation is followed by an attribution, so it adds one
where the source segment is the bare quotation. Where the source does name a speaker, only the stop is wrong.

**Left alone.** ``"We are ready," he said.`` and ``"Are we ready?" he said.`` are English. Without the source
neither the stop nor the attribution is proved wrong, so that it is only reported. With it: a source that holds
nothing but the quotation proves the attribution invented, and it goes; a source with a verb of saying outside
the quotation proves it meant, and a comma in place of the stop is suggested.

**Source.** Seen in WMT system outputs; American and British style agree on the comma: The Chicago Manual of Style,
17th edition, 13.40.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_ADDED = lazy(
    r"(?P<stop>\.)(?<=\w\.)[\"”](?P<tail> (?:he|she|they) (?:said|added|told reporters)\.)"
    r"(?=[ \t\u00a0]*(?:[\r\n]|\Z))"
)
_QUOTED = lazy(r"“[^”]*”|「[^」]*」|『[^』]*』|\"[^\"]*\"|＂[^＂]*＂")
_CJK = lazy(r"[\u3040-\u30ff\u3400-\u9fff]")
_SAYING = lazy(r"[说說称稱曰道问問谈談讲講言述語话話]|表示|告诉|指出|介绍|透露|强调|认为|とし|伝え")
_END = lazy(r"(?<=[a-z]),(?P<mark>[\"”]) (?:he|she|they) said\.(?=[ \t]*(?:\n|\Z))")


def find(document: Document) -> Iterator[Finding]:
    """Attributions in lower case behind a full stop and a closing quotation mark."""
    text = document.text
    hits = list(_ADDED.finditer(text))
    closing = {end for _, end in document.quotation.pairs} if hits else set()
    for match in hits:
        if match.end("stop") not in closing:
            continue
        start, end = match.span("tail")
        outside = _QUOTED.sub("", document.source_text) if document.source_text else None
        if outside is not None and _is_bare(document.source_text, outside):
            yield RULE.finding(
                start,
                end,
                "",
                level=Level.SAFE,
                confidence=0.98,
                message="the source holds nothing but the quotation",
                drops=text[start:end],
            )
        elif outside is not None and _SAYING.search(outside):
            stop, before = match.start("stop"), text[match.start("stop") + 1]
            message = "a comma closes a quotation before its attribution"
            yield RULE.finding(stop, stop + 2, f",{before}", level=Level.SUGGEST, confidence=0.85, message=message)
        else:
            yield RULE.finding(match.start("stop"), end, None)


def _is_bare(source: str | None, outside: str) -> bool:
    """Whether the source has a quotation and no letter outside it."""
    return bool(source) and outside != source and _CJK.search(outside) is None and not any(c.isalpha() for c in outside)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A full stop in place of the comma before "he said." at the end of a paragraph."""
    closing = {end for _, end in document.quotation.pairs}
    for match in _END.finditer(document.text):
        if match.start("mark") in closing:
            yield Damage(match.start(), match.start("mark"), ".")


RULE = Rule(
    code="REP107",
    name="invented-attribution",
    message="an attribution follows a quotation that is already finished",
    level=Level.REPORT,
    severity=Severity.MINOR,
    mqm="accuracy/addition",
    confidence=0.8,
    find=find,
    damage=damage,
    bad=(
        Example('"The pilots are ready for the winter." he said.', None),
        Example("“Prices will rise again in the spring.” she added.\n", None),
        Example('He came home late. "It was a long way from the port." he said.\nThen he slept.', None),
    ),
    good=(
        '"The pilots are ready for the winter," he said.',
        '"Are the pilots ready for the winter?" he said.',
        '"The pilots are ready!" she added.',
        'He called it "a long way from the port." He said no more.',
        'The clerk wrote "approx." he said, and left. She left at "3 p.m." he said to me.',
        '"It was late." That is what he said.',
    ),
)
