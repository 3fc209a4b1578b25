"""The commands that compare and take back: `diff`, `undo` and `apply`."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from cleaners import aligning, choices, cleaned, files, trail
from cleaners.batch import lock
from cleaners.choices import Choice, Chosen
from cleaners.cleaned import CleanFile, Text
from cleaners.config import Settings
from cleaners.core import Verdict
from cleaners.errors import MtcleanError
from cleaners.files import atomic_output
from cleaners.formats import Fields
from cleaners.report import diff, terminal
from cleaners.trail import Trail


def print_difference(raw: str, clean: str, *, stat: bool, colour: bool, html: str | None, settings: Settings) -> int:
    """Print the word-level difference of two files, or of the files two folders share; or write it as HTML."""
    pairs = _pairs(Path(raw), Path(clean))
    if html is not None:
        from cleaners import reporting

        named = [(old, new, _name(new, Path(clean))) for old, new in pairs]
        place = reporting.of_pairs(named, html, settings)
        click.echo(f"the difference is in {_shown(place)}", err=True)
        return 0
    fields = Fields(settings.text_field, settings.source_field, skip_bad=True)
    in_all: Counter[str] = Counter()
    for raw_path, clean_path in pairs:
        texts, notes = aligning.texts(raw_path, clean_path, fields)
        for note in notes if cleaned.has_trail(clean_path) else ():
            terminal.complain_of(str(clean_path), note)
        if stat:
            in_all += _told_tallies(clean_path, texts)
        else:
            _print_words(raw_path, clean_path, texts, colour=colour)
    if stat:
        if len(pairs) > 1:
            click.echo(f"{_counted(len(pairs), 'file')}: {_counted(in_all.total(), 'edit')}")
        for code, count in sorted(in_all.items()):
            click.echo(f"  {code}  {count}")
    return 0


def _print_words(raw: Path, clean: Path, texts: Sequence[Text], *, colour: bool) -> None:
    """The changed lines of one file; those of a record follow its name."""
    if all(text.raw == text.clean for text in texts):
        return
    click.echo(f"--- {_shown(raw)}\n+++ {_shown(clean)}")
    for text in texts:
        if text.record is not None and text.raw != text.clean:
            click.echo(f"@@ record {terminal.visible(str(text.record))}")
        for line in diff.words(text, colour=colour):
            click.echo(line, color=True)


def _told_tallies(clean: Path, texts: Sequence[Text]) -> Counter[str]:
    """Say in one line how much of a file was changed; gives the edits by rule, none where no trail tells them."""
    applied = Counter(d.finding.code for text in texts for d in text.decisions if d.verdict is Verdict.APPLIED)
    if diff.UNTOLD in applied:
        lines = sum(1 for text in texts for _ in diff.words(text, colour=False))
        click.echo(f"{_shown(clean)}: {_counted(lines, 'changed line')}")
        return Counter()
    click.echo(f"{_shown(clean)}: {_counted(applied.total(), 'edit')}")
    return applied


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path != folder else path.name


def undo(
    clean: str,
    *,
    code: str | None,
    edit: Collection[int] | None,
    only_list: bool,
    record: str | None = None,
    text_field: str = "text",
) -> int:
    """Take back the edits of a clean file that were made by one rule, or in one record, or some by number, or all."""
    trail_path = clean + trail.SUFFIX
    if not Path(trail_path).is_file():
        todo = "name a file that mtclean clean wrote, in the folder where it wrote it"
        raise MtcleanError(clean, f"there is no trail {Path(trail_path).name} beside it", todo)
    old = cleaned.load(aligning.source_of(Path(clean)))
    if only_list:
        for number, row in enumerate(old.trail.applied, start=1):
            click.echo(_listed(number, row))
        return 0
    chosen = _chosen(old.trail, clean, code, edit, record)
    fields = Fields(text_field, skip_bad=True)
    home = choices.home_of(clean)
    with lock.held(str(home[0]), f"undo-{os.getpid()}") if home else nullcontext():
        if home:  # kept first, so that nothing is forgotten whatever happens next
            choices.append(home[0], list(_kept(old, fields, chosen, home[1])))
        _take_back(old, chosen, fields)
    whole = _counted(len(old.trail.applied), "edit")
    click.echo(f"{terminal.visible(clean)}: {len(chosen)} of {whole} undone", err=True)
    return 0


def _take_back(old: CleanFile, chosen: frozenset[int], fields: Fields) -> None:
    """Write the clean file without these edits, and then its trail; both, or neither where the disk is full."""
    clean = old.source.path
    with (
        atomic_output(clean + trail.SUFFIX) as rows,
        atomic_output(clean, mode_from=clean, gzipped=old.source.gzipped) as out,
    ):
        new = old.without(chosen, fields, out)
        out.flush()
        rows.write(("\n".join([new.header.line(), *map(trail.dump, new.rows)]) + "\n").encode())
        rows.flush()


def _kept(old: CleanFile, fields: Fields, undone: frozenset[int], path: str) -> Iterator[Chosen]:
    """What was undone as decisions, for a folder that keeps such: cleaning again is not to forget them."""
    number = 0
    for text in old.texts(fields):
        for decision in text.decisions:
            if decision.verdict is Verdict.APPLIED:
                if number in undone:
                    yield choices.chosen(path, text.record, text.raw, decision, Choice.UNDONE)
                number += 1


def _listed(number: int, row: dict[str, Any]) -> str:
    name = row.get("record")
    of_record = "" if name is None else f"record {terminal.visible(str(name))}, "
    return f"{number}  {of_record}{row['line']}:{row['column']}  {row['code']}  {row['raw']!r} -> {row['fix']!r}"


def replay(trail_path: str, raw: str, output: str | None, *, text_field: str = "text") -> int:
    """Replay a trail over a raw file."""
    read = cleaned.load_trail(trail_path)
    source, fields = aligning.source_of(Path(raw)), Fields(text_field, skip_bad=True)
    if output:
        with atomic_output(output, gzipped=output.endswith(".gz")) as out:
            cleaned.replay(read, trail_path, source, fields, out)
            out.flush()  # as cleaning does: a packed file is then the same byte for byte
        return 0
    with tempfile.TemporaryFile() as whole:  # a reader must not get half a file before an error
        cleaned.replay(read, trail_path, source, fields, whole)
        whole.seek(0)
        shutil.copyfileobj(whole, sys.stdout.buffer)
    return 0


def _chosen(
    old: Trail, place: str, code: str | None, edits: Collection[int] | None, record: str | None
) -> frozenset[int]:
    rows = old.applied
    if edits:
        if code is not None or record is not None:
            other = "--code" if code is not None else "--record"
            raise MtcleanError("undo", f"{other} and --edit exclude each other", "give one of them")
        if max(edits) > len(rows):
            what = f"there is no edit {max(edits)}, only {_counted(len(rows), 'edit')}"
            raise MtcleanError(place, what, "see mtclean undo --list")
        return frozenset(number - 1 for number in edits)
    chosen = frozenset(
        number
        for number, row in enumerate(rows)
        if (code is None or row["code"] == code.upper())
        and (record is None or (row.get("record") is not None and str(row["record"]) == record))
    )
    if not chosen and (code is not None or record is not None):
        of_code = f" of {code}" if code is not None else ""
        in_record = f" in record {record}" if record is not None else ""
        raise MtcleanError(place, f"no edit{of_code} was applied{in_record}", "see mtclean undo --list")
    return chosen


def _pairs(raw: Path, clean: Path) -> list[tuple[Path, Path]]:
    if not raw.is_dir() or not clean.is_dir():
        if raw.exists() and clean.exists() and raw.is_dir() != clean.is_dir():
            what = "one of the two is a folder, the other is a file"
            raise MtcleanError(str(clean), what, "give two files or two folders")
        return [(raw, clean)]
    found = files.discover([str(clean)])
    # Without a trail there is nothing to tell of a parquet file: it has no lines.
    told = [s for s in found if s.format != "parquet" or cleaned.has_trail(clean / s.relative)]
    pairs = [(raw / s.relative, clean / s.relative) for s in told if (raw / s.relative).is_file()]
    if not pairs:
        raise MtcleanError(str(clean), f"no file in it has a namesake in {raw}", "give the folder of its raw files")
    return pairs


def _shown(path: Path) -> str:
    return terminal.visible(str(path))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
