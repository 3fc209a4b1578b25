"""Reads YAML so that every value knows the line and column it came from.

A glossary is edited by hand, so each complaint must point at a place. PyYAML's compose step keeps the
marks; what is built here stays plain (mappings, lists, strings, numbers, booleans), and duplicate keys,
which YAML loaders silently let win or lose, are errors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaners.errors import MtcleanError


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place; ``value`` is a dict of Nodes, a list of Nodes, or a plain scalar."""

    value: Any
    file: str
    line: int
    column: int

    @property
    def place(self) -> str:
        """``file:line:column``, the form editors jump to."""
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def _is_plain(self) -> bool:
        return not isinstance(self.value, dict | list)

    @property
    def _shown(self) -> str:
        return repr(self.value) if self._is_plain else _kind(self.value)

    def fail(self, what: str, todo: str = "") -> MtcleanError:
        """An error at this node, to be raised."""
        return MtcleanError(self.place, what, todo)

    def mapping(self, allowed: tuple[str, ...], what: str) -> dict[str, Node]:
        """The node as a mapping with keys among ``allowed``; an unknown key names its nearest lawful one."""
        if not isinstance(self.value, dict):
            raise self.fail(f"{what} must be a mapping, not {_kind(self.value)}")
        for key, node in self.value.items():
            if key not in allowed:
                raise node.fail(f"unknown key {key!r} in {what}", did_you_mean(key, allowed))
        return self.value

    def items(self, what: str) -> list[Node]:
        """The node as a list."""
        if not isinstance(self.value, list):
            raise self.fail(f"{what} must be a list, not {_kind(self.value)}", "write it as [a, b] or with dashes")
        return self.value

    def string(self, what: str) -> str:
        """The node as a non-empty string."""
        if not isinstance(self.value, str) or not self.value.strip():
            blank = isinstance(self.value, str)
            raise self.fail(f"{what} must be text, not {'blank' if blank else _kind(self.value)}", "put it in quotes")
        return self.value

    def strings(self, what: str) -> tuple[str, ...]:
        """The node as a list of strings."""
        return tuple(node.string(f"each item of {what}") for node in self.items(what))

    def choice(self, what: str, choices: tuple[str, ...]) -> str:
        """The node as one of ``choices``."""
        if self.value not in choices:
            near = did_you_mean(str(self.value) if self._is_plain else "", choices)
            raise self.fail(f"{what} cannot be {self._shown}", near)
        return str(self.value)

    def boolean(self, what: str) -> bool:
        """The node as true or false."""
        if not isinstance(self.value, bool):
            raise self.fail(f"{what} must be true or false, not {self._shown}")
        return self.value


def did_you_mean(word: str, choices: tuple[str, ...]) -> str:
    """Advice that names the nearest of ``choices``, or all of them when none is near."""
    near = nearest(word, choices)
    return f"did you mean {near!r}?" if near else "use one of " + ", ".join(choices)


def nearest(word: str, choices: Sequence[str]) -> str | None:
    """The one of ``choices`` that is spelled most like ``word``, if any is at all near."""
    import difflib  # needed only on the way to an error

    near = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    return str(near[0]) if near else None


def load(path: Path, name: str | None = None) -> Node:
    """Read one YAML file; ``name`` is what messages call it (the path itself by default).

    Raises :class:`MtcleanError` for an unreadable file, text that is not UTF-8, broken YAML and duplicate keys.
    """
    import yaml

    shown = name or str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise MtcleanError(shown, "not UTF-8", "save the file as UTF-8") from error
    except OSError as error:
        raise MtcleanError(shown, (error.strerror or "cannot be read").lower()) from error
    loader_class = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        loader = loader_class(text)
        root = loader.get_single_node()
        if root is None:
            return Node(None, shown, 1, 1)
        return _Converter(shown, loader).node(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{shown}:{mark.line + 1}:{mark.column + 1}" if mark else shown
        raise MtcleanError(place, f"not valid YAML: {error.problem or error.context}") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - text.rfind("\n", 0, error.position)
        what = f"the character U+{ord(text[error.position]):04X} may not stand in YAML"
        raise MtcleanError(f"{shown}:{line}:{column}", what, "remove it") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise MtcleanError(shown, f"not valid YAML: {str(error) or type(error).__name__}") from error


class _Converter:
    """Turns PyYAML's nodes into ours; a node that aliases share is converted once."""

    def __init__(self, file: str, loader: Any) -> None:
        self._file, self._loader = file, loader
        self._done: dict[int, Node | None] = {}

    def node(self, root: Any) -> Node:
        import yaml

        if id(root) in self._done:
            done = self._done[id(root)]
            if done is None:
                raise self._at(root).fail("the value holds itself", "write it out")
            return done
        self._done[id(root)] = None
        value: Any
        if isinstance(root, yaml.MappingNode):
            value = dict(self._pairs(root))
        elif isinstance(root, yaml.SequenceNode):
            value = [self.node(child) for child in root.value]
        else:
            value = self._scalar(root)
        converted = self._done[id(root)] = self._at(root, value)
        return converted

    def _at(self, root: Any, value: Any = None) -> Node:
        return Node(value, self._file, root.start_mark.line + 1, root.start_mark.column + 1)

    def _scalar(self, root: Any) -> Any:
        try:
            return self._loader.construct_object(root)
        except ValueError as error:  # 2021-13-45
            raise self._at(root).fail(f"not valid YAML: {error}", "put it in quotes") from error

    def _pairs(self, root: Any) -> Iterator[tuple[str, Node]]:
        seen: set[str] = set()
        for key_node, value_node in root.value:
            key = self._scalar(key_node)
            place = self._at(key_node, key)
            if not isinstance(key, str):
                raise place.fail(f"a key must be text, not {key!r}", "put it in quotes")
            if key in seen:
                raise place.fail(f"the key {key!r} stands here a second time", "keep one of them")
            seen.add(key)
            value = self.node(value_node)
            # Whatever is wrong with a value is told at its key, where the eye looks for it.
            yield key, Node(value.value, self._file, place.line, place.column)


def _kind(value: Any) -> str:
    names = {dict: "a mapping", list: "a list", str: "text", bool: "true/false", type(None): "nothing"}
    return names.get(type(value), f"{type(value).__name__} {value!r}")
