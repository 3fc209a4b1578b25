"""Reports an amount of money with two currencies.

**What.** ``$22 billion yuan``, ``500 million yen (about $5 million yen)``, ``100 yen yuan``. Where the source text
names no dollar or pound, the sign before the amount goes.

**Mechanism.** Chinese and Japanese write the currency behind the amount (元, 円). A system that has learnt ``$``
before amounts puts it there, and translates the currency behind it as well.

**Left alone.** A currency beside its own sign (``¥100 yen``, ``$5 million dollars``, ``HK$``); rates and pairs
("the dollar-yen rate", "yen, yuan"); a bond or loan in another currency
("a $500 million yen bond"); amounts in brackets behind another; "won", which is a verb.

**Source.** Seen in public system output for Chinese to English; not once in three million words of human text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners import scan
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_SIGNS = r"(?:US ?\$|HK ?\$|NT ?\$|A\$|\$|£|€)"
_UNITS = r"(?:yen|yuan|renminbi|RMB|rubles|roubles|rupees|baht|lira|dong)"
_AMOUNT = r"\d[\d,]*(?:\.\d+)?(?:[ -](?:thousand|million|billion|trillion)){0,2}"
_SIGNED = lazy(
    rf"(?<!\w)(?P<sign>{_SIGNS} ?){_AMOUNT} (?P<unit>{_UNITS})\b"
    r"(?![/-]| (?:bonds?|loans?|notes?|swaps?|debt|positions?|trades?|fund|carry|futures)\b)",
    re.IGNORECASE,
)
_PAIR = r"(?:yen (?:yuan|dollars|euros)|yuan (?:yen|dollars|euros)|(?:dollars|euros) (?:yen|yuan))\b"
_TWO = lazy(rf"\b{_AMOUNT} {_PAIR}(?!-| (?:rate|pair|market|exchange))")
_SIGN_IN_SOURCE = lazy(
    r"[$£€＄￡]|美元|美金|港元|港币|港幣|台币|澳元|欧元|歐元|英镑|英鎊|ドル|ユーロ|ポンド|USD|EUR|GBP|HKD|刀"
)
_UNIT_IN_SOURCE = lazy(r"元|円|圆|人民币|人民幣|卢布|ルーブル|卢比|ルピー|泰铢|里拉|盾")
# What begins with a plain string is quick to look for: the sign before a figure, and two currencies in a row.
_SIGN_BEFORE = tuple(map(re.compile, (r"\$ ?\d", r"£ ?\d", r"€ ?\d")))
_PAIRS = tuple(lazy(rf"{first} (?:yen|yuan|dollars|euros)\b") for first in ("yen", "yuan", "dollars", "euros"))
_PLAIN = lazy(rf"(?<![\w$£€¥] )(?<![\w$£€¥.,-])(?={_AMOUNT} (?:yen|yuan)\b)\d")


def find(document: Document) -> Iterator[Finding]:
    """Amounts with a sign before and another currency behind, or with two behind."""
    text = document.text
    source = document.source_text or ""
    told = bool(_UNIT_IN_SOURCE.search(source)) and not _SIGN_IN_SOURCE.search(source)
    for match in scan.around(_SIGNED, text, 4, *_SIGN_BEFORE):
        if told:
            yield RULE.finding(
                *match.span("sign"), "", level=Level.SUGGEST, confidence=0.95, drops=match["sign"], proof=20
            )
        else:
            yield RULE.finding(*match.span(), None)
    for match in _TWO.finditer(text) if any(pair.search(text) for pair in _PAIRS) else ():
        yield RULE.finding(*match.span(), None)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A dollar sign before amounts of yen and yuan."""
    for match in _PLAIN.finditer(document.text):
        yield Damage(match.start(), match.start(), random.choice(("$", "$ ")))


RULE = Rule(
    code="NUM106",
    name="doubled-currency",
    message="the amount has two currencies",
    level=Level.REPORT,
    severity=Severity.MAJOR,
    mqm="accuracy/mistranslation",
    confidence=0.95,
    find=find,
    damage=damage,
    bad=(
        Example("They raised $22 billion yuan last year.", None),
        Example("It cost 500 million yen (about $5 million yen).", None),
        Example("The rate is 100 yen yuan at noon.", None),
    ),
    good=(
        "It cost 500 million yen ($5 million), or 30 million yuan.",
        "She paid ¥100 yen, he $5 million dollars.",
        "The dollar rose to 150 yen; yuan and yen fell.",
        "With $5 million won at cards he bought euros.",
        "At 110 yen dollar buyers returned, at $1 yen-based funds sold.",
        "The prize of HK$20 million won him friends.",
    ),
)
