"""Harm on text that needs no cleaning: how often correct text is touched, judged edit by edit by a reader.

A count of edits says nothing: human text has slips, and mending one is right. So each safe edit is read once
and classed; the answers are kept in a file keyed by the edit and the words around it, so that a later run asks
only about new edits and the rate is computed from what was read. An edit nobody has read counts as wrong in the
upper bound of the rate and not in the lower one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from cleaners import files, formats
from cleaners.core import Decision, Document, Result, Verdict
from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError
from cleaners.evaluate.tables import Cell, Table

ANSWERS = ("right", "wrong")
_CONTEXT_WORDS = 8
_BATCH = 200  # documents handed to a process at a time
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Edit:
    """One safe edit to be read: its rule, what became of what, and up to eight words of context."""

    key: str
    code: str
    raw: str
    fix: str
    context: str


@dataclass(slots=True)
class Harm:
    """What happened to clean text; ``edits`` holds every safe edit, ``findings`` counts all by (code, level)."""

    documents: int = 0
    words: int = 0
    touched: int = 0
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)
    edits: list[Edit] = field(default_factory=list)
    digest: str = ""

    def add(self, other: Harm) -> None:
        """Add another part's counts; the digest is chained."""
        self.documents += other.documents
        self.words += other.words
        self.touched += other.touched
        self.findings += other.findings
        self.edits += other.edits
        self.digest = hashlib.sha256((self.digest + other.digest).encode()).hexdigest()[:12]


def measure(cleaner: Cleaner, documents: Iterable[Document]) -> Harm:
    """Clean every document and keep what happened."""
    harm = Harm()
    total = hashlib.sha256()
    for document in documents:
        total.update(document.text.encode("utf-8", "surrogatepass") + b"\0")
        result = cleaner.clean(document)
        harm.documents += 1
        harm.words += len(document.text.split())
        harm.touched += result.changed
        harm.findings.update((d.finding.code, d.finding.level.value) for d in result.decisions)
        harm.edits += [edit_of(result, d) for d in result.decisions if d.verdict is Verdict.APPLIED]
    harm.digest = total.hexdigest()[:12]
    return harm


def measure_files(cleaner: Cleaner, paths: Iterable[str]) -> Harm:
    """Harm over files, folders, globs or URLs of clean text, over the settings' number of processes.

    The digest does not depend on the number of processes.
    """
    harm = Harm()
    batches = _batches(cleaner, paths)
    if cleaner.settings.jobs == 1:
        for batch in batches:
            harm.add(measure(cleaner, batch))
        return harm
    with ProcessPoolExecutor(cleaner.settings.jobs, initializer=_start, initargs=(cleaner,)) as pool:
        for part in pool.map(_measure, list(batches)):
            harm.add(part)
    return harm


def _batches(cleaner: Cleaner, paths: Iterable[str]) -> Iterator[list[Document]]:
    fields = formats.Fields(cleaner.settings.text_field)
    documents = (
        Document(record.text, path=source.relative, record=record.record, markdown=source.format == "markdown")
        for source in files.discover(list(paths))
        for record in formats.read_records(source, fields)
    )
    while batch := list(islice(documents, _BATCH)):
        yield batch


_cleaner: list[Cleaner] = []  # a process's own cleaner, set once by the pool's initializer


def _start(cleaner: Cleaner) -> None:
    _cleaner[:] = [Cleaner(cleaner.settings, cleaner.ignore)]


def _measure(documents: list[Document]) -> Harm:
    return measure(_cleaner[0], documents)


def edit_of(result: Result, decision: Decision) -> Edit:
    """A decision as it is read and remembered: the key is the same wherever the same words surround the same edit."""
    text = result.document.text
    before = _WORD.findall(text[max(0, decision.start - 120) : decision.start])[-_CONTEXT_WORDS // 2 :]
    after = _WORD.findall(text[decision.end : decision.end + 120])[: _CONTEXT_WORDS // 2]
    raw, fix = decision.raw, decision.fix or ""
    short = raw if len(raw) <= 60 else raw[:40] + "…" + raw[-15:]
    context = f"{' '.join(before)} [{short} → {fix[:60]}] {' '.join(after)}"
    parts = "\0".join((decision.finding.code, raw, fix, *before, "", *after))
    key = hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Edit(key, decision.finding.code, raw, fix, " ".join(context.split()))


def read_answers(path: str) -> dict[str, str]:
    """Key → right or wrong, from a JSON-lines file; rows without an answer yet are left out.

    Raises :class:`MtcleanError` with file and line for a row that is none.
    """
    answers: dict[str, str] = {}
    try:
        lines = Path(path).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise MtcleanError(path, "the answers cannot be read", "give the file that eval --unread wrote") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            key, answer = row["key"], row["answer"]
        except (ValueError, KeyError, TypeError) as error:
            raise MtcleanError(f"{path}:{number}", "this is no answer", "a row has key, code, edit, answer") from error
        if answer is None:
            continue
        if answer not in ANSWERS:
            raise MtcleanError(f"{path}:{number}", f"the answer cannot be {answer!r}", "write right or wrong")
        answers[key] = answer
    return answers


def unread(harm: Harm, answers: dict[str, str]) -> list[str]:
    """JSON lines of the edits nobody has classed yet, one for each distinct edit, to be answered and kept."""
    rows = {edit.key: edit for edit in harm.edits if edit.key not in answers}
    order = sorted(rows.values(), key=lambda e: (e.code, e.context))
    return [
        json.dumps({"key": e.key, "code": e.code, "edit": e.context, "answer": None}, ensure_ascii=False) for e in order
    ]


def tables(harm: Harm, answers: dict[str, str]) -> list[Table]:
    """Safe edits and findings per rule and per million words, and what readers said of the edits."""
    million = harm.words / 1_000_000 or 1.0
    edits = Counter(edit.code for edit in harm.edits)
    read = Counter((edit.code, answers[edit.key]) for edit in harm.edits if edit.key in answers)
    found: Counter[str] = Counter()
    for (code, _), count in harm.findings.items():
        found[code] += count
    rows: list[tuple[Cell, ...]] = []
    for code in sorted(found):
        wrong, right = read[code, "wrong"], read[code, "right"]
        new = edits[code] - wrong - right
        rows.append((code, found[code], found[code] / million, edits[code], edits[code] / million, right, wrong, new))
    total = len(harm.edits)
    right = sum(count for (_, answer), count in read.items() if answer == "right")
    wrong = sum(count for (_, answer), count in read.items() if answer == "wrong")
    all_found = found.total()
    rows.append(("all", all_found, all_found / million, total, total / million, right, wrong, total - right - wrong))
    each = harm.documents or 1
    note = (
        f"{harm.words} words in {harm.documents} documents, {harm.touched} of them touched; per document "
        f"{all_found / each:.3f} findings and {total / each:.3f} safe edits; wrong safe edits per "
        f"million words: {wrong / million:.2f} read, at most {(total - right) / million:.2f}"
    )
    heads = ("code", "findings", "per million", "safe edits", "per million words", "right", "wrong", "unread")
    return [Table("harm", "Harm on clean text", heads, tuple(rows), note)]
