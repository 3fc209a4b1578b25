"""What a run has to do: which documents there are, how large, and in which shards they go to the workers."""

from __future__ import annotations

import os
import pickle
import posixpath
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from cleaners import files, formats, jobs, trail
from cleaners.batch import joining, quarantine
from cleaners.batch.current import clean_digest
from cleaners.batch.orders import Large, Shard
from cleaners.config import Settings
from cleaners.errors import MtcleanError
from cleaners.files import Source
from cleaners.files.places import exists, filesystem, local_part, told
from cleaners.files.streams import TEMPORARY
from cleaners.jobs import Task, header_of

_MOST = 4 * 1024 * 1024  # bytes a shard: some seconds of work, so that little is lost with one
_FEWEST = 128 * 1024  # bytes a shard; a task of Prefect costs about 8 ms
_DOCUMENT = 2048  # bytes that a document counts at least, for opening and putting in place
_BLOCK = 500  # documents that a plan reads at a time
_TURNS = 8  # shards for each worker at least
_SHARE = 4  # of what is left, a shard takes this part of a worker's; the last ones are small, so that all end together


class Plan:
    """Every document, in order, with its size in bytes as it was listed; kept in a file, however many there are."""

    def __init__(self, spool: BinaryIO, listed: Listed) -> None:
        """Take what :func:`write` wrote into ``spool``, which lasts as long as the plan."""
        self._spool = spool
        weakref.finalize(self, spool.close)
        self.count, self.bytes, self.shard_bytes = listed.count, listed.bytes, listed.shard_bytes
        self._weight, self._workers = listed.weight, listed.workers

    def entries(self) -> Iterator[tuple[Task, int]]:
        """Each document with its size; several may be read beside each other."""
        at = 0
        while True:
            self._spool.seek(at)
            try:
                block: list[tuple[Task, int]] = pickle.load(self._spool)
            except EOFError:
                return
            at = self._spool.tell()
            yield from block

    def work(self) -> Iterator[Shard | Large]:
        """The shards, and the files that are too large for one; large ones first, since they take longest."""
        yield from (Large(task, size, self.shard_bytes) for task, size in self.entries() if self._is_large(task, size))
        waiting: list[Task] = []
        weight = held = 0
        left = self._weight
        for task, size in self.entries():
            if self._is_large(task, size):
                continue
            waiting.append(task)
            held += size
            weight += max(size, _DOCUMENT)
            if weight >= self._enough(left):
                yield Shard(tuple(waiting), held)
                left -= weight
                waiting, weight, held = [], 0, 0
        if waiting:
            yield Shard(tuple(waiting), held)

    def _enough(self, left: int) -> int:
        """How much a shard is to hold when so much is left."""
        if not self._workers:
            return self.shard_bytes
        return min(self.shard_bytes, max(_FEWEST, left // (_SHARE * self._workers)))

    def _is_large(self, task: Task, size: int) -> bool:
        return size > 2 * self.shard_bytes and formats.can_be_split(task.source)


@dataclass(frozen=True, slots=True)
class Listed:
    """How many documents there are, their bytes in all, and how many make a shard at most.

    ``weight`` is what shards are made by, bytes and something for each document; ``workers`` is for how many they are
    made smaller towards the end, 0 where the settings say how large one is.
    """

    count: int
    bytes: int
    shard_bytes: int
    weight: int
    workers: int


def make(settings: Settings, place: str = "settings") -> Plan:
    """List the documents of a run, where each goes, and how large a shard is to be.

    That is done in a process of its own, which needs memory for each document and gives all of it back. Raises
    :class:`MtcleanError` where there is nothing to clean or no output is named (told of ``place``, the file of the
    settings), and for standard input.
    """
    spool = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  (it lasts as long as the plan)
    try:
        return Plan(spool, _listed(settings, place, spool))
    except BaseException:
        spool.close()
        raise


def _listed(settings: Settings, place: str, spool: BinaryIO) -> Listed:
    command = [sys.executable, "-m", "cleaners.batch.listing", str(spool.fileno())]
    order = pickle.dumps((settings, place))
    done = subprocess.run(command, input=order, stdout=subprocess.PIPE, pass_fds=[spool.fileno()], check=False)
    if done.returncode:
        raise MtcleanError(place, f"listing its inputs came to no end (status {done.returncode})", "run again")
    listed: Listed | MtcleanError = pickle.loads(done.stdout)
    if isinstance(listed, MtcleanError):
        raise listed
    return listed


def write(settings: Settings, place: str, spool: BinaryIO) -> Listed:
    """List the documents into ``spool``; raises as :func:`make` does."""
    if not settings.output:
        raise MtcleanError(place, "the settings name no output", 'add output = "DIR"')
    if not settings.inputs:
        raise MtcleanError(place, "the settings name no inputs", 'add inputs = ["DIR"]')
    for url in (*settings.inputs, settings.output):
        if url.startswith("memory://"):
            raise MtcleanError(url, "lies in the memory of one process, and a run has several", "use mtclean clean")
    tasks = jobs.targets(files.discover(settings.inputs, output=settings.output), settings.output)
    for task in tasks:
        _refuse(task)
    entries = [(task, _size(task.source)) for task in tasks]
    given = int(settings.batch.get("shard_bytes", 0))
    weight = sum(max(size, _DOCUMENT) for _, size in entries)
    shard_bytes = given or min(_MOST, max(_FEWEST, weight // (_TURNS * settings.jobs)))
    for first in range(0, len(entries), _BLOCK):
        pickle.dump(entries[first : first + _BLOCK], spool)
    whole = sum(size for _, size in entries)
    return Listed(len(entries), whole, shard_bytes, weight, 0 if given else settings.jobs)


def _refuse(task: Task) -> None:
    if task.source.path == "-":
        raise MtcleanError("inputs", "standard input cannot be read by a run", "use mtclean clean")
    if task.source.relative.split("/")[0] == quarantine.FOLDER:
        what = f"would be written where documents go that fail, {quarantine.FOLDER}/"
        raise MtcleanError(task.source.path, what, "rename this folder")


def _size(source: Source) -> int:
    """Bytes of a source; 0 for one that is gone or does not say, which its cleaning will tell better."""
    local = local_part(source.path)
    try:
        if local is not None:
            return Path(local).stat().st_size
        store, inside = filesystem(source.path)
        return int(store.size(inside) or 0)
    except Exception:  # every store fails in its own classes
        return 0


def orphans(settings: Settings, plan: Plan) -> list[str]:
    """The clean files below the output whose input is no longer there.

    Only those that lie there as they were written: what a hand has changed since, or no trail tells of, is no output.
    """
    wanted = {task.target for task, _ in plan.entries()}
    output = settings.output or ""
    hidden = (joining.FOLDER, quarantine.FOLDER)
    found = []
    for relative in _below(output):
        target = jobs.target(output, relative.removesuffix(trail.SUFFIX))
        is_trail, folder = relative.endswith(trail.SUFFIX), relative.split("/")[0]
        is_orphan = is_trail and target not in wanted and folder not in hidden
        if is_orphan and (_is_as_written(target) or _is_alone(target)):
            found.append(target)
    return sorted(found)


def released(settings: Settings, plan: Plan) -> list[str]:
    """The documents in quarantine whose input is no longer there, by their paths in it."""
    wanted = {quarantine.name(task.source.relative) for task, _ in plan.entries()}
    folder = jobs.target(settings.output or "", quarantine.FOLDER)
    reasons = (name.removesuffix(quarantine.SUFFIX) for name in _below(folder) if name.endswith(quarantine.SUFFIX))
    return sorted(name for name in reasons if name not in wanted)


def _is_as_written(target: str) -> bool:
    header = header_of(target)
    return header is not None and clean_digest(target, gzipped=target.endswith(".gz")) == header.clean_sha256


def _is_alone(target: str) -> bool:
    """Whether the clean file is gone that a trail tells of: the run that deleted both was killed before the second."""
    return header_of(target) is not None and not exists(target)


def leftovers(output: str) -> list[str]:
    """Temporary files that a run left in the output which did not end by itself."""
    names = (name for name in _below(output) if TEMPORARY.fullmatch(posixpath.basename(name)))
    return [jobs.target(output, name) for name in names]


def forgotten(output: str, plan: Plan) -> list[str]:
    """The folders of stretches whose file is gone, or is no longer large."""
    kept = {joining.folder_of(output, work.task) for work in plan.work() if isinstance(work, Large)}
    parts = jobs.target(output, joining.FOLDER)
    found = {jobs.target(parts, name.split("/")[0]) for name in _below(parts)}
    return sorted(found - kept)


def _below(output: str) -> Iterator[str]:
    """Every file below the output by its path inside it, hidden ones too."""
    local = local_part(output)
    if local is not None:
        for folder, _, names in os.walk(local):
            base = Path(folder).relative_to(local).as_posix()
            yield from names if base == "." else (f"{base}/{name}" for name in names)
        return
    store, inside = filesystem(output)
    with told(output):
        found = store.find(inside) if store.exists(inside) else []
    yield from (str(name)[len(inside.rstrip("/")) :].lstrip("/") for name in found)
