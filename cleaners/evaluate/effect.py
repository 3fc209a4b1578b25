"""Effect against references: whether cleaning takes a system's output nearer to what a human wrote.

The judge is sacreBLEU (Post 2018): translation edit rate (TER, Snover et al. 2006), chrF and BLEU, each with its
default settings, so that the figures compare with published ones. What each can see decides what it says. TER
compares lower-cased words as they stand between blanks: putting a blank where one is missing makes two words of one,
which is a gain only where the reference has one of them, and a loss where it words the passage differently. chrF
leaves blanks out and BLEU cuts off punctuation, so that neither sees most edits of spacing. Hence chrFw besides:
chrF that counts blanks, the one to read for spacing.

Most lines are not touched, and what is not touched is equal before and after. So sentence scores are computed for
touched lines only, and corpus scores from the sufficient statistics of each line (edits and reference length,
n-gram matches and lengths), which add up: an untouched line is counted once, for both sides. "Do nothing" is a row
of every comparison; it does no harm, and many a cleaner does not beat it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaners import files
from cleaners.config import Settings
from cleaners.core import Document
from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError
from cleaners.ignore import IgnoreList

if TYPE_CHECKING:
    from sacrebleu.metrics.base import Metric

SEED = 12345  # sacreBLEU's own, for the same purpose
RESAMPLES = 1000
WORST = 15
_BATCH = 200  # lines handed to a process at a time
NAMES = ("TER", "chrF", "chrFw", "BLEU")
_SAME = 1e-9  # scores closer than this are equal

Stats = tuple[list[float], ...]  # sufficient statistics of each metric, in the order of Scores


@dataclass(frozen=True, slots=True)
class Line:
    """A line of system output with at least one reference."""

    text: str
    references: tuple[str, ...]
    source_text: str | None = None
    source_lang: str | None = None
    system: str = ""
    set: str = ""


class Scores(NamedTuple):
    """TER (edits for each 100 reference words: lower is better); the others 0..100, higher is better."""

    ter: float
    chrf: float
    chrfw: float
    bleu: float

    def minus(self, other: Scores) -> Scores:
        """The difference, score by score."""
        return Scores(*(mine - its for mine, its in zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True)
class Touched:
    """A line that cleaning changed, with its sentence scores and statistics before and after."""

    line: Line
    text: str
    codes: tuple[str, ...]
    before: Scores
    after: Scores
    stats_before: Stats
    stats_after: Stats

    @property
    def delta(self) -> Scores:
        """After minus before."""
        return self.after.minus(self.before)


@dataclass(frozen=True, slots=True)
class Gain:
    """What cleaning did to some touched lines.

    ``better``, ``equal`` and ``worse`` count lines by TER. ``before`` and ``after`` are means of sentence scores,
    ``delta`` is their difference, ``intervals`` holds where it lies with 95 % confidence, by name of the score;
    empty for a single line.
    """

    lines: int
    better: int
    equal: int
    worse: int
    before: Scores
    after: Scores
    delta: Scores
    intervals: dict[str, tuple[float, float]]


@dataclass(slots=True)
class Effect:
    """Everything measured. ``rest`` sums the statistics of untouched lines, where all lines were asked for."""

    seed: int = SEED
    lines: Counter[str] = field(default_factory=Counter)  # by set
    touched: list[Touched] = field(default_factory=list)
    rest: Stats | None = None

    def add(self, other: Effect) -> None:
        """Add what was measured on other lines."""
        self.lines += other.lines
        self.touched += other.touched
        if self.rest is not None and other.rest is not None:
            self.rest = _summed([self.rest, other.rest])

    def corpus(self, *, all_lines: bool = False) -> tuple[Scores, Scores]:
        """Corpus scores before and after, over touched lines or over all.

        Raises ``ValueError`` for all lines where ``measure`` was told to leave them out.
        """
        if all_lines and self.rest is None:
            raise ValueError("the lines that were not touched have not been measured")
        rest = [self.rest] if all_lines and self.rest else []
        metrics = tuple(_metrics().values())
        before = _summed([*rest, *(t.stats_before for t in self.touched)])
        after = _summed([*rest, *(t.stats_after for t in self.touched)])
        return _scores(metrics, before), _scores(metrics, after)

    def by_code(self) -> dict[str, list[Touched]]:
        """Touched lines by family (``SPC``) and code (``SPC101``), sorted; one with two codes stands under both."""
        groups: dict[str, list[Touched]] = {}
        for touched in self.touched:
            for name in {name for code in touched.codes for name in (code, code.rstrip("0123456789"))}:
                groups.setdefault(name, []).append(touched)
        return dict(sorted(groups.items()))

    def worst(self, number: int = WORST) -> list[Touched]:
        """The touched lines that cleaning took farthest from their references, worst first."""
        harmed = [t for t in self.touched if t.delta.ter > _SAME or t.delta.chrfw < -_SAME]
        return sorted(harmed, key=lambda t: (-t.delta.ter, t.delta.chrfw))[:number]


def read_rows(paths: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of JSON-lines files, gzipped or not, each with its place (``path:line``); blank lines are skipped.

    Raises :class:`MtcleanError` for a file that cannot be read and for a line that is no object.
    """
    for source in files.discover(list(paths)):
        with files.open_source(source) as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    place = f"{source.path}:{number}"
                    try:
                        yield place, dict(json.loads(line))
                    except (ValueError, TypeError) as error:
                        raise MtcleanError(place, "is not a JSON object", "give JSON lines, gzipped or not") from error


