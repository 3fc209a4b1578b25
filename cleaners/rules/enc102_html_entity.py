"""Puts the character in place of an HTML character reference (``&quot;``, ``&#39;``) left in the text.

**What.** Named references of HTML 4 and ``&apos;``, numeric ones, and the same escaped twice (``&amp;quot;``).
A blank before ``&apos;s`` goes, a run of ``&nbsp;`` becomes one space.

**Mechanism.** Toolkits escape marks before they translate (Moses writes ``&quot;``, ``&apos;``, ``&#91;``) and the
step that undoes it is left out; or the scraper took the source of a page for its text.

**Left alone.** Texts that speak of markup, references alone in quotation marks or brackets, addresses with a
query, ``&lt;b&gt;`` (it would become a tag), and names that HTML 4 does not have. In Markdown and beside tags
references are lawful, since they will be rendered: only suggested there.

**Source.** HTML 4.01, section 24 (character entity references); the Moses tokenizer's escapes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.entities import name2codepoint
from random import Random

from cleaners import script
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.script import Mentions, Respelling

_REFERENCE = lazy(r"&(?:amp;){0,3}(?P<name>#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5}|[A-Za-z][A-Za-z0-9]{1,7});")
_MORE_SPACES = lazy(r"(?:[ \u00a0]|&(?:amp;){0,3}(?:nbsp|#160|#9);){0,200}")
_COMMON = frozenset("\"' \u00a0’“”")
_SPACES = frozenset("\t\u00a0\u2002\u2003\u2009")
_TALK_OF_MARKUP = lazy(
    r"\b(?:x?html5?|xml|sgml|markup|unicode|ampersands?|source (?:code|file)|escape (?:sequences?|characters?|codes?)"
    r"|character (?:references?|entit(?:y|ies)))\b"
)
_CLOSING_TAG = lazy(r"</[A-Za-z][A-Za-z0-9]*>")
# Of the named ones: Latin letters, Greek, marks, currency, ™, arrows, minus. Signs of mathematics have names
# like "and", "or", "image", which stand behind an ampersand for themselves.
_NAMED = lazy('["&<>\u00a0-\u024f\u02c6\u02dc\u0370-\u03ff\u2002-\u20ac\u2122\u2190-\u2195\u2212]')
_QUERY = lazy(r"[?&;]\w{1,30}=")
_TAG_FOLLOWS = lazy(r"/?[A-Za-z!]")
_CLITIC = lazy(r"(?:s|re|ve|ll|d|m)\b")
# "type &nbsp; between them"; "comes out as &amp; instead of &"
_TYPED = lazy(
    r"\b(?:types?|typed|enter|insert|use|write|"
    r"(?:stored|written|escaped|encoded|shown|rendered|appears?) as) &(?:amp;)?#?\w{2,8};(?=[ .,;:])",
    re.IGNORECASE,
)
_SHOWN_WRONG = lazy(r"\b(?:instead of|rather than|should)\b")
# "shows &#39; in its place", "p = &reg;": a reference that stands free, alone of its kind, behind such a word.
_NAMED_ALONE = lazy(
    r"(?:\b(?:entity|reference|sequence|shows?|showed|shown|has|had|into|says|see|saw)|=) [^\s;]{2,12};[ .,;:]\Z"
)
_LONE = {'"': '"', "'": "'", "“": "”", "‘": "’", "(": ")", "[": "]", "`": "`"}
_ESCAPED = {'"': "&quot;", "'": "&apos;", "’": "&rsquo;", "“": "&ldquo;", "”": "&rdquo;", "&": "&amp;", "–": "&ndash;"}
_ESCAPED |= {"é": "&eacute;", "ö": "&ouml;", "£": "&pound;", "°": "&deg;", "—": "&mdash;"}


def find(document: Document) -> Iterator[Finding]:
    """References as edits, those of a quotation in pairs; what stands for no readable character is reported."""
    if "&" not in document.text or ";" not in document.text:
        return
    respellings: list[Respelling] = []
    mentions = Mentions(_TALK_OF_MARKUP, document.lowered)
    for match in _REFERENCE.finditer(document.text):
        plain = _plain(match["name"])
        if respellings and match.start() < respellings[-1].end:
            continue  # in a row of spaces
        if plain is None or _is_meant(document, match, plain, mentions):
            continue
        if not plain.isprintable() and plain not in _SPACES:
            yield RULE.finding(*match.span(), None, level=Level.REPORT, confidence=0.8)
            continue
        respellings.append(_respelling(document, match, plain))
    rendered = document.markdown or _CLOSING_TAG.search(document.text) is not None
    level = Level.SUGGEST if rendered else Level.SAFE
    for edit in script.edits(document, respellings):
        yield RULE.finding(edit.start, edit.end, edit.fix, level=level, drops=edit.drops)


def _plain(name: str) -> str | None:
    """The character a reference names; ``None`` where there is none, or one that belongs to another script."""
    if not name.startswith("#") and name not in name2codepoint and name != "apos":
        return None
    plain = html.unescape(f"&{name};")
    if len(plain) != 1 or script.CJK.match(plain):
        return None
    if name[0] != "#" and name != "apos" and not _NAMED.match(plain):
        return None
    return plain


def _is_meant(document: Document, match: re.Match[str], plain: str, mentions: Mentions) -> bool:
    """Whether the reference itself is meant, or is part of something machine-readable."""
    text, (start, end) = document.text, match.span()
    if document.is_shielded(start, end):
        return True
    if start and _LONE.get(text[start - 1]) == text[end : end + 1] != "":
        return True
    if plain in "<>" and _makes_tag(document, start, end, plain):
        return True
    paragraph = document.paragraph_at(start)
    if _QUERY.search(text, max(paragraph.start, start - 100), min(paragraph.end, end + 30)):
        return True
    sentence = document.sentence_at(start)
    low, high = max(sentence.start, start - 200), max(end, min(sentence.end, end + 200))
    if _TYPED.search(text, low, high):
        return True
    if plain not in _COMMON and plain in text[low:high] and _SHOWN_WRONG.search(text, low, high):
        return True
    if text[low:high].count(match.group()) == 1 and _NAMED_ALONE.search(text[low:end] + text[end : end + 1]):
        return plain not in _SPACES
    return mentions.within(max(paragraph.start, start - 1000), end + 300)


def _makes_tag(document: Document, start: int, end: int, plain: str) -> bool:
    text = document.text
    if plain == "<":
        return _TAG_FOLLOWS.match(text, end) is not None
    opening = max(text.rfind("&lt;", max(0, start - 200), start), text.rfind("<", max(0, start - 200), start))
    return opening >= 0 and _TAG_FOLLOWS.match(text, opening + (4 if text[opening] == "&" else 1)) is not None


def _respelling(document: Document, match: re.Match[str], plain: str) -> Respelling:
    text, (start, end) = document.text, match.span()
    if plain in _SPACES:
        paragraph = document.paragraph_at(start)
        while start > paragraph.start and text[start - 1] == " ":
            start -= 1
        more = _MORE_SPACES.match(text, end, paragraph.end)
        end = more.end() if more else end
        return Respelling(start, end, "" if start == paragraph.start or end == paragraph.end else " ")
    clitic = plain == "'" and text[start - 1 : start] == " " and text[start - 2 : start - 1].isalnum()
    if clitic and _CLITIC.match(text, end):
        start -= 1
    return Respelling(start, end, plain)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Marks and accented letters written as references: quotation marks in pairs, the others one by one."""
    text = document.text
    if "&" in text and (_REFERENCE.search(text) or _TALK_OF_MARKUP.search(document.lowered)):
        return
    if _TALK_OF_MARKUP.search(document.lowered):
        return
    for opening, closing in document.quotation.pairs:
        if closing - opening < 400 and text[opening] in _ESCAPED and text[closing] in _ESCAPED:
            inner = text[opening + 1 : closing]
            if not document.is_shielded(opening, closing + 1) and not any(c in _ESCAPED for c in inner):
                yield Damage(opening, closing + 1, _ESCAPED[text[opening]] + inner + _ESCAPED[text[closing]])
    for match in re.finditer(r"(?<=[A-Za-z ])[&–—éö£°](?=[A-Za-z ])|(?<=[a-mo-z])['’](?=s )", text):
        if not document.is_shielded(*match.span()):
            bad = _ESCAPED[match.group()]
            yield Damage(*match.span(), random.choice((bad, bad, bad.replace("&", "&amp;", 1))))


