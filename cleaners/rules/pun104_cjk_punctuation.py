"""Puts English punctuation in place of Chinese or Japanese marks (。，、（）「」《》) between English words.

**What.** Stops, commas, colons, brackets and quotation marks of the source, with the blanks English sets around
them: ``show（CES）on`` becomes ``show (CES) on``. Quotation marks are replaced in pairs.

**Mechanism.** The system translates the words and copies the marks between them.

**Left alone.** Marks beside Chinese, Japanese or Korean text, a mark that is spoken of (``the comma “，”``),
faces drawn of marks, 【headings】, ＝ (another rule's). A 。 before a small letter is reported: it may be part of
a name. So is a lone 「, and the middle dot ・, which stands for a blank, a hyphen or a comma.

**Source.** Unicode 16, CJK Symbols and Punctuation, Halfwidth and Fullwidth Forms; GB/T 15834 and the usage of
Japanese newspapers for what each mark does.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from random import Random

from cleaners import script
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.script import Mentions

_STOPS = {"。": ".", "｡": ".", "，": ",", "、": ",", "！": "!", "？": "?", "：": ":", "；": ";"}
_TWINS = {"％": "%", "＆": "&", "＋": "+", "／": "/", "－": "-", "＃": "#", "＄": "$", "＇": "'", "．": "."}
_SIGNS = "。｡，、！？：；（）％＆＋／－＃＄＇．・"
_MARK = lazy(r"[ \u3000]{0,8}(?:[。｡，、！？：；]+|[（）％＆＋／－＃＄＇．・])")
_PAIR = lazy("「[^「」\n]{1,300}」|『[^『』\n]{1,300}』|《[^《》\n]{1,300}》|〈[^〈〉\n]{1,300}〉|〝[^〝〟\n]{1,300}〟")
_BRACKETED = lazy("（[^（）\n]{0,300}）")
_ANY = lazy(f"[{_SIGNS}「『《〈〝」』》〉〟]")
_ENGLISH_BEFORE = lazy(r"[A-Za-z0-9À-ɏ)\]\"”’'%.!?…»）」』》％０-９Ａ-Ｚａ-ｚ]")
_TALK_OF_MARKS = lazy(
    r"\b(?:commas?|full stops?|periods?|punctuation|characters?|marks?|symbols?|brackets?|emoticons?|kaomoji|colons?"
    r"|full-?width|unicode|typed?|typography|dots?)\b"
)
_OPENERS = "\"“'‘(["


def find(document: Document) -> Iterator[Finding]:
    """Marks of the source between English words."""
    text = document.text
    if not _ANY.search(document.beyond_ascii):
        return
    mentions = Mentions(_TALK_OF_MARKS, document.lowered)
    for match in _PAIR.finditer(text):
        if _is_english(document, *match.span(), mentions):
            yield from _quotation(document, match)
    kept: set[int] = set()
    for match in _BRACKETED.finditer(text):
        ends = (match.start(), match.end() - 1)
        if any(script.beside_cjk(text, end, end + 1) for end in ends):
            kept.update(ends)
    for match in _MARK.finditer(text):
        start = match.end() - len(match.group().lstrip(" \u3000"))
        if start in kept or not _is_english(document, start, match.end(), mentions):
            continue
        if text[start] == "・":
            if start == document.paragraph_at(start).start:
                continue  # the bullet of a list
            yield RULE.finding(start, match.end(), None, level=Level.REPORT, confidence=0.8)
        elif text[start] in _TWINS:
            yield from _twin(document, start)
        elif text[start] in "（）":
            yield from _bracket(document, match.start(), match.end())
        else:
            yield from _stop(document, match.start(), start, match.end())


def _is_english(document: Document, start: int, end: int, mentions: Mentions) -> bool:
    """Whether English words stand around the mark, and it is not the mark itself that is spoken of."""
    text = document.text
    if script.beside_cjk(text, start, end) or script.in_face(text, start, end):
        return False
    alone = text[start - 1 : start] in _OPENERS and text[end : end + 1] in "\"”'’)]"
    if alone and start and end < len(text):
        return False
    sentence = document.sentence_at(start)
    low, high = max(sentence.start, start - 200), min(max(sentence.end, end), end + 200)
    return not mentions.within(low, high)


def _twin(document: Document, position: int) -> Iterator[Finding]:
    """A mark that only differs in width from ASCII's: between letters and figures, and left as it is spaced."""
    text, mark = document.text, document.text[position]
    before, after = text[position - 1 : position] if position else "", text[position + 1 : position + 2]
    if mark in "．％" and not before.isdigit():
        return
    if mark == "．" and not text[position + 1 : position + 3].strip()[:1].isdigit():
        return
    if mark not in "．％＄＃" and not (before.isalnum() and after.isalnum()):
        return
    if mark in "＄＃" and not after.isalnum():
        return
    yield RULE.finding(position, position + 1, _TWINS[mark])


