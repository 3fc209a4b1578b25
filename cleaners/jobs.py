"""Cleans and checks whole files: what the command line and the flow both call.

One file is the unit: its clean text and its trail appear together, whole, or not at all, and a file that
fails leaves the others to be done.
"""

from __future__ import annotations

import signal
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, TypeVar

from cleaners import __version__, choices, ignore, in_place, trail
from cleaners.config import Settings
from cleaners.core import Document, Result, Verdict
from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError
from cleaners.files import Source, atomic_output, is_url, open_source
from cleaners.files.places import filesystem, local_part
from cleaners.files.places import told as refused
from cleaners.formats import Fields, Record, Summary, transform
from cleaners.origin import Tally

_In = TypeVar("_In")
_Out = TypeVar("_Out")
_LIKELY = 64 * 1024  # bytes that a header seldom exceeds
_SPOOL = 4 * 1024 * 1024  # bytes of trail kept in memory before it goes to disk


@dataclass(slots=True)
class FileReport:
    """What became of one file; ``tallies`` counts decisions by (code, verdict).

    ``guesses`` are the source languages that were guessed. ``unrewritten`` is one line where rewrites were wanted and
    there was no model for them. ``error`` is one line, and ``trace`` says where in the program it arose.
    """

    path: str
    target: str | None = None
    records: int = 0
    changed: int = 0
    notes: list[str] = field(default_factory=list)
    tallies: Counter[tuple[str, str]] = field(default_factory=Counter)
    guesses: Tally = field(default_factory=Tally)
    unrewritten: str | None = None
    error: str | None = None
    trace: str = ""

    def total(self, verdict: Verdict) -> int:
        """How many decisions had this verdict."""
        return sum(count for (_, found), count in self.tallies.items() if found == verdict.value)


@dataclass(frozen=True, slots=True)
class Task:
    """One file to clean and where the clean text goes."""

    source: Source
    target: str


