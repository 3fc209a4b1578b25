"""The command `eval`: chooses what to measure, prints tables under one signature, holds the gate."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

import click

from cleaners import jobs
from cleaners.config import Settings
from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError
from cleaners.evaluate import calibration, detection, gate, gold, harm, tables
from cleaners.evaluate.signature import digest, signature
from cleaners.evaluate.tables import Table

_PRINTERS = {"text": tables.as_text, "json": tables.as_json, "markdown": tables.as_markdown}


@dataclass(frozen=True)
class Request:
    """What a call of `eval` asks for; every part is optional, but one must be given.

    ``answers`` is the file of classed edits, ``unread`` where edits that nobody has classed are written.
    """

    gold: tuple[str, ...] = ()
    harm: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    mqm: tuple[str, ...] = ()
    answers: str | None = None
    unread: str | None = None
    all_lines: bool = False
    gate: str | None = None
    update: bool = False
    lower: str | None = None
    format_: str = "text"


@dataclass
class _Page:
    """What is printed: tables, and the corpora and scorers their signature names."""

    tables: list[Table] = field(default_factory=list)
    corpora: dict[str, str] = field(default_factory=dict)
    scorers: dict[str, str] = field(default_factory=dict)


def run(settings: Settings, request: Request) -> int:
    """Measure and print; gives the exit status: 0, or 2 where the gate is shut.

    Raises :class:`MtcleanError` when nothing is asked for or an input cannot be read.
    """
    cleaner = jobs.make_cleaner(settings)
    if request.gate:
        return _gate(cleaner, Path(request.gate), request)
    if not (request.gold or request.harm or request.references or request.mqm):
        raise MtcleanError("eval", "there is nothing to measure", "give GOLD, --harm, --reference, --mqm or --gate")
    page = _Page()
    if request.gold:
        _detection(cleaner, request, page)
    if request.harm:
        _harm(cleaner, request, page)
    if request.references:
        _references(cleaner, request, page)
    if request.mqm:
        _mqm(cleaner, request, page)
    sys.stdout.write(_PRINTERS[request.format_](page.tables, signature(cleaner, page.corpora, page.scorers)))
    return 0


def _detection(cleaner: Cleaner, request: Request, page: _Page) -> None:
    documents = [item for path in request.gold for item in gold.read(path)]
    counts = detection.measure(cleaner, documents)
    page.tables += [*detection.tables(counts), calibration.table(counts.confidences)]
    page.corpora["gold"] = digest(item.document.text + repr(item.rows) for item in documents)


def _harm(cleaner: Cleaner, request: Request, page: _Page) -> None:
    answers = harm.read_answers(request.answers) if request.answers else {}
    found = harm.measure_files(cleaner, request.harm)
    page.tables += harm.tables(found, answers)
    page.corpora["clean"] = found.digest
    if request.unread:
        rows = harm.unread(found, answers)
        Path(request.unread).write_text("".join(row + "\n" for row in rows), encoding="utf-8")
        click.echo(f"{len(rows)} edits to read in {request.unread}", err=True)


def _references(cleaner: Cleaner, request: Request, page: _Page) -> None:
    from cleaners.evaluate import effect, effect_tables

    lines = list(effect.read_lines(request.references))
    measured = effect.measure(cleaner, lines, jobs=cleaner.settings.jobs, all_lines=request.all_lines)
    page.tables += effect_tables.tables(measured)
    page.corpora["references"] = digest(line.text for line in lines)
    page.scorers.update(effect.scorers())


def _mqm(cleaner: Cleaner, request: Request, page: _Page) -> None:
    from cleaners.evaluate import mqm

    lines = list(mqm.read_lines(request.mqm))
    page.tables += mqm.tables(mqm.measure(cleaner, lines))
    page.corpora["mqm"] = digest(line.text for line in lines)


def _gate(cleaner: Cleaner, path: Path, request: Request) -> int:
    from cleaners.evaluate import sets

    baseline = gate.read(path)
    measured = {name: sets.measure(cleaner, path.parent, name, spec) for name, spec in sorted(baseline["sets"].items())}
    if request.update:
        gate.write(path, gate.update(baseline, measured, lower=request.lower))
        click.echo(f"{len(measured)} sets pinned in {path}", err=True)
        return 0
    problems = gate.compare(baseline, measured)
    for problem in problems:
        click.echo(f"mtclean: {problem}", err=True)
    if problems:
        click.echo(f"mtclean: {path}: the gate is shut; mend the fall, or pin it with --update", err=True)
        return 2
    click.echo(f"{len(measured)} sets as pinned in {path}")
    return 0
