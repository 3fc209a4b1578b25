"""The worker's side: keeps a child process that cleans, waits for it as long as it may take, and replaces it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable
from itertools import islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

from cleaners.batch.lock import Watch
from cleaners.batch.orders import CancelledError, Join, Large, Orders, Outcome, SetAside, Surveyed
from cleaners.errors import MtcleanError
from cleaners.jobs import FileReport, Task

_SLICE = 0.25  # seconds between two looks at whether the run goes on
_STARTING = 120.0  # seconds that a child may take to start
_AHEAD = 32  # orders that are with the child at most
_AHEAD_BYTES = 4096  # of all of them but one: what a pipe takes on any system, so that sending never waits
_NAP = 0.02  # seconds left to a child that has no answer yet; it does not run out of orders meanwhile
_SLOWEST = 1_000_000  # bytes a second that a disk, or a network, gives at least
_TRIES = 2  # of a document that takes its process down
_mine = threading.local()


class _StartError(OSError):
    """The child did not get ready; no document is to blame."""


class Worker:
    """One child process and the orders that it works by; used by one thread."""

    def __init__(self, orders: Orders) -> None:
        """Start nothing yet: the child starts with its first order."""
        self.orders = orders
        self._watch = Watch(orders.output, orders.run)
        self._child: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    @classmethod
    def of_this_thread(cls, orders: Orders) -> Worker:
        """Give the calling thread its worker; a new one where the last worked by other orders."""
        worker: Worker | None = getattr(_mine, "worker", None)
        if worker is None or worker.orders != orders:
            if worker is not None:
                worker.close()
            worker = _mine.worker = cls(orders)
        return worker

    def clean(self, tasks: Iterable[Task]) -> Generator[Outcome]:
        """Clean documents, or stretches of a file, one after the other; gives an outcome for each, in order.

        One that hangs, or takes the child down twice, is a report with an error. Raises :class:`CancelledError` when
        the run is over.
        """
        waiting = deque(tasks)
        sent: deque[int] = deque()  # the bytes of each order that is with the child: the next ones lie ready there
        tries = 0  # of the first that waits
        try:
            while waiting:
                try:
                    # A child that died with orders in hand is told by its pipe; a new one would not know of them.
                    pipe = self._pipe if sent and self._pipe is not None else self._started()
                    self._send_ahead(pipe, waiting, sent)
                    outcome: Outcome = self._received(pipe, self.orders.seconds)
                except (EOFError, OSError, TimeoutError) as error:
                    self.close()
                    sent.clear()
                    tries += 1
                    # What ended the child may have been another's fault, as where memory ran out.
                    if tries < _TRIES and not isinstance(error, TimeoutError):
                        continue
                    if isinstance(error, _StartError):
                        raise MtcleanError("mtclean", f"no process that cleans can be started ({error})") from error
                    outcome = self._lost(waiting[0], error)
                waiting.popleft()
                if sent:
                    sent.popleft()
                tries = 0
                yield outcome
        finally:
            if sent:  # nobody waits for the answers any more, and nobody else may get them
                self.close()

    @staticmethod
    def _send_ahead(pipe: Connection, waiting: deque[Task], sent: deque[int]) -> None:
        """Give the child more of what waits, once all that it has answered is taken in."""
        if sent and pipe.poll():
            return
        # A child that has died is told when its last answers are taken in, which can still be read.
        with contextlib.suppress(OSError):
            for task in islice(waiting, len(sent), _AHEAD):
                order = ForkingPickler.dumps(task)
                if sent and sum(sent) + len(order) > _AHEAD_BYTES:
                    return
                pipe.send_bytes(order)
                sent.append(len(order))

    def _lost(self, task: Task, error: Exception) -> Outcome:
        """Set a document aside with which the child was lost."""
        if isinstance(error, TimeoutError):
            reason = f"it took longer than {self.orders.seconds:g} seconds"
            todo = "look at this document, or raise time_limit in [batch]"
        else:
            reason = f"it ended the process that read it ({self._ended()})"
            todo = "look for something very large in it"
        return self.set_aside(task, str(MtcleanError(task.source.path, reason, todo)))

    def set_aside(self, task: Task, reason: str) -> Outcome:
        """Put a document into quarantine, unless it is a stretch of one; gives the outcome that tells so."""
        try:
            outcome: Outcome = self._asked(SetAside(task, reason), task)
        except MtcleanError as error:  # the copy may hang as the document did
            outcome = Outcome(FileReport(task.source.path, task.target, error=f"{reason} (not in quarantine: {error})"))
        return outcome

    def survey(self, large: Large) -> Surveyed:
        """Find the stretches of a large file; raises :class:`MtcleanError` where it cannot be read."""
        found: Surveyed = self._asked(large, large.task)
        return found

    def join(self, join: Join) -> Outcome:
        """Make one file of its clean stretches."""
        outcome: Outcome = self._asked(join, join.task)
        return outcome

    def _asked(self, order: Large | Join | SetAside, task: Task) -> Any:
        """The answer to an order of which there is one at a time; what the child raised is raised here."""
        for tries in range(1, _TRIES + 1):
            try:
                pipe = self._started()
                pipe.send(order)
                return self._received(pipe, self.orders.seconds + self._more(order))
            except (EOFError, OSError, TimeoutError) as error:
                self.close()
                if tries == _TRIES or isinstance(error, TimeoutError):
                    what = f"the process that read it came to no end ({str(error) or self._ended()})"
                    raise MtcleanError(task.source.path, what, "run again") from error
        raise AssertionError("the last try gives an answer or an error")

    @staticmethod
    def _more(order: Large | Join | SetAside) -> float:
        """Seconds beyond the limit of a document: a survey and a join go through a large file from end to end."""
        return 0 if isinstance(order, SetAside) else order.bytes / _SLOWEST

    def _received(self, pipe: Connection, seconds: float) -> Any:
        """The child's next answer; what it raised is raised here. A child that does not answer is ended."""
        try:
            answer = self._answer(pipe, seconds)
        except BaseException:
            self.close()
            raise
        if isinstance(answer, Exception):
            raise answer
        if not self._goes_on():
            raise CancelledError
        return answer

    def _answer(self, pipe: Connection, seconds: float) -> Any:
        """What comes through the pipe within so many seconds.

        Answers are taken in bunches: woken for each of them, the worker would take a tenth of the child's core.
        """
        limit = time.monotonic() + seconds
        if not pipe.poll():
            time.sleep(_NAP)
        while not pipe.poll(_SLICE):
            if not self._goes_on():
                raise CancelledError
            if time.monotonic() > limit:
                raise TimeoutError(f"longer than {seconds:g} seconds")
        return pipe.recv()

    def _goes_on(self) -> bool:
        return self.orders.dry or self._watch.is_held()  # a dry run holds no lock

    def _is_alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def _started(self) -> Connection:
        """The pipe to a living child that has its orders."""
        if self._pipe is not None and self._is_alive():
            return self._pipe
        self.close()
        ours, theirs = Pipe()
        command = [sys.executable, "-m", "cleaners.batch.child", str(theirs.fileno())]
        # A group of its own: what a terminal sends to the run's group must not end a document in the middle.
        self._child = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, process_group=0)
        theirs.close()
        self._pipe = ours
        try:
            ours.send(self.orders)
            self._answer(ours, _STARTING)
        except (EOFError, OSError, TimeoutError) as error:
            self.close()
            raise _StartError(str(error) or self._ended()) from error
        return ours

    def _ended(self) -> str:
        code = self._code
        return f"signal {-code}" if code is not None and code < 0 else f"status {code}"

    _code: int | None = None

    def close(self) -> None:
        """End the child, whatever it is doing; what it had not put in place is gone."""
        if self._pipe is not None:
            self._pipe.close()
        if self._child is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):  # one that is ending by itself tells how
                self._child.wait(0.05)
            self._child.kill()
            self._code = self._child.wait()
        self._pipe = self._child = None

    def __del__(self) -> None:
        """A worker whose thread ended leaves no child behind."""
        with contextlib.suppress(Exception):
            self.close()
