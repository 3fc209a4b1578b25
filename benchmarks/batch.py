"""Measures the flow that cleans batches: its speed, its memory, and what is lost when it is killed.

    python benchmarks/batch.py generate DIR --documents 100000 [--bytes 2000]
    python benchmarks/batch.py generate --jsonl FILE --gigabytes 1
    python benchmarks/batch.py scale  DIR [--rounds 3] [--ways plain,processes-1,…]
    python benchmarks/batch.py memory DIR --documents 10000,100000
    python benchmarks/batch.py large  FILE [--check]
    python benchmarks/batch.py faults DIR --kills 30

Common options: ``--seed``; ``--folder``, where the outputs go for the time being (as large as the inputs, twice for
``scale``); ``--rewrite``, since the rewrite step is left out otherwise. All runs are `mtclean run` in a session of its
own and talk to one Prefect server, which is started first on this machine and has a folder of its own.

``generate`` writes documents of news prose, every tenth sentence with one artefact of translation. ``scale`` cleans
them in one process without the flow and then by every engine, in turn each round, and holds all outputs against the
first, byte for byte. Documents a second are told from the first file put in place to the last one, and besides from
run.json's `seconds`, which hold the start of the workers, too; start-up is what the wall clock shows beyond the former.
``memory`` cleans the first N documents for each N. ``large`` cleans one file of records with one job and with two;
``--check`` compares with cleaning without the flow. Peaks of memory are resident sets as the kernel keeps them, read
from /proc twice a second.

``faults`` kills with SIGKILL, at a random moment of the cleaning, either the process of the flow, a process that
carries its tasks, one that cleans, or all of them at once, runs again and compares with a run that nobody disturbed.
It exits with 1 where a file was lost, torn or different, something was left behind, or finished work was done again.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

MEGA = 1_000_000
IN_A_FOLDER = 1000  # documents
SAMPLE = 0.5  # seconds between two looks at the memory
PATIENCE = 3600  # seconds that a run may take
ENDING = 5  # seconds within which the processes of a killed run are to be gone
PROGRAM = "from cleaners.cli import main; main()"
WAYS = {
    "plain": None,
    "processes-1": ("processes", 1),
    "processes-2": ("processes", 2),
    "threads-2": ("threads", 2),
    "dask-2": ("dask", 2),
}
VICTIMS = ("flow", "worker", "child", "all")

# --- text -------------------------------------------------------------------------------------------

_POOLS = {
    "place": "Tokyo|Seoul|Brussels|Vienna|Jakarta|Canberra|Ottawa|Lisbon|Nairobi|Riga|Santiago|Warsaw|Hanoi|Geneva",
    "land": "Japan|Lithuania|Australia|Poland|Kenya|Chile|Norway|Vietnam|Portugal|New Zealand|South Korea|Finland",
    "body": "the central bank|the transport ministry|the port authority|the space agency|the fisheries board|"
    "the regional court|the statistics office|the weather service|the national railway|the health ministry",
    "person": "Anna Berg|Kenji Mori|Paul Otieno|Maria Sousa|Lena Novak|Yuki Hara|Thomas Reid|Min-jun Park|Eva Lind",
    "what": "a new bridge|the harbour|a rail link|the water supply|a research station|the budget|the fishing quota|"
    "a trade agreement|the power grid|the evacuation plan|a satellite|the school reform|flood protection",
    "verb": "approved|postponed|presented|criticised|welcomed|reviewed|confirmed|rejected|defended|explained",
    "why": "because costs had risen|after weeks of talks|in spite of heavy rain|at the request of several members|"
    "as demand kept growing|before the end of the session|although the vote was close|to the surprise of many",
    "day": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
    "month": "January|February|March|April|May|June|July|August|September|October|November|December",
    "number": "|".join(f"{n:,}" for n in range(13, 9000, 37)),
    "percent": "|".join(str(n) for n in range(4, 97)),
    "date": "|".join(str(n) for n in range(1, 29)),
    "year": "|".join(str(n) for n in range(1995, 2025)),
}
POOLS = {name: tuple(words.split("|")) for name, words in _POOLS.items()}
TEMPLATES = (
    "On {day}, {body} of {land} {verb} {what} {why}.",
    "{person}, who speaks for {body}, said in {place} that {number} people had asked for {what} since {year}.",
    "The work will cost {number} million euros and is to end on {date} {month}.",
    "In {place}, the council {verb} {what} by a majority of {percent} percent.",
    "{land} and {land} have talked about {what} since {month} {year}, {why}.",
    "“We need {what}, and we need it soon,” {person} told reporters in {place} on {day}.",
    "About {percent} percent of the {number} households near {place} were asked.",
    "According to {body}, the number of visitors to {place} grew by {number} in {month}.",
    "A spokesperson for {body} {verb} the report that {person} had written about {what}.",
    "The first of the {number} workers arrived in {place} on {date} {month} {year}.",
    "Neither {person} nor {body} would say when the decision on {what} is to be expected.",
    "Last {month}, trains between {place} and the coast stood still for {date} hours, {why}.",
)
HEADLINES = ("{land} looks at {what} again", "{place}: {number} sign for {what}", "{person} to lead talks in {place}")
# Each takes two sentences and gives the text of both, with what a translation machine might leave there.
ARTEFACTS: tuple[Callable[[str, str], str], ...] = (
    lambda one, two: f"{one} rice field. {two}",
    lambda one, two: f"{one} {two.replace(' the ', ' the the ', 1)}",
    lambda one, two: f"{one} It is the third such plan in the Asia -Pacific region. {two}",
    lambda one, two: f"{one}{two}",
    lambda one, two: f"{one} Turnout was 98%of the roll. {two}",
    lambda one, two: f"{one} Prime Minister Kishida Kishida agreed. {two}",
    lambda one, two: f"{one.replace(', ', ' , ', 1)} {two}",
    lambda one, two: f"{one[:-1]}.Essence {two}",
    lambda one, two: f"{one} The talks in Vernis, Lithuania, will go on. {two}",
)


class _Draw(dict[str, str]):
    """Gives a word of the pool of that name, another one each time."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self.random = random

    def __missing__(self, name: str) -> str:
        return self.random.choice(POOLS[name])


