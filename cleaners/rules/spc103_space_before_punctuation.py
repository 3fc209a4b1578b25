"""Removes a blank before a comma or full stop.

**What.** ``in Tokyo , and`` and ``was adopted .`` lose the blank.

**Mechanism.** Systems work on tokens with punctuation set apart; where the last step, joining them again,
is missing or partial, the blanks stay.

**Left alone.** Spaced ellipses (``. . .``), ``.NET`` and ``.5``, blanks in tables, in code where a dot is a
word ("git add . and"), in text without capitals, a mark that is itself the thing quoted (``Use " , " as a
separator``), and a stop inside a name that the document writes whole elsewhere. Blanks before ``! ? : ;`` and
``%`` are house style in French-influenced text; they go only where the paragraph sets commas or stops apart too.

**Source.** Seen in the outputs submitted to the WMT news tasks of 2017 to 2019.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.segment import Span, ends_with_abbreviation
from cleaners.spacing import HANGING, tokenised, tokenised_elsewhere

_BLANK = lazy(r"(?P<blank>[ \u00a0](?<=[\w)\]\"”’%].)[ \u00a0]?)(?P<mark>[,.])(?=[\"”’)\]]{0,2}(?:\s|\Z))")
_MARK = lazy(r"(?<=[\w)\]\"”’%])[,.](?=\s|\Z)")

# The part of _BLANK that is rare and quick to look for.
_BLANKED = lazy(r"[,.](?<=[ \u00a0].)(?=[\"”’)\]]{0,2}(?:\s|\Z))")
# Marks that some styles set apart: only where the paragraph sets commas or stops apart too, which none does.
_OTHER_MARK = lazy(
    r"[ \u00a0][:;!?](?<=[a-z)\]\"”’%][ \u00a0].)(?=[ \"”’]|\s|\Z)(?! ?[)(])"
    r"|[ \u00a0]%(?<=\d[ \u00a0].)(?=[ ,.;)]|\s|\Z)"
)
_NAME_BEFORE = lazy(r"\b([A-Z][a-z]+)\Z")
_NAME_AFTER = lazy(r" ([A-Z][a-z]+)\b")
_DOT_AS_WORD = lazy(
    r" \.[ )][a-z$\d]| , and \. |[;:] or ,|\b(?:comma ,|colon :|semicolon ;|full stop \.)(?= [a-z]|,|$)"
)
# Between an opening and a closing quotation mark or backtick stands nothing but the mark that is talked about.
_QUOTED_ALONE = lazy(r"(?P<quote>[\"“‘'`])[ \u00a0]?[.,:;!?%][ \u00a0]?[\"”’'`]")


def find(document: Document) -> Iterator[Finding]:
    """Blanks before a comma or a full stop that ends a word's clause."""
    text = document.text
    if not _BLANKED.search(text):
        return
    no_prose = _no_prose(document)
    for match in _BLANK.finditer(text):
        blank = match.start("blank")
        if _is_spaced_ellipsis(text, match.end("mark")) or document.paragraph_at(blank) in no_prose:
            continue
        if document.is_shielded(blank - 1, blank):
            continue  # writers keep a stop off a URL so that it does not become part of it
        if HANGING.search(text, max(0, blank - 12), blank) and not tokenised_elsewhere(document, match.span()):
            continue  # "the address is .": what stood there was lost
        if not _splits_a_name(text, match) and not _is_quoted_alone(document, blank):
            yield RULE.finding(match.start("blank"), match.end("mark"), match["mark"], proof=2)
    for match in _OTHER_MARK.finditer(text):
        paragraph = document.paragraph_at(match.start())
        if paragraph in no_prose or not tokenised(document, paragraph):
            continue
        if not _is_quoted_alone(document, match.start()):
            yield RULE.finding(*match.span(), match.group().strip(), proof=2)


def _splits_a_name(text: str, match: re.Match[str]) -> bool:
    """Whether a stop strayed into a name that the document writes whole elsewhere ("the Soviet . Union")."""
    pair = _NAME_BEFORE.search(text, max(0, match.start("blank") - 30), match.start("blank"))
    after = _NAME_AFTER.match(text, match.end())
    return bool(pair and after) and f"{pair[1]} {after[1]}" in text  # type: ignore[index]


def _is_quoted_alone(document: Document, blank: int) -> bool:
    """Whether the mark behind ``blank`` is all that a pair of quotation marks holds, and so what is talked about."""
    text = document.text
    match = _QUOTED_ALONE.match(text, blank - 1)
    if match is None:
        return False
    if match["quote"] != '"':
        return True
    # A straight mark opens where an even number stands before it: in '"red" , "green"' the comma stands outside.
    return text.count('"', document.paragraph_at(blank).start, match.start()) % 2 == 0


def _is_spaced_ellipsis(text: str, end: int) -> bool:
    return text[end : end + 2] in (" .", "\u00a0.", "..")


def _no_prose(document: Document) -> frozenset[Span]:
    """Paragraphs that are tables, code ("git add . and"), or text that does not capitalise."""
    return frozenset(p for p in document.paragraphs if _is_no_prose(document.text[p.start : p.end]))


def _is_no_prose(line: str) -> bool:
    if "\t" in line or " | " in line or "  ,  " in line:
        return True
    return _DOT_AS_WORD.search(line) is not None or line == line.lower()


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A blank before every comma and before every full stop that ends a sentence."""
    text = document.text
    ends = {sentence.end for sentence in document.sentences}
    no_prose = _no_prose(document)
    for match in _MARK.finditer(text):
        if match.group() == "." and (match.end() not in ends or ends_with_abbreviation(text, match.start())):
            continue
        if not _is_spaced_ellipsis(text, match.end()) and document.paragraph_at(match.start()) not in no_prose:
            yield Damage(match.start(), match.start(), " ")


RULE = Rule(
    code="SPC103",
    name="space-before-punctuation",
    message="a blank stands before the punctuation mark",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/typography",
    confidence=0.97,
    find=find,
    damage=damage,
    bad=(
        Example("They met in Tokyo , and then left .", "They met in Tokyo, and then left."),
        Example('He called it "final" , she said.', 'He called it "final", she said.'),
        Example('The lamps were "red" , "green" and "blue" .', 'The lamps were "red", "green" and "blue".'),
        Example("Output rose 3 % , to 40 .\nNext.", "Output rose 3%, to 40.\nNext."),
        Example("It had one aim : peace . Why ?", "It had one aim: peace. Why?"),
    ),
    good=(
        "We waited . . . and waited. . .",
        "The .NET runtime and a .5 calibre; prices of .99 , .98 only in tables\t.",
        "Run git add . and then commit; import a . b here.",
        "Read https://example.org/a.html . It is long.",
        "Name : value ; really ?",
        "| a | b , c | d |",
        "The Soviet Union wrote to us. We asked the Soviet . Union to reply.",
        "Output rose 3 % in May, and 10 % in June !",
        'Files such as .gitignore and .env stay; put "," for " ," and "." for " ." in them.',
        'Use " , " as a separator, or " . " at the end; only " ; " is refused.',
        "Use “ , ” between the fields and ` , ` inside them.",
        "Use a comma , a colon : or a semicolon ; here.",
    ),
)
