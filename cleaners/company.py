"""The company a hit of the glossary keeps: what an entry asks for, and what every name must be free of.

A garbled name is trusted where nothing speaks for another bearer. The tests here are about the words around
a hit and know no entry; each looks at a bounded stretch, so that their cost does not grow with the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from cleaners.core import Document
from cleaners.segment import Span


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that carry a capital only because a sentence or a headline starts or runs so.
_FUNCTION_WORDS = _words(
    """a an the this that these those its his her their our your my it he she they we you i who which what
    in at on of to from by for with near into onto over under above below between among around across through
    during before after since until till toward towards against about within without outside inside beyond via
    per behind beside besides despite unlike like upon off out up down along amid amidst except versus
    and or but nor so yet if as than then when where while although though because whereas whether once unless
    is are was were be been being am has have had do does did will would can could may might shall should must
    not no only also even just both either neither all any some many most more each every another other such
    today yesterday tomorrow now here there still meanwhile however later earlier recently again soon already
    eventually finally instead moreover furthermore additionally according regarding concerning including
    how why yes perhaps maybe thus therefore hence otherwise nevertheless nonetheless afterwards afterward"""
)
_ARTICLES = frozenset({"a", "an", "the"})
_CALENDAR = _words(
    """Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August
    September October November December"""
)
# Bodies that stand before any name without making another of it ("NATO Vilnius summit").
_BODIES = frozenset({"NATO", "EU", "UN", "G7", "G20"})
# What a place lends its name to without becoming another ("Vilnius Summit").
_EVENTS = frozenset({"Summit", "Declaration", "Communique", "Communiqué", "Conference"})
_OFFICES = _words(
    """President Minister Premier Chancellor Secretary General Secretary-General Chief Director Professor Ambassador
    Chairman Chairwoman Chairperson Commander Leader Speaker Spokesman Spokeswoman Spokesperson Governor Mayor
    Admiral Colonel Captain Major Brigadier Lieutenant Sergeant Marshal Senator Congressman Congresswoman
    Representative Commissioner Envoy Judge Justice Inspector Officer Coach Father Pope King Queen Emperor Empress
    Prince Princess Sir Dame Lord Lady PM CEO"""
)
_SHORT_TITLES = _words("Mr Mrs Ms Dr Prof St Gen Adm Col Capt Maj Lt Sgt Rev Hon Sen Rep Gov Messrs Mme Mlle")
# Owners that stand for whichever country or body the text is about.
_ANY_OWNER = _words("government country nation state alliance organization organisation bloc world region today")
_MODALS = "will|would|can|could|may|might|must|shall|should|have|had|are|were|do|did"
_PLURAL_VERB = rf"(?:{_MODALS}|took|went|sent|began|held|met|said|led|came|became|left|agreed|\w{{2,}}(?<!e)ed)\b"
_ADVERB = r"(?:(?:also|now|then|still|already|often|never|not|soon|once|later|\w+ly) )?"
# What may be asked to stand directly before or after a hit, by class: ``<capital>`` and so on.
CLASSES = {
    # a capitalised word
    "<capital>": re.compile(r"[A-ZÀ-ÖØ-Þ]"),
    # a verb that goes with a plural subject as it stands
    "<plural verb>": re.compile(rf"(?:and )?{_ADVERB}{_PLURAL_VERB}"),
    # whatever shows that the noun before is not one half of a compound
    "<no noun>": re.compile(
        rf"\Z|[\n\r.,;:!?)\]\"”’—–]|'(?!s)|(?!of\b)(?:{'|'.join(sorted(_FUNCTION_WORDS))}"
        r"|said|says|met|meets|meet|agreed|decides|decided|approved|approves|declined|failed)\b"
    ),
}
_BEFORE = re.compile(r"(?P<word>&|[\w.'’*#-]+)[ \u00a0]\Z")
_AFTER = re.compile(r"[ \u00a0](?P<word>&|[\w'’-]+)")
_INITIAL = re.compile(r"[A-ZÀ-ÖØ-Þ]\.")
_OWNER = re.compile(r"(?P<owner>[\w.-]+?)(?:['’]s|(?<=s)['’])[ \u00a0](?P<between>(?:[\w-]+[ \u00a0]){0,2})\Z")
_LOOK = 60  # how far a word and an apposition are looked for, in code points
_EARSHOT = 100  # how far talk of words carries
_APPOSITION = re.compile(r",[ \u00a0]an?[ \u00a0](?P<what>[^,.;:!?\n\r\"”]*)")
_OFFICE_HELD = re.compile(
    r"\b(?:minister|president|secretary|chancellor|premier|leader|spokes\w+|director|professor|ambassador|chief"
    r"|politician|official|head|researcher|expert|scholar)\b",
    re.IGNORECASE,
)
_PLACE_KIND = re.compile(
    r"\b(?:city|town|capital|port|region|province|oblast|exclave|enclave|territory|municipality|area|base|palace"
    r"|residence|strait|waterway|hub|seat)\b"
)
# The text speaks of the word and not of the thing, or of an invented world.
_OF_WORDS = re.compile(
    r"\b(?:spell(?:ings?|ed)|spelt|mis-?spel\w+|pronounce[ds]?|transliterat\w+|misread|pen name|pseudonym"
    r"|as (?:the|an?|its|his|her|their) [\w ]{1,30} (?:has|have|had) it|novels?|fiction(?:al)?"
    r"|(?:video|board|card) game|radio play)\b"
)
_CALLED = re.compile(
    r"\b(?:called|calls? (?:him|her|it|them)|(?:sub|en)?titled|nicknamed|christened)"
    r"[ \u00a0](?:(?:the|an?)[ \u00a0])?\Z",
    re.IGNORECASE,
)
_QUOTES = {'"': '"', "“": "”", "'": "'", "‘": "’", "«": "»", "「": "」"}
_OWNED = frozenset({"organisation", "treaty", "programme", "title"})
NAMED_KINDS = frozenset({"place", "person", "organisation"})


class Mentions:
    """Where phrases stand in a document, as whole words and in their own case; each is looked up once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._starts: dict[str, list[int]] = {}

    def any(self, phrases: Iterable[str], within: Span, skip: Span) -> bool:
        """Whether one of ``phrases`` stands inside ``within`` and does not overlap ``skip``."""
        return any(self._stands(phrase, within, skip) for phrase in phrases)

    def _stands(self, phrase: str, within: Span, skip: Span) -> bool:
        starts = self._starts.get(phrase)
        if starts is None:
            starts = self._starts[phrase] = list(_occurrences(self.document.text, phrase))
        last = within.end - len(phrase)
        for index in range(bisect_left(starts, within.start), len(starts)):
            at = starts[index]
            if at > last:
                break
            if not (at < skip.end and skip.start < at + len(phrase)):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Condition:
    """Company a variant needs: any one mention in each part that is given.

    ``document``: somewhere in the document; ``near``: in the same paragraph, outside the hit; ``source``:
    the source language, where it is known; ``before`` and ``after``: directly beside the hit, words as they
    stand (those in lower case also capitalised) or one of :data:`CLASSES`; ``since`` and ``until``: the
    document's date, both days included.
    """

    document: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    source: str | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def holds(self, mentions: Mentions, start: int, end: int, *, beside: bool) -> bool:
        """Whether every given part is met for the hit ``[start, end)``.

        ``beside``: mentions that overlap the hit do not count, nor is an unknown source language or date held
        against it; so it is asked of ``when``. ``unless`` counts the hit's own words ("Mr. Vernis").
        """
        document = mentions.document
        hit = Span(start, end) if beside else Span(0, 0)
        if self.source and (document.source_lang or (self.source if beside else None)) != self.source:
            return False
        if (self.since or self.until) and not self._at_its_time(document.date, unknown=beside):
            return False
        if self.before and not any(_stands_before(document.text, start, words) for words in self.before):
            return False
        if self.after and not any(_stands_after(document.text, end, words) for words in self.after):
            return False
        if self.document and not mentions.any(self.document, Span(0, len(document.text)), hit):
            return False
        return not self.near or mentions.any(self.near, document.paragraph_at(start), hit)

    def _at_its_time(self, day: date | None, *, unknown: bool) -> bool:
        if day is None:
            return unknown
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def is_anothers(document: Document, start: int, end: int, kind: str, company: frozenset[str]) -> bool:
    """Whether the words around ``[start, end)`` show that it is not what an entry of this ``kind`` means.

    ``company``: words that may stand beside the hit or own it, those the entry itself asks for; where it asks
    for none, anybody may own it. Told of are a longer name, an owner, a handle, an apposition, a quotation of
    the bare name, and talk of words.
    """
    text = document.text
    if start and text[start - 1] in "#@*":
        return True
    if _is_in_longer_name(text, start, end, kind, company):
        return True
    if kind in _OWNED and company and _has_another_owner(text, start, company):
        return True
    if kind in NAMED_KINDS and (_is_quoted_alone(text, start, end) or _introduces_another(text, end, kind)):
        return True
    return _is_about_words(text, start, end)