def sentence(draw: _Draw, templates: tuple[str, ...] = TEMPLATES) -> str:
    text = draw.random.choice(templates).format_map(draw)
    return text[0].upper() + text[1:]


def prose(seed: int, number: int, size: int) -> str:
    """The document of this number: about ``size`` bytes, always the same ones for a seed."""
    random = Random(f"{seed} {number}")
    draw = _Draw(random)
    paragraphs = [sentence(draw, HEADLINES)]
    length, count = 0, random.randrange(10)
    while length < size:
        pieces = []
        for _ in range(random.randrange(3, 7)):
            count += 1
            one = sentence(draw)
            pieces.append(one if count % 10 else random.choice(ARTEFACTS)(one, sentence(draw)))
        paragraphs.append(" ".join(pieces))
        length += len(paragraphs[-1])
    return "\n\n".join(paragraphs) + "\n"


def generate(args: argparse.Namespace) -> int:
    if args.jsonl:
        written = number = 0
        with args.jsonl.open("wb") as out:
            while written < args.gigabytes * 1000 * MEGA:
                record = {"id": f"document-{number}", "text": prose(args.seed, number, args.bytes), "desk": "foreign"}
                written += out.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
                number += 1
        print(f"{args.jsonl}: {number:,} records, {written / MEGA:.1f} MB, seed {args.seed}")
    if args.path:
        for number in range(int(args.documents)):
            folder = args.path / f"{number // IN_A_FOLDER:05d}"
            if number % IN_A_FOLDER == 0:
                folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{number:07d}.txt").write_bytes(prose(args.seed, number, args.bytes).encode())
        print(f"{args.path}: {int(args.documents):,} documents of about {args.bytes} bytes, seed {args.seed}")
    return 0


