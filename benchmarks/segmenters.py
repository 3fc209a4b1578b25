"""Measures sentence splitters against one another: cases, speed, losslessness, import time.

    python benchmarks/segmenters.py NEWS.jsonl.gz

Every splitter is given single lines, since in this project no sentence crosses a line. Those that are not
installed are left out and named; ``pip install sentencex pysbd syntok blingfire numpy`` brings all.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.metadata
import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from cleaners import segment

CASES = Path(__file__).parent.parent / "tests" / "segment_cases.json"
MARK = "¦"  # stands in the cases where a sentence ends
Split = Callable[[str], list[tuple[int, int]]]


class Candidate(NamedTuple):
    """One splitter: the name shown, the distribution, the module to import and how to set it up."""

    name: str
    package: str
    module: str
    build: Callable[[], Split]


def trimmed(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Cut the blanks at the ends of the spans; empty ones are dropped."""
    out = []
    for start, end in spans:
        piece = text[start:end]
        lead = len(piece) - len(piece.lstrip())
        if piece.strip():
            out.append((start + lead, start + lead + len(piece.strip())))
    return out


def own() -> Split:
    return lambda line: [(span.start, span.end) for span in segment.sentences(line)]


def sentencex() -> Split:
    import sentencex

    def split(line: str) -> list[tuple[int, int]]:
        found = sentencex.get_sentence_boundaries("en", line)
        return trimmed(line, ((one["start_index"], one["end_index"]) for one in found))

    return split


def pysbd() -> Split:
    import pysbd

    splitter = pysbd.Segmenter(language="en", clean=False, char_span=True)
    return lambda line: trimmed(line, ((one.start, one.end) for one in splitter.segment(line)))


def syntok() -> Split:
    import syntok.segmenter

    def split(line: str) -> list[tuple[int, int]]:
        found = (sentence for part in syntok.segmenter.analyze(line) for sentence in part)
        return [(one[0].offset, one[-1].offset + len(one[-1].value)) for one in found]

    return split


def blingfire() -> Split:
    import blingfire

    return lambda line: trimmed(line, blingfire.text_to_sentences_and_offsets(line)[1])


def moses() -> Split:
    """Build a small splitter in the manner of the Moses decoder, over the list that sacremoses ships.

    A run of stops with closing marks ends a sentence before blanks and a capital, a digit or an
    opening mark, unless the word before it is a listed prefix.
    """
    stop = re.compile(r"([.!?]+['\")\]”’»]*)\s+(?=['\"(\[“‘«¿¡]*[^\W_a-z])")
    word = re.compile(r"[\w.-]*$")
    always, numeric = segment.abbreviations(), segment.numeric_abbreviations()

    def split(line: str) -> list[tuple[int, int]]:
        spans, start = [], 0
        for match in stop.finditer(line):
            found = word.search(line, max(0, match.start() - 24), match.start())
            left = found.group() if found else ""
            digit = line[match.end() : match.end() + 1].isdigit()
            if match.group(1) == "." and (left in always or (digit and left in numeric)):
                continue
            spans.append((start, match.end(1)))
            start = match.end()
        return trimmed(line, [*spans, (start, len(line))])

    return split


CANDIDATES = (
    Candidate("cleaners.segment", "mtclean", "cleaners.segment", own),
    Candidate("sentencex", "sentencex", "sentencex", sentencex),
    Candidate("pysbd", "pysbd", "pysbd", pysbd),
    Candidate("syntok", "syntok", "syntok.segmenter", syntok),
    Candidate("blingfire", "blingfire", "blingfire", blingfire),
    Candidate("Moses prefixes", "sacremoses", "cleaners.segment", moses),
)


def by_lines(split: Split, text: str) -> list[tuple[int, int]]:
    """Spans of ``text`` from a splitter that is given one line at a time."""
    return [
        (line.start + start, line.start + end)
        for line in segment.paragraphs(text)
        for start, end in split(text[line.start : line.end])
    ]


