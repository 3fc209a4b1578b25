"""The flow that cleans a batch: finds what is new, hands shards to workers, publishes what came of it.

Thin: ``cleaners.batch`` says what is to be done and does it; here it becomes tasks of Prefect.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed, Failed
from prefect.task_runners import TaskRunner
from prefect.tasks import exponential_backoff

from cleaners import config as configuration
from cleaners import jobs, reporting, trail
from cleaners.batch import course, joining, lock, plan, quarantine
from cleaners.batch.course import Course
from cleaners.batch.orders import TIME_LIMIT, Orders, OutputError, Surveyed, Work
from cleaners.batch.plan import Plan
from cleaners.batch.totals import Totals
from cleaners.config import Settings
from cleaners.errors import MtcleanError
from cleaners.files.places import delete, exists
from flows import publishing
from flows.engines import renew, runner_of
from flows.server import reachable

_RETRIES = 3
_BACKOFF = 2.0  # seconds before the first retry, doubled for each further one
_AHEAD = 3  # tasks that wait for each worker
_MAX_FAILURES = 100
_LONG = 10.0  # seconds after which a run shows how far it is, and between two looks


def _is_worth_a_try(task: Any, run: Any, state: Any) -> bool:
    """Whether a shard that failed may fare better: what was written to may be back."""
    try:
        state.result()
    except OutputError:
        return True
    except Exception:
        return False
    return False


class Errand:
    """What one task is given: the orders of the run, and its work.

    It is no dataclass, since Prefect looks into every field of those for futures, twice in the flow and twice in the
    worker: for a shard of 2,000 documents that takes a quarter of a second.
    """

    __slots__ = ("orders", "work")

    def __init__(self, orders: Orders, work: Work) -> None:
        """Keep both."""
        self.orders, self.work = orders, work


@task(
    name="clean-shard",
    retries=_RETRIES,
    retry_delay_seconds=exponential_backoff(_BACKOFF),
    retry_jitter_factor=0.5,
    retry_condition_fn=_is_worth_a_try,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def clean_shard(errand: Errand) -> Totals | Surveyed:
    """Clean the documents of a shard, or survey or join a large file; gives counts, never texts."""
    return course.do(errand.orders, errand.work)


@flow(name="mtclean-clean-batch", validate_parameters=False, persist_result=False)
def clean_batch(
    config: str | None = None,
    inputs: list[str] | None = None,
    output: str | None = None,
    engine: str | None = None,
    settings: dict[str, Any] | None = None,
    force: bool = False,
    prune: bool = False,
    dry_run: bool = False,
) -> Any:
    """Clean what is new or stale of the inputs into the output.

    ``config`` is a settings file; the other parameters go before what it says. ``force`` cleans what is current, too;
    ``prune`` deletes clean files whose input is gone; ``dry_run`` only tells what would be done. The run ends Failed
    when more documents failed than ``max_failures`` allows, or the output could not be written.
    """
    logger = get_run_logger()
    given = {"inputs": inputs, "output": output, "engine": engine, **(settings or {})}
    try:
        run = _Run(*_settings(config, given), config or "settings", force=force, dry=dry_run)
        # A dry run writes nothing: it need not wait for another, and may look at what cannot be written.
        with nullcontext(lambda: None) if dry_run else lock.held(run.orders.output, run.orders.run) as stop:
            return _cleaned(run, stop, logger, prune=prune)
    except MtcleanError as error:  # a line for whoever reads the log; a traceback would say no more
        logger.error("%s", error)
        return Failed(message=str(error))


def _cleaned(run: _Run, stop: Callable[[], None], logger: Any, *, prune: bool) -> Any:
    """Do the run and publish what came of it; gives the state that it ends in."""
    if not run.orders.dry:
        _sweep(run.orders.output)
        for folder in plan.forgotten(run.orders.output, run.plan):
            joining.remove(folder)
    logger.info("%d documents, %d bytes, engine %s", run.plan.count, run.plan.bytes, run.settings.engine)
    with runner_of(run.settings) as runner:
        totals = run.go(runner, stop, logger)
    if not run.orders.dry:
        _sweep(run.orders.output)  # of processes that were killed meanwhile
    return run.finish(totals, _prune(run, logger) if prune else 0, logger)


def _sweep(output: str) -> None:
    """Delete what was being written when its process was killed; nobody else writes there while the lock is held."""
    for path in plan.leftovers(output):
        delete(path)


def _settings(config: str | None, given: dict[str, Any]) -> tuple[Settings, str | None]:
    """The settings of a run, and the file of the hits that are set aside."""
    known = {f.name for f in fields(Settings)}
    for key in given:
        if key not in known:
            raise MtcleanError("settings", f"unknown key {key!r}", "name a key of mtclean.toml")
    path = Path(config) if config else None
    base = configuration.load(path) if path else Settings()
    lists = {key: tuple(value) for key, value in given.items() if isinstance(value, list)}
    ignore = jobs.ignore_path(path)
    return base.merged(**{**given, **lists}), str(ignore) if ignore.is_file() else None


class _Run:
    """One run: its orders, its plan and its limits."""

    def __init__(self, settings: Settings, ignore_file: str | None, place: str, *, force: bool, dry: bool) -> None:
        self.settings = settings
        self.plan: Plan = plan.make(settings, place)
        self.fingerprint = jobs.make_cleaner(settings, ignore_file, rewriting=True).fingerprint
        seconds = float(settings.batch.get("time_limit", TIME_LIMIT))
        self.orders = Orders(settings, uuid4().hex, ignore_file, force, dry, seconds)
        self.started = datetime.now(UTC)
        self._most_failures = int(settings.batch.get("max_failures", _MAX_FAILURES))
        self._why_stopped: str | None = None

    def go(self, runner: TaskRunner[Any], stop: Callable[[], None], logger: Any) -> Totals:
        """Do all the work; ``stop`` is called where some of it is left, so that no worker goes on with it."""
        at_work = Course(self.orders, self.plan)
        waiting: deque[_Submitted] = deque()
        progress, looked = publishing.Progress(), time.monotonic()
        try:
            while self._why_stopped is None:
                while len(waiting) < self.settings.jobs * (1 + _AHEAD) and (work := at_work.next()) is not None:
                    waiting.append(self._submitted(runner, work))
                if not waiting:
                    return at_work.totals
                again = self._taken(at_work, waiting.popleft(), logger)
                if again is not None:
                    renew(runner)
                    waiting.append(self._submitted(runner, again.work, again.tries + 1))
                if time.monotonic() - looked > _LONG:
                    looked = time.monotonic()
                    progress.show(at_work.done_bytes / max(1, self.plan.bytes))
        except BaseException:
            stop()
            raise
        stop()
        return at_work.totals

    def _submitted(self, runner: TaskRunner[Any], work: Work, tries: int = 1) -> _Submitted:
        retries = int(self.settings.batch.get("retries", _RETRIES))
        name = _name(work).replace("{", "{{").replace("}", "}}")  # Prefect fills in what stands in braces
        named = clean_shard.with_options(retries=retries, task_run_name=name)
        return _Submitted(runner.submit(named, {"errand": Errand(self.orders, work)}), work, tries)

    def _taken(self, at_work: Course, done: _Submitted, logger: Any) -> _Submitted | None:
        """Take in what a task brought; gives it back where its worker was lost, and it is to be tried anew."""
        found, error = _outcome_of(done.future)
        if error is None:
            at_work.take(done.work, found)
            if isinstance(found, Totals):
                self._log(found, done.work, logger)
        elif not isinstance(error, MtcleanError) and done.tries <= _RETRIES:
            logger.warning("%s: its worker was lost, it is tried again (%s)", _name(done.work), _line(error))
            return done
        else:
            self._why_stopped = _line(error)
        if at_work.totals.failed > self._most_failures:
            self._why_stopped = f"more than {self._most_failures} documents failed (max_failures in [batch])"
        return None

    def _log(self, found: Totals, work: Work, logger: Any) -> None:
        for path, note in found.notes:
            logger.warning("%s: %s", path, note)
        for _, reason in found.failures:
            logger.error("%s", reason)
        logger.info("%s: %s", _name(work), found.told())

    def finish(self, totals: Totals, pruned: int, logger: Any) -> Any:
        """Publish the figures and give the state that the run ends in."""
        headline = totals.told()
        left = self.plan.count - totals.documents
        if pruned:
            headline += f"; {pruned} without an input {'would be ' if self.orders.dry else ''}deleted"
        if left:
            headline += f"; {left} not tried"
        if totals.unrewritten:
            logger.warning("%s", totals.unrewritten)
        ended = datetime.now(UTC)
        state = "failed" if self._why_stopped else "completed"
        if not self.orders.dry:
            row = {"run": self.orders.run, "state": state, "reason": self._why_stopped,
                   "started": self.started.isoformat(timespec="seconds"), "ended": ended.isoformat(timespec="seconds"),
                   "seconds": round((ended - self.started).total_seconds(), 1), "engine": self.settings.engine,
                   "jobs": self.settings.jobs, "fingerprint": self.fingerprint, "pruned": pruned, "not_tried": left,
                   **totals.row()}  # fmt: skip
            try:
                publishing.write_run_file(self.orders.output, row)
            except MtcleanError as error:  # what stopped the run may stop this, too, and is the better reason
                self._why_stopped = self._why_stopped or str(error)
        publishing.publish(totals, headline, self._report(logger))
        for path in totals.would_clean:
            logger.info("would clean %s", path)
        if (more := totals.stale - len(totals.would_clean)) > 0:
            logger.info("would clean %d more", more)
        logger.info("%s", headline)
        if self._why_stopped:
            return Failed(message=f"{self._why_stopped}; {headline}")
        return Completed(message=headline, data=totals.failed)

    def _report(self, logger: Any) -> Path | None:
        """Write the report of all documents that lie in the output, where one is wanted; gives its index."""
        if not self.settings.report or self.orders.dry:
            return None
        tasks = (task for task, _ in self.plan.entries())
        try:
            place = reporting.of_tasks(tasks, self.settings.report, self.settings)
        except MtcleanError as error:  # the texts are clean, whatever becomes of their report
            logger.warning("there is no report: %s", error)
            return None
        logger.info("report in %s", place)
        return place


@dataclass(frozen=True, slots=True)
class _Submitted:
    """Work that is with a worker, for the how manieth time."""

    future: Any
    work: Work
    tries: int


def _name(work: Work) -> str:
    """What a task is called: its first document, and how many follow."""
    tasks = course.documents(work)
    kind = {"Shard": "clean", "Large": "survey", "Join": "join"}[type(work).__name__]
    stretch = tasks[0].source.stretch
    more = f" +{len(tasks) - 1}" if len(tasks) > 1 else f" @{stretch.start}" if stretch else ""
    return f"{kind} {tasks[0].source.relative}{more}"


def _outcome_of(future: Any) -> tuple[Any, Exception | None]:
    """What a task brought, or the error that it ended in; waits for either."""
    try:
        future.wait()
        return future.result(), None
    except Exception as error:  # also what a pool raises in the place of a state, when one of its processes was killed
        return None, error


def _line(error: BaseException) -> str:
    return " ".join((str(error) or type(error).__name__).split())


def _prune(run: _Run, logger: Any) -> int:
    """Delete the clean files whose input is gone, each with its trail, and such in quarantine; gives how many."""
    gone, released = plan.orphans(run.settings, run.plan), plan.released(run.settings, run.plan)
    for path in gone:
        logger.info("%s %s: its input is gone", "would delete" if run.orders.dry else "deleted", path)
        if not run.orders.dry:
            if exists(path):
                delete(path)
            delete(path + trail.SUFFIX)
    for relative in [] if run.orders.dry else released:
        quarantine.lift(run.orders.output, relative)
    return len(gone)


def run_here(config: str, *, force: bool, prune: bool, dry_run: bool) -> int:
    """Run the flow now, in this process; gives the exit status: 0 done, 2 some documents could not be cleaned.

    Raises :class:`MtcleanError` before anything starts when the settings cannot work, and when Prefect itself
    cannot: its server does not answer, or cannot be started.
    """
    _Run(*_settings(config, {}), config, force=force, dry=True)
    try:
        with reachable():
            state: Any = clean_batch(config, force=force, prune=prune, dry_run=dry_run, return_state=True)
    except Exception as error:  # what the flow raises is in the state; Prefect's own errors are of many classes
        todo = "look at PREFECT_API_URL, or unset it to use a server of its own"
        raise MtcleanError("run", f"Prefect cannot run the flow: {_line(error)}", todo) from error
    return 0 if state.is_completed() and not state.result() else 2
