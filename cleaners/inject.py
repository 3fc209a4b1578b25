"""Plants debris in clean text and says where: every rule's mechanism run backwards.

A rule's ``damage`` names every place of a document where its mechanism could strike. :func:`plant` chooses
some of them, at most one a sentence and as many of each mechanism as of any other, damages the text there,
and writes one gold row for each. Same seed, same document name, same text: same damage, on every machine and
in whatever order the documents come.
"""

from __future__ import annotations

import bisect
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any

from cleaners.core import Damage, Document, Level, Rule, splice
from cleaners.errors import MtcleanError

if TYPE_CHECKING:
    from cleaners.config import Settings
    from cleaners.engine import Cleaner
    from cleaners.evaluate.gold import GoldDocument
    from cleaners.files import Source
    from cleaners.formats import Record
    from cleaners.jobs import Task

GOLD_NAME = "gold.jsonl"
DEFAULT_RATE = 0.05
_TIERS = {Level.SAFE: "fix", Level.SUGGEST: "unsafe", Level.REPORT: "flag"}
_MARKS = frozenset('"“”„')
_LONGEST_WORD = 40  # code points by which a gold span is widened to a whole word


@dataclass(frozen=True, slots=True)
class Site:
    """One damage that one rule's mechanism could do."""

    rule: Rule
    damage: Damage


@dataclass(frozen=True, slots=True)
class Row:
    """One planted defect: ``text[start:end] == bad`` in the damaged text, and ``good[0]`` stood there before.

    ``tier``: ``fix`` where the rule repairs by itself, ``unsafe`` where it suggests, ``flag`` where it reports.
    """

    doc: str
    record: str | int | None
    start: int
    end: int
    bad: str
    good: tuple[str, ...]
    tier: str
    family: str
    note: str
    code: str

    def fields(self) -> dict[str, Any]:
        """The row as it stands in a gold file; ``record`` is left out for a plain file."""
        found = asdict(self) | {"good": list(self.good)}
        if self.record is None:
            del found["record"]
        return found


@dataclass(frozen=True, slots=True)
class Planted:
    """A damaged text and its gold, sorted by position; without a row the text is the clean one."""

    text: str
    rows: tuple[Row, ...]


def sites(document: Document, rules: Iterable[Rule], random: Random) -> list[Site]:
    """Every place of a clean document where one of ``rules`` could have left its debris.

    Left out are shielded spans, sentences in which one of the rules already finds something, and mechanisms of
    another source language than the document's.
    """
    rules = sorted(rules, key=lambda rule: rule.code)
    ground = _Ground(document)
    dirty = {i for rule in rules for f in rule.find(document) for i in ground.extent(f.start, f.end, "")}
    found = []
    for rule in rules:
        foreign = rule.origin and document.source_lang and rule.origin != document.source_lang
        if rule.damage is None or foreign:
            continue
        for damage in rule.damage(document, random):
            extent = ground.extent(damage.start, damage.end, damage.bad)
            if extent and dirty.isdisjoint(extent) and _does_something(document, damage):
                found.append(Site(rule, damage))
    return found


def plant(document: Document, rules: Iterable[Rule], random: Random, rate: float = DEFAULT_RATE) -> Planted:
    """``document`` with about ``rate`` of its sentences damaged, and the gold for it.

    Each mechanism gets its turn before one gets another, so that what could strike everywhere (a lost blank)
    does not drown what seldom can.
    """
    wanted = math.floor(rate * len(document.sentences) + random.random())
    if wanted == 0:
        return Planted(document.text, ())
    return damaged(document, _choose(document, sites(document, rules, random), random, wanted))


def damaged(document: Document, chosen: Iterable[Site]) -> Planted:
    """``document`` with just these damages done to it; no two may touch the same sentence."""
    ordered = sorted(chosen, key=lambda site: (site.damage.start, site.damage.end))
    text = splice(document.text, ((s.damage.start, s.damage.end, s.damage.bad) for s in ordered))
    ground = _Ground(document)
    rows = []
    shift = 0
    for site in ordered:
        rows.append(_row(document, ground, site, shift))
        shift += len(site.damage.bad) - (site.damage.end - site.damage.start)
    return Planted(text, tuple(rows))


