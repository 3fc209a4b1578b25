"""The course of a run: what is to be done next, given what has been done; whoever runs it brings the workers."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from cleaners.batch import joining, shard
from cleaners.batch.orders import Join, Large, Orders, Shard, Surveyed, Work
from cleaners.batch.plan import Plan
from cleaners.batch.totals import Totals
from cleaners.jobs import Task


@dataclass(slots=True)
class _Parts:
    """A large file whose stretches are with the workers."""

    large: Large
    raw_sha256: str
    tasks: tuple[Task, ...]
    missing: int
    reason: str | None = None


class Course:
    """Hands out the work of a run and takes in its results, in any order.

    A large file is surveyed, cleaned in stretches and joined: the survey's result brings new work, and so does the
    last stretch's. ``totals`` is what has been done so far, ``done_bytes`` how much of the plan's bytes that is.
    """

    def __init__(self, orders: Orders, plan: Plan) -> None:
        """Begin; nothing is done yet."""
        self.totals = Totals()
        self.done_bytes = 0
        self._orders = orders
        self._planned: Iterator[Work] = plan.work()
        self._urgent: deque[Work] = deque()
        self._parts: dict[str, _Parts] = {}

    def next(self) -> Work | None:
        """The next work; ``None`` where there is none, or none before something that is being done is taken in."""
        if self._urgent:
            return self._urgent.popleft()
        return next(self._planned, None)

    def take(self, work: Work, result: Totals | Surveyed) -> None:
        """Take in the result of some work."""
        if isinstance(result, Surveyed):
            assert isinstance(work, Large)
            self._surveyed(work, result)
            return
        self.totals.update(result)
        if isinstance(work, Large | Join):
            self._parts.pop(work.task.source.path, None)
            self.done_bytes += work.bytes if isinstance(work, Large) else 0
        else:
            self.done_bytes += work.bytes
            self._came_in(work, result)

    def _surveyed(self, large: Large, found: Surveyed) -> None:
        if found.is_current or self._orders.dry:
            self.totals.current += found.is_current
            if not found.is_current:
                self.totals.stale += 1
                self.totals.would_clean.append(large.task.source.path)
            elif not self._orders.dry:  # its stretches may lie there still, if the run that joined them was killed
                joining.remove(joining.folder_of(self._orders.output, large.task))
            self.done_bytes += large.bytes
            return
        made = joining.shards(self._orders.output, large.task, found)
        tasks = tuple(task for shard in made for task in shard.tasks)
        self._parts[large.task.source.path] = _Parts(large, found.raw_sha256, tasks, len(made))
        self._urgent.extend(made)

    def _came_in(self, work: Shard, result: Totals) -> None:
        """Count a stretch in; with the last one, the file can be joined."""
        source = work.tasks[0].source
        parts = self._parts.get(source.path)
        if source.stretch is None or parts is None:
            return
        parts.missing -= 1
        if result.failures:
            parts.reason = parts.reason or result.failures[0][1]
        if parts.missing:
            return
        if parts.reason is None:
            self._urgent.append(Join(parts.large.task, parts.raw_sha256, parts.tasks, parts.large.bytes))
            return
        del self._parts[source.path]
        failed = shard.failed(self._orders, parts.large.task, parts.reason)
        failed.failures.clear()  # told with the stretch
        self.totals.update(failed)


def do(orders: Orders, work: Work) -> Totals | Surveyed:
    """Do some work here and now; what each scheduler's tasks call."""
    if isinstance(work, Shard):
        return shard.clean(orders, work)
    return shard.survey(orders, work) if isinstance(work, Large) else shard.join(orders, work)


def run_here(orders: Orders, plan: Plan) -> Totals:
    """Do a whole run in this thread, without any scheduler."""
    course = Course(orders, plan)
    while (work := course.next()) is not None:
        course.take(work, do(orders, work))
    return course.totals


def documents(work: Work) -> tuple[Task, ...]:
    """The documents that some work is about."""
    return work.tasks if isinstance(work, Shard) else (work.task,)