def lossless(text: str, spans: list[tuple[int, int]]) -> bool:
    """Tell whether the spans are in order and hold every code point that is no white space once."""
    cursor = 0
    for start, end in spans:
        if start < cursor or end <= start or text[cursor:start].strip():
            return False
        cursor = end
    return not text[cursor:].strip()


def score_cases(split: Split, cases: list[dict[str, str]]) -> dict[str, Any]:
    """Cases met exactly, in all and by family, and F1 over the breaks inside the cases."""
    families: dict[str, list[int]] = {}
    hits = wrong = missed = 0
    for case in cases:
        text = case["marked"].replace(MARK, "")
        got = by_lines(split, text)
        cursor, wanted = 0, []
        for piece in case["marked"].split(MARK):
            wanted.append((cursor, cursor + len(piece)))
            cursor += len(piece)
        wanted = trimmed(text, wanted)
        tally = families.setdefault(case["family"], [0, 0])
        tally[0] += got == wanted
        tally[1] += 1
        got_ends, wanted_ends = {end for _, end in got[:-1]}, {end for _, end in wanted[:-1]}
        hits += len(got_ends & wanted_ends)
        wrong += len(got_ends - wanted_ends)
        missed += len(wanted_ends - got_ends)
    exact = sum(met for met, _ in families.values())
    return {"exact": exact, "f1": 2 * hits / (2 * hits + wrong + missed), "families": families}


def speed(split: Split, texts: list[str], words: int, rounds: int) -> float:
    """Words a second, the best of some rounds over all texts, offsets included."""
    best = float("inf")
    for _ in range(rounds):
        begin = time.perf_counter()
        for text in texts:
            by_lines(split, text)
        best = min(best, time.perf_counter() - begin)
    return words / best


def import_ms(module: str) -> float:
    """Milliseconds that a fresh interpreter takes to import ``module``, the median of seven."""
    code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", code]
    runs = (subprocess.run(command, capture_output=True, check=True, text=True) for _ in range(7))
    return 1000 * statistics.median(float(run.stdout) for run in runs)


def version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "checkout"


def read_texts(path: Path, field: str) -> list[str]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [record[field] for record in map(json.loads, lines)]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("path", type=Path, help="JSON lines, gzipped or not, one text a record")
    parser.add_argument("--field", default="text", help="the field that holds the text")
    parser.add_argument("--cases", type=Path, default=CASES)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    texts = read_texts(args.path, args.field)
    words = sum(len(text.split()) for text in texts)
    cases = json.loads(args.cases.read_text(encoding="utf-8"))
    print(f"{words:,} words in {len(texts):,} texts; {len(cases)} cases; Python {sys.version.split()[0]}\n")
    print("| splitter | version | cases met | F1 of breaks | words/s | texts damaged | import ms |")
    print("|---|---|---:|---:|---:|---:|---:|")
    tables: dict[str, dict[str, list[int]]] = {}
    for one in CANDIDATES:
        try:
            split = one.build()
        except ImportError as error:
            print(f"left out: {one.name} ({error})", file=sys.stderr)
            continue
        score = score_cases(split, cases)
        tables[one.name] = score["families"]
        damaged = sum(not lossless(text, by_lines(split, text)) for text in texts)
        rate = speed(split, texts, words, args.rounds)
        print(
            f"| {one.name} | {version(one.package)} | {score['exact']} | {score['f1']:.3f} | {rate:,.0f} "
            f"| {damaged} | {import_ms(one.module):.1f} |"
        )
    print("\n| family |", " | ".join(tables), "|\n|---|" + "---:|" * len(tables))
    for family in dict.fromkeys(case["family"] for case in cases):
        print(f"| {family} |", " | ".join("{} of {}".format(*table[family]) for table in tables.values()), "|")
    return 0


if __name__ == "__main__":
    sys.exit(main())