def is_borne(document: Document, start: int, company: frozenset[str]) -> bool:
    """Whether a capitalised word before the hit makes it somebody's name, in a sentence and not a headline."""
    word = _word_before(document.text, start)
    if word is None or _may_precede(word, "place", company):
        return False
    end = document.paragraph_at(start).end
    return document.text[max(start, end - 5) : end].rstrip("\r \"”’')").endswith((".", "!", "?", "…"))


def _is_in_longer_name(text: str, start: int, end: int, kind: str, company: frozenset[str]) -> bool:
    word = _word_before(text, start)
    if word is not None and not _may_precede(word, kind, company):
        return True
    if word is not None and word[0].isupper() and word.lower() in _ARTICLES:
        lead = text[max(0, start - len(word) - 3) : start - len(word) - 1].rstrip()
        if lead and (lead[-1].isalnum() or lead[-1] == ",") and not text[start:end].isupper():
            return True  # "a book, The Vernis": a title
    if kind in ("title", "term"):  # "Chief Cabinet Secretary Matsuno"
        return False
    after = _AFTER.match(text, end)
    if after is None:
        return False
    word = after["word"]
    if kind == "place" and word in _EVENTS:
        return False
    return word == "&" or (word[0].isupper() and not _is_common(word, company))


def _word_before(text: str, start: int) -> str | None:
    """The word directly before, with nothing but a space between; an abbreviated title keeps its stop."""
    found = _BEFORE.search(text, max(0, start - _LOOK), start)
    if found is None:
        return None
    word = found["word"].lstrip(".'’*#-")
    if word.endswith(".") and word[:-1] not in _SHORT_TITLES and not _INITIAL.fullmatch(word):
        return None
    return word or None