def row_text(place: str, row: Mapping[str, Any]) -> str:
    """The system output of a row: its ``mt``, else its ``text``. Raises :class:`MtcleanError` where it has none."""
    text = row.get("mt", row.get("text"))
    if not isinstance(text, str):
        raise MtcleanError(place, "has no system output", "give it a string as mt or text")
    return text


def read_lines(paths: Iterable[str]) -> Iterator[Line]:
    """Lines with references from JSON lines, gzipped or not; one without any reference is skipped.

    Fields: ``mt`` (or ``text``); ``ref``, a string or an object of name and reference; ``post_edits``, likewise;
    if known ``src``, ``src_lang``, ``system``, ``set``. A byte-order mark before a reference is left out, and so
    is a reference that is empty.
    """
    for place, row in read_rows(paths):
        references = (*_references(row.get("ref")), *_references(row.get("post_edits")))
        if references:
            yield Line(
                text=row_text(place, row),
                references=references,
                source_text=row.get("src"),
                source_lang=row.get("src_lang"),
                system=str(row.get("system", "")),
                set=str(row.get("set", "")),
            )


def measure(
    cleaner: Cleaner, lines: Iterable[Line], *, jobs: int = 1, seed: int = SEED, all_lines: bool = True
) -> Effect:
    """Clean every line once and score what was touched, over ``jobs`` processes; their number changes no figure.

    Without ``all_lines`` the lines that were not touched are not scored, which saves nearly all of the time.
    Raises :class:`MtcleanError` where sacreBLEU is not installed.
    """
    _metrics()
    effect = Effect(seed, rest=() if all_lines else None)
    if jobs == 1:
        for batch in _batches(lines):
            effect.add(_measure(cleaner, batch, all_lines))
        return effect
    start = (cleaner.settings, cleaner.ignore, all_lines)
    with ProcessPoolExecutor(jobs, initializer=_start, initargs=start) as pool:
        for part in pool.map(_measure_batch, _batches(lines)):
            effect.add(part)
    return effect


def gain(lines: Sequence[Touched], *, seed: int = SEED) -> Gain:
    """What cleaning did to ``lines``, at least one, with a paired bootstrap over the lines' differences.

    Lines are drawn as if they were independent; outputs of several systems for one sentence are not quite, so
    the intervals are somewhat too narrow.
    """
    deltas = [t.delta for t in lines]
    better = sum(d.ter < -_SAME for d in deltas)
    worse = sum(d.ter > _SAME for d in deltas)
    before, after = _mean([t.before for t in lines]), _mean([t.after for t in lines])
    intervals = _intervals(deltas, seed) if len(deltas) > 1 else {}
    return Gain(len(deltas), better, len(deltas) - better - worse, worse, before, after, _mean(deltas), intervals)


def _mean(scores: Sequence[Scores]) -> Scores:
    return Scores(*(sum(column) / len(scores) for column in zip(*scores, strict=True)))


def scorers() -> dict[str, str]:
    """The version of sacreBLEU and the signature of each metric; a line may have any number of references."""
    from importlib.metadata import version

    named = {**_metrics(), "BLEU of a sentence": _sentence_bleu()}
    signatures = {}
    for name, metric in named.items():
        metric.num_refs = -1  # sacreBLEU's mark for a varying number
        signatures[name] = str(metric.get_signature())
    return {"sacrebleu": version("sacrebleu"), **signatures}


