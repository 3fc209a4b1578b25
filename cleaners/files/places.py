"""Name a place that bytes come from or go to, and say in one line why it refused."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaners.errors import MtcleanError

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+(?:::[A-Za-z][A-Za-z0-9+.\-]*)*://")
_LOCAL_URL = re.compile(r"(?:file|local)://")

_WITHOUT_FOLDERS = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "oss", "obs"})
# What lies inside, or before, another place, which is named behind two colons.
_AROUND_OTHERS = frozenset({"zip", "tar", "libarchive", "dir", "reference", "simplecache", "filecache", "blockcache"})

_MISSING = ("there is no such file or folder", "check the path")
_DENIED = ("permission denied", "check the rights of the file and of its folder")
_FOLDER = ("is a folder, not a file", "name a file")
_NOT_A_FOLDER = ("a part of this path is a file where a folder is needed", "check the path")
_FULL = ("there is no space left for it", "free some space or write elsewhere")

_BY_NUMBER = {
    errno.ENOENT: _MISSING,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EISDIR: _FOLDER,
    errno.ENOTDIR: _NOT_A_FOLDER,
    errno.EEXIST: _NOT_A_FOLDER,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: ("is larger than a file may be here", "raise the limit or write elsewhere"),
    errno.EROFS: ("the file system is read-only", "write elsewhere"),
    errno.ENAMETOOLONG: ("the name is too long for this file system", "shorten the name"),
    errno.ELOOP: ("is a link that leads back to itself", "remove the link"),
}

# Remote stores raise these classes without an error number.
_BY_CLASS: tuple[tuple[type[OSError], tuple[str, str]], ...] = (
    (FileNotFoundError, _MISSING),
    (PermissionError, _DENIED),
    (IsADirectoryError, _FOLDER),
    (NotADirectoryError, _NOT_A_FOLDER),
    (FileExistsError, _NOT_A_FOLDER),
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of whole records of a file: its bytes, and how many records and lines stand before them.

    ``start`` and ``end`` are bytes into the file, half-open; the first stretch starts at 0 and so holds the
    byte order mark and the header, too. ``records`` and ``lines`` are those before it, bad records counted.
    ``header`` is how many bytes at the beginning of the file any stretch needs to be read: the byte order
    mark, blank lines and header row of a table, 0 for JSON lines. ``sha256`` is the hex hash of the bytes
    from ``start`` to ``end``; empty where it is not known.
    """

    start: int
    end: int
    records: int
    lines: int
    header: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One input and where its output belongs.

    ``path`` is a local path or an fsspec URL as the user gave or found it, ``-`` for standard
    input. ``relative`` is the output's path below the output folder, with forward slashes.
    ``format`` is text, markdown, jsonl, csv, tsv or parquet; ``gzipped`` tells of a ``.gz`` around it.
    ``stretch`` narrows a file of records to some of them; None is the whole file.
    """

    path: str
    relative: str
    format: str
    gzipped: bool
    stretch: Stretch | None = None


def is_url(path: str) -> bool:
    """Tell whether ``path`` is an fsspec URL (``s3://…``, ``memory://…``, ``file://…``)."""
    return _URL.match(path) is not None


def local_part(path: str) -> str | None:
    """Give the plain local path behind ``path``, a ``file://`` URL included; None for a remote one."""
    if not is_url(path):
        return path
    scheme = _LOCAL_URL.match(path)
    return path[scheme.end() :] if scheme else None


def filesystem(url: str) -> tuple[Any, str]:
    """Give the fsspec file system behind ``url`` and the path inside it.

    Raises MtcleanError for an unknown protocol or one whose package is not installed.
    """
    with told(url):
        import fsspec

        if "::" not in url or _is_chained(url):
            store, path = fsspec.core.url_to_fs(url)
            return store, str(path)
        # An object's own name may hold two colons; fsspec would take them for a chain.
        kind = fsspec.get_filesystem_class(url.partition("://")[0])
        return kind(**kind._get_kwargs_from_urls(url)), str(kind._strip_protocol(url))


def has_folders(store: Any) -> bool:
    """Tell whether an fsspec file system has folders that must be made before something can lie in them.

    A bucket has none: a name there may stand beside longer ones that begin with it. Asked for a folder all the same,
    the store would make a bucket of the name, which may be a slip of the pen.
    """
    names = (store.protocol,) if isinstance(store.protocol, str) else store.protocol
    return _WITHOUT_FOLDERS.isdisjoint(names)


def move(store: Any, path: str, to: str) -> None:
    """Move one file of an fsspec file system onto another."""
    import fsspec

    if type(store).mv is not fsspec.AbstractFileSystem.mv:  # it knows how to rename
        store.mv(path, to)
        return
    # The general mv takes brackets and stars in a name for a pattern.
    store.cp_file(path, to)
    store.rm_file(path)


def delete(path: str) -> None:
    """Delete a file; one that is not there on this machine is no matter. Raises MtcleanError where it cannot be."""
    local = local_part(path)
    with told(path):
        if local is not None:
            Path(local).unlink(missing_ok=True)
        else:
            store, inside = filesystem(path)
            store.rm_file(inside)


def exists(path: str) -> bool:
    """Whether anything has that name, also a link to nothing. Raises MtcleanError where it cannot be told."""
    local = local_part(path)
    if local is not None:
        return os.path.lexists(local)
    store, inside = filesystem(path)
    with told(path):
        return bool(store.exists(inside))


def split_chain(url: str) -> tuple[str, str]:
    """Split a chained URL behind the path of its first place: ``zip://a.txt`` and ``::s3://b/x.zip``.

    The second part is empty for a path and for a URL that is no chain.
    """
    if not is_url(url) or not _is_chained(url):
        return url, ""
    scheme, separator, rest = url.partition("://")
    path, chained, further = rest.partition("::")
    return scheme + separator + path, chained + further


def _is_chained(url: str) -> bool:
    scheme = url.partition("://")[0]
    return "::" in scheme or scheme in _AROUND_OTHERS


def resolved(local: str) -> Path:
    """Give the absolute local path with all links followed; raises MtcleanError for a loop of links."""
    with told(local):
        return Path(local).resolve()


@contextmanager
def told(place: str) -> Iterator[None]:
    """Turn the failure of an operation on ``place`` into a one-line MtcleanError.

    Wrap only the operation itself, never a caller's code: a remote store may raise any class of its
    own libraries, so there every Exception counts as the store's refusal.
    """
    kinds = (OSError, ValueError, RuntimeError) if local_part(place) is not None else (Exception,)
    try:
        yield
    except MtcleanError:
        raise
    except kinds as error:
        raise MtcleanError(place, *_explained(error)) from error


def _explained(error: Exception) -> tuple[str, str]:
    """Say what went wrong and what to do, in words that need no knowledge of error numbers."""
    if isinstance(error, ImportError):
        return f"this kind of URL needs a package that is not installed: {error}", "install it"
    if isinstance(error, OSError):
        if error.errno in _BY_NUMBER:
            return _BY_NUMBER[error.errno]
        for kind, reason in _BY_CLASS:
            if isinstance(error, kind):
                return reason
        if error.strerror:
            return f"the system says: {error.strerror}", "check the path and the device"
    message = str(error) or type(error).__name__
    return f"cannot be used: {message}", "check the path and, for a URL, the access to it"
