"""Takes the verb of saying from a source that "according to" has named already.

**What.** ``According to the agency reported that rain is near.`` becomes ``According to the agency, rain is near.``

**Mechanism.** Chinese frames a source from both sides (据 … 报道, 根据 … 显示); the system renders the first half
as "according to" and the second as a verb, and the verb is left without a subject.

**Left alone.** A verb that belongs to a relative clause ("according to a man who said that"), to what stands in the
source ("according to reports that", "according to data reported by"), or behind a comma; nouns that look like verbs
("according to TV shows"); "the terms announced that day". Only suggested: a comma in place of "that", and what a bare
relative clause could be ("according to documents Reuters said that it saw").

**Source.** English grammar: a noun behind a preposition cannot be the subject of the clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners import scan
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_VERB = (
    "shows?|showed|said|says|reported|pointed out|indicates?|indicated|reveals?|revealed|believes?|noted|announced|"
    "stated|added|stressed|explained"
)
_ADVERB = "previously|earlier|also|recently|once|further|later|clearly"
_FRAMED = lazy(
    rf"\b[Aa]ccording to (?P<source>[^,.;:!?()\"“”\n]{{3,100}}?)(?P<verb> (?:(?:{_ADVERB}) )?(?:{_VERB}))"
    r"(?P<that> that|,)(?= [\w“\"$£€])"
    # "the terms announced that day": a time or a manner, no clause.
    r"(?!(?<=that) (?:same |very )?(?:second|minute|hour|day|night|morning|afternoon|evening|week|weekend|month|quarter"
    r"|year|season|spring|summer|autumn|fall|winter|term|time|moment|way|[A-Z][a-z]+day)"
    r"(?:,| (?:in|on|at|by|to|from)\b))"
)
_ANCHOR = lazy("ccording to ")
# The verb may have another subject: a relative clause, an interrogative, or "the letter he said that he wrote".
_OTHER_SUBJECT = lazy(
    r"\b(?:who|whom|whose|which|that|what|whatever|where|how|when|as|he|she|it|they|we|I|you|and|but|if)\b"
)
# "the letter the mayor said that he wrote": a second noun phrase without a preposition.
_SECOND_NOUN = lazy(
    r"(?<!\bof)(?<!\bin)(?<!\bby)(?<!\bfor)(?<!\bfrom)(?<!\bon)(?<!\bat)(?<!\bto)(?<!\bwith) (?:the|an?) "
)
_PASSIVE = lazy(r"\b(?:is|was|are|were|be|been|being|has|have|had|will|would|also|not)\Z")
_TV = lazy(r"\b(?:TV|talk|game|news|fashion|trade|air|light|stage|radio|television|reality)\Z")
_FIGURES = lazy(r"(?:\w{2,}s|data|figures)\Z")
# "The data that according to him show that": the verb has its subject in front.
_OPENS = lazy(r"(?:\A|[\n\r,;:.!?(\"“”—–]) ?\Z")
_BARE_RELATIVE = lazy(r"\b[a-z]+(?:s|data) (?:[A-Z]|(?:his|her|its|their|our)\b)")
_GAP = lazy(r" (?:it|he|she|they|we|I|you|had|has|have|was|were|is|are|would|could)\b")
_REPORT = lazy(r"\b(?:report|survey|study|research)\Z", re.IGNORECASE)
_SINGLE = lazy(
    r"According to (?P<source>[^,.;:!?()\"“”\n]{3,60})(?P<comma>,)"
    r"(?= (?:the|an?|this|these|there|about|more|some|many|most|his|her|its|their) )"
)


def find(document: Document) -> Iterator[Finding]:
    """A source behind "according to" that goes on as a subject."""
    text = document.text
    for match in scan.around(_FRAMED, text, 1, _ANCHOR):
        source = match["source"]
        if (
            _has_no_verb(source)
            and not _is_noun(match)
            and _OPENS.search(text, max(0, match.start() - 3), match.start())
        ):
            start, end = match.start("verb"), match.end("that")
            level = Level.SAFE if _is_proved(text, match) else Level.SUGGEST
            yield RULE.finding(start, end, ",", level=level, drops=text[start:end], proof=start - match.start())


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A verb of saying behind every source that opens its sentence."""
    for sentence in document.sentences:
        match = _SINGLE.match(document.text, sentence.start, sentence.end)
        if match and _has_no_verb(match["source"]):
            yield Damage(*match.span("comma"), random.choice((" reported that", " said that", " pointed out that")))


def _is_proved(text: str, match: re.Match[str]) -> bool:
    """Whether nothing can be said by another ("documents Reuters said that it saw", "data shows, he said")."""
    if match["that"] == "," or _BARE_RELATIVE.search(match["source"]):
        return False
    return _GAP.match(text, match.end()) is None


def _has_no_verb(source: str) -> bool:
    return not (_OTHER_SUBJECT.search(source) or _SECOND_NOUN.search(source) or _PASSIVE.search(source))


def _is_noun(match: re.Match[str]) -> bool:
    """Whether the word may be a noun or participle of the source: "TV shows", "Apple's reveal", "figures reported"."""
    source, verb = match["source"], match["verb"].rpartition(" ")[2]
    if verb in ("shows", "show", "reveal", "reveals"):
        if match["that"] == ",":
            return not (_FIGURES if verb == "show" else _REPORT).search(source)
        return bool(_TV.search(source)) or source.lower() in ("the", "a", "his", "her", "its", "their")
    return match["that"] == "," and verb not in ("said", "says") and bool(_FIGURES.search(source))


RULE = Rule(
    code="SYN112",
    name="doubled-source",
    message="the source stands behind “according to” and is the subject of a verb as well",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/grammar",
    confidence=0.9,
    find=find,
    damage=damage,
    bad=(
        Example("According to the agency reported that rain is near.", "According to the agency, rain is near."),
        Example(
            "It is hot. According to new data show that June was the driest month.",
            "It is hot. According to new data, June was the driest month.",
        ),
        Example("According to Mori pointed out that the bridge is old.", "According to Mori, the bridge is old."),
        Example(
            "OSLO, May 3, according to the Daily News earlier reported that the mayor left.",
            "OSLO, May 3, according to the Daily News, the mayor left.",
        ),
        Example("According to the Oslo office said, the road is open.", None),
    ),
    good=(
        "According to the agency, which reported that rain is near, schools closed.",
        "According to a man who said that he saw it, the roof fell.",
        "According to reports that he had left, the house was empty.",
        "According to data reported by the agency, June was dry.",
        "According to what the mayor said, the road is open.",
        "According to a letter she said that she wrote, he knew.",
        "According to the letter the mayor said that he wrote, she knew.",
        "The data that according to Mori show that he is right were lost.",
        "According to TV shows, detectives never sleep.",
        "According to the mayor, officials said that the road is open.",
        "According to figures announced, prices fell.",
    ),
)
