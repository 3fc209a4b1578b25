"""Cuts a text into paragraphs and sentences, losslessly, with offsets in code points.

Made for English that came out of machine translation: stops without a space after them
(``Lithuania.Japan``), orphaned tails in lower case (``said.” rice field.``), CJK stops amid English,
headlines without a stop. One linear pass over each line finds the stops; a few tests of fixed cost on
either side of a stop tell whether it ends a sentence. What the splitter decides where English leaves a
choice, and how it compares with the libraries, stands in ``docs/segmentation.md``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cleaners.errors import MtcleanError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.machinery import ModuleSpec


class Span(NamedTuple):
    """A stretch of a text: ``start`` to ``end``, half-open, in code points."""

    start: int
    end: int


def _words(text: str) -> frozenset[str]:
    """Cut a list that is written as one string."""
    return frozenset(text.split())


# How an abbreviation behaves before what follows its stop.
_NEVER = 1  # never ends a sentence: a title or a Latin tag that something must follow
_NUMERIC = 2  # an abbreviation before a digit, else an ordinary word
_MAYBE = 3  # ends a sentence only before a word that opens sentences
_OFTEN = 4  # ends a sentence unless lower case or a digit follows
_INITIAL = 5  # one capital letter: as _MAYBE, but no listed word

# What news needs and the Moses list lacks, or lists as never ending a sentence although it may.
# Titles and tags (first set) are always followed by a name or a term. Company forms, months, days,
# streets, states, hours and degrees (second set) stand before a name as often as at the end of a
# sentence: "Inc. President Mori", "at 5 p.m. Monday". Units and "etc" (third set) stand at the end of
# a sentence whenever a capital follows. Initialisms (U.S., U.N., D.C.) need no entry, their shape
# shows them. Left out, since a sentence ends in the plain word more often: Miss., La., Mass., Mo.
_NEWS_NEVER = _words("Amb Cdr Cllr Det Fr Ft Lieut Mt Messrs approx cf dr mr mrs prof viz")
_NEWS_MAYBE = _words(
    "Co Corp Inc Ltd INC CORP LTD Bros Plc Pty Jr Sr Dept Govt Univ Assn Intl Natl al Ave Blvd Rd St "
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Ph.D "
    "Ala Ariz Calif Colo Conn Fla Ga Ill Kan Ky Md Mich Minn Okla Pa Penn Tenn Tex Va Wis "
    "a.m p.m A.M P.M co corp inc ltd DR MM MR MRS MS"
)
_NEWS_OFTEN = _words("etc ft hr hrs lb lbs max min mins oz sq")
_NEWS_NUMERIC = _words("NO no nos p c ca est Vol vol Fig Figs fig Ch Sec Ver ver Sat Sun")
# Names that keep an exclamation mark inside a sentence.
_SHOUTING = frozenset(("Yahoo", "Jeopardy"))

# Words that open an English sentence and are hardly ever part of a name: after "U.S." or "Inc." only
# these show that a new sentence starts. Closed classes: articles, pronouns, prepositions, conjunctions
# and the connecting adverbs of news.
SENTENCE_OPENERS = _words(
    "The A An This That These Those He She It They We I You His Her Its Their Our My There Here "
    "In On At By For From With Without Of To As After Before During Since Until Under Over Among Between "
    "Despite According Because Although Though While When Where Whether If Unless Once "
    "And But Or So Yet Nor However Moreover Furthermore Meanwhile Therefore Thus Also Then Besides "
    "Both Each Some Many Most Several Such Other Another All No Not Only Even "
    "What Who Why How Which Is Are Was Were Do Does Did Has Have Had"
)

# Stops that are never part of a word or number: CJK, and the Hindi and Arabic ones.
_PLAIN_STOPS = "。！？｡।۔؟"
_STOPS = ".!?…‼⁇⁈⁉．" + _PLAIN_STOPS
_CLOSERS = "\"'”’»)\\]}」』】）］｝》〉〕*_"
_DOUBLE_CLOSERS = frozenset('"”»」』')
# Closers that debris sets after a space: "said. ” rice field."
_LATE = frozenset('"”’»)]}」』】）］｝》〉〕[')
_NOTE = re.compile(r"\[\d{1,3}\]")
# What continues the sentence when it follows a stop: "Inc., which", ". . .".
_GOES_ON = frozenset(",;:、，；：" + _STOPS)

_LINE = re.compile(r"\S(?:[^\n\r\u2028\u2029]*\S)?")
_STOP = re.compile(rf"([{_STOPS}]+)((?:[{_CLOSERS}]|\[\d{{1,3}}\])*)\s*")
_SPACE = re.compile(r"\s*")
_BLANKS = re.compile(r"[^\S\n\r\u2028\u2029]*")
_TOKEN_END = re.compile(r"\S*")
_OPENERS = re.compile("(?:[\"'“‘«(\\[{「『【〈《（［*_¿¡–—-] ?)*")
_WORD = re.compile(r"[^\W\d_]{1,24}")
_BACKWARD = re.compile("[0-9A-Za-zÀ-ɏ.]{1,24}")
_MARKER = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivx]{1,4}|[IVX]{1,4})")
_MARKER_LIMIT = 12  # code points; a longer list number is none
_LOOK_BACK = 24  # code points before a stop that may belong to its abbreviation
_QUOTE_REACH = 400  # code points searched backward for the partner of a straight single quote
_DOUBLE = re.compile('["“”]')
_ADDRESS = re.compile(r"://|www\.|@")
# "Amazon.Com", "Vue.Js": a capital after the stop and yet one word.
_NAME_ENDS = frozenset(("Com", "Net", "Org", "Js", "Io"))


def paragraphs(text: str) -> tuple[Span, ...]:
    r"""Spans of the lines that hold more than blanks, in order, without the blanks around them.

    Each line is a paragraph of its own, since news text has a paragraph a line. A line ends at
    ``\n``, ``\r\n``, ``\r``, U+2028 or U+2029; other control characters count as blanks.
    """
    return tuple(Span(*match.span()) for match in _LINE.finditer(text))


def sentences(text: str) -> tuple[Span, ...]:
    """Spans of the sentences, in order, none across a line, none with blanks at its ends.

    Every code point that is not white space lies in exactly one span, so the spans and the gaps
    between them give the text back. A line without a stop is one sentence. Linear in the length of
    the text.
    """
    return tuple(span for match in _LINE.finditer(text) for span in _split(text, *match.span()))


def abbreviations() -> frozenset[str]:
    """Words whose full stop belongs to them, without that last stop: ``Mr``, ``Inc``, ``e.g``.

    Single capitals are in, for initials. The list is the English one of the Moses decoder as the
    package sacremoses ships it, and the few that news needs. ``numeric_abbreviations`` has those
    that are abbreviations before a digit alone.
    """
    return frozenset(word for word, kind in _kinds().items() if kind != _NUMERIC)


def numeric_abbreviations() -> frozenset[str]:
    """Words that are abbreviations only before a digit, without the stop: ``No``, ``Art``, ``pp``."""
    return frozenset(word for word, kind in _kinds().items() if kind == _NUMERIC)


def ends_with_abbreviation(text: str, stop_index: int) -> bool:
    """Tell whether the full stop at ``stop_index`` (a code point) is part of an abbreviation.

    True for listed abbreviations, for initials and for every stop of an initialism (both in ``U.S.``),
    also where the same stop ends the sentence (``to the U.S.`` at the end of a line). ``No``, ``Art``
    and their like count before a digit only. Of single capitals, those at the end of the text or of a
    line and those before a word that opens sentences do not count (``Plan B. The``). False where
    there is no full stop, and for stops inside numbers, file names and addresses.
    """
    if not 0 <= stop_index < len(text) or text[stop_index] != ".":
        return False
    before, after = text[max(0, stop_index - 2) : stop_index], text[stop_index + 1 : stop_index + 3]
    if before[-1:].isalpha() and not before[:-1].isalnum() and after[:1].isalpha() and after[1:] == ".":
        return True  # the first stop of "p.m."
    kind = _kind(text, 0, stop_index)
    if kind not in (_NUMERIC, _INITIAL):
        return kind != 0
    gap = _BLANKS.match(text, stop_index + 1)
    look = gap.end() if gap else stop_index + 1
    following = text[look : look + 1]
    if kind == _NUMERIC:
        return following.isdigit()
    return following != "" and not following.isspace() and not _starter_at(text, look, len(text))


class _Line:
    """What one line has told so far; every position is looked at once, whatever the line holds."""

    __slots__ = ("_address", "_quoted", "_quotes_until", "_token_end", "end", "text")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.end = text, end
        self._quoted, self._quotes_until = False, start
        self._address, self._token_end = False, start

    def quoted(self, index: int) -> bool:
        """Tell whether a double quotation is open before ``index``; ask in rising order."""
        for mark in _DOUBLE.findall(self.text, self._quotes_until, index):
            self._quoted = mark == "“" or (mark == '"' and not self._quoted)
        self._quotes_until = max(index, self._quotes_until)
        return self._quoted

    def in_address(self, index: int) -> bool:
        """Tell whether the token around ``index`` holds a URL or an e-mail address."""
        if index >= self._token_end:
            begin = self.text.rfind(" ", self._token_end, index) + 1 or self._token_end
            token = _TOKEN_END.match(self.text, index, self.end)
            self._token_end = max(token.end() if token else index, index + 1)
            self._address = _ADDRESS.search(self.text, begin, self._token_end) is not None
        return self._address


def _split(text: str, start: int, end: int) -> Iterator[Span]:
    """Sentences of the line from ``start`` to ``end``, which has no blanks at its ends."""
    line = _Line(text, start, end)
    last = end - 1
    while last > start and not text[last].isalnum():
        last -= 1
    for match in _STOP.finditer(text, start, end):
        if match.end() > last:  # what holds no word is no sentence
            break
        if match.start() == start:  # stops before any word go with what follows
            continue
        close, following = match.end(2), match.end()
        if text[following] in _LATE:
            close, following = _absorb(line, close, following)
            if following > last:
                break
        if text[following] in _GOES_ON:
            continue
        stop, after = match.span(1)
        if close == following and after < close and text[close - 1] in "\"'":
            close = following = _closing(line, stop, close, start)
        if _ends(line, start, stop, after, close, following):
            yield Span(start, close)
            start = following
    yield Span(start, end)


def _absorb(line: _Line, close: int, following: int) -> tuple[int, int]:
    """Take closing marks that stand after a space into the sentence before them.

    Gives the new end of the sentence and the start of what follows it. A straight quote counts as
    closing where a quotation is open and a space or the end follows it; a curly one where no letter
    follows, since ``. ”The`` is an opening quote in the wrong shape. So is a footnote mark, ``[12]``.
    """
    text, end = line.text, line.end
    while following < end and text[following] in _LATE:
        mark, at_end = text[following], following + 1 == end
        note = _NOTE.match(text, following, end) if mark == "[" else None
        if mark == "[" and not note:
            break
        if mark == '"' and not ((at_end or text[following + 1].isspace()) and line.quoted(following)):
            break
        if mark in "”’»" and not at_end and text[following + 1].isalnum():
            break
        close = note.end() if note else following + 1
        gap = _SPACE.match(text, close, end)
        following = gap.end() if gap else close
    return close, following


def _closing(line: _Line, stop: int, close: int, start: int) -> int:
    """Where the sentence ends if a straight quote stands between a stop and the next word.

    That is before the quote if it opens the next sentence and after it if it closes this one; what
    is open before it decides.
    """
    quote = close - 1
    if line.text[quote] == '"':
        return close if line.quoted(quote) else quote
    if line.text[close].islower():  # "Inc.'s"
        return close
    reach = max(start, stop - _QUOTE_REACH)
    partner = line.text[start] == "'" or line.text.rfind(" '", reach, stop) >= 0
    return close if partner else quote


def _ends(line: _Line, start: int, stop: int, after: int, close: int, following: int) -> bool:
    """Tell whether the stops from ``stop`` to ``after`` end the sentence that began at ``start``.

    ``close`` is the end of the closing marks behind them, ``following`` the next code point that is
    no blank; both lie inside the line.
    """
    text = line.text
    last = text[after - 1]
    if last in _PLAIN_STOPS:
        return True
    opened = _OPENERS.match(text, following, line.end)
    look = opened.end() if opened else following
    first = text[look : look + 1] if look < line.end else ""
    single = last == "." and after - stop == 1
    kind = _kind(text, start, stop) if single else 0
    if last == "!" and _left_word(text, start, stop) in _SHOUTING:
        kind = _MAYBE
    if single and stop - start <= _MARKER_LIMIT and _MARKER.fullmatch(text, start, stop):
        return False
    if kind == _NUMERIC and not first.isdigit():
        kind = 0
    if kind:
        return _ends_after(kind, text, look, line.end, first)
    if close == following:
        return _ends_glued(line, start, stop, close, look, first, single)
    if not first.islower():
        return True
    if not single:
        return last in "!?‼⁇⁈⁉" and close == after
    if close > after:
        return text[close - 1] not in ")]"
    spaced = text[stop - 2 : stop]  # ". . ." is an ellipsis too
    return not (spaced[1:].isspace() and spaced[:1] in ".…")


def _ends_after(kind: int, text: str, look: int, end: int, first: str) -> bool:
    """Tell whether an abbreviation of ``kind`` ends the sentence before ``first`` at ``look``."""
    if kind == _OFTEN:
        return not (first.islower() or first.isdigit())
    return kind in (_MAYBE, _INITIAL) and _starter_at(text, look, end)


def _ends_glued(line: _Line, start: int, stop: int, close: int, look: int, first: str, single: bool) -> bool:
    """Tell whether stops end a sentence when no space follows them; the left is no abbreviation."""
    text = line.text
    closed = text[close - 1] if text[close - 1] not in _STOPS else ""
    if first.islower() or first.isdigit():
        return single and closed in _DOUBLE_CLOSERS
    if not first.isalpha():
        return False
    if not first.isupper():  # a script without capitals
        return True
    if line.in_address(stop):
        return False
    if closed or not single:
        return True
    match = _WORD.match(text, look, line.end)
    right = match.group() if match else ""
    left = text[stop - 1] if stop > start else " "
    if right in _NAME_ENDS:
        return False
    if len(right) > 1 and right[1].islower():
        return not (left.isalpha() and _lone_letter(text, start, stop))
    if right in ("A", "I") and look + 1 < line.end and text[look + 1].isspace():
        return not left.isdigit() and not left.isspace()
    if len(right) == 1:  # "summit.U.S. officials"
        return left.islower() and text[look + 1 : look + 2] == "." and not _lone_letter(text, start, stop)
    return not left.isupper() and not left.isspace() and not left.isdigit() and not _lone_letter(text, start, stop)


def _lone_letter(text: str, start: int, stop: int) -> bool:
    """Tell whether a single letter or digit stands before the stop, as in ``x.Max``."""
    return stop - start < 2 or not text[stop - 2].isalnum()


def _starter_at(text: str, look: int, end: int) -> bool:
    """Tell whether a word that opens sentences stands at ``look``."""
    match = _WORD.match(text, look, end)
    return match is not None and match.group() in SENTENCE_OPENERS and text[match.end() : match.end() + 1] != "."


def _left_word(text: str, start: int, stop: int) -> str:
    """Letters, digits and stops directly before ``stop``, at most ``_LOOK_BACK`` code points."""
    match = _BACKWARD.match(text[max(start, stop - _LOOK_BACK) : stop][::-1])
    return match.group()[::-1] if match else ""


def _kind(text: str, start: int, stop: int) -> int:
    """How the abbreviation before the full stop at ``stop`` behaves, 0 if there is none."""
    if text[stop - 1 : stop].isspace() and stop - 1 > start:  # "Mr . Abe"
        stop -= 1
    word = _left_word(text, start, stop)
    kinds = _kinds()
    if word in kinds:
        return kinds[word]
    head, dot, tail = word.rpartition(".")
    if not dot:
        return 0
    if len(tail) == 1 and tail.isalpha() and head[-1:].isalpha() and not head[-2:-1].isalnum():
        return _MAYBE  # an initialism: one letter a stop
    return kinds.get(tail, 0)


@lru_cache(maxsize=1)
def _kinds() -> dict[str, int]:
    """Every abbreviation without its last stop, and how it behaves."""
    kinds: dict[str, int] = {}
    for line in _moses_list().splitlines():
        if not (word := line.partition("#")[0].strip()):
            continue
        single = _INITIAL if len(word) == 1 and word.isupper() else _NEVER
        kinds[word] = _NUMERIC if "#NUMERIC_ONLY#" in line else single
    for words, kind in (
        (_NEWS_NEVER, _NEVER),
        (_NEWS_MAYBE, _MAYBE),
        (_NEWS_OFTEN, _OFTEN),
        (_NEWS_NUMERIC, _NUMERIC),
    ):
        kinds.update(dict.fromkeys(words, kind))
    return kinds


def _moses_list() -> str:
    """Read the English list of the Moses decoder from sacremoses, which is located but not imported.

    Importing the package takes a fifth of a second. Release 0.1 keeps the list in a data file,
    release 0.2 as text in a module that imports nothing.
    """
    from importlib.machinery import PathFinder
    from importlib.util import find_spec
    from pathlib import Path

    package = find_spec("sacremoses")
    folders = list(package.submodule_search_locations or ()) if package else []
    for folder in folders:
        path = Path(folder, "data", "nonbreaking_prefixes", "nonbreaking_prefix.en")
        if path.is_file():
            return path.read_text(encoding="utf-8")
    found = _text_in_module(PathFinder.find_spec("_data_nonbreaking_prefixes", folders))
    if found is None:
        what = "its list of English abbreviations was not found"
        raise MtcleanError("sacremoses", what, "install sacremoses 0.1.1 or a later version")
    return found


def _text_in_module(spec: ModuleSpec | None) -> str | None:
    """Read the English list in the data module that ``spec`` describes, None if it holds none."""
    from importlib.util import module_from_spec

    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    lists = getattr(module, "NONBREAKING_PREFIXES", {})
    text = lists.get("nonbreaking_prefix.en")
    return text if isinstance(text, str) else None