# --- runs -------------------------------------------------------------------------------------------


@contextlib.contextmanager
def prefect_server(folder: Path) -> Iterator[dict[str, str]]:
    """The environment in which runs find a Prefect server, which lives as long as the block."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    own |= {"PREFECT_HOME": str(folder), "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
    folder.mkdir(parents=True, exist_ok=True)
    for _ in range(3):  # another program may take the port before the server does
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
        with (folder / "server.log").open("wb") as log:
            server = subprocess.Popen([*command, "--no-ui"], env=own, stdout=log, stderr=log, start_new_session=True)
        try:
            if _answers(server, f"http://127.0.0.1:{port}/api/health"):
                yield own | {"PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}
                return
        finally:
            kill_session(server.pid)
            server.wait()
    raise RuntimeError(f"the Prefect server did not start:\n{(folder / 'server.log').read_text()[-2000:]}")


def _answers(server: subprocess.Popen[bytes], url: str) -> bool:
    for _ in range(600):
        if server.poll() is not None:
            return False
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return True
        time.sleep(0.2)
    return False


def processes(session: int) -> dict[int, str]:
    """The living processes of a session, each with its command line."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                state, _, _, its = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
                if int(its) == session and state != "Z":
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def kill_session(session: int) -> None:
    while alive := processes(session):
        for pid in alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


@dataclass
class Run:
    """One run of the flow (or, with ``plain``, of the library alone) in a session of its own; times in seconds."""

    folder: Path
    inputs: Path
    environment: dict[str, str]
    engine: str = "processes"
    jobs: int = 2
    rewrite: bool = False
    plain: bool = False
    batch: dict[str, Any] = field(default_factory=dict)
    peaks: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def output(self) -> Path:
        """Where the clean texts go."""
        return self.folder / "out"

    @property
    def row(self) -> dict[str, Any]:
        """The figures that the run wrote."""
        place = self.folder / "plain.json" if self.plain else self.output / "run.json"
        return dict(json.loads(place.read_text()))

    def start(self) -> Run:
        """Start it, or start it again over what the last one left."""
        settings = {"inputs": [str(self.inputs)], "output": str(self.output), "engine": self.engine,
                    "jobs": self.jobs, "rewrite": self.rewrite}  # fmt: skip
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "mtclean.toml"
        lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
        lines += ["[batch]", *(f"{key} = {json.dumps(value)}" for key, value in self.batch.items())]
        config.write_text("\n".join(lines) + "\n")
        command = [__file__, "plain", str(config)] if self.plain else ["-c", PROGRAM, "run", str(config)]
        self.began = time.perf_counter()
        with (self.folder / "log.txt").open("ab") as log:
            self.flow = subprocess.Popen(
                [sys.executable, *command], env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        return self

    def wait(self, patience: float = PATIENCE) -> Run:
        """Wait for the end and keep the peaks; raises ``RuntimeError`` where it takes too long."""
        until = time.perf_counter() + patience
        while self.flow.poll() is None:
            for pid in processes(self.flow.pid):
                self._look(pid)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.flow.wait(SAMPLE)
            if time.perf_counter() > until:
                kill_session(self.flow.pid)
                raise RuntimeError(f"the run took longer than {patience} s; see {self.folder / 'log.txt'}")
        self.wall = time.perf_counter() - self.began
        return self

    def done(self) -> Run:
        """Wait for the end; raises ``RuntimeError`` where the run failed."""
        if self.wait().flow.returncode:
            raise RuntimeError(f"a run ended with status {self.flow.returncode}:\n{self.log[-2000:]}")
        return self

    @property
    def log(self) -> str:
        """What it printed."""
        return (self.folder / "log.txt").read_text(encoding="utf-8", errors="replace")

    def kind(self, pid: int, command: str) -> str:
        """What a process of the session is there for: one of VICTIMS, or other."""
        if pid == self.flow.pid:
            return "flow"
        return "child" if "cleaners.batch.child" in command else "worker" if "spawn_main" in command else "other"

    def members(self, kind: str) -> list[int]:
        """The living processes of a kind."""
        return [pid for pid, command in processes(self.flow.pid).items() if self.kind(pid, command) == kind]

    def _look(self, pid: int) -> None:
        with contextlib.suppress(OSError, StopIteration):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            status = Path(f"/proc/{pid}/status").read_text().splitlines()
            peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) * 1024
            kind = self.kind(pid, command)
            self.peaks[kind] = max(self.peaks[kind], peak)

    @property
    def cleaning(self) -> float:
        """From the first file put in place to the last, as their times tell; no start of anything is in it."""
        paths = (path for path in self.output.rglob("*") if path.is_file() and path.name != "run.json")
        times = [path.stat().st_mtime_ns for path in paths]
        return (max(times) - min(times)) / 1e9

    @property
    def memory(self) -> str:
        """Peaks of the flow, the largest worker and the largest cleaning process, as cells of a table."""
        return " | ".join(f"{self.peaks[kind] / MEGA:.0f}" if self.peaks[kind] else "–" for kind in VICTIMS[:3])


