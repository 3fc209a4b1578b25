"""Turn what the user named (files, folders, globs, URLs) into a list of sources."""

from __future__ import annotations

import os
import posixpath
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Protocol

from cleaners.errors import MtcleanError
from cleaners.files.places import Source, filesystem, local_part, resolved, split_chain, told

_LOOK = 64 * 1024  # bytes of a file that tell whose it is
_FORMATS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
}
_SUFFIX_HINT = "files there must end in .txt, .md, .jsonl, .csv, .tsv or .parquet, with or without .gz"
_MAGIC = re.compile(r"[*?\[]")


def discover(inputs: Sequence[str], *, output: str | None = None) -> list[Source]:
    """List everything to clean, in the order of ``inputs`` and sorted by path inside each.

    A folder is walked, links to folders too; a glob (``**`` included) takes what its pattern
    matches, folders with all they hold; a URL may be any of these; ``-`` is standard input. Hidden
    files, trails, the ignore list and unknown suffixes are passed over in a walk. A file named
    explicitly with an unknown suffix counts as text; mtclean's own trails and ignore list are passed
    over even then, so that ``docs/*`` still works on its second run. A file that was named twice is
    listed once.

    With ``output`` (the folder or URL that will be written to) the output's subtree is left out of
    the walk, and two sources that would land on one path there are refused.

    Raises MtcleanError for a missing path, a glob without a match, a folder with nothing to clean, a
    loop of links, a clash in the output, and an input that is the output.
    """
    if not inputs:
        raise MtcleanError("", "no input was named", "name a file, a folder, a glob, a URL or -")
    found = [source for given in inputs for source in _expand(given, output)]
    found = _once_each(found, with_landing=output is not None)
    if not found:
        raise MtcleanError(inputs[0], "is one of mtclean's own files, not a text", "name the texts to clean")
    if output is not None:
        _refuse_clashes(found, output)
    return found


class _Tree(Protocol):
    """What the search needs to know of a place, local or remote; relative paths have forward slashes."""

    def kind(self, path: str) -> str:
        """Say file, folder, or nothing at all ("")."""

    def below(self, folder: str) -> list[str]:
        """List all visible files below ``folder`` by their relative paths, the output's left out."""

    def matching(self, base: str, pattern: str) -> list[str]:
        """List files and folders below ``base`` that match a pattern without ``**``."""

    def join(self, base: str, relative: str) -> str:
        """Give the path that the user would write for ``relative`` below ``base``."""

    def is_output(self, folder: str) -> bool:
        """Tell whether this folder is the one that will be written to."""


class _LocalTree:
    """A tree on this machine's own file system."""

    def __init__(self, output: str | None) -> None:
        local = local_part(output) if output is not None else None
        self._output = resolved(local) if local is not None else None

    def kind(self, path: str) -> str:
        if not path:
            return ""
        with told(path):
            try:
                mode = Path(path).stat().st_mode
            except (FileNotFoundError, NotADirectoryError):
                return ""
        return "folder" if stat.S_ISDIR(mode) else "file"

    def below(self, folder: str) -> list[str]:
        return sorted(self._walk(folder))

    def _walk(self, top: str) -> Iterator[str]:
        """Yield relative paths; the chain of ancestors of each folder is kept to see a loop of links."""
        waiting: list[tuple[Path, str, dict[tuple[int, int], Path]]] = [(Path(top), "", {})]
        while waiting:
            folder, relative, ancestors = waiting.pop()
            with told(str(folder)):
                status = folder.stat()
                entries = list(os.scandir(folder))
            identity = (status.st_dev, status.st_ino)
            if identity in ancestors:
                what = f"is a link back to {ancestors[identity]}, a loop without end"
                raise MtcleanError(str(folder), what, "remove the link or name the files one by one")
            for entry in entries:
                if _is_hidden(entry.name):
                    continue
                below = relative + entry.name
                if self._is_folder(entry):
                    if not self.is_output(entry.path):
                        waiting.append((Path(entry.path), below + "/", {**ancestors, identity: folder}))
                elif _is_wanted(entry.name) and _is_readable_file(entry) and not keeps_decisions(Path(entry.path)):
                    yield below

    @staticmethod
    def _is_folder(entry: os.DirEntry[str]) -> bool:
        with told(entry.path):
            return entry.is_dir()

    def matching(self, base: str, pattern: str) -> list[str]:
        with told(base):
            matches = [match.relative_to(base).as_posix() for match in Path(base).glob(pattern)]
        visible = (match for match in matches if not _has_hidden_part(match))
        wanted = (match for match in visible if not keeps_decisions(Path(base, match)))
        return sorted(match for match in wanted if not self._is_in_output(base, match))

    def _is_in_output(self, base: str, relative: str) -> bool:
        """Tell whether a match lies in an output that is itself somewhere below the glob's base."""
        if self._output is None or not self._output.is_relative_to(top := resolved(base)):
            return False
        return self._output != top and resolved(self.join(base, relative)).is_relative_to(self._output)

    def join(self, base: str, relative: str) -> str:
        return str(Path(base) / relative)

    def is_output(self, folder: str) -> bool:
        return self._output is not None and resolved(folder) == self._output


