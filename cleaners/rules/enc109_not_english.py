"""Reports a document that is not in English; nothing else is looked for in it.

**What.** A document whose text is surely in another language gets one finding, over its first line.

**Mechanism.** A file went round the translator: the original stands where the translation should.

**Left alone.** The document itself: rules for English would only damage it. A document partly in English, a
short one, lists, tables and code are cleaned as usual. Where this rule is ignored, every document is.

**Source.** Function words make up a quarter to a half of running text in every European language.
"""

from __future__ import annotations

from collections.abc import Iterator

from cleaners import language
from cleaners.core import Document, Example, Finding, Level, Rule, Severity


def find(document: Document) -> Iterator[Finding]:
    """The first line of a document in another language."""
    judgement = language.of_document(document)
    if judgement:
        message = f"the document is not English but {judgement.name}; it is left alone"
        yield RULE.finding(*document.paragraphs[0], None, message=message)


RULE = Rule(
    code="ENC109",
    name="not-english",
    message="the document is not in English; it is left alone",
    level=Level.REPORT,
    severity=Severity.CRITICAL,
    mqm="accuracy/untranslated",
    confidence=0.98,
    find=find,
    bad=(
        Example(
            "Rencontre au printemps\nLes ministres se sont réunis dans la capitale pour parler de la sécurité de la "
            "région, et ils ont décidé que la prochaine rencontre aurait lieu au printemps.",
            None,
        ),
        Example(
            "Die Minister trafen sich in der Hauptstadt, um über die Sicherheit der Region zu sprechen, und sie "
            "beschlossen, dass das nächste Treffen im Frühling stattfinden wird.",
            None,
        ),
        Example(
            "各国部长在首都举行会议，就地区安全问题交换意见，并决定明年春天再次会面，届时将讨论贸易与能源方面的合作事宜。",
            None,
        ),
        Example(
            "閣僚会合、春に再び\n各国の閣僚は首都で会合を開き、地域の安全保障について意見を交わしたうえで、来年の春に改めて会うことを決めた。",
            None,
        ),
    ),
    good=(
        "Bonjour à tous les amis de la maison.",
        "Attending: Giuseppe Moretti, Marie-Claire Dubois, Jean-Luc Perrin, Carlos Álvarez, Luis de la Torre, Anna "
        "Müller, Jürgen von der Heyde, Paulo da Silva, Inês dos Santos, Pieter van den Berg, Jan de Vries.",
        "STORM CLOSES PORTS\nFERRY COMPANY ORDERS TWO SHIPS\nMUSEUM FINDS LOST MAP IN CELLAR\nOLD LIGHTHOUSE OPENS "
        "DOORS AGAIN\nSNOW SHUTS ROAD",
        "Tyger tyger, burning bright,\nIn forests dim beneath black night,\nWhat immortal hand, what eye,\nDared so "
        "dread a symmetry?\nIn what distant deeps or skies burned such fire?",
        "def bericht(der, die, das): return der + die + das\nfor i in range(10): print(bericht(i, i, i), end=',')",
        "Tokyo 35 Osaka 34 Kyoto 36 Nagoya 33 Sapporo 21 Sendai 25 Niigata 27 Kanazawa 28 Fukuoka 34 Kagoshima 35 "
        "Naha 32 Matsuyama 33 Kochi 34 Takamatsu 35 Hiroshima 33",
    ),
)
