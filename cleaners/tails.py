"""What the stray-token rules share about tails: fragments that stand alone after a finished sentence.

A translation engine that cuts its output before the last phrase of a segment leaves that phrase behind as a
sentence of its own. The source, where it survives, proves it: a source without any short sentence has
nothing that a sentence of one to three words could be a rendering of.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cleaners.core import Document
from cleaners.lazily import lazy
from cleaners.segment import Span, ends_with_abbreviation

# Characters of a source sentence that three English words can stand for, with some to spare.
_SHORT = 8
_LONGEST_TAIL = 60  # code points
_SHORTEST_SENTENCE = 4  # words

_FIRST_PERSON = lazy(r"\b(?:I|me|my|mine|myself|[Ww]e|us|our|ours)\b")
_KANA = lazy(r"[\u3040-\u30ff]")
_IDEOGRAPH = lazy(r"[\u3400-\u9fff]")
# What ends a sentence of the source; a report that closes 」と述べた。 goes on behind its quotation.
_SOURCE_STOP = lazy(r"[。．！？!?…\n]+[」』”\"）)]*(?!と|って)|\.{2,}")
# A short sentence at the end of a quotation: 。ありがたい」と述べた。
_SHORT_QUOTED = lazy(r"[。．！？!?]\s*[^。．！？!?「」『』“”]{1,8}[。．！？!?\s]*[」』”]")
_SAID = lazy(r"\b(?:said|says|say|added|adds|wrote|told|asked|noted|explained|stated|declared|concluded)\b")
_TAIL = lazy(
    r"[.。](?<!\.[.。])(?P<mark>[\"”’]?)[ \t\u00a0]+(?P<tail>[^\W\d_][\w’'-]*(?: [\w’'-]+){0,2})\.(?P<closing>[\"”]?)\Z"
)
# Where segments were joined to a paragraph: `young. awareness. The`.
_BETWEEN = lazy(
    r"[.。](?<!\.[.。])(?P<mark>[\"”’]?)[ \t\u00a0]+(?P<tail>[a-zà-ÿ][\w’'-]+(?: [\w’'-]+)?)\.(?P<closing>)"
    r"(?=[ \t\u00a0]+[\"“]?[A-Z])"
)
_ABBREVIATED = lazy(r"\b(?:[A-Za-z]{1,2}|[A-Z]\w{0,2})\Z")  # "Au. afarensis", "st. charles"


@dataclass(frozen=True, slots=True)
class Tail:
    """One to three words alone behind a finished sentence.

    ``span`` covers the words and their stop; ``words`` are without it; ``before`` is the sentence before, up to
    its stop; ``quoted`` tells whether that sentence closes a quotation, ``closing`` whether the tail does.
    """

    span: Span
    words: tuple[str, ...]
    before: Span
    quoted: bool
    closing: bool


def tails(document: Document) -> Iterator[Tail]:
    """The last words of a paragraph, or in lower case those between two sentences, alone behind a longer sentence."""
    text = document.text
    matches = list(_BETWEEN.finditer(text))
    for paragraph in document.paragraphs:
        if text[paragraph.end - 1] in '."”':
            match = _TAIL.search(text, max(paragraph.start, paragraph.end - _LONGEST_TAIL), paragraph.end)
            matches += [match] if match else []
    for match in sorted(matches, key=lambda match: match.start()):
        tail = _tail(document, match)
        if tail:
            yield tail


def _tail(document: Document, match: re.Match[str]) -> Tail | None:
    """The tail, where a whole sentence of four words or more stands before it."""
    text, stop = document.text, match.start()
    if ends_with_abbreviation(text, stop) or ends_with_abbreviation(text, match.end("tail")):
        return None
    before = Span(document.sentence_at(stop).start, stop)
    words = text[before.start : before.end].split()
    if len(words) < _SHORTEST_SENTENCE or not starts_with_capital(words):
        return None
    if match["tail"][0].islower() and _ABBREVIATED.search(text, max(0, stop - 4), stop):
        return None
    if match["mark"] and _SAID.search(match["tail"]):
        return None  # `…." he said.` has a wrong stop, not a stray tail
    span = Span(match.start("tail"), match.end("tail") + 1)
    tail = tuple(match["tail"].split(" "))
    return Tail(span, tail, before, quoted=bool(match["mark"]), closing=bool(match["closing"]))


def starts_with_capital(words: Sequence[str]) -> bool:
    """Whether the first letter or digit of the first two words (the first may be a bullet) is a capital or a digit."""
    first = next((c for word in words[:2] for c in word if c.isalnum()), "a")
    return first.isupper() or first.isdigit()


def source_has_no_short_sentence(document: Document) -> bool:
    """Whether a source text is there, Japanese or Chinese, and each of its sentences outgrows a few words."""
    source = document.source_text
    return source is not None and _IDEOGRAPH.search(source) is not None and not _has_short_sentence(source)


def source_has_short_sentence(document: Document) -> bool:
    """Whether a source text is there, and one of its sentences is as short as a tail: the tail may be its rendering."""
    return document.source_text is not None and _has_short_sentence(document.source_text)


def _has_short_sentence(source: str) -> bool:
    if _SHORT_QUOTED.search(source):
        return True
    lengths = (sum(map(str.isalnum, piece)) for piece in _SOURCE_STOP.split(source))
    return any(0 < length <= _SHORT for length in lengths)


def is_japanese(document: Document) -> bool:
    """Whether the text is told, guessed, or shown by its source text to come from Japanese."""
    return document.origin == "ja" or (
        document.source_text is not None and _KANA.search(document.source_text) is not None
    )


def says_i(document: Document, spared: Iterable[tuple[int, int]] = ()) -> bool:
    """Whether somebody says "I" or "we" outside quotations and the ``spared`` spans."""
    spans = sorted([*document.quotation.pairs, *spared])
    for person in _FIRST_PERSON.finditer(document.text):
        index = bisect_right(spans, (person.start(), len(document.text))) - 1
        if index < 0 or spans[index][1] <= person.start():
            return True
    return False
