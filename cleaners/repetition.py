"""Finds words and phrases that follow themselves, in one pass over the words of each paragraph.

A *run* is a stretch of words with a period: ``the the`` (period 1), ``in Asia in Asia`` (period 2), ``the fleet,
the fleet, the fleet`` (period 2, three times). Rules read the runs of a document and ask what may have made
them: a decoder that lost its place, or a writer who meant it. What stands between two words (a blank, a comma,
a stop) is kept, since a writer sets his repetitions apart and a decoder does not always.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from cleaners.lazily import lazy
from cleaners.segment import Span

LONGEST_PERIOD = 12
# Taken for blanks where words are counted off: replacing them and splitting is three times as fast as a pattern.
_MARKS = '.,;:!?"()[]“”„…—–/|*+=<>&·'
_WORD = lazy(rf"[^\s{re.escape(_MARKS)}]+")
_BLANKS = " \u00a0\t"
# A doubled word in a transcript of speech may be meant; such text shows its fillers.
_FILLER = lazy(r"\b(?:[Uu]h|[Uu]m|[Uu]hm|[Hh]mm|[Mm]hm)\b[,. ]")
_LAST_LATIN = "\u024f"
_FEW = 4  # runs of a paragraph whose places are looked up one by one


def words(text: str) -> frozenset[str]:
    """The words of a list that is written as one string."""
    return frozenset(text.split())


ARTICLES = words("the a an this these those its their his her our each every")
PREPOSITIONS = words(
    "of in on at by for from with within without during under over into onto through along across among between "
    "against about after before since until toward towards to per upon via as near behind beyond despite"
)
CONJUNCTIONS = words("and or nor but & plus versus vs")
PRONOUNS = words(
    "i you he she it we they me him us them my your mine yours myself who what i'm i've i'll you're we're it's that's "
    "he's she's they're don't can't won't i’m i’ve i’ll you’re we’re it’s that’s he’s she’s they’re don’t can’t let's"
)
VERBS = words(
    "is are was were be been being am do does did has have had will would can could shall should may might must not "
    "that which there here then than so if when while where how why more most less very just also only"
)
# What a proverb sets between a thing and itself: "boys will always be boys", "hate begets hate", "war leads to war".
_JOINING = words(
    "is are was were be been means mean equals equal remains remain becomes become begets beget breeds breed makes "
    "make brings bring feeds follows follow leads attracts attract invites invite creates create eats deserves deserve "
    "sharpens meant made led begot bred followed became remained"
)
_BESIDE_JOINING = words(
    "will would shall should can could may might must has have had do does did not never always still ever just only "
    "simply also to from"
)
_VERBAL = _JOINING | _BESIDE_JOINING
# "the son of the sister of the son of the sister of the king": a line of descent may come round.
KIN = words(
    "father mother son daughter brother sister wife husband widow uncle aunt nephew niece cousin king "
    "queen grandson granddaughter grandfather grandmother heir sons daughters"
)
# Behind one of these a clause is open, whose last words may be said again by the clause that goes on.
_CLAUSE = lazy(
    r"\b(?:who|what|whatever|whoever|that|which|whom|where|when|if|as|those|(?<=[a-z] )(?:they|we|you|it|he|she|i))\b"
    r"[^.,;:!?\n]*\Z",
    re.IGNORECASE,
)
_CLOSES = lazy(r"\s*(?:\Z|[.,;:!?)\]”\"]|(?:by|of|for|to|with|in|on|at|from|and|or|as)\b)")
FUNCTION_WORDS = ARTICLES | PREPOSITIONS | CONJUNCTIONS | PRONOUNS | VERBS


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one paragraph that repeat with a period: ``words[i] == words[i + period]`` throughout.

    ``words`` in lower case, ``spans`` their places in the text; ``gaps`` what stands between them, less blanks.
    """

    period: int
    words: tuple[str, ...]
    spans: tuple[Span, ...]
    gaps: frozenset[str]

    @property
    def start(self) -> int:
        """Where the first word starts."""
        return self.spans[0].start

    @property
    def end(self) -> int:
        """Where the last word ends."""
        return self.spans[-1].end

    @property
    def phrase(self) -> tuple[str, ...]:
        """What is repeated, as it stands first."""
        return self.words[: self.period]

    @property
    def copies(self) -> int:
        """How many times the phrase stands, two at least; a last one that lacks only what links it counts."""
        return len(self.words) // self.period + self._ends_whole

    @property
    def plain(self) -> bool:
        """Whether nothing but blanks stands between the words."""
        return not self.gaps

    @property
    def content(self) -> tuple[str, ...]:
        """The words of the phrase that name or tell something."""
        return tuple(word for word in self.phrase if word not in FUNCTION_WORDS)

    @property
    def core(self) -> tuple[str, ...]:
        """The phrase less the articles, prepositions and conjunctions at its ends: these join the copies."""
        joints = ARTICLES | PREPOSITIONS | CONJUNCTIONS
        inside = [i for i, word in enumerate(self.phrase) if word not in joints]
        return self.phrase[inside[0] : inside[-1] + 1] if inside else ()

    @property
    def joints(self) -> frozenset[str]:
        """The words of the phrase before and behind its core."""
        joints = ARTICLES | PREPOSITIONS | CONJUNCTIONS
        inside = [i for i, word in enumerate(self.phrase) if word not in joints]
        return frozenset(self.phrase[: inside[0]] + self.phrase[inside[-1] + 1 :]) if inside else frozenset(self.phrase)

    @property
    def joined(self) -> tuple[str, ...]:
        """The noun phrase that a verb joins to itself, "a deal" of "a deal is a deal is a deal"; empty if none is.

        Between the two nothing stands but the verb: "the bridge is closed the bridge is closed" repeats a clause.
        """
        phrase = self.phrase
        if _JOINING.isdisjoint(phrase):
            return ()
        first = last = next(i for i, word in enumerate(phrase) if word in _JOINING)
        while first and phrase[first - 1] in _BESIDE_JOINING:
            first -= 1
        while last < self.period and phrase[last] in _VERBAL:
            last += 1
        before, after = phrase[:first], phrase[last:]
        if (before and not ARTICLES.issuperset(after)) or not (before or after):
            return ()
        noun = before or after  # the run may open with the verb: "people are people are people" behind "refugees are"
        placed = noun[:1] != ("to",) and not PREPOSITIONS.isdisjoint(noun[:1])
        # "the passenger which is the passenger which is": what ends in a function word is no noun phrase.
        return () if placed or noun[-1] in FUNCTION_WORDS else noun

    @property
    def kept(self) -> int:
        """How many words are left when the repetition is taken out: every content word of the phrase once.

        Whatever is dropped, whole periods go, so that what follows the run still fits.
        """
        rest = len(self.words) % self.period
        return rest if self._ends_whole else rest + self.period

    @property
    def _ends_whole(self) -> bool:
        """Whether the words behind the last whole copy hold every content word: "day after day after *day*"."""
        rest = self.words[: len(self.words) % self.period]
        return bool(self.content) and set(self.content) <= set(rest)


