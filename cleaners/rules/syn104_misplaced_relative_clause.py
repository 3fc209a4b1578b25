"""Reports a relative clause that cannot belong to the noun before it, or that breaks off.

**What.** ``a senior government official, who leads NATO, told us``; ``He visited the town, which is.``

**Mechanism.** In Japanese the relative clause stands before its noun; the system sets it behind the last noun of
the phrase, though it belonged to an earlier one (the government, not its official, leads). An unnamed official
cannot be the head of a named body or a country: it has one head, whom everybody knows. Where the noun was lost as
well, the clause stops behind its verb.

**Left alone.** A named person, "the official, who leads", anybody who leads part of a body ("who leads NATO's
office"), and what an official can do ("who declined to be named", "who leads the talks"); former officials, who
may have risen ("a former intelligence official, who leads the country"); an ellipsis that a negation or a question
before it fills ("I was not there, but I know somebody, who was.").

**Source.** Seen in public machine translations of Japanese broadcast news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaners.core import Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_BODIES = (
    r"NATO|EU|UN|ASEAN|OPEC|G7|G20|IMF|WTO|WHO|IAEA|OECD|European Union|United Nations|United States|World Bank|"
    r"European Commission|alliance|world|nation|country|government|bloc|organi[sz]ation"
)
_OFFICIAL = lazy(
    r"\b(?:[Aa]n?|[Aa]nother|[Oo]ne) (?P<lead>(?:[\w.’'-]+ ){0,6})(?:official|diplomat|aide|bureaucrat|civil servant)"
    rf", who (?:leads|heads|rules|governs|presides over|is (?:the )?leader of) (?:the )?(?:{_BODIES}),"
)
# The part of it that is rare and quick to look for.
_LEADS = lazy(r", who (?:leads|heads|rules|governs|presides over|is (?:the )?leader of) ")
_RISEN = lazy(r"\b(?:former|ex|retired|one-time|onetime|turned|career|once)\b", re.IGNORECASE)
_BROKEN_OFF = lazy(r", wh(?<=\w, wh)(?:ich|o) (?:is|was|are|were|will be|has been|have been)\.(?=\s|\Z)")

# "Nobody stayed but my uncle, who was.": the verb stands for an earlier one.
_ELLIPSIS = lazy(
    r"\b(?:not|neither|nor|never|no|none|nobody|unlike|whether|or|who|whom|whose|which|what|if|than|cannot)\b|n['’]t\b",
    re.I,
)
_LOOK = 160  # code points before a clause that breaks off


def find(document: Document) -> Iterator[Finding]:
    """Unnamed officials at the head of a named body, and relative clauses that end behind their verb."""
    text = document.text
    if _LEADS.search(text):
        for match in _OFFICIAL.finditer(text):
            if not _RISEN.search(match["lead"]):
                yield RULE.finding(*match.span(), None)
    for match in _BROKEN_OFF.finditer(text):
        if _ELLIPSIS.search(text, max(0, match.start() - _LOOK), match.start()):
            continue
        yield RULE.finding(*match.span(), None)


# No `damage`: nothing in clean text says which of its clauses stood before its noun.
RULE = Rule(
    code="SYN104",
    name="misplaced-relative-clause",
    message="the relative clause cannot belong to the noun before it, or breaks off",
    level=Level.REPORT,
    severity=Severity.MAJOR,
    mqm="accuracy/mistranslation",
    confidence=0.85,
    find=find,
    bad=(
        Example("A senior foreign ministry official, who leads the EU, spoke to reporters.", None),
        Example("One high-ranking official, who heads the United Nations, agreed.", None),
        Example("He visited the old town, which is. It was late.", None),
        Example("They met the mayor, who was.", None),
    ),
    good=(
        "Jens Stoltenberg, an official, who leads NATO's office, agreed.",
        "The official, who leads the EU, spoke to reporters.",
        "A senior official, who declined to be named, spoke of NATO.",
        "A former intelligence official, who leads the country, spoke.",
        "A Swedish diplomat, who leads the talks, agreed.",
        "An official of NATO, which leads the mission, agreed.",
        "She asked who he was, and he told her who he is.",
    ),
)