def clean_plainly(args: argparse.Namespace) -> int:
    """What a user of the library writes: a cleaner, made once, and a loop."""
    from cleaners import config, files, jobs

    settings = config.load(args.path)
    output = settings.output or ""
    cleaner = jobs.make_cleaner(settings, rewriting=True)
    tasks = jobs.targets(files.discover(settings.inputs, output=output), output)
    begin = time.perf_counter()
    for task in tasks:
        jobs.clean_source(cleaner, task)
    row = {"cleaned": len(tasks), "seconds": round(time.perf_counter() - begin, 2)}
    Path(args.path.parent, "plain.json").write_text(json.dumps(row))
    return 0


def tree(folder: Path) -> dict[str, str]:
    """Every file of an output with its sha256, hidden ones too, but not the figures of the run."""
    found = {}
    for place, folders, names in os.walk(folder):
        found |= {str(Path(place, name).relative_to(folder)): "folder" for name in folders if name.startswith(".")}
        for name in names:
            path = Path(place, name)
            with contextlib.suppress(FileNotFoundError):  # a temporary file of a process that still runs
                found[str(path.relative_to(folder))] = sha256(path.read_bytes()).hexdigest()
    found.pop("run.json", None)
    return found


@contextlib.contextmanager
def workplace(args: argparse.Namespace) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder for outputs, deleted at the end, and the environment of runs."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, seed {args.seed}, rewrite {args.rewrite}\n")
    with (
        tempfile.TemporaryDirectory(prefix="mtclean-batch-", dir=args.folder) as name,
        prefect_server(Path(name, "prefect")) as environment,
    ):
        yield Path(name), environment


# --- what is measured -------------------------------------------------------------------------------


def measure_scale(args: argparse.Namespace) -> int:
    pace: dict[str, list[float]] = {way: [] for way in args.ways.split(",")}
    whole: dict[str, list[float]] = {way: [] for way in pace}
    startup: dict[str, list[float]] = {way: [] for way in pace}
    last: dict[str, Run] = {}
    first: dict[str, str] = {}
    is_same = True
    with workplace(args) as (folder, environment):
        for number in range(args.rounds):
            for way in pace:
                engine, jobs = WAYS[way] or ("threads", 1)
                run = last[way] = Run(folder / f"{way}-{number}", args.path, environment, engine, jobs, args.rewrite,
                                      plain=WAYS[way] is None).start().done()  # fmt: skip
                pace[way].append(run.row["cleaned"] / run.cleaning)
                whole[way].append(run.row["cleaned"] / run.row["seconds"])
                startup[way].append(run.wall - run.cleaning)
                found = tree(run.output)
                first = first or found
                if found != first:
                    is_same = False
                    print(f"the output of {way} differs in {len(set(found.items()) ^ set(first.items()))} files")
                shutil.rmtree(run.output)
    print("| way | documents/s | slowest to fastest round | of the whole run | start-up s | flow MB | worker MB "
          "| cleaning process MB |\n|---|---:|---:|---:|---:|---:|---:|---:|")  # fmt: skip
    medians = {way: statistics.median(found) for way, found in pace.items()}
    for way, found in pace.items():
        print(f"| {way} | {medians[way]:,.1f} | {min(found):,.1f} to {max(found):,.1f} "
              f"| {statistics.median(whole[way]):,.1f} | {statistics.median(startup[way]):.1f} "
              f"| {last[way].memory} |")  # fmt: skip
    print_ratios("while it cleans", medians)
    print_ratios("the whole run", {way: statistics.median(found) for way, found in whole.items()})
    print(f"all outputs are {'the same, byte for byte' if is_same else 'NOT THE SAME'}: {len(first):,} files")
    return 0 if is_same else 1


