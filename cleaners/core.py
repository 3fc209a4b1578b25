"""The few types every stage shares: a document goes in, findings come out, decisions are kept.

A *finding* says what is wrong with a span of a document; with a fix it is a proposed edit. A *decision*
is what became of a finding, with its place in the raw text. Rules, glossary, name repair and rewrites all
yield findings, so that there is one trail, one diff and one scorer for all of them.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from random import Random

from cleaners import quotes, repetition, segment, shield
from cleaners.guess import Guess
from cleaners.segment import Span

SHORT_LINE = 200  # code points
_ASCII = bytes(range(128))


class Level(StrEnum):
    """How far a finding may go by itself; a level is earned by a measured false-positive rate."""

    SAFE = "safe"
    SUGGEST = "suggest"
    REPORT = "report"


class Severity(StrEnum):
    """MQM error severities."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Stage(StrEnum):
    """Which stage proposed a finding."""

    RULE = "rule"
    GLOSSARY = "glossary"
    NAME = "name"
    REWRITE = "rewrite"


class Verdict(StrEnum):
    """What became of a finding."""

    APPLIED = "applied"
    SUGGESTED = "suggested"
    REFUSED = "refused"
    OPEN = "open"


@dataclass(frozen=True)
class Document:
    """One text to clean, with what is known about it; derived views are computed once, when asked for.

    ``text`` is kept exactly as read (line ends, byte-order mark and all). ``source_text`` is the
    original-language text where it survives, ``source_lang`` is ``ja``, ``zh`` or ``None`` for unknown, as the
    user or the record says; ``guessed_lang`` is what the text's own debris tells, where nobody says.
    All offsets are code points into ``text``, half-open.
    """

    text: str
    path: str = ""
    record: str | int | None = None
    language: str = "en"
    source_lang: str | None = None
    source_text: str | None = None
    guessed_lang: str | None = None
    date: date | None = None
    markdown: bool = False

    @property
    def origin(self) -> str | None:
        """The language the text came from as far as known, told or guessed.

        A rule may take it as leave to act, never as a ban: a clean text shows no debris, so cleaning it again
        must not ask for any.
        """
        return self.source_lang or self.guessed_lang

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """Non-blank lines: news text holds one paragraph a line."""
        return segment.paragraphs(self.text)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Sentence spans in order; none crosses a line."""
        return segment.sentences(self.text)

    @cached_property
    def quotation(self) -> quotes.Quotation:
        """Double quotation marks, paired paragraph by paragraph."""
        return quotes.read(self.text, self.paragraphs)

    @cached_property
    def shielded(self) -> tuple[Span, ...]:
        """Spans no stage may touch: URLs, e-mail addresses, code, HTML tags."""
        return shield.spans(self.text, markdown=self.markdown)

    @cached_property
    def lowered(self) -> str:
        """The text in lower case, code point for code point, so that its offsets are the text's."""
        low = self.text.lower()
        if len(low) == len(self.text):
            return low
        return "".join(c.lower() if len(c.lower()) == 1 else c for c in self.text)

    @cached_property
    def beyond_ascii(self) -> str:
        """The characters of the text that ASCII lacks, in order: few in English, so that a look for some is cheap."""
        if self.text.isascii():
            return ""
        # Bytes from 128 up are those of no other characters; taking out the rest is thrice as fast as a pattern.
        kept = self.text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
        return kept.decode("utf-8", "surrogatepass")

    @cached_property
    def short_lines(self) -> str:
        """The paragraphs of at most ``SHORT_LINE`` code points, one a line: headlines, lists, and no prose."""
        return "\n".join(self.text[start:end] for start, end in self.paragraphs if end - start <= SHORT_LINE)

    @cached_property
    def repeats(self) -> tuple[repetition.Run, ...]:
        """Words and phrases that follow themselves, in order; see :mod:`cleaners.repetition`."""
        return repetition.runs(self.text, self.lowered, self.paragraphs)

    @cached_property
    def _paragraph_starts(self) -> list[int]:
        return [span.start for span in self.paragraphs]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [span.start for span in self.sentences]

    def paragraph_at(self, position: int) -> Span:
        """The paragraph that holds ``position``, or the one before it; an empty span if there is none."""
        index = bisect.bisect_right(self._paragraph_starts, position) - 1
        return self.paragraphs[index] if index >= 0 else Span(0, 0)

    def sentence_at(self, position: int) -> Span:
        """The sentence that holds ``position``, or the one before it; an empty span if there is none."""
        index = bisect.bisect_right(self._sentence_starts, position) - 1
        return self.sentences[index] if index >= 0 else Span(0, 0)

    def is_shielded(self, start: int, end: int) -> bool:
        """Whether any of ``[start, end)`` lies in a URL, an address, code or a tag."""
        index = bisect.bisect_left(self.shielded, (end,)) - 1
        return index >= 0 and self.shielded[index].end > start

    def with_text(self, text: str) -> Document:
        """The same document with another text; every derived view is computed anew."""
        return replace(self, text=text)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with ``text[start:end]``; an edit when ``fix`` is not ``None``.

    ``start < end`` always: a finding can be pointed at. ``confidence`` is a probability in 0..1 that the
    finding is right. ``drops`` declares words that the fix leaves out on purpose (a repetition that is
    collapsed, furniture that goes), so that the guards count them as meant. ``proof`` is how many code
    points of context, beyond the span, the finding was read off; of two overlapping findings the one with
    the longer proof goes first. ``entry`` is the place (file:line) of the glossary entry behind it.
    """

    code: str
    name: str
    start: int
    end: int
    fix: str | None
    level: Level
    severity: Severity
    mqm: str
    confidence: float
    message: str
    origin: str | None = None
    stage: Stage = Stage.RULE
    drops: str = ""
    proof: int = 0
    entry: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"{self.code}: a finding needs a span, not [{self.start}, {self.end})")

    @property
    def precedence(self) -> tuple[int, int, int, str]:
        """Sort key that resolves overlaps: longer proof first, then position."""
        return (-(self.end - self.start + self.proof), self.start, self.end, self.code)


@dataclass(frozen=True, slots=True)
class Example:
    """A text with the defect and what the rule must make of it; ``good is None``: found, not fixed."""

    bad: str
    good: str | None


@dataclass(frozen=True, slots=True)
class Damage:
    """What a mechanism would do to clean text: ``text[start:end]`` becomes ``bad``; the inverse of an edit.

    ``start == end`` where debris is only added. ``level``: how far the rule goes with this one, where that is not
    the rule's own level.
    """

    start: int
    end: int
    bad: str
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A pure function over a document, its metadata, and the examples that are its tests.

    ``find`` reads only the document it is given and yields findings in any order. ``good`` holds texts
    that must come out untouched and without a finding: the rule's nastiest lawful look-alikes. ``damage``
    is the rule's mechanism run backwards: every place of a clean document where it could strike, and what it
    would leave there; the random numbers choose among wordings. Scoring and training plant debris with it.
    """

    code: str
    name: str
    message: str
    level: Level
    severity: Severity
    mqm: str
    confidence: float
    find: Callable[[Document], Iterable[Finding]]
    bad: tuple[Example, ...]
    good: tuple[str, ...]
    origin: str | None = None
    stage: Stage = Stage.RULE
    damage: Callable[[Document, Random], Iterable[Damage]] | None = None
    doc: str = field(default="", compare=False)

    def finding(
        self,
        start: int,
        end: int,
        fix: str | None,
        *,
        level: Level | None = None,
        confidence: float | None = None,
        message: str | None = None,
        drops: str = "",
        proof: int = 0,
    ) -> Finding:
        """A finding of this rule at ``[start, end)``; the keywords override the rule's own values."""
        return Finding(
            code=self.code,
            name=self.name,
            start=start,
            end=end,
            fix=fix,
            level=level or self.level,
            severity=self.severity,
            mqm=self.mqm,
            confidence=self.confidence if confidence is None else confidence,
            message=message or self.message,
            origin=self.origin,
            stage=self.stage,
            drops=drops,
            proof=proof,
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a finding, with its place in the *raw* text.

    ``raw[start:end]`` is what stood there; where the verdict is ``applied``, ``fix`` is what stands there
    now. Applied decisions never overlap in the raw text, so splicing them in order gives the clean text. ``was`` is
    the cleaner's own decision, where a person took another.
    """

    finding: Finding
    verdict: Verdict
    reason: str
    start: int
    end: int
    raw: str
    fix: str | None
    was: Decision | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A cleaned document: the raw document, the clean text, and every decision in raw order.

    ``guess`` is what the raw text told of its origin, where the cleaner asked it.
    """

    document: Document
    text: str
    decisions: tuple[Decision, ...]
    passes: int
    ignored: int = 0
    guess: Guess | None = None

    @property
    def applied(self) -> tuple[Decision, ...]:
        """The decisions that changed the text."""
        return tuple(d for d in self.decisions if d.verdict is Verdict.APPLIED)

    @property
    def changed(self) -> bool:
        """Whether the clean text differs from the raw text."""
        return self.text != self.document.text


def splice(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """``text`` with each ``[start, end)`` replaced; edits must be disjoint and sorted by position.

    Raises ``ValueError`` when they overlap or run past the end of the text.
    """
    pieces: list[str] = []
    done = 0
    for start, end, fix in edits:
        if not done <= start <= end <= len(text):
            raise ValueError(f"edit [{start}, {end}) overlaps another or lies outside the text")
        pieces += (text[done:start], fix)
        done = end
    pieces.append(text[done:])
    return "".join(pieces)


def replay(raw: str, decisions: Iterable[Decision]) -> str:
    """The clean text, from the raw text and its decisions alone."""
    return splice(raw, _edits(decisions))


def _edits(decisions: Iterable[Decision]) -> Iterator[tuple[int, int, str]]:
    for decision in decisions:
        if decision.verdict is Verdict.APPLIED:
            yield decision.start, decision.end, decision.fix or ""