def _may_precede(word: str, kind: str, company: frozenset[str]) -> bool:
    if word == "&":
        return False
    if not word[0].isupper() or _is_common(word, company) or word in _BODIES:
        return True
    if word.endswith(("'s", "’s", "s'", "s’")):
        return True
    return kind == "person" and (word in _OFFICES or word.rstrip(".") in _SHORT_TITLES)


def _is_common(word: str, company: frozenset[str]) -> bool:
    bare = re.sub(r"['’]s?\Z", "", word)
    return word.lower() in _FUNCTION_WORDS or bare in _CALENDAR or bare in company


def _has_another_owner(text: str, start: int, company: frozenset[str]) -> bool:
    found = _OWNER.search(text, max(0, start - _LOOK), start)
    if found is None or not _FUNCTION_WORDS.isdisjoint(found["between"].split()):
        return False
    return found["owner"] not in company and found["owner"].lower() not in _ANY_OWNER


def _is_quoted_alone(text: str, start: int, end: int) -> bool:
    closing = _QUOTES.get(text[start - 1 : start]) if start else None
    return closing is not None and text[end : end + 2].lstrip(".,").startswith(closing)


def _introduces_another(text: str, end: int, kind: str) -> bool:
    apposition = _APPOSITION.match(text, end, end + _LOOK)
    if apposition is None or kind == "organisation":
        return False
    return not (_OFFICE_HELD if kind == "person" else _PLACE_KIND).search(apposition["what"])


def _is_about_words(text: str, start: int, end: int) -> bool:
    low, high = max(0, start - _EARSHOT), min(len(text), end + _EARSHOT)
    low = max(low, text.rfind("\n", low, start) + 1)
    line_end = text.find("\n", end, high)
    high = line_end if line_end >= 0 else high
    return bool(_CALLED.search(text, low, start) or _OF_WORDS.search(text, low, high))


def _stands_before(text: str, start: int, words: str) -> bool:
    if words in CLASSES:
        found = _BEFORE.search(text, max(0, start - _LOOK), start)
        return found is not None and CLASSES[words].match(found["word"]) is not None
    lead = text[max(0, start - len(words) - 2) : start].replace("’", "'")
    if not lead.endswith((" ", "\u00a0", "-")):
        return False
    lead = lead[:-1]
    if words == words.lower():
        lead = lead.lower()
    return lead.endswith(words) and (len(lead) == len(words) or not lead[-len(words) - 1].isalnum())


def _stands_after(text: str, end: int, words: str) -> bool:
    rest = text[end : end + _LOOK].replace("’", "'")
    rest = rest[1:] if rest[:1] in (" ", "\u00a0") else rest
    if words in CLASSES:
        return CLASSES[words].match(rest) is not None
    if words == words.lower():
        rest = rest.lower()
    return rest.startswith(words) and not (words[-1].isalnum() and rest[len(words) : len(words) + 1].isalnum())


def _occurrences(text: str, phrase: str) -> Iterator[int]:
    at = text.find(phrase)
    while at >= 0:
        if is_whole_word(text, at, at + len(phrase)):
            yield at
        at = text.find(phrase, at + 1)


def is_whole_word(text: str, start: int, end: int) -> bool:
    """Whether ``[start, end)`` is neither part of a word nor of a hyphenated one."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if before.isalnum() or before in "_@" or after.isalnum() or after == "_":
        return False
    # Neither part of a hyphenated word: "Vernis-based" may be a brand, "non-NATO" is another word.
    return not (before == "-" and start > 1 and text[start - 2].isalnum()) and not (
        after == "-" and end + 1 < len(text) and text[end + 1].isalnum()
    )