RULE = Rule(
    code="ENC102",
    name="html-entity",
    message="an HTML character reference was left in the text",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/character-encoding",
    confidence=0.99,
    find=find,
    damage=damage,
    bad=(
        Example(
            "The mayor called it &quot;a fresh start&quot; for Ghent.", 'The mayor called it "a fresh start" for Ghent.'
        ),
        Example("Sweden &apos;s navy met Norway&#39;s.", "Sweden's navy met Norway's."),
        Example("Smith &amp;amp; Sons sold tea &ndash; and paid &pound;9.", "Smith & Sons sold tea – and paid £9."),
        Example("Erik T&ouml;rnberg of G&ouml;teborg spoke.", "Erik Törnberg of Göteborg spoke."),
        Example("It rose to 40&deg;C.&nbsp;&nbsp;Rain fell.", "It rose to 40°C. Rain fell."),
        Example("He read &amp;ldquo;War and Peace&amp;rdquo; twice.", "He read “War and Peace” twice."),
    ),
    good=(
        "In HTML the reference &quot; stands for a quotation mark.",
        "Write “&amp;” where you mean the sign.",
        "She typed `&nbsp;` between the two columns.",
        "A bug shows &#39; in its place; int *p = &reg; is fine.",
        "See example.org/list?town=Oslo&amp;year=2019 for the table.",
        "The page showed &lt;b&gt;Sale&lt;/b&gt; in black.",
        "AT&T; Johnson & Johnson; R&D; M&A; all of them grew.",
        "The label read &foo; and nobody knew why.",
        "Text&image; sound&picture; this&or; that.",
        "They sell books & toys; records & tapes; tea & cake.",
    ),
)
