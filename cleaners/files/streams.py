"""Open a source for reading and put an output in place, every failure told in one line."""

from __future__ import annotations

import contextlib
import io
import os
import posixpath
import re
import stat
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from cleaners.errors import MtcleanError
from cleaners.files.encoding import DOCUMENT_LIMIT, over_limit
from cleaners.files.places import Source, filesystem, has_folders, local_part, move, resolved, told

_BUFFER = 256 * 1024  # bytes
_GZIP_LEVEL = 6  # the gzip program's own default; 9 takes three times as long for one per cent


@contextmanager
def open_source(source: Source) -> Iterator[BinaryIO]:
    """Open a source and give its decompressed bytes; standard input is left open afterwards.

    Raises MtcleanError on opening (missing, forbidden, a folder) and on any read that fails: the
    disk, the network, gz data that is corrupt or cut short.
    """
    with ExitStack() as stack:
        raw = _open_raw(source.path, stack)
        stream: io.BufferedReader[Any] = io.BufferedReader(_ToldReader(raw, source.path), _BUFFER)
        stack.enter_context(stream)
        if source.gzipped:
            stream = stack.enter_context(_unzipped(stream, source.path))
        yield cast(BinaryIO, stream)


def read_document(stream: BinaryIO, place: str) -> bytes:
    """Read a whole document, but never more than DOCUMENT_LIMIT bytes; raises MtcleanError beyond."""
    data = stream.read(DOCUMENT_LIMIT + 1)
    if len(data) > DOCUMENT_LIMIT:
        raise over_limit(place)
    return data


@contextmanager
def atomic_output(path: str, *, mode_from: str | None = None, gzipped: bool = False) -> Iterator[BinaryIO]:
    """Give a stream whose bytes appear at ``path`` all at once when the block ends, or not at all.

    Folders on the way are made. The bytes go to a temporary name in the same folder (``.….tmp``),
    which takes the place of ``path`` at the end and is removed after any exception, Ctrl-C included.
    A link stays a link and its target is replaced. The permission bits (and, as far as the system
    lets, the owner) are those of ``mode_from``, else of the file that is replaced. With ``gzipped``
    the bytes are compressed without a time or a name, so that equal input gives equal output.

    Raises MtcleanError when the place cannot be written; what the block itself raises goes through.
    """
    local = local_part(path)
    place = _remote_place(path) if local is None else _local_place(path, local, mode_from)
    with place as raw:
        sink = _ToldWriter(raw, path)
        buffered = io.BufferedWriter(sink, _BUFFER)
        stream = _zipper(buffered) if gzipped else buffered
        try:
            yield cast(BinaryIO, stream)
            stream.close()
            buffered.close()
        except BaseException:
            sink.abandoned = True  # closing flushes, and a flush must not fail a second time
            stream.close()
            buffered.close()
            raise


class _ToldReader(io.RawIOBase):
    """Reads from ``inner``, telling every failure as an MtcleanError; never closes it."""

    def __init__(self, inner: Any, place: str) -> None:
        self._inner, self._place = inner, place

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with told(self._place):
            return int(self._inner.readinto(buffer) or 0)

    def seekable(self) -> bool:
        return bool(self._inner.seekable())

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with told(self._place):
            return int(self._inner.seek(offset, whence))

    def tell(self) -> int:
        return int(self._inner.tell())


class _UnzippedReader(_ToldReader):
    """The same for gz data, whose own errors are told apart from those of the file below."""

    def readinto(self, buffer: Any) -> int:
        try:
            return int(self._inner.readinto(buffer))
        except EOFError as error:
            raise _cut_short(self._place) from error
        except (OSError, zlib.error) as error:  # the file below raises MtcleanError, so this is the data
            raise MtcleanError(self._place, "the gz data is corrupt", "fetch the file again") from error


class _ToldWriter(io.RawIOBase):
    """Writes to ``inner``, telling every failure as an MtcleanError; drops all once abandoned."""

    def __init__(self, inner: Any, place: str) -> None:
        self._inner, self._place = inner, place
        self.abandoned = False

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if self.abandoned:
            return len(data)
        with told(self._place):
            # Not every remote file takes a memoryview.
            return int(self._inner.write(bytes(data)))