def _bracket(document: Document, start: int, end: int) -> Iterator[Finding]:
    """A bracket, with one blank outside and none inside."""
    text, mark = document.text, document.text[end - 1]
    paragraph = document.paragraph_at(end - 1)
    outside = text[start - 1 : start] if start > paragraph.start else ""
    while end < paragraph.end and text[end] in " \u3000":
        end += 1
    inside = text[end : end + 1] if end < paragraph.end else ""
    if mark == "（":
        if inside.isalnum() or (inside in ("“", '"', "$", "¥", "€", "£") and inside):
            yield RULE.finding(start, end, "(" if not outside or outside in _OPENERS + "（-/" else " (")
    elif outside and _ENGLISH_BEFORE.match(outside):
        blank = inside.isalnum() or (inside != "" and inside in "“(（$£€¥&")
        blank |= inside == '"' and _opens(document, end)
        yield RULE.finding(start, end, ") " if blank else ")")


def _stop(document: Document, start: int, mark: int, end: int) -> Iterator[Finding]:
    """Stops and commas: none before them but letters, a blank after them where words go on."""
    text = document.text
    paragraph = document.paragraph_at(mark)
    before = text[start - 1 : start] if start > paragraph.start else ""
    if not before or not _ENGLISH_BEFORE.match(before):
        return
    marks = "".join(_STOPS[c] for c in text[mark:end])
    marks = re.sub(r"\.+", ".", re.sub(r",+", ",", marks))
    if (marks[0] == "." and before in ".!?…") or (
        marks[0] == "." and before in "\"”’'" and text[start - 2 : start - 1] in (".", "!", "?")
    ):
        marks = marks[1:]
    blanks = end
    while blanks < paragraph.end and text[blanks] in " \u3000":
        blanks += 1
    after = text[blanks : blanks + 1] if blanks < paragraph.end else ""
    if start < mark and blanks > end and after.islower() and marks in ("!", "?"):
        return  # "they compared ！ with !"
    if "." in marks and after.islower():
        yield RULE.finding(mark, end, None, level=Level.REPORT, confidence=0.6)
        return
    between_figures = before.isdigit() and after.isdigit() and blanks == end
    if between_figures and marks in (",", ":"):
        group = re.match(r"\d{3}(?!\d)", text[end : end + 4])
        yield RULE.finding(start, end, marks if marks == ":" or group else ", ")
        return
    closes = after == "" or (
        after in "\"”’')]）」』》,.;:!?。，、！？：；" and not (after == '"' and _opens(document, blanks))
    )
    yield RULE.finding(start, blanks, marks + ("" if closes else " "))


def _opens(document: Document, position: int) -> bool:
    pairs = document.quotation.pairs
    index = bisect_left(pairs, (position,))
    return index < len(pairs) and pairs[index][0] == position


