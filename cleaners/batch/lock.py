"""One run at a time writes to an output: the second is refused, and workers of a run that is over notice.

On this machine's file systems the system holds the lock, and lets it go whatever ends the process. A bucket has no
locks: there the run that writes beats, as long as it lives, and one that no longer beats has lost its claim. No clock
is asked whether it does; the second run waits and looks again.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cleaners.errors import MtcleanError
from cleaners.files import is_url
from cleaners.files.places import filesystem, has_folders, local_part, told

NAME = ".mtclean.lock"
BEAT = 5.0  # seconds between two beats of a lock in a bucket
_SILENCE = 3  # beats without a sign after which a run counts as dead
_LOOK = 1.0  # seconds between two looks of a worker


@contextmanager
def held(output: str, run: str) -> Iterator[Callable[[], None]]:
    """Hold the lock of ``output`` for the run of this name while the block runs.

    Gives what tells all workers to stop, while the lock still keeps others out. Raises :class:`MtcleanError` where
    another run holds it, and where nothing can be written.
    """
    local = local_part(output)
    with _held_file(output, Path(local), run) if local is not None else _held_object(output, run) as stop:
        yield stop


class Watch:
    """Tells a worker whether the run that it works for still holds the lock; looks at most once a second."""

    def __init__(self, output: str, run: str) -> None:
        """Watch the lock of ``output`` for ``run``."""
        self._output, self._run = output, run
        self._looked = -_LOOK
        self._is_held = True

    def is_held(self) -> bool:
        """Whether the run goes on; where that cannot be told (the network is down), it counts as going on."""
        now = time.monotonic()
        if now - self._looked >= _LOOK:
            self._looked = now
            with contextlib.suppress(MtcleanError):
                self._is_held = _read(self._output).get("run") == self._run
        return self._is_held


def _claim(run: str, beat: int) -> bytes:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    claim = {"run": run, "host": socket.gethostname(), "pid": os.getpid(), "since": since, "beat": beat}
    return (json.dumps(claim) + "\n").encode()


def _read(output: str) -> dict[str, Any]:
    """The claim that lies in the lock; empty where there is none, or it is only half written.

    Raises :class:`MtcleanError` where that cannot be told, as where this machine does not see the output.
    """
    local = local_part(output)
    try:
        if local is not None:
            if not Path(local).is_dir():
                raise MtcleanError(output, "there is no such folder", "check that this machine sees it")
            data = Path(local, NAME).read_bytes()
        else:
            store, folder = filesystem(output)
            # What a store remembers of its listings would hide what another machine wrote.
            store.invalidate_cache()
            data = store.cat_file(f"{folder.rstrip('/')}/{NAME}")
        claim = json.loads(data)
    except (FileNotFoundError, ValueError):
        return {}
    except MtcleanError:
        raise
    except Exception as error:  # every store fails in its own classes
        raise MtcleanError(output, f"its lock cannot be read: {error}") from error
    return claim if isinstance(claim, dict) else {}


def _refusal(output: str, claim: dict[str, Any]) -> MtcleanError:
    who = f"process {claim.get('pid')} on {claim.get('host')}, since {claim.get('since')}" if claim else "it just began"
    return MtcleanError(output, f"another run is writing there ({who})", "wait until it ends, or name another output")


@contextmanager
def _held_file(output: str, folder: Path, run: str) -> Iterator[Callable[[], None]]:
    path = folder / NAME
    descriptor = _locked(output, path)
    try:
        with told(output):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, _claim(run, 0), 0)
        yield lambda: os.ftruncate(descriptor, 0)
    finally:
        with contextlib.suppress(OSError):  # the folder may be gone
            path.unlink()
        os.close(descriptor)


def _locked(output: str, path: Path) -> int:
    """A descriptor of the lock file, locked, that is still the one of that name."""
    with told(output):
        path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        with told(output):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise _refusal(output, _read(output)) from error
        if _is_at(descriptor, path):
            return descriptor
        os.close(descriptor)  # whoever held it took the file away meanwhile


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


@contextmanager
def _held_object(output: str, run: str) -> Iterator[Callable[[], None]]:
    before = _read(output)
    if before:
        time.sleep(_SILENCE * BEAT)
        now = _read(output)
        if now and now != before:
            raise _refusal(output, now)
    _write(output, run, 0)
    time.sleep(BEAT / 5)  # of two that came at once, the later one wrote over the other
    if _read(output).get("run") != run:
        raise _refusal(output, _read(output))
    over = threading.Event()
    beating = threading.Thread(target=_beat, args=(output, run, over), daemon=True)
    beating.start()

    def stop() -> None:
        over.set()
        beating.join()  # a beat that is on its way would bring the claim back
        _give_up(output, run)

    try:
        yield stop
    finally:
        stop()


def _give_up(output: str, run: str) -> None:
    with contextlib.suppress(Exception):  # a claim that stays counts as dead after some beats
        if _read(output).get("run") == run:
            store, folder = filesystem(output)
            store.rm_file(f"{folder.rstrip('/')}/{NAME}")


def _beat(output: str, run: str, over: threading.Event) -> None:
    beat = 0
    while not over.wait(BEAT):
        beat += 1
        with contextlib.suppress(MtcleanError):  # the next beat may come through
            if _read(output).get("run") != run:
                return  # another run took it: this one had fallen silent
            _write(output, run, beat)


def _write(output: str, run: str, beat: int) -> None:
    assert is_url(output)
    store, folder = filesystem(output)
    with told(output):
        if has_folders(store):
            store.makedirs(folder, exist_ok=True)
        store.pipe_file(f"{folder.rstrip('/')}/{NAME}", _claim(run, beat))
