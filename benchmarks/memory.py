"""Measures how the memory of ``mtclean clean`` grows with the size of its input: it should not.

    python benchmarks/memory.py --size 200

Two JSON-lines files, one ten times the other by default, are put together from the paragraphs of the sample
documents in ``seeds/`` and cleaned one after the other, each in a process of its own. Exits 1 when the larger
one needs much more memory. The temporary folder needs about seven times the size in free space,
since the trail of text so full of debris is longer than the text, and is first kept in a file of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SEEDS = Path(__file__).parent.parent / "seeds"
SEED = 1
RECORD = 2000  # code points, about
MEGA = 1_000_000
LIMIT = 1.3  # the larger input may need this many times the memory of the smaller one
PROGRAM = "from cleaners.cli import main; main()"


class Run(NamedTuple):
    """One cleaned file; sizes in bytes, times in seconds."""

    raw: int
    records: int
    clean: int
    trail: int
    seconds: float
    cpu: float
    peak: int


def paragraphs() -> list[str]:
    texts = (path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt")))
    return [line.strip() for text in texts for line in text.splitlines() if line.strip()]


def records(seed: int) -> Iterator[dict[str, object]]:
    """Endless records of some paragraphs each, drawn at random, always the same ones for a seed."""
    drawn = random.Random(seed)
    pool = paragraphs()
    number = 0
    while True:
        chosen: list[str] = []
        while sum(map(len, chosen)) < RECORD:
            chosen.append(drawn.choice(pool))
        yield {"id": f"record-{number}", "text": "\n\n".join(chosen), "source": "seeds"}
        number += 1


def write_records(path: Path, size: int) -> int:
    """Write at least ``size`` bytes, and give the number of records."""
    written = count = 0
    with path.open("wb") as out:
        for record in records(SEED):
            if written >= size:
                break
            written += out.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def clean(raw: Path, count: int, folder: Path) -> Run:
    """Run the command line over ``raw``; raises ``RuntimeError`` when it fails.

    The peak is read off the one child that has ended (``wait4``), so that no other child's counts.
    """
    options = ["clean", "--no-rewrite", "--quiet", "-o", str(folder), str(raw)]
    begin = time.perf_counter()
    environment = os.environ | {"TMPDIR": str(raw.parent)}
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, *options], env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"mtclean clean ended with status {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss
    return Run(
        raw=raw.stat().st_size,
        records=count,
        clean=(folder / raw.name).stat().st_size,
        trail=(folder / f"{raw.name}.trail.jsonl").stat().st_size,
        seconds=seconds,
        cpu=usage.ru_utime + usage.ru_stime,
        peak=usage.ru_maxrss * unit,
    )


def measure(size: int, place: str | None) -> Run:
    with tempfile.TemporaryDirectory(prefix="mtclean-memory-", dir=place) as name:
        raw = Path(name, "records.jsonl")
        count = write_records(raw, size)
        return clean(raw, count, Path(name, "clean"))


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", type=int, default=200, metavar="MB", help="the larger file (default: 200)")
    parser.add_argument("--small", type=int, default=20, metavar="MB", help="the smaller file (default: 20)")
    parser.add_argument("--folder", metavar="DIR", help="where the temporary folder goes")
    args = parser.parse_args(given)
    if not 0 < args.small < args.size:
        parser.error("--small must be more than nothing and less than --size")
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; one process a file\n")
    print("| input MB | records | clean MB | trail MB | peak memory MB | s | MB/s | MB per CPU second |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    peaks = []
    for megabytes in (args.small, args.size):
        run = measure(megabytes * MEGA, args.folder)
        peaks.append(run.peak)
        print(
            f"| {run.raw / MEGA:.1f} | {run.records:,} | {run.clean / MEGA:.1f} | {run.trail / MEGA:.1f} "
            f"| {run.peak / MEGA:.1f} | {run.seconds:.1f} | {run.raw / run.seconds / MEGA:.2f} "
            f"| {run.raw / run.cpu / MEGA:.2f} |",
            flush=True,
        )
    growth = peaks[1] / peaks[0]
    print(f"\nthe larger file needs {growth:.2f} times the memory of the smaller one (limit {LIMIT})")
    return 1 if growth > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
