"""Measures words per second of the rule and glossary path, beside other text tools, and what each rule costs.

    python benchmarks/throughput.py NEWS.jsonl.gz

Every tool takes its turn in every round, all in one process on one core, and the CPU time of that process is
counted, so that other programs on the machine disturb the figures little. Those that are not installed are
left out and named; ``pip install ftfy sacremoses harper-py`` brings all. Without a file the sample documents
of ``seeds/`` are read, which hold far more debris than news does.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib.metadata
import json
import os
import platform
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, NamedTuple

from cleaners.config import Settings
from cleaners.core import Document, Finding, Level, Stage
from cleaners.engine import Cleaner
from cleaners.guard import Guards
from cleaners.settle import Policy, settle

SEEDS = Path(__file__).parent.parent / "seeds"
SEED_COPIES = 20  # 12 documents of some 400 words: enough to time, without a corpus at hand
SEED = 1
LARGE_SHARE = 0.15  # a rule that takes more of the whole is marked
Tool = Callable[[str], object]
Clock = Callable[[], float]
CLOCK: Clock = time.process_time


class Source(NamedTuple):
    """What was read: the name shown, its texts, and the sha256 of the unpacked bytes."""

    name: str
    texts: list[str]
    sha256: str


class Candidate(NamedTuple):
    """One tool: the name shown, the distribution, how to set it up; ``sampled``: too slow for a whole corpus."""

    name: str
    package: str
    build: Callable[[], Tool]
    sampled: bool = False


@dataclass(slots=True)
class Timing:
    """Seconds and words of one tool, one item a round."""

    seconds: list[float] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    texts: int = 0

    def add(self, seconds: float, words: int, texts: int) -> None:
        """Take in one round."""
        self.seconds.append(seconds)
        self.words.append(words)
        self.texts += texts

    def rates(self) -> list[float]:
        """Words a second, round by round."""
        return [words / seconds for words, seconds in zip(self.words, self.seconds, strict=True)]


def own() -> Tool:
    cleaner = Cleaner(Settings())
    return lambda text: cleaner.clean(Document(text))


def ftfy() -> Tool:
    import ftfy

    tool: Tool = ftfy.fix_text
    return tool


def moses() -> Tool:
    from sacremoses import MosesPunctNormalizer

    return MosesPunctNormalizer().normalize


def harper() -> Tool:
    from harper import Linter

    linter = Linter()
    return lambda text: linter.lint(text, language="plaintext")


CANDIDATES = (
    Candidate("mtclean, rules and glossary", "mtclean", own),
    Candidate("ftfy.fix_text", "ftfy", ftfy),
    Candidate("sacremoses MosesPunctNormalizer", "sacremoses", moses),
    Candidate("Harper, Linter.lint", "harper-py", harper, sampled=True),
)
OWN, REFERENCE = CANDIDATES[0], CANDIDATES[1]


def version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "checkout"


def read_jsonl(path: Path, text_field: str) -> Source:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as stream:
        body = stream.read()
    texts = [json.loads(line)[text_field] for line in body.splitlines() if line.strip()]
    return Source(path.name, texts, hashlib.sha256(body).hexdigest())


def read_seeds() -> Source:
    bodies = [path.read_bytes() for path in sorted(SEEDS.glob("*.txt"))]
    texts = [body.decode("utf-8") for body in bodies] * SEED_COPIES
    return Source(f"seeds/*.txt, {SEED_COPIES} times", texts, hashlib.sha256(b"".join(bodies)).hexdigest())


def words_in(texts: Iterable[str]) -> int:
    return sum(len(text.split()) for text in texts)


def take_one_core() -> str:
    """Stay on one core where the system can be asked to; says what was done."""
    if not hasattr(os, "sched_setaffinity"):
        return "not pinned to a core"
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    return "pinned to one core"


def timed(tool: Tool, texts: Sequence[str]) -> float:
    begin = CLOCK()
    for text in texts:
        tool(text)
    return CLOCK() - begin


def timed_twice(tool: Tool, texts: Sequence[str]) -> tuple[float, float]:
    """Seconds at first sight of the texts, and those that each takes when it comes again at once."""
    pairs = [(timed(tool, [text]), timed(tool, [text])) for text in texts]
    return sum(first for first, _ in pairs), sum(second for _, second in pairs)


def samples(tool: Tool, texts: Sequence[str], rounds: int, budget: float) -> Iterator[list[str]]:
    """For a slow tool, another small sample of the texts each round, all of them within ``budget`` seconds.

    No text is drawn twice, since Harper remembers the sentences it has seen, which real work seldom repeats.
    The first text also warms the tool up, and is not timed.
    """
    pool = list(dict.fromkeys(texts))
    random.Random(SEED).shuffle(pool)
    tool(pool.pop())
    trial, pool = pool[:2], pool[2:]
    seconds = timed(tool, trial) / max(words_in(trial), 1)
    allowed = budget / rounds / max(seconds, 1e-9)  # words a round
    for _ in range(rounds):
        chosen: list[str] = []
        while pool and (not chosen or words_in(chosen) + words_in(pool[-1:]) <= allowed):
            chosen.append(pool.pop())
        yield chosen


def compare(texts: list[str], rounds: int, budget: float) -> dict[Candidate, Timing]:
    """Time every installed tool, one after the other in each round."""
    timings: dict[Candidate, Timing] = {}
    tools: dict[Candidate, Tool] = {}
    for one in CANDIDATES:
        try:
            tools[one] = one.build()
        except ImportError as error:
            print(f"left out: {one.name} ({error}); pip install {one.package}", file=sys.stderr)
            continue
        timings[one] = Timing()
        if not one.sampled:
            timed(tools[one], texts)  # caches and lazy imports are filled once, as in a long run
    drawn = {one: samples(tool, texts, rounds, budget) for one, tool in tools.items() if one.sampled}
    words = words_in(texts)
    for _ in range(rounds):
        for one, tool in tools.items():
            given = next(drawn[one]) if one.sampled else texts
            if not given:
                continue  # every text has been used
            if one.sampled:
                again = timings.setdefault(one._replace(name=f"{one.name}, a text it has just seen"), Timing())
                for timing, seconds in zip((timings[one], again), timed_twice(tool, given), strict=True):
                    timing.add(seconds, words_in(given), len(given))
            else:
                timings[one].add(timed(tool, given), words, len(given))
    return {one: timing for one, timing in timings.items() if timing.seconds}


def print_comparison(timings: dict[Candidate, Timing]) -> None:
    reference = timings.get(REFERENCE)
    print("| tool | version | words/s per core | slowest to fastest round | speed to ftfy's | measured on |")
    print("|---|---|---:|---:|---:|---|")
    for one, timing in timings.items():
        rates = timing.rates()
        ratio = "–"
        if reference:
            pairs = zip(rates, reference.rates(), strict=False)
            ratio = f"{statistics.median(rate / base for rate, base in pairs):.2g}"
        measured = f"a sample of {timing.texts:,} texts" if one.sampled else "all texts, every round"
        print(
            f"| {one.name} | {version(one.package)} | {statistics.median(rates):,.0f} "
            f"| {min(rates):,.0f} to {max(rates):,.0f} | {ratio} | {measured} |"
        )


class Stopwatch:
    """Cleans documents and keeps the seconds of every part of the work.

    The derived views of a document (sentences, quotations and so on) are computed on their own before the
    rules ask for them; each of them is needed for every document, so that this adds no work.
    """

    VIEWS: ClassVar[dict[str, str]] = {
        "paragraphs": "paragraphs",
        "sentences": "sentence splitting",
        "quotation": "pairing quotation marks",
        "shielded": "finding URLs, code and tags",
        "lowered": "lower case",
        "beyond_ascii": "characters beyond ASCII",
        "short_lines": "short lines",
        "repeats": "finding repetitions",
    }
    REST = "settling: overlaps, patches, decisions"

    def __init__(self, cleaner: Cleaner) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.whole = 0.0
        self._rules = cleaner.rules
        self._guards = Guards(cleaner.glossary.protected)
        self._policy = Policy(frozenset({Level.SAFE}), self._guard)

    def clean(self, text: str) -> None:
        """Clean one text as the command line does, and add to the seconds."""
        begin = CLOCK()
        settle(Document(text), self._find, self._policy)
        self.whole += CLOCK() - begin

    def _find(self, document: Document) -> list[Finding]:
        found: list[Finding] = []
        last = CLOCK()
        for view, name in self.VIEWS.items():
            getattr(document, view)
            last = self._lap(name, last)
        for rule in self._rules:
            found += rule.find(document)
            name = "glossary" if rule.stage is Stage.GLOSSARY else f"{rule.code} {rule.name}"
            last = self._lap(name, last)
        return found

    def _guard(self, document: Document, finding: Finding) -> str | None:
        begin = CLOCK()
        reason = self._guards(document, finding)
        self._lap("guards", begin)
        return reason

    def _lap(self, name: str, last: float) -> float:
        now = CLOCK()
        self.seconds[name] += now - last
        return now

    def shares(self) -> dict[str, float]:
        """The part of the whole that each thing took; they sum to one."""
        parts = self.seconds | {self.REST: self.whole - sum(self.seconds.values())}
        return {name: seconds / self.whole for name, seconds in parts.items()}


def measure_shares(texts: list[str], rounds: int) -> list[Stopwatch]:
    """One stopwatch a round, after a round that only fills caches."""
    cleaner = Cleaner(Settings())
    watches = []
    for number in range(rounds + 1):
        watch = Stopwatch(cleaner)
        for text in texts:
            watch.clean(text)
        if number:
            watches.append(watch)
    return watches


def print_shares(watches: list[Stopwatch], words: int) -> None:
    """Shares as medians of the rounds, with the time that each part takes for a million words."""
    rounds = [watch.shares() for watch in watches]
    names = dict.fromkeys(name for shares in rounds for name in shares)
    medians = {name: statistics.median(shares.get(name, 0.0) for shares in rounds) for name in names}
    whole = statistics.median(watch.whole for watch in watches) / words * 1_000_000
    print(f"\n{whole:.2f} s for a million words with the stopwatch running, of which:\n")
    print("| part | share | s per million words |\n|---|---:|---:|")
    for name, share in sorted(medians.items(), key=lambda item: -item[1]):
        mark = " (!)" if share > LARGE_SHARE else ""
        print(f"| {name} | {share:.1%}{mark} | {share * whole:.3f} |")


def print_head(sources: list[Source], pinned: str, rounds: int) -> None:
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {pinned}; CPU time, median of {rounds} rounds")
    for source in sources:
        print(f"{source.name}: {len(source.texts):,} texts, {words_in(source.texts):,} words, sha256 {source.sha256}")
    print("(sha256 of the unpacked bytes)\n")


def arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, help="JSON lines, gzipped or not (default: seeds/*.txt)")
    parser.add_argument("--field", default="text", help="the field that holds the text")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--budget", type=float, default=20.0, help="CPU seconds for Harper, all rounds together")
    parser.add_argument("--shares-only", action="store_true", help="time the rules, not the other tools")
    parser.add_argument("--check", type=float, metavar="WORDS_PER_S", help="exit 1 if mtclean is slower than this")
    args = parser.parse_args(given)
    if args.rounds < 1:
        parser.error("--rounds must be 1 or more")
    if args.shares_only and args.check:
        parser.error("--check needs the comparison that --shares-only leaves out")
    return args


def main(given: list[str] | None = None) -> int:
    args = arguments(given)
    pinned = take_one_core()
    sources = [read_jsonl(path, args.field) for path in args.paths] or [read_seeds()]
    texts = [text for source in sources for text in source.texts]
    print_head(sources, pinned, args.rounds)
    timings: dict[Candidate, Timing] = {}
    if not args.shares_only:
        timings = compare(texts, args.rounds, args.budget)
        print_comparison(timings)
    print_shares(measure_shares(texts, args.rounds), words_in(texts))
    if args.check:
        reached = statistics.median(timings[OWN].rates())
        if reached < args.check:
            print(f"too slow: {reached:,.0f} words/s, below the floor of {args.check:,.0f}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
