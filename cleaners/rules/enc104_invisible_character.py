"""Takes out characters that show nothing: control characters, soft hyphens, zero-width spaces in English words.

**What.** C0 controls, DELETE, the soft hyphen, the zero-width space, the word joiner, and a byte-order mark in
mid-text. What the reader sees stays the same. Direction controls without any right-to-left text are reported.

**Mechanism.** Pages carry them for line breaks; the scraper and the system copy them, and names and terms with
one inside are no longer found.

**Left alone.** Tab, line ends, form feed and the separators of records; a byte-order mark at the start; a character
alone in brackets; letters struck over by way of a backspace, the codes of a terminal, and a space that keeps
``@name`` from being a handle; texts that speak of such characters; everything beside letters that are not Latin
(Thai and Khmer part words by zero-width spaces); joiners in emoji; the wide space.

**Source.** Unicode 16, sections 23.1 to 23.3 (control codes, layout controls) and UAX #9 (direction).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from random import Random

from cleaners import script
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.script import Respelling

_CONTROLS = "\x00-\x08\x0e-\x1b\x7f"
_SILENT = "\u00ad\u200b\u2060\ufeff"
_DIRECTION = "\u202a-\u202e\u2066-\u2069"
_OPENERS, _CLOSERS = "\"“'‘([", "\"”'’)]"
_RUN = lazy(f"[{_CONTROLS}{_SILENT}]+")
_TURNS = lazy(f"[{_DIRECTION}]+")
_ANY = lazy(f"[{_CONTROLS}{_SILENT}{_DIRECTION}]")
_TALK = lazy(r"\bsoft[- ]hyphens?\b|\bzero[- ]width\b|\bword joiners?\b|\bcontrol characters?\b")
_RIGHT_TO_LEFT = lazy("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_IN_WORD = lazy(r"(?<=[a-z]{3})(?=[a-z]{3})")


def find(document: Document) -> Iterator[Finding]:
    """Invisible characters among Latin letters, figures and blanks."""
    text = document.text
    if not _ANY.search(text):
        return
    if _TALK.search(document.lowered):
        return
    respellings = []
    for match in _RUN.finditer(text):
        start, end = match.span()
        if start == 0 and text[0] == "\ufeff":
            start = 1
        if text[start - 1 : start] in _OPENERS and text[end : end + 1] in _CLOSERS and start > 0 and end < len(text):
            continue  # the character itself is meant
        if _has_a_part(text, start, end):
            continue
        if start < end and _is_plain(text[start - 1 : start]) and _is_plain(text[end : end + 1]):
            respellings.append(Respelling(start, end, ""))
    for edit in script.edits(document, respellings):
        yield RULE.finding(edit.start, edit.end, edit.fix, drops=edit.drops)
    for match in _TURNS.finditer(text):
        paragraph = document.paragraph_at(match.start())
        low, high = max(paragraph.start, match.start() - 2000), min(paragraph.end, match.end() + 2000)
        if not _RIGHT_TO_LEFT.search(text, low, high):
            yield RULE.finding(*match.span(), None, level=Level.REPORT, message="a direction control without cause")


def _has_a_part(text: str, start: int, end: int) -> bool:
    """Whether something would show without it: letters struck over, a terminal's code, a handle kept from being one."""
    if "\x08" in text[start:end] or text[start - 1 : start] in ("@", "#"):
        return True
    return "\x1b" in text[start:end] and text[end : end + 1] == "["


def _is_plain(character: str) -> bool:
    """Whether the neighbour is Latin, no letter at all, or the edge of the text."""
    if not character or character.isascii():
        return True
    if character.isalpha():
        return unicodedata.name(character, "").startswith("LATIN")
    return unicodedata.category(character)[0] in "PZ" or character.isdigit()


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Soft hyphens and zero-width spaces inside words, and between them."""
    for match in _IN_WORD.finditer(document.text):
        if random.random() < 0.02 and not document.is_shielded(match.start() - 1, match.start() + 1):
            yield Damage(match.start(), match.start(), random.choice("\u00ad\u00ad\u200b\ufeff\u2060"))


RULE = Rule(
    code="ENC104",
    name="invisible-character",
    message="a character that shows nothing stands in the text",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/character-encoding",
    confidence=0.99,
    find=find,
    damage=damage,
    bad=(
        Example("The agree\u00adment binds both sides.", "The agreement binds both sides."),
        Example("An area of \u200b\u200b90 acres.", "An area of 90 acres."),
        Example("He met Sto\u200blten\u00adberg in Oslo.", "He met Stoltenberg in Oslo."),
        Example("It ended.\n\ufeffThen it began\x00 anew.", "It ended.\nThen it began anew."),
    ),
    good=(
        "\ufeffThe mark at the start tells the encoding.",
        "The family 👨\u200d👩\u200d👧 waved.",
        "The Thai sign read ภาษา\u200bไทย in red.",
        "The word می\u200cخواهم is Persian.",
        "One page ended.\n\x0cThe next began.",
        "The Hebrew \u202bשלום\u202c means peace.",
        "The soft hyphen (\u00ad) shows only at a line's end.",
        "A tab\tparts two columns.\r\n",
    ),
)
