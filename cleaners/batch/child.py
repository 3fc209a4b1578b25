"""The process that cleans for a worker, one document at a time: ``python -m cleaners.batch.child DESCRIPTOR``.

It is a process of its own so that a document which hangs, or takes the process down, costs no more than itself: no
time limit inside a process reaches a search that never returns. It ends when nobody is at the other end of the pipe.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import signal
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from cleaners import formats, jobs
from cleaners.batch import joining, quarantine
from cleaners.batch.current import is_current
from cleaners.batch.orders import Join, Large, Orders, Outcome, Sample, SetAside, Surveyed
from cleaners.core import Result, Verdict
from cleaners.engine import Cleaner
from cleaners.errors import MtcleanError
from cleaners.files.places import local_part, told
from cleaners.formats import Fields
from cleaners.jobs import FileReport, Task

_IDLE = 120.0  # seconds without an order after which it ends
_SAMPLES = 2  # of one document
_AROUND = 40  # code points shown before and after an edit
_PARENT_DIES = 1  # PR_SET_PDEATHSIG


def main() -> None:
    """Serve the worker at the other end of the descriptor that the command line names."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the run says what ends
    end_with_parent()
    pipe = Connection(int(sys.argv[1]))
    os.dup2(2, 1)  # what a library prints must not end up in anyone's output
    try:
        do = _ready(pipe.recv())
        pipe.send(None)  # from here on the time of documents counts
        while pipe.poll(_IDLE):
            pipe.send(_answer(do, pipe.recv()))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass


def end_with_parent() -> None:
    """End with the worker, also in the middle of a document; elsewhere than on Linux, between two of them."""
    parent = os.getppid()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PARENT_DIES, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before this took effect
        os._exit(1)


def _ready(orders: Orders) -> Callable[[Any], Any]:
    """What carries out orders; where nothing can be made ready, what tells so each time."""
    try:
        with told(orders.folder):
            os.chdir(orders.folder)
        return _Server(orders).do
    except Exception as error:
        failure = error

        def refuse(order: Any) -> Any:
            raise failure

        return refuse


def _answer(do: Callable[[Any], Any], order: Any) -> Any:
    """What came of an order, or the error that did; the worker raises it on its side."""
    try:
        return do(order)
    except Exception as error:
        place = "mtclean"
        return error if isinstance(error, MtcleanError) else MtcleanError(place, jobs.told(place, error))


class _Server:
    """Carries out orders with one cleaner."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        # Asked once: what this run puts there, it does not clean as well.
        self._has_quarantine = quarantine.is_there(orders.output)
        self._cleaner: Cleaner = jobs.make_cleaner(orders.settings, orders.ignore_file, rewriting=True)

    def do(self, order: Task | Large | Join | SetAside) -> Outcome | Surveyed:
        """Do what the kind of order asks for."""
        if isinstance(order, Large):
            return self._survey(order)
        if isinstance(order, SetAside):
            failed = Outcome(FileReport(order.task.source.path, order.task.target, error=order.reason))
            return self._set_aside(order.task, failed)
        if isinstance(order, Join):
            return self._finished(order.task, lambda outcome: joining.join(self._cleaner, order))
        return self._clean(order)

    def _clean(self, task: Task) -> Outcome:
        def work(outcome: Outcome) -> FileReport:
            def visit(result: Result) -> None:
                if len(outcome.samples) < _SAMPLES:
                    outcome.samples += samples(result)[: _SAMPLES - len(outcome.samples)]

            if not self._orders.force and is_current(self._cleaner, task):
                outcome.is_current = True
            elif not self._orders.dry:
                return jobs.clean_source(self._cleaner, task, visit=visit)
            return FileReport(task.source.path, task.target)

        return self._finished(task, work)

    def _survey(self, large: Large) -> Surveyed:
        settings = self._orders.settings
        fields = Fields(settings.text_field, settings.source_field)
        found = formats.survey(large.task.source, fields, large.stretch_bytes)
        is_done = not self._orders.force and is_current(self._cleaner, large.task, raw_sha256=found.raw_sha256)
        if is_done:
            self._lift(large.task)
        return Surveyed(is_done, found.raw_sha256, found.stretches)

    def _finished(self, task: Task, work: Callable[[Outcome], FileReport]) -> Outcome:
        """The outcome of some work on a task; what goes wrong is told in its report, and the document is set aside."""
        path = task.source.path
        outcome = Outcome(FileReport(path, task.target))
        try:
            outcome.report = work(outcome)
            self._lift(task)
        except Exception as error:  # whatever it was, the other documents are still to be done
            outcome.report.error, outcome.report.trace = jobs.told(path, error), traceback.format_exc()
            outcome.is_output_fault = isinstance(error, MtcleanError) and _is_of_output(error, task, self._orders)
            if not outcome.is_output_fault:
                return self._set_aside(task, outcome)
        return outcome

    def _lift(self, task: Task) -> None:
        if self._has_quarantine and not self._orders.dry:
            quarantine.lift(self._orders.output, task.source.relative)

    def _set_aside(self, task: Task, outcome: Outcome) -> Outcome:
        if not self._orders.dry and task.source.stretch is None:  # of a large file the whole is set aside, once
            assert outcome.report.error is not None
            self._has_quarantine = True
            try:
                quarantine.put(self._orders.output, task, outcome.report.error)
            except MtcleanError as error:
                outcome.report.error, outcome.is_output_fault = str(error), True
        return outcome


def _is_of_output(error: MtcleanError, task: Task, orders: Orders) -> bool:
    """Whether an error tells of what is written to, and not of what is read, which may lie below it."""
    if isinstance(error.__cause__, OSError) and error.__cause__.errno == errno.ENAMETOOLONG:
        return False  # no other document will fail alike
    place = error.place
    if place == task.source.path or place.startswith(task.source.path + ":"):  # with a line, and a column
        return False
    local, output = local_part(place), orders.output
    if local is None or local_part(output) is None:
        return f"{place}/".startswith(output.rstrip("/") + "/")
    return Path(orders.folder, local).is_relative_to(output)


def samples(result: Result) -> list[Sample]:
    """The first edits of a document, each with what stands around it on its line."""
    found = []
    text = result.document.text
    for decision in result.decisions:
        if decision.verdict is Verdict.APPLIED and decision.fix is not None:
            before, after = text[: decision.start][-_AROUND:], text[decision.end :][:_AROUND]
            left, right = before.rpartition("\n")[2], after.partition("\n")[0]
            changed = (left + decision.raw + right, left + decision.fix + right)
            found.append(Sample(result.document.path, decision.finding.code, *changed))
            if len(found) == _SAMPLES:
                break
    return found


if __name__ == "__main__":
    main()
