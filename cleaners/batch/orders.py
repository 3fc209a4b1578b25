"""What a run asks of whoever works for it; everything here travels between processes and machines."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from cleaners.config import Settings
from cleaners.errors import MtcleanError
from cleaners.files import Stretch
from cleaners.files.places import local_part
from cleaners.jobs import FileReport, Task

TIME_LIMIT = 600.0  # seconds


@dataclass(frozen=True, slots=True)
class Orders:
    """How a run cleans: the same for all of its work.

    ``run`` tells it from every other run. ``force`` cleans what is current, too; ``dry`` cleans nothing and only
    tells what would be cleaned. ``seconds`` is how long one document, or one stretch of a file, may take. ``folder`` is
    where relative paths begin, for workers that were started elsewhere.
    """

    settings: Settings
    run: str
    ignore_file: str | None = None
    force: bool = False
    dry: bool = False
    seconds: float = TIME_LIMIT
    folder: str = field(default_factory=os.getcwd)

    @property
    def output(self) -> str:
        """The folder, by its whole path, or the URL that is written to."""
        if self.settings.output is None:
            raise MtcleanError("output", "the settings name none", 'add output = "DIR"')
        local = local_part(self.settings.output)
        return self.settings.output if local is None else str(Path(self.folder, local))


@dataclass(frozen=True, slots=True)
class Shard:
    """Documents, or one stretch of a large file, that one task cleans; ``bytes`` is their size."""

    tasks: tuple[Task, ...]
    bytes: int


@dataclass(frozen=True, slots=True)
class Large:
    """A record file that is to be surveyed, and cleaned in stretches of about ``stretch_bytes``."""

    task: Task
    bytes: int
    stretch_bytes: int


@dataclass(frozen=True, slots=True)
class Join:
    """A large file all of whose stretches are clean: they are to become one."""

    task: Task
    raw_sha256: str
    parts: tuple[Task, ...]
    bytes: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """A document that could not be cleaned, and why: it is to go into quarantine."""

    task: Task
    reason: str


Work: TypeAlias = Shard | Large | Join


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a survey found: nothing to do for a file that is current, else its stretches."""

    is_current: bool
    raw_sha256: str
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """One edit as a short excerpt, with what stands around it on its line."""

    path: str
    code: str
    before: str
    after: str


@dataclass(slots=True)
class Outcome:
    """What became of one document; ``is_current`` where nothing was, or in a dry run would be, done.

    ``is_output_fault`` tells that the fault lies with what is written to: another try may succeed, and the next
    document would fail alike.
    """

    report: FileReport
    is_current: bool = False
    is_output_fault: bool = False
    samples: list[Sample] = field(default_factory=list)


class CancelledError(Exception):
    """The run that this work is for has ended or was stopped."""


class OutputError(MtcleanError):
    """What is written to refuses: the disk is full, the folder read-only, the network gone."""