def _references(value: Any) -> list[str]:
    found = value.values() if isinstance(value, Mapping) else [value]
    marked = [text.removeprefix("\ufeff") for text in found if isinstance(text, str)]
    return [text for text in marked if text.strip()]


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    left = iter(lines)
    while batch := list(islice(left, _BATCH)):
        yield batch


# A process's own cleaner and whether it scores every line, set once by the pool's initializer.
_own: list[tuple[Cleaner, bool]] = []


def _start(settings: Settings, ignore: IgnoreList, all_lines: bool) -> None:
    _own[:] = [(Cleaner(settings, ignore), all_lines)]


def _measure_batch(lines: list[Line]) -> Effect:
    cleaner, all_lines = _own[0]
    return _measure(cleaner, lines, all_lines)


def _measure(cleaner: Cleaner, lines: list[Line], all_lines: bool) -> Effect:
    effect = Effect(lines=Counter(line.set for line in lines))
    metrics, sentence_bleu = tuple(_metrics().values()), _sentence_bleu()
    rest = []
    for line in lines:
        document = Document(line.text, source_lang=line.source_lang, source_text=line.source_text)
        result = cleaner.clean(document)
        if result.changed:
            before, after = _statistics(metrics, line.references, (line.text, result.text))
            codes = tuple(sorted({d.finding.code for d in result.applied}))
            scored = [_scores((*metrics[:-1], sentence_bleu), stats) for stats in (before, after)]
            effect.touched.append(Touched(line, result.text, codes, scored[0], scored[1], before, after))
        elif all_lines:
            rest += _statistics(metrics, line.references, (line.text,))
    effect.rest = _summed(rest) if all_lines else None
    return effect


def _metrics() -> dict[str, Metric]:
    try:
        from sacrebleu.metrics.bleu import BLEU
        from sacrebleu.metrics.chrf import CHRF
        from sacrebleu.metrics.ter import TER
    except ImportError as error:
        todo = "pip install 'mtclean[eval]'"
        raise MtcleanError("eval", "comparing with references needs sacrebleu, which is not installed", todo) from error
    return {"TER": TER(), "chrF": CHRF(), "chrFw": CHRF(whitespace=True), "BLEU": BLEU(force=True)}


def _sentence_bleu() -> Metric:
    from sacrebleu.metrics.bleu import BLEU

    return BLEU(effective_order=True, force=True)


def _statistics(metrics: Sequence[Metric], references: Sequence[str], texts: Iterable[str]) -> list[Stats]:
    """The statistics of each text by each metric, as sacreBLEU's ``corpus_score`` computes them for a segment."""
    known = [m._extract_reference_info([m._preprocess_segment(r) for r in references]) for m in metrics]
    found: list[Stats] = []
    for text in texts:
        pairs = zip(metrics, known, strict=True)
        found.append(tuple(m._compute_segment_statistics(m._preprocess_segment(text), info) for m, info in pairs))
    return found


def _summed(parts: Sequence[Stats]) -> Stats:
    """Statistics added up, metric by metric; empty for no parts."""
    columns = zip(*filter(None, parts), strict=True)
    return tuple([sum(values) for values in zip(*lists, strict=True)] for lists in columns)


def _scores(metrics: Sequence[Metric], stats: Stats) -> Scores:
    """Scores from statistics; of no lines, all are 0."""
    if not stats:
        return Scores(0.0, 0.0, 0.0, 0.0)
    # BLEU's smoothing may write into the list it is given.
    return Scores(*(float(m._compute_score_from_stats(list(s)).score) for m, s in zip(metrics, stats, strict=True)))


def _intervals(rows: Sequence[Scores], seed: int) -> dict[str, tuple[float, float]]:
    """95 % intervals of the mean scores, the same lines drawn for all."""
    import numpy

    columns = numpy.asarray(rows, dtype=float)
    draw = numpy.random.default_rng(seed)
    size = len(columns)
    means = [columns[draw.integers(0, size, size)].mean(axis=0) for _ in range(RESAMPLES)]
    low, high = numpy.percentile(means, [2.5, 97.5], axis=0).tolist()
    return dict(zip(NAMES, zip(low, high, strict=True), strict=True))