class _RemoteTree:
    """A tree behind an fsspec URL; paths are URLs."""

    def __init__(self, output: str | None) -> None:
        remote = output is not None and local_part(output) is None
        self._output = _plain_url(output) if output is not None and remote else None

    def kind(self, path: str) -> str:
        store, inside = filesystem(path)
        with told(path):
            # A web page is a file and, by its links, a folder: what looks like a file is taken as one.
            if not split_chain(path)[0].endswith("/") and store.isfile(inside):
                return "file"
            return "folder" if store.isdir(inside) else ""

    def below(self, folder: str) -> list[str]:
        store, inside = filesystem(folder)
        with told(folder):
            found = store.find(inside)
        names = (str(name)[len(inside.rstrip("/")) :].lstrip("/") for name in found)
        wanted = (name for name in names if not _has_hidden_part(name) and _is_wanted(posixpath.basename(name)))
        return sorted(name for name in wanted if not self._is_in_output(folder, name))

    def matching(self, base: str, pattern: str) -> list[str]:
        store, inside = filesystem(base)
        _, whole = filesystem(self.join(base, pattern))
        with told(base):
            found = store.glob(whole)
        names = (str(name)[len(inside.rstrip("/")) :].strip("/") for name in found)
        visible = (name for name in names if name and not _has_hidden_part(name))
        return sorted(name for name in visible if not self._is_in_output(base, name))

    def _is_in_output(self, base: str, relative: str) -> bool:
        if self._output is None or not self._output.startswith(_plain_url(base) + "/"):
            return False
        return (_plain_url(self.join(base, relative)) + "/").startswith(self._output + "/")

    def join(self, base: str, relative: str) -> str:
        place, chain = split_chain(base)
        return (place if place.endswith("://") else place.rstrip("/") + "/") + relative + chain

    def is_output(self, folder: str) -> bool:
        return self._output is not None and _plain_url(folder) == self._output


def _plain_url(url: str) -> str:
    return url.rstrip("/")


def _format_of(name: str) -> tuple[str | None, bool]:
    """Give the format that a file's name promises (None when unknown) and whether it is gzipped."""
    lowered = name.lower()
    gzipped = lowered.endswith(".gz")
    return _FORMATS.get(posixpath.splitext(lowered.removesuffix(".gz"))[1]), gzipped


def _is_own(name: str) -> bool:
    return name.endswith(".trail.jsonl") or name == "mtclean-ignore.yaml"


def keeps_decisions(path: Path) -> bool:
    """Tell the log of what people decided from a file of records that somebody gave the same name.

    An empty one is a log that nothing was written to. Raises MtcleanError where it cannot be read.
    """
    if path.name != "decisions.jsonl" or not path.is_file():
        return False
    with told(str(path)), path.open("rb") as stream:
        beginning = stream.read(_LOOK)
    return not beginning or (b'"raw_sha256"' in beginning and b'"verdict"' in beginning)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") and name != ".."


def _has_hidden_part(relative: str) -> bool:
    return any(_is_hidden(part) for part in relative.split("/"))


def _is_wanted(name: str) -> bool:
    return not _is_own(name) and _format_of(name)[0] is not None


def _is_readable_file(entry: os.DirEntry[str]) -> bool:
    """Tell a file from a pipe or socket, which would block.

    A link to nothing counts as a file: it then fails alone, when it is opened, and the others are done.
    """
    with told(entry.path):
        return entry.is_file() or (entry.is_symlink() and not Path(entry.path).exists())


def _expand(given: str, output: str | None) -> list[Source]:
    """List the sources behind one input."""
    if given == "-":
        return [Source("-", "-", "text", False)]
    local = local_part(given)
    if local is None:
        return _expand_in(_RemoteTree(output), given, output)
    found = _expand_in(_LocalTree(output), local, output)
    scheme = given[: len(given) - len(local)]
    if not scheme:
        return found
    return [Source(scheme + item.path, item.relative, item.format, item.gzipped) for item in found]


