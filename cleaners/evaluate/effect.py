"""Effect against references: is a system's output nearer to what a human wrote once it has been cleaned?

The judge is sacreBLEU (Post 2018): translation edit rate (TER, Snover et al. 2006), chrF and BLEU, each with its
default settings, so that the figures compare with published ones. TER compares lower-cased words as they stand
between blanks, hence a blank too many before a comma costs two edits; a change of case alone it does not see.

Most lines are not touched, and what is not touched is equal before and after. So sentence scores are computed for
touched lines only, and corpus scores from the sufficient statistics of each line (edits and reference length,
n-gram matches and lengths), which add up: an untouched line is counted once, for both sides. "Do nothing" is a row
of every comparison; it does no harm, and many a cleaner does not beat it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaners import files
from cleaners.config import Settings
from cleaners.core import Document
from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError
from cleaners.evaluate.tables import Cell, Table
from cleaners.ignore import IgnoreList

if TYPE_CHECKING:
    from sacrebleu.metrics.base import Metric

SEED = 12345  # sacreBLEU's own, for the same purpose
RESAMPLES = 1000
WORST = 15
_BATCH = 200  # lines handed to a process at a time
_SAME = 1e-9  # scores closer than this are equal
_AROUND = 24  # code points shown beside a change

Stats = tuple[list[float], list[float], list[float]]  # sufficient statistics of TER, chrF, BLEU


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
    """TER (edits for each 100 reference words: lower is better), chrF and BLEU (0..100: higher is better)."""

    ter: float
    chrf: float
    bleu: float

    def minus(self, other: Scores) -> Scores:
        """The difference, score by score."""
        return Scores(self.ter - other.ter, self.chrf - other.chrf, self.bleu - other.bleu)


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
    """What cleaning did to some touched lines; the intervals hold the mean with 95 % confidence.

    ``better``, ``equal`` and ``worse`` count lines by TER. ``delta`` is the mean difference of sentence scores.
    """

    lines: int
    better: int
    equal: int
    worse: int
    delta: Scores
    ter_interval: tuple[float, float] | None
    chrf_interval: tuple[float, float] | None


@dataclass(slots=True)
class Effect:
    """Everything measured. ``rest`` sums the statistics of untouched lines, where all lines were asked for."""

    seed: int = SEED
    lines: Counter[str] = field(default_factory=Counter)  # by set
    touched: list[Touched] = field(default_factory=list)
    rest: Stats | None = None

    def corpus(self, *, all_lines: bool = False) -> tuple[Scores, Scores]:
        """Corpus scores before and after, over touched lines or over all.

        Raises ``ValueError`` for all lines where ``measure`` was told to leave them out.
        """
        if all_lines and self.rest is None:
            raise ValueError("the lines that were not touched have not been measured")
        rest = [self.rest] if all_lines and self.rest else []
        before = _summed([*rest, *(t.stats_before for t in self.touched)])
        after = _summed([*rest, *(t.stats_after for t in self.touched)])
        return _corpus_scores(before), _corpus_scores(after)

    def gains(self) -> dict[str, Gain]:
        """By family (``SPC``) and by code (``SPC101``), sorted; a line counts for every code applied to it."""
        groups: dict[str, list[Touched]] = {}
        for touched in self.touched:
            for name in {name for code in touched.codes for name in (code, code.rstrip("0123456789"))}:
                groups.setdefault(name, []).append(touched)
        return {name: gain(groups[name], seed=self.seed) for name in sorted(groups)}

    def worst(self, number: int = WORST) -> list[Touched]:
        """The touched lines that cleaning took farthest from their references, worst first."""
        harmed = [t for t in self.touched if t.delta.ter > _SAME or t.delta.chrf < -_SAME]
        return sorted(harmed, key=lambda t: (-t.delta.ter, t.delta.chrf))[:number]


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
                        row = json.loads(line)
                    except ValueError as error:
                        raise MtcleanError(place, "is not valid JSON", "give JSON lines, gzipped or not") from error
                    if not isinstance(row, dict):
                        raise MtcleanError(place, "is not a JSON object", "give one object a line")
                    yield place, row


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
                source_text=_string(row.get("src")),
                source_lang=_string(row.get("src_lang")),
                system=_string(row.get("system")) or "",
                set=_string(row.get("set")) or "",
            )


def measure(
    cleaner: Cleaner, lines: Iterable[Line], *, jobs: int = 1, seed: int = SEED, all_lines: bool = True
) -> Effect:
    """Clean every line once and score what was touched, over ``jobs`` processes; their number changes no figure.

    Without ``all_lines`` the lines that were not touched are not scored, which saves nearly all of the time.
    Raises :class:`MtcleanError` where sacreBLEU is not installed.
    """
    _metrics()
    effect = Effect(seed, rest=_summed([]) if all_lines else None)
    if jobs == 1:
        for batch in _batches(lines):
            _add(effect, _measure(cleaner, batch, all_lines))
        return effect
    start = (cleaner.settings, cleaner.ignore, all_lines)
    with ProcessPoolExecutor(jobs, initializer=_start, initargs=start) as pool:
        for part in pool.map(_measure_batch, _batches(lines)):
            _add(effect, part)
    return effect


def gain(lines: Sequence[Touched], *, seed: int = SEED) -> Gain:
    """What cleaning did to ``lines``, at least one, with a paired bootstrap over the lines' differences.

    Lines are drawn as if they were independent; outputs of several systems for one sentence are not quite, so
    the intervals are somewhat too narrow. Of a single line there is no interval.
    """
    deltas = [t.delta for t in lines]
    better = sum(d.ter < -_SAME for d in deltas)
    worse = sum(d.ter > _SAME for d in deltas)
    means = Scores(*(sum(column) / len(deltas) for column in zip(*deltas, strict=True)))
    intervals = _intervals([(d.ter, d.chrf) for d in deltas], seed) if len(deltas) > 1 else (None, None)
    return Gain(len(deltas), better, len(deltas) - better - worse, worse, means, *intervals)


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


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    rest = iter(lines)
    while batch := list(islice(rest, _BATCH)):
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
            scored = [_scores((*metrics[:2], sentence_bleu), stats) for stats in (before, after)]
            effect.touched.append(Touched(line, result.text, codes, scored[0], scored[1], before, after))
        elif all_lines:
            rest += _statistics(metrics, line.references, (line.text,))
    effect.rest = _summed(rest) if all_lines else None
    return effect


def _add(effect: Effect, part: Effect) -> None:
    effect.lines += part.lines
    effect.touched += part.touched
    if effect.rest is not None and part.rest is not None:
        effect.rest = _summed([effect.rest, part.rest])


def _metrics() -> dict[str, Metric]:
    try:
        from sacrebleu.metrics import BLEU, CHRF, TER
    except ImportError as error:
        todo = "pip install 'mtclean[eval]'"
        raise MtcleanError("eval", "comparing with references needs sacrebleu, which is not installed", todo) from error
    return {"TER": TER(), "chrF": CHRF(), "BLEU": BLEU(force=True)}


def _sentence_bleu() -> Metric:
    from sacrebleu.metrics import BLEU

    return BLEU(effective_order=True, force=True)


def _statistics(metrics: Sequence[Metric], references: Sequence[str], texts: Iterable[str]) -> list[Stats]:
    """The statistics of each text by each metric, as sacreBLEU's ``corpus_score`` computes them for a segment."""
    known = [m._extract_reference_info([m._preprocess_segment(r) for r in references]) for m in metrics]
    found = []
    for text in texts:
        pairs = zip(metrics, known, strict=True)
        ter, chrf, bleu = (list(m._compute_segment_statistics(m._preprocess_segment(text), info)) for m, info in pairs)
        found.append((ter, chrf, bleu))
    return found


