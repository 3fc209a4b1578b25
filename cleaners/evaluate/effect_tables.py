"""The tables of what cleaning did against references: corpus, sets, families and rules, worst lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from cleaners.evaluate.effect import NAMES, RESAMPLES, Effect, Touched, gain
from cleaners.evaluate.tables import Cell, Table

_BOUNDED = NAMES[:3]  # shown with their intervals
_SPREAD = tuple(
    f"{head}{name}{end}"
    for name in _BOUNDED
    for head, end in (("", " before"), ("", " after"), ("Δ", ""), ("Δ", " low"), ("Δ", " high"))
)
_GAIN_HEADS = ("touched", "better", "equal", "worse", *_SPREAD, "ΔBLEU")
_AROUND = 24  # code points shown beside a change


def tables(effect: Effect) -> list[Table]:
    """Corpus scores beside doing nothing, gains by set, by family and code, and the worst lines."""
    return [_corpus_table(effect), _sets_table(effect), _families_table(effect), _worst_table(effect)]


def _corpus_table(effect: Effect) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, size in (("touched", len(effect.touched)), ("all", effect.lines.total())):
        if name == "touched" or effect.rest is not None:
            before, after = effect.corpus(all_lines=name == "all")
            rows.append((name, size, "do nothing", *before, *[0.0] * 4))
            rows.append((name, size, "mtclean", *after, *after.minus(before)))
    note = "TER: lower is better, the others: higher; chrFw is chrF that counts blanks; differences: cleaned minus raw"
    heads = ("lines", "number", "what", *NAMES, *(f"Δ{name}" for name in NAMES))
    return Table("effect", "Corpus scores against references", heads, tuple(rows), note)


def _sets_table(effect: Effect) -> Table:
    by_set = {name: [t for t in effect.touched if t.line.set == name] for name in sorted(effect.lines)}
    rows = [(name or "(none)", effect.lines[name], *_cells(effect, mine)) for name, mine in by_set.items()]
    return Table("sets", "Touched lines by set", ("set", "all lines", *_GAIN_HEADS), tuple(rows))


def _families_table(effect: Effect) -> Table:
    total = len(effect.touched)
    idle = tuple(None if head.endswith((" before", " after")) else 0.0 for head in (*_SPREAD, "ΔBLEU"))
    rows: list[tuple[Cell, ...]] = [("do nothing", total, 0, total, 0, *idle)]
    groups = {"all": effect.touched, **effect.by_code()}
    rows += [(name, *_cells(effect, lines)) for name, lines in groups.items()]
    note = (
        "means of sentence scores over the lines where the code was applied, and their differences; intervals: paired "
        f"bootstrap, {RESAMPLES} resamples, seed {effect.seed}, 95 %"
    )
    return Table("families", "Touched lines by family and code", ("code", *_GAIN_HEADS), tuple(rows), note)


def _cells(effect: Effect, lines: Sequence[Touched]) -> tuple[Cell, ...]:
    if not lines:
        return (0, 0, 0, 0, *[None] * (len(_SPREAD) + 1))
    found = gain(lines, seed=effect.seed)
    spread: list[Cell] = []
    for name, *means in zip(_BOUNDED, found.before, found.after, found.delta, strict=False):
        spread += (*means, *found.intervals.get(name, (None, None)))
    return (found.lines, found.better, found.equal, found.worse, *spread, found.delta.bleu)


def _worst_table(effect: Effect) -> Table:
    rows = tuple((t.delta.ter, t.delta.chrfw, " ".join(t.codes), _change(t.line.text, t.text)) for t in effect.worst())
    return Table("worst", "Lines taken farthest from their references", ("ΔTER", "ΔchrFw", "codes", "change"), rows)


def _change(before: str, after: str) -> str:
    """What differs, from the first to the last place, with some text around it."""
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    start, cut = max(0, head - _AROUND), max(0, tail - _AROUND)
    return " → ".join(" ".join(text[start : len(text) - cut].split()) for text in (before, after))


def _alike(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
