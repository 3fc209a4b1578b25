"""Puts the number back where characters for "four countries" were read as an island.

**What.** ``the leaders of the Sikoku`` becomes ``the leaders of the four countries``.

**Mechanism.** Chinese 四国, "four countries", is also how Japanese writes the island of Shikoku; the system
takes the Japanese reading.

**Left alone.** The island: without the article, before a noun it modifies ("the Shikoku office"), or in a text
that speaks of it. The text must itself speak of four countries. With an article it may be a ship or a hotel: the edit
is applied only where what stands beside it is what countries have or do ("the leaders of the Sikoku", "the Sikoku will
sign") and the spelling is no right one of the island, else suggested.

**Source.** The readings of 四国; seen in public machine translations of Chinese news.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity, Stage
from cleaners.lazily import lazy

# "Sikoku" is no way to write the island; "the Shikoku" may be the head of a longer name.
_ISLAND = lazy(
    r"\b(?P<article>[Tt]he) (?P<name>Sikoku(?! (?:[A-Z]|islands?\b|rivers?\b|region\b|mountains?\b))|Shikoku"
    r"(?=[.,;:)\"”’']|\Z| (?:to|and|will|would|have|has|in|at|on|are|were|with|for|who|which|that|agreed|also|had)\b))"
)
_HAVE = lazy(
    r"\b(?:leaders|heads|ministers|presidents|premiers|governments|representatives|diplomats|envoys|officials|peoples"
    r"|economies|relations|cooperation|citizens|interests|borders|markets|ideas|plans|positions|concerns"
    r"|efforts|support|policies) (?:of|between|among|from) \Z|\bspoke for \Z"
)
_DO = lazy(
    r" (?:have|are|were|agree|sign|share|recogni[sz]e|border|(?:will|would|should|must|can|may|to|also|jointly|had)"
    r" (?:jointly |also |all )?(?:sign|agreed?|attend|meet|cooperate|discuss|hold|strengthen|work together|negotiate"
    r"|ratify|vote))\b"
)
_FOUR = lazy(r"\b[Ff]our\b[^.!?\n]{0,40}\b(?:countries|nations|states|partners)\b")
_SPEAKS_OF_ISLAND = lazy(
    r"\b(?:Kyushu|Honshu|Matsuyama|Kochi|Ehime|Tokushima|Kagawa|Takamatsu)\b|\bisland of Shikoku\b"
    r"|(?<![Tt]he )\bShikoku\b"
)
_COUNTRIES = lazy(r"\b(?P<article>[Tt]he) four countries\b")


def find(document: Document) -> Iterator[Finding]:
    """The island with an article, in a text about four countries."""
    text = document.text
    if "ikoku" not in text or not _FOUR.search(text) or _SPEAKS_OF_ISLAND.search(text):
        return
    for match in _ISLAND.finditer(text):
        if text.startswith(" of ", match.end()):
            continue
        beside = _HAVE.search(text, max(0, match.start() - 40), match.start()) or _DO.match(text, match.end())
        sure = match["name"] == "Sikoku" and beside is not None
        yield RULE.finding(
            *match.span(),
            f"{match['article']} four countries",
            level=Level.SAFE if sure else Level.SUGGEST,
            confidence=0.95 if sure else 0.7,
            drops=match["name"],
            proof=20,
        )


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """The island for "the four countries", in a text that also speaks of them in other words."""
    text = document.text
    sites = list(_COUNTRIES.finditer(text))
    others = (m for m in _FOUR.finditer(text) if not any(m.start() < s.end() and s.start() < m.end() for s in sites))
    if "ikoku" in text or _SPEAKS_OF_ISLAND.search(text) or next(others, None) is None:
        return
    for match in sites:
        before = text[max(0, match.start() - 40) : match.start()]
        if not (_HAVE.search(before) or _DO.match(text, match.end())):
            continue
        bad = f"{match['article']} Sikoku"  # the island's right spelling would be no proof
        after = text[match.end() : match.end() + 20]
        if _ISLAND.match(bad + after) and not after.startswith(" of "):
            yield Damage(*match.span(), bad)


RULE = Rule(
    code="NAM103",
    name="number-read-as-name",
    message="Chinese 四国, four countries, was read as the island of Shikoku",
    level=Level.SAFE,
    severity=Severity.MAJOR,
    mqm="accuracy/mistranslation",
    confidence=0.95,
    origin="zh",
    stage=Stage.NAME,
    find=find,
    damage=damage,
    bad=(
        Example(
            "Four Asian countries came. The leaders of the Sikoku to attend met.",
            "Four Asian countries came. The leaders of the four countries to attend met.",
        ),
        Example(
            "They are the four partner nations. The Sikoku will sign.",
            "They are the four partner nations. The four countries will sign.",
        ),
        Example(
            "Four states agreed; Japan spoke for the Sikoku.",
            "Four states agreed; Japan spoke for the four countries.",
        ),
    ),
    good=(
        "Four countries sent pilgrims to the island of Shikoku.",
        "Four nations took part. The Shikoku office opened.",
        "The Sikoku river rose.",
        "Four countries met in Matsuyama on the Shikoku.",
        "The four states of Shikoku, Kyushu and so on are no countries.",
    ),
)
