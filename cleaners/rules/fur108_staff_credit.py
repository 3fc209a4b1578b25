"""Removes a translated line that names the reporter, editor or compiler on duty.

**What.** ``(Editor in charge: Li Na)``, ``(Compiler / He Ying)``, ``(Text/Wang Li)`` alone on their lines at either
end of an article. Inside a paragraph, ``(reporter Gao Kai)`` is reported.

**Mechanism.** Chinese pages end with 责任编辑 and 编译 and begin with 文/ and 记者; the line is translated with the
article.

**Left alone.** Lines without brackets ("Responsible editor: …" stands in journals) are only suggested, as are those
amid an article, and reporters and compilers whose names are not Chinese (a cast list, ``(Compiler: GNU
Fortran)``). English bylines ("By …", "Editing by …", "reported by …") stay.

**Source.** Seen in the outputs submitted to the WMT 2018 and 2019 news tasks (Chinese to English).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners import furniture
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.segment import Span

_DUTY = (
    r"(?:[Ee]ditors?(?:[- ]in[- ]charge| [Rr]esponsible| on duty)|[Rr]esponsible [Ee]ditors?|"
    r"(?:[Dd]uty|[Ww]eb|[Ii]ntern) [Ee]ditors?|[Cc]ompilers?|[Cc]ompilation|[Cc]ompiled by ?(?=[/:：])|"
    r"[Ee]ditors? ?(?=[/／])|(?:[Ii]ntern |[Cc]hief )?[Rr]eporters?|[Cc]orrespondents?|[Pp]roofreaders?|"
    r"[Tt]ext ?(?=[/／])|[Ww]riters? ?(?=[/／]))"
)
_MARK = r" ?[:：/／-] ?"
# "(Text/Wang Li, Photo/Li Ming)"
_CREDITS = rf"{_DUTY}{_MARK}{furniture.NAMES}(?:[,;、 ]{{1,2}}(?:{_DUTY}|[Pp]hoto){_MARK}{furniture.NAMES}){{0,3}}"
_BRACKETED = lazy(rf"[(\[【（] ?{_CREDITS} ?[)\]】）]\.?")
_CHARGED = r"(?:[Ee]ditors?[- ]in[- ]charge|[Rr]esponsible [Ee]ditor)"
_BARE = lazy(rf"(?:{_CREDITS}|{_CHARGED} {furniture.NAMES})\.?")
_INSIDE = lazy(
    rf"\((?:[Ii]ntern |[Oo]ur )?[Rr]eporters?(?: ?[:：/／] ?| )(?P<names>{furniture.NAMES})"
    rf"(?: [Cc]orrespondent {furniture.NAMES})?\)"
)
_ON_DUTY = lazy(r"ditors?[- ](?:in[- ]charge|on duty|[Rr]espons)|sponsible [Ee]ditor|(?:uty|eb|tern) [Ee]ditor")
_NAME = lazy(r"(?<=[:：/／-])[^,;、:：/／()\[\]【】（）]+")
_SYLLABLE = (
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxzcsryw])?"
    r"(?:i?ang|i?ong|uang|[aeiu]ng?|i?ao|[iu]an|uai|[iu]a|i?[aeo][inou]?|u[aeino]?|i[eun]?|er)"
)
_CHINESE_NAME = lazy(rf" ?(?:{_SYLLABLE}(?:[ ’'-]?{_SYLLABLE}){{1,3}}) ?", re.IGNORECASE)
_HINT = lazy(
    r"ditors?[- ][iro]|ditors? ?[/／]|sponsible [Ee]ditor|(?:uty|eb|tern) [Ee]ditor|ompil|"
    r"eporters?(?: ?[:：/／]| [A-Z])|orrespondents? ?[:：/／]|roofreader|ext ?[/／]|riters? ?[/／]"
)
_ROLES = ("ditor", "eporter", "ompil", "orrespondent", "roofreader", "ext/", "ext /", "riter/", "riter /", "／")
_LINES = (
    "(Editor in charge: Li Na)", "(Responsible editor: Wang Lei)", "(Compiler/He Ying)", "[Editor in charge: Zhao Min]",
    "(Text/Wang Li, Photo/Li Ming)", "(Reporter: Sun Tao)",
)  # fmt: skip


def find(document: Document) -> Iterator[Finding]:
    """Staff lines, and reporters in brackets inside a paragraph's beginning."""
    text, lines = document.text, document.paragraphs
    if not furniture.holds(text, _ROLES) or not _HINT.search(text):
        return
    for first, end in furniture.runs(document, _is_credit):
        if not furniture.has_article(document, first, end):
            continue
        bracketed = all(_is_sure(text[line.start : line.end]) for line in lines[first:end])
        sure = bracketed and furniture.at_the_edge(document, first, end)
        span = furniture.span_of(document, first, end)
        level = None if sure else Level.SUGGEST
        yield RULE.finding(*span, "", level=level, drops=text[span.start : span.end])
    for match in _INSIDE.finditer(text):
        if _opens_report(document, match.start(), match.end()):
            message = "the reporter's name (记者) was left in brackets in the text"
            yield RULE.finding(*match.span(), None, level=Level.REPORT, message=message)


def _is_credit(line: str) -> bool:
    return _BRACKETED.fullmatch(line) is not None or _BARE.fullmatch(line) is not None


def _is_sure(line: str) -> bool:
    """Whether the line is in brackets and of a Chinese page, by its post or its names: a cast has reporters, too."""
    if not _BRACKETED.fullmatch(line):
        return False
    return _ON_DUTY.search(line) is not None or all(map(_CHINESE_NAME.fullmatch, _NAME.findall(line)))


def _opens_report(document: Document, start: int, end: int) -> bool:
    """Whether the bracket stands in a dateline: within the first words of a paragraph that goes on."""
    paragraph: Span = document.paragraph_at(start)
    return start - paragraph.start <= 80 and paragraph.end - end > 20


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A staff line below the last paragraph."""
    return furniture.below_the_text(document, random, _LINES)


_ARTICLE = "The ministers agreed to meet again in Tokyo in the autumn of next year, officials said."

RULE = Rule(
    code="FUR108",
    name="staff-credit",
    message="a line with the staff of a Chinese page (责任编辑, 编译, 文/) was translated with the text",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="accuracy/addition",
    confidence=0.97,
    origin="zh",
    find=find,
    damage=damage,
    bad=(
        Example(_ARTICLE + "\n(Editor in charge: Li Na)\n", _ARTICLE + "\n"),
        Example(_ARTICLE + "\n\n(Compiler / He Ying-chun)", _ARTICLE),
        Example("(Text/Wang Li, Photo/Li Ming)\n" + _ARTICLE, _ARTICLE),
        Example(f"Xinhua, Oslo, May 1 (reporter Ren Ke) {_ARTICLE}", None),
        Example(f"(Intern reporter: Sun Tao)\n[Responsible editor: Zhao Min]\n{_ARTICLE}", _ARTICLE),
    ),
    good=(
        "(Editor in charge: Li Na)",
        "By Anna Reed, Harbour News\n" + _ARTICLE,
        _ARTICLE + "\n(Reporting by Anna Reed; editing by Tom Hall)",
        _ARTICLE + "\n(The reporter was not named.)",
        "The paper's editor in charge: a woman of thirty who had come from the north, was asked to leave the room.",
        _ARTICLE + "\n(Editor's note: Names were changed.)",
        "He spoke to a friend (reporter Anna Reed knows him well) about the flood, and the talk went on until dawn.",
        "The flood was described by the station (reporter Anna Reed)",
    ),
)
