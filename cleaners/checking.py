"""The command `check`: findings of many files, printed as they come."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from cleaners import ignore, jobs, trail
from cleaners.config import Settings
from cleaners.core import Decision, Document, Result
from cleaners.engine import Cleaner
from cleaners.files import Source
from cleaners.jobs import FileReport, Reading
from cleaners.report import github, sarif, terminal, text


def run(
    settings: Settings,
    sources: list[Source],
    format_: str,
    *,
    ignore_file: str | None,
    write_ignore: Path | None,
    skip_bad: bool,
    quiet: bool,
    verbose: int = 0,
) -> int:
    """Check files in order and print their findings; a file that cannot be read leaves the others to be done.

    Gives the exit status: 0 nothing found, 1 findings, 2 an error.
    """
    cleaner = jobs.make_cleaner(settings, ignore_file)
    printer = _PRINTERS[format_](cleaner, quiet)
    set_aside: list[tuple[Document, Decision]] = []
    found = failed = 0

    def visit(result: Result) -> None:
        nonlocal found
        found += len(result.decisions)
        printer.show(result)
        if write_ignore:
            set_aside.extend((result.document, decision) for decision in result.decisions)

    readings = (
        jobs.read_many(settings, sources, ignore_file=ignore_file, skip_bad=skip_bad)
        if settings.jobs > 1 and len(sources) > 1 and all(source.path != "-" for source in sources)
        else (_read(cleaner, source, visit, skip_bad=skip_bad) for source in sources)
    )
    for reading in readings:
        for result in reading.results:
            visit(result)
        failed += _tell(reading.report, verbose)
    printer.end(found, len(sources))
    if write_ignore:
        _set_aside(write_ignore, set_aside)
    return 2 if failed else 1 if found else 0


def _read(cleaner: Cleaner, source: Source, visit: Callable[[Result], None], *, skip_bad: bool) -> Reading:
    """Check one file in this process; its results go to ``visit`` as they come and are not kept."""
    try:
        return Reading(source, jobs.read_source(cleaner, source, visit, skip_bad=skip_bad))
    except OSError:  # of standard output, where the findings go
        raise
    except Exception as error:
        report = FileReport(source.path, error=jobs.told(source.path, error), trace=traceback.format_exc())
        return Reading(source, report)


def _tell(report: FileReport, verbose: int) -> bool:
    """Say on standard error what is to be said of one file; whether it failed."""
    if report.error:
        terminal.complain(report.error)
        if verbose > 1 and report.trace:
            click.echo(report.trace, err=True)
        return True
    for note in report.notes:
        terminal.complain_of(report.path, note)
    if verbose:
        guessed = f"; translated from {report.guesses.told()}, it seems" if report.guesses.documents else ""
        told = f"{report.path}: {_counted(sum(report.tallies.values()))}{guessed}"
        click.echo(terminal.visible(told), err=True)
    return False


def _set_aside(path: Path, hits: list[tuple[Document, Decision]]) -> None:
    added = ignore.write(path, hits)
    noun = "hit" if added == 1 else "hits"
    click.echo(f"{added} {noun} set aside in {terminal.visible(str(path))}", err=True)


def _counted(findings: int) -> str:
    return f"{findings} findings" if findings != 1 else "1 finding"


class _Text:
    def __init__(self, cleaner: Cleaner, quiet: bool) -> None:
        self._colour = terminal.coloured()
        self._quiet = quiet

    def show(self, result: Result) -> None:
        for block in text.blocks(result, colour=self._colour):
            click.echo(block + "\n", color=True)

    def end(self, found: int, files: int) -> None:
        if not self._quiet:
            what = _counted(found)
            click.echo(f"{what} in {files} files" if files != 1 else f"{what} in 1 file", err=True)


class _Rows:
    """Prints one line for each finding."""

    def __init__(self, line: Callable[[dict[str, Any]], str]) -> None:
        self._line = line

    def show(self, result: Result) -> None:
        for row in trail.finding_rows(result):
            click.echo(self._line(row), color=True)  # as it is: click would cut what looks like a colour

    def end(self, found: int, files: int) -> None:
        """Nothing follows the lines."""


class _Json:
    def __init__(self, cleaner: Cleaner, quiet: bool) -> None:
        self._first = True

    def show(self, result: Result) -> None:
        for row in trail.finding_rows(result):
            click.echo(("[" if self._first else ",\n ") + trail.dump(row), nl=False)
            self._first = False

    def end(self, found: int, files: int) -> None:
        click.echo("[]" if self._first else "]")


class _Sarif:
    """Collects findings, since a SARIF log is one JSON object."""

    def __init__(self, cleaner: Cleaner, quiet: bool) -> None:
        self._rows: list[dict[str, Any]] = []
        self._cleaner = cleaner

    def show(self, result: Result) -> None:
        self._rows.extend(trail.finding_rows(result))

    def end(self, found: int, files: int) -> None:
        click.echo(json.dumps(sarif.log(self._rows, self._cleaner.known_rules), indent=2))


_PRINTERS: dict[str, Callable[[Cleaner, bool], Any]] = {
    "text": _Text,
    "json": _Json,
    "jsonl": lambda cleaner, quiet: _Rows(trail.dump),
    "github": lambda cleaner, quiet: _Rows(github.line),
    "sarif": _Sarif,
}
