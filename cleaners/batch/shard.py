"""Cleans one shard: what a task of any scheduler calls, and all that it has to know."""

from __future__ import annotations

from pathlib import Path

from cleaners.batch import quarantine
from cleaners.batch.orders import Join, Large, Orders, Outcome, OutputError, Shard, Surveyed
from cleaners.batch.totals import Totals
from cleaners.batch.worker import Worker
from cleaners.errors import MtcleanError
from cleaners.files.places import local_part
from cleaners.jobs import FileReport, Task


def clean(orders: Orders, shard: Shard) -> Totals:
    """Clean the documents of a shard that are not current; one that fails goes into quarantine.

    Raises :class:`OutputError` where the output cannot be written: what has been put in place by then stays, so that
    another try goes on from there. Raises :class:`~cleaners.batch.orders.CancelledError` when the run is over.
    """
    worker = Worker.of_this_thread(orders)
    found = Totals()
    for task in shard.tasks:
        _take_in(found, orders, task, worker.clean(task))
    found.bytes += shard.bytes
    return found


def survey(orders: Orders, large: Large) -> Surveyed | Totals:
    """The stretches of a large file; totals with its failure where it cannot be read."""
    try:
        return Worker.of_this_thread(orders).survey(large)
    except MtcleanError as error:
        return failed(orders, large.task, str(error))


def join(orders: Orders, join: Join) -> Totals:
    """Put the clean stretches of a large file together; its edits were counted with the stretches."""
    outcome = Worker.of_this_thread(orders).join(join)
    found = Totals()
    _take_in(found, orders, join.task, outcome)
    return found


def failed(orders: Orders, task: Task, reason: str) -> Totals:
    """The totals of a document that could not be cleaned, once it is in quarantine."""
    found = Totals()
    _take_in(found, orders, task, Outcome(FileReport(task.source.path, task.target, error=reason)))
    return found


def _take_in(found: Totals, orders: Orders, task: Task, outcome: Outcome) -> None:
    report = outcome.report
    if outcome.is_output_fault:
        assert report.error is not None
        raise OutputError("", report.error)
    is_stretch = task.source.stretch is not None
    found.add(outcome, is_stretch=is_stretch, is_dry=orders.dry)
    if orders.dry or is_stretch:  # of a large file the whole is put there, once
        return
    try:
        if report.error:
            quarantine.put(orders.output, task, report.error)
        elif not outcome.is_current and _has_quarantine(orders.output):
            quarantine.lift(orders.output, task)
    except MtcleanError as error:
        raise OutputError(error.place, error.what, error.todo) from error


def _has_quarantine(output: str) -> bool:
    local = local_part(output)
    return local is None or Path(local, quarantine.FOLDER).is_dir()
