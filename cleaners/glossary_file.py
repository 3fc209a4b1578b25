"""Reads glossary files: YAML in, checked entries out, each complaint with its file, line and column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cleaners import yamlsource
from cleaners.company import CLASSES, Condition
from cleaners.core import Level
from cleaners.yamlsource import Node

KINDS = ("place", "person", "organisation", "treaty", "programme", "title", "term")
# plural: variant and term also in the plural; the: the term takes the definite article.
INFLECTIONS = ("plural", "the")
KEYS = (
    "term", "kind", "variants", "surname", "inflect", "when", "unless", "keep", "forbid", "level", "source", "note",
    "examples",
)  # fmt: skip
CONDITION_KEYS = ("document", "near", "source", "before", "after")


@dataclass(frozen=True, slots=True)
class Entry:
    """One glossary entry; ``place`` is its file:line. Examples are (bad, good) pairs."""

    term: str
    kind: str
    place: str
    variants: tuple[str, ...] = ()
    surname: str | None = None
    inflect: tuple[str, ...] = ()
    when: Condition | None = None
    unless: Condition | None = None
    keep: bool = False
    forbid: bool = False
    level: Level = Level.SAFE
    source: str | None = None
    note: str = ""
    examples: tuple[tuple[str, str], ...] = ()

    @property
    def company(self) -> frozenset[str]:
        """Words that may stand beside a variant without making another name of it: those ``when`` asks for."""
        phrases = (*self.when.document, *self.when.near, *self.when.before) if self.when else ()
        return frozenset(word.removesuffix("'s") for phrase in phrases for word in phrase.split())


def read_entries(path: Path, name: str | None = None) -> list[Entry]:
    """The entries of one file, checked key by key but not yet proved by their examples."""
    root = yamlsource.load(path, name)
    if root.value is None:
        return []
    top = root.mapping(("entries",), "a glossary")
    if "entries" not in top:
        raise root.fail("a glossary needs the key 'entries'", "add 'entries:' above the list")
    return [_entry(node) for node in top["entries"].items("entries")]


def surnames(entries: Iterable[Entry]) -> dict[str, tuple[str, ...]]:
    """Surname → full names of the persons in the glossary; a person without ``surname`` has the last word."""
    found: dict[str, dict[str, None]] = {}
    for entry in entries:
        if entry.kind == "person":
            found.setdefault(entry.surname or entry.term.split()[-1], {})[entry.term] = None
    return {surname: tuple(names) for surname, names in found.items()}


def _entry(node: Node) -> Entry:
    keys = node.mapping(KEYS, "an entry")
    for needed in ("term", "kind"):
        if needed not in keys:
            raise node.fail(f"the entry has no {needed!r}", "add it")
    term = keys["term"].string("term")
    variants = keys["variants"].strings("variants") if "variants" in keys else ()
    for variant in variants:
        if variant == term:
            raise keys["variants"].fail(f"the variant {variant!r} is the term itself", "remove it")
    return Entry(
        term=term,
        kind=keys["kind"].choice("kind", KINDS),
        place=f"{node.file}:{node.line}",
        variants=variants,
        surname=keys["surname"].string("surname") if "surname" in keys else None,
        inflect=_inflections(keys["inflect"]) if "inflect" in keys else (),
        when=_condition(keys["when"], "when") if "when" in keys else None,
        unless=_condition(keys["unless"], "unless") if "unless" in keys else None,
        keep=keys["keep"].boolean("keep") if "keep" in keys else False,
        forbid=keys["forbid"].boolean("forbid") if "forbid" in keys else False,
        level=Level(keys["level"].choice("level", tuple(Level))) if "level" in keys else Level.SAFE,
        source=keys["source"].choice("source", ("ja", "zh")) if "source" in keys else None,
        note=keys["note"].string("note") if "note" in keys else "",
        examples=tuple(_example(n) for n in keys["examples"].items("examples")) if "examples" in keys else (),
    )


def _inflections(node: Node) -> tuple[str, ...]:
    return tuple(item.choice("inflect", INFLECTIONS) for item in node.items("inflect"))


def _condition(node: Node, what: str) -> Condition:
    keys = node.mapping(CONDITION_KEYS, what)
    if not keys:
        raise node.fail(f"{what} is empty", "give it 'document', 'near', 'source', 'before' or 'after'")
    return Condition(
        document=keys["document"].strings("document") if "document" in keys else (),
        near=keys["near"].strings("near") if "near" in keys else (),
        source=keys["source"].choice("source", ("ja", "zh")) if "source" in keys else None,
        before=_words(keys["before"], "before") if "before" in keys else (),
        after=_words(keys["after"], "after") if "after" in keys else (),
    )


def _words(node: Node, what: str) -> tuple[str, ...]:
    """Words as they stand, or classes of words in angle brackets."""
    for item in node.items(what):
        words = item.string(f"each item of {what}")
        if words.startswith("<"):
            item.choice(what, tuple(CLASSES))
    return node.strings(what)


def _example(node: Node) -> tuple[str, str]:
    keys = node.mapping(("bad", "good"), "an example")
    if "bad" not in keys or "good" not in keys:
        raise node.fail("an example needs both 'bad' and 'good'")
    return keys["bad"].string("bad"), keys["good"].string("good")