def _expand_in(tree: _Tree, given: str, output: str | None) -> list[Source]:
    kind = tree.kind(given)
    if kind == "file":
        name = posixpath.basename(split_chain(given)[0])
        return [] if _is_own(name) else [_source(given, name)]
    if kind == "folder":
        if tree.is_output(given):
            raise MtcleanError(given, "is both input and output", "write to another folder")
        relatives = tree.below(given)
        if not relatives:
            raise MtcleanError(given, "this folder holds nothing to clean", _SUFFIX_HINT)
        return [_source(tree.join(given, relative), relative) for relative in relatives]
    if not _MAGIC.search(split_chain(given)[0]):
        raise MtcleanError(given or "''", "there is no such file or folder", "check the path")
    base, relatives = _expand_glob(tree, given)
    if not relatives:
        raise MtcleanError(given, "this pattern matches nothing to clean", _SUFFIX_HINT)
    return [_source(tree.join(base, relative), relative) for relative in relatives]


def _source(path: str, relative: str) -> Source:
    if ".." in relative.split("/"):  # an object store allows such keys; the output must not climb out
        raise MtcleanError(path, "a name with '..' in it has no place below an output folder", "rename it")
    format_, gzipped = _format_of(posixpath.basename(relative))
    return Source(path, relative, format_ or "text", gzipped)


def _expand_glob(tree: _Tree, given: str) -> tuple[str, list[str]]:
    """Give the folder before the first wildcard, and the wanted files below it that match."""
    place, chain = split_chain(given)
    scheme, separator, rest = place.rpartition("://")
    parts = rest.split("/")
    fixed = next(index for index, part in enumerate(parts) if _MAGIC.search(part))
    base = scheme + separator + "/".join(parts[:fixed]) + chain or ("/" if given.startswith("/") else ".")
    # Only a whole component of two stars spans folders; elsewhere they mean what one means.
    pattern = [part if part == "**" else re.sub(r"\*+", "*", part) for part in parts[fixed:]]
    if tree.kind(base) != "folder":
        return base, []
    if "**" in pattern:
        return base, [name for name in tree.below(base) if _matches(name.split("/"), pattern)]
    relatives: dict[str, None] = {}
    for match in tree.matching(base, "/".join(pattern)):
        path = tree.join(base, match)
        if tree.kind(path) == "folder":
            inside = [] if tree.is_output(path) else tree.below(path)
            relatives.update(dict.fromkeys(f"{match}/{name}" for name in inside))
        elif _is_wanted(posixpath.basename(match)):
            relatives[match] = None
    return base, sorted(relatives)


def _matches(parts: list[str], pattern: list[str]) -> bool:
    """Match a path, component by component; what lies below a matched folder matches too."""
    if not pattern:
        return True
    if pattern[0] == "**" and _matches(parts, pattern[1:]):
        return bool(parts)
    if not parts:
        return False
    if pattern[0] == "**":
        return _matches(parts[1:], pattern)
    return fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])


def _identity(path: str) -> str:
    """Give one name to all spellings of a local path; a remote one is taken as written."""
    local = local_part(path)
    return path if local is None or path == "-" else str(resolved(local))


def _once_each(found: Iterable[Source], *, with_landing: bool) -> list[Source]:
    """Drop repeats: cleaning a file in place twice would empty its trail the second time.

    With an output folder the same file may land at two paths (as itself and inside its folder);
    then each of them is kept.
    """
    kept: dict[tuple[str, str], Source] = {}
    for source in found:
        kept.setdefault((_identity(source.path), source.relative if with_landing else ""), source)
    return list(kept.values())


def _refuse_clashes(found: list[Source], output: str) -> None:
    """Refuse two sources for one output path, and a source that its own output would overwrite."""
    landed: dict[str, str] = {}
    local_output = local_part(output)
    for source in found:
        if source.path == "-":
            continue
        if source.relative in landed:
            what = f"would be written to the same {source.relative} as {landed[source.relative]}"
            raise MtcleanError(source.path, what, "name their common folder or clean them one at a time")
        landed[source.relative] = source.path
        target = f"{_plain_url(output)}/{source.relative}"
        if local_output is not None and local_part(source.path) is not None:
            target = str(resolved(str(Path(local_output, source.relative))))
        if target == _identity(source.path):
            what = "would be overwritten by its own output"
            raise MtcleanError(source.path, what, "write to another folder or clean in place")