def print_ratios(what: str, pace: dict[str, float]) -> None:
    if {"processes-1", "processes-2"} <= pace.keys():
        print(f"{what}: two processes are {pace['processes-2'] / pace['processes-1']:.2f} times as fast as one")
    if {"plain", "processes-1"} <= pace.keys():
        overhead = 100 * (pace["plain"] / pace["processes-1"] - 1)
        print(f"{what}: the flow takes {overhead:.1f} % more time than the plain loop")


def measure_memory(args: argparse.Namespace) -> int:
    paths = sorted(path for path in args.path.rglob("*.txt") if path.is_file())
    flows = []
    with workplace(args) as (folder, environment):
        print("| documents | documents/s | start-up s | flow MB | worker MB | cleaning process MB |")
        print("|---:|---:|---:|---:|---:|---:|")
        for count in sorted(int(number) for number in args.documents.split(",")):
            if count > len(paths):
                raise SystemExit(f"batch.py: {args.path}: there are only {len(paths)} documents; generate more")
            linked = folder / f"raw-{count}"
            for number, path in enumerate(paths[:count]):
                place = linked / f"{number // IN_A_FOLDER:05d}"
                place.mkdir(parents=True, exist_ok=True)
                (place / path.name).symlink_to(path.resolve())
            run = Run(folder / str(count), linked, environment, args.engine, args.jobs, args.rewrite).start().done()
            flows.append((count, run.peaks["flow"]))
            print(f"| {count:,} | {count / run.row['seconds']:,.1f} | {run.wall - run.row['seconds']:.1f} "
                  f"| {run.memory} |", flush=True)  # fmt: skip
            shutil.rmtree(run.output)
    (fewest, least), (most, largest) = flows[0], flows[-1]
    if most > fewest:
        print(f"\nthe flow needs {largest / least:.2f} times the memory for {most / fewest:.0f} times the documents, "
              f"{(largest - least) / (most - fewest):,.0f} bytes for each further one")  # fmt: skip
    return 0


def measure_large(args: argparse.Namespace) -> int:
    size = args.path.stat().st_size
    pace, digests = {}, {}
    with workplace(args) as (folder, environment):
        print(
            "| way | MB/s | seconds | start-up s | flow MB | worker MB | cleaning process MB | sha256 of the output |"
        )
        print("|---|---:|---:|---:|---:|---:|---:|---|")
        for way in large_ways(args):
            engine, jobs = WAYS[way] or ("threads", 1)
            run = Run(folder / way, args.path, environment, engine, jobs, args.rewrite, plain=way == "plain")
            run.start().done()
            pace[way] = size / MEGA / run.row["seconds"]
            outputs = [path for path in sorted(run.output.iterdir()) if path.name != "run.json"]
            digests[way] = [digest_of(path) for path in outputs]
            print(f"| {way} | {pace[way]:.2f} | {run.row['seconds']:.1f} | {run.wall - run.row['seconds']:.1f} "
                  f"| {run.memory} | `{digests[way][0][:16]}` |", flush=True)  # fmt: skip
            shutil.rmtree(run.output)
    print_ratios(f"{size / MEGA:.1f} MB", pace)
    is_same = len({str(digest) for digest in digests.values()}) == 1
    if len(digests) > 1:
        print(f"outputs and trails are {'the same' if is_same else 'NOT THE SAME'}")
    return 0 if is_same else 1


