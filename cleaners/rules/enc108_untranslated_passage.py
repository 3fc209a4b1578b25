"""Reports a long paragraph that was left in another language.

**What.** A paragraph of a hundred letters or more (forty characters in Chinese or Japanese) that is surely not
English, in a document that is.

**Mechanism.** The system gave up on a segment, or never got it, and its source stands in the output.

**Left alone.** Headlines, short quotations, names and titles, lists of names, tables, verse, English full of
foreign names, text in capitals, and dialects: a passage is another language's only where its function words
(*der*, *les*, *que*) or its script say so. Nothing is translated here.

**Source.** Function words make up a quarter to a half of running text in every European language.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners import language
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity

_FRENCH = (
    "Les ministres se sont réunis dans la capitale pour parler de la sécurité de la région, et ils ont décidé que la "
    "prochaine rencontre aurait lieu au printemps."
)
_GERMAN = (
    "Die Minister trafen sich in der Hauptstadt, um über die Sicherheit der Region zu sprechen, und sie beschlossen, "
    "dass das nächste Treffen im Frühling stattfinden wird."
)
_CHINESE = (
    "各国部长在首都举行会议，就地区安全问题交换意见，"
    "并决定明年春天再次会面，届时将讨论贸易与能源方面的合作事宜。"
)  # fmt: skip
_JAPANESE = (
    "各国の閣僚は首都で会合を開き、地域の安全保障について意見を交わしたうえで、"
    "来年の春に改めて会うことを決めたということです。"
)  # fmt: skip
_PASSAGES = {"ja": (_JAPANESE,), "zh": (_CHINESE,), None: (_JAPANESE, _CHINESE, _FRENCH, _GERMAN)}
_LONG = 120  # code points of a paragraph in whose place a passage may be left


def find(document: Document) -> Iterator[Finding]:
    """Long paragraphs that are surely not English."""
    for span, judgement in language.passages(document):
        yield RULE.finding(*span, None, message=f"the paragraph was left in {judgement.name}")


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A passage of the source in the place of a paragraph, in documents that have at least three."""
    long_enough = [p for p in document.paragraphs if p.end - p.start >= _LONG]
    if len(long_enough) < 3:
        return
    for paragraph in long_enough:
        yield Damage(*paragraph, random.choice(_PASSAGES[document.source_lang]))


_ENGLISH = "The ministers met in the capital to talk about the security of the region, and agreed to meet again.\n"

RULE = Rule(
    code="ENC108",
    name="untranslated-passage",
    message="the paragraph was left in another language",
    level=Level.REPORT,
    severity=Severity.MAJOR,
    mqm="accuracy/untranslated",
    confidence=0.95,
    find=find,
    damage=damage,
    bad=(
        Example(_ENGLISH + _FRENCH + "\n" + _ENGLISH, None),
        Example(_ENGLISH + _GERMAN, None),
        Example(_ENGLISH * 2 + _CHINESE, None),
        Example(_ENGLISH * 2 + _JAPANESE, None),
    ),
    good=(
        "Her motto was «Liberté, égalité, fraternité, ou la mort», and she kept it through the long years of war.",
        "Attending: Giuseppe Moretti, Marie-Claire Dubois, Jean-Luc Perrin, Carlos Álvarez, Luis de la Torre, Anna "
        "Müller, Jürgen von der Heyde, Paulo da Silva, Inês dos Santos, Pieter van den Berg, Jan de Vries.",
        "PRIME MINISTER VISITS NORTHERN PORTS AFTER STORM; FERRY COMPANY ORDERS TWO SHIPS; MUSEUM FINDS LOST MAP IN "
        "CELLAR; OLD LIGHTHOUSE OPENS DOORS AGAIN",
        "Wha's like us, gin ye ken whit we dae whan the nicht is lang an the wind blaws doon frae the hills sae cauld "
        "that nae man daurs gang oot wi oot his bonnet?",
        "Chorizo, jamón ibérico, queso manchego, gazpacho andaluz, tortilla española, churros, horchata, paella "
        "valenciana, pulpo a la gallega, pan con tomate: twelve euros each.",
        "Name\tRank\tUnit\tPoints\nMüller\t3\tHamburg\t1,200\nGarcía\t4\tSevilla\t1,140\nDupont\t5\tLyon\t1,090\n",
        "The sign read 「本日は都合により休業させていただきます」 and nobody in our party could make it out.",
    ),
)
