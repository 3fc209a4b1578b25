"""Span gold from MQM: whether findings lie where a professional marked an error, and are as grave.

The score is that of error-span detection at the WMT 2025 evaluation task (its page:
https://www2.statmt.org/wmt25/mteval-subtask2.html; its scorer: ``scripts/scoring/task2/scoring_esa.py`` of the
repository wmt-conference/wmt25-mteval), written anew from the definition. The task averages over language pairs;
here the lines given are one corpus.

- Every character has a count of major and a count of minor marks over it, in the gold and in the prediction.
  *Overlapping* marks add up: a character under two major marks counts twice, and takes two predictions.
- For each character, the smaller of the two major counts and the smaller of the two minor counts are hits; what is
  left over on both sides is in the right place with the wrong severity, and each such pair is half a hit.
- Precision is hits by predicted characters, recall hits by gold characters, summed over the whole corpus (micro)
  before dividing. A quotient without a denominator is 1 (nothing predicted: precision 1), F1 of 0 and 0 is 0. So a
  *segment without marks* weighs nothing by itself: it costs precision by what is predicted in it.
- *Critical* counts as major. Marks that are undecided, neutral or "no error" are no marks, nor are those on the
  source side or for something missing, which have no place in the output. A mark without length counts nothing,
  one that runs past the end of the text is cut there.

Where *several raters* marked a line, each one's marks are a gold of their own, and the line counts once for each:
pooled, a character on which raters agree would weigh double. A rater who marked nothing in such a line leaves no
trace in the data and is not counted. A line that nobody looked at (no ``mqm_errors``) is skipped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cleaners.core import Decision, Document, Severity
from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError
from cleaners.evaluate.effect import read_rows, row_text
from cleaners.evaluate.tables import Cell, Table

_HALF = 0.5  # of a hit, for a character in the right place with the wrong severity
_NO_MARK = ("neutral", "no-error", "no error", "undecided")
LEVELS = ("safe", "suggest", "report")


class Mark(NamedTuple):
    """``text[start:end]`` is an error; half-open code points."""

    start: int
    end: int
    severity: Severity
    category: str = ""

    def overlaps(self, other: Mark) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line of system output with the marks of one rater; none where that rater found nothing wrong."""

    text: str
    marks: tuple[Mark, ...]
    source_text: str | None = None
    source_lang: str | None = None
    system: str = ""
    set: str = ""


@dataclass(frozen=True, slots=True)
class SpanScore:
    """Micro-averaged over the characters of a corpus, 0..1."""

    precision: float
    recall: float
    f1: float


@dataclass(slots=True)
class Tally:
    """Hits and characters, from which a score follows."""

    hits: float = 0.0
    gold: int = 0
    predicted: int = 0

    def add(self, gold: Iterable[Mark], predicted: Iterable[Mark]) -> None:
        """Count one segment."""
        wanted, found = _characters(gold), _characters(predicted)
        self.gold += wanted.total()
        self.predicted += found.total()
        missed, excess = wanted - found, found - wanted
        full = wanted.total() - missed.total()
        half = (_places(missed) & _places(excess)).total()
        self.hits += full + _HALF * half

    @property
    def score(self) -> SpanScore:
        """The score of all segments counted so far."""
        precision = self.hits / self.predicted if self.predicted else 1.0
        recall = self.hits / self.gold if self.gold else 1.0
        both = precision + recall
        return SpanScore(precision, recall, 2 * precision * recall / both if both else 0.0)


@dataclass(slots=True)
class Measured:
    """Everything counted over marked lines; ``tallies`` by what predicted: a level, all, or a baseline."""

    lines: int = 0
    marked: int = 0
    marks: Counter[tuple[str, str]] = field(default_factory=Counter)  # (category, severity)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)  # of these, overlapped by a finding
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)  # (code, level)
    right: Counter[tuple[str, str]] = field(default_factory=Counter)  # of these, overlapping a mark
    characters: Counter[tuple[str, str]] = field(default_factory=Counter)
    right_characters: Counter[tuple[str, str]] = field(default_factory=Counter)
    tallies: dict[str, Tally] = field(default_factory=dict)

    @property
    def score(self) -> SpanScore:
        """The score of all findings."""
        return self.tallies[_ALL].score


_ALL = "mtclean, all levels"
_BASELINES = ("flag nothing", "flag all as minor", "flag all as major")


def score(pairs: Iterable[tuple[Iterable[Mark], Iterable[Mark]]]) -> SpanScore:
    """The score of a corpus: one pair of gold and predicted marks for each segment."""
    tally = Tally()
    for gold, predicted in pairs:
        tally.add(gold, predicted)
    return tally.score


def read_lines(paths: Iterable[str]) -> Iterator[MarkedLine]:
    """Marked lines from JSON lines, gzipped or not; a line without ``mqm_errors`` is skipped.

    Fields: ``mt`` (or ``text``); ``mqm_errors``, a list of objects with ``start``, ``end`` (code points of the
    text, half-open), ``severity`` and perhaps ``category`` (or ``type``), ``rater``, ``side``; if known ``src``,
    ``src_lang``, ``system``, ``set``. Raises :class:`MtcleanError` with file and line for a mark that is none.
    """
    for place, row in read_rows(paths):
        errors = row.get("mqm_errors")
        if not isinstance(errors, list):
            continue
        text = row_text(place, row)
        by_rater: dict[str, list[Mark]] = {}
        for error in errors:
            mark, rater = _mark(place, error, len(text))
            by_rater.setdefault(rater, []).extend([mark] if mark else [])
        known = {"source_text": row.get("src"), "source_lang": row.get("src_lang")}
        for marks in by_rater.values() or [[]]:
            system, set_ = str(row.get("system", "")), str(row.get("set", ""))
            yield MarkedLine(text, tuple(sorted(marks)), **known, system=system, set=set_)