def large_ways(args: argparse.Namespace) -> list[str]:
    """The ways that were asked for; unless any were, the two pools, and with --check the plain loop."""
    if args.ways != ",".join(WAYS):
        return args.ways.split(",")
    return ["processes-1", "processes-2", *(["plain"] if args.check else [])]


def digest_of(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(MEGA):
            digest.update(chunk)
    return digest.hexdigest()


# --- faults -----------------------------------------------------------------------------------------


def await_output(run: Run) -> float:
    """The moment at which the first document is in place; raises ``RuntimeError`` where the run ends before."""
    while run.flow.poll() is None:
        for _, _, names in os.walk(run.output):
            if any(not name.startswith(".") for name in names):
                return time.perf_counter()
        time.sleep(0.005)
    raise RuntimeError(f"a run ended before it cleaned anything:\n{run.log[-2000:]}")


def strike(run: Run, victim: str, random: Random) -> str:
    """Kill; gives who was killed, which is the flow where there is no such process any more."""
    if victim == "all":
        kill_session(run.flow.pid)
        return victim
    pids = sorted(run.members(victim))
    with contextlib.suppress(ProcessLookupError):
        os.kill(random.choice(pids) if pids else run.flow.pid, signal.SIGKILL)
    return victim if pids else "flow"


def marks(output: Path, names: list[str]) -> dict[str, tuple[int, int]]:
    """What changes when a file is replaced, even by the same bytes."""
    found = {}
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            status = (output / name).stat()
            found[name] = (status.st_ino, status.st_mtime_ns)
    return found


@dataclass
class Harm:
    """What one kill did; counts are files, but ``done``, ``cleaned`` and ``again`` count documents."""

    victim: str
    moment: float
    done: int = 0
    cleaned: int = 0
    again: int = 0
    lost: int = 0
    torn: int = 0
    different: int = 0
    left_over: int = 0
    quarantined: int = 0
    running: int = 0
    status: int = 0

    @property
    def is_harmless(self) -> bool:
        """Whether nothing tells of the kill any more."""
        harms = (self.again, self.lost, self.torn, self.different, self.left_over, self.quarantined, self.running)
        return not any(harms) and self.status == 0

    def __str__(self) -> str:
        return (f"{self.victim:6} after {self.moment:5.2f} s: {self.done} done, then {self.cleaned} cleaned, "
                f"{self.again} again; lost {self.lost}, torn {self.torn}, different {self.different}, left over "
                f"{self.left_over}, in quarantine {self.quarantined}, still running {self.running}, "
                f"status {self.status}")  # fmt: skip


def disturb(run: Run, victim: str, moment: float, wanted: dict[str, str], random: Random) -> Harm:
    """Start a run, kill ``moment`` seconds after its first output, run again, and see what became of the documents."""
    await_output(run.start())
    time.sleep(moment)
    harm = Harm(strike(run, victim, random), moment)
    if harm.victim in ("worker", "child"):
        harm.status = run.wait().flow.returncode  # it is to go on without the one that was killed
    run.flow.wait()
    killed = run.flow.pid
    there = {name: digest for name, digest in tree(run.output).items() if not Path(name).name.startswith(".")}
    harm.torn = sum(name in wanted and wanted[name] != digest for name, digest in there.items())
    done = [name for name in there if name in wanted and f"{name}.trail.jsonl" in there]
    before = marks(run.output, done)
    harm.done = len(done)
    run.start().wait()
    harm.status = harm.status or run.flow.returncode
    harm.cleaned = run.row["cleaned"] if (run.output / "run.json").exists() else 0
    harm.again = sum(marks(run.output, [name]).get(name) != mark for name, mark in before.items())
    after = tree(run.output)
    harm.quarantined = sum(name.startswith("quarantine/") for name in after)
    harm.left_over = sum(name not in wanted and not name.startswith("quarantine/") for name in after)
    harm.lost = sum(name not in after for name in wanted)
    harm.different = sum(name in after and after[name] != digest for name, digest in wanted.items())
    until = time.perf_counter() + ENDING
    while processes(killed) and time.perf_counter() < until:
        time.sleep(0.1)
    harm.running = len(processes(killed))
    kill_session(killed)
    return harm


def measure_faults(args: argparse.Namespace) -> int:
    random = Random(args.seed)
    batch = {"shard_bytes": args.shard_bytes} if args.shard_bytes else {}
    options = (args.engine, args.jobs, args.rewrite, False, batch)
    harms: list[Harm] = []
    with workplace(args) as (folder, environment):
        reference = Run(folder / "reference", args.path, environment, *options).start()
        wanted, usual = tree(reference.done().output), reference.cleaning
        print(f"undisturbed: {reference.row['cleaned']} documents, {usual:.1f} s after the first", flush=True)
        for number in range(args.kills):
            victim = random.choice(args.victims.split(","))
            run = Run(folder / f"kill-{number}", args.path, environment, *options)
            harms.append(disturb(run, victim, random.uniform(0, usual), wanted, random))
            print(f"{number + 1:3} {harms[-1]}", flush=True)
            if harms[-1].is_harmless:
                shutil.rmtree(run.folder)
            elif args.verbose:
                print(run.log)
    bad = sum(not harm.is_harmless for harm in harms)
    sums = {name: sum(getattr(harm, name) for harm in harms) for name in ("again", "lost", "torn", "different")}
    print(f"\n{len(harms)} kills, {bad} with harm: " + ", ".join(f"{name} {count}" for name, count in sums.items()))
    return 1 if bad else 0


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    what = {"generate": generate, "scale": measure_scale, "memory": measure_memory, "large": measure_large,
            "faults": measure_faults, "plain": clean_plainly}  # fmt: skip
    parser.add_argument("what", choices=what)
    parser.add_argument("path", nargs="?", type=Path, help="a folder of documents, or a file of records for large")
    parser.add_argument("--documents", default="10000", help="how many; for memory some numbers with commas")
    parser.add_argument("--bytes", type=int, default=2000, help="of a document or record, about (default: 2000)")
    parser.add_argument("--jsonl", type=Path, metavar="FILE", help="generate one file of records")
    parser.add_argument("--gigabytes", type=float, default=1.0, help="of that file (default: 1)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", metavar="DIR", help="where the outputs go for the time being")
    parser.add_argument("--rewrite", action="store_true", help="with the rewrite step")
    parser.add_argument("--rounds", type=int, default=1, help="of scale")
    parser.add_argument("--ways", default=",".join(WAYS), help="to clean, for scale and large (default: all)")
    parser.add_argument("--engine", default="processes", help="of memory and faults (default: processes)")
    parser.add_argument("--jobs", type=int, default=2, help="of memory and faults (default: 2)")
    parser.add_argument("--check", action="store_true", help="compare large with cleaning without the flow")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--victims", default=",".join(VICTIMS), help="of faults, drawn at random (default: all)")
    parser.add_argument("--shard-bytes", type=int, help="of faults; small ones split files of records, too")
    parser.add_argument("--verbose", action="store_true", help="show the log of each run that was harmed")
    args = parser.parse_args(given)
    if args.path is None and not (args.what == "generate" and args.jsonl):
        parser.error(f"{args.what} needs a path")
    if unknown := set(args.ways.split(",")) - WAYS.keys():
        parser.error(f"--ways: unknown {sorted(unknown)[0]!r}; known are {', '.join(WAYS)}")
    if unknown := set(args.victims.split(",")) - set(VICTIMS):
        parser.error(f"--victims: unknown {sorted(unknown)[0]!r}; known are {', '.join(VICTIMS)}")
    return what[args.what](args)


if __name__ == "__main__":
    sys.exit(main())
