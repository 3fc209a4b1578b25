"""The commands that compare and take back: `diff`, `undo` and `apply`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from cleaners import aligning, cleaned, files, trail
from cleaners.cleaned import Text
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
    for raw_path, clean_path in pairs:
        texts, notes = aligning.texts(raw_path, clean_path, fields)
        for note in notes if cleaned.has_trail(clean_path) else ():
            terminal.complain_of(str(clean_path), note)
        if stat:
            _print_tallies(clean_path, texts)
        else:
            _print_words(raw_path, clean_path, texts, colour=colour)
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


def _print_tallies(clean: Path, texts: Sequence[Text]) -> None:
    applied = [d.finding.code for text in texts for d in text.decisions if d.verdict is Verdict.APPLIED]
    if diff.UNTOLD in applied:
        lines = sum(1 for text in texts for _ in diff.words(text, colour=False))
        click.echo(f"{_shown(clean)}: {_counted(lines, 'changed line')}")
        return
    click.echo(f"{_shown(clean)}: {_counted(len(applied), 'edit')}")
    for code, count in sorted(Counter(applied).items()):
        click.echo(f"  {code}  {count}")


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path != folder else path.name


def undo(clean: str, *, code: str | None, edit: int | None, only_list: bool) -> int:
    """Take back the edits of a clean file that were made by one rule, or one edit, or all."""
    trail_path = Path(clean + trail.SUFFIX)
    if not trail_path.is_file():
        todo = "name a file that mtclean clean wrote, in the folder where it wrote it"
        raise MtcleanError(clean, f"there is no trail {trail_path.name} beside it", todo)
    old = _trail(trail_path)
    if only_list:
        for number, row in enumerate(old.applied, start=1):
            click.echo(f"{number}  {row['line']}:{row['column']}  {row['code']}  {row['raw']!r} -> {row['fix']!r}")
        return 0
    chosen = _chosen(old, clean, code, edit)
    text, new = trail.undo(old, aligning.text_of(Path(clean)), chosen, clean)
    with atomic_output(clean, mode_from=clean, gzipped=clean.endswith(".gz")) as out:
        out.write(text.encode())
        out.flush()  # a full disk must show before the trail is in place
        with atomic_output(str(trail_path)) as rows:
            lines = [new.header.line(), *(trail.dump(row) for row in new.rows)]
            rows.write(("\n".join(lines) + "\n").encode())
    whole = _counted(len(old.applied), "edit")
    click.echo(f"{terminal.visible(clean)}: {len(chosen)} of {whole} undone", err=True)
    return 0


def replay(trail_path: str, raw: str, output: str | None) -> int:
    """Replay a trail over a raw text."""
    clean = trail.replay(_trail(Path(trail_path)), aligning.text_of(Path(raw)), raw)
    if output:
        with atomic_output(output, gzipped=output.endswith(".gz")) as out:
            out.write(clean.encode())
    else:
        sys.stdout.buffer.write(clean.encode())
    return 0


def _chosen(old: Trail, place: str, code: str | None, edit: int | None) -> frozenset[int]:
    numbers = range(len(old.applied))
    if edit is not None and code is not None:
        raise MtcleanError("undo", "--code and --edit exclude each other", "give one of them")
    if edit is not None:
        if edit > len(old.applied):
            what = f"there is no edit {edit}, only {_counted(len(old.applied), 'edit')}"
            raise MtcleanError(place, what, "see mtclean undo --list")
        return frozenset({edit - 1})
    if code is None:
        return frozenset(numbers)
    chosen = frozenset(n for n in numbers if old.applied[n]["code"] == code.upper())
    if not chosen:
        raise MtcleanError(place, f"no edit of {code} was applied", "see mtclean undo --list")
    return chosen


def _pairs(raw: Path, clean: Path) -> list[tuple[Path, Path]]:
    if not raw.is_dir() or not clean.is_dir():
        if raw.exists() and clean.exists() and raw.is_dir() != clean.is_dir():
            what = "one of the two is a folder, the other is a file"
            raise MtcleanError(str(clean), what, "give two files or two folders")
        return [(raw, clean)]
    found = [s for s in files.discover([str(clean)]) if s.format != "parquet"]
    pairs = [(raw / s.relative, clean / s.relative) for s in found if (raw / s.relative).is_file()]
    if not pairs:
        raise MtcleanError(str(clean), f"no file in it has a namesake in {raw}", "give the folder of its raw files")
    return pairs


def _trail(path: Path) -> Trail:
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            return trail.read(lines, str(path))
    except UnicodeDecodeError as error:
        raise MtcleanError(str(path), "not UTF-8, so no trail", "give the .trail.jsonl file") from error
    except OSError as error:
        what = (error.strerror or "cannot be read").lower()
        raise MtcleanError(str(path), what, "give the .trail.jsonl file that mtclean clean wrote") from error


def _shown(path: Path) -> str:
    return terminal.visible(str(path))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