def runs(text: str, lowered: str, paragraphs: Iterable[Span]) -> tuple[Run, ...]:
    """The runs of ``text`` in order, none of them across a line; ``lowered`` is the text in lower case."""
    found: list[Run] = []
    bare = lowered
    for mark in _MARKS:
        bare = bare.replace(mark, " ")
    for start, end in paragraphs:
        paragraph = bare[start:end]
        words = paragraph.split()
        places = [
            place
            for place in _periodic(words)
            if all(word[0].isalnum() and word[0] <= _LAST_LATIN for word in words[place[1] : place[1] + place[0]])
        ]
        if len(places) > _FEW:
            spans = [Span(*match.span()) for match in _WORD.finditer(lowered, start, end)]
            found += [_run(text, period, words[first:last], spans[first:last]) for period, first, last in places]
            continue
        for period, first, last in places:
            begin = end - len(paragraph.split(None, first)[-1])  # faster than looking for every word before
            matches = islice(_WORD.finditer(lowered, begin, end), last - first)
            found.append(_run(text, period, words[first:last], [Span(*match.span()) for match in matches]))
    return tuple(found)


def _periodic(words: list[str]) -> Iterator[tuple[int, int, int]]:
    """Period, first and last word (exclusive) of every stretch that holds its period twice or more."""
    count = len(words)
    last: dict[str, int] = {}
    near: list[tuple[int, int]] = []
    seen_last, never, far = last.get, -LONGEST_PERIOD - 1, LONGEST_PERIOD
    words.append("")  # so that every word has one after it
    for i, word in enumerate(words):
        before = seen_last(word, never)
        if i - before <= far and (before == i - 1 or words[before + 1] == words[i + 1]):
            near.append((before, i))
        last[word] = i
    words.pop()
    done = [0] * (LONGEST_PERIOD + 1)
    for first, second in near:
        period = second - first
        if first < done[period]:
            continue
        end = second + 1
        while end < count and words[end] == words[end - period]:
            end += 1
        while first > done[period] and words[first - 1] == words[first - 1 + period]:
            first -= 1
        done[period] = end - period
        if end - first >= 2 * period:
            yield period, first, end


def _run(text: str, period: int, words: list[str], spans: list[Span]) -> Run:
    between = (text[left.end : right.start].strip(_BLANKS) for left, right in pairwise(spans))
    return Run(period, tuple(words), tuple(spans), frozenset(gap for gap in between if gap))


def same_case(text: str, run: Run) -> bool:
    """Whether every copy is written like the first, which alone may open with a capital.

    A copy that begins with a capital is the sentence below a headline: "higher prices Higher prices have led".
    """
    written = [text[span.start : span.end] for span in run.spans]
    first = written[0]
    for i in range(run.period, len(written)):
        other = written[i % run.period]
        if written[i] == other:
            continue
        opens = i % run.period == 0 and first[1:] == first[1:].lower()
        if not (opens and written[i] == first.lower() and first[:1].isupper()):
            return False
    return True


def may_end_clause(text: str, run: Run) -> bool:
    """Whether a clause may end amid the run and another go on: "those who live by the sea by the sea are taken"."""
    return _CLOSES.match(text, run.end) is None and _CLAUSE.search(text, max(0, run.start - 40), run.start) is not None


def is_spoken(text: str) -> bool:
    """Whether the text is a transcript that keeps its "uh" and "um"."""
    return _FILLER.search(text) is not None
