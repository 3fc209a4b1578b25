"""The command `clean`: into a folder, in place, as a diff, or through standard input and output."""

from __future__ import annotations

import io
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click

from cleaners import files, jobs
from cleaners.config import Settings
from cleaners.core import Result, Verdict
from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError
from cleaners.files import Source
from cleaners.jobs import FileReport, Task
from cleaners.report import diff, terminal

_SINGULAR = {"edits": "edit", "suggestions": "suggestion", "files": "file", "errors": "error"}


@dataclass(frozen=True)
class Run:
    """One call of `clean`; each method gives the exit status."""

    settings: Settings
    ignore_file: str | None
    skip_bad: bool
    quiet: bool
    verbose: int = 0

    def into_folder(self) -> int:
        """Clean every input into the output folder, by its name or its path inside the walked folder."""
        output = self.settings.output or ""
        sources = files.discover(self.settings.inputs, output=output)
        return self._clean(jobs.targets(sources, output), f"clean text in {output}")

    def in_place(self) -> int:
        """Replace each input by its clean text; the trail beside it leads back."""
        sources = files.discover(self.settings.inputs)
        for source in sources:
            if source.path == "-":
                raise MtcleanError("-", "standard input has no place to write back to", "leave --in-place out")
            if files.keeps_decisions(Path(source.path)):
                what = "it keeps what people decided about the clean texts, and is no text itself"
                raise MtcleanError(source.path, what, "leave it out")
        return self._clean([Task(source, source.path) for source in sources], "cleaned in place")

    def only_report(self) -> int:
        """Write the report of what cleaning would do, and nothing else."""
        with tempfile.TemporaryDirectory() as folder:
            return self._clean(jobs.targets(files.discover(self.settings.inputs), folder), "nothing else written")

    def print_diff(self) -> int:
        """Print a unified diff of the bytes of raw and clean file, for every file that has lines."""
        cleaner = jobs.make_cleaner(self.settings, self.ignore_file, rewriting=True)
        failed = 0
        for source in files.discover(self.settings.inputs):
            try:
                shown = self._diff(cleaner, source)
            except Exception as error:
                failed += 1
                self._tell(FileReport(source.path, error=jobs.told(source.path, error), trace=traceback.format_exc()))
                continue
            _write(shown)
        return 2 if failed else 0

    def _diff(self, cleaner: Cleaner, source: Source) -> bytes:
        if source.format == "parquet":
            raise MtcleanError(source.path, "a parquet file has no lines to compare", "clean it with -o DIR")
        out = io.BytesIO()
        texts: list[str] = []

        def visit(result: Result) -> None:
            texts.append(result.document.text)

        report = jobs.write_clean(cleaner, source, out, visit, skip_bad=self.skip_bad)
        if source.path == "-":  # which cannot be read twice
            raw = "".join(texts).encode()
        else:
            with files.open_source(source) as stream:
                raw = stream.read()
        self._tell(report)
        before, after = (data.decode("utf-8", "surrogateescape") for data in (raw, out.getvalue()))
        shown = diff.unified(before, after, source.path)
        if sys.stdout.isatty():  # there it is read, not applied
            shown = "".join(terminal.visible(line) + "\n" for line in shown.split("\n")[:-1])
        return shown.encode("utf-8", "surrogateescape")

    def to_standard_output(self) -> int:
        """Write the clean text of the one input to standard output."""
        sources = files.discover(self.settings.inputs)
        if len(sources) != 1:
            raise MtcleanError("-", f"{len(sources)} files cannot go to one standard output", "use -o DIR")
        whole = io.BytesIO()  # whole or not at all: a reader must not get half a text before an error
        cleaner = jobs.make_cleaner(self.settings, self.ignore_file, rewriting=True)
        report = jobs.write_clean(cleaner, sources[0], whole, skip_bad=self.skip_bad)
        _write(whole.getvalue())
        if report.unrewritten:
            terminal.complain(report.unrewritten)
        self._tell(report)
        return 0

    def _clean(self, tasks: list[Task], where: str) -> int:
        reports: list[FileReport] = []
        on_terminal = sys.stderr.isatty() and not self.quiet
        for report in jobs.clean_many(self.settings, tasks, ignore_file=self.ignore_file, skip_bad=self.skip_bad):
            reports.append(report)
            if on_terminal:
                click.echo(f"\r{len(reports)}/{len(tasks)} files", nl=False, err=True)
        if on_terminal:
            click.echo("\r", nl=False, err=True)
        for line in dict.fromkeys(report.unrewritten for report in reports if report.unrewritten):
            terminal.complain(line)
        for report in reports:
            self._tell(report)
            if self.verbose and not report.error:
                guessed = f"; translated from {report.guesses.told()}, it seems" if report.guesses.documents else ""
                click.echo(
                    terminal.visible(f"{report.path} -> {report.target}: {summary([report])}{guessed}"), err=True
                )
        if self.settings.report:
            from cleaners import reporting

            done = [task for task, report in zip(tasks, reports, strict=True) if not report.error]
            where += f"; report in {reporting.of_tasks(done, self.settings.report, self.settings)}"
        if not self.quiet:
            click.echo(f"{summary(reports)}; {terminal.visible(where)}", err=True)
        return 2 if any(report.error for report in reports) else 0

    def _tell(self, report: FileReport) -> None:
        if report.error:
            terminal.complain(report.error)
            if self.verbose > 1:
                click.echo(report.trace, err=True)
        for note in report.notes:
            terminal.complain_of(report.path, note)


def summary(reports: Iterable[FileReport]) -> str:
    """One line of totals: files, edits, suggestions, what was refused and what is only reported."""
    reports = list(reports)
    totals: Counter[str] = Counter()
    for report in reports:
        for (_, verdict), count in report.tallies.items():
            totals[verdict] += count
    parts = [
        _counted(len(reports), "files"),
        _counted(totals[Verdict.APPLIED.value], "edits") + " applied",
        _counted(totals[Verdict.SUGGESTED.value], "suggestions"),
        f"{totals[Verdict.OPEN.value]} reported only",
    ]
    if refused := totals[Verdict.REFUSED.value]:
        parts.append(f"{refused} refused by the guards")
    if failed := sum(report.error is not None for report in reports):
        parts.append(_counted(failed, "errors"))
    return ", ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number} {_SINGULAR[noun] if number == 1 else noun}"


def _write(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
