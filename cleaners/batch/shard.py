"""Cleans one shard: what a task of any scheduler calls, and all that it has to know."""

from __future__ import annotations

from contextlib import closing

from cleaners.batch.orders import Join, Large, Orders, Outcome, OutputError, Shard, Surveyed
from cleaners.batch.totals import Totals
from cleaners.batch.worker import Worker
from cleaners.errors import MtcleanError
from cleaners.jobs import Task


def clean(orders: Orders, shard: Shard) -> Totals:
    """Clean the documents of a shard that are not current; one that fails goes into quarantine.

    Raises :class:`OutputError` where the output cannot be written: what has been put in place by then stays, so that
    another try goes on from there. Raises :class:`~cleaners.batch.orders.CancelledError` when the run is over.
    """
    found = Totals()
    with closing(Worker.of_this_thread(orders).clean(shard.tasks)) as outcomes:
        for task, outcome in zip(shard.tasks, outcomes, strict=True):
            _take_in(found, orders, task, outcome)
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
    try:
        outcome = Worker.of_this_thread(orders).join(join)
    except MtcleanError as error:
        return failed(orders, join.task, str(error))
    found = Totals()
    _take_in(found, orders, join.task, outcome)
    return found


def failed(orders: Orders, task: Task, reason: str) -> Totals:
    """The totals of a document that could not be cleaned, once it is in quarantine."""
    found = Totals()
    _take_in(found, orders, task, Worker.of_this_thread(orders).set_aside(task, reason))
    return found


def _take_in(found: Totals, orders: Orders, task: Task, outcome: Outcome) -> None:
    if outcome.is_output_fault:
        raise OutputError("", outcome.report.error or "the output cannot be written")
    found.add(outcome, is_stretch=task.source.stretch is not None, is_dry=orders.dry)