def measure(cleaner: Cleaner, lines: Iterable[MarkedLine]) -> Measured:
    """Clean every line and compare what was found in it, by findings of every level, with its marks."""
    names = (_ALL, *(f"mtclean, {level} only" for level in LEVELS), *_BASELINES)
    measured = Measured(tallies={name: Tally() for name in names})
    for line in lines:
        document = Document(line.text, source_lang=line.source_lang, source_text=line.source_text)
        decisions = cleaner.clean(document).decisions
        measured.lines += 1
        measured.marked += bool(line.marks)
        _count(measured, line, decisions)
        every = (0, len(line.text))
        predictions = {
            _ALL: [_predicted(d) for d in decisions],
            **{f"mtclean, {n} only": [_predicted(d) for d in decisions if d.finding.level == n] for n in LEVELS},
            "flag nothing": [],
            "flag all as minor": [Mark(*every, Severity.MINOR)],
            "flag all as major": [Mark(*every, Severity.MAJOR)],
        }
        for name, predicted in predictions.items():
            measured.tallies[name].add(line.marks, predicted)
    return measured


def tables(measured: Measured) -> list[Table]:
    """Scores beside the baselines, findings by code, marks by category."""
    scores: list[tuple[Cell, ...]] = []
    for name, tally in measured.tallies.items():
        found = tally.score
        scores.append((name, tally.predicted, found.precision, found.recall, found.f1))
    note = (
        f"{measured.lines} lines, {measured.marked} with marks, {measured.marks.total()} marks; characters, "
        "micro-averaged, half credit for the wrong severity"
    )
    codes = []
    for key, count in sorted(measured.findings.items()):
        right, characters = measured.right[key], measured.characters[key]
        codes.append((*key, count, right, right / count, characters, measured.right_characters[key] / characters))
    marks = []
    for key, count in sorted(measured.marks.items(), key=lambda item: (-item[1], item[0])):
        marks.append((*key, count, measured.found[key], measured.found[key] / count))
    heads = ("what", "characters", "precision", "recall", "F1")
    code_heads = ("code", "level", "findings", "on a mark", "precision", "characters", "char precision")
    return [
        Table("mqm", "Error spans of MQM", heads, tuple(scores), note),
        Table("mqm_codes", "Findings on marked errors", code_heads, tuple(codes)),
        Table("mqm_marks", "Marks found", ("category", "severity", "marks", "found", "recall"), tuple(marks)),
    ]


def _mark(place: str, error: Any, length: int) -> tuple[Mark | None, str]:
    """A mark of the data and its rater; None for what is no mark in the output."""
    try:
        rater, severity = str(error.get("rater", "")), str(error["severity"]).lower()
        if severity in _NO_MARK or error.get("side", "mt") != "mt" or error["start"] == "missing":
            return None, rater
        start, end = int(error["start"]), int(error["end"])
        if not 0 <= start <= end:
            raise ValueError(f"a span cannot be [{start}, {end})")
        category = str(error.get("category", error.get("type", "")))
        return Mark(min(start, length), min(end, length), _grave(Severity(severity)), category), rater
    except (AttributeError, KeyError, TypeError, ValueError) as wrong:
        todo = "a mark has start, end, and severity minor, major or critical"
        raise MtcleanError(place, f"has a mark that is none ({wrong})", todo) from wrong


def _grave(severity: Severity) -> Severity:
    return Severity.MINOR if severity is Severity.MINOR else Severity.MAJOR


def _predicted(decision: Decision) -> Mark:
    return Mark(decision.start, decision.end, _grave(decision.finding.severity))


def _characters(marks: Iterable[Mark]) -> Counter[tuple[int, Severity]]:
    return Counter((at, mark.severity) for mark in marks for at in range(mark.start, mark.end))


def _places(characters: Mapping[tuple[int, Severity], int]) -> Counter[int]:
    places: Counter[int] = Counter()
    for (at, _), count in characters.items():
        places[at] += count
    return places


def _count(measured: Measured, line: MarkedLine, decisions: Sequence[Decision]) -> None:
    marked = {at for mark in line.marks for at in range(mark.start, mark.end)}
    predicted = [_predicted(decision) for decision in decisions]
    for decision, span in zip(decisions, predicted, strict=True):
        key = (decision.finding.code, decision.finding.level.value)
        places = range(span.start, span.end)
        measured.findings[key] += 1
        measured.right[key] += any(span.overlaps(mark) for mark in line.marks)
        measured.characters[key] += len(places)
        measured.right_characters[key] += sum(at in marked for at in places)
    for mark in line.marks:
        key = (mark.category, mark.severity.value)
        measured.marks[key] += 1
        measured.found[key] += any(mark.overlaps(span) for span in predicted)