def plant_files(
    cleaner: Cleaner, paths: Sequence[str], *, seed: int = 0, rate: float = DEFAULT_RATE
) -> Iterator[GoldDocument]:
    """The damaged documents of files, folders, globs or URLs with their gold, as the scorer takes them.

    Raises :class:`MtcleanError` for what cannot be read.
    """
    from cleaners import files, formats
    from cleaners.evaluate.gold import GoldDocument, GoldRow

    fields = formats.Fields(cleaner.settings.text_field, cleaner.settings.source_field)
    for source in files.discover(paths):
        for record in formats.read_records(source, fields):
            document = _document(source, record, cleaner.settings)
            planted = plant(document, cleaner.rules, _random(seed, document), rate)
            rows = tuple(
                GoldRow(r.doc, r.start, r.end, r.bad, r.good, r.tier, r.family, r.record) for r in planted.rows
            )
            yield GoldDocument(document.with_text(planted.text), rows)


@dataclass
class _Tally:
    """What a run has done so far."""

    texts: int = 0
    sentences: int = 0
    errors: int = 0
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Run:
    """One call of the command `inject`."""

    settings: Settings
    seed: int = 0
    rate: float = DEFAULT_RATE
    skip_bad: bool = False
    quiet: bool = False

    def into_folder(self, output: str) -> int:
        """Write a damaged copy of every input below ``output`` and the gold beside; gives the exit status.

        A file that cannot be read is told in one line and has no gold; the others are done.
        """
        import click

        from cleaners import files, jobs, trail
        from cleaners.report import terminal

        if not 0 <= self.rate <= 1:
            raise MtcleanError("--rate", f"{self.rate} is no share of the sentences", "give a number from 0 to 1")
        cleaner = jobs.make_cleaner(self.settings)
        tasks = jobs.targets(files.discover(self.settings.inputs, output=output), output)
        gold = f"{output.rstrip('/')}/{GOLD_NAME}"
        if any(task.source.relative == GOLD_NAME for task in tasks):
            raise MtcleanError(gold, "an input would land where the gold goes", "rename that input")
        tally = _Tally()
        for task in sorted(tasks, key=lambda task: task.source.relative):
            try:
                self._damage(cleaner, task, tally)
            except MtcleanError as error:
                tally.errors += 1
                terminal.complain(str(error))
        with files.atomic_output(gold) as out:
            out.writelines(f"{trail.dump(row.fields())}\n".encode() for row in tally.rows)
        if not self.quiet:
            where = terminal.visible(output)
            click.echo(f"{_summary(tally)}; damaged texts and {GOLD_NAME} in {where}", err=True)
        return 2 if tally.errors else 0

    def _damage(self, cleaner: Cleaner, task: Task, tally: _Tally) -> None:
        from cleaners import files, formats
        from cleaners.report import terminal

        source = task.source
        mine = _Tally()

        def edit(record: Record) -> str:
            document = _document(source, record, self.settings)
            planted = plant(document, cleaner.rules, _random(self.seed, document), self.rate)
            mine.texts += 1
            mine.sentences += len(document.sentences)
            mine.rows += planted.rows
            return planted.text

        fields = formats.Fields(self.settings.text_field, self.settings.source_field, self.skip_bad)
        mode_from = None if files.is_url(source.path) or source.path == "-" else source.path
        with files.atomic_output(task.target, mode_from=mode_from, gzipped=source.gzipped) as out:
            notes = formats.transform(source, edit, fields, out).notes
        for note in notes:
            terminal.complain_of(source.path, note)
        tally.texts += mine.texts
        tally.sentences += mine.sentences
        tally.rows += mine.rows


