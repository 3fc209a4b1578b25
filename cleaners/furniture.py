"""Lines of a web page that are no part of the article on it, for the rules of the family FUR.

A line is furniture only where it is alone in its paragraph and an article stands beside it. Lines that follow one
another go together, so that a column of buttons is one finding; what goes takes its line break along, and the
paragraphs on either side stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random

from cleaners.core import SHORT_LINE, Damage, Document
from cleaners.lazily import lazy
from cleaners.segment import Span

LONGEST = SHORT_LINE  # code points of a line of furniture
_PROSE = 60  # code points of a paragraph that counts as text of the article
_ENDS = '.!?"”'
EDGE = 3  # paragraphs at either end of a document, where staff and sources are named
#: Agencies, broadcasters and papers that credits and datelines name.
AGENCIES = (
    "Kyodo(?: News)?|Jiji(?: Press)?|NHK|Xinhua(?: News Agency)?|AP|AFP|Reuters|AFP-Jiji|EPA|TASS|Yonhap|"
    "Getty Images|AFLO|China News(?: Service| Agency)?|CCTV(?: News)?|CNS|People's Daily(?: Online)?|Global Times|"
    "Reference News(?: Network)?|"
    "Yomiuri(?: Shimbun)?|Asahi(?: Shimbun)?|Mainichi(?: Shimbun)?|Nikkei|Sankei(?: Shimbun| News)?|"
    "The Paper|Sina|Sohu|NetEase|Tencent|Huanqiu|Visual China|IC Photo"
)
_SPEAKS = lazy(
    r"\b(?:[Bb]uttons?|[Mm]enus?|[Tt]oolbars?|on this screen|cookie crumbs|breadcrumbs?|icons?|verbs?|[Tt]ap|[Cc]hoose|"
    r"[Pp]ress the)\b"
)
_REFERS = lazy(r"(?:That|This|These|Those|So|Such) (?:is|are|was|were|reads?|says|runs?)\b")
_SMALL_WORDS = r"(?:of|the|and|for|via|by|de|&)"
#: Names as credits write them: capitalised words, few small ones, commas and slashes.
NAMES = rf"[A-Z][\w.’'-]*(?:(?:[ ,/&]|, )(?:[A-Z][\w.’'-]*|{_SMALL_WORDS})){{0,7}}"


def holds(text: str, hints: tuple[str, ...]) -> bool:
    """Whether one of the hints stands in the text: many times quicker than one expression for all of them."""
    return any(hint in text for hint in hints)


def runs(document: Document, is_furniture: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Runs of furniture as index of the first paragraph and index after the last."""
    text, lines = document.text, document.paragraphs
    first = None
    for index, line in enumerate(lines):
        if line.end - line.start <= LONGEST and is_furniture(text[line.start : line.end]):
            first = index if first is None else first
        elif first is not None:
            yield first, index
            first = None
    if first is not None:
        yield first, len(lines)


def has_article(document: Document, first: int, end: int) -> bool:
    """Whether a paragraph of prose stands outside the run."""
    lines = document.paragraphs
    return any(is_prose(document, line) for line in (*lines[:first][::-1], *lines[end:]))


def is_prose(document: Document, line: Span) -> bool:
    """Whether a paragraph is a sentence of some length rather than a headline."""
    return line.end - line.start > _PROSE and document.text[line.end - 1] in _ENDS


def at_the_edge(document: Document, first: int, end: int) -> bool:
    """Whether the run is among the first or the last paragraphs."""
    return first < EDGE or end > len(document.paragraphs) - EDGE


def announced(document: Document, first: int) -> bool:
    """Whether the paragraph before the run ends in a colon: then it is a list of the writer's own."""
    return first > 0 and document.text[document.paragraphs[first - 1].end - 1] in ":："


def spoken_of(document: Document, first: int, end: int) -> bool:
    """Whether the paragraphs on either side speak of the run, as a handbook, an essay or a questionnaire does."""
    text, lines = document.text, document.paragraphs
    if first and (_SPEAKS.search(text, *lines[first - 1]) or text[lines[first - 1].end - 1] == "?"):
        return True
    return end < len(lines) and (_SPEAKS.search(text, *lines[end]) or _REFERS.match(text, *lines[end])) is not None


def span_of(document: Document, first: int, end: int) -> Span:
    """What an edit takes out: the lines of the run and one of the line breaks around it."""
    lines = document.paragraphs
    if first:
        return Span(lines[first - 1].end, lines[end - 1].end)
    return Span(lines[0].start, lines[end].start if end < len(lines) else lines[end - 1].end)


def line_break(document: Document) -> str:
    """The line break between paragraphs of this document, for damage."""
    text, lines = document.text, document.paragraphs
    return text[lines[0].end : lines[1].start] if len(lines) > 1 else "\n"


def behind_paragraphs(document: Document, random: Random, planted: Sequence[str]) -> Iterator[Damage]:
    """One of ``planted`` as a line of its own behind every paragraph of the article."""
    between = line_break(document)
    for line in document.paragraphs:
        if is_prose(document, line):
            yield Damage(line.end, line.end, between + random.choice(planted))


def below_the_text(document: Document, random: Random, planted: Sequence[str]) -> Iterator[Damage]:
    """One of ``planted`` as a line of its own below the last paragraph, where that is the article's."""
    lines = document.paragraphs
    if lines and is_prose(document, lines[-1]):
        yield Damage(lines[-1].end, lines[-1].end, line_break(document) + random.choice(planted))
