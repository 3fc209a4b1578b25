"""Suggests removing a copyright notice that was scraped along with the article.

**What.** ``(C) Kyodo``, ``Copyright © 2023 The Daily. All rights reserved.`` and ``Unauthorized reproduction
prohibited.`` alone on their lines.

**Mechanism.** The foot of the page was taken for text; in Japanese it reads 無断転載を禁じます, in Chinese
未经许可不得转载, which systems render in many ways.

**Left alone.** Sentences about copyright, and notices inside a paragraph. A notice is a legal statement, so that
nothing removes it unasked. An article must stand beside it.

**Source.** The usual notices of Japanese and Chinese newspapers.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners import furniture
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_USE = r"(?:[Rr]e(?:production|printing|print|publication|posting|distribution|use)|[Cc]opying|[Uu]se)"
_USES = rf"{_USE}(?:(?:,|,? (?:or|and|and/or)) {_USE}){{0,3}}"
_WITHOUT = r"without (?:(?:prior|written|our|the|express) ){0,3}(?:permission|authorization|consent)"
_FORBIDDEN = r"(?:is |are )?(?:strictly )?(?:prohibited|forbidden|not permitted|not allowed)"
_OF_WHAT = (
    r"(?: of (?:this|the|these|any|all)? ?(?:articles?|photos?|contents?|page|site|text)"
    r"(?:(?:,| and| or|, and) (?:the )?(?:articles?|photos?|contents?|images?)){0,3})?"
)
_CLAUSE = (
    r"(?:"
    r"(?:[Cc]opyright ?)?(?:©|\([Cc]\)|ⓒ) ?(?:[A-Z0-9][\w.,&’'/-]*(?: |$)|(?:of|the|and|by) |[-–] ?){1,12}"
    r"|[Cc]opyright:? (?:\d{4}(?:[-–]\d{4})?|by|belongs to)(?: [\w.,&’'/-]+){1,10}"
    r"|[Aa]ll [Rr]ights [Rr]eserved(?: by [\w.,&’' -]{1,40})?"
    rf"|(?:Unauthorized|Unauthorised|Any|The)? ?{_USES}{_OF_WHAT}(?: {_WITHOUT})? {_FORBIDDEN}(?: {_WITHOUT})?"
    rf"|No (?:unauthorized |part of )?"
    rf"(?:{_USES}|this (?:article|page|site) may be (?:reproduced|reprinted|republished))"
    rf"{_OF_WHAT}(?: {_WITHOUT})?"
    rf"|(?:Please )?[Dd]o not (?:reproduce|reprint|copy|repost|republish)(?: {_WITHOUT})?"
    rf"|May not be (?:reproduced|reprinted|reposted)(?: {_WITHOUT})?"
    r")"
)
_NOTICE = lazy(rf"(?:{_CLAUSE}[.;,]? ?){{1,4}}")
_HINTS = (
    "©", "(C)", "(c)", "ⓒ", "opyright", "ights reserved", "ights Reserved", "prohibited", "forbidden", "not permitted",
    "not allowed", "eproduc", "eprint", "epubli", "epost",
)  # fmt: skip
_NOTICES = (
    "(C) Kyodo", "Copyright © The Harbour Daily. All rights reserved.", "Unauthorized reproduction prohibited.",
    "No reproduction or republication without written permission.", "Reprinting without permission is prohibited.",
)  # fmt: skip


def find(document: Document) -> Iterator[Finding]:
    """Notices that stand alone on their lines."""
    text = document.text
    if not furniture.holds(document.short_lines, _HINTS):
        return
    for first, end in furniture.runs(document, _is_notice):
        if furniture.has_article(document, first, end):
            span = furniture.span_of(document, first, end)
            yield RULE.finding(*span, "", drops=text[span.start : span.end])


def _is_notice(line: str) -> bool:
    return furniture.holds(line, _HINTS) and _NOTICE.fullmatch(line) is not None


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A notice behind the last paragraph."""
    lines = document.paragraphs
    if lines and furniture.is_prose(document, lines[-1]):
        notice = furniture.line_break(document) + random.choice(_NOTICES)
        yield Damage(lines[-1].end, lines[-1].end, notice)


_ARTICLE = "The ministers agreed to meet again in Tokyo in the autumn of next year, officials said."

RULE = Rule(
    code="FUR106",
    name="copyright-line",
    message="the page's copyright notice stands in the text",
    level=Level.SUGGEST,
    severity=Severity.MINOR,
    mqm="accuracy/addition",
    confidence=0.9,
    find=find,
    damage=damage,
    bad=(
        Example(_ARTICLE + "\n(C) Kyodo", _ARTICLE),
        Example(_ARTICLE + "\n\nCopyright © 2023 The Harbour Daily Co., Ltd. All rights reserved.\n", _ARTICLE + "\n"),
        Example(_ARTICLE + "\nUnauthorized reproduction prohibited.\n" + _ARTICLE, f"{_ARTICLE}\n{_ARTICLE}"),
        Example(_ARTICLE + "\nReprinting of this article without permission is strictly prohibited.", _ARTICLE),
        Example(_ARTICLE + "\nNo reproduction or republication without written permission.", _ARTICLE),
    ),
    good=(
        "(C) Kyodo",
        "The sign at the gate read Unauthorized reproduction prohibited, which made the breeders of rabbits laugh.",
        _ARTICLE + "\nReproduction of eels in tanks is not allowed to fail a third time, the owner told them.",
        _ARTICLE + "\nCopyright reform stalls again",
        _ARTICLE + "\n(C) Aid to the ports of the north is to be paid out in three parts",
        _ARTICLE + "\nSmoking is strictly prohibited.",
        _ARTICLE + "\nAll rights of the villagers were reserved in the treaty.",
    ),
)