def _open_raw(path: str, stack: ExitStack) -> Any:
    """Open the undecoded bytes behind ``path``."""
    if path == "-":
        return sys.stdin.buffer
    local = local_part(path)
    if local is not None:
        if os.path.islink(local) and not os.path.exists(local):  # noqa: PTH110, PTH114 (Path raises for a loop of links)
            raise MtcleanError(path, "is a link to nothing", "remove the link or restore its target")
        with told(path):
            return stack.enter_context(Path(local).open("rb", buffering=0))
    store, inside = filesystem(path)
    stack.callback(lambda: store)  # an archive is closed with its store, when nobody holds that any more
    with told(path):
        return stack.enter_context(store.open(inside, "rb"))


def _unzipped(stream: io.BufferedReader[Any], place: str) -> io.BufferedReader[Any]:
    from gzip import GzipFile

    if not stream.peek(1):  # GzipFile takes nothing at all for an empty document
        raise _cut_short(place)
    unzipper = GzipFile(fileobj=cast(BinaryIO, stream), mode="rb")
    return io.BufferedReader(_UnzippedReader(unzipper, place), _BUFFER)


def _cut_short(place: str) -> MtcleanError:
    return MtcleanError(place, "the gz data is cut short", "fetch the file again")


def _zipper(stream: io.BufferedWriter[Any]) -> io.BufferedIOBase:
    from gzip import GzipFile

    return GzipFile("", "wb", _GZIP_LEVEL, cast(BinaryIO, stream), mtime=0)


# The names that outputs have while they are written.
TEMPORARY = re.compile(r"\.mtclean-[0-9a-f]{16}\.tmp")


def _temporary_name() -> str:
    # Short and apart from the target's name, which may already be as long as the file system allows.
    return f".mtclean-{os.urandom(8).hex()}.tmp"


@contextmanager
def _local_place(path: str, local: str, mode_from: str | None) -> Iterator[Any]:
    """Give an unbuffered local file that replaces the target of ``local`` when the block succeeds."""
    target, previous = _local_target(path, local)
    temporary = target.parent / _temporary_name()
    with told(path):
        target.parent.mkdir(parents=True, exist_ok=True)
        # 0o666 leaves it to the umask, as for any file that is written plainly.
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with io.FileIO(descriptor, "wb") as raw:
            with told(path):
                _take_rights(descriptor, _status_of(mode_from) or previous)
            yield raw
            with told(path):
                os.fsync(descriptor)
        with told(path):
            temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _local_target(path: str, local: str) -> tuple[Path, os.stat_result | None]:
    """Follow links to the file to replace, and give its status if it exists."""
    with told(path):
        try:
            status = Path(local).stat()
        except FileNotFoundError:
            status = None
    target = resolved(local)
    if status is not None and stat.S_ISDIR(status.st_mode):
        raise MtcleanError(path, "is a folder, not a file", "name a file")
    if status is not None and not stat.S_ISREG(status.st_mode):
        # Replacing /dev/null by a file would harm the whole machine.
        raise MtcleanError(path, "is a device or a pipe and cannot be replaced", "name a file")
    return target, status


def _status_of(mode_from: str | None) -> os.stat_result | None:
    local = None if mode_from is None or mode_from == "-" else local_part(mode_from)
    if local is None:
        return None
    with told(mode_from or ""):
        return Path(local).stat()


def _take_rights(descriptor: int, model: os.stat_result | None) -> None:
    """Give the file the model's owner, as far as that is allowed, and its permission bits."""
    if model is None:
        return
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (model.st_uid, model.st_gid):
        with contextlib.suppress(PermissionError):
            os.fchown(descriptor, model.st_uid, model.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(model.st_mode) & 0o777)


@contextmanager
def _remote_place(url: str) -> Iterator[Any]:
    """Give a remote file that is moved to ``url`` when the block succeeds."""
    store, target = filesystem(url)
    folder = posixpath.dirname(target)
    temporary = posixpath.join(folder, _temporary_name())
    with told(url):
        if has_folders(store):
            if store.isdir(target):
                raise MtcleanError(url, "is a folder, not a file", "name a file")
            if folder:
                store.makedirs(folder, exist_ok=True)
        raw = store.open(temporary, "wb")
    try:
        yield raw
        with told(url):
            raw.close()
            move(store, temporary, target)
    except BaseException:
        with contextlib.suppress(Exception):
            raw.close()
        with contextlib.suppress(Exception):
            store.rm_file(temporary)
        raise