def _summed(parts: Sequence[Stats]) -> Stats:
    """Statistics added up, metric by metric; empty lists for no parts."""
    ter, chrf, bleu = ([sum(c) for c in zip(*(p[i] for p in parts if p[i]), strict=True)] for i in range(3))
    return ter, chrf, bleu


def _corpus_scores(stats: Stats) -> Scores:
    return _scores(tuple(_metrics().values()), stats)


def _scores(metrics: Sequence[Metric], stats: Stats) -> Scores:
    """Scores from statistics; of no lines, TER is 0 and so are the others."""
    if not all(stats):
        return Scores(0.0, 0.0, 0.0)
    # BLEU's smoothing may write into the list it is given.
    return Scores(*(float(m._compute_score_from_stats(list(s)).score) for m, s in zip(metrics, stats, strict=True)))


def _intervals(pairs: Sequence[tuple[float, float]], seed: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """95 % intervals of the means of two columns, the same lines drawn for both."""
    import numpy

    columns = numpy.asarray(pairs, dtype=float)
    draw = numpy.random.default_rng(seed)
    size = len(columns)
    means = [columns[draw.integers(0, size, size)].mean(axis=0) for _ in range(RESAMPLES)]
    low, high = numpy.percentile(means, [2.5, 97.5], axis=0)
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def tables(effect: Effect) -> list[Table]:
    """Corpus scores beside doing nothing, gains by set, by family and code, and the worst lines."""
    found = [_corpus_table(effect), _sets_table(effect), _families_table(effect)]
    return [*found, _worst_table(effect)] if effect.worst(1) else found


def _corpus_table(effect: Effect) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, size, wanted in (
        ("touched", len(effect.touched), True),
        ("all", effect.lines.total(), effect.rest is not None),
    ):
        if wanted:
            before, after = effect.corpus(all_lines=name == "all")
            rows.append((name, size, "do nothing", *before, 0.0, 0.0, 0.0))
            rows.append((name, size, "mtclean", *after, *after.minus(before)))
    note = "TER: lower is better; chrF and BLEU: higher is better; differences are cleaned minus raw"
    heads = ("lines", "number", "what", "TER", "chrF", "BLEU", "ΔTER", "ΔchrF", "ΔBLEU")
    return Table("effect", "Corpus scores against references", heads, tuple(rows), note)


def _sets_table(effect: Effect) -> Table:
    rows = []
    for name in sorted(effect.lines):
        mine = [t for t in effect.touched if t.line.set == name]
        rows.append((name or "(none)", effect.lines[name], *_cells(gain(mine, seed=effect.seed) if mine else None)))
    return Table("sets", "Touched lines by set", ("set", "all lines", *_GAIN_HEADS), tuple(rows))


def _families_table(effect: Effect) -> Table:
    nothing = Gain(len(effect.touched), 0, len(effect.touched), 0, Scores(0.0, 0.0, 0.0), (0.0, 0.0), (0.0, 0.0))
    rows = [("do nothing", *_cells(nothing))]
    if effect.touched:
        rows.append(("all", *_cells(gain(effect.touched, seed=effect.seed))))
    rows += [(name, *_cells(found)) for name, found in effect.gains().items()]
    note = (
        "mean differences of sentence scores over the lines where the code was applied; intervals: paired "
        f"bootstrap, {RESAMPLES} resamples, seed {effect.seed}, 95 %"
    )
    return Table("families", "Touched lines by family and code", ("code", *_GAIN_HEADS), tuple(rows), note)


_GAIN_HEADS = (
    *("touched", "better", "equal", "worse", "ΔTER", "TER low", "TER high"),
    *("ΔchrF", "chrF low", "chrF high", "ΔBLEU"),
)  # fmt: skip


def _cells(found: Gain | None) -> tuple[Cell, ...]:
    if found is None:
        return (0, 0, 0, 0, *[None] * 7)
    ter = found.ter_interval or (None, None)
    chrf = found.chrf_interval or (None, None)
    counts = (found.lines, found.better, found.equal, found.worse)
    return (*counts, found.delta.ter, *ter, found.delta.chrf, *chrf, found.delta.bleu)


def _worst_table(effect: Effect) -> Table:
    rows = tuple((t.delta.ter, t.delta.chrf, " ".join(t.codes), _change(t.line.text, t.text)) for t in effect.worst())
    return Table("worst", "Lines taken farthest from their references", ("ΔTER", "ΔchrF", "codes", "change"), rows)


def _change(before: str, after: str) -> str:
    """What differs, from the first to the last place, with some text around it."""
    shorter = min(len(before), len(after))
    head = _common(shorter, lambda i: before[i] == after[i])
    tail = _common(shorter - head, lambda i: before[-1 - i] == after[-1 - i])
    start = max(0, head - _AROUND)
    shown = [text[start : len(text) - max(0, tail - _AROUND)] for text in (before, after)]
    return " → ".join(" ".join(text.split()) for text in shown)


def _common(limit: int, same: Callable[[int], bool]) -> int:
    return next((i for i in range(limit) if not same(i)), limit)