def make_cleaner(
    settings: Settings,
    ignore_file: str | None = None,
    *,
    rewriting: bool = False,
) -> Cleaner:
    """The cleaner for these settings, with the hits of ``ignore_file`` set aside and the decisions kept in the output.

    With ``rewriting`` it also rewrites, where the settings do not forbid it; no model is loaded yet. Raises
    :class:`MtcleanError` for a broken glossary, an unknown code in ``select`` or ``ignore``, a wrong value in
    ``[rewrite]``.
    """
    hits = ignore.load(Path(ignore_file)) if ignore_file else ignore.IgnoreList()
    cleaner = Cleaner(settings, hits, choices=_choices(settings.output))
    cleaner.check_codes()
    if not rewriting or settings.rewrite is False:
        return cleaner
    from cleaners.rewrite.backends import Options
    from cleaners.rewrite.rewriter import Rewriter

    options = Options.of(settings.rewrite)
    if settings.jobs > 1 and not options.threads:
        options = replace(options, threads=max(1, options.cores // settings.jobs))
    rewriter = Rewriter(options, cleaner.glossary.protected_spans)
    return replace(cleaner, rewriter=rewriter)


def _choices(output: str | None) -> choices.Choices:
    """What people decided about the texts of a local output folder."""
    local = local_part(output) if output else None
    return choices.load(Path(local)) if local else choices.Choices()


def ignore_path(config: Path | None) -> Path:
    """Where set-aside hits are kept: beside the settings file, or in the current folder if there is none."""
    return config.parent / ignore.FILE_NAME if config else Path(ignore.FILE_NAME)


def read_source(
    cleaner: Cleaner, source: Source, visit: Callable[[Result], None], *, skip_bad: bool = False
) -> FileReport:
    """Find what is wrong in one file and write nothing; ``visit`` gets each document's result.

    Raises :class:`MtcleanError` when the file cannot be read.
    """
    report = FileReport(source.path)
    summary = _transform(cleaner, source, visit, report, None, skip_bad=skip_bad)
    report.records, report.notes = summary.records, summary.notes
    return report


def clean_source(
    cleaner: Cleaner, task: Task, *, skip_bad: bool = False, visit: Callable[[Result], None] = lambda result: None
) -> FileReport:
    """Clean one file into its target and write the trail beside it; ``visit`` gets each document's result.

    A file that is cleaned in place a second time, with nothing to change, keeps the trail of the first: it
    alone leads back to the raw text. Raises :class:`MtcleanError` when the file cannot be read or the target
    cannot be written; then neither file has changed.
    """
    source, target = task.source, task.target
    report = FileReport(source.path, target)
    mode_from = None if is_url(source.path) or source.path == "-" else source.path
    is_in_place = target == source.path
    names = in_place.Names()
    with tempfile.SpooledTemporaryFile(_SPOOL, "w+", encoding="utf-8", newline="\n") as rows:

        def keep(result: Result) -> None:
            document = result.document
            if is_in_place:
                names.see(document.record, is_told=bool(result.decisions))
            told = trail.trail_rows(document.path, document.record, document.text, result.decisions)
            rows.writelines(trail.dump(row) + "\n" for row in told)
            visit(result)

        made = in_place.decided(source, cleaner.settings.text_field) if is_in_place else cleaner.choices
        with atomic_output(target, mode_from=mode_from, gzipped=source.gzipped) as out:
            summary = _transform(cleaner, source, keep, report, out, skip_bad=skip_bad, made=made)
            if summary.changed:
                names.check(source.path)
            if summary.changed or not _leads_here(task, summary.raw_sha256):
                out.flush()  # a full disk must show before the trail is in place
                header = _header(cleaner, source, summary, report)
                _write_trail(target + trail.SUFFIX, header, rows)
    report.records, report.changed, report.notes = summary.records, summary.changed, summary.notes
    return report


def _leads_here(task: Task, digest: str) -> bool:
    """Whether a file to clean in place is as its trail left it."""
    header = header_of(task.target) if task.target == task.source.path else None
    return header is not None and header.clean_sha256 == digest


def header_of(target: str) -> trail.Header | None:
    """The header of the trail beside ``target``; ``None`` where there is none that can be read."""
    path = target + trail.SUFFIX
    try:
        return trail.read([_first_line(path).decode()], path).header
    except (MtcleanError, UnicodeDecodeError):
        return None


def _first_line(path: str) -> bytes:
    """The first line of a file; of one in a bucket no more is fetched than is likely needed."""
    if local_part(path) is None:
        store, inside = filesystem(path)
        with refused(path):
            begin = bytes(store.cat_file(inside, start=0, end=_LIKELY))
        if b"\n" in begin:
            return begin.partition(b"\n")[0]
    with open_source(Source(path, path, "text", False)) as stream:
        return stream.readline()


def write_clean(
    cleaner: Cleaner,
    source: Source,
    out: BinaryIO,
    visit: Callable[[Result], None] = lambda result: None,
    *,
    skip_bad: bool = False,
) -> FileReport:
    """Write one file's clean text to a stream, without a trail; raises :class:`MtcleanError` as above."""
    report = FileReport(source.path)
    summary = _transform(cleaner, source, visit, report, out, skip_bad=skip_bad, made=cleaner.choices)
    report.records, report.changed, report.notes = summary.records, summary.changed, summary.notes
    return report


def _transform(
    cleaner: Cleaner,
    source: Source,
    visit: Callable[[Result], None],
    report: FileReport,
    out: BinaryIO | None,
    *,
    skip_bad: bool,
    made: choices.Choices | None = None,
) -> Summary:
    settings = cleaner.settings

    def edit(record: Record) -> str:
        result = cleaner.clean(document_of(source, record, settings))
        if made is not None:
            result = _by_hand(result, made, source)
        report.tallies.update((d.finding.code, d.verdict.value) for d in result.decisions)
        report.guesses.add(result.guess)
        visit(result)
        return result.text

    unserved = cleaner.rewriter.unserved if cleaner.rewriter else 0
    summary = transform(source, edit, Fields(settings.text_field, settings.source_field, skip_bad), out)
    if cleaner.rewriter and cleaner.rewriter.unserved > unserved:
        report.unrewritten = cleaner.rewriter.missing
    return summary


def _by_hand(result: Result, made: choices.Choices, source: Source) -> Result:
    """The result with what people decided about this text in the place of what the cleaner did."""
    document = result.document
    chosen = made.of(source.relative, document.record, document.text)
    written = made.written_in(source.relative, document.record, document.text)
    if not chosen and not written:
        return result
    decisions = choices.made_again(result.decisions, chosen, written)
    return replace(result, decisions=decisions, text=choices.text_of(document.text, decisions))


def document_of(source: Source, record: Record, settings: Settings) -> Document:
    """The document of a record, with what the record and the settings say of it."""
    return Document(
        record.text,
        path=source.path,
        record=record.record,
        source_lang=settings.known_source_lang,
        source_text=record.source_text,
        date=_date(record.date) or settings.date,
        markdown=source.format == "markdown",
    )


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None  # a record's own date field may hold anything; it is only a hint


def _header(cleaner: Cleaner, source: Source, summary: Summary, report: FileReport) -> trail.Header:
    clean_hash = summary.clean_sha256 or summary.raw_sha256
    fingerprint = cleaner.fingerprint_unrewritten if report.unrewritten else cleaner.fingerprint
    guess = report.guesses.full() if source.stretch else report.guesses.fields()
    return trail.Header(__version__, source.path, summary.raw_sha256, clean_hash, fingerprint, guess)


def _write_trail(path: str, header: trail.Header, rows: IO[str]) -> None:
    rows.seek(0)
    with atomic_output(path) as out:
        out.write((header.line() + "\n").encode())
        for line in rows:
            out.write(line.encode())


def targets(sources: Iterable[Source], output: str) -> list[Task]:
    """Where each source's clean text goes below ``output``, a folder or a URL.

    Raises :class:`MtcleanError` for one that would be written over the decisions that are kept there.
    """
    tasks = [Task(source, target(output, source.relative)) for source in sources]
    for task in tasks:
        if task.source.relative == choices.FILE_NAME:
            what = "it would be written over what people decide about the clean texts, which is kept under this name"
            raise MtcleanError(task.source.path, what, "rename it")
    return tasks


def target(output: str, relative: str) -> str:
    """The path or URL of what lies at ``relative``, with forward slashes, below ``output``."""
    return f"{output.rstrip('/')}/{relative}" if is_url(output) else str(Path(output, PurePosixPath(relative)))


def clean_many(
    settings: Settings, tasks: list[Task], *, ignore_file: str | None = None, skip_bad: bool = False
) -> Iterator[FileReport]:
    """Clean files in order, over ``settings.jobs`` processes; a file that fails is a report with an error."""
    # Also so that a broken glossary is told before work is handed out.
    cleaner = make_cleaner(settings, ignore_file, rewriting=True)
    reads_stdin = any(task.source.path == "-" for task in tasks)  # which no other process can read
    if settings.jobs == 1 or len(tasks) < 2 or reads_stdin:
        for task in tasks:
            yield _attempt(cleaner, task, skip_bad)
        return
    yield from _pooled(settings, ignore_file, _work, tasks, skip_bad, rewriting=True)


@dataclass(slots=True)
class Reading:
    """What checking one file gave: every document's result, or the error that ended it."""

    source: Source
    report: FileReport
    results: list[Result] = field(default_factory=list)


def read_many(
    settings: Settings, sources: list[Source], *, ignore_file: str | None = None, skip_bad: bool = False
) -> Iterator[Reading]:
    """Check files in order over ``settings.jobs`` processes; each file's results come when it is done."""
    yield from _pooled(settings, ignore_file, _read, sources, skip_bad)


def _pooled(
    settings: Settings,
    ignore_file: str | None,
    work: Callable[[_In, bool], _Out],
    items: list[_In],
    skip_bad: bool,
    *,
    rewriting: bool = False,
) -> Iterator[_Out]:
    workers = min(settings.jobs, len(items))
    start = (settings, ignore_file, rewriting)
    with ProcessPoolExecutor(workers, initializer=_start_worker, initargs=start) as pool:
        try:
            yield from pool.map(work, items, [skip_bad] * len(items))
        except BrokenProcessPool as error:
            todo = "look for one very large file, or use fewer --jobs: memory may have run out"
            raise MtcleanError("--jobs", "a process was killed, so that not all files are done", todo) from error


def told(path: str, error: Exception) -> str:
    """One line about what stopped the work on one file."""
    if isinstance(error, MtcleanError):
        return str(error)
    if isinstance(error, MemoryError):
        return f"{path}: there is not enough memory for it; split it, or use fewer --jobs"
    if isinstance(error, OSError):
        return f"{path}: {error.strerror or error}; look at the folder for temporary files"
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return f"{path}: a mistake in mtclean, {what}; please report it with what -vv prints"


def _attempt(cleaner: Cleaner, task: Task, skip_bad: bool) -> FileReport:
    path = task.source.path
    try:
        return clean_source(cleaner, task, skip_bad=skip_bad)
    except Exception as error:  # whatever it was, the other files are still to be done
        return FileReport(path, task.target, error=told(path, error), trace=traceback.format_exc())


_worker: list[Cleaner] = []  # a process's own cleaner, built once by the pool's initializer


def _start_worker(settings: Settings, ignore_file: str | None, rewriting: bool) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one ends the others
    _worker[:] = [make_cleaner(settings, ignore_file, rewriting=rewriting)]


def _read(source: Source, skip_bad: bool) -> Reading:
    results: list[Result] = []
    try:
        return Reading(source, read_source(_worker[0], source, results.append, skip_bad=skip_bad), results)
    except Exception as error:  # whatever it was, the other files are still to be done
        failed = FileReport(source.path, error=told(source.path, error), trace=traceback.format_exc())
        return Reading(source, failed, results)


def _work(task: Task, skip_bad: bool) -> FileReport:
    return _attempt(_worker[0], task, skip_bad)