class _Ground:
    """A document's sentences, and which of them a change takes up."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.document.sentences]

    def extent(self, start: int, end: int, new: str) -> range:
        """Indexes of the sentences that a change of ``[start, end)`` to ``new`` takes up.

        A change of quotation marks takes up its whole paragraph: how the other marks pair depends on it. An
        empty range: the change lies in no sentence.
        """
        text = self.document.text
        if not (_MARKS.isdisjoint(new) and _MARKS.isdisjoint(text[start:end])):
            start = min(start, self.document.paragraph_at(start).start)
            end = max(end, self.document.paragraph_at(max(end - 1, start)).end)
        first, last = (bisect.bisect_right(self._starts, at) - 1 for at in (start, end))
        return range(first, last + 1) if first >= 0 else range(0)

    def bounds(self, extent: range) -> tuple[int, int]:
        """Where the sentences of ``extent`` start and end."""
        return self.document.sentences[extent[0]].start, self.document.sentences[extent[-1]].end


def _does_something(document: Document, damage: Damage) -> bool:
    if document.text[damage.start : damage.end] == damage.bad:
        return False
    return not document.is_shielded(max(0, damage.start - 1), damage.end + 1)


def _choose(document: Document, found: Iterable[Site], random: Random, wanted: int) -> list[Site]:
    """Up to ``wanted`` sites in turns of one a rule, no two in one sentence."""
    queues: dict[str, list[Site]] = {}
    for site in found:
        queues.setdefault(site.rule.code, []).append(site)
    for queue in queues.values():
        random.shuffle(queue)
    turns = list(queues)
    random.shuffle(turns)
    ground = _Ground(document)
    taken: set[int] = set()
    chosen: list[Site] = []
    while turns and len(chosen) < wanted:
        code = turns.pop(0)
        while queues[code]:
            site = queues[code].pop()
            extent = ground.extent(site.damage.start, site.damage.end, site.damage.bad)
            if taken.isdisjoint(extent):
                taken.update(extent)
                chosen.append(site)
                turns.append(code)
                break
    return chosen


def _row(document: Document, ground: _Ground, site: Site, shift: int) -> Row:
    damage, rule, text = site.damage, site.rule, document.text
    lowest, highest = ground.bounds(ground.extent(damage.start, damage.end, damage.bad))
    start, end = damage.start, damage.end
    if not _is_mere_addition(text, damage):
        while start > max(lowest, damage.start - _LONGEST_WORD) and not text[start - 1].isspace():
            start -= 1
        while end < min(highest, damage.end + _LONGEST_WORD) and not text[end].isspace():
            end += 1
    bad = text[start : damage.start] + damage.bad + text[damage.end : end]
    return Row(
        doc=document.path,
        record=document.record,
        start=start + shift,
        end=start + shift + len(bad),
        bad=bad,
        good=(text[start:end],),
        tier=_TIERS[damage.level or rule.level],
        family=rule.name,
        note=rule.code,
        code=rule.code,
    )


def _is_mere_addition(text: str, damage: Damage) -> bool:
    """Whether the row is the added text alone: new words, not one that stands beside it already."""
    added = damage.bad.strip()
    if damage.start < damage.end or not any(c.isalnum() for c in added):
        return False
    return text[max(0, damage.start - len(added)) : damage.start].lower() != added.lower()


def _document(source: Source, record: Record, settings: Settings) -> Document:
    return Document(
        record.text,
        path=source.relative,
        record=record.record,
        source_lang=settings.known_source_lang,
        markdown=source.format == "markdown",
    )


def _random(seed: int, document: Document) -> Random:
    return Random(ascii((seed, document.path, document.record)))


def _summary(tally: _Tally) -> str:
    codes = Counter(row.code for row in tally.rows)
    texts = "1 text" if tally.texts == 1 else f"{tally.texts} texts"
    counted = ", ".join(f"{code} {codes[code]}" for code in sorted(codes)) or "nothing could be planted"
    errors = f"; errors: {tally.errors}" if tally.errors else ""
    return f"{texts}, {len(tally.rows)} of {tally.sentences} sentences damaged: {counted}{errors}"