def _is_quoted(document: Document, position: int) -> bool:
    pairs = document.quotation.pairs
    index = bisect_left(pairs, (position,)) - 1
    return index >= 0 and pairs[index][1] > position


def _quotation(document: Document, match: re.Match[str]) -> Iterator[Finding]:
    """Corner or angle brackets as quotation marks, of the kind the text has; brackets in them wait."""
    text, (start, end) = document.text, match.span()
    inner = text[start + 1 : end - 1]
    if text[start] == "〈" and not (inner[0].isupper() and " " in inner):
        return  # a mean value in physics
    if script.CJK.search(inner) or not any(c.isalnum() for c in inner):
        return
    opening, closing = ("“", "”") if "“" in text or ('"' not in text and "’" in text) else ('"', '"')
    if _is_quoted(document, start):
        opening, closing = ("‘", "’") if opening == "“" else ("'", "'")
    before, after = text[start - 1 : start], text[end : end + 1]
    head = " " if before.isalnum() or (before and before in ",.;:!?)%") else ""
    tail = " " if after.isalnum() or after == "(" else ""
    yield RULE.finding(start, end, f"{head}{opening}{inner.strip()}{closing}{tail}")


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Stops, commas and brackets between English words as the source has them, without blanks."""
    text = document.text
    mentions = Mentions(_TALK_OF_MARKS, document.lowered)
    for match in re.finditer(r"(?<=[a-z])(?P<mark>[,;:]) (?=[A-Za-z])|(?<=[a-z])(?P<stop>[.?]) (?=[A-Z][a-z])", text):
        if match["stop"] and match.start() + 1 != document.sentence_at(match.start()).end:
            continue
        if mentions.within(match.start() - 250, match.end() + 250):
            continue
        wide = {",": "，、", ";": "；", ":": "：", ".": "。", "?": "？"}[match["mark"] or match["stop"]]
        yield Damage(*match.span(), random.choice(wide))
    for match in re.finditer(r"(?<=[a-z]) \((?P<inner>[A-Za-z][A-Za-z ]{0,60})\) (?=[a-z])", text):
        if not mentions.within(match.start() - 250, match.end() + 250):
            yield Damage(*match.span(), f"（{match['inner']}）")


RULE = Rule(
    code="PUN104",
    name="cjk-punctuation",
    message="a mark of Chinese or Japanese punctuation stands in English text",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/punctuation",
    confidence=0.98,
    find=find,
    damage=damage,
    bad=(
        Example(
            "The fair（IFA）opened in Berlin。It runs until May。",
            "The fair (IFA) opened in Berlin. It runs until May.",
        ),
        Example("Envoys of Oslo、Bern and Rome met，and parted .", "Envoys of Oslo, Bern and Rome met, and parted ."),
        Example("Why now？Nobody knew ！", "Why now? Nobody knew!"),
        Example("He wrote 《A Quiet River》 in 1990.", 'He wrote "A Quiet River" in 1990.'),
        Example("She called it「a first step」and left.", 'She called it "a first step" and left.'),
        Example(
            "It rose by 6.9%、6.8％ and 12，500 tonnes：a record。",
            "It rose by 6.9%, 6.8% and 12,500 tonnes: a record.",
        ),
    ),
    good=(
        "The poem begins 床前明月光，疑是地上霜。",
        "Japanese writers close with the mark 。 and never with a point.",
        "The comma “，” is as wide as a letter.",
        "He signed with （＾▽＾） as ever.",
        "She bought 《红楼梦》 in Beijing.",
        "The mean 〈x〉 and the state 〈ψ|φ〉 are found alike.",
        "・ Apples\n・ Pears",
        "So long （；ω；） and thanks ｡ﾟ（ﾟ´ω｀ﾟ）ﾟ｡",
        "【Kyoto】 Applications close on Friday.",
        "The group 東京スカパラ（Tokyo Ska） played.",
    ),
)
