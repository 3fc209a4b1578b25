"""The commands that compare and take back: `diff`, `undo` and `apply`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from cleaners import files, trail
from cleaners.errors import MtcleanError
from cleaners.files import atomic_output
from cleaners.report import diff, terminal
from cleaners.trail import Trail


def print_difference(raw: str, clean: str, *, stat: bool, colour: bool) -> int:
    """Print the word-level difference of two files, or of the files two folders share."""
    for raw_path, clean_path in _pairs(Path(raw), Path(clean)):
        before, after = _text(raw_path), _text(clean_path)
        trail_path = Path(str(clean_path) + trail.SUFFIX)
        if stat and trail_path.is_file():
            tallies = Counter(row["code"] for row in _trail(trail_path).applied)
            click.echo(f"{_shown(clean_path)}: {_counted(sum(tallies.values()), 'edit')}")
            for code, count in sorted(tallies.items()):
                click.echo(f"  {code}  {count}")
        elif stat:
            lines = len(list(diff.words(before, after, colour=False)))
            click.echo(f"{_shown(clean_path)}: {_counted(lines, 'changed line')}")
        elif before != after:
            click.echo(f"--- {_shown(raw_path)}\n+++ {_shown(clean_path)}")
            for line in diff.words(before, after, colour=colour):
                click.echo(line, color=True)
    return 0


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
    text, new = trail.undo(old, _text(Path(clean)), chosen, clean)
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
    clean = trail.replay(_trail(Path(trail_path)), _text(Path(raw)), raw)
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


def _text(path: Path) -> str:
    source = files.discover([str(path)])[0]
    if source.format == "parquet":
        raise MtcleanError(str(path), "a parquet file has no lines to compare", "compare the trail instead")
    with files.open_source(source) as stream:
        return files.decode(files.read_document(stream, str(path)), str(path)).text


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
